import { isMfaKey, MFA_AGE } from "../mfa-context";
import type { Condition, Policy, Statement } from "../policy/model";
import { coveredDenies } from "./coverage";
import { type IneffectiveCondition, type IneffectiveKind, ineffective, type PolicyUse } from "./ineffective";
import { meantMfaKey } from "./key-spelling";
import { ABSENT, areMet, FALSE, FRESH, isMet, statesFor } from "./mfa-state";

/**
 * The MFA conditions of a policy that are not effective, in the order of its statements. What a statement's MFA conditions do
 * together decides: an Allow must not match without MFA; a Deny must match in both contexts without MFA, alone or with the
 * other Denies of the document, and not match a caller who has just used MFA. What depends on an unknown value is no finding.
 * Source: IAM user guide, "AWS global condition context keys", "Condition operators", "Configuring MFA-protected API
 * access".
 */
export function lintConditions(policy: Policy, use: PolicyUse): readonly IneffectiveCondition[] {
  const suspects = policy.statements.flatMap((statement) => suspectsIn(statement, use));
  const uncertain = suspects.filter(({ kind }) => isMissing(kind)).map(({ statement }) => statement);
  const covered = coveredDenies(policy, [...new Set(uncertain)]);
  return suspects
    .filter(({ statement, kind }) => !isMissing(kind) || !covered.has(statement.index))
    .map(({ kind, statement, condition }) => ineffective(kind, statement, condition));
}

interface Suspect {
  readonly kind: IneffectiveKind;
  readonly statement: Statement;
  readonly condition: Condition;
}

/** What is wrong with one statement, if no other of the document makes up for it. */
function suspectsIn(statement: Statement, use: PolicyUse): readonly Suspect[] {
  const suspect = (kind: IneffectiveKind) => (condition: Condition) => ({ kind, statement, condition });
  const misspelt = statement.conditions.filter(({ key }) => meantMfaKey(key) !== undefined);
  const found: Suspect[] = misspelt.map(suspect("misspelt-key"));
  const conditions = statement.conditions.filter(({ key }) => isMfaKey(key));
  if (use === "role-permissions") return [...found, ...conditions.map(suspect("role-permissions"))];
  if (areWithoutMfa(statement)) return [...found, ...conditions.map(suspect("principals-without-mfa"))];
  const sound: Condition[] = [];
  for (const condition of conditions) {
    const kind = brokenForm(condition, statement);
    if (kind === undefined) sound.push(condition);
    else found.push(suspect(kind)(condition));
  }
  const kind = conditions.length === 0 ? undefined : whatTheyDo(conditions, statement);
  if (kind === undefined) return found;
  return [...found, ...toBlame(kind, sound, statement).map(suspect(kind))];
}

/** Services and federated principals only, whose MFA AWS never sees. */
function areWithoutMfa({ principals }: Statement): boolean {
  if (principals === undefined || principals.negated) return false;
  return principals.entries.every(({ kind }) => kind === "service" || kind === "federated");
}

/** What is wrong with a condition, whatever the others are. */
function brokenForm(
  condition: Condition,
  statement: Statement,
): "both-values" | "not-a-boolean" | "undocumented" | undefined {
  const { operator, key, values } = condition;
  const texts = values.filter((value) => typeof value === "string").map((value) => value.toLowerCase());
  const asksForBoolean = operator.family === "null" || (operator.family === "boolean" && key !== MFA_AGE);
  if (asksForBoolean) {
    if (texts.includes("true") && texts.includes("false")) return "both-values";
    if (texts.some((text) => text !== "true" && text !== "false")) return "not-a-boolean";
  }
  if (values.length > 0 && texts.length < values.length) return undefined;
  const isDecided = [ABSENT, FALSE, FRESH].some((state) => isMet(condition, state, statement) !== undefined);
  return isDecided ? undefined : "undocumented";
}

/** What is wrong with the MFA conditions of a statement together. */
function whatTheyDo(conditions: readonly Condition[], statement: Statement): IneffectiveKind | undefined {
  const met = new Map(statesFor(conditions).map((state) => [state, areMet(conditions, state, statement)]));
  if ([...met.values()].every((each) => each === false)) return "never-met";
  if (statement.effect === "Deny" && met.get(FRESH) === true) return "denies-mfa";
  const isWrong = statement.effect === "Allow";
  const absent = met.get(ABSENT) === isWrong;
  const no = met.get(FALSE) === isWrong;
  if (!absent && !no) return undefined;
  const context = absent && no ? "both" : absent ? "absent" : "false";
  return statement.effect === "Allow" ? `allows-${context}` : `misses-${context}`;
}

function isMissing(kind: IneffectiveKind): boolean {
  return kind === "misses-absent" || kind === "misses-false" || kind === "misses-both";
}

/** The conditions that keep a Deny from matching; of a contradiction the first; otherwise all, since all are met. */
function toBlame(
  kind: IneffectiveKind,
  conditions: readonly Condition[],
  statement: Statement,
): readonly Condition[] {
  if (kind === "never-met") return conditions.slice(0, 1);
  if (!isMissing(kind)) return conditions;
  return conditions.filter((condition) =>
    [ABSENT, FALSE].some((state) => isMet(condition, state, statement) === false),
  );
}
