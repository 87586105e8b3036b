import { type Answer, forward, serve } from "../../local/http";

/** An error that AWS returns instead of executing the call. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The requests that it applies to; by default all of the action. */
  readonly when?: (parameters: URLSearchParams) => boolean;
}

/** A request: its action, its parameters, and the access key that signed it. */
export interface Call {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly accessKey: string;
}

/** The local AWS with faults. */
export interface AwsWithFaults {
  readonly endpoint: string;
  /** From now on the action fails this way; `undefined` restores it. */
  fail(action: string, fault: Fault | undefined): void;
  /** From now on an action of a JSON protocol, such as those of Organizations, returns this; `undefined` restores it. */
  answer(action: string, answer: object | undefined): void;
  /** From now on requests of the action wait until it is released. */
  hold(action: string): void;
  release(action: string): void;
  /** Waits until a request of the action waits. */
  held(action: string): Promise<void>;
  /** From now on the credentials that the action returns claim to expire after this time. */
  endAfter(action: string, seconds: number | undefined): void;
  /** The requests, in order. */
  readonly calls: readonly Call[];
  /** The responses of AWS, in order. */
  readonly answers: readonly string[];
  forget(): void;
  close(): Promise<void>;
}

/** Forwards requests to `endpoint`, except for actions with a fault. */
export async function awsWithFaults(endpoint: string): Promise<AwsWithFaults> {
  const faults = new Map<string, Fault>();
  const given = new Map<string, object>();
  const holds = new Map<string, Hold>();
  const ends = new Map<string, number>();
  const calls: Call[] = [];
  const answers: string[] = [];
  const server = await serve(async (received) => {
    const { headers } = received;
    const parameters = new URLSearchParams(received.body.toString());
    // The query protocol names the action in the body; the JSON one, such as that of Organizations, in a header.
    const target = String(headers["x-amz-target"] ?? "").split(".")[1];
    const action = target ?? parameters.get("Action") ?? "";
    const accessKey = /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1] ?? "";
    calls.push({ action, parameters, accessKey });
    const hold = holds.get(action);
    if (hold) {
      hold.reached();
      await hold.released;
    }
    const fault = faults.get(action);
    if (fault && (fault.when?.(parameters) ?? true))
      return target === undefined ? refusal(fault) : refusalInJson(fault);
    const instead = given.get(action);
    if (instead) return json(200, instead);
    const answer = endingAfter(await forward(received, endpoint), ends.get(action));
    answers.push(answer.body.toString());
    return answer;
  });
  return {
    ...server,
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

function endingAfter(answer: Answer, seconds: number | undefined): Answer {
  if (seconds === undefined) return answer;
  const end = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  const said = answer.body
    .toString()
    .replace(/<Expiration>.*?<\/Expiration>/, `<Expiration>${end}</Expiration>`);
  const body = Buffer.from(said);
  return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
}

/** An error in the form of AWS's query protocol. */
function refusal({ status, code, message }: Fault): Answer {
  const body =
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
    "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>";
  return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

/** The same in the form of the JSON protocol. */
const refusalInJson = ({ status, code, message }: Fault) => json(status, { __type: code, Message: message });

function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}
