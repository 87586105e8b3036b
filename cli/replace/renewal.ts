import { Failure } from "../failure";
import { assertWritable, planned, up } from "../stack/change";
import { DEVICE, REMOVAL, type StackDevice, stackDevice } from "../stack/device";
import type { UserDevice } from "../stack/outputs";
import type { StackChoice } from "../stack/project";

const CREATES = ["create", "replace", "create-replacement"];
const CHANGES_NOTHING = ["same", "read"];

/**
 * Checks that pulumi up can create a new device: a preview shows that the program runs and that the update changes only the device; a
 * refresh of nothing shows that the stack is not locked and that its state can be written.
 *
 * @throws Failure (`stack`, `busy`) with what is wrong
 */
export async function assertRenewable(
  choice: StackChoice,
  inStack: StackDevice,
  { id }: UserDevice,
  profile: string | undefined,
): Promise<void> {
  const steps = await planned(choice, targetsOf(inStack), profile);
  const refuse = (problem: string) =>
    new Failure(
      "stack",
      problem,
      `Check what it would do, and run pulumi up first: pulumi preview --stack ${choice.stack}`,
    );
  if (!steps.some(({ op, urn }) => urn === inStack.urn && CREATES.includes(op)))
    throw refuse(`pulumi up would not create a new device for ${id}: the program has none.`);
  // The user's resources are under one component, and so are their other devices, which stay. A provider of another version changes
  // nothing in AWS.
  const component = inStack.urn.slice(0, inStack.urn.lastIndexOf("$"));
  const isDevice = (urn: string) => [DEVICE, REMOVAL].some((type) => urn.includes(`$${type}::`));
  const belongs = (urn: string) =>
    urn.startsWith(`${component}$`) && urn.endsWith(`::${isDevice(urn) ? id : id.split("/")[0]}`);
  const more = steps.filter(
    ({ op, urn }) => !CHANGES_NOTHING.includes(op) && !belongs(urn) && !urn.includes("::pulumi:providers:"),
  );
  if (more.length > 0) {
    const list = more.map(({ op, urn }) => `  ${op} ${urn}`).join("\n");
    throw refuse(`pulumi up would change more than the device of ${id}:\n${list}`);
  }
  await assertWritable(choice, inStack.root, profile);
}

/** Lets the stack create a new device in place of the one in its state. Throws Failure (`stack`, `busy`), Interrupted as `up`. */
export async function renew(
  choice: StackChoice,
  inStack: StackDevice,
  device: UserDevice,
  profile: string | undefined,
): Promise<void> {
  await up(choice, targetsOf(inStack), profile);
  const after = await stackDevice(choice, device);
  if (after.whole && after.madeAt !== undefined && after.madeAt !== inStack.madeAt) return;
  throw new Failure(
    "stack",
    `pulumi up finished, but the stack still has the old device of ${device.id}.`,
    `Check what it would do: pulumi preview --stack ${choice.stack} --target-replace '${inStack.urn}'`,
  );
}

function targetsOf({ urn, madeAt }: StackDevice): string[] {
  return [madeAt === undefined ? "--target" : "--target-replace", urn, "--target-dependents"];
}
