import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SCHEMA, schemaText } from "./testing/schema";

test("schema.json is what Pulumi infers from the components' types (npm run schema writes it)", async () => {
  expect(readFileSync(SCHEMA, "utf8")).toBe(await schemaText());
});
