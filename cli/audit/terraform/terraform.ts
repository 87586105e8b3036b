import { Unknown } from "aws-mfa-policy-pack/iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { type AuditInput, repeated } from "../input";
import { configuredModule, type Instance, References } from "./references";
import { camelCase, TERRAFORM_TYPES, type TerraformType } from "./resource-types";

const attributes = z.record(z.string(), z.unknown());

/** Values of a state or a plan. Source: Terraform, "JSON Output Format", values representation. */
interface Values {
  readonly address?: string | undefined;
  readonly resources?: readonly z.output<typeof valuesResource>[] | undefined;
  readonly child_modules?: readonly Values[] | undefined;
}
const valuesResource = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  values: attributes.nullish(),
  sensitive_values: z.unknown().optional(),
  deposed_key: z.string().optional(),
});
const valuesModule: z.ZodType<Values> = z.lazy(() =>
  z.looseObject({
    address: z.string().optional(),
    resources: z.array(valuesResource).optional(),
    child_modules: z.array(valuesModule).optional(),
  }),
);
const values = z.looseObject({ root_module: valuesModule.optional() });

/** What `terraform show -json` prints of a plan. */
const plan = z.looseObject({
  planned_values: values,
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        type: z.string().optional(),
        deposed: z.string().optional(),
        change: z.looseObject({
          actions: z.array(z.string()).default([]),
          after_unknown: z.unknown().optional(),
        }),
      }),
    )
    .optional(),
  configuration: z.looseObject({ root_module: configuredModule.optional() }).optional(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
});
/** What it prints of a state; nothing of an empty one. */
const shown = z.looseObject({ format_version: z.string(), values: values.optional() });
/** A state as it is stored. Terraform promises no form of it, but has written this one since 0.12. */
const stored = z.looseObject({
  resources: z.array(
    z.looseObject({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      provider: z.string().optional(),
      instances: z.array(
        z.looseObject({
          index_key: z.union([z.string(), z.number()]).nullish(),
          deposed: z.string().optional(),
          attributes: attributes.nullish(),
          sensitive_attributes: z.array(z.array(z.looseObject({ value: z.unknown() }))).nullish(),
        }),
      ),
    }),
  ),
});

/** A resource that is there, or will be once the plan is applied. */
interface Managed extends Instance {
  readonly declares: TerraformType;
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly provider?: string | undefined;
  /** It waits for its deletion, beside what replaced it. */
  readonly isDeposed: boolean;
}

const REMEDY = "Create one: terraform show -json PLAN-OR-STATE";
const DEPOSED = "Let terraform apply delete them.";
const FORGOTTEN = "Once they are forgotten, audit the account itself: aws-mfa audit";

/**
 * Reads a plan or a state of Terraform or OpenTofu: what `show -json` prints of either, or a state file of version 4. `undefined` for
 * anything else. Values that are marked as sensitive, and those that are known after apply only, are unknown to the rules.
 *
 * @throws Failure (`unseen`) where it cannot be read
 */
export function readTerraform(
  value: Readonly<Record<string, unknown>>,
  path: string,
): AuditInput | undefined {
  if ("encrypted_data" in value && "encryption_version" in value) {
    throw new Failure("unseen", "It is an encrypted state of OpenTofu.", "Create one: tofu show -json");
  }
  if ("terraform_version" in value && "version" in value) {
    if (value.version !== 4)
      throw unreadable(`It is a Terraform state of version ${String(value.version)}; expected 4.`);
    return inputOf(path, instancesOf(parsed(stored, value, "a Terraform state"), path));
  }
  if (typeof value.format_version !== "string") return undefined;
  if (!("planned_values" in value || "values" in value || "terraform_version" in value)) return undefined;
  if (!/^[01]\./.test(value.format_version)) {
    throw unreadable(`It has Terraform's format ${value.format_version}; expected 1.x.`);
  }
  return "planned_values" in value
    ? planned(parsed(plan, value, "what terraform show -json prints of a plan"), path)
    : shownState(parsed(shown, value, "what terraform show -json prints of a state"), path);
}

function parsed<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const places = [...new Set(result.error.issues.map(({ path }) => path.join(".")))];
  throw unreadable(`It is not ${what}: see ${few(places)}.`);
}

function unreadable(problem: string): Failure {
  return new Failure("unseen", problem, REMEDY);
}

function planned(
  { planned_values, resource_changes = [], configuration, errored, complete }: z.output<typeof plan>,
  path: string,
): AuditInput {
  const present = resource_changes.filter(({ deposed }) => deposed === undefined);
  const unknown = new Map(present.map(({ address, change }) => [address, change.after_unknown]));
  const instances = managedIn(planned_values.root_module ?? {}, path, unknown);
  const references = new References(configuration?.root_module ?? {}, instances);
  const input = inputOf(path, instances, references);
  const forgotten = present.filter(
    ({ type = "", change }) => change.actions.includes("forget") && TERRAFORM_TYPES.has(type),
  );
  if (forgotten.length > 0) {
    const names = few(forgotten.map(({ address }) => address));
    const problem = `Resources that Terraform will forget still exist, and were not evaluated: ${names}.`;
    return {
      ...input,
      trouble: { problem, remedy: FORGOTTEN, notLookedAt: { resources: forgotten.length } },
    };
  }
  if (errored !== true && complete !== false) return input;
  const remedy = "Fix the errors that terraform plan reports, then plan again.";
  return { ...input, trouble: { problem: "The plan is incomplete.", remedy } };
}

/** `show -json` does not say of a state which provider a resource has: its account stands in its ARN alone. */
function shownState({ values: all }: z.output<typeof shown>, path: string): AuditInput {
  const instances = managedIn(all?.root_module ?? {}, path).map((each) => ({
    ...each,
    provider: accountIn(each),
  }));
  const accounts = new Set(instances.flatMap(({ provider }) => provider ?? []));
  if (accounts.size < 2) return inputOf(path, instances);
  const notes = [
    `It has resources of several accounts, and does not say to which one an attachment belongs. The state file (.tfstate) does.`,
  ];
  return { ...inputOf(path, instances.map(unlessOfAnAccount)), notes };
}

function accountIn({ values: { arn } }: Managed): string | undefined {
  return typeof arn === "string" ? arn.split(":")[4] || undefined : undefined;
}

/** A name could be that of another account. */
function unlessOfAnAccount(instance: Managed): Managed {
  if (instance.provider !== undefined) return instance;
  const { attributes: names, naming } = instance.declares;
  const unknown = [...naming].map((key): [string, unknown] => [names.get(key) ?? key, new Unknown(key)]);
  return { ...instance, values: { ...instance.values, ...Object.fromEntries(unknown) } };
}

function inputOf(path: string, all: readonly Managed[], references?: References): AuditInput {
  const deposed = all.filter(({ isDeposed }) => isDeposed);
  const twice = repeated(all.flatMap(({ address, isDeposed }) => (isDeposed ? [] : [address])));
  if (twice.length > 0) throw unreadable(`It has more than one resource of the address ${few(twice)}.`);
  return {
    kind: "file",
    name: path,
    file: path,
    isDeployed: references === undefined,
    resources: all.filter(({ isDeposed }) => !isDeposed).map((each) => resourceOf(each, references)),
    ...(deposed.length > 0 && {
      trouble: {
        problem: `Resources that are pending deletion still exist, and were not evaluated: ${few(deposed.map(({ address }) => address))}.`,
        remedy: DEPOSED,
        notLookedAt: { resources: deposed.length },
      },
    }),
  };
}

function resourceOf(instance: Managed, references: References | undefined): Resource {
  const { declares, address, urn, values: given } = instance;
  const { type, row, attributes: names, naming } = declares;
  const lists = row !== undefined && "inline" in row ? [row.inline?.list] : [];
  const props = [...names].flatMap(([key, attribute]): [string, unknown][] => {
    const value = given[attribute];
    if (value === undefined || value === null) return [];
    if (lists.includes(key)) return [[key, blocksIn(value)]];
    // Which resource a reference means is certain, whatever account the provider of either is for.
    return [
      [key, naming.has(key) && references?.isNamed(instance, attribute, value) ? new Unknown(key) : value],
    ];
  });
  const provider = instance.provider ?? references?.providerOf(instance);
  return {
    urn,
    type,
    name: address,
    props: Object.fromEntries(props),
    dependencies: references === undefined ? {} : dependenciesOf(props, names, instance, references),
    secretOutputs: [],
    ...(provider !== undefined && { provider }),
  };
}

/** A known text says by itself what it names. */
function dependenciesOf(
  props: readonly (readonly [string, unknown])[],
  names: ReadonlyMap<string, string>,
  instance: Managed,
  references: References,
): Resource["dependencies"] {
  const unknown = props.filter(([, value]) => [value].flat().some((each) => each instanceof Unknown));
  return Object.fromEntries(
    unknown.map(([key]) => [key, references.urnsIn(instance, names.get(key) ?? key)]),
  );
}

/** The blocks of a list, by the pack's names. An empty one stands for none at all. */
function blocksIn(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.flatMap((block: unknown) => {
    if (typeof block !== "object" || block === null || block instanceof Unknown) return [block];
    const entries = Object.entries(block).filter(([, each]) => each !== null && each !== "");
    return entries.length === 0
      ? []
      : [Object.fromEntries(entries.map(([key, each]) => [camelCase(key), each]))];
  });
}

/** What a plan or a state holds of IAM. `unknown`: by address, what is known after apply only. */
function managedIn(module: Values, path: string, unknown?: ReadonlyMap<string, unknown>): readonly Managed[] {
  const own = (module.resources ?? []).flatMap((each): Managed[] => {
    const declares = TERRAFORM_TYPES.get(each.type);
    if (declares === undefined || each.mode !== "managed") return [];
    const { address, type, name, deposed_key } = each;
    const known = { ...each.values };
    hide(known, unknown?.get(address));
    hide(known, each.sensitive_values);
    const isDeposed = deposed_key !== undefined;
    return [
      {
        urn: `${path}#${address}`,
        declares,
        address,
        module: module.address ?? "",
        type,
        name,
        values: known,
        isDeposed,
      },
    ];
  });
  return [...own, ...(module.child_modules ?? []).flatMap((child) => managedIn(child, path, unknown))];
}

/** Puts an `Unknown` wherever `marks` says `true`: it has the form of the values, and leaves out what it does not mark. */
function hide(target: Record<string, unknown>, marks: unknown): void {
  if (typeof marks !== "object" || marks === null) return;
  for (const [key, mark] of Object.entries(marks)) target[key] = hidden(target[key], mark, key);
}

function hidden(value: unknown, mark: unknown, key: string): unknown {
  if (mark === true) return new Unknown(key);
  if (Array.isArray(mark)) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const length = Math.max(list.length, mark.length);
    if (value === undefined && length === 0) return value;
    return Array.from({ length }, (_, nth) => hidden(list[nth], mark[nth], key));
  }
  if (typeof mark !== "object" || mark === null) return value;
  const inner = { ...(typeof value === "object" ? value : undefined) };
  if (value === undefined && Object.keys(mark).length === 0) return value;
  hide(inner, mark);
  return inner;
}

function instancesOf({ resources }: z.output<typeof stored>, path: string): readonly Managed[] {
  return resources.flatMap((each) => {
    const declares = TERRAFORM_TYPES.get(each.type);
    if (declares === undefined || each.mode !== "managed") return [];
    return each.instances.map((instance): Managed => {
      const { module = "", type, name, provider } = each;
      const { index_key: index, deposed, attributes: known = {}, sensitive_attributes } = instance;
      const at = [module, type, name].filter(Boolean).join(".");
      const address = index === undefined || index === null ? at : `${at}[${JSON.stringify(index)}]`;
      const secret = (sensitive_attributes ?? []).map(([first]) => [String(first?.value), true]);
      const visible = { ...known };
      hide(visible, Object.fromEntries(secret));
      const isDeposed = deposed !== undefined;
      return {
        urn: `${path}#${address}`,
        declares,
        address,
        module,
        type,
        name,
        provider,
        values: visible,
        isDeposed,
      };
    });
  });
}
