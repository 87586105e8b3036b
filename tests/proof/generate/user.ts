import fc from "fast-check";
import { Unknown } from "../../../policy-pack/iam";
import type { Resource } from "../../../policy-pack/iam-graph";
import { guardDocument } from "./guard";
import { reference, resource, urn } from "./stack";

/** How the user comes to the policies: they are the user's own, or a group's that the user is put into in one of these ways. */
const WAYS = ["own", "joining", "owned", "native addition", "native own"] as const;

/** What else the stack says of the group's members. */
const BESIDE = ["nothing", "nothing", "owned by others", "another group", "unknown group"] as const;

/** A stack with one user who has an access key, and in which sets of documents the user can end. */
export interface UserCase {
  readonly resources: readonly Resource[];
  readonly user: string;
  /** More than one where the order of writes decides; the worst counts. */
  readonly outcomes: readonly (readonly object[])[];
  /** The user may turn out to be in a group that is not known yet. */
  readonly hasUnknown: boolean;
}

function stackOf(
  documents: readonly object[],
  way: (typeof WAYS)[number],
  beside: (typeof BESIDE)[number],
  isKnown: boolean,
): UserCase {
  const isNative = way.startsWith("native");
  const [userType, groupType] = isNative
    ? ["aws-native:iam:User", "aws-native:iam:Group"]
    : ["aws:iam/user:User", "aws:iam/group:Group"];
  const [user, group] = [urn(userType, "alice"), urn(groupType, "team")];
  const toUser = (property: string) => reference(property, "Alice", user, isKnown);
  const toGroup = (property: string) => reference(property, "Team", group, isKnown);
  const inNative = isNative
    ? { policies: documents.map((policyDocument, at) => ({ policyName: `p${at}`, policyDocument })) }
    : {};
  const key = toUser(isNative ? "userName" : "user");
  const groups = toGroup("groups");
  const resources: Resource[] = [
    resource(
      userType,
      "alice",
      {
        [isNative ? "userName" : "name"]: "Alice",
        ...(way === "native own" ? { groups: [groups.value] } : {}),
      },
      way === "native own" ? groups.dependencies : {},
    ),
    resource(groupType, "team", { [isNative ? "groupName" : "name"]: "Team", ...inNative }),
    resource(
      isNative ? "aws-native:iam:AccessKey" : "aws:iam/accessKey:AccessKey",
      "key",
      { [isNative ? "userName" : "user"]: key.value },
      key.dependencies,
    ),
  ];
  const add = (
    type: string,
    name: string,
    props: object,
    ...dependencies: readonly Resource["dependencies"][]
  ) => resources.push(resource(type, name, { ...props }, Object.assign({}, ...dependencies)));
  const holder = way === "own" ? toUser("user") : toGroup("group");
  for (const [at, document] of isNative ? [] : documents.entries()) {
    const props = { name: `p${at}`, policy: JSON.stringify(document) };
    const [type, property] =
      way === "own" ? ["userPolicy:UserPolicy", "user"] : ["groupPolicy:GroupPolicy", "group"];
    add(`aws:iam/${type}`, `p${at}`, { ...props, [property]: holder.value }, holder.dependencies);
  }
  const [one, many, theGroup] = [toUser("user"), toUser("users"), toGroup("group")];
  const owning = (users: readonly unknown[], ...dependencies: readonly Resource["dependencies"][]) =>
    add(
      "aws:iam/groupMembership:GroupMembership",
      `owning${users.length}`,
      { group: theGroup.value, users },
      theGroup.dependencies,
      ...dependencies,
    );
  const joining = (name: string, value: unknown, ...dependencies: readonly Resource["dependencies"][]) =>
    add(
      "aws:iam/userGroupMembership:UserGroupMembership",
      name,
      { user: one.value, groups: [value] },
      one.dependencies,
      ...dependencies,
    );
  if (way === "joining") joining("joining", groups.value, groups.dependencies);
  if (way === "owned") owning([many.value], many.dependencies);
  if (way === "native addition") {
    const name = toGroup("groupName");
    add(
      "aws-native:iam:UserToGroupAddition",
      "addition",
      { groupName: name.value, users: [many.value] },
      name.dependencies,
      many.dependencies,
    );
  }
  let outcomes: readonly (readonly object[])[] = [documents];
  if (beside === "owned by others" && way === "joining") {
    owning(["Bob", "Carol"]);
    outcomes = [documents, []];
  }
  if (beside === "another group" && !isNative) joining("elsewhere", "Readers");
  const hasUnknown = beside === "unknown group" && !isNative;
  if (hasUnknown) joining("later", new Unknown("group"));
  return { resources, user, outcomes, hasUnknown };
}

/** Stacks of `aws` and `aws-native` with a user who has credentials, in a group that is guarded or nearly so. */
export const userCase: fc.Arbitrary<UserCase> = fc
  .tuple(
    fc.array(guardDocument, { minLength: 1, maxLength: 2 }),
    fc.constantFrom(...WAYS),
    fc.constantFrom(...BESIDE),
    fc.boolean(),
  )
  .map((parts) => stackOf(...parts));
