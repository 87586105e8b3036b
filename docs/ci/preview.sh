#!/bin/sh
# Previews a Pulumi stack with the MFA policy pack, and leaves what the pack found as Markdown, SARIF and JUnit.
#
#   …/preview.sh STACK        in the folder of the stack's project, logged in to its backend
#
# It lies in the platform team's repository, beside what it works by: package.json and package-lock.json, which fix the pack and
# the command, and mfa-policy.json, the policies' configuration, where there is one. None of it is taken from the stack's own
# repository.
#
# Ends as `pulumi preview` does: not with 0 where a mandatory policy is violated. The reports are there whole or not at all:
# where the pack was not asked there are none, and the last line says why. It needs Node 20, 22 or 24, npm and the Pulumi CLI
# 3.200 or newer.
#
#   MFA_CONFIG    another file with the configuration, from this script's folder
#   MFA_REPORTS   the folder for mfa.md, mfa.sarif and mfa.junit.xml  mfa-reports
#   MFA_FILE      the file that code scanning shows the findings at   Pulumi.yaml
set -eu

stack=${1:?Say which stack: preview.sh STACK}
case $0 in */*) policy=$(cd "${0%/*}" && pwd) ;; *) policy=$PWD ;; esac
reports=${MFA_REPORTS:-mfa-reports}

status=0
no_reports() {
  echo "preview.sh: There are no reports: $1" >&2
  [ "$status" -ne 0 ] || status=1
  exit "$status"
}

# Those of an earlier run would be taken for this one's.
rm -f "$reports/mfa.md" "$reports/mfa.sarif" "$reports/mfa.junit.xml"

missing=
for program in npm pulumi; do
  command -v "$program" > /dev/null || missing="$missing${missing:+ and }$program"
done
[ -z "$missing" ] || no_reports "$missing not found. Install what is missing, or put its folder on the PATH."
[ -f "$policy/package-lock.json" ] ||
  no_reports "$policy has no package-lock.json. Keep this script in the platform team's repository, beside the file."

if [ -n "${MFA_CONFIG:-}" ]; then
  config=$policy/$MFA_CONFIG
  [ -f "$config" ] || no_reports "$config, which MFA_CONFIG names, is not there."
else
  config=$policy/mfa-policy.json
  [ -f "$config" ] || config=
fi

# Outside of the project, so that neither its packages nor its lock file change. The event log lies there too, and goes with it:
# it holds more than the policies' findings.
tools=$(mktemp -d)
unfinished=
trap 'rm -rf "$tools" ${unfinished:+"$unfinished"}' EXIT
trap 'exit 130' HUP INT TERM
mkdir -p "$reports"
unfinished=$(mktemp -d "$reports/.unfinished-XXXXXX")

for file in "$policy"/package.json "$policy"/package-lock.json "$policy"/*.tgz; do
  [ ! -e "$file" ] || cp "$file" "$tools"
done
npm ci --prefix "$tools" --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error ||
  no_reports "npm could not install the policy pack."

# PULUMI_DEBUG_COMMANDS is what makes the CLI take --event-log.
PULUMI_DEBUG_COMMANDS=true pulumi preview --stack "$stack" --non-interactive \
  --policy-pack "$tools/node_modules/aws-mfa-policy-pack" \
  ${config:+--policy-pack-config "$config"} \
  --event-log "$tools/events" || status=$?
[ -s "$tools/events" ] || no_reports "pulumi preview ended before it looked at the program."

# With 2 aws-mfa says that not all was seen: in the report, or on standard error where there is none.
report() {
  ended=0
  "$tools/node_modules/.bin/aws-mfa" findings "$tools/events" --file "${MFA_FILE:-Pulumi.yaml}" --format "$1" \
    > "$unfinished/$2" || ended=$?
  case $ended in 0 | 2) ;; *) : > "$unfinished/$2" ;; esac
  [ -s "$unfinished/$2" ] || no_reports "aws-mfa says why above."
  [ "$ended" -eq 0 ] || [ "$status" -ne 0 ] || status=1
}
report markdown mfa.md
report sarif mfa.sarif
report junit mfa.junit.xml
mv "$unfinished"/mfa.* "$reports/"
exit "$status"
