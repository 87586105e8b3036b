/**
 * What a user without a device may do by themselves without MFA. Whoever steals the access keys of such a user may do the same.
 */
export const SelfServiceDevices = {
  /** Create a virtual device, and enable it. */
  CreateAndEnable: "createAndEnable",
  /** Enable the device that was created for them. */
  Enable: "enable",
  /** Neither: devices are enabled for them. */
  None: "none",
} as const;

export type SelfServiceDevices = (typeof SelfServiceDevices)[keyof typeof SelfServiceDevices];
