import { type Answer, forward, serve } from "../../../local/http";

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
  /** Gives what makes the calls since `begin` once more, unseen. */
  replay(): () => Promise<void>;
  close(): Promise<void>;
}

const READS = /^(Get|List|AssumeRole)/;
const NAMED =
  /^(New)?(User|Group|Role|Policy|VirtualMFADevice)(Name|Arn)$|^(SerialNumber|Status|AccessKeyId)$/;

/** @param after called after each call that changes something, with the call, before whoever made it gets the answer */
export async function recordAws(to: string, after: (call: string) => Promise<void>): Promise<RecordedAws> {
  const calls: string[] = [];
  let passes: (() => Promise<Answer>)[] = [];
  let allowed = Number.POSITIVE_INFINITY;
  let onLast: (() => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const change = async (call: string, pass: () => Promise<Answer>): Promise<Answer> => {
    if (calls.length >= allowed) return REFUSED;
    calls.push(call);
    passes.push(pass);
    const answer = await pass();
    await after(call);
    if (calls.length === allowed) onLast?.();
    return answer;
  };

  const { endpoint, close } = await serve(async (received) => {
    const form = new URLSearchParams(received.body.toString());
    const action = form.get("Action") ?? "";
    const pass = () => forward(received, to);
    if (READS.test(action)) return pass();
    const named = [...form].sort().flatMap(([name, value]) => (NAMED.test(name) ? value : []));
    const answer = last.then(() => change([action, ...named].join(" "), pass));
    last = answer.catch(() => {});
    return answer;
  });
  return {
    endpoint,
    calls,
    begin: (most = Number.POSITIVE_INFINITY, then) => {
      calls.length = 0;
      passes = [];
      allowed = most;
      onLast = then;
    },
    replay: () => {
      const kept = passes;
      return async () => {
        for (const pass of kept) await pass();
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
