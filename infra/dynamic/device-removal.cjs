// Deactivates and deletes a virtual MFA device.
exports.handler = () =>
  resource({
    idOf: ({ serialNumber }) => serialNumber,
    keyOf: ({ serialNumber }) => serialNumber,
    compared: ["serialNumber", "userName"],
    replacing: ["serialNumber", "userName"],

    // A device that was never enabled, or that is already deactivated or deleted, and a deleted user need nothing more.
    remove: ({ serialNumber: SerialNumber, userName: UserName, ...where }) =>
      withIam(where, async (send) => {
        await unlessGone(send(new iam.DeactivateMFADeviceCommand({ SerialNumber, UserName })));
        await unlessGone(send(new iam.DeleteVirtualMFADeviceCommand({ SerialNumber })));
      }),
  });
