"""``lambdalint rule`` and ``lambdalint rules``: a rule's own text for a terminal, and the list of all rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lambdalint.output.text import SEVERITY_COLOURS, Style
from lambdalint.regex import regex
from lambdalint.rule import Rule, reads

_SPAN = regex(r"`([^`\n]+)`")


def rule_page(rule: Rule, style: Style) -> Iterator[str]:
    """The lines that explain a rule."""
    severity = style(rule.severity.value, SEVERITY_COLOURS[rule.severity])
    fix = f", {rule.fix} fix" if rule.fix else ""
    yield f"{style(f'{rule.code} {rule.name}', 'bold')} ({severity}, level {rule.level.value}{fix})"
    yield ""
    yield f"{_inline(rule.title, style)}."
    for heading, body in rule.sections.items():
        yield ""
        yield style(heading, "bold")
        yield from _section(body, style)
    for number, (name, default) in enumerate(rule.options.items()):
        if not number:
            yield ""
            yield style("Defaults", "bold")
        shown = list(default) if isinstance(default, tuple) else default
        yield f"  {name} = {shown!r}"
    yield ""
    yield f"{rule.url}"


def _section(body: str, style: Style) -> Iterator[str]:
    in_code = False
    previous = ""
    for line in body.splitlines():
        fence = re.match(r"```(\w*)[ \t]*(\S*)", line)
        if fence:
            in_code = not in_code
            if in_code and previous.startswith("```"):
                yield ""
            if in_code and fence.group(2):
                yield f"    {style(fence.group(2) + ':', 'dim')}"
        elif in_code:
            yield f"    {line}".rstrip()
        else:
            yield f"  {_inline(line, style)}".rstrip()
        previous = line


def _inline(text: str, style: Style) -> str:
    return _SPAN.sub(lambda match: style(match.group(1), "cyan"), text) if style.colour else text


def rule_list(rules: Sequence[Rule], style: Style) -> Iterator[str]:
    """The lines that list rules: code, name, level, severity and title."""
    longest = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        severity = style(f"{rule.severity.value:<7}", SEVERITY_COLOURS[rule.severity])
        name = style(f"{rule.name:<{longest}}", "bold")
        yield f"{rule.code} {name}  {rule.level.value:<8}  {severity}  {rule.title}"


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "level": rule.level.value,
        "confidence": rule.confidence.value,
        "fix": rule.fix,
        "reads": list(reads(rule)),
        "title": rule.title,
        "url": rule.url,
        "options": {name: list(item) if isinstance(item, tuple) else item for name, item in rule.options.items()},
        "sections": rule.sections,
    }


def rules_data(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Rules as data."""
    return [rule_data(rule) for rule in rules]
