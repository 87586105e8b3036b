import { type Deployed, recognize } from "../file/document";
import type { AuditInput } from "../input";

/** A trust policy for the account 111122223333, as text. */
export function trust(condition: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
        Condition: condition,
      },
    ],
  });
}

/** A guard, as text. */
export const GUARD = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Deny",
    NotAction: ["iam:GetUser"],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  },
});

/** The input of a file with this text. Throws if it is not recognized as one. */
export function inputIn(text: string, path: string, deployed?: Deployed): AuditInput {
  const recognized = recognize(text, path, deployed);
  if (recognized.kind === "page" || recognized.kind === "unread") throw new Error(JSON.stringify(recognized));
  return recognized;
}
