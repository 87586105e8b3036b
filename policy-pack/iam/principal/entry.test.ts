import { describe, expect, test } from "vitest";
import { type Text, Unknown, written } from "../policy/unknown";
import { parseAwsPrincipal, parseFederatedPrincipal, parseServicePrincipal } from "./entry";

const account = new Unknown("AWS::AccountId", undefined, "account");
const name = new Unknown("Name", undefined, "name");
const ownAccount = new Unknown("AWS::AccountId", undefined, "own account", undefined, "account");
const text = (...parts: Text[]) => Unknown.text("Fn::Sub", parts);
const part = (...parts: Text[]) => Unknown.text("a part of a principal", parts);
const OWN = { partition: "aws", account: "111122223333" };

describe('a name under "AWS"', () => {
  const forms: [Text, object][] = [
    ["*", { kind: "anyone" }],
    ["111122223333", { kind: "account", account: "111122223333" }],
    ["arn:aws-cn:iam::111122223333:root", { kind: "account", partition: "aws-cn", account: "111122223333" }],
    ["arn:aws:iam::111122223333:user/bob", { kind: "user", partition: "aws", isFederated: false }],
    ["arn:aws:iam::111122223333:user/a:b/~/bob", { kind: "user", partition: "aws", isFederated: false }],
    ["arn:aws:iam::111122223333:role/build", { kind: "role", ...OWN, name: "build" }],
    ["arn:aws:iam::111122223333:role/ci/main/b_u+i=l,d.@-1", { kind: "role", ...OWN, name: "b_u+i=l,d.@-1" }],
    ["arn:aws:sts::111122223333:assumed-role/build/job", { kind: "session", ...OWN, name: "build" }],
    ["arn:aws:sts::111122223333:federated-user/bob", { kind: "user", partition: "aws", isFederated: true }],
    ["AIDACKCEVSQ6C2EXAMPLE", { kind: "id", class: "user" }],
    ["AROACKCEVSQ6C2EXAMPLE", { kind: "id", class: "role" }],
    [name, { kind: "unknown" }],
    [text(account, name), { kind: "unknown" }],
    [text("arn:aws:iam::\uE00011122223333", account, ":root"), { kind: "unknown" }],
    [ownAccount, { kind: "account", account: ownAccount }],
    [text("arn:aws:iam::", account, ":root"), { kind: "account", partition: "aws", account }],
    [
      text("arn:aws:iam::1111", account, ":root"),
      { kind: "account", partition: "aws", account: part("1111", account) },
    ],
    [
      text("arn:", name, ":iam::111122223333:user/bob"),
      { kind: "user", partition: name, isFederated: false },
    ],
    [
      text("arn:aws:iam::", account, ":role/", name, "/x-", name),
      { kind: "role", partition: "aws", account, name: part("x-", name) },
    ],
    [text("arn:aws:sts::111122223333:assumed-role/", name, "/job"), { kind: "session", ...OWN, name }],
  ];
  test.each(forms.map(([name, entry]) => [written(name), name, entry] as const))(
    "%s is parsed into its kind and parts",
    (_, name, entry) => {
      expect(parseAwsPrincipal(name)).toEqual({ text: name, ...entry });
    },
  );

  test.each([
    ["an account ID with 13 digits", "1111222233334"],
    ["an account ID with a letter", "x111122223333"],
    ["a unique ID that is too short", "AIDAEXAMPLE"],
    ["a unique ID that is too long", `AROA${"A".repeat(29)}`],
    ["a unique ID in an ARN", "arn:aws:iam::111122223333:AIDACKCEVSQ6C2EXAMPLE"],
    ["a user's unique ID with a suffix", "AIDACKCEVSQ6C2EXAMPLE-1"],
    ["a role's unique ID with a prefix", "xAROACKCEVSQ6C2EXAMPLE"],
    ["a role's unique ID with a suffix", "AROACKCEVSQ6C2EXAMPLE-1"],
    ["an ARN with the character that marks an unknown part", "arn:aws:iam::\uE00011122223333:root"],
  ])("%s is not a principal", (_, name) => {
    expect(parseAwsPrincipal(name)).toBeUndefined();
  });
});

describe('a name under "Service" or "Federated"', () => {
  const providers: [Text, string][] = [
    ["arn:aws:iam::111122223333:saml-provider/corp", "saml"],
    ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", "web"],
    ["accounts.google.com", "web"],
    ["oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE", "web"],
    [text("arn:aws:iam::", account, ":saml-provider/", name), "saml"],
    [text("https://", name), "unknown"],
  ];
  test.each(providers.map(([name, protocol]) => [written(name), protocol, name] as const))(
    "%s is a provider with the protocol %s",
    (_, protocol, name) => {
      expect(parseFederatedPrincipal(name)).toEqual({ kind: "federated", text: name, protocol });
    },
  );

  test.each([
    "google",
    "a b.google.com",
    "accounts.google.com/a b",
    "accounts.google.com/*",
    "-",
    ".com",
    "a..b",
    "a.b/c?",
  ])("%s is not a provider", (name) => {
    expect(parseFederatedPrincipal(name)).toBeUndefined();
  });

  test.each([
    ["ec2.amazonaws.com", true],
    ["s3_x.eu-west-1.amazonaws.com", true],
    ["ec2", false],
    ["-ec2.amazonaws.com", false],
    ["ec2.amazonaws.com/", false],
    ["https://ec2.amazonaws.com", false],
  ])("%s is a service: %s", (name, is) => {
    expect(parseServicePrincipal(name)).toEqual(is ? { kind: "service", text: name } : undefined);
  });
});
