/** The completion script of each shell. It reads candidates from `aws-mfa completion --words`: one per line, `WORD<tab>MEANING`. */
export const SCRIPTS = {
  bash: `_aws_mfa() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("\${line%%$'\\t'*}"); done < <(
    aws-mfa completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null
  )
}
complete -o default -F _aws_mfa aws-mfa
`,
  zsh: `#compdef aws-mfa
_aws_mfa() {
  local -a lines
  lines=("\${(@f)$(aws-mfa completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("\${(@)lines:#}")
  if (( $#lines )); then
    lines=("\${(@)lines//:/\\\\:}")
    lines=("\${(@)lines/$'\\t'/:}")
    _describe aws-mfa lines
  else
    _files
  fi
}
if [[ $funcstack[1] == _aws_mfa ]]; then _aws_mfa "$@"; else compdef _aws_mfa aws-mfa; fi
`,
  fish: `function __aws_mfa_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l found (aws-mfa completion --words -- $words (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c aws-mfa -f -a '(__aws_mfa_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName aws-mfa -ScriptBlock {
  param($word, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
  aws-mfa completion --words -- @words "$word" 2>$null | ForEach-Object {
    $name, $meaning = $_ -split "\`t", 2
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $(if ($meaning) { $meaning } else { $name }))
  }
}
`,
} as const;
