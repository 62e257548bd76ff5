"""The settings of a project: command line before environment before file before defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from msgspec import Struct, structs

from lambdalint.files import from_here
from lambdalint.finding import Level, Severity
from lambdalint.rule import Rule
from lambdalint.settings import (
    Rules,
    Settings,
    SettingsError,
    check_selector,
    find_file,
    from_text,
    load,
    nearest_rule,
)

FAIL_ON_VARIABLE = "LAMBDALINT_FAIL_ON"


class Chosen(Struct, frozen=True):
    """What the command line says of settings."""

    select: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    level: str | None = None
    fail_on: str | None = None
    today: date | None = None
    config: Sequence[str] = ()
    isolated: bool = False
    no_ignores: bool = False


class Found(Struct, frozen=True):
    """The settings of a project, the file that they come from (empty: none), and warnings."""

    settings: Settings
    path: str
    warnings: list[str]

    @property
    def files(self) -> list[str]:
        """The files that were read for them."""
        return [os.path.abspath(self.path), *self.settings.extended] if self.path else []


def settings_of(root: str, chosen: Chosen, rules: Rules, environment: Mapping[str, str]) -> Found:
    """The settings for a project's root. Raises :class:`SettingsError`.

    Precedence: options, ``--config 'key = value'``, ``LAMBDALINT_FAIL_ON``, the file of ``--config FILE`` or else the
    project's own, defaults.
    """
    settings = Settings()
    warnings: list[str] = []
    files = [item for item in chosen.config if "=" not in item or os.path.isfile(item)]
    if len(files) > 1:
        raise SettingsError(["--config: only one settings file can be given"])
    path = files[0] if files else None if chosen.isolated else find_file(root)
    if path is not None:
        if not os.path.isfile(path):
            raise SettingsError([f"--config: there is no file `{path}`"])
        settings, warnings = load(path, from_here(path), rules)
    if environment.get(FAIL_ON_VARIABLE):
        settings = structs.replace(settings, fail_on=_severity(environment[FAIL_ON_VARIABLE]))
    for item in chosen.config:
        if item not in files:
            settings = from_text(item, "--config", rules, settings)
    every = rules(settings.plugins)
    select, extend_select, ignore = (
        _selectors(getattr(chosen, name), name, every, warnings) for name in ("select", "extend_select", "ignore")
    )
    if select:
        settings = structs.replace(settings, select=(), extend_select=(), ignore=())
    kept = tuple(item for item in settings.ignore if item not in extend_select)
    settings = structs.replace(
        settings,
        select=select or settings.select,
        extend_select=settings.extend_select + extend_select,
        ignore=kept + ignore,
        level=Level(chosen.level) if chosen.level else settings.level,
        fail_on=Severity(chosen.fail_on) if chosen.fail_on else settings.fail_on,
        today=chosen.today or settings.today,
        ignores=not chosen.no_ignores,
    )
    return Found(settings, path or "", warnings)


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError:
        names = ", ".join(item.value for item in Severity)
        raise SettingsError([f"{FAIL_ON_VARIABLE}: should be one of {names}, not {text!r}"]) from None


def _selectors(values: Sequence[str], name: str, rules: Sequence[Rule], warnings: list[str]) -> tuple[str, ...]:
    option = f"--{name.replace('_', '-')}"
    found = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    if values and not found:
        raise SettingsError([f"{option}: no rule is named"])
    for item in found:
        wrong = check_selector(item, rules)
        if wrong is not None and wrong.is_error:
            raise SettingsError([f"{option}: {wrong.message}"])
        if wrong is not None:
            warnings.append(f"{option}: {wrong.message}")
        elif name != "ignore" and _is_code_of_none(item, rules):
            warnings.append(f"{option}: no rule `{item}`{nearest_rule(item, rules)}")
    return found


def _is_code_of_none(selector: str, rules: Sequence[Rule]) -> bool:
    """Whether a selector is a whole code that no rule of this version has, so that it selects nothing."""
    return selector[-3:].isdigit() and not any(rule.code.startswith(selector.upper()) for rule in rules)


def listed(found: Found) -> list[str]:
    """The settings as lines of TOML, with a comment on where they come from."""
    lines = [f"# {from_here(found.path)}" if found.path else "# no settings file: defaults"]
    tables: list[str] = []
    for field in structs.fields(found.settings):
        value: Any = getattr(found.settings, field.name)
        key = field.name.replace("_", "-")
        if field.name in ("ignores", "extended", "folder"):
            continue
        if field.name == "rule_options":
            for rule, options in sorted(value.items()):
                tables.extend(["", f"[rules.{rule}]", *(f"{name} = {_toml(item)}" for name, item in options.items())])
        elif isinstance(value, Mapping):
            if value:
                tables.extend(["", f"[{key}]", *(f"{_toml(name)} = {_toml(item)}" for name, item in value.items())])
        elif value is None or value == "":
            lines.append(f"# {key} is not set")
        else:
            lines.append(f"{key} = {_toml(value)}")
    return [*lines, *tables]


def _toml(value: object) -> str:
    import json

    if isinstance(value, Enum):
        return json.dumps(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
