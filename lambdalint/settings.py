"""Settings: ``[tool.lambdalint]`` in ``pyproject.toml``, or ``lambdalint.toml``; the nearest file wins."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from msgspec import Struct, structs

from lambdalint import __version__
from lambdalint.discovery import MAX_WILDCARDS, fits, is_matchable
from lambdalint.finding import Finding, Level, Severity, change
from lambdalint.regex import regex
from lambdalint.rule import Option, Rule
from lambdalint.spelling import close_matches

MAX_CHARACTERS = 1_000_000
"""Of a file of settings; a larger one is refused."""
FILE = "lambdalint.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "lambdalint")
_MAX_LINE = 200
"""Characters of a line that may be a key or a table, and of conditions on the version."""


class Settings(Struct, frozen=True):
    """What a run is told to do. ``today`` is None for the day on which it runs.

    ``max_code_size`` is in bytes: larger files of JavaScript are bundles, which are not read. ``per_file_ignores`` are
    selectors of rules by patterns of paths, ``severity`` is what selectors of rules are reported as. ``cache_dir`` is
    a folder below the project's root in which results are kept. ``ignores``: comments and metadata may suppress
    findings.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    level: Level = Level.REGULAR
    fail_on: Severity = Severity.INFO
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    today: date | None = None
    plugins: tuple[str, ...] = ()
    max_code_size: int = 1_000_000
    cache_dir: str = ""
    required_version: str = ""
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    severity: Mapping[str, Severity] = {}
    rule_options: Mapping[str, Mapping[str, Option]] = {}
    ignores: bool = True
    extended: tuple[str, ...] = ()
    folder: str = ""

    @property
    def excluded(self) -> tuple[str, ...]:
        """The patterns of paths that are left out."""
        return self.exclude + self.extend_exclude

    def active(self, rules: Sequence[Rule]) -> list[Rule]:
        """The rules that run. Where a rule is both selected and ignored, the narrower selector counts."""
        found = []
        for rule in rules:
            chosen = _narrowest((*self.select, *self.extend_select), rule.code, rule.name)
            if chosen < 0 and not self.select:
                chosen = 0
            if chosen >= 0 and chosen > _narrowest(self.ignore, rule.code, rule.name):
                found.append(rule)
        return found

    def is_selected(self, code: str, name: str) -> bool:
        """Whether a rule is asked for, so that it runs whatever the level."""
        return _narrowest((*self.select, *self.extend_select), code, name) >= 0

    def is_ignored_in(self, finding: Finding) -> bool:
        """Whether the settings leave out what a rule finds in a file."""
        return any(
            _narrowest(selectors, finding.code, finding.name) >= 0
            and fits(pattern, finding.span.path[len(self.folder) + 1 if self.folder else 0 :])
            for pattern, selectors in self.per_file_ignores.items()
        )

    def judged(self, finding: Finding) -> Finding:
        """The finding with the severity that the settings give its rule; the narrowest selector counts."""
        if not self.severity:
            return finding
        chosen = max(self.severity, key=lambda item: _narrowest((item,), finding.code, finding.name))
        if _narrowest((chosen,), finding.code, finding.name) < 0:
            return finding
        return change(finding, severity=self.severity[chosen])

    def shows(self, finding: Finding, own: Level = Level.AUDITOR) -> bool:
        """Whether the level shows a finding. ``own`` is the level of its rule.

        Selecting a rule shows all that it finds, but not the guesses that it keeps for auditors.
        """
        level = finding.level or Level.REGULAR
        if level.rank <= self.level.rank:
            return True
        is_guess = level is Level.AUDITOR and own is not Level.AUDITOR
        return not is_guess and self.is_selected(finding.code, finding.name)


def _narrowest(selectors: Sequence[str], code: str, name: str) -> int:
    """How narrow the narrowest selector is that means a rule: 0 for ``ALL``; -1 if there is none."""
    best = -1
    for item in selectors:
        if item == "ALL":
            best = max(best, 0)
        elif item == name or item.upper() == code:
            return 100
        elif code.startswith(item.upper()):
            best = max(best, len(item))
    return best


_RESERVED_CODE = regex(r"LL[0-9]{0,3}\Z", re.IGNORECASE)
_RULE_NAME = regex(r"[a-z0-9]+(-[a-z0-9]+)+\Z")


class Selector(Struct, frozen=True):
    """What is wrong with a selector. It may be merely unknown: the name of a rule that other versions have."""

    message: str
    is_error: bool


def check_selector(text: str, rules: Sequence[Rule]) -> Selector | None:
    """What is wrong with one of the codes, prefixes of codes, names or ``ALL`` that select rules, or None."""
    if text == "ALL" or _RESERVED_CODE.match(text):
        return None
    if any(text == rule.name or (text and rule.code.startswith(text.upper())) for rule in rules):
        return None
    is_name = _RULE_NAME.match(text) is not None
    kind = "rule" if is_name else "rule or selector"
    return Selector(f"unknown {kind} `{text}`{nearest_rule(text, rules)}", not is_name)


def nearest_rule(text: str, rules: Sequence[Rule]) -> str:
    """``; did you mean …?`` with the rule that comes nearest, for the end of a message."""
    codes = [rule.code for rule in rules]
    near = close_matches(text.upper(), [*codes, "ALL"], 1, 0.6) if not _RULE_NAME.match(text) else []
    near = near or close_matches(text.lower(), [rule.name for rule in rules], 1, 0.5)
    return f"; did you mean `{near[0]}`?" if near else "; `lambdalint rules` lists what there is"


class SettingsError(Exception):
    """A settings file that can't be used: all that is wrong with it, a line each, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def find_file(root: str) -> str | None:
    """The settings file in a folder, or None."""
    path = os.path.join(root, FILE)
    if os.path.isfile(path):
        return path
    path = os.path.join(root, SHARED_FILE)
    return path if os.path.isfile(path) else None


Rules = Callable[[tuple[str, ...]], Sequence[Rule]]
"""Gives all rules by the names of further packs. Raises ImportError for a pack that is not there."""


def load(path: str, shown: str, rules: Rules) -> tuple[Settings, list[str]]:
    """The settings of a file with those that it extends, and warnings.

    ``shown`` is how messages name the file. What a file sets replaces what the file that it extends sets. Raises
    :class:`SettingsError`.
    """
    fields, warnings = _fields(path, shown, rules, ())
    return _made(fields), warnings


def from_text(text: str, shown: str, rules: Rules, settings: Settings) -> Settings:
    """The settings changed by some lines of TOML, such as ``level = 'pedantic'``."""
    reader = _Reader(shown, text, (), rules)
    fields = reader.fields()
    if "extend" in fields:
        raise SettingsError([f"{shown}: `extend` stands in settings files only"])
    return structs.replace(
        settings, **{**fields, "rule_options": {**settings.rule_options, **fields.get("rule_options", {})}}
    )


def _made(fields: dict[str, Any]) -> Settings:
    return Settings(**{name: value for name, value in fields.items() if name != "extend"})


def _fields(path: str, shown: str, rules: Rules, above: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    real = os.path.realpath(path)
    if real in above:
        raise SettingsError([f"{shown}: extends itself"])
    table = _TABLE if os.path.basename(path) == SHARED_FILE else ()
    reader = _Reader(shown, _read(path, shown), table, rules)
    fields = reader.fields()
    warnings = reader.warnings
    other = fields.get("extend")
    if other is None:
        return fields, warnings
    there = os.path.join(os.path.dirname(path), os.path.expanduser(other))
    beside = os.path.join(os.path.dirname(shown), other)
    if not os.path.isfile(there):
        raise SettingsError([f"{reader.place(('extend',))}: there is no file `{other}` to extend"])
    base, more = _fields(there, beside, rules, (*above, real))
    base.pop("cache_dir", None)  # it is looked for in the project's own file alone
    options = {**base.get("rule_options", {}), **fields.get("rule_options", {})}
    extended = (os.path.abspath(there), *base.get("extended", ()))
    return {**base, **fields, "rule_options": options, "extended": extended}, [*more, *warnings]


def _read(path: str, shown: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MAX_CHARACTERS + 1)
    except OSError as error:
        raise SettingsError([f"{shown}: cannot be read: {error.strerror or error}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{shown}: not valid UTF-8"]) from error
    if len(text) > MAX_CHARACTERS:
        raise SettingsError([f"{shown}: larger than {MAX_CHARACTERS:,} characters"])
    return text


def _parse(text: str, shown: str) -> dict[str, Any]:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"\s*\(at line (\d+), column (\d+)\)", str(error))
        place = f"{match.group(1)}:{match.group(2)}" if match else str(len(text.splitlines()) or 1)
        reason = str(error)[: match.start()] if match else str(error)
        raise SettingsError([f"{shown}:{place}: not valid TOML: {reason}"]) from error
    except RecursionError as error:
        raise SettingsError([f"{shown}: not valid TOML: nested too deeply"]) from error


class _Wrong(Exception):
    """What a value should be."""


class _Reader:
    """One settings file while it is read."""

    def __init__(self, shown: str, text: str, table: tuple[str, ...], rules: Rules) -> None:
        self.shown = shown
        self.text = text
        self.table = table
        self.all_rules = rules
        self.rules: Sequence[Rule] = ()
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def fields(self) -> dict[str, Any]:
        """The settings that the file has, by the names of their fields."""
        content: Any = _parse(self.text, self.shown)
        for key in self.table:
            content = content.get(key, {}) if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            raise SettingsError([f"{self.shown}: `{'.'.join(self.table)}` should be a table"])
        fields: dict[str, Any] = {}
        for key, value in content.items():
            if key in _KEYS:
                try:
                    fields[key.replace("-", "_")] = _KEYS[key](value)
                except _Wrong as wrong:
                    self._problem((key,), f"`{key}` should be {wrong}")
            elif key != "rules":
                self._problem((key,), f"unknown setting `{key}`{_near(key, (*_KEYS, 'rules'))}")
        self._load_rules(fields.get("plugins", ()))
        if "rules" in content:
            fields["rule_options"] = dict(self._rule_options(content["rules"]))
        for key in ("select", "extend-select", "ignore"):
            self._check_selectors((key,), fields.get(key.replace("-", "_"), ()))
        for pattern, selectors in fields.get("per_file_ignores", {}).items():
            self._check_selectors(("per-file-ignores", pattern), selectors)
        for selector in fields.get("severity", {}):
            self._check_selectors(("severity", selector), (selector,))
        wanted = fields.get("required_version", "")
        if wanted and not accepts(wanted, __version__):
            self._problem(("required-version",), f"lambdalint {wanted} is required, but this is {__version__}")
        if self.problems:
            raise SettingsError(self.problems)
        return fields

    def _load_rules(self, plugins: tuple[str, ...]) -> None:
        self.rules = self.all_rules(())
        for name in plugins:
            try:
                self.rules = self.all_rules(plugins)
            except ImportError as error:
                self._problem(("plugins",), f"the rule pack `{name}` can't be loaded: {error}")
                return

    def _problem(self, keys: tuple[str, ...], message: str) -> None:
        self.problems.append(f"{self.place(keys)}: {message}")

    def place(self, keys: tuple[str, ...]) -> str:
        """File and line of a setting."""
        line = line_of(self.text, (*self.table, *keys))
        return f"{self.shown}:{line}" if line else self.shown

    def _check_selectors(self, keys: tuple[str, ...], items: Sequence[str]) -> None:
        for item in items:
            wrong = check_selector(item, self.rules)
            if wrong is not None and wrong.is_error:
                self._problem(keys, f"{wrong.message} (in `{keys[0]}`)")
            elif wrong is not None:
                self.warnings.append(f"{self.place(keys)}: {wrong.message} (in `{keys[0]}`)")

    def _rule_options(self, tables: object) -> Iterator[tuple[str, dict[str, Option]]]:
        if not isinstance(tables, dict):
            self._problem(("rules",), "`rules` should be a table of tables, one a rule: `[tool.lambdalint.rules.NAME]`")
            return
        known = {rule.name: rule for rule in self.rules}
        by_code = {rule.code: rule for rule in self.rules}
        for name, table in tables.items():
            rule = known.get(name) or by_code.get(name.upper())
            if rule is None:
                wrong = check_selector(name, self.rules)
                if wrong is not None and wrong.is_error:
                    self._problem(("rules", name), wrong.message)
                elif wrong is not None:
                    self.warnings.append(f"{self.place(('rules', name))}: {wrong.message}")
            elif not isinstance(table, dict):
                self._problem(("rules", name), f"`rules.{name}` should be a table of options")
            else:
                yield rule.name, dict(self._options(rule, name, table))

    def _options(self, rule: Rule, name: str, table: dict[str, object]) -> Iterator[tuple[str, Option]]:
        for key, value in table.items():
            if key not in rule.options:
                near = _near(key, rule.options) if rule.options else "; it has none"
                self._problem(("rules", name, key), f"unknown option `{key}` of {rule.name}{near}")
                continue
            try:
                yield key, _option(value, rule.options[key])
            except _Wrong as wrong:
                self._problem(("rules", name, key), f"`{key}` of {rule.name} should be {wrong}")


def _near(key: str, known: Mapping[str, object] | Sequence[str]) -> str:
    near = close_matches(key.replace("_", "-"), list(known), 1, 0.5)
    return f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}"


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong("a list of strings")
    return tuple(item.strip() for item in value)


Choice = TypeVar("Choice", bound=Enum)


def _one_of(kind: type[Choice]) -> Callable[[object], Choice]:
    def convert(value: object) -> Choice:
        try:
            return kind(value)
        except ValueError:
            names = [str(item.value) for item in kind]
            near = close_matches(str(value), names, 1, 0.5)
            hint = f" (did you mean `{near[0]}`?)" if near else ""
            raise _Wrong(f"one of {', '.join(names)}, not {value!r}{hint}") from None

    return convert


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _Wrong("a day such as 2026-11-22") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("a string")
    return value


def _version(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_LINE or not _SPECIFIER.match(value):
        raise _Wrong("a version such as 1.2.0, or conditions such as >=1.2,<2")
    return value


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _Wrong("a table of patterns with lists of rules")
    return {str(key): _texts(item) for key, item in value.items()}


def _patterns(value: object) -> tuple[str, ...]:
    found = _texts(value)
    if not all(is_matchable(pattern) for pattern in found):
        raise _Wrong(f"a list of patterns with at most {MAX_WILDCARDS} asterisks in a name")
    return found


def _lists_by_pattern(value: object) -> dict[str, tuple[str, ...]]:
    found = _lists(value)
    if not all(is_matchable(pattern) for pattern in found):
        raise _Wrong(f"a table of patterns with at most {MAX_WILDCARDS} asterisks in a name")
    return found


def _severities(value: object) -> dict[str, Severity]:
    if not isinstance(value, dict):
        raise _Wrong("a table of rules with error, warning or info")
    return {str(key): _one_of(Severity)(item) for key, item in value.items()}


_SPECIFIER = regex(r"\s*((==|!=|>=|<=|>|<|~=)?\s*\d+(\.\d+)*\s*(,|\Z)\s*)+\Z")
_CONDITION = regex(r"(==|!=|>=|<=|>|<|~=)?\s*(\d+(?:\.\d+)*)")


def accepts(wanted: str, version: str) -> bool:
    """Whether a version meets conditions such as ``>=1.2,<2``; a version alone means just that one."""
    have = _numbers(version)
    for operator, text in _CONDITION.findall(wanted):
        other = _numbers(text)
        is_met = {
            "": have == other,
            "==": have == other,
            "!=": have != other,
            ">=": have >= other,
            "<=": have <= other,
            ">": have > other,
            "<": have < other,
            "~=": have >= other and have[: text.count(".")] == other[: text.count(".")],
        }[operator]
        if not is_met:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = [int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:4]]
    return tuple(found + [0] * (4 - len(found)))


def _folder_below(value: object) -> str:
    steps = value.replace("\\", "/").split("/") if isinstance(value, str) else []
    if not any(step not in ("", ".") for step in steps) or steps[0] == "" or ".." in steps or ":" in steps[0]:
        raise _Wrong("a folder below the project's root, such as .lambdalint_cache")
    return "/".join(step for step in steps if step not in ("", "."))


def cache_dir_of(root: str) -> str:
    """The folder in which the settings of a project want results to be kept; empty where they don't say, or wrongly."""
    path = find_file(root)
    try:
        content: Any = _parse(_read(path, path), path) if path is not None else {}
        for key in _TABLE if path is not None and os.path.basename(path) == SHARED_FILE else ():
            content = content[key]
        folder = os.path.join(root, *_folder_below(content["cache-dir"]).split("/"))
    except (SettingsError, _Wrong, KeyError, TypeError):
        return ""
    real = os.path.realpath(folder)
    return real if real.startswith(os.path.realpath(root).rstrip(os.sep) + os.sep) else ""


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise _Wrong("a number of bytes")


_KEYS: dict[str, Callable[[object], object]] = {
    "select": _texts,
    "extend-select": _texts,
    "ignore": _texts,
    "level": _one_of(Level),
    "fail-on": _one_of(Severity),
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "today": _day,
    "max-code-size": _size,
    "cache-dir": _folder_below,
    "extend": _text,
    "plugins": _texts,
    "required-version": _version,
    "per-file-ignores": _lists_by_pattern,
    "severity": _severities,
}


def _option(value: object, default: Option) -> Option:
    """A rule's option, which is of its default's kind."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise _Wrong("true or false")
    if isinstance(default, tuple):
        return _texts(value)
    if isinstance(default, str):
        if isinstance(value, str):
            return value
        raise _Wrong("a string")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(default, float) and isinstance(value, float):
        return value
    raise _Wrong("a number" if isinstance(default, float) else "a whole number")


_HEADER = regex(r"\s*\[+\s*([^\]]*?)\s*\]+\s*(?:#.*)?\Z")
_KEY = regex(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = regex(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def line_of(text: str, keys: tuple[str, ...]) -> int:
    """The line on which TOML sets a key, or on which the table around it begins; 0 where neither is found."""
    table: tuple[str, ...] = ()
    best, best_line = 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        line = line[:_MAX_LINE]
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header:
            table = here = _parts(header.group(1))
        elif key:
            here = table + _parts(key.group(1))
        else:
            continue
        if here[: len(keys)] == keys:
            return number
        if here == keys[: len(here)] and len(here) > best:
            best, best_line = len(here), number
    return best_line


def _parts(text: str) -> tuple[str, ...]:
    return tuple(next(part for part in match.groups() if part is not None) for match in _PART.finditer(text))
