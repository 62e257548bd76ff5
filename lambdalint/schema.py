"""A JSON Schema of the settings, for editors; the shipped file is made of this by ``tools/settings_schema.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lambdalint.finding import Level, Severity
from lambdalint.rule import Option, Rule
from lambdalint.settings import Settings

FILE = "settings.schema.json"

_TEXTS = {"type": "array", "items": {"type": "string"}}
_SEVERITIES = {"type": "string", "enum": [item.value for item in Severity]}
_SELECTORS = {**_TEXTS, "description": "Codes, beginnings of codes, names of rules, or ALL."}

DESCRIBED: dict[str, tuple[str, dict[str, Any]]] = {
    "select": ("Only these rules; they run whatever the level.", _SELECTORS),
    "extend-select": ("These rules as well, whatever the level.", _SELECTORS),
    "ignore": ("Not these rules.", _SELECTORS),
    "level": (
        "From which level on findings are shown: certain or likely ones, best practice too, or all.",
        {"type": "string", "enum": [item.value for item in Level]},
    ),
    "fail-on": ("The lowest severity that gives exit status 1.", _SEVERITIES),
    "exclude": ("Files and folders that are left out, as in a gitignore file.", _TEXTS),
    "extend-exclude": ("Further ones, beside those of a file that is extended.", _TEXTS),
    "per-file-ignores": (
        "Rules that are left out in some files: patterns as in a gitignore file, with lists of rules.",
        {"type": "object", "additionalProperties": _SELECTORS},
    ),
    "severity": (
        "What rules are reported as.",
        {"type": "object", "additionalProperties": _SEVERITIES},
    ),
    "plugins": ("Further rule packs: the names of importable packages.", _TEXTS),
    "required-version": ("The versions of lambdalint that these settings are for: `>=0.2,<1`.", {"type": "string"}),
    "extend": ("Another settings file; what stands here replaces what stands there.", {"type": "string"}),
    "today": ("The day to judge by, such as 2026-11-22.", {"type": "string", "format": "date"}),
    "max-code-size": (
        "Bytes from which on a JavaScript file is a bundle that is not read.",
        {"type": "integer", "minimum": 1},
    ),
    "cache-dir": (
        "The folder below the root in which results are kept.",
        {"type": "string"},
    ),
}
"""What each setting means, and of what kind its value is."""


def schema(rules: Sequence[Rule]) -> dict[str, Any]:
    """The schema of a settings file, or of the table in ``pyproject.toml``."""
    defaults = Settings()
    properties: dict[str, Any] = {}
    for key, (description, kind) in DESCRIBED.items():
        properties[key] = {**kind, "description": description}
        default = getattr(defaults, key.replace("-", "_"), None)
        if default not in (None, "", (), {}):
            properties[key]["default"] = getattr(default, "value", default)
    options = {rule.name: _options(rule) for rule in rules if rule.options}
    properties["rules"] = {
        "type": "object",
        "description": "Options of rules.",
        "properties": options,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://lambdalint.dev/settings.schema.json",
        "title": "lambdalint settings",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _options(rule: Rule) -> dict[str, Any]:
    return {
        "type": "object",
        "description": rule.title,
        "additionalProperties": False,
        "properties": {name: {"default": _plain(value), **_kind(value)} for name, value in rule.options.items()},
    }


def _kind(value: Option) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer"}
    if isinstance(value, float):
        return {"type": "number"}
    return {"type": "string"} if isinstance(value, str) else _TEXTS


def _plain(value: Option) -> Any:
    return list(value) if isinstance(value, tuple) else value
