/** Documents made to be slow, each within AWS's size limits: 4,096 characters for a trust policy, 6,144 for a managed one. */
export interface SlowDocument {
  readonly name: string;
  readonly kind: "trust" | "identity";
  readonly document: unknown;
}

const ALLOW = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "sts:AssumeRole",
};
const DENY = { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" };

function until<T>(
  limit: number,
  make: (index: number) => T,
  wrap: (statements: readonly T[]) => unknown,
): unknown {
  const statements: T[] = [];
  for (let index = 0; ; index += 1) {
    const next = [...statements, make(index)];
    if (JSON.stringify(wrap(next)).length > limit) return wrap(statements);
    statements.push(next.at(-1) as T);
  }
}

const trust = (make: (index: number) => object) =>
  until(4096, make, (denies) => ({ Version: "2012-10-17", Statement: [ALLOW, ...denies] }));
const identity = (make: (index: number) => object) =>
  until(6144, make, (statements) => ({ Version: "2012-10-17", Statement: statements }));

/** A text full of stars, of this length, that differs with the index. */
function stars(length: number, index: number): string {
  const letters = "ab";
  return Array.from({ length: length / 2 }, (_, at) => `*${letters.charAt((index >> (at % 8)) & 1)}`).join(
    "",
  );
}

export const SLOW_DOCUMENTS: readonly SlowDocument[] = [
  {
    name: "Deny statements on ever different keys",
    kind: "trust",
    document: trust((index) => ({
      ...DENY,
      Condition: { StringLike: { [`aws:PrincipalTag/t${index}`]: "x*" } },
    })),
  },
  {
    name: "Deny statements on pairs of few keys",
    kind: "trust",
    document: trust((index) => ({
      ...DENY,
      Condition: {
        StringLike: { [`aws:PrincipalTag/a${index % 5}`]: `${index % 7}*` },
        StringNotLike: { [`aws:PrincipalTag/b${index % 3}`]: `*${index % 11}` },
      },
    })),
  },
  {
    name: "patterns full of stars on one key",
    kind: "trust",
    document: trust((index) => ({
      ...DENY,
      Condition: { StringLike: { "aws:PrincipalTag/t": stars(60, index) } },
    })),
  },
  {
    name: "two patterns as long as the document",
    kind: "trust",
    document: {
      Version: "2012-10-17",
      Statement: [
        { ...ALLOW, Condition: { StringLike: { "aws:PrincipalTag/t": stars(1800, 5) } } },
        { ...DENY, Condition: { StringLike: { "aws:PrincipalTag/t": stars(1800, 6) } } },
      ],
    },
  },
  {
    name: "patterns on the caller's ARN",
    kind: "trust",
    document: trust((index) => ({
      ...DENY,
      Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:user/${stars(24, index)}` } },
    })),
  },
  {
    name: "patterns on the caller's name",
    kind: "trust",
    document: {
      Version: "2012-10-17",
      Statement: [
        {
          ...ALLOW,
          Condition: { StringLike: { "aws:username": Array.from({ length: 24 }, (_, at) => stars(96, at)) } },
        },
        {
          ...DENY,
          Condition: { StringNotLike: { "aws:username": [5, 6, 7].map((at) => stars(96, at)) } },
        },
      ],
    },
  },
  {
    name: "set operators on one key",
    kind: "trust",
    document: trust((index) => ({
      ...DENY,
      Condition: { "ForAnyValue:StringLike": { "aws:TagKeys": [stars(12, index), stars(12, index + 1)] } },
    })),
  },
  {
    name: "actions full of stars",
    kind: "identity",
    document: identity((index) => ({ Effect: "Deny", Action: `s3:${stars(60, index)}`, Resource: "*" })),
  },
  {
    name: "one list of actions full of stars",
    kind: "identity",
    document: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          NotAction: Array.from({ length: 80 }, (_, index) => `s3:${stars(50, index)}`),
          Resource: "*",
        },
        {
          Effect: "Deny",
          Action: Array.from({ length: 20 }, (_, index) => `s3:${stars(50, index)}`),
          Resource: "*",
        },
      ],
    },
  },
  {
    name: "resources full of stars",
    kind: "identity",
    document: identity((index) => ({
      Effect: "Deny",
      Action: "*",
      Resource: `arn:aws:s3:::${stars(60, index)}`,
    })),
  },
  {
    name: "a puzzle: each Deny on three of twelve keys",
    kind: "trust",
    document: trust((index) => ({ ...DENY, Condition: puzzle(index) })),
  },
];

/** Three facts that differ from statement to statement, so that the statements together are a hard satisfiability problem. */
function puzzle(index: number): Record<string, Record<string, string>> {
  const condition: Record<string, Record<string, string>> = {};
  for (const at of [0, 1, 2]) {
    const key = `k:${(index * (3 + at) + at * 5) % 12}`;
    const operator = (index >> at) % 2 === 0 ? "StringEquals" : "StringNotEquals";
    condition[operator] = { ...condition[operator], [key]: "x" };
  }
  return condition;
}
