"""The guides tell of what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lambdalint import arguments, settings

DOCS = Path(__file__).parent.parent / "docs"


def test_every_setting_is_explained() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert [key for key in settings._KEYS if f"`{key}`" not in text] == []


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_options_that_are_named_exist(path: Path) -> None:
    known = {name for action in arguments.parser()._actions for name in action.option_strings}
    known |= {name for action in arguments.command_parser("rule", "")._actions for name in action.option_strings}
    for line in path.read_text(encoding="utf-8").splitlines():
        used = re.search(r"(?<![\w/.-])lambdalint (.*)", line.partition("  #")[0])
        if used and "pip" not in line:
            options = re.findall(r"(?<![\w-])--[a-z][a-z-]+", re.split(r"[`|]", used.group(1))[0])
            assert set(options) <= known, line
