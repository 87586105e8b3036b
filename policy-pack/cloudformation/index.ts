/** What a CloudFormation template declares, read without deploying it. */

export type { Template, TemplateError, TemplateResource, UnknownPart } from "./model";
export { readTemplate } from "./template";
export { readText } from "./text";
