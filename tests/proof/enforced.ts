import type { TrustRules } from "../../policy-pack/iam";
import type { Caller, Values } from "./caller";
import type { Request } from "./simulator";

/** A trust policy, by which rules it is evaluated, and how the evaluator is asked about it. */
export interface TrustCase {
  readonly document: unknown;
  readonly rules: TrustRules;
  /** What requests carry beside who calls. */
  readonly values: Values;
  /** Ages of an MFA, in seconds, that are more than the rules take. */
  readonly tooOld: readonly string[];
  readonly mayAssume: (document: unknown, request: Request) => Promise<boolean>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Whether a caller whom the document lets in comes by a principal that must prove MFA: each principal is evaluated by its own
 * class, so each is asked about alone. A second reading of section 3 of the specification.
 */
export async function isEnforced(
  { document, rules, mayAssume }: Pick<TrustCase, "document" | "rules" | "mayAssume">,
  request: Request,
  caller: Caller,
): Promise<boolean> {
  if (
    rules.trustedPrincipalArns.some((pattern) =>
      [caller.arn, caller.principal].some((arn) => isLike(arn, pattern)),
    )
  ) {
    return false;
  }
  const whole = objectOf(document);
  const statements = listOf(whole.Statement).map(objectOf);
  const others = statements.filter(({ Effect }) => Effect === "Deny");
  for (const allow of statements) {
    if (allow.Effect !== "Allow") continue;
    for (const [type, name] of principalsOf(allow.Principal)) {
      if (!mustProve(classOf(type, name, allow, caller), rules)) continue;
      const alone = { ...allow, Principal: { [type]: name } };
      if (await mayAssume({ ...whole, Statement: [...others, alone] }, request)) return true;
    }
  }
  return false;
}

type Class = keyof TrustRules["principals"] | "anyone";

function mustProve(judged: Class, { principals }: TrustRules): boolean {
  return judged === "anyone" || principals[judged] === "enforce";
}

function classOf(type: string, name: string, statement: Json, { kind }: Caller): Class {
  if (type === "Service" || kind === "service") return "service";
  if (type === "Federated") return "federated";
  if (name === "*") return "anyone";
  if (/^\d{12}$|:root$/.test(name))
    return kind === "federated-user" || !isNarrowed(statement) ? "account" : kind;
  return /:user\//.test(name) ? "user" : "role";
}

/** A condition that says which users or roles of an account are meant. */
function isNarrowed({ Condition: condition }: Json): boolean {
  return Object.entries(objectOf(condition)).some(
    ([operator, keys]) =>
      !/not|^null$/i.test(operator.replace(/^.*:/, "")) &&
      Object.keys(objectOf(keys)).some((key) =>
        /^aws:(principalarn|principaltype|username|userid)$/i.test(key),
      ),
  );
}

function principalsOf(principal: unknown): readonly (readonly [type: string, name: string])[] {
  if (principal === "*") return [["AWS", "*"]];
  return Object.entries(objectOf(principal)).flatMap(([type, names]) =>
    listOf(names).map((name) => [type, String(name)] as const),
  );
}

function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return text !== "" && new RegExp(`^${source}$`, "s").test(text);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
