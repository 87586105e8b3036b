import { resolve } from "node:path";
import type { Exemption, Setting } from "aws-mfa-policy-pack/evaluation";
import type { Limit } from "aws-mfa-policy-pack/iam";
import type { Who } from "../aws/connect";
import type { Progress } from "./account/account";
import { readOneAccount, readOrganization } from "./account/accounts";
import { accountsOf, type SavedPage } from "./account/saved";
import { evaluateInput } from "./evaluate";
import type { Deployed } from "./file/document";
import { readPath } from "./file/files";
import type { AuditInput } from "./input";
import { jsonOf } from "./input-text";
import { declaredLimits } from "./limits/declared";
import type { Place, Report } from "./report";
import { readState } from "./state/state";

/** What to audit. */
export interface Asked {
  readonly paths: readonly string[];
  readonly states: readonly string[];
  /** Where the templates among the paths are deployed, and with which parameters. */
  readonly deployed?: Deployed;
  /** The SCPs and RCPs of `--scp` and `--rcp`. */
  readonly limits?: readonly Limit[];
  /** Audited if there are neither paths nor states. */
  readonly account: {
    readonly who: Who;
    readonly roleArn?: string | undefined;
    readonly organization?: string | undefined;
  };
}

/**
 * Audits everything that is asked for, and evaluates each place as soon as it is read. After an `abort`, the report has what was
 * found until then.
 *
 * @throws Failure if a place cannot be read at all
 */
export async function audit(
  asked: Asked,
  settings: readonly Setting[],
  abort: AbortSignal,
  progress: Progress,
): Promise<Report> {
  const now = new Date();
  const places: Place[] = [];
  const used = new Set<Exemption>();
  const add = (input: AuditInput, limits: readonly Limit[] = []) =>
    places.push(evaluateInput(input, settings, now, used, [...(asked.limits ?? []), ...limits]));
  const states = asked.states.map(async (path) =>
    readState(await jsonOf(path, "the output of pulumi stack export"), path),
  );
  const inputs = [...(await Promise.all(states)), ...(await filesIn(asked))];
  const declared = inputs.flatMap((input) => declaredLimits(input.resources, input).limits);
  for (const input of inputs) add(input, declared);
  if (asked.states.length + asked.paths.length === 0) {
    const { who, roleArn, organization } = asked.account;
    const options = { who, abort, progress };
    try {
      if (organization === undefined) add(await readOneAccount(options, roleArn));
      else await readOrganization(options, organization, add);
    } catch (error) {
      // An aborted call throws, too.
      if (!abort.aborted) throw error;
    }
  }
  if (asked.account.organization !== undefined) places.sort((a, b) => (a.name < b.name ? -1 : 1));
  const unusedExemptions = settings.flatMap(({ rule, config }) =>
    config.exemptions
      .filter((each) => !used.has(each))
      .map(({ expires: _, ...patterns }) => ({ policy: rule.about.name, ...patterns })),
  );
  return {
    version: 1,
    madeAt: now.toISOString(),
    places,
    // After an abort, what was not read may need them.
    unusedExemptions: abort.aborted || unusedExemptions.length === 0 ? undefined : unusedExemptions,
  };
}

/** Each file once, even if one path is inside another or a template is nested in another; and the pages of each account together. */
async function filesIn({ paths, deployed = {} }: Asked): Promise<readonly AuditInput[]> {
  const found = new Map<string, AuditInput>();
  const pages: SavedPage[] = [];
  for (const path of paths) {
    for (const source of await readPath(path, deployed)) {
      if (source.kind === "page") pages.push(source);
      else found.set(resolve(source.file ?? source.name), source);
    }
  }
  deployed.parameters?.assertUsed();
  // Of templates that nest each other, one stays: once it is deleted, a template deletes no others.
  for (const { includes = [] } of found.values()) for (const file of includes) found.delete(file);
  return [...found.values(), ...accountsOf(pages)];
}
