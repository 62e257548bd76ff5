"""Writes the index of the built-in rules, by which runs find them without importing them."""

from pathlib import Path

import lambdalint_rules
from msgspec import json

from lambdalint.rule import INDEX, Indexed, Rule, declared

PACKAGE = lambdalint_rules.__name__
FOLDER = Path(lambdalint_rules.__file__).parent


def index() -> str:
    """What the index should say: a line for each rule, by code."""
    rules = sorted(declared(PACKAGE, str(FOLDER)), key=lambda rule: rule.code)
    return "[\n" + ",\n".join(json.encode(_indexed(rule)).decode() for rule in rules) + "\n]\n"


def _indexed(rule: Rule) -> Indexed:
    return Indexed(
        code=rule.code,
        name=rule.name,
        module=rule.check.__module__.removeprefix(f"{PACKAGE}."),
        severity=rule.severity,
        level=rule.level,
        confidence=rule.confidence,
        subject=rule.subject,
        types=rule.types,
        options=dict(rule.options),
        wants_context=rule.wants_context,
        fix=rule.fix,
        needs=rule.needs,
    )


if __name__ == "__main__":
    (FOLDER / INDEX).write_text(index(), encoding="utf-8")
