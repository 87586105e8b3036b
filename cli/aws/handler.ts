import type { Readable } from "node:stream";
import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import { systemCode } from "../failure";
import { silenceMs } from "../patience";
import { type Asked, askedIn, assertAnswer } from "./answer";
import { notAws, silent, Unanswered } from "./unanswered";

type Handle = NodeHttpHandler["handle"];
type Request = Parameters<Handle>[0];
type Options = Parameters<Handle>[1];

/** Far more than the largest account has. `answerBytes`: one page has a thousand users and roles at most. */
const BOUNDS = { answerBytes: 64 * 1024 * 1024, bytes: 512 * 1024 * 1024, pages: 2_000 } as const;

/** How many times the silence that is allowed a whole answer may take: one that comes in drops is never silent. */
const WHOLE = 5;

/**
 * Carries the requests of a client, and of those that get its credentials. Each ends: by time, by bytes, by pages. And only what has the
 * form of an AWS answer is handed on, so that nobody takes a proxy's page for an account without devices.
 *
 * What got no answer is not asked again, since AWS may have done it, and a code works once. `readsOnly`: it can be asked once more.
 * Nor does the SDK repeat what creates something, after an answer that broke off or an error of AWS's own: there would be a second
 * one, or the secret of the first be lost. What AWS did not do, since it was asked too often, it still repeats.
 *
 * @throws Unanswered where nobody answers, or somebody else
 */
export class BoundedHandler extends NodeHttpHandler {
  readonly #ms = silenceMs();
  readonly #attempts: number;
  /** How many pages there were of each listing. */
  readonly #pages = new Map<string, number>();
  #bytes = 0;

  constructor(options: Pick<NodeHttpHandlerOptions, "httpsAgent">, readsOnly: boolean) {
    const ms = silenceMs();
    super({ ...options, requestTimeout: ms, throwOnRequestTimeout: true, socketTimeout: ms });
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
    // IAM and STS name the error that asks to slow down. Whoever else answers does not say how long to wait.
    delete response.headers["retry-after"];
    const asked = askedIn(request);
    // The SDK repeats these whatever the error's name is, and by its name what AWS refuses to do so often.
    if (asked?.creates && response.statusCode >= 500) response.statusCode = 400;
    if (response.statusCode < 300 && asked !== undefined) {
      assertAnswer(asked, response.body);
      this.#count(asked);
    }
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
        if (bytes > BOUNDS.answerBytes || this.#bytes > BOUNDS.bytes) throw notAws("it does not end");
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

/** The handler's own errors of time, and the system's. A connection that breaks has the same name, and a code. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== "TimeoutError") return false;
  return !("code" in error) || error.code === "ETIMEDOUT";
}

/** The request may have arrived. */
function isBroken(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(systemCode(error) ?? "");
}
