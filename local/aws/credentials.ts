import { randomBytes } from "node:crypto";
import { isGone } from "../provider/found";
import type { Accounts } from "./account";
import type { Caller, FederatedUser, RoleSession, Root, Tags, User } from "./caller";
import { awsError } from "./error";
import { Kept } from "./kept";

/** A user's or the root user's keys. */
interface LongTerm {
  readonly account: string;
  readonly secret: string;
  readonly root: boolean;
  /** Whether AWS knows it by now. */
  readonly counts: () => boolean;
}

/** Whose session it is, as far as it does not change. */
export type SessionOf =
  | Pick<Root, "kind" | "account" | "session">
  | Pick<User, "kind" | "account" | "name" | "session">
  | Omit<RoleSession, "accessKeyId">
  | Omit<FederatedUser, "accessKeyId">;

interface Temporary {
  readonly secret: string;
  readonly token: string;
  readonly expires: Date;
  readonly of: SessionOf;
}

/** What STS gives out. */
export interface Issued {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly token: string;
  readonly expires: Date;
}

/** The secrets of all access keys and sessions: what moto knows and never tells, or does not know. */
export class Credentials {
  readonly #longTerm = new Map<string, LongTerm>();
  readonly #temporary = new Map<string, Temporary>();
  /** By access key. */
  readonly #users = new Kept<User>();

  constructor(private readonly accounts: Accounts) {}

  /** @param counts whether AWS knows the key by now */
  addKey(accessKeyId: string, account: string, secret: string, counts: () => boolean): void {
    this.#longTerm.set(accessKeyId, { account, secret, root: false, counts });
  }

  addRoot(accessKeyId: string, account: string, secret: string): void {
    this.#longTerm.set(accessKeyId, { account, secret, root: true, counts: () => true });
  }

  addSession({ accessKeyId, ...issued }: Issued, of: SessionOf): void {
    this.#temporary.set(accessKeyId, { ...issued, of });
  }

  /** A new session's key, secret and token. */
  issue(of: SessionOf, seconds: number): Issued {
    const issued = {
      accessKeyId: `ASIA${randomBytes(10).toString("hex").slice(0, 16).toUpperCase()}`,
      secret: randomBytes(30).toString("base64"),
      token: `FwoGZXIvYXdzE${randomBytes(90).toString("base64url")}`,
      expires: new Date(Date.now() + seconds * 1000),
    };
    this.addSession(issued, of);
    return issued;
  }

  /** Forgets whose a key is, as moto said. */
  forget(): void {
    this.#users.forget();
  }

  /** Forgets the sessions and the users' keys. Root's stay. */
  reset(): void {
    this.#temporary.clear();
    for (const [id, { root }] of this.#longTerm) if (!root) this.#longTerm.delete(id);
  }

  /** The secret that the request has to be signed with. Throws AwsError where there is no such key. */
  secretOf(accessKeyId: string, token: string | undefined): string {
    const kept = this.#longTerm.get(accessKeyId);
    if (kept?.counts()) {
      if (token !== undefined) throw awsError("unknownKey");
      return kept.secret;
    }
    const session = this.#temporary.get(accessKeyId);
    if (session === undefined || session.token !== token) throw awsError("unknownKey");
    return session.secret;
  }

  /**
   * Who has the key, as AWS has them now.
   *
   * @throws AwsError where the key is inactive or deleted, the session has expired, or its user or role is gone
   */
  async callerOf(accessKeyId: string): Promise<Caller> {
    const session = this.#temporary.get(accessKeyId);
    if (session) {
      if (session.expires.getTime() <= Date.now()) throw awsError("expired");
      const { of } = session;
      switch (of.kind) {
        case "root":
        case "federated":
          return { ...of, accessKeyId };
        case "user":
          return this.#users.of(accessKeyId, async () => ({
            ...(await this.#user(of.account, of.name, accessKeyId)),
            session: of.session,
          }));
        case "role": {
          await asked(this.accounts(of.account).iam.getRole({ RoleName: of.role }));
          return { ...of, accessKeyId };
        }
      }
    }
    const key = this.#longTerm.get(accessKeyId);
    if (key === undefined) throw awsError("unknownKey");
    const { account } = key;
    if (key.root) return { kind: "root", account, accessKeyId, session: undefined };
    return this.#users.of(accessKeyId, async () => {
      const { iam } = this.accounts(account);
      const { UserName } = await asked(iam.getAccessKeyLastUsed({ AccessKeyId: accessKeyId }));
      const { AccessKeyMetadata = [] } = await asked(iam.listAccessKeys({ UserName }));
      const found = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
      if (UserName === undefined || found?.Status !== "Active") throw awsError("unknownKey");
      return this.#user(account, UserName, accessKeyId);
    });
  }

  async #user(account: string, name: string, accessKeyId: string): Promise<User> {
    const { User } = await asked(this.accounts(account).iam.getUser({ UserName: name }));
    return {
      kind: "user",
      account,
      accessKeyId,
      name,
      arn: User?.Arn ?? "",
      id: User?.UserId ?? "",
      tags: tagsOf(User?.Tags),
      session: undefined,
    };
  }
}

export function tagsOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** A key whose user or role is gone is no key any more. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isGone(error) ? awsError("unknownKey") : error;
  }
}
