import { resolve } from "node:path";
import type { Exemption, Setting } from "aws-mfa-policy-pack/evaluation";
import type { Limit } from "aws-mfa-policy-pack/iam";
import type { Who } from "../aws/connect";
import type { Progress } from "./account/account";
import { type AccountOptions, readOneAccount, readOrganization } from "./account/accounts";
import { accountsOf, type SavedPage } from "./account/saved";
import { evaluateInput } from "./evaluate";
import type { Deployed } from "./file/document";
import { readPath } from "./file/files";
import type { AuditInput } from "./input";
import { jsonOf } from "./input-text";
import { declaredLimits } from "./limits/declared";
import type { Place, Report } from "./report";
import { readState } from "./state/state";

/** Where to look. */
export interface Asked {
  readonly paths: readonly string[];
  readonly states: readonly string[];
  /** The account, the region and the parameters that templates among the paths are for, where they are said. */
  readonly deployed?: Deployed;
  /** SCPs and RCPs that are given. */
  readonly limits?: readonly Limit[];
  /** Looked at where neither paths nor states are given. */
  readonly account: {
    readonly who: Who;
    readonly roleArn?: string | undefined;
    readonly organization?: string | undefined;
  };
}

/**
 * Looks at everything that was asked for, and judges each place as soon as it is read. When `abort` says so, the report
 * holds what was found until then.
 *
 * @throws Failure where a place cannot be looked at at all
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
  const add = (source: AuditInput, limits: readonly Limit[] = []) =>
    places.push(evaluateInput(source, settings, now, used, [...(asked.limits ?? []), ...limits]));
  const states = asked.states.map(async (path) =>
    readState(await jsonOf(path, "what pulumi stack export prints"), path),
  );
  const sources = [...(await Promise.all(states)), ...(await filesIn(asked))];
  const declared = sources.flatMap((source) => declaredLimits(source.resources, source).limits);
  for (const source of sources) add(source, declared);
  if (asked.states.length + asked.paths.length === 0) {
    const { who, roleArn, organization } = asked.account;
    const reading: AccountOptions = { who, abort, progress };
    try {
      if (organization === undefined) add(await readOneAccount(reading, roleArn));
      else await readOrganization(reading, organization, add);
    } catch (error) {
      // A call that was stopped is no failure of AWS.
      if (!abort.aborted) throw error;
    }
  }
  const inOrder = asked.account.organization === undefined ? places : places.sort(byName);
  const unusedExemptions = settings.flatMap(({ rule, config }) =>
    config.exemptions
      .filter((each) => !used.has(each))
      .map(({ expires: _, ...patterns }) => ({ policy: rule.about.name, ...patterns })),
  );
  return {
    version: 1,
    madeAt: now.toISOString(),
    places: inOrder,
    // What was not read may be what one is for.
    ...(abort.aborted || unusedExemptions.length === 0 ? {} : { unusedExemptions }),
  };
}

/** Each file once, also where one path is inside another or a template is a nested one of another, and the pages of an account together. */
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
  // Of templates that name each other one stays: what is taken out here takes out nothing more.
  for (const { includes = [] } of found.values()) for (const file of includes) found.delete(file);
  return [...found.values(), ...accountsOf(pages)];
}

function byName(a: Place, b: Place): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
