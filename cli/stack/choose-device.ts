import { Failure } from "../failure";
import { askLine } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";
import type { UserDevice } from "./outputs";

/**
 * The device that a command is for: the one that `--device` names, or the only one that it can be for, or the one that the person
 * chooses.
 *
 * @param devices all that the user has in the stack
 * @param likely those that it can be for where none is named
 * @throws Failure (`usage`) where there is none of that name; (`terminal`) where nobody can be asked
 */
export async function chosenDevice(
  user: string,
  devices: readonly UserDevice[],
  named: string | undefined,
  likely: readonly UserDevice[] = devices,
): Promise<UserDevice> {
  const of = (name: string, among: readonly UserDevice[]) => among.find((device) => device.name === name);
  if (named !== undefined) {
    const found = of(named, devices);
    if (found) return found;
    throw new Failure(
      "usage",
      `${user} has no device ${named} in the stack.`,
      `Choose one: ${namesOf(devices)}. To add one, add it to devices in the stack's configuration, and run pulumi up.`,
    );
  }
  const [first, ...others] = likely;
  if (first !== undefined && others.length === 0) return first;
  const expected = `Expected one of ${namesOf(likely)}.`;
  const answer = await withTerminal(`Choose one of ${user}'s devices: ${options(likely)}.`, (terminal) =>
    askLine(terminal, {
      message: `Which device of ${user}? ${namesOf(likely)}:`,
      ...(first && { default: first.name }),
      mistake: (text) => (of(text, likely) ? undefined : expected),
    }),
  );
  const found = of(answer, likely);
  if (found) return found;
  throw new Failure("usage", expected, "Nothing was changed.");
}

/** How a command line names the device; nothing where the user has no other. */
export function deviceOption(devices: readonly unknown[], { name }: { readonly name: string }): string {
  return devices.length === 1 ? "" : ` --device ${name}`;
}

function namesOf(devices: readonly UserDevice[]): string {
  return devices.map(({ name }) => name).join(", ");
}

function options(devices: readonly UserDevice[]): string {
  return devices.map(({ name }) => `--device ${name}`).join(" or ");
}
