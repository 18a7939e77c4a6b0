/**
 * The completion script of each shell. All of them pass the line up to the cursor to `mcrctl __complete`, which prints
 * one candidate per line, with a description after a tab.
 */

// Readline breaks words at `:`, `=` and `@`, and replaces only what follows the last break.
const bash = String.raw`# mcrctl completion for bash
_mcrctl() {
  local line=${'$'}{COMP_LINE:0:COMP_POINT} candidate word part prefix= mark
  word=${'$'}{line##*[[:space:]]}
  for mark in : = @; do
    part=${'$'}{word%"${'$'}{word##*"$mark"}"}
    if [[ $COMP_WORDBREAKS == *"$mark"* && ${'$'}{#part} -gt ${'$'}{#prefix} ]]; then prefix=$part; fi
  done
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    COMPREPLY+=("${'$'}{candidate#"$prefix"}")
  done < <("${'$'}{COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
  if [[ ${'$'}{COMPREPLY[0]} == *[:=,] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _mcrctl mcrctl
`;

const zsh = String.raw`#compdef mcrctl
# mcrctl completion for zsh
_mcrctl() {
  local -a lines candidates open
  local line
  lines=("${'$'}{(@f)$($words[1] __complete "${'$'}{(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}")
  for line in $lines; do
    line=${'$'}{line%%$'\t'*}
    if [[ $line == *[:=,] ]]; then open+=("$line"); elif [[ -n $line ]]; then candidates+=("$line"); fi
  done
  if (( ${'$'}{#open} + ${'$'}{#candidates} == 0 )); then _files; return; fi
  compadd -S '' -a open
  compadd -a candidates
}
if [[ $funcstack[1] == _mcrctl ]]; then _mcrctl "$@"; else compdef _mcrctl mcrctl; fi
`;

const fish = String.raw`# mcrctl completion for fish
complete -c mcrctl -f -a '(mcrctl __complete (commandline -cp | string collect) 2>/dev/null)'
complete -c mcrctl -l ca-cert -r -F
complete -c mcrctl -l file -s f -r -F
`;

/** The script of each shell. */
export const shells = { bash, zsh, fish } as const;
