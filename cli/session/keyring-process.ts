// Run by `keyring.ts`, once for each request: `keyring-process.js REQUEST NAME`, the text on standard input or output.
import { AsyncEntry } from "@napi-rs/keyring";
import { NOTHING_THERE } from "./keyring";

const SERVICE = "aws-mfa-stack";

/** Whether there was something under the name. */
async function answer(request: string, name: string): Promise<boolean> {
  // Linux has the kernel's keyring too, but it is another one for each login and empty after a restart.
  const entry = new AsyncEntry(SERVICE, name, { linux: { store: "secret-service" } });
  switch (request) {
    case "read": {
      const text = await entry.getPassword();
      process.stdout.write(text ?? "");
      return typeof text === "string";
    }
    case "write":
      await entry.setPassword(await given());
      return true;
    case "forget":
      return entry.deletePassword();
    default:
      throw new Error(`not a request: ${request}`);
  }
}

async function given(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

const [request = "", name = ""] = process.argv.slice(2);
answer(request, name).then(
  (found) => {
    process.exitCode = found ? 0 : NOTHING_THERE;
  },
  () => {
    // What the library says may quote what it was given.
    process.exitCode = 1;
  },
);
