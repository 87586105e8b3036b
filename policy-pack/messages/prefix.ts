/** How the notes of the pack begin. `aws-mfa findings`, which gets nothing but text from Pulumi, tells them apart by it. */
export const PREFIX = {
  unknown: "Not decided yet: ",
  exempt: "Exempt: ",
  "anyone-with-mfa": "Anyone with MFA: ",
} as const;

/** The verdict of a note, where its text begins with a prefix. */
export function verdictOfNote(text: string): keyof typeof PREFIX | undefined {
  return (["unknown", "exempt", "anyone-with-mfa"] as const).find((each) => text.startsWith(PREFIX[each]));
}
