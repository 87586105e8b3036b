import fc from "fast-check";
import { type Deployment, type Resolver, startResolver } from "../../../local/moto/templates";
import { readTemplate } from "../../../policy-pack/cloudformation";
import { DEFAULT_TRUST_RULES, decideTrust, parsePolicy, type TrustRules } from "../../../policy-pack/iam";
import { type Area, count, falseAlarm, missed, type Tally } from "../area";
import { BUILD } from "../generate/principal";
import { SAM_ROLES, samTemplate } from "../generate/serverless";
import { given, template } from "../generate/template";

const RULES: TrustRules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [BUILD] };

/** Deployments of one template. */
const EACH = 6;

let resolver: Promise<Resolver> | undefined;

/** What is asked about a template. */
export interface Question {
  /** `known`: what a deployment gives. */
  read(template: unknown, known?: Omit<Deployment, "template">): Answer;
  /** About what was deployed: the properties of every resource that is there, by logical id. */
  deployed(resources: object, account: string): Answer;
}

/** `absent`: there is nothing to ask about. `refused`: AWS deploys none of it. */
export type Answer = "safe" | "open" | "undecided" | "absent" | "refused";

/**
 * Templates, and what moto deploys of them for several values of their parameters: where a template is said to be open, or
 * not to be, so is every deployment; with the parameters known, both have the same answer.
 */
export function templateArea(
  name: string,
  share: number,
  template: fc.Arbitrary<object>,
  ...questions: readonly Question[]
): Area {
  const cases = fc.tuple(template, fc.array(given, { minLength: EACH, maxLength: EACH }));
  return {
    name,
    share,
    async compare(documents, seed, _pick, tally) {
      resolver ??= startResolver();
      const moto = await resolver;
      const sample = fc.sample(cases, { numRuns: documents, seed });
      const deployments = sample.map(([body, values]) =>
        values.map((each): Deployment => ({ template: body, ...each })),
      );
      const resolved = await moto.resolve(deployments.flat());
      for (const [index, each] of deployments.entries()) {
        const real = resolved.slice(index * EACH, (index + 1) * EACH);
        for (const question of questions) compareTemplate(question, each, real, tally);
      }
    },
    async end() {
      (await resolver)?.stop();
      resolver = undefined;
    },
  };
}

function compareTemplate(
  question: Question,
  deployments: readonly Deployment[],
  resolved: readonly unknown[],
  tally: Tally,
): void {
  const whole = question.read(deployments[0]?.template);
  if (whole !== "absent") tally.documents += 1;
  if (whole === "absent" || whole === "refused") count(tally, whole);
  else tally.said[whole] += 1;
  const seen = new Set<Answer>();
  for (const [index, deployment] of deployments.entries()) {
    const { template, ...known } = deployment;
    const exact = question.read(template, known);
    const real = question.deployed(Object(withoutNull(resolved[index])), known.account);
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

function disagree(tally: Tally, said: Answer, real: Answer, deployment: Deployment): void {
  (real === "open" ? missed : falseAlarm)(tally, `said to be ${said}, deployed it is ${real}`, deployment);
}

/** Who gets into the role of this logical id. */
function intoRole(id: string): Question {
  return {
    read(body, known) {
      const read = readTemplate(body, { scope: "", ...known });
      if (!read.ok) throw new Error(`a template is refused: ${read.error.where} ${read.error.found}`);
      const role = read.resources.find(({ logicalId }) => logicalId === id);
      return role === undefined ? "absent" : answerOn(role.properties);
    },
    deployed(resources) {
      const role: unknown = Reflect.get(resources, id);
      return role === undefined ? "absent" : answerOn(role);
    },
  };
}

/** Who gets into a role of a template, and into those that AWS's transform makes of a SAM template. */
export const templates = templateArea("templates", 8, template, intoRole("Deploy"));
export const serverless = templateArea("SAM templates", 8, samTemplate, ...SAM_ROLES.map(intoRole));

function answerOn(properties: unknown): Answer {
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
