import { createServer, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import type { Writable } from "node:stream";
import { text } from "node:stream/consumers";

/** A server that a command reaches instead of AWS. */
export interface HostileServer {
  /** The environment that makes a command use it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

type Answer = (outgoing: ServerResponse, action: string, request: URLSearchParams) => void;

const html = "<!DOCTYPE html><html><body>Please sign in to the network.</body></html>";
const whole = (action: string, result: string) =>
  `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${result}</${action}Result>` +
  `<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></${action}Response>`;
const identity = (account: string) =>
  `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/admin</Arn>`;
const identityOf = (account: string) => whole("GetCallerIdentity", identity(account));
/** Writes repeatedly until the connection is closed. */
const again = (outgoing: ServerResponse, text: string | Buffer, everyMs: number) => {
  const timer = setInterval(() => outgoing.write(text), everyMs);
  outgoing.on("close", () => clearInterval(timer));
};

/** Servers that speak HTTP, by what they do. */
const HTTP: Readonly<Record<string, Answer>> = {
  "gives no answer": () => {},
  "is silent after the headers": (outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/xml", "content-length": "1000" });
    outgoing.flushHeaders();
  },
  "answers in drops": (outgoing) => again(outgoing, " ", 100),
  "answers without end": (outgoing) => flood(outgoing, " "),
  "has pages without end": (outgoing, action, request) => {
    const page = Number(request.get("Marker") ?? 0) + 1;
    // A JSON request has no action in its body.
    const json = JSON.stringify({ Accounts: [], NextToken: String(page) });
    const xml = `${identity("111122223333")}<IsTruncated>true</IsTruncated><Marker>${page}</Marker>`;
    outgoing.end(action === "" ? json : whole(action, xml));
  },
  "has a page of a network's sign-in": (outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/html" });
    outgoing.end(html);
  },
  "has the page of a proxy that says so": (outgoing) => {
    outgoing.writeHead(203, { "content-type": "text/html" });
    outgoing.end(html);
  },
  "is another service, which is down": (outgoing) => {
    outgoing.writeHead(503, { "content-type": "text/html", "retry-after": "86400" });
    outgoing.end(html);
  },
  "redirects to somewhere else": (outgoing) => {
    outgoing.writeHead(302, { location: "http://127.0.0.1:9/" });
    outgoing.end();
  },
  "gives nothing": (outgoing) => {
    outgoing.end();
  },
  "gives JSON": (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json" });
    outgoing.end("[]");
  },
  "gives the first half": (outgoing, action) => {
    const text = whole(action, "");
    outgoing.end(text.slice(0, text.length / 2));
  },
  "gives the first half of what it announced": (outgoing, action) => {
    const text = whole(action, "");
    outgoing.writeHead(200, { "content-length": String(text.length) });
    outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy());
  },
  "answers something else": (outgoing) => {
    outgoing.end(whole("ListAccountAliases", ""));
  },
  "gives an answer that lacks everything": (outgoing, action) => {
    outgoing.end(whole(action, ""));
  },
  "gives elements without end": (outgoing, action) => {
    outgoing.end(`<${action}Response>${"<a>".repeat(200_000)}</${action}Response>`);
  },
};

/** Servers that do not speak HTTP, by what they do. */
const TCP: Readonly<Record<string, (socket: Socket) => void>> = {
  "begins to answer, in drops": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX-Drops: ");
    const timer = setInterval(() => socket.write("."), 100);
    socket.on("close", () => clearInterval(timer));
  },
  "speaks another protocol": (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
  "has headers without end": (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${"X-More: more\r\n".repeat(20_000)}`),
  "hangs up": (socket) => socket.destroy(),
  "is a proxy that connects to nothing": (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"),
  "is a proxy whose answer has no end": (socket) => flood(socket, "HTTP/1.1 200 OK\r\nX-More: "),
  "is a proxy that connects to what has no end": (socket) => flood(socket, "HTTP/1.1 200 OK\r\n\r\n"),
  "is a proxy that says no without end": (socket) => flood(socket, "HTTP/1.1 403 Forbidden\r\n\r\n"),
};

/** As fast as it is read. */
function flood(socket: Writable, start: string): void {
  const chunk = Buffer.alloc(1024 * 1024, ".");
  const more = () => {
    while (socket.write(chunk));
  };
  socket.on("drain", more);
  socket.write(start);
  more();
}

const BEHIND_PROXY = ({ href }: URL) => ({ AWS_ENDPOINT_URL: "https://aws.invalid", HTTPS_PROXY: href });

/** The environment of servers that are not reached as an HTTP endpoint. */
const ELSEWHERE: Readonly<Record<string, (url: URL) => Readonly<Record<string, string>>>> = {
  "is silent where TLS is to begin": ({ host }) => ({ AWS_ENDPOINT_URL: `https://${host}` }),
  "is a proxy that says nothing": BEHIND_PROXY,
  "is a proxy that connects to nothing": BEHIND_PROXY,
  "is a proxy whose answer has no end": BEHIND_PROXY,
  "is a proxy that connects to what has no end": BEHIND_PROXY,
  "is a proxy that says no without end": BEHIND_PROXY,
};

/** The names of all servers. */
export const HOSTILE: readonly string[] = Object.keys({ ...HTTP, ...TCP, ...ELSEWHERE });

/** @param account with it, a server that speaks HTTP answers GetCallerIdentity as AWS would, with a user of this account */
export async function hostileServer(what: string, account?: string): Promise<HostileServer> {
  const answer = HTTP[what];
  if (answer !== undefined) {
    const server = createServer((incoming, outgoing) => {
      void text(incoming).then((body) => {
        const request = new URLSearchParams(body);
        const action = request.get("Action") ?? "";
        if (account !== undefined && action === "GetCallerIdentity") outgoing.end(identityOf(account));
        else answer(outgoing, action, request);
      });
    });
    return listening(server, ({ origin }) => ({ AWS_ENDPOINT_URL: origin }));
  }
  const speak = TCP[what] ?? (() => {});
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => speak(socket));
  });
  return listening(server, ELSEWHERE[what] ?? (({ origin }) => ({ AWS_ENDPOINT_URL: origin })));
}

async function listening(
  server: Server | TcpServer,
  env: (url: URL) => Readonly<Record<string, string>>,
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    env: env(new URL(`http://127.0.0.1:${address.port}`)),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
