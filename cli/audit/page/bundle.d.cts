import type { Assets } from "./document";

/** Bundles the script and the style. With a folder, they are written there and the result is empty. */
export function bundle(folder?: string): Assets;
