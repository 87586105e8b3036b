import type { provider } from "@pulumi/pulumi";
import { type Aws, connect, type ProviderSettings } from "./aws";
import { isGone } from "./found";
import { checkInputs, deletesBeforeReplace, differences } from "./inputs";
import { invokes } from "./invokes";
import type { Kind, Properties } from "./kind";
import { kinds } from "./kinds";
import { plainProperties, rewrapped } from "./value";

/** The version of `@pulumi/aws` whose declared inputs and outputs the stand-in follows. */
const VERSION = "7.48.0";

/**
 * The stand-in for the official `aws` provider: the resource types of `kinds`, against the endpoint in
 * `AWS_ENDPOINT_URL`. It refuses a type or an input that it does not know, and passes on AWS's own errors.
 */
export function standIn(settings: () => ProviderSettings): provider.Provider {
  let connected: Promise<Aws> | undefined;
  const aws = () => {
    connected ??= connect(settings());
    return connected;
  };

  /** What the resource is in AWS after a change; `kept` is what AWS said only once. */
  const outputs = async (
    kind: Kind,
    id: string,
    inputs: Properties,
    kept: Properties,
  ): Promise<Properties> => {
    const found = await kind.read(await aws(), id, { ...inputs, ...kept });
    if (found === undefined) throw new Error(`AWS does not have it right after the change (id ${id})`);
    return { ...settled(kind, inputs), ...kept, ...found };
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
      doing("creating", urn, async () => {
        const kind = kindOf(urn);
        const inputs = plainProperties(wrapped);
        const { id, once = {} } = await kind.create(await aws(), inputs);
        return { id, outs: rewrapped(await outputs(kind, id, inputs, once), wrapped) };
      }),

    update: (id, urn, olds, news) =>
      doing("updating", urn, async () => {
        const kind = kindOf(urn);
        const before = plainProperties(olds);
        const after = plainProperties(news);
        await kind.update?.(await aws(), id, before, after);
        return { outs: rewrapped(await outputs(kind, id, after, withoutInputs(kind, before)), news) };
      }),

    read: (id, urn, known) =>
      doing("reading", urn, async () => {
        const kind = kindOf(urn);
        const state = plainProperties(known);
        const found = await kind.read(await aws(), id, state);
        if (found === undefined) return { id: "", props: {} };
        const props: Properties = { ...state, ...found };
        const inputs = Object.fromEntries(Object.entries(props).filter(([name]) => name in kind.inputs));
        return { id, props: rewrapped(props, known), inputs: rewrapped(inputs, known) };
      }),

    delete: (id, urn, state) =>
      doing("deleting", urn, async () => {
        try {
          await kindOf(urn).delete(await aws(), id, plainProperties(state));
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      }),

    async invoke(token, args) {
      const invoke = invokes[token];
      if (invoke === undefined) throw new Error(unknown("function", token, Object.keys(invokes)));
      try {
        return { outputs: await invoke(await aws(), plainProperties(args)) };
      } catch (error) {
        throw new Error(`${token}: ${awsWords(error)}`);
      }
    },
  };
}

function kindOf(urn: string): Kind {
  const token = (urn.split("::")[2] ?? "").split("$").pop() ?? "";
  const kind = kinds[token];
  if (kind === undefined) throw new Error(unknown("resource type", token, Object.keys(kinds)));
  return kind;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function unknown(what: string, token: string, known: string[]): string {
  return `The stand-in for the aws provider does not know the ${what} ${token}. It knows:\n  ${known.join("\n  ")}\nAdd it in local/provider, or use the official provider.`;
}

/** The error of `work` says what was being done to which resource, and what AWS answered. */
async function doing<T>(verb: string, urn: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${verb} ${kindOf(urn).title} (${nameOf(urn)}): ${awsWords(error)}`);
  }
}

/** An AWS error's name and message, such as `EntityAlreadyExists: Role with name x already exists.` */
function awsWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // HPE_…: what answers does not speak HTTP, as a program does that got the port since.
  if ("code" in error && /^(ECONNREFUSED|HPE_\w+)$/.test(String(error.code))) {
    return `no local AWS answers at ${process.env.AWS_ENDPOINT_URL}: it is not running (any more)`;
  }
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

/** The inputs that the program gave, where AWS has no word for them (`forceDestroy` and the like). */
function settled(kind: Kind, inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => name in kind.inputs));
}

function withoutInputs(kind: Kind, state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !(name in kind.inputs)));
}
