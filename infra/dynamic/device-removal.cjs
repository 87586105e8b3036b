// Takes a device off its user and deletes it, when the device is to go.
exports.handler = () => ({
  configure,

  async check(_old, inputs) {
    registered.add(inputs.serialNumber);
    return { inputs };
  },

  async create(inputs) {
    return { id: inputs.serialNumber, outs: inputs };
  },

  async diff(_id, old, next) {
    const replaces = ["serialNumber", "userName"].filter((key) => old[key] !== next[key]);
    return { changes: differs(old, next, ["serialNumber", "userName"]), replaces, deleteBeforeReplace: true };
  },

  async update(_id, _old, next) {
    return { outs: next };
  },

  // Never enabled, deactivated or deleted already, or the user is gone: nothing is left to do.
  async delete(_id, { serialNumber, userName, ...where }) {
    if (registered.has(serialNumber)) return;
    await withIam(where, async (send) => {
      const SerialNumber = serialNumber;
      await unlessGone(send(new iam.DeactivateMFADeviceCommand({ SerialNumber, UserName: userName })));
      await unlessGone(send(new iam.DeleteVirtualMFADeviceCommand({ SerialNumber })));
    });
  },
});
