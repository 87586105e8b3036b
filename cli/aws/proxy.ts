import { request } from "node:http";
import { Agent, type RequestOptions, request as requestByTls } from "node:https";
import { isIPv6, Socket } from "node:net";
import { getProxyForUrl } from "proxy-from-env";
import { Failure } from "../failure";
import { notAws } from "./unanswered";

const AWS = "https://iam.amazonaws.com";

/**
 * The proxy for AWS from HTTPS_PROXY and NO_PROXY, as the AWS CLI reads them; the SDK ignores them. `undefined` if there is none.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 *
 * @param endpoint a custom endpoint of AWS. One without TLS, such as a local one, gets no proxy
 * @throws Failure (`unreachable`) if HTTPS_PROXY is not a URL
 */
export function proxyFor(endpoint: string = AWS): Agent | undefined {
  const proxy = endpoint.startsWith("https:") && getProxyForUrl(endpoint);
  if (!proxy) return undefined;
  // The AWS CLI uses plain HTTP if the scheme is missing; the library would use the endpoint's scheme.
  const named = process.env.https_proxy || process.env.HTTPS_PROXY;
  try {
    return new TunnelAgent(new URL(named?.includes("://") === false ? `http://${named}` : proxy));
  } catch {
    // Do not show it: it may contain a password.
    throw new Failure(
      "unreachable",
      "HTTPS_PROXY is not the URL of a proxy.",
      "Set it to one such as http://proxy.example.com:3128, or unset it.",
    );
  }
}

type Connected = NonNullable<Parameters<Agent["createConnection"]>[1]>;

/** Connects to AWS by TLS through a proxy (CONNECT). Node.js bounds the proxy's headers, and nothing after them is read. */
class TunnelAgent extends Agent {
  readonly #ask: typeof request;
  readonly #proxy: { readonly hostname: string; readonly port: string | undefined };
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws URIError if the user name or the password is not percent-encoded */
  constructor({ protocol, hostname, port, username, password }: URL) {
    super({ keepAlive: true });
    this.#ask = protocol === "https:" ? requestByTls : request;
    this.#proxy = { hostname: hostname.replace(/^\[|\]$/g, ""), port: port || undefined };
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#headers =
      user === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
  }

  override createConnection(target: RequestOptions, done: Connected = () => {}): undefined {
    const name = target.host ?? "";
    const host = `${isIPv6(name) ? `[${name}]` : name}:${target.port}`;
    const asked = { ...this.#proxy, method: "CONNECT", path: host, headers: { ...this.#headers, host } };
    const refuse = (error: Error) => done(error, new Socket());
    this.#ask({ ...asked, agent: false })
      .once("error", refuse)
      .once("connect", ({ statusCode }, socket, sent) => {
        if (statusCode === 200 && sent.length === 0) {
          const through = { ...target, socket };
          const stream = super.createConnection(through);
          if (stream) done(null, stream);
        } else {
          socket.destroy();
          refuse(notAws(statusCode === 200 ? "data before TLS" : `the proxy returned status ${statusCode}`));
        }
      })
      .end();
  }
}
