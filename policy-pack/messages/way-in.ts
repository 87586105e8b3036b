import type { Need } from "../iam/encode/request";
import { describeContext } from "../iam/mfa-context";
import type { TrustWitness } from "../iam/trust-policy/verdict";
import { statementName } from "./document";

/** A way into a role: the statement, who, in which MFA context, and what else must hold. */
export function wayIn(where: string, witness: TrustWitness): string {
  const { statement, sid, principal, action, context, caller, needs } = witness;
  return `  Way in: ${where}, ${statementName(statement, sid)} allows ${action} to ${principal} ${describeContext(context, caller)}${alsoNeeds(needs)}.`;
}

/** The other conditions of a way in, as the rest of its sentence. Without their values: one may be a secret. */
export function alsoNeeds(needs: readonly Need[]): string {
  const named = (isAbsent: boolean) =>
    needs.filter(({ values }) => (values === undefined) === isAbsent).map(({ key }) => key);
  const [there, absent] = [named(false), named(true)];
  return [
    there.length === 0
      ? ""
      : `, when ${there.join(" and ")} ${there.length === 1 ? "fits" : "fit"} the conditions`,
    absent.length === 0 ? "" : `, without ${absent.join(" and ")}`,
  ].join("");
}
