import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFixture } from "../../cli/testing/fixture";
import { CAPTURES } from "./captures";
import { normalizer } from "./normalize";
import { captureScenes } from "./scenes";
import { screenOf } from "./screen";
import { commandFolder } from "./shell";
import { svgOf } from "./svg";

// `npm run docs:captures`: captures the terminal screens that the docs show. The shell, the terminal, the commands, the AWS CLI and
// the Pulumi engine are real; AWS is the local AWS. The seed in the QR code is that of a device there.

const IMAGES = join(__dirname, "..", "images", "terminal");
const STACK = "dev";

async function take(): Promise<void> {
  // Node versions that the AWS SDK will drop are not for the screens.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const closers: (() => Promise<unknown>)[] = [];
  const folderIn = async (prefix: string) => {
    const folder = await mkdtemp(prefix);
    closers.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  try {
    const fixture = await openFixture({}, STACK);
    closers.push(() => fixture.close());
    // The same seeds each time, so that a second run changes no image.
    await fetch(`${fixture.moto.motoEndpoint}/moto-api/seed?a=1`, { method: "POST" });
    for (const users of [["alice"], ["alice", "bob"]]) {
      await fixture.stack.configure({ "aws-mfa-stack:users": users });
      await fixture.stack.up();
    }
    // As long as `/home/alice`, which replaces it.
    const homes = { alice: await folderIn("/tmp/"), bob: await folderIn("/tmp/") };
    const examples = new Map([
      [homes.alice, "/home/alice"],
      [homes.bob, "/home/bobby"],
    ]);
    await captureScenes({
      fixture,
      stack: STACK,
      bin: await commandFolder(await folderIn(join(tmpdir(), "aws-mfa-captures-"))),
      homes,
      capture: (name, terminal) => {
        const screen = screenOf(terminal.cells(), terminal.columns, normalizer(examples, new Date()));
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
