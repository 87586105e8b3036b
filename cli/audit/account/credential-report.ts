import { setTimeout as sleep } from "node:timers/promises";
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { CsvError, type Options, parse } from "csv-parse/sync";
import { z } from "zod";
import { notAws } from "../../aws/unanswered";
import { Failure } from "../../failure";
import { timeoutMs } from "../../timeout";
import type { UserRecord } from "../input";

type CredentialRecord = Exclude<UserRecord, "unknown">;

/** What the account says of the credentials of its users. */
export interface CredentialReport {
  /** ISO 8601. AWS makes a new one only when the last is four hours old. */
  readonly madeAt: string | undefined;
  /** By ARN; the root user's ends in `:root`. */
  readonly users: ReadonlyMap<string, CredentialRecord & { readonly name: string }>;
}

const POLL_MS = 1_000;
/** How many times the silence of one call the making of the report may take. */
const PATIENCE = 6;

const flag = z.string().transform((text) => text.toLowerCase() === "true");
/** The root user's says `not_supported`: it has a password unless it says that it has none. */
const unlessFalse = z.string().transform((text) => text.toLowerCase() !== "false");
/** `N/A`, `no_information` and `not_supported` stand for a time that there is none of. */
const time = z.string().transform((text) => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
});
const row = z.object({
  user: z.string(),
  arn: z.string(),
  password_enabled: unlessFalse,
  password_last_used: time,
  mfa_active: flag,
  access_key_1_active: flag,
  access_key_1_last_rotated: time,
  access_key_1_last_used_date: time,
  access_key_2_active: flag,
  access_key_2_last_rotated: time,
  access_key_2_last_used_date: time,
});
/** The same, or nothing at all, of a region or service. */
const unlessNone = z
  .string()
  .transform((text) => (/^(N\/A|no_information|not_supported|)$/.test(text) ? undefined : text))
  .optional();
const rows = z.array(
  row.extend({
    cert_1_active: flag.optional(),
    cert_2_active: flag.optional(),
    access_key_1_last_used_region: unlessNone,
    access_key_2_last_used_region: unlessNone,
    access_key_1_last_used_service: unlessNone,
    access_key_2_last_used_service: unlessNone,
  }),
);

/**
 * Has the account make its credential report, waits for it, and reads it.
 * Source: IAM user guide, "Generate credential reports for your AWS account".
 *
 * @throws Failure (`unseen`) where the report does not come or cannot be read, and what AWS says where it refuses
 */
export async function readCredentialReport(
  iam: IAMClient,
  abortSignal: AbortSignal,
): Promise<CredentialReport> {
  const patienceMs = timeoutMs() * PATIENCE;
  const until = Date.now() + patienceMs;
  for (;;) {
    const { State } = await iam.send(new GenerateCredentialReportCommand({}), { abortSignal });
    if (State === "COMPLETE") break;
    if (State === undefined) throw notAws("it has no state");
    if (Date.now() > until) {
      throw new Failure(
        "unseen",
        `AWS did not generate the credential report within ${patienceMs / 1000} s.`,
        "Run this again: AWS is still generating it.",
      );
    }
    await sleep(POLL_MS, undefined, { signal: abortSignal });
  }
  const { Content, GeneratedTime } = await iam.send(new GetCredentialReportCommand({}), { abortSignal });
  return {
    madeAt: GeneratedTime?.toISOString(),
    users: parseCredentialReport(Buffer.from(Content ?? []).toString("utf8")),
  };
}

function recordsIn(csv: string, options: Options): unknown {
  try {
    return parse(csv, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Failure("unseen", `The credential report cannot be read: ${error.message}.`, "Save it again.");
  }
}

/** Reads the report's CSV. Throws Failure (`unseen`) where a column is not there. */
export function parseCredentialReport(csv: string): CredentialReport["users"] {
  const [head = []] = recordsIn(csv, { to: 1 }) as string[][];
  const lacking = Object.keys(row.shape).filter((column) => !head.includes(column));
  const parsed = rows.safeParse(
    recordsIn(csv, { columns: true, skip_empty_lines: true, relax_column_count: true }),
  );
  if (!parsed.success || lacking.length > 0) {
    const columns = [...new Set(parsed.error?.issues.map(({ path }) => String(path.at(-1))) ?? lacking)];
    throw new Failure(
      "unseen",
      `The credential report cannot be read: it lacks ${columns.join(", ")}.`,
      "Check for a newer version of this command.",
    );
  }
  return new Map(
    parsed.data.map((row) => {
      const key = (of: 1 | 2) => {
        const [active, createdAt] = [row[`access_key_${of}_active`], row[`access_key_${of}_last_rotated`]];
        const lastUsed = row[`access_key_${of}_last_used_date`];
        const lastUsedService = row[`access_key_${of}_last_used_service`];
        const lastUsedRegion = row[`access_key_${of}_last_used_region`];
        const more = {
          ...(lastUsedService && { lastUsedService }),
          ...(lastUsedRegion && { lastUsedRegion }),
        };
        return active || createdAt !== null ? [{ active, createdAt, lastUsed, ...more }] : [];
      };
      const certificates = [row.cert_1_active, row.cert_2_active].filter((each) => each !== undefined);
      const record = {
        name: row.user,
        mfaDevice: row.mfa_active,
        ...(certificates.length > 0 && { signingCertificates: certificates.filter(Boolean).length }),
        password: row.password_enabled ? { lastUsed: row.password_last_used } : null,
        accessKeys: [...key(1), ...key(2)],
      };
      return [row.arn, record];
    }),
  );
}
