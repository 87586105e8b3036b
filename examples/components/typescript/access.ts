import { MfaAccess, MfaUser } from "../../../infra/index";

/** The same as `../yaml`, in a program of its own: `import { MfaAccess, MfaUser } from` the npm package. */
export async function access() {
  const people = new MfaAccess("people", {
    groupName: "EngineersMFA",
    selfServiceDevices: "enable",
    users: [{ name: "alice" }, { name: "bob", devices: ["phone", "backup"] }],
    roles: [
      {
        name: "Deploy",
        sessionSeconds: 7200,
        managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      },
    ],
  });
  new MfaUser("auditor", { userName: "carol", groupName: people.groupName });
  return { groupArn: people.groupArn, profile: people.users.alice?.profile, devices: people.devices };
}
