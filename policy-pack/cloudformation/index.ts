/** Reads what a CloudFormation template declares, without deploying it. */

export { forcedBy, type Paths, pathsOf } from "./condition";
export type { Template, TemplateError, TemplateResource, UnknownPart } from "./model";
export { homeIn, type TemplateContext } from "./parameter";
export { readTemplate } from "./template";
export { readText } from "./text";
