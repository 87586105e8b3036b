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
import type { Credentials } from "../input";

/** The credentials of an account's users. */
export interface CredentialReport {
  /** ISO 8601. AWS generates a new report only when the last one is four hours old. */
  readonly madeAt: string | undefined;
  /** By ARN; the root user's ends in `:root`. */
  readonly users: ReadonlyMap<string, Credentials>;
}

const POLL_MS = 1_000;
/** AWS may take this many times as long to generate the report as to answer a call. */
const PATIENCE = 6;

const flag = z.string().transform((text) => text.toLowerCase() === "true");
/** The root user's may be `not_supported`, so it has a password unless the report says `false`. */
const unlessFalse = z.string().transform((text) => text.toLowerCase() !== "false");
/** `N/A`, `no_information` and `not_supported` mean that there is no such time. */
const time = z.string().transform((text) => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
});
/** A region or a service. */
const name = z
  .string()
  .transform((text) => (/^(N\/A|no_information|not_supported|)$/.test(text) ? undefined : text))
  .optional();
const required = {
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
};
const rows = z.array(
  z.object({
    ...required,
    cert_1_active: flag.optional(),
    cert_2_active: flag.optional(),
    access_key_1_last_used_region: name,
    access_key_2_last_used_region: name,
    access_key_1_last_used_service: name,
    access_key_2_last_used_service: name,
  }),
);

/**
 * Has AWS generate the account's credential report, waits for it, and reads it.
 * Source: IAM user guide, "Generate credential reports for your AWS account".
 *
 * @throws Failure (`unseen`) if the report is not generated in time or cannot be read, and AWS's error if AWS rejects a call
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

/** Reads the report's CSV. Throws Failure (`unseen`) if a column is missing. */
export function parseCredentialReport(csv: string): CredentialReport["users"] {
  const [head = []] = recordsIn(csv, { to: 1 }) as string[][];
  const missing = Object.keys(required).filter((column) => !head.includes(column));
  const parsed = rows.safeParse(
    recordsIn(csv, { columns: true, skip_empty_lines: true, relax_column_count: true }),
  );
  if (!parsed.success || missing.length > 0) {
    const columns = new Set(parsed.error?.issues.map(({ path }) => String(path.at(-1))) ?? missing);
    throw new Failure(
      "unseen",
      `The credential report cannot be read: it lacks ${[...columns].join(", ")}.`,
      "Check for a newer version of this command.",
    );
  }
  return new Map(parsed.data.map((row) => [row.arn, credentialsOf(row)]));
}

function credentialsOf(row: z.output<typeof rows>[number]): Credentials {
  const key = (nth: 1 | 2) => {
    const active = row[`access_key_${nth}_active`];
    const createdAt = row[`access_key_${nth}_last_rotated`];
    if (!active && createdAt === null) return [];
    const lastUsed = row[`access_key_${nth}_last_used_date`];
    const lastUsedService = row[`access_key_${nth}_last_used_service`];
    const lastUsedRegion = row[`access_key_${nth}_last_used_region`];
    return [{ active, createdAt, lastUsed, lastUsedService, lastUsedRegion }];
  };
  const certificates = [row.cert_1_active, row.cert_2_active].filter((each) => each !== undefined);
  return {
    mfaDevice: row.mfa_active,
    ...(certificates.length > 0 && { signingCertificates: certificates.filter(Boolean).length }),
    password: row.password_enabled ? { lastUsed: row.password_last_used } : null,
    accessKeys: [...key(1), ...key(2)],
  };
}
