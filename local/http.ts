import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A received HTTP request. */
export interface Received {
  readonly method: string;
  /** The path and the query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP response. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Server {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Listens on a free port of this machine. If `answer` rejects, the connection is closed without a response. */
export async function serve(answer: (received: Received) => Promise<Answer>): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    try {
      const response = await answer({ method, url, headers, body: await buffer(incoming) });
      outgoing.writeHead(response.status, { ...response.headers }).end(response.body);
    } catch {
      outgoing.destroy();
    }
  });
  // Closing an idle connection would fail the next call on it.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Forwards a request. Rejects if the endpoint does not respond. */
export async function forward({ method, url, headers, body }: Received, endpoint: string): Promise<Answer> {
  const { "transfer-encoding": _, ...kept } = headers;
  const onward = request(new URL(url, endpoint), {
    method,
    headers: { ...kept, "content-length": body.length },
    // A connection of its own: the other side may just have closed a pooled one.
    agent: false,
  }).end(body);
  const [answer]: IncomingMessage[] = await once(onward, "response");
  if (answer === undefined) throw new Error(`${endpoint} did not respond.`);
  const { "transfer-encoding": __, connection: ___, ...given } = answer.headers;
  return {
    status: answer.statusCode ?? 502,
    headers: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
    body: await buffer(answer),
  };
}
