"""Baselines: counts without line numbers, what is new, what is stale."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from lambdalint.baseline import BaselineError, Key, compare, counted, read, text_of
from lambdalint.finding import Finding
from lambdalint.source import Span


def item(path: str = "a.py", code: str = "LL201", line: int = 1, resource: str = "F") -> Finding:
    return Finding("m", Span(path, line, 1, line, 2), code=code, name="x-y", resource=resource)


def test_counts_are_by_file_rule_and_anchor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = [item(), item(line=9), item(resource="G"), item("b.py", "LL101", resource="")]
    counts = counted(found, str(tmp_path))
    assert counts == {Key("a.py", "LL201", "F"): 2, Key("a.py", "LL201", "G"): 1, Key("b.py", "LL101", ""): 1}
    (tmp_path / "b.json").write_text(text_of(counts), encoding="utf-8")
    assert read("b.json") == counts
    assert text_of(Counter(dict(reversed(list(counts.items()))))) == text_of(counts)


def test_lines_do_not_matter_but_counts_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counts = counted([item(line=3)], str(tmp_path))
    compared = compare([item(line=70), item(line=90)], counts, str(tmp_path), ["."])
    assert [found.span.line for found in compared.new] == [90]
    assert (compared.known, compared.stale) == (1, [])


def test_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counts = counted([item(), item("src/b.py"), item("src/b.py")], str(tmp_path))
    assert compare([item("src/b.py")], counts, str(tmp_path), ["src"]).stale == [(Key("src/b.py", "LL201", "F"), 1)]
    assert len(compare([], counts, str(tmp_path), ["."]).stale) == 2
    assert compare([], counts, str(tmp_path), ["other"]).stale == []


def test_a_baseline_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    assert list(counted([item()], str(tmp_path))) == [Key("src/a.py", "LL201", "F")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "b.json:1:2: not a baseline"),
        ("[]", "b.json: not a baseline"),
        ('{"version": 2, "files": {}}', "a baseline of version 2"),
        ('{"version": 1}', "not a baseline"),
        ('{"version": 1, "files": {"a": 1}}', "not a baseline"),
        ('{"version": 1, "files": {"a": {"LL201": {"F": 0}}}}', "no whole number"),
        ('{"version": 1, "files": {"a": {"LL201": {"F": true}}}}', "no whole number"),
        ("\0", "not a baseline"),
    ],
)
def test_what_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.json").write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        read("b.json")
    assert expected in str(caught.value)


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be read"):
        read(str(tmp_path / "none.json"))


def test_it_merges_line_by_line() -> None:
    text = text_of(Counter({Key("b", "LL201", "G"): 1, Key("a", "LL201", "F"): 2}))
    assert json.loads(text) == {
        "version": 1,
        "files": {"a": {"LL201": {"F": 2}}, "b": {"LL201": {"G": 1}}},
    }
    assert max(len(line) for line in text.splitlines()) < 20
