"""``lambdalint rule X --format markdown``: a rule's own text as Markdown. The pages of the site are made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lambdalint.finding import Level
from lambdalint.regex import regex
from lambdalint.rule import Rule, reads

_FENCE = regex(r"```(\w*)[ \t]*(\S*)")
_ADDRESS = regex(r"https?://\S*[^\s.,;:]")
_LEVELS = {
    Level.REGULAR: "`regular`, on by default",
    Level.PEDANTIC: "`pedantic`, shown with `--level pedantic` or if selected",
    Level.AUDITOR: "`auditor`, shown with `--level auditor` or if selected",
}
_FIXES = {
    "safe": "safe, where there is one: `--fix`",
    "unsafe": "unsafe, where there is one: `--fix --unsafe-fixes`",
    None: "none",
}


def rule_markdown(rule: Rule) -> Iterator[str]:
    """The lines of a rule's page. A file's name stands in a line above its fenced block."""
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield f"{rule.title}."
    yield ""
    yield "| Severity | Level | Confidence | Fix | Reads |"
    yield "|---|---|---|---|---|"
    cells = (f"`{rule.severity.value}`", _LEVELS[rule.level], rule.confidence.value, _FIXES[rule.fix])
    yield f"| {' | '.join((*cells, ', '.join(reads(rule)) or '-'))} |"
    for heading, body in rule.sections.items():
        yield ""
        yield f"## {heading}"
        yield ""
        yield from _sources(body) if heading == "Source" else _section(body)
        if heading == "Options":
            yield ""
            yield from _defaults(rule)


def _section(body: str) -> Iterator[str]:
    in_code = False
    previous = ""
    for line in body.splitlines():
        fence = _FENCE.match(line)
        if fence and not in_code:
            if previous:
                yield ""
            language, name = fence.groups()
            if name:
                yield f"`{name}`:"
                yield ""
            yield f"```{language}"
        else:
            yield line
        in_code ^= fence is not None
        previous = line


def _sources(body: str) -> Iterator[str]:
    for line in body.splitlines():
        text = _ADDRESS.sub(lambda match: f"<{match.group()}>", line)
        yield f"* {text}" if text.startswith("<") else text


def _defaults(rule: Rule) -> Iterator[str]:
    yield "```toml"
    yield f"[tool.lambdalint.rules.{rule.name}]"
    for name, default in rule.options.items():  # what JSON writes of numbers, strings and lists is TOML, too
        yield f"{name} = {json.dumps(default)}"
    yield "```"
