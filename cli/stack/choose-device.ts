import { Failure } from "../failure";
import { askOne } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";
import type { UserDevice } from "./outputs";

/**
 * The device for a command: the one that `--device` names, else the only candidate, else the one that the person chooses.
 *
 * @param devices all that the user has in the stack
 * @param candidates the choice if none is named
 * @throws Failure (`usage`) if there is no device of that name; (`terminal`) if nobody can be asked
 */
export async function chosenDevice(
  user: string,
  devices: readonly UserDevice[],
  named: string | undefined,
  candidates: readonly UserDevice[] = devices,
): Promise<UserDevice> {
  if (named !== undefined) {
    const found = devices.find(({ name }) => name === named);
    if (found) return found;
    throw new Failure(
      "usage",
      `${user} has no device ${named} in the stack.`,
      `Choose one: ${devices.map(({ name }) => name).join(", ")}. To add one, add it to devices in the stack's configuration, and run pulumi up.`,
    );
  }
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return first;
  const names = candidates.map(({ name }) => name);
  const options = names.map((name) => `--device ${name}`).join(" or ");
  const answer = await withTerminal(`Choose one of ${user}'s devices: ${options}.`, (terminal) =>
    askOne(terminal, `Which device of ${user}?`, names),
  );
  return chosenDevice(user, devices, answer);
}

/** How a command line names the device; empty if the user has no other. */
export function deviceOption(devices: readonly unknown[], { name }: { readonly name: string }): string {
  return devices.length === 1 ? "" : ` --device ${name}`;
}
