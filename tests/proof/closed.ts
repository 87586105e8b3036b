import type { Random } from "../random";
import { missed, type Tally } from "./area";
import { requests } from "./caller";
import { isEnforced, type TrustCase } from "./enforced";

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
