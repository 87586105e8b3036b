import fc from "fast-check";
import { type Deployment, type Resolver, startResolver } from "../../../local/moto/templates";
import { readTemplate } from "../../../policy-pack/cloudformation";
import { DEFAULT_TRUST_RULES, decideTrust, parsePolicy, type TrustRules } from "../../../policy-pack/iam";
import { type Area, count, falseAlarm, missed, type Tally } from "../area";
import { BUILD } from "../generate/principal";
import { given, template } from "../generate/template";

const RULES: TrustRules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [BUILD] };

/** Deployments of one template. */
const EACH = 6;
const cases = fc.tuple(template, fc.array(given, { minLength: EACH, maxLength: EACH }));

let resolver: Promise<Resolver<Deployment>> | undefined;

/**
 * Templates, and what moto deploys of them for several values of their parameters: where a template is said to be open, or
 * not to be, so is every deployment; with the parameters known, both have the same verdict.
 */
export const templates: Area = {
  name: "templates",
  share: 8,
  async compare(documents, seed, _pick, tally) {
    resolver ??= startResolver();
    const moto = await resolver;
    const sample = fc.sample(cases, { numRuns: documents, seed });
    const deployments = sample.map(([body, values]) =>
      values.map((each): Deployment => ({ template: body, ...each })),
    );
    const resolved = await moto.resolve(deployments.flat());
    for (const [index, each] of deployments.entries()) {
      compareTemplate(each, resolved.slice(index * EACH, (index + 1) * EACH), tally);
    }
  },
  async end() {
    (await resolver)?.stop();
    resolver = undefined;
  },
};

type Kind = "safe" | "open" | "undecided" | "absent" | "refused";

function compareTemplate(
  deployments: readonly Deployment[],
  resolved: readonly unknown[],
  tally: Tally,
): void {
  const whole = verdictOf(deployments[0]?.template);
  tally.documents += 1;
  if (whole === "absent" || whole === "refused") count(tally, whole);
  else tally.said[whole] += 1;
  const seen = new Set<Kind>();
  for (const [index, deployment] of deployments.entries()) {
    const role: unknown = Reflect.get(Object(resolved[index]), "Deploy");
    const exact = verdictOf(deployment.template, deployment);
    const real = role === undefined ? "absent" : verdictOn(withoutNull(role));
    tally.requests += 1;
    if (exact !== real) disagree(tally, exact, real, deployment);
    // What AWS would refuse is never deployed.
    if (real === "absent" || real === "refused") continue;
    seen.add(real);
    if (whole !== "undecided" && (whole === "open") !== (real === "open"))
      disagree(tally, whole, real, deployment);
  }
  if (whole === "undecided" && seen.size === 1)
    count(tally, "undecided, but the same for all that were tried");
}

function disagree(tally: Tally, said: Kind, real: Kind, deployment: Deployment): void {
  (real === "open" ? missed : falseAlarm)(tally, `said to be ${said}, deployed it is ${real}`, deployment);
}

function verdictOf(body: unknown, known: Partial<Deployment> = {}): Kind {
  const { template: _, ...more } = known;
  const read = readTemplate(body, { scope: "", ...more });
  if (!read.ok) throw new Error(`a template is refused: ${read.error.where} ${read.error.found}`);
  const [role] = read.resources;
  return role === undefined ? "absent" : verdictOn(role.properties);
}

function verdictOn(properties: unknown): Kind {
  const document: unknown = Reflect.get(Object(properties), "AssumeRolePolicyDocument");
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return "refused";
  const verdict = decideTrust(parsed.policy, RULES);
  if (verdict.kind === "unknown") return "undecided";
  if (verdict.kind !== "bypassable") return "safe";
  return verdict.decided ? "open" : "undecided";
}

/** moto leaves `null` in a list where AWS leaves the element out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutNull(each)]));
}
