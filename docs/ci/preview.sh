#!/bin/sh
# Previews a Pulumi stack with the MFA policy pack, and writes the results as Markdown, SARIF and JUnit.
#
#   …/preview.sh STACK        in the folder of the stack's project, logged in to its backend
#
# It belongs in the platform team's repository, next to package.json and package-lock.json, which pin the pack and the command,
# and mfa-policy.json, the policies' configuration, if any. It takes none of these from the stack's own repository.
#
# Exits like `pulumi preview`: not with 0 if a mandatory policy is violated. The reports are complete or do not exist: if the
# pack did not run, there are none, and the last line says why. It needs Node.js 20, 22 or 24, npm and Pulumi CLI 3.200 or later.
#
#   MFA_CONFIG    another configuration file, in this script's folder
#   MFA_REPORTS   the folder for mfa.md, mfa.sarif and mfa.junit.xml   mfa-reports
#   MFA_FILE      the file that code scanning shows the findings in    Pulumi.yaml
set -eu

stack=${1:?Usage: preview.sh STACK}
case $0 in */*) policy=$(cd "${0%/*}" && pwd) ;; *) policy=$PWD ;; esac
reports=${MFA_REPORTS:-mfa-reports}

status=0
no_reports() {
  echo "preview.sh: No reports: $1" >&2
  [ "$status" -ne 0 ] || status=1
  exit "$status"
}

# Reports of an earlier run would be mistaken for this one's.
rm -f "$reports/mfa.md" "$reports/mfa.sarif" "$reports/mfa.junit.xml"

missing=
for program in npm pulumi; do
  command -v "$program" > /dev/null || missing="$missing${missing:+ and }$program"
done
[ -z "$missing" ] || no_reports "$missing not found. Install what is missing, or add its folder to PATH."
[ -f "$policy/package-lock.json" ] ||
  no_reports "$policy has no package-lock.json. Keep this script in the platform team's repository, next to that file."

if [ -n "${MFA_CONFIG:-}" ]; then
  config=$policy/$MFA_CONFIG
  [ -f "$config" ] || no_reports "$config (MFA_CONFIG) does not exist."
else
  config=$policy/mfa-policy.json
  [ -f "$config" ] || config=
fi

# Outside the project, so that neither its packages nor its lock file change. The event log is there too, and is deleted with it:
# it contains more than the policies' findings.
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

# The CLI accepts --event-log only with PULUMI_DEBUG_COMMANDS.
PULUMI_DEBUG_COMMANDS=true pulumi preview --stack "$stack" --non-interactive \
  --policy-pack "$tools/node_modules/aws-mfa-policy-pack" \
  ${config:+--policy-pack-config "$config"} \
  --event-log "$tools/events" || status=$?
[ -s "$tools/events" ] || no_reports "pulumi preview failed before it ran the program."

# Exit code 2: not everything was evaluated. The report says so, or standard error if there is none.
report() {
  ended=0
  "$tools/node_modules/.bin/aws-mfa" findings "$tools/events" --file "${MFA_FILE:-Pulumi.yaml}" --format "$1" \
    > "$unfinished/$2" || ended=$?
  case $ended in 0 | 2) ;; *) : > "$unfinished/$2" ;; esac
  [ -s "$unfinished/$2" ] || no_reports "See the message of aws-mfa above."
  [ "$ended" -eq 0 ] || [ "$status" -ne 0 ] || status=1
}
report markdown mfa.md
report sarif mfa.sarif
report junit mfa.junit.xml
mv "$unfinished"/mfa.* "$reports/"
exit "$status"
