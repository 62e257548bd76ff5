"""Shell completion, made from the arguments of the command line: ``lambdalint completions bash``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

SHELLS = ("bash", "zsh", "fish")

_BASH = """\
_lambdalint() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    case "$previous" in
{cases}
    esac
    if [[ "$current" == -* ]]; then
        COMPREPLY=($(compgen -W "{options}" -- "$current"))
    else
        COMPREPLY=($(compgen -f -- "$current"))
        [[ $COMP_CWORD -eq 1 ]] && COMPREPLY+=($(compgen -W "{commands}" -- "$current"))
    fi
}}
complete -o filenames -F _lambdalint lambdalint
"""
_BASH_CASE = '        {names}) COMPREPLY=($(compgen -W "{words}" -- "$current")); return ;;'


def script(shell: str, parser: argparse.ArgumentParser, commands: Sequence[str], rules: Sequence[str]) -> str:
    """The script that teaches a shell the options; ``rules`` are the codes that select rules."""
    options = [action for action in parser._actions if action.option_strings]
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](options, commands, rules)


def _words(action: argparse.Action, rules: Sequence[str]) -> list[str]:
    if action.choices:
        return [str(item) for item in action.choices]
    return [*rules, "ALL"] if action.metavar == "RULES" else []


def _bash(options: Sequence[argparse.Action], commands: Sequence[str], rules: Sequence[str]) -> str:
    cases = []
    for action in options:
        words = _words(action, rules)
        if words:
            cases.append(_BASH_CASE.format(names="|".join(action.option_strings), words=" ".join(words)))
    cases.append('        rule) COMPREPLY=($(compgen -W "{}" -- "$current")); return ;;'.format(" ".join(rules)))
    names = " ".join(name for action in options for name in action.option_strings)
    return _BASH.format(cases="\n".join(cases), options=names, commands=" ".join(commands))


def _zsh(options: Sequence[argparse.Action], commands: Sequence[str], rules: Sequence[str]) -> str:
    lines = ["#compdef lambdalint", "_arguments -S \\"]
    for action in options:
        words = _words(action, rules)
        takes = action.nargs != 0
        values = f":value:({' '.join(words)})" if words else ":value:_files" if takes else ""
        for name in action.option_strings:
            lines.append(f"  '{name}[{_plain(action)}]{values}' \\")
    lines.append(
        f'  \'1:path or command:_alternative "commands:command:({" ".join(commands)})" "files:path:_files"\' \\'
    )
    return "\n".join([*lines, "  '*:path:_files'"]) + "\n"


def _fish(options: Sequence[argparse.Action], commands: Sequence[str], rules: Sequence[str]) -> str:
    lines = [f"complete -c lambdalint -n __fish_use_subcommand -a '{' '.join(commands)}'"]
    lines.append(f"complete -c lambdalint -n '__fish_seen_subcommand_from rule' -x -a '{' '.join(rules)}'")
    for action in options:
        words = _words(action, rules)
        flags = " ".join(_flags(action))
        values = f" -x -a '{' '.join(words)}'" if words else " -r" if action.nargs != 0 else ""
        lines.append(f"complete -c lambdalint {flags}{values} -d '{_plain(action)}'")
    return "\n".join(lines) + "\n"


def _flags(action: argparse.Action) -> Iterator[str]:
    for name in action.option_strings:
        yield f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"


def _plain(action: argparse.Action) -> str:
    text = (action.help or "").partition(";")[0].partition(":")[0]
    return "".join(letter for letter in text if letter not in "'[]\"\\`")
