/** What a stack, a template or an account declares, and how it hangs together: what the rules judge. */

export { contentsOf } from "./contents";
export { type Given, type Resource, readResource } from "./resource";
export { type Credential, type Holder, Stack } from "./stack";
export { propertiesOf, TABLE } from "./table";
