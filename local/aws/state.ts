import type { Role } from "@aws-sdk/client-iam";
import type { PolicyType } from "@aws-sdk/client-organizations";
import { parseDocument } from "../evaluator/documents";
import type { Account, Accounts } from "./account";
import { authorize } from "./authorization";
import type { Caller } from "./caller";
import type { Context } from "./context";
import { Credentials } from "./credentials";
import type { Device } from "./device";
import { Events } from "./events";
import { Faults } from "./faults";
import { Kept } from "./kept";
import { type KnownPolicies, policiesIn } from "./late-policies";
import { type Level, organizationPolicies } from "./organization";
import { EVERYTHING, type PrincipalPolicies, principalPolicies } from "./policies";
import type { Question } from "./request/question";
import { WebIdentity } from "./sts/web-identity";

/** The state that moto does not have or does not return, such as secrets, users' boundaries and service-specific credentials. */
export class State {
  readonly credentials: Credentials;
  /** Virtual MFA devices, by serial number. */
  readonly devices = new Map<string, Device>();
  /** The ARNs of users' permissions boundaries, by the users' ARNs. */
  readonly boundaries = new Map<string, string>();
  /** Service-specific credentials, by id. */
  readonly serviceCredentials = new Map<
    string,
    { readonly account: string; readonly credential: Readonly<Record<string, string>> }
  >();
  /** The accounts that own the buckets, by bucket name. */
  readonly owners = new Map<string, string>();
  readonly faults = new Faults();
  readonly events = new Events();
  /** Whether an organization exists. Before that, no call looks for one. */
  organized = false;
  readonly webIdentity = new WebIdentity();
  /** The policies before changes that have not taken effect, by account. */
  readonly #before = new Map<string, KnownPolicies>();
  /** The policies of callers, by access key: reading them takes about ten calls. */
  readonly #policies = new Kept<PrincipalPolicies>();
  /** The policies of organizations, by account and type. */
  readonly #organization = new Kept<Level[]>();

  constructor(readonly accounts: Accounts) {
    this.credentials = new Credentials(accounts);
  }

  reset(): void {
    this.credentials.reset();
    this.devices.clear();
    this.boundaries.clear();
    this.serviceCredentials.clear();
    this.owners.clear();
    this.faults.reset();
    this.#before.clear();
    this.events.reset();
    this.organized = false;
    this.forget();
  }

  /** Forgets what was read from moto, after a call that may have changed it. */
  forget(): void {
    this.credentials.forget();
    this.#policies.forget();
    this.#organization.forget();
  }

  /** A user's new access key. */
  addKey(accessKeyId: string, account: string, secret: string): void {
    const isKnown = this.faults.takesEffectAfter(this.faults.newKeyDelayMs);
    this.credentials.addKey(accessKeyId, account, secret, isKnown);
  }

  /** Keeps the account's policies before a change that takes effect later. */
  async beforeChange(account: Account): Promise<void> {
    const { policyDelayMs } = this.faults;
    if (policyDelayMs === 0 || this.#known(account.id)) return;
    this.#before.set(account.id, await policiesIn(account, this.faults.takesEffectAfter(policyDelayMs)));
  }

  /** A role's trust policy; `undefined` if AWS does not know the role yet. */
  trustOf({ Arn = "", AssumeRolePolicyDocument }: Role): unknown {
    const known = this.#known(Arn.split(":")[4] ?? "");
    return known ? known.trust.get(Arn) : parseDocument(AssumeRolePolicyDocument);
  }

  #known(account: string): KnownPolicies | undefined {
    const known = this.#before.get(account);
    return known?.tookEffect() ? undefined : known;
  }

  /** Throws AwsError if the policies do not allow the call. */
  async decide(
    caller: Caller,
    question: Question,
    context: Context,
    resourcePolicy?: unknown,
  ): Promise<void> {
    const known = this.#known(caller.account);
    const policies = () => principalPolicies(caller, this.accounts(caller.account), this.boundaries, known);
    await authorize(question, {
      principal: caller.arn,
      context,
      resourcePolicy,
      policies: await (known ? policies() : this.#policies.of(caller.accessKeyId, policies)),
      scps: await this.#levels(caller.account, "SERVICE_CONTROL_POLICY"),
      rcps: await this.#levels(question.account, "RESOURCE_CONTROL_POLICY"),
    });
  }

  /** The same for a web identity, which only the trust policy allows. */
  async decideFederated(
    provider: string,
    question: Question,
    context: Context,
    trust: unknown,
  ): Promise<void> {
    await authorize(question, {
      principal: provider,
      context,
      resourcePolicy: trust,
      policies: EVERYTHING,
      trustAlone: true,
      scps: [],
      rcps: await this.#levels(question.account, "RESOURCE_CONTROL_POLICY"),
    });
  }

  async #levels(account: string, type: PolicyType): Promise<Level[]> {
    if (!this.organized) return [];
    return this.#organization.of(`${account} ${type}`, () =>
      organizationPolicies(account, type, this.accounts),
    );
  }
}
