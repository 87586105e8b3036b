// Holds the users of the last `pulumi up`, and refuses an update that would leave a user with active credentials and no guard, or take
// away a device that a user needs.
exports.handler = () =>
  resource({
    idOf: () => "members",
    // Only the owner of a group acts when it is deleted.
    keyOf: ({ groupName, ownsGroup = true }) => (ownsGroup ? `members of ${groupName}` : "members"),
    // `caller` and `releaseUsers` are for one update.
    compared: ["groupName", "users", "devices", "roles"],

    async failuresOf(old, news) {
      const { account, groupName, project, users, guardedGroups, caller } = news;
      const failures = (property, reasons) => reasons.map((reason) => ({ property, reason }));
      // At preview the account is unknown if the AWS provider is.
      if (old.account && old.account !== account && /^\d{12}$/.test(account))
        return failures("account", [accountRefusal(old.account, account, project)]);
      // At preview the name of a user may be unknown. A guard concerns the caller alone, and only if that is a user.
      if (typeof users !== "object" || (guardedGroups && !caller)) return [];
      if (old.groupName && old.groupName !== groupName && isSame(old.groupName)(groupName))
        return failures("groupName", [caseRefusal(old.groupName, groupName)]);
      return [
        ...failures("users", await withIam(news, (...access) => userRefusals(old, news, ...access))),
        ...failures("roles", roleRefusals(old.roles ?? {}, news.roles ?? {}, project)),
      ];
    },

    // By now the users that the program added with the group's output have left. The guard is deleted after this, and AWS deletes no
    // group with members.
    async remove({ groupName, ownsGroup, ...where }) {
      if (ownsGroup === false) return;
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

async function userRefusals(old, news, send, credentials) {
  const { users: before = {}, devices: had = {}, groupName: from } = old;
  const { users, devices, releaseUsers, caller, guardedGroups, project, ownsGroup, groupName: to } = news;
  const alone = ownsGroup === false;
  const renamed = from !== undefined && from !== to;
  const list = alone ? "the program" : `${project}:users`;
  const deviceList = alone ? `${project}:devices` : `${project}:devices or users[].devices`;

  const stayed = Object.keys(before).filter((name) => users[name] !== undefined);
  const left = Object.keys(before).filter((name) => users[name] === undefined);
  // Another `MfaAccess` of the program may have had the user, whose resources then stay the same.
  const moved = Object.keys(users).filter((name) =>
    alone ? renamed : before[name] === undefined && users[name] !== "existing",
  );
  const isLocked =
    caller &&
    (!guardedGroups || (await groupsOf(send, caller)).some((group) => guardedGroups.some(isSame(group))));
  const refusals = await Promise.all([
    ...stayed.map(
      (name) =>
        changeRefusal(name, before[name], users[name]) ??
        deviceRefusal(send, name, had[name] ?? [], devices[name] ?? [], deviceList),
    ),
    ...left.map((name) => {
      if (alone) return nameRefusal(name, Object.keys(users), project);
      return before[name] !== "created" && leaverRefusal(send, name, renamed, releaseUsers, project);
    }),
    ...moved.map((name) => moveRefusal(send, name, alone && from, to)),
    ...Object.keys(users).map((name) => offboardedRefusal(send, name, list)),
    isLocked && callerRefusal(send, caller, await credentials()),
  ]);
  return refusals.filter(Boolean);
}

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
 * The first device of the list is `mfa/alice`, whatever its name; each other one has its name in the ARN, as `mfa/alice/backup`. Losing
 * the only enabled device would lock the user out, and let anyone with the user's keys enroll another.
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
  // Security keys generate no codes: they work in the console only.
  const enabled = (found?.MFADevices ?? [])
    .map(({ SerialNumber }) => SerialNumber)
    .filter((serial) => !serial.includes(":u2f/"));
  const isGone = (serial) => gone.some((device) => serial.endsWith(`:mfa/${name}/${device}`));
  if (enabled.length === 0 || !enabled.every(isGone)) return undefined;
  return (
    `This would delete every device that ${name} has enabled: ${gone.join(", ")}. ` +
    `Fix: enable another one first (aws-mfa enroll ${name} --device ${firstNow}), or keep ${gone.join(", ")} in ${list}.`
  );
}

/** The user's name identifies the user's other resources: devices and keys would be looked up by the old name. */
function nameRefusal(name, [next], project) {
  return `${project} is for ${name} and cannot be changed to ${next}. Fix: add another MfaUser for ${next}, and remove this one.`;
}

/** Entities of the same names in another account are others. */
function accountRefusal(from, to, project) {
  return (
    `${project} is in account ${from}, but the AWS provider has credentials of account ${to}. ` +
    `Fix: run it with credentials of account ${from}.`
  );
}

/** To the engine a role is the same one, whatever the account of its provider. */
function roleRefusals(before, now, project) {
  const moved = Object.keys(before).filter((name) => now[name] && now[name] !== before[name]);
  return moved.map(
    (name) =>
      `The role ${name} would stay in account ${before[name]}, and not be created in account ${now[name]}. ` +
      `Fix: remove ${name} from ${project}:roles, run pulumi up, and add it again.`,
  );
}

/** IAM ignores the case of a name. */
const isSame = (one) => (other) => one.toLowerCase() === other.toLowerCase();

/** What is removed from the group of the old name is removed from that of the new one. */
function caseRefusal(from, to) {
  return (
    `To IAM, ${to} and ${from} are the same name: the rename would briefly remove the members and the deny policy from the group. ` +
    `Fix: keep ${from}, or choose a name that differs in more than case.`
  );
}

async function groupsOf(send, UserName) {
  const found = await unlessGone(send(new iam.ListGroupsForUserCommand({ UserName })));
  return (found?.Groups ?? []).map(({ GroupName }) => GroupName);
}

/**
 * The AWS provider removes a user from the old group before it adds them to the new one.
 *
 * @param from the old group, or `false` if it is not known
 */
async function moveRefusal(send, name, from, to) {
  const groups = await groupsOf(send, name);
  if (groups.some(isSame(to)) || !groups.some(from ? isSame(from) : () => true)) return undefined;
  // A group that is being renamed has only one of the two names.
  if (!(await unlessGone(send(new iam.GetGroupCommand({ GroupName: to }))))) return undefined;
  const active = await activeCredentials(send, name);
  if (active.length === 0) return undefined;
  return (
    `${name} would leave the old group before joining ${to}, and would briefly need no MFA. Still active: ${active.join(", ")}. ` +
    `Fix: aws iam add-user-to-group --group-name ${to} --user-name ${name}, then run pulumi up again.`
  );
}

/** For a user who stays in AWS. */
async function leaverRefusal(send, name, renamed, releaseUsers, project) {
  if (renamed) {
    // The AWS provider would remove the user from a group of the old name, and leave them in the renamed one.
    return `${name} cannot leave the group while it is renamed. Fix: change ${project}:groupName first, then remove ${name}.`;
  }
  // At preview the list may be unknown.
  if (!Array.isArray(releaseUsers) || releaseUsers.includes(name)) return undefined;
  const active = await activeCredentials(send, name);
  if (active.length === 0) return undefined;
  return (
    `${name} stays in AWS after removal from ${project}:users, and would no longer need MFA. Still active: ${active.join(", ")}. ` +
    `Fix: deactivate the keys and delete the password, keep ${name} on the list, or, to release ${name} with active credentials, ` +
    `add ${name} to ${project}:releaseUsers.`
  );
}

/** The inline policy that `aws-mfa offboard` attaches to a user who leaves. */
const OFFBOARDED = "aws-mfa-offboarded";

/** An offboarded user who is still listed would be added to the group again, with a new device. */
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

/** Access keys carry no MFA, so a member of the group can do nothing with them. Their ids begin with `AKIA`, those of sessions with `ASIA`. */
async function callerRefusal(send, caller, { accessKeyId }) {
  const found = await unlessGone(send(new iam.ListMFADevicesCommand({ UserName: caller })));
  if (found === undefined) return undefined;
  const hasDevice = found.MFADevices?.length > 0;
  if (hasDevice && !accessKeyId.startsWith("AKIA")) return undefined;
  const why = hasDevice ? "with access keys, which carry no MFA" : "who has no enabled MFA device";
  return (
    `this pulumi up runs as ${caller}, ${why}: the group would lock ${caller} out during the update. ` +
    `Fix: run it as someone else, or with a session that ${caller} started with an MFA code.`
  );
}
