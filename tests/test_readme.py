"""What the README shows is what lambdalint says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lambdalint.cli import main
from tests.support import TODAY

ROOT = Path(__file__).parents[1]


def test_readme_shows_the_real_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^\$ lambdalint (docs/\S+)\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert main([shown.group(1), "--today", TODAY.isoformat()]) == 1
    assert capsys.readouterr().out == shown.group(2)
