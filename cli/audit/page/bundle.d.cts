import type { Assets } from "./document";

/** What runs in the browser, made now; with a folder it is written there and not given. */
export function bundle(folder?: string): Assets;
