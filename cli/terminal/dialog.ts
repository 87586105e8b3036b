import { execFile } from "node:child_process";
import { basename } from "node:path";
import { Failure, Interrupted } from "../failure";
import { isCode, plainCode } from "./ask";
import { askWithPinentry } from "./pinentry";
import { trustedProgram } from "./trusted-program";

/** A window that nobody answers is closed after this time. */
const TIMEOUT_MS = 5 * 60_000;
/** A person may mistype; a program that cannot ask would fail forever. */
const ATTEMPTS = 3;
const TITLE = "aws-mfa";

/** The arguments that make a program ask. It prints the answer. */
type Arguments = (text: string) => readonly string[];

const POWERSHELL =
  "Add-Type -AssemblyName Microsoft.VisualBasic; " +
  "[Microsoft.VisualBasic.Interaction]::InputBox($env:AWS_MFA_QUESTION, 'aws-mfa')";

/** Programs that ask in a window, each with its documentation. pinentry has its own protocol. */
const PROGRAMS: Readonly<Record<string, Arguments>> = {
  // https://help.gnome.org/users/zenity/stable/entry.html
  zenity: (text) => ["--entry", `--title=${TITLE}`, `--text=${text}`],
  // https://develop.kde.org/docs/administration/kdialog/
  kdialog: (text) => ["--title", TITLE, "--inputbox", text],
  // https://developer.apple.com/library/archive/documentation/LanguagesUtilities/Conceptual/MacAutomationScriptingGuide/PromptforText.html
  osascript: (text) => [
    ...["-e", "on run argv"],
    ...["-e", 'text returned of (display dialog (item 1 of argv) default answer "" with title "aws-mfa")'],
    ...["-e", "end run", text],
  ],
  // https://learn.microsoft.com/en-us/dotnet/api/microsoft.visualbasic.interaction.inputbox
  powershell: () => ["-NoProfile", "-NonInteractive", "-Command", POWERSHELL],
};

/** In order of preference. */
const CANDIDATES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["pinentry-mac", "osascript"],
  win32: ["powershell"],
  linux: ["pinentry-gnome3", "pinentry-qt", "pinentry-gtk-2", "zenity", "kdialog"],
};

/** Whether this process may open a window. `AWS_MFA_DIALOG` names the program, or is `off`. */
export function mayHaveDialog(): boolean {
  const { AWS_MFA_DIALOG: chosen, DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  if (chosen) return chosen !== "off";
  if (process.platform === "linux") return Boolean(DISPLAY || WAYLAND_DISPLAY);
  return SSH_CONNECTION === undefined;
}

/**
 * Asks for a code in a window, for programs without a terminal, such as editors.
 *
 * @returns `undefined` if there is no program to ask with
 * @throws Interrupted if the person cancels, or does not answer within five minutes; Failure (`failed`) after three wrong answers
 */
export async function codeFromDialog(message: string): Promise<string | undefined> {
  const program = await dialogProgram();
  if (program === undefined) return undefined;
  for (let nth = 0; nth < ATTEMPTS; nth++) {
    const given = await asked(program, `${nth === 0 ? "" : "Expected six digits.\n"}${message}`);
    if (given === undefined) throw new Interrupted("Nothing was entered in the window.");
    if (isCode(given)) return plainCode(given);
  }
  throw new Failure(
    "failed",
    `${program} did not return a six-digit code.`,
    "Run this in a terminal, or check what that program prints.",
  );
}

async function dialogProgram(): Promise<string | undefined> {
  if (!mayHaveDialog()) return undefined;
  const chosen = process.env.AWS_MFA_DIALOG;
  for (const name of chosen ? [chosen] : (CANDIDATES[process.platform] ?? [])) {
    const found = await trustedProgram(name);
    if ("path" in found) return found.path;
  }
  return undefined;
}

async function asked(program: string, text: string): Promise<string | undefined> {
  const abort = AbortSignal.timeout(TIMEOUT_MS);
  const name = basename(program).replace(/\.exe$/i, "");
  const known = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (known === undefined) return askWithPinentry(program, TITLE, text, abort);
  return new Promise((done) => {
    execFile(
      program,
      [...known(text)],
      { signal: abort, windowsHide: true, env: { ...process.env, AWS_MFA_QUESTION: text } },
      (error, stdout) => done(error ? undefined : stdout.trim() || undefined),
    );
  });
}
