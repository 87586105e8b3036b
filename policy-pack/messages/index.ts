/** The text of what the rules find. */
export { few } from "./document";
export { PREFIX, verdictOfNote } from "./prefix";
export { exemptText, notesOf, reasonText, violationText } from "./result";
