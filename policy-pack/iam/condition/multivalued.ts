/**
 * Global keys, and those of `sts:AssumeRole`, that hold a list, in lower case. What an operator without a set operator
 * makes of several values is not documented.
 * Source: IAM user guide, "Multivalued context keys" and "AWS global condition context keys".
 */
export const MULTIVALUED_KEYS: ReadonlySet<string> = new Set([
  "aws:calledvia",
  "aws:principalorgpaths",
  "aws:principalservicenameslist",
  "aws:resourceorgpaths",
  "aws:sourceorgpaths",
  "aws:tagkeys",
  "aws:vpceorgpaths",
  "sts:transitivetagkeys",
]);
