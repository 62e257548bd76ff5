"""The commands beside a run: rules explained and listed, the cache cleaned, completion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lambdalint.arguments import CLEAN, CannotRun, command_parser, parser
from lambdalint.output import terminal

if TYPE_CHECKING:
    from lambdalint.rule import Rule


def explain_rule(words: Sequence[str]) -> int:
    """Explains a rule."""
    from lambdalint.settings import nearest_rule

    accepted = command_parser("rule", "Explains a rule.", ("text", "json", "markdown"))
    accepted.add_argument("rule", metavar="CODE|NAME")
    options = accepted.parse_args(words)
    rules = _known_rules()
    for rule in rules:
        if options.rule.upper() == rule.code or options.rule.lower() == rule.name:
            break
    else:
        raise CannotRun(f"there is no rule `{options.rule}`{nearest_rule(options.rule, rules)}")
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rule_data

        terminal.write([json.dumps(rule_data(rule), indent=2)])
    elif options.format == "markdown":
        from lambdalint.output.rule_markdown import rule_markdown

        terminal.write(rule_markdown(rule))
    else:
        from lambdalint.output.rule_page import rule_page

        terminal.write(rule_page(rule, terminal.style(options.color)))
    return CLEAN


def list_rules(words: Sequence[str]) -> int:
    """Lists all rules."""
    options = command_parser("rules", "Lists all rules.").parse_args(words)
    rules = _known_rules()
    if options.format == "json":
        import json

        from lambdalint.output.rule_page import rules_data

        terminal.write([json.dumps(rules_data(rules), indent=2)])
    else:
        from lambdalint.output.rule_page import rule_list

        terminal.write(rule_list(rules, terminal.style(options.color)))
    return CLEAN


def clean_cache(words: Sequence[str]) -> int:
    """Takes away the results of earlier runs."""
    from lambdalint.cache_folder import clean, folder, is_given
    from lambdalint.discovery import find_root
    from lambdalint.settings import cache_dir_of

    accepted = command_parser("clean", "Takes away the results of earlier runs.")
    accepted.add_argument("--cache-dir", metavar="FOLDER", help="where they are")
    given = accepted.parse_args(words).cache_dir
    place = (None if is_given(given) else cache_dir_of(find_root("."))) or folder(given)
    try:
        count = clean(place) if place else 0
    except OSError as error:
        raise CannotRun(f"{place}: cannot be cleaned: {error.strerror or error}") from error
    terminal.say(f"{count} results taken away from {place}", True, "")
    return CLEAN


def _known_rules() -> Sequence[Rule]:
    """The built-in rules, and those of the packs that the settings of the working directory name."""
    from lambdalint.discovery import find_root
    from lambdalint.engine import all_rules
    from lambdalint.project_settings import Chosen, settings_of
    from lambdalint.settings import SettingsError

    try:
        plugins = settings_of(find_root("."), Chosen(), all_rules, {}).settings.plugins
    except SettingsError:  # a run says what is wrong with them; rules are explained all the same
        plugins = ()
    return all_rules(plugins)


def print_completions(words: Sequence[str]) -> int:
    """Prints what teaches a shell the options."""
    from lambdalint.completion import SHELLS, script
    from lambdalint.engine import all_rules

    accepted = command_parser("completions", "Prints what teaches a shell the options: source it, or put it in a file.")
    accepted.add_argument("shell", choices=SHELLS)
    shell = accepted.parse_args(words).shell
    codes = [rule.code for rule in all_rules(())]
    terminal.write(script(shell, parser(), tuple(COMMANDS), codes).splitlines())
    return CLEAN


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "rule": explain_rule,
    "rules": list_rules,
    "completions": print_completions,
    "clean": clean_cache,
}
