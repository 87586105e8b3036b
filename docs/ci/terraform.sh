#!/bin/sh
# Plans a Terraform or OpenTofu configuration, and writes what the plan would leave open without MFA as Markdown, SARIF and JUnit.
#
#   …/terraform.sh        in the folder of the root module, after terraform init
#
# It belongs in the platform team's repository, as preview.sh does: the command's version comes from package-lock.json there, and its
# configuration from mfa-policy.json, if any.
#
# Exits with 0 if nothing fails, 1 for findings, 2 if something could not be evaluated. The reports are complete or do not exist.
#
#   TERRAFORM     the program; tofu for OpenTofu                       terraform
#   MFA_CONFIG    another configuration file, in this script's folder
#   MFA_REPORTS   the folder for mfa.md, mfa.sarif and mfa.junit.xml   mfa-reports
set -eu

case $0 in */*) policy=$(cd "${0%/*}" && pwd) ;; *) policy=$PWD ;; esac
reports=${MFA_REPORTS:-mfa-reports}
terraform=${TERRAFORM:-terraform}

no_reports() {
  echo "terraform.sh: No reports: $1" >&2
  exit 2
}

# Reports of an earlier run would be mistaken for this one's.
rm -f "$reports/mfa.md" "$reports/mfa.sarif" "$reports/mfa.junit.xml"

for program in npm "$terraform"; do
  command -v "$program" > /dev/null || no_reports "$program not found. Install it, or add its folder to PATH."
done
[ -f "$policy/package-lock.json" ] ||
  no_reports "$policy has no package-lock.json. Keep this script in the platform team's repository, next to that file."
config=$policy/${MFA_CONFIG:-mfa-policy.json}
[ -f "$config" ] || [ -z "${MFA_CONFIG:-}" ] || no_reports "$config (MFA_CONFIG) does not exist."
[ -f "$config" ] || config=

# The plan is in this folder, too, and is deleted with it: it contains the values of secrets.
tools=$(mktemp -d)
unfinished=
trap 'rm -rf "$tools" ${unfinished:+"$unfinished"}' EXIT
trap 'exit 130' HUP INT TERM
for file in "$policy"/package.json "$policy"/package-lock.json "$policy"/*.tgz; do
  [ ! -e "$file" ] || cp "$file" "$tools"
done
npm ci --prefix "$tools" --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error ||
  no_reports "npm could not install the command."

"$terraform" plan -input=false -out="$tools/plan" || no_reports "$terraform plan failed."
"$terraform" show -json "$tools/plan" > "$tools/plan.json" || no_reports "$terraform show failed."

# On the disk of the reports, so that moving them there leaves none half-written.
mkdir -p "$reports"
unfinished=$(mktemp -d "$reports/.unfinished-XXXXXX")
unfinished=$(cd "$unfinished" && pwd)
report() {
  status=0
  (cd "$tools" && node_modules/.bin/aws-mfa audit plan.json ${config:+--exemptions "$config"} --format "$1" \
    --output "$unfinished/$2") || status=$?
  [ -s "$unfinished/$2" ] || no_reports "See the message of aws-mfa above."
}
report markdown mfa.md
report sarif mfa.sarif
report junit mfa.junit.xml
mv "$unfinished"/mfa.* "$reports/"
exit "$status"
