// Run by `keyring.ts`, once for each request: `keyring-process.mjs REQUEST NAME`, with the secret on standard input or output.
import { text } from "node:stream/consumers";
import { AsyncEntry } from "@napi-rs/keyring";
import { NOTHING_THERE } from "./keyring";

const SERVICE = "aws-mfa-stack";

/** Returns whether there was something under the name. */
async function answer(request: string, name: string): Promise<boolean> {
  // Linux also has the kernel's keyring, but each login has another one, and a restart empties it.
  const entry = new AsyncEntry(SERVICE, name, { linux: { store: "secret-service" } });
  switch (request) {
    case "read": {
      const secret = await entry.getPassword();
      process.stdout.write(secret ?? "");
      return typeof secret === "string";
    }
    case "write":
      await entry.setPassword(await text(process.stdin));
      return true;
    case "forget":
      return entry.deletePassword();
    default:
      throw new Error(`not a request: ${request}`);
  }
}

const [request = "", name = ""] = process.argv.slice(2);
answer(request, name).then(
  (found) => {
    process.exitCode = found ? 0 : NOTHING_THERE;
  },
  () => {
    // The library's message may quote the secret.
    process.exitCode = 1;
  },
);
