import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Analyzed, providerProps, type Said, urnOf } from "./analyzed";

export * from "./analyzed";

/** A running policy pack, spoken to over the Analyzer protocol as the engine does. */
export class RunningPack {
  private constructor(
    private readonly client: AnalyzerClient,
    private readonly kill: () => Promise<void>,
    readonly pid: number,
    /** What the pack printed beside its port. */
    readonly printed: readonly string[],
  ) {}

  static async start(folder: string): Promise<RunningPack> {
    const launcher = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
    const child = spawn(process.execPath, [launcher, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed: string[] = [];
    createInterface(child.stderr).on("line", (line) => printed.push(line));
    const lines = createInterface(child.stdout);
    const port = await new Promise<string>((resolve, reject) => {
      lines.once("line", (line) => {
        lines.on("line", (more) => printed.push(more));
        resolve(line);
      });
      child.once("exit", (code) => reject(new Error(`the pack ended with ${code}: ${printed.join("\n")}`)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": 400 * 1024 * 1024,
      "grpc.max_send_message_length": 400 * 1024 * 1024,
    });
    return new RunningPack(
      client,
      async () => {
        client.close();
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      },
      child.pid ?? 0,
      printed,
    );
  }

  stop(): Promise<void> {
    return this.kill();
  }

  info(): Promise<analyzer.AnalyzerInfo> {
    return ask((done) => this.client.getAnalyzerInfo(new Empty(), done));
  }

  /**
   * Configures the pack as the engine does: each policy's own level, else that of `all`, else the policy's; and whatever else
   * the file names goes along.
   */
  async configure(given: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    const levels = new Map(
      (await this.info()).getPoliciesList().map((each) => [each.getName(), each.getEnforcementlevel()]),
    );
    for (const name of new Set([...levels.keys(), ...Object.keys(given)])) {
      const { enforcementLevel = given.all?.enforcementLevel, ...properties } = given[name] ?? {};
      const config = new analyzer.PolicyConfig();
      config.setEnforcementlevel(
        enforcementLevel === undefined ? (levels.get(name) ?? 0) : LEVELS.indexOf(levelOf(enforcementLevel)),
      );
      config.setProperties(struct(properties));
      request.getPolicyconfigMap().set(name, config);
    }
    await ask((done) => this.client.configure(request, done));
  }

  async analyze(resource: Analyzed): Promise<Said[]> {
    const request = new analyzer.AnalyzeRequest();
    fill(request, resource);
    const response = await ask<analyzer.AnalyzeResponse>((done) => this.client.analyze(request, done));
    return response.getDiagnosticsList().map((each) => said(each, resource.name));
  }

  /** The policies that say of themselves that they have nothing to judge in the resource. */
  async notApplicable(resource: Analyzed): Promise<string[]> {
    const request = new analyzer.AnalyzeRequest();
    fill(request, resource);
    const response = await ask<analyzer.AnalyzeResponse>((done) => this.client.analyze(request, done));
    return response.getNotApplicableList().map((each) => each.getPolicyName());
  }

  async analyzeStack(resources: readonly Analyzed[]): Promise<Said[]> {
    const request = new analyzer.AnalyzeStackRequest();
    const urns = new Map(resources.map(({ type, name }) => [name, urnOf(type, name)]));
    for (const resource of resources) {
      const each = new analyzer.AnalyzerResource();
      fill(each, resource);
      for (const [property, names] of Object.entries(resource.dependencies ?? {})) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(names.map((name) => urns.get(name) ?? name));
        each.getPropertydependenciesMap().set(property, dependencies);
      }
      request.addResources(each);
    }
    const response = await ask<analyzer.AnalyzeResponse>((done) => this.client.analyzeStack(request, done));
    return response.getDiagnosticsList().map((each) => said(each, ""));
  }

  /** The properties that the pack hands back, or `undefined` when it leaves the resource alone. */
  async remediate(resource: Analyzed): Promise<{ [key: string]: unknown } | undefined> {
    const request = new analyzer.AnalyzeRequest();
    fill(request, resource);
    const response = await ask<analyzer.RemediateResponse>((done) => this.client.remediate(request, done));
    const [first] = response.getRemediationsList();
    return first?.getProperties()?.toJavaScript();
  }
}

const LEVELS: readonly Said["level"][] = ["advisory", "mandatory", "disabled", "remediate"];

function levelOf(text: unknown): Said["level"] {
  const level = LEVELS.find((each) => each === text);
  if (level === undefined) throw new Error(`no such level: ${String(text)}`);
  return level;
}

function ask<T>(call: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function struct(value: Readonly<Record<string, unknown>>): Struct {
  // Everything that a test writes is JSON.
  return Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });
}

function fill(
  message: analyzer.AnalyzeRequest | analyzer.AnalyzerResource,
  { type, name, props, secretOutputs, provider }: Analyzed,
): void {
  message.setType(type);
  message.setName(name);
  message.setUrn(urnOf(type, name));
  message.setProperties(struct(props));
  const options = new analyzer.AnalyzerResourceOptions();
  options.setAdditionalsecretoutputsList([...(secretOutputs ?? [])]);
  message.setOptions(options);
  if (provider === undefined) return;
  const made = new analyzer.AnalyzerProviderResource();
  made.setType("pulumi:providers:aws");
  made.setName(provider);
  made.setUrn(urnOf("pulumi:providers:aws", provider));
  made.setProperties(struct(providerProps(provider)));
  message.setProvider(made);
}

function said(diagnostic: analyzer.AnalyzeDiagnostic, about: string): Said {
  return {
    policy: diagnostic.getPolicyname(),
    level: LEVELS[diagnostic.getEnforcementlevel()] ?? "disabled",
    message: diagnostic.getMessage(),
    about: diagnostic.getUrn().split("::").pop() || about,
  };
}

/** The pack of this repository, as it is built. */
export const PACK_FOLDER = path.resolve(__dirname, "../../policy-pack");
