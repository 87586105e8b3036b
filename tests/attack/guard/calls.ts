import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

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

  const server = createServer(async (incoming, outgoing) => {
    const body = await textOf(incoming);
    const form = new URLSearchParams(body);
    const action = form.get("Action") ?? "";
    const pass = () => passOn(to, incoming, body);
    const named = [...form].sort().flatMap(([name, value]) => (NAMED.test(name) ? value : []));
    const reads = READS.test(action);
    const answer = reads ? pass() : last.then(() => change([action, ...named].join(" "), pass));
    if (!reads) last = answer.catch(() => {});
    try {
      const { status, type, text } = await answer;
      outgoing.writeHead(status, { "content-type": type }).end(text);
    } catch (error) {
      outgoing.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  });
  // A connection that is closed for being idle would end the next call on it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
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
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const REFUSED: Answer = {
  status: 403,
  type: "text/xml",
  text:
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>refused here</Message></Error>" +
    "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>",
};

/** On a connection of its own: one that moto has just closed would end the call. */
function passOn(to: string, { method = "POST", url = "/", headers }: IncomingMessage, body: string) {
  return new Promise<Answer>((resolve, reject) => {
    const onward = request(new URL(url, to), { method, headers, agent: false }, (answer) => {
      const { statusCode: status = 502, headers: given } = answer;
      const type = given["content-type"] ?? "text/xml";
      textOf(answer).then((text) => resolve({ status, type, text }), reject);
    });
    onward.on("error", reject);
    onward.end(body);
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
