/** Closes what was opened in reverse order, once: at the end, or on an interrupt. */
export class Shutdown {
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #interrupted = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborted on an interrupt. */
  readonly signal = this.#interrupted.signal;

  /** Registers `close`, which is called after all later ones. */
  after(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** From now on, SIGINT, SIGTERM and SIGHUP close everything and end the process with the usual exit code. */
  onInterrupt(say: () => void): void {
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const) {
      // `on`, not `once`: without a listener of the process, those of libraries would end it immediately.
      process.on(signal, () => {
        if (this.signal.aborted) return;
        say();
        this.#interrupted.abort();
        void this.close().finally(() => process.exit(code));
      });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.reverse()) {
      // If one fails, the others are still closed.
      await close().catch((error: unknown) => process.stderr.write(`Could not clean up: ${String(error)}\n`));
    }
  }
}
