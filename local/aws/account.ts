import { IAM } from "@aws-sdk/client-iam";
import { Organizations } from "@aws-sdk/client-organizations";
import { S3 } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** The header that selects the account of a call in moto, whatever key signed it. */
export const ACCOUNT_HEADER = "x-moto-account-id";

/** An account in moto, called directly, without what the local AWS enforces. */
export interface Account {
  readonly id: string;
  readonly iam: IAM;
  readonly organizations: Organizations;
  readonly s3: S3;
}

/** The accounts in moto, by id: every id exists. */
export type Accounts = (id: string) => Account;

/** @param endpoint moto's */
export function accountsOf(endpoint: string): Accounts {
  const known = new Map<string, Account>();
  return (id) => {
    const account = known.get(id) ?? open(endpoint, id);
    known.set(id, account);
    return account;
  };
}

function open(endpoint: string, id: string): Account {
  const settings = {
    endpoint,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "not-checked-by-moto", secretAccessKey: "not-checked-by-moto" },
    requestHandler: new AccountHandler(id),
  };
  return {
    id,
    iam: new IAM(settings),
    organizations: new Organizations(settings),
    s3: new S3({ ...settings, forcePathStyle: true }),
  };
}

class AccountHandler extends NodeHttpHandler {
  constructor(private readonly account: string) {
    super();
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler["handle"]>) {
    request.headers[ACCOUNT_HEADER] = this.account;
    return super.handle(request, options);
  }
}
