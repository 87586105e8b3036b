/** Names for messages, which never quote arbitrary text from a template. */

const NAMES =
  "Base64 Cidr FindInMap GetAtt GetAZs GetStackOutput If ImportValue Join Length Select Split Sub ToJsonString " +
  "Transform And Equals Not Or";
const FUNCTIONS = new Set(["Ref", ...NAMES.split(" ").map((name) => `Fn::${name}`)]);

/** Whether a function inserts text that the template does not contain. */
export function isExpanding(name: string): boolean {
  return name === "Fn::Transform" || name.startsWith("Fn::ForEach");
}

/** The name of a function. */
export function functionLabel(name: string): string {
  if (name.startsWith("Fn::ForEach")) return "Fn::ForEach";
  return FUNCTIONS.has(name) ? name : "a function that AWS does not know";
}

/** The name of a parameter, a resource or its attribute. */
export function nameLabel(name: string): string {
  return /^[A-Za-z0-9:.]{1,255}$/.test(name) ? name : "Ref";
}
