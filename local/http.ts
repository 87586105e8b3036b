import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as it came over HTTP. */
export interface Received {
  readonly method: string;
  /** The path and the query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Server {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Answers on `port` of this machine, or on a free one. Where `answer` rejects, nothing goes back. */
export async function serve(answer: (received: Received) => Promise<Answer>, port = 0): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    try {
      const {
        status,
        headers: given,
        body,
      } = await answer({ method, url, headers, body: await buffer(incoming) });
      outgoing.writeHead(status, { ...given }).end(body);
    } catch {
      outgoing.destroy();
    }
  });
  // A connection that is closed for being idle would end the next call on it.
  server.keepAliveTimeout = 0;
  await once(server.listen(port, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Passes a request on. Rejects where nothing answers at the endpoint. */
export async function forward({ method, url, headers, body }: Received, endpoint: string): Promise<Answer> {
  const { "transfer-encoding": _, ...kept } = headers;
  const onward = request(new URL(url, endpoint), {
    method,
    headers: { ...kept, "content-length": body.length },
    // On a connection of its own: one that the other side has just closed would end the call.
    agent: false,
  }).end(body);
  const [answer]: IncomingMessage[] = await once(onward, "response");
  if (answer === undefined) throw new Error(`${endpoint} gave no answer.`);
  const { "transfer-encoding": __, connection: ___, ...given } = answer.headers;
  return {
    status: answer.statusCode ?? 502,
    headers: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
    body: await buffer(answer),
  };
}
