import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFixture } from "../../cli/testing/fixture";
import { CAPTURES } from "./captures";
import { commands, newHome } from "./desk";
import { retouchFor } from "./retouch";
import { screenOf } from "./screen";
import { tell } from "./story";
import { svgOf } from "./svg";

// `npm run docs:captures`: takes the pictures of the terminal that the docs show. Real are the shell, the terminal, the
// commands, the AWS CLI and the Pulumi engine; AWS is moto. The seed in the QR code belongs to a device that was only ever
// there: moto is told to draw the same one every time, so that a second run changes no picture for its sake.

const IMAGES = join(__dirname, "..", "images", "terminal");
const STACK = "dev";

async function take(): Promise<void> {
  // The AWS SDK announces on every start which Node it will want next year: nothing that is shown.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const stage = await openFixture({}, STACK);
    closers.push(() => stage.close());
    await fetch(`${stage.moto.motoEndpoint}/moto-api/seed?a=1`, { method: "POST" });
    for (const users of [["alice"], ["alice", "bob"]]) {
      await stage.stack.configure({ "aws-mfa-stack:users": users });
      await stage.stack.up();
    }
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-captures-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const [alice, bob] = [await newHome(), await newHome()];
    closers.push(alice.remove, bob.remove);
    const homes = new Map([
      [alice.home, "/home/alice"],
      [bob.home, "/home/bobby"],
    ]);
    await tell({
      stage,
      stack: STACK,
      bin: await commands(folder),
      homeOf: { alice: alice.home, bob: bob.home },
      shows: (name, terminal) => {
        const screen = screenOf(terminal.cells(), terminal.columns, retouchFor(homes, new Date()));
        writeFileSync(join(IMAGES, `${name}.svg`), svgOf(screen, CAPTURES[name]));
        console.log(`${name}.svg`);
      },
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

take().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
