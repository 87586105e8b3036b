import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { Failure } from "../failure";

/** Where AWS is unless something else is said. */
const AWS = "https://iam.amazonaws.com";

/**
 * The proxy that HTTPS_PROXY and NO_PROXY name for AWS, as the AWS CLI takes it; the SDK knows of none. `undefined` where
 * AWS is reached without.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 *
 * @throws Failure (`unreachable`) where HTTPS_PROXY is no address
 * @param endpoint where AWS is, if it is elsewhere than usual. One without TLS, such as a local one, gets no proxy
 */
export function proxyFor(endpoint: string = AWS): HttpsProxyAgent<string> | undefined {
  const proxy = endpoint.startsWith("https:") && getProxyForUrl(endpoint);
  if (!proxy) return undefined;
  // One without a scheme is spoken with in plain HTTP, for the AWS CLI; the library would give it the endpoint's.
  const named = process.env.https_proxy || process.env.HTTPS_PROXY;
  const url = named?.includes("://") === false ? `http://${named}` : proxy;
  if (URL.canParse(url)) return new HttpsProxyAgent(url);
  // It is not shown: it may hold a password.
  throw new Failure(
    "unreachable",
    "HTTPS_PROXY does not hold the address of a proxy.",
    "Set it to one such as http://proxy.example.com:3128, or unset it.",
  );
}
