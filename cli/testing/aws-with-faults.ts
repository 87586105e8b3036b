import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

const JSON_PROTOCOL = { "content-type": "application/x-amz-json-1.1" };

/** What AWS answers instead of doing the call. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Which requests it is for; all of the action by default. */
  readonly when?: (parameters: URLSearchParams) => boolean;
}

/** An action that was asked for, what its request had, and the access key that signed it. */
export interface Call {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly accessKey: string;
}

/** The local AWS, with faults where a test wants them. */
export interface AwsWithFaults {
  readonly endpoint: string;
  /** From now on the action fails so; `undefined` mends it. */
  fail(action: string, fault: Fault | undefined): void;
  /** From now on an action of a JSON protocol, such as those of Organizations, gives this; `undefined` asks AWS again. */
  answer(action: string, answer: object | undefined): void;
  /** From now on the action is kept waiting, until it is released. */
  hold(action: string): void;
  release(action: string): void;
  /** Waits until somebody waits for the action. */
  held(action: string): Promise<void>;
  /** From now on what the action gives ends after so many seconds, as far as whoever asked is told. */
  endAfter(action: string, seconds: number | undefined): void;
  /** The actions that were asked for, in order. */
  readonly calls: readonly Call[];
  /** What AWS answered, in order. */
  readonly answers: readonly string[];
  forget(): void;
  close(): Promise<void>;
}

/** Passes what it gets on to `endpoint`, but for the actions that are to fail. */
export async function awsWithFaults(endpoint: string): Promise<AwsWithFaults> {
  const faults = new Map<string, Fault>();
  const given = new Map<string, object>();
  const holds = new Map<string, Hold>();
  const ends = new Map<string, number>();
  const calls: Call[] = [];
  const answers: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then(async (body) => {
      const parameters = new URLSearchParams(body.toString("utf8"));
      // The query protocol names the action in the body; the JSON one, such as that of Organizations, in a header.
      const target = String(incoming.headers["x-amz-target"] ?? "").split(".")[1];
      const action = target ?? parameters.get("Action") ?? "";
      const accessKey = /Credential=(\w+)/.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
      calls.push({ action, parameters, accessKey });
      const hold = holds.get(action);
      if (hold) {
        hold.reached();
        await hold.released;
      }
      const fault = faults.get(action);
      if (fault && (fault.when?.(parameters) ?? true)) {
        (target === undefined ? refuse : refuseInJson)(outgoing, fault);
      } else if (given.has(action)) {
        outgoing.writeHead(200, JSON_PROTOCOL);
        outgoing.end(JSON.stringify(given.get(action)));
      } else {
        const answer = pass(endpoint, incoming, body, outgoing, ends.get(action));
        answers.push((await answer) ?? "");
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    fail: (action, fault) => {
      if (fault) faults.set(action, fault);
      else faults.delete(action);
    },
    answer: (action, answer) => {
      if (answer) given.set(action, answer);
      else given.delete(action);
    },
    hold: (action) => {
      holds.set(action, newHold());
    },
    release: (action) => {
      holds.get(action)?.release();
      holds.delete(action);
    },
    held: async (action) => holds.get(action)?.isReached,
    endAfter: (action, seconds) => {
      if (seconds === undefined) ends.delete(action);
      else ends.set(action, seconds);
    },
    calls,
    answers,
    forget: () => {
      calls.length = 0;
      answers.length = 0;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Hold {
  readonly reached: () => void;
  readonly isReached: Promise<void>;
  readonly release: () => void;
  readonly released: Promise<void>;
}

function newHold(): Hold {
  let [reached, release] = [() => {}, () => {}];
  const isReached = new Promise<void>((done) => {
    reached = done;
  });
  const released = new Promise<void>((done) => {
    release = done;
  });
  return { reached: () => reached(), isReached, release: () => release(), released };
}

/** Gives what was answered; `undefined` where nothing was. */
function pass(
  endpoint: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  seconds: number | undefined,
): Promise<string | undefined> {
  const { method, headers, url = "/" } = incoming;
  return new Promise((resolve) => {
    const onward = request(new URL(url, endpoint), { ...(method && { method }), headers }, (answer) => {
      const { statusCode = 502, headers: given } = answer;
      void bodyOf(answer).then((buffer) => {
        const text = buffer.toString("utf8");
        const said = seconds === undefined ? text : endingAfter(text, seconds);
        const { "transfer-encoding": _, ...kept } = given;
        outgoing.writeHead(statusCode, { ...kept, "content-length": String(Buffer.byteLength(said)) });
        outgoing.end(said);
        resolve(said);
      });
    });
    onward.on("error", () => {
      outgoing.destroy();
      resolve(undefined);
    });
    onward.end(body);
  });
}

function endingAfter(answer: string, seconds: number): string {
  const end = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return answer.replace(/<Expiration>.*?<\/Expiration>/, `<Expiration>${end}</Expiration>`);
}

/** An error in the form of AWS's query protocol. */
function refuse(outgoing: ServerResponse, { status, code, message }: Fault): void {
  outgoing.writeHead(status, { "content-type": "text/xml" });
  outgoing.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
      "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>",
  );
}

/** The same in the form of the JSON protocol. */
function refuseInJson(outgoing: ServerResponse, { status, code, message }: Fault): void {
  outgoing.writeHead(status, JSON_PROTOCOL);
  outgoing.end(JSON.stringify({ __type: code, Message: message }));
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
