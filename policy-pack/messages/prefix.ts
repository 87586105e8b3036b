/** The prefixes of the pack's notes. `aws-mfa findings`, which only gets text from Pulumi, recognizes notes by them. */
export const PREFIX = {
  unknown: "Not decided yet: ",
  exempt: "Exempt: ",
  "anyone-with-mfa": "Anyone with MFA: ",
} as const;

/** The verdict of a note, by its prefix. */
export function verdictOfNote(text: string): keyof typeof PREFIX | undefined {
  return (["unknown", "exempt", "anyone-with-mfa"] as const).find((each) => text.startsWith(PREFIX[each]));
}
