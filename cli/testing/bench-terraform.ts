import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluateInput } from "../audit/evaluate";
import { readPath } from "../audit/file/files";
import { totals } from "../audit/render/order";
import { defaultSettings } from "../audit/settings";
import { jsonMs, processorMs } from "./processor-time";

const BYTES = 50 * 1024 * 1024;
const LIMITS = { besideJson: 12, megabytes: 600 } as const;

/**
 * A Terraform state file, version 4, written by hand: for each role, an inline policy and eight resources of other services.
 */
function* resources(): Generator<object> {
  for (let index = 0; ; index++) {
    yield of("aws_iam_role", {
      name: `role-${index}`,
      arn: `arn:aws:iam::111122223333:role/role-${index}`,
      assume_role_policy: policy({
        Action: "sts:AssumeRole",
        Principal: { AWS: `arn:aws:iam::111122223333:user/user-${index}` },
        ...(index % 10 === 0 ? {} : { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      }),
    });
    yield of("aws_iam_role_policy", {
      name: "own",
      role: `role-${index}`,
      policy: policy({
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: `arn:aws:s3:::bucket-${index}/*`,
      }),
    });
    for (let other = 0; other < 8; other++) {
      yield of("aws_instance", {
        id: `i-${index}-${other}`,
        user_data: "#!/bin/sh\n".repeat(80),
        tags: Object.fromEntries(Array.from({ length: 10 }, (_, tag) => [`tag-${tag}`, `value-${index}`])),
      });
    }

    function of(type: string, attributes: object): object {
      const provider = 'provider["registry.example.com/hashicorp/aws"]';
      const instances = [{ schema_version: 0, attributes, sensitive_attributes: [] }];
      return { module: `module.m${index}`, mode: "managed", type, name: "this", provider, instances };
    }
  }
}

function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

function stateOf(bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const each of resources()) {
    const text = JSON.stringify(each);
    length += text.length + 1;
    if (length > bytes) break;
    parts.push(text);
  }
  return `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"bench","outputs":{},"resources":[${parts.join()}]}`;
}

async function measure(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "aws-mfa-bench-"));
  try {
    const path = join(folder, "terraform.tfstate");
    const state = stateOf(BYTES);
    writeFileSync(path, state);
    const before = processorMs();
    const sources = await readPath(path);
    const subjects = sources.flatMap((source) =>
      source.kind === "page" ? [] : evaluateInput(source, defaultSettings(), new Date()).subjects,
    );
    const milliseconds = processorMs() - before;
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    const besideJson = milliseconds / jsonMs(JSON.parse(state));
    const within = besideJson <= LIMITS.besideJson && megabytes <= LIMITS.megabytes;
    console.log(
      `  a Terraform state of 50 MB: ${subjects.length} subjects, ${totals(subjects).open} open, in ${Math.round(milliseconds)} ms, ` +
        `${besideJson.toFixed(1)} times as long as its JSON, and at most ${megabytes} MB; limits are ${LIMITS.besideJson} times its JSON and ${LIMITS.megabytes} MB: ${within ? "within" : "OVER"}`,
    );
    return within;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

measure().then((within) => {
  process.exitCode = within ? 0 : 1;
});
