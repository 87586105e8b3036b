import { ACCOUNT, type ExampleResource, type Examples, iam, policyText, WITH_MFA } from "./example";

function role(maxSessionDuration: number): ExampleResource {
  const trust = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole", Condition: WITH_MFA };
  return iam("Role", "deploy", { name: "deploy", assumeRolePolicy: policyText(trust), maxSessionDuration });
}

export const examples: Examples = {
  good: [
    { title: "One hour", resources: [role(3600)] },
    {
      title: "A longer maximum in the configuration",
      config: { maxSeconds: 43_200 },
      resources: [role(43_200)],
    },
  ],
  bad: [{ title: "Twelve hours", resources: [role(43_200)], says: ["43200 seconds", "at most 14400"] }],
};
