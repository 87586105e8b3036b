import type { PolicyType } from "@aws-sdk/client-organizations";
import type { Accounts } from "./account";
import { authorize } from "./authorization";
import { arnOf, type Caller } from "./caller";
import type { Context } from "./context";
import { Credentials } from "./credentials";
import type { Device } from "./device";
import { Events } from "./events";
import { Faults } from "./faults";
import { type Level, organizationPolicies } from "./organization";
import { EVERYTHING, principalPolicies } from "./policies";
import type { Question } from "./request/question";
import { WebIdentity } from "./sts/web-identity";

/** What the local AWS keeps beside what moto has: secrets that moto does not tell, and boundaries of users, which it does not keep. */
export class State {
  readonly credentials: Credentials;
  /** By serial number. */
  readonly devices = new Map<string, Device>();
  /** The boundary of a user, by the user's ARN. */
  readonly boundaries = new Map<string, string>();
  /** Whose a bucket is: moto tells nobody. */
  readonly owners = new Map<string, string>();
  readonly faults = new Faults();
  readonly events = new Events();
  /** Nothing is asked about an organization before one was made. */
  organized = false;
  readonly webIdentity = new WebIdentity();

  constructor(readonly accounts: Accounts) {
    this.credentials = new Credentials(accounts);
  }

  reset(): void {
    this.credentials.reset();
    this.devices.clear();
    this.boundaries.clear();
    this.owners.clear();
    this.faults.reset();
    this.events.reset();
    this.organized = false;
  }

  /** A user's new access key. */
  addKey(accessKeyId: string, account: string, secret: string): void {
    this.credentials.addKey(accessKeyId, account, secret, this.faults.newKeysCountAfterMs);
  }

  /** Throws AwsError where the policies do not let the caller do it. */
  async decide(
    caller: Caller,
    question: Question,
    context: Context,
    resourcePolicy?: unknown,
  ): Promise<void> {
    await authorize(question, {
      principal: arnOf(caller),
      context,
      resourcePolicy,
      policies: await principalPolicies(caller, this.accounts(caller.account), this.boundaries),
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
    return this.organized ? organizationPolicies(account, type, this.accounts) : [];
  }
}
