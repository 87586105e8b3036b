import type {
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { IamGraph } from "../iam-graph/graph";
import { NESTING_TYPES, nestedResources } from "../iam-graph/nested-resources";
import { type Given, type Resource, readResource } from "../iam-graph/resource";
import { propertiesOf, RESOURCE_TYPES } from "../iam-graph/resource-types";
import { configurationOf, schemaOf } from "../rules/defaults";
import { withExemptions } from "../rules/exemption";
import { type Finding, type Findings, joined } from "../rules/finding";
import type { About, Common, ResourceRule, StackRule } from "../rules/rule";
import { unseenIn } from "../rules/unseen";
import type { Disabled } from "./configure";
import { Notes, reportedOn } from "./notes";

const DISABLED = "The configuration disables it.";

/** Makes the engine's policies out of rules: reads what the engine gives, asks the rule, reports what it found. */
export class PolicyMaker {
  private readonly notes = new Notes();

  constructor(private readonly disabled: Disabled) {}

  /** A policy on each resource; with a rule that can mend, also its remediation. */
  resourcePolicy<C extends Common>(rule: ResourceRule<C>): ResourceValidationPolicy {
    const { about, types, remediate } = rule;
    /** Why a remediation left a resource alone, by URN: its rejection says so. */
    const left = new Map<string, string>();
    const reaches = new Set([
      ...types,
      ...([...types].some((type) => type.startsWith("AWS::")) ? NESTING_TYPES : []),
    ]);
    return {
      ...describe(about),
      validateResource: onlyFor(reaches, (args, report) => {
        if (!reaches.has(args.type)) args.notApplicable(`It is not about ${args.type}.`);
        if (this.disabled.has(about.name)) args.notApplicable(DISABLED);
        const say = this.reporter(about, args.urn, report);
        say(args, () => {
          const config = settled<C>(about, args.getConfig());
          const { violations, notes } = judgeAll(rule, read(args), config);
          const reason = left.get(args.urn);
          const said = violations.map((each) =>
            reason === undefined ? each : { ...each, message: `${each.message}\nNot remediated: ${reason}.` },
          );
          return withExemptions({ violations: said, notes }, config.exemptions, new Date());
        });
      }),
      ...(remediate === undefined
        ? {}
        : {
            remediateResource: (args) => {
              left.delete(args.urn);
              if (!types.has(args.type)) return undefined;
              const config = settled<C>(about, args.getConfig());
              const resource = read(args);
              const { violations } = withExemptions(
                rule.judge(resource, config),
                config.exemptions,
                new Date(),
              );
              if (violations.length === 0) return undefined;
              const result = remediate(resource, config, (property) => rawProperty(args.props, property));
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
  stackPolicy<C extends Common>(rule: StackRule<C>): StackValidationPolicy {
    const { about } = rule;
    return {
      ...describe(about),
      validateStack: ({ resources, getConfig, notApplicable }, report) => {
        const relevant = resources.filter(({ type }) => RESOURCE_TYPES.has(type));
        const [first] = relevant;
        if (first === undefined) return notApplicable("The stack has nothing of IAM.");
        if (this.disabled.has(about.name)) notApplicable(DISABLED);
        this.reporter(
          about,
          "",
          report,
        )(first, () => {
          const config = settled<C>(about, getConfig());
          const given = relevant.map(read);
          const contents = given.map((resource) => ({ resource, contents: nestedResources(resource) }));
          const stack = new IamGraph([...given, ...contents.flatMap((each) => each.contents.resources)]);
          const unseen = contents.map((each) => unseenIn(rule, each.resource, each.contents, config));
          const found = joined([rule.judge(stack, config), ...unseen]);
          return withExemptions(found, config.exemptions, new Date());
        });
      },
    };
  }

  /** Says what the other policies could not: exemptions that were used, and what is not known yet. */
  notesPolicy(about: About): StackValidationPolicy {
    return {
      ...describe(about),
      validateStack: ({ resources, notApplicable }, report) => {
        if (this.disabled.has(about.name)) notApplicable(DISABLED);
        const urns = new Set(resources.map(({ urn }) => urn));
        for (const { rule, finding } of this.notes.about(urns)) {
          report(`${rule}: ${inPlace(finding)}`, reportedOn(finding));
        }
      },
    };
  }

  /** Runs a rule and reports its violations. A fault of the rule itself rejects too, rather than letting anything pass. */
  private reporter(about: About, scope: string, report: ReportViolation) {
    return (given: Given, judge: () => Findings): void => {
      let findings: Findings;
      try {
        findings = judge();
      } catch (fault) {
        const name = fault instanceof Error ? fault.name : "an error";
        const message = `Could not be judged, because of a fault in ${about.name} (${name}). Fix: report it to the pack's authors.`;
        findings = { violations: [{ resource: given, message }], notes: [] };
      }
      this.notes.keep(about.name, scope, findings.notes);
      for (const violation of findings.violations) report(inPlace(violation), reportedOn(violation));
    };
  }
}

/**
 * For a rule on a single type, names it as `@pulumi/policy`'s own helpers do, so that the SDK passes over every other
 * resource before it reads its properties.
 */
function onlyFor(types: ReadonlySet<string>, validate: ResourceValidation): ResourceValidation {
  const [only, ...more] = types;
  return only === undefined || more.length > 0 ? validate : Object.assign(validate, { __pulumiType: only });
}

function inPlace({ resource, message }: Finding): string {
  return resource.declaredBy === undefined ? message : `In the template, ${resource.name}: ${message}`;
}

/**
 * A property without the SDK's proxies, which hide that a nested value is secret and throw where one is unknown. The SDK
 * serializes what stands there for either one back as it was.
 */
function rawProperty(props: object, property: string): unknown {
  let value: unknown = Reflect.get(props, property);
  while (typeof value === "object" && value !== null && Reflect.get(value, "__isSpecialProxy") === true) {
    value = Reflect.get(value, "__getSpecialProxyTarget");
  }
  return value;
}

function read(given: Given): Resource {
  const row = RESOURCE_TYPES.get(given.type);
  return readResource(given, row === undefined ? [] : propertiesOf(row));
}

/** Judges a resource, or what a template in it declares. */
function judgeAll<C extends Common>(rule: ResourceRule<C>, resource: Resource, config: C): Findings {
  if (rule.types.has(resource.type)) return rule.judge(resource, config);
  const contents = nestedResources(resource);
  const inside = contents.resources.filter(({ type }) => rule.types.has(type));
  return joined([
    ...inside.map((each) => rule.judge(each, config)),
    unseenIn(rule, resource, contents, config),
  ]);
}

/** The configuration with its defaults. The pack has refused a wrong one as a whole: see `readConfiguration`. */
function settled<C extends Common>(about: About, given: object): C {
  const configured = configurationOf(about, given);
  if (!configured.ok) throw new Error(configured.message);
  // The schema that was just checked describes C.
  return configured.config as unknown as C;
}

/** What the engine and the console show of a rule. */
function describe(about: About) {
  const { name, displayName, description, severity, level, framework, tags, steps, url } = about;
  // The engine's type asks for lists that may be written to; it only reads them.
  const configSchema = { properties: structuredClone(schemaOf(about).properties) as Record<string, never> };
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
