#include "manual/completion_scripts.hpp"

namespace rellama::program {
namespace {

// Bash splits words at ':', '=' and '@' (COMP_WORDBREAKS) and expects only the last part. The line
// as typed has the whole words.
constexpr std::string_view kBash = R"sh(# bash completion for rellama
_rellama() {
  local line=${COMP_LINE:0:COMP_POINT} words candidates candidate current before
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[-1]}
  mapfile -t candidates < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  if [[ ${candidates[0]} == :files ]]; then
    compopt -o default 2>/dev/null
    return
  fi
  compopt -o nosort 2>/dev/null  # in our order: conversations come newest first
  before=${current%"${current##*[:=@]}"}
  [[ $COMP_WORDBREAKS == *:* || $before != *: ]] || before=
  [[ $COMP_WORDBREAKS == *@* || $before != *@ ]] || before=${before%@}
  for candidate in "${candidates[@]}"; do
    candidate=${candidate%%$'\t'*}
    COMPREPLY+=("${candidate#"$before"}")
  done
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
}
complete -F _rellama rellama
)sh";

constexpr std::string_view kZsh = R"sh(#compdef rellama
_rellama() {
  local -a lines values shown
  local line
  lines=("${(@f)$("${words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ ${lines[1]} == :files ]]; then
    compset -P '--*='
    _files
    return
  fi
  for line in $lines; do
    [[ -n $line ]] || continue
    values+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  -- }")
  done
  # In our order: conversations come newest first.
  (( $#values )) && compadd -V rellama -l -d shown -a values
}
if [[ $funcstack[1] == _rellama ]]; then
  _rellama "$@"
else
  compdef _rellama rellama
fi
)sh";

constexpr std::string_view kFish = R"sh(# fish completion for rellama
function __rellama_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path "$current"
    else
        string join \n -- $lines
    end
end
# -k: in our order, conversations come newest first
complete -c rellama -f -k -a '(__rellama_complete)'
)sh";

}  // namespace

std::string_view completion_script(Shell shell) noexcept {
  switch (shell) {
    case Shell::bash: return kBash;
    case Shell::zsh: return kZsh;
    case Shell::fish: break;
  }
  return kFish;
}

}  // namespace rellama::program
