import type * as pulumi from "@pulumi/pulumi";

/** What a user without a device may do without MFA. A thief with the user's access keys may do the same. */
export const SelfServiceDevices = {
  /** Create a virtual device and enable it. */
  CreateAndEnable: "createAndEnable",
  /** Enable the device that was created for the user. */
  Enable: "enable",
  /** Neither: an administrator enables devices. */
  None: "none",
} as const;

export type SelfServiceDevices = (typeof SelfServiceDevices)[keyof typeof SelfServiceDevices];

/** What a guard allows without MFA. */
export interface GuardSettings {
  /** What users without MFA may do: create and enable a device (`createAndEnable`, the default), enable one (`enable`), or neither (`none`). */
  selfServiceDevices?: pulumi.Input<SelfServiceDevices>;
}

/** What members of a group may do by themselves. */
export interface SelfServiceArgs extends GuardSettings {
  /** Whether members may create, deactivate and delete their own access keys, with MFA. Default: true. */
  selfServiceKeys?: pulumi.Input<boolean> | undefined;
}
