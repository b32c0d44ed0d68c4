"""``groqchat completion``: scripts by which shells complete commands, options and values."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from groqchat.cli.completion.tree import places
from groqchat.cli.completion.values import FILES, FREE, KINDS, NOTHING, lines
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.main import build_parser
from groqchat.cli.output import write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.cli.completion.tree import Option, Place

HELP = "print a completion script for bash, zsh or fish"
EXAMPLES = """\
mkdir -p ~/.local/share/bash-completion/completions ~/.zsh/completions ~/.config/fish/completions
groqchat completion bash > ~/.local/share/bash-completion/completions/groqchat
groqchat completion zsh > ~/.zsh/completions/_groqchat
groqchat completion fish > ~/.config/fish/completions/groqchat.fish

zsh looks there if ~/.zshrc has, before compinit: fpath=(~/.zsh/completions $fpath)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell, and ``--values``, by which the scripts ask for values."""
    parser.add_argument("shell", nargs="?", choices=tuple(_WRITERS))
    parser.add_argument("--values", choices=KINDS, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Print a script, or the values that a script asks for."""
    if args.values:
        write("".join(f"{line}\n" for line in lines(args.values)))
        return ExitCode.DONE
    if args.shell is None:
        raise MisuseError(f"name your shell: {', '.join(_WRITERS)}")
    write(_WRITERS[args.shell](list(places(build_parser(), ()))))
    return ExitCode.DONE


# -- bash -------------------------------------------------------------------------------------


def bash_script(tree: list[Place]) -> str:
    """A completion function for bash."""
    cases = "\n".join(
        f"    '{' '.join(place.path)}') {_bash_answer(_words(place), place.values)} ;;"
        for place in tree
    )
    values = "\n".join(
        f"    '{' '.join((*place.path, name))}') {_bash_answer(option.choices, option.values)} ;;"
        for place in tree
        for option in place.options
        if option.choices or option.values
        for name in option.names
    )
    known = " | ".join(f"'{' '.join(place.path)}'" for place in tree if place.path)
    return _BASH.format(cases=cases, values=values, known=known)


def _bash_answer(words: Iterable[str], kind: str) -> str:
    return f"words='{' '.join(words)}'" + (f" kind={kind}" if kind else "")


_BASH = """\
# bash completion for groqchat
_groqchat() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  local path='' words='' kind='' word longer i
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous="${{COMP_WORDS[COMP_CWORD-2]}}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${{COMP_WORDS[i]}}"
    longer="${{path:+$path }}$word"
    case "$longer" in
      {known}) path="$longer" ;;
    esac
  done
  case "${{path:+$path }}$previous" in
{values}
  esac
  if [[ -z $words && -z $kind ]]; then
    case "$path" in
{cases}
    esac
  fi
  if [[ $kind == free || ( $kind == files && $current != -* ) ]]; then
    local IFS=$'\n'
    COMPREPLY=()
    [[ $kind == files ]] && COMPREPLY=($(compgen -f -- "$current"))
    compopt +o default -o filenames 2> /dev/null
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ $kind == nothing ]]; then
    compopt +o default 2> /dev/null
  elif [[ -n $kind && $kind != files && $current != -* ]]; then
    while IFS=$'\\t' read -r word _; do
      [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done < <("${{COMP_WORDS[0]}}" completion --values "$kind" 2> /dev/null)
    compopt +o default 2> /dev/null
    compopt -o nosort 2> /dev/null
  fi
}}
complete -o default -F _groqchat groqchat
"""


def _words(place: Place) -> list[str]:
    """All words that may come next."""
    return [
        *place.commands,
        *place.choices,
        *(name for option in place.options for name in option.names),
    ]


# -- zsh --------------------------------------------------------------------------------------


def zsh_script(tree: list[Place]) -> str:
    """A completion function for zsh."""
    functions = "\n".join(map(_zsh_function, tree))
    return f'#compdef groqchat\n\n{_ZSH_VALUES}\n{functions}\n_groqchat "$@"\n'


def _zsh_function(place: Place) -> str:
    name = _zsh_name(place.path)
    arguments = [_zsh_option(option) for option in place.options]
    if not place.commands:
        lines = " \\\n    ".join([*arguments, *_zsh_argument(place)])
        return f"{name}() {{\n  _arguments -s \\\n    {lines}\n}}\n"
    lines = " \\\n    ".join([*arguments, "'1:command:->command'", "'*::argument:->argument'"])
    words = "\n      ".join(
        f"'{word}:{_zsh_text(help_text)}'" for word, help_text in place.commands.items()
    )
    calls = "\n      ".join(
        f"{word}) {_zsh_name((*place.path, word))} ;;" for word in place.commands
    )
    return _ZSH.format(name=name, lines=lines, words=words, calls=calls)


def _zsh_argument(place: Place) -> list[str]:
    """What stands behind a command that has none below it."""
    if place.values == NOTHING:
        return []
    if place.choices:
        return [f"'1:argument:({' '.join(place.choices)})'"]
    if place.values in {"", FILES}:
        return ["'*:file:_files'"]
    which = "*" if place.is_repeated else "1"
    return [f"'{which}:{place.values}:{_zsh_values(place.values)}'"]


# Behind the tab of each line are words about the value, which zsh wants behind a colon.
_ZSH_VALUES = """\
_groqchat_values() {
  local -a values
  values=(${(f)"$(_call_program values groqchat completion --values $1)"})
  values=("${values[@]/$'\\t'/:}")
  _describe -V $1 values
}
"""
_ZSH = """\
{name}() {{
  local state line
  _arguments -C \\
    {lines}
  case $state in
    command)
      local -a commands=(
      {words}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
      {calls}
      esac ;;
  esac
}}
"""


def _zsh_name(path: tuple[str, ...]) -> str:
    return "_".join(["_groqchat", *path])


def _zsh_values(kind: str) -> str:
    if kind in {FILES, FREE}:
        return "_files" if kind == FILES else " "
    return f" _groqchat_values {kind}"  # the blank in front: called with this argument alone


def _zsh_option(option: Option) -> str:
    if option.choices:
        value = f":value:({' '.join(option.choices)})"
    else:
        value = f":value:{_zsh_values(option.values)}"
    described = f"[{_zsh_text(option.help)}]{value if option.value else ''}"
    # With an equals sign the value may stand in the same word.
    names = [f"{n}=" if option.value and n.startswith("--") else n for n in option.names]
    others = "*" if option.is_repeated else f"({' '.join(option.names)})"
    if len(names) == 1:
        return f"'{others if option.is_repeated else ''}{names[0]}{described}'"
    return f"'{others}'{{{','.join(names)}}}'{described}'"


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:])", r"\\\1", text).replace("'", "’")


# -- fish -------------------------------------------------------------------------------------


def fish_script(tree: list[Place]) -> str:
    """Completions for fish."""
    known = " ".join(f"'{' '.join(place.path)}'" for place in tree if place.path)
    lines = [_FISH.format(known=known)]
    for place in tree:
        here = f'__groqchat_at "{" ".join(place.path)}"'
        lines += [
            f"complete -c groqchat -f -n '{here}' -a {word} -d '{_fish_text(help_text)}'"
            for word, help_text in place.commands.items()
        ]
        lines += [_fish_option(here, option) for option in place.options]
        if place.choices:
            lines.append(f"complete -c groqchat -f -n '{here}' -a '{' '.join(place.choices)}'")
        elif place.values == NOTHING:
            lines.append(f"complete -c groqchat -f -n '{here}'")
        elif place.values not in {"", FILES}:
            values = _fish_values(place.values)
            lines.append(f"complete -c groqchat -f -k -n '{here}' -a '{values}'")
    return "\n".join(lines) + "\n"


# The commands so far are read from the first word on: a prompt may hold the name of a command.
_FISH = """\
# fish completion for groqchat
function __groqchat_at
  set -l path
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$path $word")
    contains -- "$longer" {known}; and set path "$longer"
  end
  test "$path" = "$argv[1]"
end"""


def _fish_option(condition: str, option: Option) -> str:
    names = " ".join(
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    )
    value = f" -x -a '{' '.join(option.choices)}'" if option.choices else " -x"
    if option.values == FILES:
        value = " -r -F"
    elif option.values not in {"", FREE}:
        value = f" -x -k -a '{_fish_values(option.values)}'"
    takes = value if option.value else ""
    return f"complete -c groqchat -n '{condition}' {names}{takes} -d '{_fish_text(option.help)}'"


def _fish_values(kind: str) -> str:
    return f"(groqchat completion --values {kind})"


def _fish_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


_WRITERS = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
