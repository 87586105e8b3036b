// Makes all that a user can sign in with useless, before the user leaves the group. Whoever stays in AWS leaves it only when nothing of
// theirs is live.
const nameOf = ({ userName }) => `release of ${userName}`;

exports.handler = () => ({
  configure,

  async check(_old, inputs) {
    registered.add(nameOf(inputs));
    return { inputs };
  },

  async create(inputs) {
    return { id: inputs.userName, outs: inputs };
  },

  // Where the name is not known before another resource is made anew, this goes first, as for a user who leaves. What else of a user is
  // replaced leaves the keys as they are.
  async diff(_id, old, next) {
    const replaces = old.userName === next.userName ? [] : ["userName"];
    return { changes: differs(old, next, ["userName", "stays"]), replaces, deleteBeforeReplace: true };
  },

  async update(_id, _old, next) {
    return { outs: next };
  },

  async delete(_id, inputs) {
    const { userName: UserName, stays } = inputs;
    if (registered.has(nameOf(inputs)) || stays === false) return;
    await withIam(inputs, async (send, _credentials, caller) => {
      if (stays) {
        const live = await waysIn(send, UserName);
        if (live.length === 0) return;
        throw new Error(
          `${UserName} stays in AWS, and would no longer need MFA. Still active: ${live.join(", ")}. Fix: deactivate the keys and delete the ` +
            `password, or put ${UserName} back with release: true, run pulumi up, and remove ${UserName} then.`,
        );
      }
      if (caller?.includes(":user/") && caller.endsWith(`/${UserName}`)) {
        throw new Error(
          `This run has the credentials of ${UserName}, whom it would delete: AWS would refuse the rest halfway. Fix: run it as someone else.`,
        );
      }
      const inactive = async (answer, list, key, Update) => {
        const found = (await unlessGone(send(answer)))?.[list] ?? [];
        for (const { [key]: id, Status } of found) {
          if (Status === "Active") await send(new Update({ UserName, [key]: id, Status: "Inactive" }));
        }
      };
      const of = { UserName };
      await inactive(
        new iam.ListAccessKeysCommand(of),
        "AccessKeyMetadata",
        "AccessKeyId",
        iam.UpdateAccessKeyCommand,
      );
      await unlessGone(send(new iam.DeleteLoginProfileCommand(of)));
      await inactive(
        new iam.ListServiceSpecificCredentialsCommand(of),
        "ServiceSpecificCredentials",
        "ServiceSpecificCredentialId",
        iam.UpdateServiceSpecificCredentialCommand,
      );
      await inactive(
        new iam.ListSSHPublicKeysCommand(of),
        "SSHPublicKeys",
        "SSHPublicKeyId",
        iam.UpdateSSHPublicKeyCommand,
      );
      await inactive(
        new iam.ListSigningCertificatesCommand(of),
        "Certificates",
        "CertificateId",
        iam.UpdateSigningCertificateCommand,
      );
    });
  },
});
