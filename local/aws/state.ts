import type { Role } from "@aws-sdk/client-iam";
import type { PolicyType } from "@aws-sdk/client-organizations";
import { parseDocument } from "../evaluator/documents";
import type { Account, Accounts } from "./account";
import { authorize } from "./authorization";
import { arnOf, type Caller } from "./caller";
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

/** What the local AWS keeps beside what moto has: secrets that moto does not tell, and what it does not keep: boundaries of users, and service-specific credentials. */
export class State {
  readonly credentials: Credentials;
  /** By serial number. */
  readonly devices = new Map<string, Device>();
  /** The boundary of a user, by the user's ARN. */
  readonly boundaries = new Map<string, string>();
  serviceCredentials: readonly {
    readonly account: string;
    readonly credential: Readonly<Record<"UserName" | "ServiceSpecificCredentialId", string>>;
  }[] = [];
  /** Whose a bucket is: moto tells nobody. */
  readonly owners = new Map<string, string>();
  readonly faults = new Faults();
  readonly events = new Events();
  /** Nothing is asked about an organization before one was made. */
  organized = false;
  readonly webIdentity = new WebIdentity();
  /** By account. */
  readonly #before = new Map<string, KnownPolicies>();
  /** By access key: a decision would ask moto ten times for what seldom changes. */
  readonly #policies = new Kept<PrincipalPolicies>();
  /** By account and type. */
  readonly #organization = new Kept<Level[]>();

  constructor(readonly accounts: Accounts) {
    this.credentials = new Credentials(accounts);
  }

  reset(): void {
    this.credentials.reset();
    this.devices.clear();
    this.boundaries.clear();
    this.serviceCredentials = [];
    this.owners.clear();
    this.faults.reset();
    this.#before.clear();
    this.events.reset();
    this.organized = false;
    this.forget();
  }

  /** Forgets what it has read from moto: a call has changed something there. */
  forget(): void {
    this.credentials.forget();
    this.#policies.forget();
    this.#organization.forget();
  }

  /** A user's new access key. */
  addKey(accessKeyId: string, account: string, secret: string): void {
    const counts = this.faults.countsAfter(this.faults.newKeysCountAfterMs);
    this.credentials.addKey(accessKeyId, account, secret, counts);
  }

  /** Keeps what the policies of the account are before a change that is to count late. */
  async beforeChange(account: Account): Promise<void> {
    const { policiesCountAfterMs } = this.faults;
    if (policiesCountAfterMs === 0 || this.#known(account.id)) return;
    this.#before.set(account.id, await policiesIn(account, this.faults.countsAfter(policiesCountAfterMs)));
  }

  /** A role's trust policy; `undefined` where AWS does not know the role yet. */
  trustOf({ Arn = "", AssumeRolePolicyDocument }: Role): unknown {
    const known = this.#known(Arn.split(":")[4] ?? "");
    return known ? known.trust.get(Arn) : parseDocument(AssumeRolePolicyDocument);
  }

  #known(account: string): KnownPolicies | undefined {
    const known = this.#before.get(account);
    return known?.changed() ? undefined : known;
  }

  /** Throws AwsError where the policies do not let the caller do it. */
  async decide(
    caller: Caller,
    question: Question,
    context: Context,
    resourcePolicy?: unknown,
  ): Promise<void> {
    const known = this.#known(caller.account);
    const policies = () => principalPolicies(caller, this.accounts(caller.account), this.boundaries, known);
    await authorize(question, {
      principal: arnOf(caller),
      context,
      resourcePolicy,
      policies: await (known ? policies() : this.#policies.of(caller.accessKeyId, policies)),
      scps: await this.#levels(caller.account, "SERVICE_CONTROL_POLICY"),
      rcps: await this.#levels(question.account, "RESOURCE_CONTROL_POLICY"),
    });
  }

  /** The same for whoever an identity provider vouches for, for whom the trust policy alone decides. */
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
