/** The IAM resources of a stack, a template or an account, and how they refer to each other. */

export type { Holder } from "./declared";
export { type Credential, IamGraph } from "./graph";
export { nestedFiles } from "./nested-resources";
export { type Given, type Resource, readResource, type TemplateFile } from "./resource";
export { propertiesOf, RESOURCE_TYPES, type ResourceType } from "./resource-types";
