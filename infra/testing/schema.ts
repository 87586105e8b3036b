import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental";
import * as components from "../index";

const FOLDER = join(__dirname, "..");
export const SCHEMA = join(FOLDER, "schema.json");

/** The secret outputs, which the types do not mark. */
const SECRET = ["devices of MfaAccess", "deviceSecrets of MfaUser"];

/** The package's schema, which Pulumi infers from the components' types. `npm run schema` writes it. */
export async function schemaText(): Promise<string> {
  const { MfaAccess, MfaGroup, MfaGuard, MfaRole, MfaUser } = components;
  const provider = new ComponentProvider({
    name: "aws-mfa",
    dirname: FOLDER,
    components: [MfaAccess, MfaGroup, MfaGuard, MfaRole, MfaUser],
  });
  const schema = JSON.parse(await provider.getSchema());
  for (const each of SECRET) {
    const [property = "", component = ""] = each.split(" of ");
    schema.resources[`aws-mfa:index:${component}`].properties[property].secret = true;
  }
  schema.meta = { supportPack: true };
  // Without it, the SDK for Go refers to the types of plain arguments, such as `AccessUserArgs`, but does not declare them.
  schema.language.go.generateExtraInputTypes = true;
  return `${JSON.stringify(schema, whole, 2)}\n`;
}

/** TypeScript has one number type. All numbers here are integers, which other languages distinguish. */
function whole(key: string, value: unknown): unknown {
  return key === "type" && value === "number" ? "integer" : value;
}

if (require.main === module) void schemaText().then((text) => writeFileSync(SCHEMA, text));
