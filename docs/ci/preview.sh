#!/bin/sh
# Previews a Pulumi stack with the MFA policy pack, and leaves what the pack found as Markdown, SARIF and JUnit.
#
#   preview.sh STACK          in the folder of the stack's project, logged in to its backend
#
# Ends as `pulumi preview` does: not with 0 where a mandatory policy is violated. It needs Node 20, 22 or 24, npm and
# the Pulumi CLI 3.200 or newer.
#
#   MFA_VERSION   the version of the packages                         0.1.0
#   MFA_PACKAGES  what to install instead, such as two files from npm pack
#   MFA_CONFIG    a JSON file with the policies' configuration        none
#   MFA_REPORTS   the folder for mfa.md, mfa.sarif and mfa.junit.xml  mfa-reports
#   MFA_FILE      the file that code scanning shows the findings at   Pulumi.yaml
set -eu

stack=${1:?Say which stack: preview.sh STACK}
version=${MFA_VERSION:-0.1.0}
reports=${MFA_REPORTS:-mfa-reports}

# Outside of the project, so that neither its packages nor its lock file change. The event log lies there too, and goes with it:
# it holds more than the policies' findings.
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
# shellcheck disable=SC2086 # Several packages.
npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --loglevel=error \
  ${MFA_PACKAGES:-"aws-mfa-policy-pack@$version" "aws-mfa@$version"}

# PULUMI_DEBUG_COMMANDS is what makes the CLI take --event-log.
status=0
PULUMI_DEBUG_COMMANDS=true pulumi preview --stack "$stack" --non-interactive \
  --policy-pack "$tools/node_modules/aws-mfa-policy-pack" \
  ${MFA_CONFIG:+--policy-pack-config "$MFA_CONFIG"} \
  --event-log "$tools/events" || status=$?

mkdir -p "$reports"
findings() {
  "$tools/node_modules/.bin/aws-mfa" findings "$tools/events" --file "${MFA_FILE:-Pulumi.yaml}" --format "$1" || status=1
}
findings markdown > "$reports/mfa.md"
findings sarif > "$reports/mfa.sarif"
findings junit > "$reports/mfa.junit.xml"
exit "$status"
