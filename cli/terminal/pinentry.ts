import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Asks with pinentry, GnuPG's dialog program, over the Assuan protocol.
 * https://www.gnupg.org/documentation/manuals/assuan/Client-requests.html
 *
 * @returns the answer; `undefined` if the person canceled, or pinentry failed
 */
export async function askWithPinentry(
  program: string,
  title: string,
  text: string,
  abort: AbortSignal,
): Promise<string | undefined> {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "ignore"], signal: abort });
  const failed = new Promise<undefined>((done) => child.on("error", () => done(undefined)));
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** The data of one response; `undefined` if it is an error. */
  const answer = async () => {
    let data = "";
    for (;;) {
      const { value: line = "ERR", done } = await lines.next();
      if (line.startsWith("D ")) data += unescaped(line.slice(2));
      else if (done || /^(OK|ERR)\b/.test(line)) return line.startsWith("OK") ? data : undefined;
    }
  };
  const request = (line: string) => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
  const asked = async () => {
    if ((await answer()) === undefined) return undefined;
    // A pinentry for terminals asks on the one in GPG_TTY. Others reject the option, and ask all the same.
    if (process.env.GPG_TTY) await request(`OPTION ttyname=${escaped(process.env.GPG_TTY)}`);
    await request(`OPTION ttytype=${escaped(process.env.TERM || "xterm")}`);
    await request(`SETTITLE ${escaped(title)}`);
    await request(`SETDESC ${escaped(text)}`);
    await request("SETPROMPT Code:");
    return request("GETPIN");
  };
  try {
    return await Promise.race([asked(), failed]);
  } finally {
    child.stdin.end("BYE\n");
  }
}

const escaped = (text: string) => text.replaceAll(/[%\r\n]/g, (each) => encodeURIComponent(each));

function unescaped(text: string): string {
  return text.replaceAll(/%([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
