import type { AttackClass } from "./class";
import { closedTerminal } from "./closed-terminal";
import { fullDisk } from "./full-disk";
import { guard } from "./guard/guard";
import { hostileConfig } from "./hostile-config";
import { hostileText } from "./hostile-text";
import { killed } from "./killed";
import { rotation } from "./rotation";
import { unanswered } from "./unanswered";

/** All of them, in the order of the table. */
export const CLASSES: readonly AttackClass[] = [
  killed,
  closedTerminal,
  fullDisk,
  hostileConfig,
  hostileText,
  unanswered,
  rotation,
  guard,
];
