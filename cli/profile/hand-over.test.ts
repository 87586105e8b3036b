import { expect, test } from "vitest";
import { handOver } from "./hand-over";

const CHOICE = { stack: "dev", project: "." };
const handedOver = (roleArn: string) =>
  handOver(CHOICE, "alice", {
    kind: "deployed",
    mfaSerial: "arn:aws:iam::111122223333:mfa/alice",
    devices: [{ name: "phone", id: "alice", serial: "arn:aws:iam::111122223333:mfa/alice" }],
    profiles: [
      {
        name: "mfabasedaccess",
        roleArn,
        mfaSerial: "arn:aws:iam::111122223333:mfa/alice",
        sourceProfile: "default",
        durationSeconds: 3600,
      },
    ],
  });

test("a user with one role gets one command to run", () => {
  expect(handedOver("arn:aws:iam::111122223333:role/MFABasedAccess")).toContain(
    "      aws-mfa setup --role-arn arn:aws:iam::111122223333:role/MFABasedAccess\n",
  );
});

test.each([
  ["whose name would run a shell command", "arn:aws:iam::111122223333:role/x;id>y;#"],
  ["whose path a shell would split", "arn:aws:iam::111122223333:role/a(b)&c/Deploy"],
])("a role %s is handed over in a file, not in a command line", (_, roleArn) => {
  const text = handedOver(roleArn);
  expect(text).toContain("      aws-mfa setup --from alice.txt\n");
  expect(text).not.toContain(roleArn);
});
