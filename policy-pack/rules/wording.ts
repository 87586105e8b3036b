import type { DocumentError } from "../iam/policy/model";
import type { Need } from "../iam/trust-policy/verdict";
import type { Finding } from "./finding";

/** How a statement is called: its place in the document, and its Sid where it has one. */
export function statementName(index: number, sid: string | undefined): string {
  return sid === undefined || sid === "" ? `Statement[${index}]` : `Statement[${index}] "${sid}"`;
}

/** All else that a way in needs, as the rest of its sentence. The values stay where they are: one may be a secret. */
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

/** The message about a document that AWS would refuse, with every place. */
export function refused(
  resource: Finding["resource"],
  where: string,
  errors: readonly DocumentError[],
): Finding {
  const places = errors.map(({ path, found, allowed }) => {
    const place = path === "" ? "" : `${path}: `;
    return `  ${place}found ${found}; allowed is ${allowed}`;
  });
  const message = [
    `${where} is not a policy document that AWS accepts:`,
    ...places,
    "Fix: correct these places.",
  ].join("\n");
  return { resource, message };
}

/** The note on resources that overwrite each other, where the order decides. */
export function contestedNotes(resource: Finding["resource"], names: readonly string[]): readonly Finding[] {
  if (names.length === 0) return [];
  const message =
    `${names.join(" and ")} overwrite each other, in an order that is not given, so the worse outcome counts. ` +
    "Fix: keep one of them, or give them different names.";
  return [{ resource, message }];
}

/** A thing that is not known yet: a violation when the configuration says so, else a note. */
export function undecided(
  resource: Finding["resource"],
  what: string,
  unknown: "warn" | "reject",
): { readonly violations: readonly Finding[]; readonly notes: readonly Finding[] } {
  if (unknown === "warn")
    return { violations: [], notes: [{ resource, message: `Not decided yet: ${what}.` }] };
  const message = [
    `Cannot be proven yet: ${what}.`,
    'Fix: use values that are known at preview, or set "unknown" to "warn" to decide at the update.',
  ].join("\n");
  return { violations: [{ resource, message }], notes: [] };
}
