// What decisions and the pack cost, beside reading JSON and an empty pack: npm run bench
// Beside another checkout, with its packages installed and built: npm run bench -- --beside ../other

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchCore } from "./core";
import { benchPack } from "./pack";

const { beside } = parseArgs({ options: { beside: { type: "string" } } }).values;

async function bench(folder?: string): Promise<boolean> {
  const core = benchCore(folder);
  return (await benchPack(folder)) && core;
}

void bench(beside && resolve(beside)).then((within) => {
  process.exitCode = within ? 0 : 1;
});
