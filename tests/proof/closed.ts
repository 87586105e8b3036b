import type { TrustRules } from "../../policy-pack/iam";
import type { Random } from "../random";
import { missed, type Tally } from "./area";
import { requests, type Values } from "./caller";
import { isEnforced } from "./enforced";
import type { Request } from "./simulator";

/** A trust policy, by which rules it is judged, and how the evaluator is asked about it. */
export interface TrustCase {
  readonly document: unknown;
  readonly rules: TrustRules;
  /** What requests carry beside who calls. */
  readonly values: Values;
  /** Ages of an MFA, in seconds, that are more than the rules take. */
  readonly tooOld: readonly string[];
  readonly mayAssume: (document: unknown, request: Request) => Promise<boolean>;
}

/** Nobody who must prove MFA gets in without it. */
export async function expectClosed(
  about: TrustCase,
  pick: Random,
  tally: Tally,
  what: string,
): Promise<void> {
  for (const { caller, request } of requests(about.values, pick, about.tooOld)) {
    tally.requests += 1;
    if (!(await about.mayAssume(about.document, request)) || !(await isEnforced(about, request, caller)))
      continue;
    missed(tally, `${what}, but a request is allowed`, { ...about, request });
    return;
  }
}
