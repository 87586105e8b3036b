import { ACCOUNT, type Form, IF_MFA, IF_NO_MFA, policy, type TrustEntry } from "./entry";

const ALLOW = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole" };
const DENY = { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" };
const PIPELINE = { AWS: "arn:aws:iam::111122223333:user/pipeline" };

/** Trust policies that scanners and people get wrong. */
export const UNSAFE_TRUST: readonly Form<TrustEntry>[] = [
  {
    id: "trust-if-exists",
    title: 'Allow with BoolIfExists "true"',
    why: "With access keys the key is absent, and IfExists is met.",
    document: policy({ ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } }),
  },
  {
    id: "trust-asks-for-no-mfa",
    title: 'Allow with Bool "false"',
    why: "The key is there, and lets in exactly the sessions without MFA.",
    document: policy({ ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
  },
  {
    id: "trust-key-is-there",
    title: 'Allow with Null "false" on the MFA key',
    why: "A session without MFA carries the key, as false.",
    document: policy({ ...ALLOW, Condition: { Null: { "aws:MultiFactorAuthPresent": "false" } } }),
  },
  {
    id: "trust-true-or-false",
    title: "Allow with both values",
    why: "Values of one key are ORed: any session meets one.",
    document: policy({ ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresent": ["true", "false"] } } }),
  },
  {
    id: "trust-second-allow",
    title: "A second Allow without the condition",
    why: "One Allow is enough.",
    document: policy({ ...ALLOW, Condition: IF_MFA }, { ...ALLOW, Principal: PIPELINE }),
  },
  {
    id: "trust-sts-star",
    title: "A second Allow of sts:*",
    why: "sts:* contains sts:AssumeRole.",
    document: policy({ ...ALLOW, Condition: IF_MFA }, { ...ALLOW, Principal: PIPELINE, Action: "sts:*" }),
  },
  {
    id: "trust-not-action",
    title: "A second Allow by NotAction",
    why: "All but sts:TagSession contains sts:AssumeRole.",
    document: policy(
      { ...ALLOW, Condition: IF_MFA },
      { Effect: "Allow", Principal: PIPELINE, NotAction: "sts:TagSession" },
    ),
  },
  {
    id: "trust-lower-case-action",
    title: "An action in lower case",
    why: "Action names are compared without regard to case.",
    document: policy({ ...ALLOW, Action: "sts:assumerole" }),
  },
  {
    id: "trust-one-statement-object",
    title: "One statement instead of a list, without a condition",
    why: "One object is as good as a list of one.",
    document: { Version: "2012-10-17", Statement: ALLOW },
  },
  {
    id: "trust-misspelt-key",
    title: "A misspelled MFA key with IfExists",
    why: "No request carries the key, and IfExists is met.",
    document: policy({ ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresents": "true" } } }),
  },
  {
    id: "trust-for-all-values",
    title: "ForAllValues:Bool",
    why: "ForAllValues is true of a key that is absent.",
    document: policy({
      ...ALLOW,
      Condition: { "ForAllValues:Bool": { "aws:MultiFactorAuthPresent": "true" } },
    }),
  },
  {
    id: "trust-age-greater-than",
    title: "Allow with an age and IfExists",
    why: "Without MFA there is no age, and IfExists is met.",
    document: policy({
      ...ALLOW,
      Condition: { NumericLessThanIfExists: { "aws:MultiFactorAuthAge": "3600" } },
    }),
  },
  {
    id: "trust-deny-bool",
    title: 'Deny with Bool "false"',
    why: "Access keys carry no key, so this Deny does not fire.",
    document: policy(ALLOW, { ...DENY, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
  },
  {
    id: "trust-deny-one-user",
    title: "A Deny for one of the users",
    why: "All others of the account are not denied.",
    document: policy(ALLOW, {
      ...DENY,
      Principal: { AWS: "arn:aws:iam::111122223333:user/alice" },
      Condition: IF_NO_MFA,
    }),
  },
  {
    id: "trust-deny-elsewhere",
    title: "A Deny that applies only outside the office",
    why: "Operators are ANDed: from the office no MFA is needed.",
    document: policy(ALLOW, {
      ...DENY,
      Condition: { ...IF_NO_MFA, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    }),
  },
  {
    id: "trust-deny-both-at-once",
    title: "A Deny that requires false and absent at once",
    why: "A key cannot be false and absent, so the Deny never fires.",
    document: policy(ALLOW, {
      ...DENY,
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "false" },
        Null: { "aws:MultiFactorAuthPresent": "true" },
      },
    }),
  },
  {
    id: "trust-deny-other-action",
    title: "A Deny of another call",
    why: "sts:TagSession is not how the role is assumed.",
    document: policy(ALLOW, { ...DENY, Action: "sts:TagSession", Condition: IF_NO_MFA }),
  },
  {
    id: "trust-office-address",
    title: "The office's addresses instead of MFA",
    why: "An address is no second factor.",
    document: policy({ ...ALLOW, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }),
  },
];

/** Those that are right though they look wrong. */
export const RIGHT_TRUST: readonly Form<TrustEntry>[] = [
  {
    id: "trust-deny-if-exists",
    title: "An open Allow under a Deny without MFA",
    why: "IfExists under Deny fires in both worlds without MFA.",
    document: policy(ALLOW, { ...DENY, Condition: IF_NO_MFA }),
  },
  {
    id: "trust-two-denies",
    title: "Two Denies, one for false and one for absent",
    why: "One stops false, the other absent.",
    document: policy(
      ALLOW,
      { ...DENY, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
      { ...DENY, Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } },
    ),
  },
  {
    id: "trust-deny-no-age",
    title: "A Deny if the age is absent",
    why: "There is an age exactly when MFA was used.",
    document: policy(ALLOW, { ...DENY, Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } }),
  },
  {
    id: "trust-if-exists-and-there",
    title: "IfExists together with Null",
    why: "One asks for true if the key is there, the other that it is there.",
    document: policy({
      ...ALLOW,
      Condition: {
        BoolIfExists: { "aws:MultiFactorAuthPresent": "true" },
        Null: { "aws:MultiFactorAuthPresent": "false" },
      },
    }),
  },
  {
    id: "trust-key-in-other-case",
    title: "The key and its value in another case",
    why: "Condition keys and booleans are compared without regard to case.",
    document: policy({ ...ALLOW, Condition: { Bool: { "AWS:multifactorauthpresent": "True" } } }),
  },
  {
    id: "trust-json-boolean",
    title: "The value as a JSON boolean, in a document of 2008",
    why: 'AWS takes true for "true", and the older version knows the key.',
    document: {
      Version: "2008-10-17",
      Statement: [{ ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresent": true } } }],
    },
  },
  {
    id: "trust-second-allow-of-tags",
    title: "A second Allow of another call",
    why: "sts:TagSession alone assumes nothing.",
    document: policy({ ...ALLOW, Condition: IF_MFA }, { ...ALLOW, Action: "sts:TagSession" }),
  },
];
