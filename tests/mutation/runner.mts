import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from "vitest";

const { getTestFn, getSuiteHooks } = TestRunner;

/** What instrumented code reads and writes. */
interface Stryker {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: object;
}

/** Runs these tests, or all; with a mutant until the first one fails. */
export interface Request {
  readonly mutant?: string;
  readonly hitLimit?: number | undefined;
  readonly tests?: readonly string[] | undefined;
}

export interface Response {
  readonly tests: readonly {
    readonly id: string;
    readonly milliseconds: number;
    readonly failure?: string;
  }[];
  readonly coverage?: object | undefined;
  readonly hits: number;
}

const stryker: Stryker = {};
Reflect.set(globalThis, "__stryker__", stryker);

/**
 * Loads the tests once and then runs them as often as it is asked to over a channel, each time with another mutant active: a
 * mutant takes as long as its tests, and not the start of a thread and the loading of every module.
 */
export default class extends TestRunner {
  async onBeforeRunFiles(files: RunnerTestFile[]): Promise<void> {
    const tests = new Map<string, RunnerTestCase>();
    for (const file of files) await prepare(file, file.name, tests);
    const channel = new BroadcastChannel("mutation");
    channel.onmessage = ({ data }: { data: Request }) =>
      void run(tests, data).then((response) => channel.postMessage(response));
    channel.postMessage({ tests: [], hits: 0 } satisfies Response);
    await new Promise(() => {});
  }
}

async function prepare(task: RunnerTask, id: string, tests: Map<string, RunnerTestCase>): Promise<void> {
  if (task.type === "test") {
    // Long values are cut in a name, so that two tests may have the same.
    const same = [...tests.keys()].filter((each) => each.startsWith(id)).length;
    if (task.mode !== "skip") tests.set(same === 0 ? id : `${id} (${same})`, task);
    return;
  }
  for (const hook of getSuiteHooks(task).beforeAll) await hook(task);
  for (const each of task.tasks) await prepare(each, `${id} ${each.name}`, tests);
}

/** What each test took when it last ran, in milliseconds, and how many mutants it has found. */
const cost = new Map<string, number>();
const found = new Map<string, number>();

async function run(
  all: ReadonlyMap<string, RunnerTestCase>,
  { mutant, hitLimit, tests }: Request,
): Promise<Response> {
  const results: Response["tests"][number][] = [];
  Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit });
  const order = (id: string) => (cost.get(id) ?? 0) / (1 + (found.get(id) ?? 0));
  for (const id of [...(tests ?? all.keys())].sort((a, b) => order(a) - order(b))) {
    const test = all.get(id);
    if (test === undefined) throw new Error(`no test of the name ${id}`);
    if (mutant === undefined) stryker.currentTestId = id;
    const start = performance.now();
    const failure = await failureOf(test);
    const milliseconds = performance.now() - start;
    cost.set(id, milliseconds);
    results.push({ id, milliseconds, ...(failure === undefined ? {} : { failure }) });
    if (failure === undefined || mutant === undefined) continue;
    found.set(id, 1 + (found.get(id) ?? 0));
    break;
  }
  const hits = stryker.hitCount ?? 0;
  Object.assign(stryker, { activeMutant: undefined, currentTestId: undefined });
  return { tests: results, coverage: mutant === undefined ? stryker.mutantCoverage : undefined, hits };
}

async function failureOf(test: RunnerTestCase): Promise<string | undefined> {
  try {
    for (const { hooks, suite } of suitesOf(test)) {
      for (const hook of hooks.beforeEach) await hook(test.context, suite);
    }
    await getTestFn(test)();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function suitesOf({ suite, file }: RunnerTestCase) {
  const all = [];
  for (let each = suite; each !== undefined; each = each.suite)
    all.unshift({ hooks: getSuiteHooks(each), suite: each });
  return [{ hooks: getSuiteHooks(file), suite: file }, ...all];
}
