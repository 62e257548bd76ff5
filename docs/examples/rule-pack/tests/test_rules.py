"""The examples of every rule are true."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lambdalint.engine import check
from lambdalint.rule import Example, Rule, examples, load_pack
from lambdalint.settings import Settings

RULES = load_pack("my_rules")


def found(rule: Rule, example: Example, folder: Path) -> list[str]:
    for name, text in example.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = Settings(plugins=("my_rules",), select=(rule.code,))
    return [item.code for item in check(str(folder), [str(folder)], settings, date(2026, 11, 22)).findings]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples(rule: Rule, tmp_path: Path) -> None:
    for heading in ("Bad", "Good"):
        for number, example in enumerate(examples(rule.sections[heading])):
            folder = tmp_path / f"{heading}{number}"
            assert bool(found(rule, example, folder)) == (heading == "Bad")
