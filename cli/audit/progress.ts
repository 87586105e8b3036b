import { own } from "../terminal/escape-controls";
import type { Progress } from "./account/account";

const LINE_START = own("\r\x1b[K");

/** Says on standard error how far the reading is, where that is a terminal. `done` takes it away. */
export function progressOn(stream: NodeJS.WriteStream): { readonly tell: Progress; done(): void } {
  if (!stream.isTTY) return { tell: () => {}, done: () => {} };
  return {
    tell: (account, { users, groups, roles }) => {
      const line = `Reading ${account}: ${roles.length} roles, ${groups.length} groups, ${users.length} users`;
      stream.write(`${LINE_START}${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    done: () => {
      stream.write(LINE_START);
    },
  };
}
