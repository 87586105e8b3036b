import type { Deployment } from "../../../local/moto/templates";
import { decideGuard, parsePolicy } from "../../../policy-pack/iam";
import { type Holder, IamGraph } from "../../../policy-pack/iam-graph";
import { groupTemplate } from "../generate/group-template";
import { urn } from "../generate/stack";
import { GUARD_RULES } from "./guard";
import { type Answer, templateArea } from "./template";

/** Whether the policies that a template attaches to its group guard it. */
export const groupsInTemplates = templateArea("groups in templates", 8, groupTemplate, {
  read(template, known) {
    const { graph, holder } = graphOf(template, known);
    const { verdict, refused } = graph.guards({ ...GUARD_RULES, guardPolicyArns: [] })(
      holder("groups", "Group"),
    );
    // What AWS refuses is, with other parameters, not there.
    return known !== undefined && refused.length > 0 ? "refused" : answerOf(verdict);
  },
  deployed(resources, account) {
    const parsed = documentsOf(resources, account).map((each) => parsePolicy(each, "identity"));
    const policies = parsed.flatMap((each) => (each.ok ? [each.policy] : []));
    return policies.length < parsed.length ? "refused" : answerOf(decideGuard(policies, GUARD_RULES));
  },
});

/** Whether a template makes its user a member of its group. */
export const membersInTemplates = templateArea("members in templates", 8, groupTemplate, {
  read(template, known) {
    const { graph, holder } = graphOf(template, known);
    const { declared, hasUnresolved } = graph.groupsOf(holder("users", "Alice"));
    if (declared.includes(holder("groups", "Group"))) return "safe";
    return hasUnresolved ? "undecided" : "open";
  },
  deployed(resources) {
    const group = nameOfGroup(resources);
    const [alice, addition] = [part(resources, "Alice"), part(resources, "Addition")];
    const isAdded =
      part(addition, "GroupName") === group && list(addition, "Users").includes(part(alice, "UserName"));
    return isAdded || list(alice, "Groups").includes(group) ? "safe" : "open";
  },
});

const STACK = "aws:cloudformation/stack:Stack";
/** Unlike a stack it leaves open with which parameters its template is deployed. */
const STACK_SET = "aws:cloudformation/stackSet:StackSet";

function graphOf(template: unknown, known?: Omit<Deployment, "template">) {
  const type = known === undefined ? STACK_SET : STACK;
  const { parameters, ...deployed } = known ?? {};
  const holder = {
    urn: urn(type, "example"),
    type,
    name: "example",
    props: { templateBody: JSON.stringify(template), ...(parameters === undefined ? {} : { parameters }) },
    dependencies: {},
    secretOutputs: [],
    deployed,
  };
  const graph = new IamGraph([holder]);
  return {
    graph,
    holder(kind: Holder["kind"], id: string): Holder {
      const found = graph.holders(kind).find(({ resource }) => resource.name === id);
      if (found === undefined) throw new Error(`a template without ${id}`);
      return found;
    },
  };
}

function answerOf(verdict: ReturnType<typeof decideGuard>): Answer {
  if (verdict.kind === "guarded") return "safe";
  return verdict.kind === "open" && verdict.decided ? "open" : "undecided";
}

/** The documents that the group ends with. */
function documentsOf(resources: object, account: string): readonly unknown[] {
  const group = part(resources, "Group");
  const name = nameOfGroup(resources);
  const isShared = list(group, "ManagedPolicyArns").includes(`arn:aws:iam::${account}:policy/shared`);
  const attached = Object.entries(resources).flatMap(([id, resource]) => {
    const groups = [...list(resource, "Groups"), part(resource, "GroupName")];
    const isAttached = groups.includes(name) || (id === "Shared" && isShared);
    return isAttached ? [part(resource, "PolicyDocument")] : [];
  });
  const own = list(group, "Policies").map((each) => part(each, "PolicyDocument"));
  return [...own, ...attached.filter((document) => document !== undefined)];
}

function nameOfGroup(resources: object): unknown {
  return part(part(resources, "Group"), "GroupName");
}

function part(of: unknown, key: string): unknown {
  return Reflect.get(Object(of), key);
}

function list(of: unknown, key: string): readonly unknown[] {
  const value = part(of, key);
  return Array.isArray(value) ? value : [];
}
