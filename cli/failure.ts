/** What the command ends with. `docs/cli.md` lists them, so scripts may rely on them. */
export const EXIT = {
  done: 0,
  /** What was asked could not be done, or a check failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** `audit` could not look at what it was asked to. */
  unseen: 2,
  /** The stack cannot be read, or does not have what was asked for. */
  stack: 3,
  /** No credentials, or AWS does not take them. */
  credentials: 4,
  /** AWS knows who asks, and refuses. */
  refused: 5,
  /** AWS cannot be reached, or asks to slow down. */
  unreachable: 6,
  /** A file cannot be read, understood or written. */
  file: 7,
  /** Somebody has to be asked, and there is no terminal. */
  terminal: 8,
  /** Another run is using the same thing. */
  busy: 9,
  interrupted: 130,
} as const;

export type Exit = Exclude<keyof typeof EXIT, "done">;

/** The command cannot go on. The message says what was found and where; the remedy, what to do about it. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly exit: Exit,
    readonly problem: string,
    readonly remedy: string,
    /** What AWS or another program said, where that helps. It has been looked through for secrets. */
    readonly detail?: string,
  ) {
    super([problem, detail, remedy].filter(Boolean).join("\n"));
  }
}

/** Ctrl-C at a prompt. `state` says what was done until then, and how to go on. */
export class Interrupted extends Failure {
  constructor(state = "Nothing was changed.") {
    super("interrupted", "Interrupted.", state);
  }
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

/** Why the system refused, in words and with its code where it has one. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : code;
}
