import fc from "fast-check";
import { Unknown } from "../../../policy-pack/iam";
import type { Resource } from "../../../policy-pack/iam-graph";
import { guardDocument } from "./guard";
import { HOME } from "./principal";

/** How one document gets to a group. `own` ways are in a property of the group itself. */
const AWS_WAYS = ["inline", "attachment", "policy attachment"] as const;
const NATIVE_WAYS = ["inline", "own inline", "own attachment", "managed policy"] as const;
type Way = (typeof AWS_WAYS)[number] | (typeof NATIVE_WAYS)[number];

/** What else the stack does to the group's policies. */
type Beside =
  | "nothing"
  | "taken away"
  | "exclusive inline"
  | "exclusive attachments"
  | "same name"
  | "unknown";

/** A stack with one group, and in which sets of documents its policies can end. */
export interface StackCase {
  readonly resources: readonly Resource[];
  readonly group: string;
  /** More than one where the order of writes decides; the worst counts. */
  readonly outcomes: readonly (readonly object[])[];
  /** Something else may turn out to be attached. */
  readonly hasUnknown: boolean;
}

export function urn(type: string, name: string): string {
  return `urn:pulumi:dev::example::${type}::${name}`;
}

export function resource(
  type: string,
  name: string,
  props: Readonly<Record<string, unknown>>,
  dependencies: Readonly<Record<string, readonly string[]>> = {},
): Resource {
  return { urn: urn(type, name), type, name, props, dependencies, secretOutputs: [] };
}

/** A name of another resource: its text, or an output of it that is not known yet. */
export function reference(property: string, text: string, of: string, isKnown: boolean) {
  const value = isKnown ? text : new Unknown(property);
  return { value, dependencies: isKnown ? {} : { [property]: [of] } };
}

interface Placed {
  readonly document: object;
  readonly way: Way;
  readonly isKnown: boolean;
}

const AWS_GROUP = "aws:iam/group:Group";
const NATIVE_GROUP = "aws-native:iam:Group";
const isInline = ({ way }: Placed) => way === "inline" || way === "own inline";

function awsStack(placed: readonly Placed[], beside: Beside, isKnown: boolean): StackCase {
  const group = urn(AWS_GROUP, "team");
  const to = (property: string, known: boolean) => reference(property, "Team", group, known);
  const resources: Resource[] = [resource(AWS_GROUP, "team", { name: "Team" })];
  const arnOf = (index: number) => `arn:aws:iam::${HOME}:policy/p${index}`;
  for (const [index, { document, way, isKnown: known }] of placed.entries()) {
    const policy = JSON.stringify(document);
    const holder = to(way === "policy attachment" ? "groups" : "group", known);
    if (way === "inline") {
      const props = { name: `p${index}`, policy, group: holder.value };
      resources.push(resource("aws:iam/groupPolicy:GroupPolicy", `p${index}`, props, holder.dependencies));
      continue;
    }
    const managed = resource("aws:iam/policy:Policy", `p${index}`, {
      policy,
      ...(known ? { arn: arnOf(index) } : {}),
    });
    const arn = reference("policyArn", arnOf(index), managed.urn, known);
    const dependencies = { ...holder.dependencies, ...arn.dependencies };
    const props = way === "attachment" ? { group: holder.value } : { groups: [holder.value] };
    const type =
      way === "attachment"
        ? "groupPolicyAttachment:GroupPolicyAttachment"
        : "policyAttachment:PolicyAttachment";
    resources.push(
      managed,
      resource(`aws:iam/${type}`, `a${index}`, { ...props, policyArn: arn.value }, dependencies),
    );
  }
  const documentsOf = (kept: (one: Placed, index: number) => boolean) =>
    placed.filter(kept).map(({ document }) => document);
  let outcomes: readonly (readonly object[])[] = [documentsOf(() => true)];
  const holder = to("groupName", isKnown);
  if (beside === "exclusive inline") {
    const type = "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive";
    resources.push(
      resource(type, "only", { groupName: holder.value, policyNames: ["p0"] }, holder.dependencies),
    );
    outcomes = [documentsOf((one, index) => !isInline(one) || index === 0)];
  } else if (beside === "exclusive attachments") {
    const type = "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive";
    resources.push(resource(type, "only", { groupName: holder.value, policyArns: [] }, holder.dependencies));
    outcomes = [documentsOf(isInline)];
  } else if (beside === "same name") {
    const rival = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
    };
    const { value, dependencies } = to("group", isKnown);
    const props = { name: "p0", policy: JSON.stringify(rival), group: value };
    resources.push(resource("aws:iam/groupPolicy:GroupPolicy", "rival", props, dependencies));
    const first = placed[0];
    if (first !== undefined && isInline(first))
      outcomes = [documentsOf(() => true), documentsOf((_, index) => index !== 0)];
  } else if (beside === "unknown") {
    const props = { group: holder.value, policyArn: new Unknown("policyArn") };
    const known = reference("group", "Team", group, isKnown);
    resources.push(
      resource(
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "later",
        { ...props, group: known.value },
        known.dependencies,
      ),
    );
  } else if (beside === "taken away") {
    const type = "aws:iam/policyAttachment:PolicyAttachment";
    const managed = placed.findIndex((one) => !isInline(one) && one.isKnown);
    if (managed >= 0) {
      resources.push(resource(type, "elsewhere", { groups: ["Other"], policyArn: arnOf(managed) }));
      outcomes = [documentsOf((_, index) => index !== managed)];
    }
  }
  return { resources, group, outcomes, hasUnknown: beside === "unknown" };
}

function nativeStack(placed: readonly Placed[]): StackCase {
  const group = urn(NATIVE_GROUP, "team");
  const resources: Resource[] = [];
  const policies: object[] = [];
  const attached: unknown[] = [];
  const attachedUrns: string[] = [];
  for (const [index, { document: policyDocument, way, isKnown }] of placed.entries()) {
    const name = `p${index}`;
    if (way === "own inline") policies.push({ policyName: name, policyDocument });
    else if (way === "own attachment") {
      const arn = `arn:aws:iam::${HOME}:policy/${name}`;
      const managed = resource("aws-native:iam:ManagedPolicy", name, {
        policyDocument,
        ...(isKnown ? { policyArn: arn } : {}),
      });
      resources.push(managed);
      attached.push(isKnown ? arn : new Unknown("policyArn"));
      if (!isKnown) attachedUrns.push(managed.urn);
    } else if (way === "inline") {
      const { value, dependencies } = reference("groupName", "Team", group, isKnown);
      const props = { policyName: name, policyDocument, groupName: value };
      resources.push(resource("aws-native:iam:GroupPolicy", name, props, dependencies));
    } else {
      const { value, dependencies } = reference("groups", "Team", group, isKnown);
      resources.push(
        resource("aws-native:iam:ManagedPolicy", name, { policyDocument, groups: [value] }, dependencies),
      );
    }
  }
  const props = { groupName: "Team", policies, managedPolicyArns: attached };
  resources.unshift(resource(NATIVE_GROUP, "team", props, { managedPolicyArns: attachedUrns }));
  return { resources, group, outcomes: [placed.map(({ document }) => document)], hasUnknown: false };
}

function placed(ways: readonly [Way, ...Way[]]) {
  return fc.array(
    fc.record({ document: guardDocument, way: fc.constantFrom(...ways), isKnown: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  );
}

const BESIDE: readonly Beside[] = [
  ...(["nothing", "nothing", "taken away", "exclusive inline"] as const),
  ...(["exclusive attachments", "same name", "unknown"] as const),
];

/** Stacks of `aws` and `aws-native` with a group, whose policies reach it in every way. */
export const stackCase: fc.Arbitrary<StackCase> = fc.oneof(
  fc
    .tuple(placed(AWS_WAYS), fc.constantFrom(...BESIDE), fc.boolean())
    .map(([documents, beside, isKnown]) => awsStack(documents, beside, isKnown)),
  placed(NATIVE_WAYS).map(nativeStack),
);
