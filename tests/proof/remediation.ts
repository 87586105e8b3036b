import type { TrustRules } from "../../policy-pack/iam";
import { remediateTrust } from "../../policy-pack/iam/trust-policy/remediate";
import type { Random } from "../random";
import { count, falseAlarm, missed, type Tally } from "./area";
import { requests } from "./caller";
import { expectClosed } from "./closed";
import type { TrustCase } from "./enforced";
import { isEnforced } from "./enforced";
import type { Request } from "./simulator";

/**
 * A remediated document is closed, and there is nothing more to remediate in it; nobody gets in without MFA who did not
 * before; and who needs no MFA, or is a person and has it, still does.
 */
export async function compareRemediation(given: TrustCase, pick: Random, tally: Tally): Promise<void> {
  const principals: TrustRules["principals"] = { ...given.rules.principals, service: "exempt" };
  const about = { ...given, rules: { ...given.rules, principals } };
  const { document, rules, mayAssume } = about;
  const remediated = remediateTrust(document, rules, { peopleArns: ["*"] });
  if (remediated.kind !== "remediated") return;
  count(tally, "remediated");
  const after = remediated.document;
  await expectClosed({ ...about, document: after }, pick, tally, "remediated");
  const again = remediateTrust(after, rules, { peopleArns: ["*"] });
  if (again.kind !== "sound")
    falseAlarm(tally, "remediated once, it is not sound", { ...about, after, again });
  for (const { caller, request } of requests(about.values, pick)) {
    tally.requests += 1;
    const [before, now] = [await mayAssume(document, request), await mayAssume(after, request)];
    const seen = { ...about, after, request };
    if (!before && now) missed(tally, "let in by a remediation", seen);
    if (before && !now && !(await isEnforced(about, request, caller)))
      falseAlarm(tally, "locked out by a remediation", seen);
    if (caller.kind !== "user") continue;
    const person = withMfa(request);
    if ((await mayAssume(document, person)) && !(await mayAssume(after, person))) {
      falseAlarm(tally, "a person with MFA is locked out by a remediation", { ...seen, request: person });
    }
  }
}

/** The same request with a code just given. */
function withMfa(request: Request): Request {
  const mfa = { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0" };
  const context = { ...request.context, "aws:TokenIssueTime": "2029-12-31T00:00:00Z", ...mfa };
  return { ...request, context };
}
