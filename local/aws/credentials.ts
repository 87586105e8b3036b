import { randomBytes } from "node:crypto";
import { isGone } from "../provider/found";
import type { Accounts } from "./account";
import type { Caller, Tags } from "./caller";
import { awsError } from "./error";
import { Kept } from "./kept";

/** Access keys of a user or of the root user. */
interface LongTerm {
  readonly account: string;
  readonly secret: string;
  readonly root: boolean;
  /** Whether AWS knows the key yet. */
  readonly isKnown: () => boolean;
}

export type SessionOwner = Omit<Caller, "accessKeyId">;

/** Temporary credentials from STS. */
export interface Issued {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly token: string;
  readonly expires: Date;
}

/** The secrets of all access keys and sessions, which moto keeps to itself or does not have. */
export class Credentials {
  readonly #longTerm = new Map<string, LongTerm>();
  readonly #temporary = new Map<string, Issued & { readonly owner: SessionOwner }>();
  /** Users in moto, by access key. */
  readonly #users = new Kept<SessionOwner>();

  constructor(private readonly accounts: Accounts) {}

  /** @param isKnown whether AWS knows the key yet */
  addKey(accessKeyId: string, account: string, secret: string, isKnown: () => boolean): void {
    this.#longTerm.set(accessKeyId, { account, secret, root: false, isKnown });
  }

  addRoot(accessKeyId: string, account: string, secret: string): void {
    this.#longTerm.set(accessKeyId, { account, secret, root: true, isKnown: () => true });
  }

  /** Issues temporary credentials. */
  issue(owner: SessionOwner, seconds: number): Issued {
    const issued = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secret: randomBytes(30).toString("base64"),
      token: `FwoGZXIvYXdzE${randomBytes(90).toString("base64url")}`,
      expires: new Date(Date.now() + seconds * 1000),
    };
    this.#temporary.set(issued.accessKeyId, { ...issued, owner });
    return issued;
  }

  /** Forgets the users that were read from moto. */
  forget(): void {
    this.#users.forget();
  }

  /** Deletes all but the root users' keys. */
  reset(): void {
    this.#temporary.clear();
    for (const [id, { root }] of this.#longTerm) if (!root) this.#longTerm.delete(id);
  }

  /** The secret that must have signed the request. Throws AwsError for an unknown key or token. */
  secretOf(accessKeyId: string, token: string | undefined): string {
    const key = this.#longTerm.get(accessKeyId);
    const session = this.#temporary.get(accessKeyId);
    if (key?.isKnown() && token === undefined) return key.secret;
    if (session === undefined || session.token !== token) throw awsError("unknownKey");
    return session.secret;
  }

  /**
   * The current owner of the key.
   *
   * @throws AwsError if the key is inactive or deleted, the session has expired, or its user or role is gone
   */
  async callerOf(accessKeyId: string): Promise<Caller> {
    const session = this.#temporary.get(accessKeyId);
    if (session) {
      if (session.expires.getTime() <= Date.now()) throw awsError("expired");
      const { kind, account, name } = session.owner;
      if (kind === "role") await existing(this.accounts(account).iam.getRole({ RoleName: name }));
      const user =
        kind === "user" ? await this.#users.of(accessKeyId, () => this.#user(account, name)) : undefined;
      return { ...session.owner, ...user, accessKeyId };
    }
    const key = this.#longTerm.get(accessKeyId);
    if (key === undefined) throw awsError("unknownKey");
    const { account } = key;
    if (key.root) return { ...rootOf(account), accessKeyId };
    const user = await this.#users.of(accessKeyId, async () => {
      const { iam } = this.accounts(account);
      const { UserName } = await existing(iam.getAccessKeyLastUsed({ AccessKeyId: accessKeyId }));
      const { AccessKeyMetadata = [] } = await existing(iam.listAccessKeys({ UserName }));
      const found = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
      if (UserName === undefined || found?.Status !== "Active") throw awsError("unknownKey");
      return this.#user(account, UserName);
    });
    return { ...user, accessKeyId };
  }

  async #user(account: string, name: string): Promise<SessionOwner> {
    const { User } = await existing(this.accounts(account).iam.getUser({ UserName: name }));
    const arn = User?.Arn ?? "";
    const tags = tagsOf(User?.Tags);
    return { kind: "user", account, name, arn, principalArn: arn, userId: User?.UserId ?? "", tags };
  }
}

function rootOf(account: string): SessionOwner {
  const arn = `arn:aws:iam::${account}:root`;
  return { kind: "root", account, name: "", arn, principalArn: arn, userId: account, tags: {} };
}

export function tagsOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** The response. The key of a deleted user or role is unknown. */
async function existing<T>(response: Promise<T>): Promise<T> {
  try {
    return await response;
  } catch (error) {
    throw isGone(error) ? awsError("unknownKey") : error;
  }
}
