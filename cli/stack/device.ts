import { z } from "zod";
import { Failure } from "../failure";
import { parseJson } from "../json";
import type { UserDevice } from "./outputs";
import type { StackChoice } from "./project";
import { readFromStack } from "./pulumi";

/** A user's device in the stack's state. */
export interface StackDevice {
  /** Its URN, even if the state has no device at the moment. */
  readonly urn: string;
  /** The URN of the stack itself, which changes nothing in AWS. */
  readonly root: string;
  /** When the stack created it, as Pulumi writes it; `undefined` if the state has none at the moment. */
  readonly madeAt: string | undefined;
  /** Whether its resources are all there: an interrupted run may have replaced only some. */
  readonly whole: boolean;
}

const STACK = "pulumi:pulumi:Stack";
export const DEVICE = "aws:iam/virtualMfaDevice:VirtualMfaDevice";
export const REMOVAL = "pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval";
/** The second is the type's first name. */
const USERS = ["aws-mfa:index:MfaUser", "aws-mfa-stack:access:MfaUser"];

// https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
const state = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string().startsWith("urn:pulumi:"),
        type: z.string(),
        created: z.string().optional(),
        delete: z.boolean().optional(),
        pendingReplacement: z.boolean().default(false),
      }),
    ),
  }),
});

/** Reads a device from the state, whose secrets stay encrypted. Throws Failure (`stack`). */
export async function stackDevice(choice: StackChoice, { id }: UserDevice): Promise<StackDevice> {
  const { data } = state.safeParse(parseJson(await readFromStack(choice, ["stack", "export"])));
  if (data === undefined) {
    // The message quotes nothing of the state.
    throw new Failure(
      "stack",
      `The state of ${choice.stack} has an unknown format.`,
      "Check it: pulumi stack export",
    );
  }
  const { resources } = data.deployment;
  const [user] = id.split("/");
  const find = (types: readonly string[], name = id) =>
    resources.find(
      (each) => types.includes(each.type) && each.delete !== true && each.urn.endsWith(`::${name}`),
    );
  const root = resources.find(({ type }) => type === STACK)?.urn ?? "";
  const device = find([DEVICE]);
  if (device) {
    const { urn, created = "", pendingReplacement } = device;
    const whole = find([REMOVAL])?.pendingReplacement === false;
    return { urn, root, madeAt: pendingReplacement ? undefined : created, whole };
  }
  const component = find(USERS, user)?.urn;
  if (component) {
    const urn = component.replace(/::[^:]+$/, `$${DEVICE}::${id}`);
    return { urn, root, madeAt: undefined, whole: false };
  }
  throw new Failure(
    "stack",
    `The stack ${choice.stack} has neither ${user} nor their device in its state.`,
    "Run pulumi up, then this again.",
  );
}
