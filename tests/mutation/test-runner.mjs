import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { determineHitLimitReached, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";
import { createVitest } from "vitest/node";

/** Vitest with all tests loaded: see `runner.mts`, which runs them. */
class LoadedTests {
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    this.channel = new BroadcastChannel("mutation");
    const ready = this.response();
    this.vitest = await createVitest("test", { config: "tests/mutation/vitest.config.mjs", watch: false });
    const ended = this.vitest.start();
    await Promise.race([
      ready,
      ended.then((result) => {
        const files = this.vitest.state.getFiles().flatMap((file) => [file, ...file.tasks]);
        const errors = [...files.flatMap((each) => each.result?.errors ?? []), ...result.unhandledErrors];
        throw new Error(`the tests cannot be loaded: ${errors.map(({ stack }) => stack).join("\n")}`);
      }),
    ]);
  }

  async dryRun() {
    const { tests, coverage } = await this.ask({});
    return { status: "complete", tests: tests.map(testResult), mutantCoverage: coverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const { tests, hits } = await this.ask({ mutant: activeMutant.id, tests: testFilter, hitLimit });
    const reached = determineHitLimitReached(hits, hitLimit);
    return toMutantRunResult(reached ?? { status: "complete", tests: tests.map(testResult) });
  }

  async dispose() {
    await this.vitest?.close();
    this.channel?.close();
  }

  async ask(request) {
    const response = this.response();
    this.channel.postMessage(request);
    return response;
  }

  response() {
    return new Promise((resolve) => {
      this.channel.onmessage = ({ data }) => resolve(data);
    });
  }
}

function testResult({ id, milliseconds, failure }) {
  const told = { id, name: id, timeSpentMs: milliseconds };
  return failure === undefined
    ? { ...told, status: TestStatus.Success }
    : { ...told, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "loaded", LoadedTests)];
