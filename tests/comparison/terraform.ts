import type { GroupEntry, TrustEntry } from "../corpus/entry";

/** What carries the document: the tools that are asked look at different resources. */
export type IdentityKind = "role" | "group" | "user";

/** A Terraform configuration of one resource that carries the document: what all of the tools read. */
export function terraform(kind: IdentityKind, { document }: TrustEntry | GroupEntry): string {
  const text = heredoc(document);
  if (kind === "role") {
    return `resource "aws_iam_role" "subject" {\n  name = "subject"\n  assume_role_policy = ${text}}\n`;
  }
  return [
    `resource "aws_iam_${kind}" "subject" {`,
    '  name = "subject"',
    "}",
    "",
    `resource "aws_iam_${kind}_policy" "subject" {`,
    '  name = "subject"',
    `  ${kind} = aws_iam_${kind}.subject.name`,
    `  policy = ${text}}`,
    "",
  ].join("\n");
}

/** Literal JSON, since not every tool evaluates `jsonencode`. `$${` is Terraform's way to write a policy variable. */
function heredoc(document: object): string {
  return `<<POLICY\n${JSON.stringify(document, null, 2).replaceAll("${", "$$${")}\nPOLICY\n`;
}
