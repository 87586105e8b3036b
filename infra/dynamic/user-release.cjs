// Disables the user's credentials before the user leaves the group. A user who stays in AWS leaves it only without active credentials.
exports.handler = () =>
  resource({
    idOf: ({ userName }) => userName,
    keyOf: ({ userName }) => `release of ${userName}`,
    compared: ["userName", "stays"],
    // If another resource must be replaced before the name is known, this is deleted first, as for a user who leaves. All other
    // replacements leave the credentials unchanged.
    replacing: ["userName"],

    async remove(inputs) {
      const { userName, stays } = inputs;
      if (stays === false) return;
      await withIam(inputs, async (send, _credentials, caller) => {
        if (stays) return assertInactive(send, userName);
        if (caller?.includes(":user/") && caller.endsWith(`/${userName}`)) {
          throw new Error(
            `This run has the credentials of ${userName}, and would delete them: AWS would refuse the rest of the update. ` +
              "Fix: run it as someone else.",
          );
        }
        await disable(send, userName);
      });
    },
  });

async function assertInactive(send, userName) {
  const active = await activeCredentials(send, userName);
  if (active.length === 0) return;
  throw new Error(
    `${userName} stays in AWS, and would no longer need MFA. Still active: ${active.join(", ")}. Fix: deactivate the keys and ` +
      `delete the password, or add ${userName} again with release: true, run pulumi up, and then remove ${userName}.`,
  );
}

async function disable(send, UserName) {
  const deactivate = async (List, list, key, Update) => {
    const found = (await unlessGone(send(new List({ UserName }))))?.[list] ?? [];
    for (const { [key]: id, Status } of found) {
      if (Status === "Active") await send(new Update({ UserName, [key]: id, Status: "Inactive" }));
    }
  };
  await deactivate(iam.ListAccessKeysCommand, "AccessKeyMetadata", "AccessKeyId", iam.UpdateAccessKeyCommand);
  await unlessGone(send(new iam.DeleteLoginProfileCommand({ UserName })));
  await deactivate(
    iam.ListServiceSpecificCredentialsCommand,
    "ServiceSpecificCredentials",
    "ServiceSpecificCredentialId",
    iam.UpdateServiceSpecificCredentialCommand,
  );
  await deactivate(
    iam.ListSSHPublicKeysCommand,
    "SSHPublicKeys",
    "SSHPublicKeyId",
    iam.UpdateSSHPublicKeyCommand,
  );
  await deactivate(
    iam.ListSigningCertificatesCommand,
    "Certificates",
    "CertificateId",
    iam.UpdateSigningCertificateCommand,
  );
}
