import type {
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Subject } from "../evaluation/assessment";
import { evaluate, type Result } from "../evaluation/evaluate";
import { type About, propertiesOf, type Rule } from "../evaluation/rule";
import { type Setting, settingsOf } from "../evaluation/settings";
import { DocumentReader } from "../iam-graph/document-reader";
import { IamGraph } from "../iam-graph/graph";
import { NESTING_TYPES } from "../iam-graph/nested-resources";
import { type Given, type Resource, readResource } from "../iam-graph/resource";
import { RESOURCE_TYPES, propertiesOf as typeProperties } from "../iam-graph/resource-types";
import { notesOf, violationText } from "../messages/result";
import type { Disabled } from "./configure";
import { Notes, reportedOn } from "./notes";

const DISABLED = "The configuration disables it.";

/** The documents and templates that are cached between resources. */
const MOST_TEXTS = 1000;

const PROPERTIES = new Map([...RESOURCE_TYPES].map(([type, row]) => [type, typeProperties(row)]));

/** Makes the engine's policies from rules: reads the engine's resources into a graph, evaluates it and reports the results. */
export class PolicyMaker {
  private readonly notes = new Notes();
  private readonly settings = new Map<string, readonly Setting[]>();
  /** Shared, since every policy reads a resource's documents, and many resources have the same ones. */
  private reader = new DocumentReader();

  constructor(
    private readonly disabled: Disabled,
    private readonly clock: () => Date,
  ) {}

  policy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
    return rule.scope === "resource" ? this.resourcePolicy(rule) : this.stackPolicy(rule);
  }

  /** A policy on each resource, with its remediation if the rule has one. */
  private resourcePolicy(rule: Rule): ResourceValidationPolicy {
    const { about, types, remediate } = rule;
    /** Why a resource was not remediated, by URN, for the message of its violation. */
    const left = new Map<string, string>();
    const reaches = new Set([
      ...types,
      ...([...types].some((type) => type.startsWith("AWS::")) ? NESTING_TYPES : []),
    ]);
    return {
      ...describe(about),
      validateResource: onlyFor(reaches, (args, report) => {
        if (!reaches.has(args.type)) args.notApplicable(`It does not apply to ${args.type}.`);
        if (this.disabled.has(about.name)) args.notApplicable(DISABLED);
        this.report(about, args.urn, args, report, () => {
          const results = this.evaluate(rule, this.graphOfOne(args), args.getConfig());
          return { results, left: left.get(args.urn) };
        });
      }),
      ...(remediate === undefined
        ? {}
        : {
            remediateResource: (args) => {
              left.delete(args.urn);
              if (!types.has(args.type)) return undefined;
              const graph = this.graphOfOne(args);
              const setting = this.settingOf(rule, args.getConfig());
              const results = evaluate(graph, [setting], this.clock());
              const [resource] = graph.resources;
              if (resource === undefined || !results.some(({ effect }) => effect === "violation"))
                return undefined;
              const source = (property: string) => rawProperty(args.props, property);
              const result = remediate(graph, resource, setting.config, source);
              if (result === undefined) return undefined;
              if (result.kind === "left") {
                left.set(args.urn, result.reason);
                return undefined;
              }
              // Set in place: the SDK's proxy keeps a secret property secret.
              args.props[result.property] = result.value;
              return args.props;
            },
          }),
    };
  }

  /** A policy on the whole stack. */
  private stackPolicy(rule: Rule): StackValidationPolicy {
    const { about } = rule;
    return {
      ...describe(about),
      validateStack: ({ resources, getConfig, notApplicable }, report) => {
        const relevant = resources.filter(({ type }) => RESOURCE_TYPES.has(type));
        const [first] = relevant;
        if (first === undefined) return notApplicable("The stack has no IAM resources.");
        if (this.disabled.has(about.name)) notApplicable(DISABLED);
        this.report(about, "", first, report, () => ({
          results: this.evaluate(rule, this.graphOf(relevant), getConfig()),
        }));
      },
    };
  }

  /** The policy that reports the notes of all others. */
  notesPolicy(about: About): StackValidationPolicy {
    return {
      ...describe(about),
      validateStack: ({ resources, notApplicable }, report) => {
        if (this.disabled.has(about.name)) notApplicable(DISABLED);
        const urns = new Set(resources.map(({ urn }) => urn));
        for (const { rule, subject, text } of this.notes.about(urns)) {
          report(`${rule}: ${inPlace(subject, text)}`, reportedOn(subject));
        }
      },
    };
  }

  private evaluate(rule: Rule, graph: IamGraph, config: object): readonly Result[] {
    return evaluate(graph, [this.settingOf(rule, config)], this.clock());
  }

  /** Cached. `readConfiguration` has already rejected an invalid configuration. */
  private settingOf(rule: Rule, config: object): Setting {
    const { name } = rule.about;
    const key = `${name} ${JSON.stringify(config)}`;
    const settings = this.settings.get(key) ?? settingsOf([rule], new Map([[name, { config }]]));
    this.settings.set(key, settings);
    const [setting] = settings;
    if (setting === undefined) throw new Error("a rule without a setting");
    return setting;
  }

  private graphOfOne(given: Given): IamGraph {
    if (this.reader.size > MOST_TEXTS) this.reader = new DocumentReader();
    return this.graphOf([given]);
  }

  private graphOf(given: readonly Given[]): IamGraph {
    return new IamGraph(given.map(resourceOf), this.reader);
  }

  /** Reports the results of a rule. An error in the rule itself is a violation, too. */
  private report(
    about: About,
    scope: string,
    given: Given,
    report: ReportViolation,
    evaluated: () => { readonly results: readonly Result[]; readonly left?: string | undefined },
  ): void {
    try {
      const { results, left } = evaluated();
      const notes = results.flatMap((result) =>
        notesOf(result).map((text) => ({ subject: result.assessment.subject, text })),
      );
      this.notes.keep(about.name, scope, notes);
      for (const result of results) {
        if (result.effect !== "violation") continue;
        const { subject } = result.assessment;
        const reason = left === undefined ? "" : `\nNot remediated: ${left}.`;
        report(inPlace(subject, violationText(result) + reason), reportedOn(subject));
      }
    } catch (fault) {
      const name = fault instanceof Error ? fault.name : "an error";
      this.notes.keep(about.name, scope, []);
      report(
        `Could not be assessed because of an error in ${about.name} (${name}). Fix: report it to the authors of the pack.`,
        given.urn,
      );
    }
  }
}

/**
 * Marks a policy on a single type as `@pulumi/policy`'s own helpers do, so that the SDK skips every other resource before it
 * reads its properties.
 */
function onlyFor(types: ReadonlySet<string>, validate: ResourceValidation): ResourceValidation {
  const [only, ...more] = types;
  return only === undefined || more.length > 0 ? validate : Object.assign(validate, { __pulumiType: only });
}

function inPlace(subject: Subject, text: string): string {
  return subject.declaredBy === undefined ? text : `In the template, ${subject.name}: ${text}`;
}

/**
 * A property without the SDK's proxies, which hide nested secrets and throw for unknown values. The SDK serializes the
 * markers for both unchanged.
 */
function rawProperty(props: object, property: string): unknown {
  let value: unknown = Reflect.get(props, property);
  while (typeof value === "object" && value !== null && Reflect.get(value, "__isSpecialProxy") === true) {
    value = Reflect.get(value, "__getSpecialProxyTarget");
  }
  return value;
}

function resourceOf(given: Given): Resource {
  return readResource(given, PROPERTIES.get(given.type) ?? []);
}

/** What the engine and the console show about a policy. */
function describe(about: About) {
  const { name, displayName, description, severity, level, framework, tags, steps, url } = about;
  // The engine's type requires mutable lists; it only reads them.
  const configSchema = { properties: structuredClone(propertiesOf(about)) as Record<string, never> };
  return {
    name,
    displayName,
    description,
    severity,
    enforcementLevel: level,
    ...(framework === undefined ? {} : { framework }),
    tags: [...tags],
    remediationSteps: steps,
    url,
    configSchema,
  };
}
