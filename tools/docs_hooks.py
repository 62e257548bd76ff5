"""Makes the site's pages of rules from the rules' own text, while MkDocs builds it. Nothing is written to ``docs/``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "rules")]

from lambdalint_rules import FAMILIES  # noqa: E402

from lambdalint.engine import all_rules  # noqa: E402
from lambdalint.output.rule_markdown import rule_markdown  # noqa: E402
from lambdalint.rule import Rule  # noqa: E402

_FOLDER = "rules"
_INDEX = f"{_FOLDER}/index.md"
_VERBATIM = re.compile(r"(^```.*?^```$|`[^`]+`|^#.*?$|<http[^>]+>)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"\bLL\d{3}\b")
_NAMED_FENCE = re.compile(r"^`([^`\n]+)`:\n\n```(\w+)$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Puts a section of rules a family into the navigation."""
    sections = [
        {_title(family, about): [{f"{rule.code} {rule.name}": _file(rule)} for rule in rules]}
        for family, about, rules in _families(all_rules(()))
    ]
    config.nav = [{"Rules": [_INDEX, *sections]} if item == {"Rules": _INDEX} else item for item in config.nav]
    return config


def on_files(files: Any, *, config: Any) -> Any:
    """Adds the pages."""
    from mkdocs.structure.files import File

    for name, content in pages(all_rules(())).items():
        files.append(File.generated(config, name, content=content))
    return files


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """The pages of rules by file name: one each, and one that lists them."""
    known = {rule.code: f"{rule.name}.md" for rule in rules}
    found = {_file(rule): _page(rule, known) for rule in rules}
    found[_INDEX] = "\n".join(_listing(rules))
    return found


def _file(rule: Rule) -> str:
    return f"{_FOLDER}/{rule.name}.md"


def _title(family: str, about: str) -> str:
    return f"{family} {about[:1].upper()}{about[1:].partition(':')[0]}"


def _families(rules: Iterable[Rule]) -> Iterator[tuple[str, str, list[Rule]]]:
    for family, about in FAMILIES.items():
        members = [rule for rule in rules if rule.code.startswith(family)]
        if members:
            yield family, about, members


def _page(rule: Rule, known: dict[str, str]) -> str:
    """A page: files of examples have their name in the block's head, and codes of other rules lead to them."""
    text = _NAMED_FENCE.sub(r'```\2 title="\1"', "\n".join(rule_markdown(rule)))
    parts = _VERBATIM.split(text)

    def link(match: re.Match[str]) -> str:
        page = known.get(match.group()) if match.group() != rule.code else None
        return f"[{match.group()}]({page})" if page else match.group()

    parts[::2] = [_CODE.sub(link, part) for part in parts[::2]]
    return "".join(parts) + "\n"


def _listing(rules: Sequence[Rule]) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield (
        f"lambdalint has {len(rules)} rules. `lambdalint rules` lists them, `lambdalint rule LL101` shows a page on "
        "the terminal. What severity, level and confidence mean stands in "
        "[How a finding is decided](../decisions.md#severity-confidence-and-level)."
    )
    for family, about, members in _families(rules):
        yield ""
        yield f"## {_title(family, about)}"
        yield ""
        if ":" in about:
            yield f"About{about.partition(':')[2]}."
            yield ""
        yield "| Code | Name | Severity | Level | Fix | Finds |"
        yield "|---|---|---|---|---|---|"
        for rule in members:
            title = rule.title.replace("|", r"\|")
            cells = (rule.code, f"[{rule.name}]({rule.name}.md)", rule.severity.value, rule.level.value, rule.fix or "")
            yield f"| {' | '.join(cells)} | {title} |"
    yield ""
