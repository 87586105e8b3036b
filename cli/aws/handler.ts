import type { Agent } from "node:https";
import type { Readable } from "node:stream";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { systemCode } from "../failure";
import { timeoutMs } from "../timeout";
import { type Asked, askedIn, assertAnswer } from "./answer";
import { AwsClock } from "./clock";
import { notAws, silent, Unanswered } from "./unanswered";

type Handle = NodeHttpHandler["handle"];
type Request = Parameters<Handle>[0];
type Options = Parameters<Handle>[1];

/** Far above the largest account. A page (`answerBytes`) has at most a thousand users and roles. */
const BOUNDS = { answerBytes: 64 * 1024 * 1024, bytes: 512 * 1024 * 1024, pages: 2_000 } as const;

/** A whole response may take this many times the allowed silence: one that arrives byte by byte is never silent. */
const WHOLE = 5;

/**
 * Sends the requests of a client, and of the clients that get its credentials. Each request is bounded in time, bytes and pages. Only a
 * response in the form of AWS's is returned, so that a proxy's page is not taken for an account without devices.
 *
 * A request without a response is not repeated: AWS may have executed it, and a code works once. With `readsOnly` it is repeated once.
 * The SDK does not repeat a request that creates something either, after a broken connection or an internal error: that could create a
 * second one, or lose the secret of the first. It still repeats what AWS throttled.
 *
 * @throws Unanswered if nothing answers, or something other than AWS
 */
export class BoundedHandler extends NodeHttpHandler {
  readonly clock = new AwsClock();
  readonly #ms = timeoutMs();
  readonly #attempts: number;
  /** The number of pages of each listing so far. */
  readonly #pages = new Map<string, number>();
  #bytes = 0;

  constructor(httpsAgent: Agent | undefined, readsOnly: boolean) {
    const ms = timeoutMs();
    super({
      ...(httpsAgent && { httpsAgent }),
      requestTimeout: ms,
      throwOnRequestTimeout: true,
      socketTimeout: ms,
    });
    this.#attempts = readsOnly ? 2 : 1;
  }

  override async handle(request: Request, options?: Options): ReturnType<Handle> {
    for (let nth = 1; ; nth++) {
      try {
        return await this.#answer(request, options);
      } catch (error) {
        if (askedIn(request)?.creates && isBroken(error)) throw new Unanswered("the connection was closed");
        if (!isSilence(error)) throw error;
        if (nth >= this.#attempts) throw silent(this.#ms);
      }
    }
  }

  async #answer(request: Request, options: Options): ReturnType<Handle> {
    const { response } = await super.handle(request, { ...options, requestTimeout: this.#ms });
    response.body = await this.#whole(response.body);
    // IAM and STS name the error if they throttle. Anything else does not decide how long to wait.
    delete response.headers["retry-after"];
    const asked = askedIn(request);
    // The SDK repeats a request after any status 5xx, but throttled ones by the error's name.
    if (asked?.creates && response.statusCode >= 500) response.statusCode = 400;
    if (response.statusCode < 300 && asked !== undefined) {
      assertAnswer(asked, response.body);
      this.#count(asked);
    }
    this.clock.set(response.headers.date);
    return { response };
  }

  async #whole(body: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => body.destroy(silent(this.#ms * WHOLE)), this.#ms * WHOLE);
    try {
      for await (const chunk of body) {
        chunks.push(chunk);
        bytes += chunk.length;
        this.#bytes += chunk.length;
        if (bytes > BOUNDS.answerBytes || this.#bytes > BOUNDS.bytes)
          throw notAws("the response is too large");
      }
    } finally {
      clearTimeout(timer);
    }
    return Buffer.concat(chunks);
  }

  #count({ listing, isFirstPage }: Asked): void {
    const pages = isFirstPage ? 1 : (this.#pages.get(listing) ?? 0) + 1;
    if (pages > BOUNDS.pages) throw notAws(`more than ${BOUNDS.pages} pages`);
    this.#pages.set(listing, pages);
  }
}

/** A timeout of the handler or of the system. A broken connection has the same name, and a code. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== "TimeoutError") return false;
  return !("code" in error) || error.code === "ETIMEDOUT";
}

/** The connection broke. AWS may have received the request. */
function isBroken(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(systemCode(error) ?? "");
}
