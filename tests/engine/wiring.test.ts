import {
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { codeOf, enableDevice, newKeys } from "../../local/demo/member";
import { parsePolicy } from "../../policy-pack/iam/policy/parse";
import { decideTrust } from "../../policy-pack/iam/trust-policy/decide";
import { ALICE, trustDocument } from "../proof/documents";

const DOCUMENTS = 200;
const [, , , , HOME = ""] = ALICE.split(":");
const ROLE = `arn:aws:iam::${HOME}:role/any`;

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  return () => aws.stop();
});

/** The same evaluator decides on both sides, so this proves nothing of it: only that the local AWS asks it what AWS would ask. */
test("a role whose trust policy is protected is given to nobody without a code, over HTTP", async () => {
  const root = { ...localClient(aws.endpoint), credentials: aws.rootOf(HOME) };
  const iam = new IAMClient(root);
  await iam.send(new CreateUserCommand({ UserName: "alice" }));
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachUserPolicyCommand({ UserName: "alice", PolicyArn }));
  const { VirtualMFADevice: device } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "alice" }),
  );
  const SerialNumber = device?.SerialNumber ?? "";
  const seed = Buffer.from(device?.Base32StringSeed ?? []).toString("ascii");
  await enableDevice(iam, "alice", SerialNumber, seed);
  const { id, secret } = await newKeys(iam, "alice");
  const keys = new STSClient({ ...root, credentials: { accessKeyId: id, secretAccessKey: secret } });
  const { Credentials: plain } = await keys.send(new GetSessionTokenCommand({}));
  const session = new STSClient({
    ...root,
    credentials: {
      accessKeyId: plain?.AccessKeyId ?? "",
      secretAccessKey: plain?.SecretAccessKey ?? "",
      sessionToken: plain?.SessionToken ?? "",
    },
  });
  const open = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
  });
  await iam.send(new CreateRoleCommand({ RoleName: "any", AssumeRolePolicyDocument: open }));

  const given = (sts: STSClient, code: object = {}) =>
    sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "a", ...code })).then(
      () => true,
      (error: Error) => {
        if (error.name === "AccessDenied") return false;
        throw error;
      },
    );
  let documents = 0;
  const tally = { protected: 0, bypassable: 0, keys: 0, session: 0, code: 0 };
  for (const document of fc.sample(trustDocument, { numRuns: 4 * DOCUMENTS, seed: 20_300_131 })) {
    if (documents === DOCUMENTS) break;
    const parsed = parsePolicy(document, "trust");
    if (!parsed.ok)
      throw new Error(`the generator made a document that is refused: ${JSON.stringify(document)}`);
    const PolicyDocument = JSON.stringify(document);
    if (!(await isTaken(iam, PolicyDocument))) continue;
    documents += 1;
    const verdict = decideTrust(parsed.policy).kind;
    const without = { keys: await given(keys), session: await given(session) };
    const code = await given(keys, { SerialNumber, TokenCode: codeOf(seed) });
    if (verdict === "protected" || verdict === "anyone-with-mfa") {
      tally.protected += 1;
      expect({ document, ...without }).toEqual({ document, keys: false, session: false });
    } else tally.bypassable += 1;
    tally.keys += Number(without.keys);
    tally.session += Number(without.session);
    tally.code += Number(code);
  }
  // Each way was really taken, and really refused.
  for (const count of Object.values(tally)) expect(count).toBeGreaterThan(10);
  expect([documents, tally.keys < DOCUMENTS - 10]).toEqual([DOCUMENTS, true]);
});

/** moto takes fewer trust policies than AWS: those alone whose actions are spelt out. */
async function isTaken(iam: IAMClient, PolicyDocument: string): Promise<boolean> {
  try {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "any", PolicyDocument }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("MalformedPolicyDocument")) return false;
    throw error;
  }
}
