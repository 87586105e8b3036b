import { request } from "node:http";
import { ACCOUNT_HEADER } from "./account";
import type { Answer } from "./render";
import type { Received } from "./request/call";

/** Passes a request on to moto, for this account, or for the one that moto knows the key to be of. Rejects where moto does not answer. */
export function forward(
  { method, url, headers, body }: Received,
  endpoint: string,
  account: string | undefined,
): Promise<Answer> {
  const { host: _, "content-length": __, "transfer-encoding": ___, ...kept } = headers;
  return new Promise((resolve, reject) => {
    const onward = request(
      new URL(url, endpoint),
      // On a connection of its own: one that moto has just closed would end the call.
      {
        method,
        headers: {
          ...kept,
          ...(account !== undefined && { [ACCOUNT_HEADER]: account }),
          "content-length": body.length,
        },
        agent: false,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { "transfer-encoding": _, connection: __, ...given } = answer.headers;
          const named = Object.entries(given).map(([name, value]) => [name, String(value)]);
          resolve({
            status: answer.statusCode ?? 502,
            headers: Object.fromEntries(named),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    onward.on("error", reject);
    onward.end(body);
  });
}
