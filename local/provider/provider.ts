import type { provider } from "@pulumi/pulumi";
import { type Aws, connect, type ProviderSettings } from "./aws";
import { found } from "./found";
import { checkInputs, deletesBeforeReplace, differences } from "./inputs";
import { invokes } from "./invokes";
import type { Kind, Properties } from "./kind";
import { kinds } from "./kinds";
import { plainProperties, rewrapped } from "./value";

/** The version of `@pulumi/aws` whose declared inputs and outputs the stand-in follows. */
const VERSION = "7.48.0";

/**
 * The stand-in for the official `aws` provider. It supports the resource types of `kinds`, calls the endpoint in `AWS_ENDPOINT_URL`,
 * refuses unsupported types and inputs, and returns AWS's own errors.
 */
export function standIn(settings: () => ProviderSettings): provider.Provider {
  let connected: Promise<Aws> | undefined;
  const aws = () => {
    connected ??= connect(settings());
    return connected;
  };

  /** The resource's outputs after a change; `kept` has what AWS returned only once. */
  const outputs = async (
    kind: Kind,
    id: string,
    inputs: Properties,
    kept: Properties,
  ): Promise<Properties> => {
    const actual = await kind.read(await aws(), id, { ...inputs, ...kept });
    if (actual === undefined) throw new Error(`${id} does not exist right after the change.`);
    return { ...inputsIn(kind, inputs), ...kept, ...actual };
  };

  return {
    version: VERSION,

    async check(urn, olds, news) {
      const checked = checkInputs(kindOf(urn), nameOf(urn), plainProperties(olds), plainProperties(news));
      return { inputs: rewrapped(checked.inputs, news), failures: checked.failures };
    },

    async diff(_id, urn, olds, news) {
      const kind = kindOf(urn);
      const changed = differences(kind, plainProperties(olds), plainProperties(news));
      const replaces = changed.filter((name) => kind.inputs[name]?.replaces || kind.update === undefined);
      const deleteBeforeReplace = deletesBeforeReplace(kind, plainProperties(news));
      return { changes: changed.length > 0, replaces, deleteBeforeReplace };
    },

    create: (urn, wrapped) =>
      named("creating", urn, async () => {
        const kind = kindOf(urn);
        const inputs = plainProperties(wrapped);
        const { id, once = {} } = await kind.create(await aws(), inputs);
        return { id, outs: rewrapped(await outputs(kind, id, inputs, once), wrapped) };
      }),

    update: (id, urn, olds, news) =>
      named("updating", urn, async () => {
        const kind = kindOf(urn);
        const before = plainProperties(olds);
        const after = plainProperties(news);
        await kind.update?.(await aws(), id, before, after);
        return { outs: rewrapped(await outputs(kind, id, after, withoutInputs(kind, before)), news) };
      }),

    read: (id, urn, known) =>
      named("reading", urn, async () => {
        const kind = kindOf(urn);
        const state = plainProperties(known);
        const actual = await kind.read(await aws(), id, state);
        if (actual === undefined) return { id: "", props: {} };
        const props: Properties = { ...state, ...actual };
        return { id, props: rewrapped(props, known), inputs: rewrapped(inputsIn(kind, props), known) };
      }),

    delete: (id, urn, state) =>
      named("deleting", urn, async () => {
        await found(kindOf(urn).delete(await aws(), id, plainProperties(state)));
      }),

    async invoke(token, args) {
      const invoke = invokes[token];
      if (invoke === undefined) throw new Error(unsupported("function", token, Object.keys(invokes)));
      try {
        return { outputs: await invoke(await aws(), plainProperties(args)) };
      } catch (error) {
        throw new Error(`${token}: ${messageOf(error)}`);
      }
    },
  };
}

function kindOf(urn: string): Kind {
  const token = (urn.split("::")[2] ?? "").split("$").pop() ?? "";
  const kind = kinds[token];
  if (kind === undefined) throw new Error(unsupported("resource type", token, Object.keys(kinds)));
  return kind;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function unsupported(what: string, token: string, known: string[]): string {
  return `The stand-in for the aws provider does not support the ${what} ${token}. Supported are:\n  ${known.join("\n  ")}\nFix: add it in local/provider, or use the official provider.`;
}

/** Runs `operation`. Its error names the operation, the resource, and AWS's error. */
async function named<T>(verb: string, urn: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw new Error(`${verb} ${kindOf(urn).title} (${nameOf(urn)}): ${messageOf(error)}`);
  }
}

/** An error's name and message, such as `EntityAlreadyExists: Role with name x already exists.` */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // HPE_…: another program now listens on the port, and does not speak HTTP.
  if ("code" in error && /^(ECONNREFUSED|HPE_\w+)$/.test(String(error.code))) {
    return `no local AWS answers at ${process.env.AWS_ENDPOINT_URL}: it is not running`;
  }
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

/** The properties that are inputs; some, such as `forceDestroy`, are not in AWS. */
function inputsIn(kind: Kind, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name in kind.inputs));
}

function withoutInputs(kind: Kind, state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !(name in kind.inputs)));
}
