/** The text of what the rules find. */
export { few } from "./document";
export { PREFIX, verdictOfNote } from "./prefix";
export { exemptText, limitName, notesOf, reasonText, violationText } from "./result";
