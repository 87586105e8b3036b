import * as fc from "fast-check";

/** Files in every form that `configparser` reads, and more mixed than any real one. */
const line = fc.oneof(
  fc.constantFrom(
    "",
    "  ",
    "# a comment = x",
    "  ; indented",
    "[profile mfa]",
    "[default]",
    "[sso-session s]",
    " [services x]",
    "s3 =",
    "region = eu-central-1",
    "region: x",
    "  max_queue_size = 10",
    "\ttab = 1",
    "role_arn = arn:old",
    " mfa_serial = arn:mfa # no comment",
    "credential_process = /bin/x --y",
    "Source_Profile=other",
  ),
  fc.stringMatching(/^[\t -~é]{0,12}$/),
);
export const anyConfigFile = fc
  .array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n")), { maxLength: 14 })
  .map((lines) => lines.map(([text, end]) => text + end).join(""));
