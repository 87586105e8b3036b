import { z } from "zod";
import { Failure } from "../failure";
import type { UserDevice } from "./outputs";
import type { StackChoice } from "./project";
import { readFromStack } from "./pulumi";

/** A user's device as the stack has it. */
export interface StackDevice {
  /** Pulumi's name for it, also where there is none at the moment. */
  readonly urn: string;
  /** The stack's own, which nothing changes in AWS. */
  readonly root: string;
  /** When the stack made it, as Pulumi writes it; `undefined` where there is none at the moment. */
  readonly madeAt: string | undefined;
  /** Whether all that belongs to it is there: a run that was interrupted may have left it half replaced. */
  readonly whole: boolean;
}

const STACK = "pulumi:pulumi:Stack";
export const DEVICE = "aws:iam/virtualMfaDevice:VirtualMfaDevice";
export const REMOVAL = "pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval";
/** The second is what the first program called it. */
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

/** The device as the stack has it. Its secrets stay encrypted. Throws Failure (`stack`). */
export async function stackDevice(choice: StackChoice, { id }: UserDevice): Promise<StackDevice> {
  const [user] = id.split("/");
  const resources = parsed(choice, await readFromStack(choice, ["stack", "export"]));
  const of = (types: readonly string[], name = id) =>
    resources.find(
      ({ type, delete: goes, urn }) => types.includes(type) && goes !== true && urn.endsWith(`::${name}`),
    );
  const root = resources.find(({ type }) => type === STACK)?.urn ?? "";
  const device = of([DEVICE]);
  if (device) {
    const { urn, created = "", pendingReplacement } = device;
    const whole = of([REMOVAL])?.pendingReplacement === false;
    return { urn, root, madeAt: pendingReplacement ? undefined : created, whole };
  }
  const component = of(USERS, user)?.urn;
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

function parsed({ stack }: StackChoice, text: string) {
  try {
    return state.parse(JSON.parse(text)).deployment.resources;
  } catch {
    // What was parsed holds the whole state: nothing of it is for a message.
    throw new Failure(
      "stack",
      `The state of ${stack} has an unknown format.`,
      "Check it: pulumi stack export",
    );
  }
}
