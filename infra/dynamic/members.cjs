// Remembers whom the last `up` had in the group, and refuses a change that would leave somebody with live keys and no guard,
// or take a device from somebody who needs it.
const membersOf = ({ groupName }) => `members of ${groupName}`;

exports.handler = () => ({
  configure,

  async check({ users: before = {}, devices: had = {}, roles: were = {}, groupName, account }, news) {
    const { users, devices, roles = {}, releaseUsers, caller, guardedGroups, project, ownsGroup } = news;
    const alone = ownsGroup === false;
    if (!alone) registered.add(membersOf(news));
    const refused = (property, reason) => ({ inputs: news, failures: [{ property, reason }] });
    // Not known at preview where the AWS provider itself is not.
    if (account && account !== news.account && /^\d{12}$/.test(news.account))
      return refused("account", accountRefusal(account, news.account, project));
    // A name that is not known yet, at preview; a guard, which concerns the caller alone, by a role.
    if (typeof users !== "object" || (guardedGroups && !caller)) return { inputs: news, failures: [] };
    const renamed = groupName !== undefined && groupName !== news.groupName;
    if (renamed && isSame(groupName)(news.groupName))
      return refused("groupName", caseRefusal(groupName, news.groupName));
    const elsewhere = Object.entries(were).filter(([name, was]) => roles[name] && roles[name] !== was);
    const list = alone ? "the program" : `${project}:users`;
    const deviceList = alone ? `${project}:devices` : `${project}:devices or users[].devices`;
    const problems = await withIam(news, async (send, credentials) => {
      const found = Object.entries(before).map(([name, was]) => {
        if (users[name] !== undefined) {
          return (
            changeRefusal(name, was, users[name]) ??
            deviceRefusal(send, name, had[name] ?? [], devices[name] ?? [], deviceList)
          );
        }
        if (alone) return nameRefusal(name, Object.keys(users), project);
        return was !== "created" && leaverRefusal(send, name, renamed, releaseUsers, project);
      });
      // Another `MfaAccess` of the program may have had them: what there is of a user is the same resource then.
      const moved = Object.keys(users).filter((name) =>
        alone ? renamed : before[name] === undefined && users[name] !== "existing",
      );
      found.push(...moved.map((name) => moveRefusal(send, name, alone && groupName, news.groupName)));
      const listed = Object.keys(users).map((name) => offboardedRefusal(send, name, list));
      const locked =
        caller &&
        (!guardedGroups || (await groupsOf(send, caller)).some((group) => guardedGroups.some(isSame(group))));
      return Promise.all([...found, ...listed, locked && callerRefusal(send, caller, await credentials())]);
    });
    const failures = [
      ...problems.flatMap((reason) => (reason ? { property: "users", reason } : [])),
      ...elsewhere.map(([name, was]) => ({
        property: "roles",
        reason: roleRefusal(name, was, roles[name], project),
      })),
    ];
    return { inputs: news, failures };
  },

  async create(inputs) {
    return { id: "members", outs: inputs };
  },

  // Who runs it, and who may be let go, is for the moment.
  async diff(_id, old, next) {
    return { changes: differs(old, next, ["groupName", "users", "devices", "roles"]), replaces: [] };
  },

  async update(_id, _old, next) {
    return { outs: next };
  },

  // Whom the program put in by the group's output is out. The guard goes after this, and AWS deletes no group that somebody is in.
  async delete(_id, { groupName, ownsGroup, ...where }) {
    if (ownsGroup === false || registered.has(membersOf({ groupName }))) return;
    const group = await withIam(where, (send) =>
      unlessGone(send(new iam.GetGroupCommand({ GroupName: groupName }))),
    );
    const others = (group?.Users ?? []).map(({ UserName }) => UserName);
    if (others.length === 0) return;
    throw new Error(
      `${others.join(", ")} is still in the group ${groupName}, and AWS only deletes an empty group. ` +
        `Fix: aws iam remove-user-from-group --group-name ${groupName} --user-name ${others[0]}`,
    );
  },
});

function changeRefusal(name, was, is) {
  if (was === "created" && is === "existing") {
    return (
      `existing: true would delete ${name}, because this stack created ${name}. ` +
      `Fix: set retainOnDelete: true for ${name} instead, run pulumi up, then set existing: true.`
    );
  }
  if (was === "existing" && is !== "existing") {
    return `${name} existed before this stack and cannot be created again. Fix: keep existing: true for ${name}.`;
  }
  return undefined;
}

/**
 * A device is known by its place: `mfa/alice` is the first of the list, whatever it is called there, and `mfa/alice/backup` one of the
 * others. Nobody may lose the only one that is enabled: they would be locked out, and whoever has their keys could enroll another.
 */
async function deviceRefusal(send, name, [first, ...others], [firstNow, ...othersNow], list) {
  if (first !== undefined && (others.some(isSame(firstNow)) || othersNow.some(isSame(first)))) {
    return (
      `The first device of ${name} is ${first}, and this list makes it ${firstNow}: that would delete an enrolled device. ` +
      `Fix: keep ${first} first. To give ${name} another ${first}: aws-mfa replace ${name} --device ${first}`
    );
  }
  const gone = others.filter((device) => !othersNow.some((kept) => kept === device));
  if (gone.length === 0) return undefined;
  const found = await unlessGone(send(new iam.ListMFADevicesCommand({ UserName: name })));
  // Security keys give no codes, and serve the console alone.
  const enabled = (found?.MFADevices ?? [])
    .map(({ SerialNumber }) => SerialNumber)
    .filter((serial) => !serial.includes(":u2f/"));
  const isGone = (serial) => gone.some((device) => serial.endsWith(`:mfa/${name}/${device}`));
  if (enabled.length === 0 || !enabled.every(isGone)) return undefined;
  return (
    `${gone.join(", ")} is all that ${name} has enabled, and would be deleted. ` +
    `Fix: enable another one first (aws-mfa enroll ${name} --device ${firstNow}), or keep ${gone.join(", ")} in ${list}.`
  );
}

/** What else there is of a user is known by the name: their device and their keys would be looked for under the old one. */
function nameRefusal(name, [next], project) {
  return `${project} is for ${name} and cannot be for ${next} instead. Fix: add another MfaUser for ${next}, and remove this one.`;
}

/** What has the same names in another account is somebody else's. */
function accountRefusal(from, to, project) {
  return (
    `${project} is in account ${from}, and the AWS provider has credentials of account ${to}. ` +
    `Fix: run it with credentials of account ${from}.`
  );
}

/** The engine takes a role for the same one, whatever the account of its provider. */
function roleRefusal(name, from, to, project) {
  return (
    `The role ${name} would stay in account ${from}, and none would be made in account ${to}. ` +
    `Fix: remove ${name} from ${project}:roles, run pulumi up, and add it again.`
  );
}

/** IAM ignores the case of a name. */
const isSame = (one) => (other) => one.toLowerCase() === other.toLowerCase();

/** What is taken from the group of the old name would be taken from that of the new one. */
function caseRefusal(from, to) {
  return (
    `IAM does not tell ${to} from ${from}, and the rename would take the members and the deny policy from the group for a moment. ` +
    `Fix: keep ${from}, or choose a name that differs in more than case.`
  );
}

async function groupsOf(send, UserName) {
  const found = await unlessGone(send(new iam.ListGroupsForUserCommand({ UserName })));
  return (found?.Groups ?? []).map(({ GroupName }) => GroupName);
}

/**
 * The AWS provider takes a user out of the old group before it puts them into the new one.
 *
 * @param from the old group, or `false` where that is not known
 */
async function moveRefusal(send, name, from, to) {
  const groups = await groupsOf(send, name);
  if (groups.some(isSame(to)) || !groups.some(from ? isSame(from) : () => true)) return undefined;
  // A group that is renamed has one of the two names at a time.
  if (!(await unlessGone(send(new iam.GetGroupCommand({ GroupName: to }))))) return undefined;
  const live = await waysIn(send, name);
  if (live.length === 0) return undefined;
  return (
    `${name} would leave the old group before joining ${to}, and would not need MFA for a moment. Still active: ${live.join(", ")}. ` +
    `Fix: aws iam add-user-to-group --group-name ${to} --user-name ${name}, then run pulumi up again.`
  );
}

/** For a user who stays in AWS. */
async function leaverRefusal(send, name, renamed, releaseUsers, project) {
  if (renamed) {
    // The AWS provider would look for the user in a group of the old name, and leave them in the new one.
    return `${name} cannot leave the group while it is renamed. Fix: change ${project}:groupName first, then remove ${name}.`;
  }
  // Or not known yet, at preview.
  if (!Array.isArray(releaseUsers) || releaseUsers.includes(name)) return undefined;
  const live = await waysIn(send, name);
  if (live.length === 0) return undefined;
  return (
    `${name} stays in AWS after removal from ${project}:users, and would no longer need MFA. Still active: ${live.join(", ")}. ` +
    `Fix: deactivate the keys and delete the password, or keep ${name} on the list, or, to release ${name} with them, ` +
    `add ${name} to ${project}:releaseUsers.`
  );
}

/** The inline policy that `aws-mfa offboard` gives to who leaves. */
const OFFBOARDED = "aws-mfa-offboarded";

/** Whoever was offboarded and is still on the list would be put back into the group, with a new device. */
async function offboardedRefusal(send, name, list) {
  const found = await unlessGone(
    send(new iam.GetUserPolicyCommand({ UserName: name, PolicyName: OFFBOARDED })),
  );
  if (found?.PolicyName !== OFFBOARDED) return undefined;
  return (
    `${name} was offboarded, and this would add ${name} to the group again. Fix: remove ${name} from ${list}; ` +
    `to allow ${name} again: aws iam delete-user-policy --user-name ${name} --policy-name ${OFFBOARDED}`
  );
}

/** Access keys carry no MFA, and a user in the group can do nothing with them. An id says what it is of: `AKIA` of keys, `ASIA` of a session. */
async function callerRefusal(send, caller, { accessKeyId }) {
  const devices = await unlessGone(send(new iam.ListMFADevicesCommand({ UserName: caller })));
  if (devices === undefined) return undefined;
  if (devices.MFADevices?.length > 0 && !accessKeyId.startsWith("AKIA")) return undefined;
  const why =
    devices.MFADevices?.length > 0 ? "with access keys, which carry no MFA" : "who has no enabled MFA device";
  return (
    `this pulumi up runs as ${caller}, ${why}: the group would lock ${caller} out halfway. ` +
    `Fix: run it as someone else, or with a session that ${caller} started with an MFA code.`
  );
}
