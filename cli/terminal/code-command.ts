import { spawn } from "node:child_process";
import { Failure } from "../failure";
import { timeoutMs } from "../timeout";
import { isCode, plainCode } from "./ask";
import { trustedProgram } from "./trusted-program";

/** In multiples of the time limit: the command may ask for a fingerprint or a touch. */
const FACTOR = 3;
const MOST_BYTES = 64 * 1024;

/**
 * The code that a password manager or a token prints, such as `op item get aws --otp` or `ykman oath accounts code aws`. The program is
 * run without a shell. No message contains its output or arguments.
 *
 * @throws Failure (`file`) if there is no such program, or others could have changed it; (`failed`) if it prints no code in time
 */
export async function codeFrom(line: string): Promise<string> {
  const [name = "", ...args] = wordsOf(line);
  const found = await trustedProgram(name);
  if ("problem" in found) {
    throw new Failure("file", `The command for the MFA code was not run: ${found.problem}.`, found.remedy);
  }
  const printed = await output(found.path, args);
  // ykman prints the account before the code.
  const code = plainCode(printed.trim().replace(/^.*\s(?=\d{6}$)/, ""));
  if (isCode(code)) return code;
  throw new Failure(
    "failed",
    `Expected a six-digit code from ${found.path}, got ${printed.length} characters.`,
    "Run the command yourself, and check that it prints only the code.",
  );
}

/** Single or double quotes make one word. Nothing else is interpreted. */
function wordsOf(line: string): string[] {
  const words = line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return Array.from(words, ([, double, single, bare]) => double ?? single ?? bare ?? "");
}

function output(path: string, args: readonly string[]): Promise<string> {
  const limitMs = FACTOR * timeoutMs();
  const isTerminal = process.stderr.isTTY;
  return new Promise((done, fail) => {
    const child = spawn(path, args, {
      // The person sees its prompts, such as to touch a token. Without a terminal, its messages would end up in a log.
      stdio: [isTerminal ? "inherit" : "ignore", "pipe", isTerminal ? "inherit" : "ignore"],
      shell: false,
      windowsHide: true,
    });
    const end = (problem: string) => {
      child.kill("SIGKILL");
      // A process that it started may still hold the pipe.
      child.stdout?.destroy();
      fail(new Failure("failed", `${path} ${problem}.`, "Run the command yourself to see why."));
    };
    const timer = setTimeout(() => end(`printed no code for ${limitMs / 1000} s`), limitMs);
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk;
      if (text.length > MOST_BYTES) end("printed too much");
    });
    child.on("error", () => end("cannot be started"));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) done(text);
      else end(signal ? `was killed by ${signal}` : `exited with code ${code}`);
    });
  });
}
