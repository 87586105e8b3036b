/** Closes what was opened, in reverse order, once: at the end, or when the user interrupts. */
export class Shutdown {
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #interrupted = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborted as soon as the user interrupts: whatever takes a signal ends early. */
  readonly signal = this.#interrupted.signal;

  /** `close` is called when all that was opened after it is closed. */
  after(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** From here on, Ctrl-C and a polite kill close everything, then end the process as interrupted programs end. */
  onInterrupt(say: () => void): void {
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const) {
      // `on`, not `once`: a process without any listener of its own is ended at once by those that libraries add.
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
      // One that cannot be closed must not keep the others open.
      await close().catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`));
    }
  }
}
