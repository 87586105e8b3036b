import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { localClient } from "../../../local/aws/root";
import { type Answer, forward, type Received, serve } from "../../../local/http";

/** The local AWS, whose calls that change something are made one after another, each followed by a look at what it left. */
export interface RecordedAws {
  readonly endpoint: string;
  /** The changing calls since `begin`, such as `RemoveUserFromGroup MFA alice`. */
  readonly calls: readonly string[];
  /**
   * Forgets the calls. From now on only the first `allowed` of them are made, and the others are refused.
   *
   * @param onLast called when the last of them was made, before whoever made it gets the answer
   */
  begin(allowed?: number, onLast?: () => void): void;
  /** Gives what makes the calls since `begin` once more, unseen. Rejects if AWS refuses one. */
  replay(): () => Promise<void>;
  close(): Promise<void>;
}

const READS = /^(Get|List|AssumeRole)/;
const NAMED =
  /^(New)?(User|Group|Role|Policy|VirtualMFADevice)(Name|Arn)$|^(SerialNumber|Status|AccessKeyId)$/;

/** @param after called after each call that changes something, with the call, before whoever made it gets the answer */
export async function recordAws(to: string, after: (call: string) => Promise<void>): Promise<RecordedAws> {
  const calls: string[] = [];
  let made: Received[] = [];
  let allowed = Number.POSITIVE_INFINITY;
  let onLast: (() => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const change = async (call: string, received: Received): Promise<Answer> => {
    if (calls.length >= allowed) return REFUSED;
    calls.push(call);
    made.push(received);
    const answer = await forward(received, to);
    await after(call);
    if (calls.length === allowed) onLast?.();
    return answer;
  };

  const { endpoint, close } = await serve(async (received) => {
    const form = new URLSearchParams(received.body.toString());
    const action = form.get("Action") ?? "";
    if (READS.test(action)) return forward(received, to);
    const named = [...form].sort().flatMap(([name, value]) => (NAMED.test(name) ? value : []));
    const answer = last.then(() => change([action, ...named].join(" "), received));
    last = answer.catch(() => {});
    return answer;
  });
  return {
    endpoint,
    calls,
    begin: (most = Number.POSITIVE_INFINITY, then) => {
      calls.length = 0;
      made = [];
      allowed = most;
      onLast = then;
    },
    replay: () => {
      const kept = made;
      return async () => {
        for (const each of kept) {
          const { status, body } = await forward(await signedNow(each), to);
          if (status >= 400) throw new Error(`the call was refused when made again: ${body}`);
        }
      };
    },
    close,
  };
}

const REFUSED: Answer = {
  status: 403,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>refused here</Message></Error>" +
      "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>",
  ),
};

/** The same call of the administrator to IAM: AWS refuses a signature that is older than five minutes. */
async function signedNow({ method, url, headers, body }: Received): Promise<Received> {
  const { region, credentials } = localClient("");
  const signer = new SignatureV4({
    region,
    credentials,
    service: "iam",
    sha256: Hash.bind(null, "sha256"),
  });
  const { host = "", "content-type": type = "" } = headers;
  const signed = await signer.sign({
    method,
    protocol: "http:",
    hostname: host,
    path: url,
    headers: { host, "content-type": type },
    body,
  });
  return { method, url, headers: signed.headers, body };
}
