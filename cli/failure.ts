/** Exit codes. `docs/cli.md` documents them, so scripts may rely on them. */
export const EXIT = {
  done: 0,
  /** The command could not do its work, or a check failed. */
  failed: 1,
  /** The command line is invalid. */
  usage: 2,
  /** `audit` could not read everything it was asked to. */
  unseen: 2,
  /** The stack cannot be read, or lacks the requested item. */
  stack: 3,
  /** No credentials, or AWS rejects them. */
  credentials: 4,
  /** AWS accepts the credentials, but denies the request. */
  refused: 5,
  /** AWS cannot be reached, or throttles. */
  unreachable: 6,
  /** A file cannot be read, parsed or written. */
  file: 7,
  /** A prompt is needed, but there is no terminal. */
  terminal: 8,
  /** Another run is using the same thing. */
  busy: 9,
  interrupted: 130,
} as const;

export type Exit = Exclude<keyof typeof EXIT, "done">;

/** The command cannot continue. `problem` says what was found and where, `remedy` how to fix it. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly exit: Exit,
    readonly problem: string,
    readonly remedy: string,
    /** The message of AWS or another program, if it helps. It contains no secrets. */
    readonly detail?: string,
  ) {
    super([problem, detail, remedy].filter(Boolean).join("\n"));
  }
}

/** Ctrl-C at a prompt. `state` says what has been done, and how to continue. */
export class Interrupted extends Failure {
  constructor(state = "Nothing was changed.") {
    super("interrupted", "Interrupted.", state);
  }
}

/**
 * The error, which now also says what state the command leaves. `Interrupted` says only that.
 *
 * @param prefix goes before the problem
 */
export function withState(error: unknown, state: string, prefix = ""): unknown {
  if (error instanceof Interrupted) return new Interrupted(state);
  if (!(error instanceof Failure)) return error;
  const { exit, problem, remedy, detail } = error;
  return new Failure(exit, `${prefix}${problem}`, [remedy, state].filter(Boolean).join("\n"), detail);
}

/** The code of a system error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "access is denied",
  EDQUOT: "the disk quota is exceeded",
  EFBIG: "it would exceed this process's file size limit",
  EISDIR: "it is a folder",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  EPERM: "access is denied",
  EROFS: "the disk is read-only",
};

/** The reason of a system error in words, with its code; the message of any other error. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : code;
}
