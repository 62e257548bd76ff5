from __future__ import annotations

import os
from pathlib import Path

import pytest

from lambdalint import contents
from lambdalint.contents import Contents


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_bytes(b"x = 1\r\n\x1a\n")
    files = Contents(str(tmp_path))
    assert files.whole("a/b.py", 100) == b"x = 1\r\n\x1a\n"
    monkeypatch.delattr(os, "open")
    assert files.whole("a/b.py", 9) == b"x = 1\r\n\x1a\n"
    assert files.whole("a/b.py", 8) is None
    assert files.beginning("a/b.py", 3) == b"x ="
    assert files.has("a/b.py")


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 300_000])
def test_beginnings(tmp_path: Path, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    (tmp_path / "x").write_bytes(data)
    for limit in (0, 1, 9, 10, 11, 299_999, 300_000, 400_000):
        assert Contents(str(tmp_path)).beginning("x", limit) == data[:limit]
        assert Contents(str(tmp_path)).whole("x", limit) == (data if size <= limit else None)
        both = Contents(str(tmp_path))
        assert (both.beginning("x", limit), both.whole("x", 400_000)) == (data[:limit], data)


def test_what_is_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_KEPT", 3)
    monkeypatch.setattr(contents, "MAX_ALL", 5)
    for name, text in (("a", "1234"), ("b", "123"), ("c", "123")):
        (tmp_path / name).write_text(text)
    files = Contents(str(tmp_path))
    assert [files.whole(name, 10) for name in "abc"] == [b"1234", b"123", b"123"]
    for name in "abc":
        (tmp_path / name).write_text("new")
    assert [files.whole(name, 10) for name in "abc"] == [b"new", b"123", b"new"]


def test_another_content(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")
    files = Contents(str(tmp_path), {"x": b"newer", "y": b""})
    assert (files.whole("x", 9), files.whole("x", 4), files.beginning("x", 2)) == (b"newer", None, b"ne")
    assert files.has("y") and files.whole("y", 9) == b""
    assert not files.has("z")


@pytest.mark.parametrize("path", ["missing", "x/y", "folder", "a\0b"])
def test_what_can_not_be_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "x").write_text("")
    for read in (Contents(str(tmp_path)).whole, Contents(str(tmp_path)).beginning):
        with pytest.raises((OSError, ValueError)):
            read(path, 1_000_000)


def test_a_file_that_is_larger_than_it_says(tmp_path: Path) -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("no such files here")
    read = Contents("/proc/self").whole("status", 1_000_000)
    assert read is not None and len(read) > 100
    assert Contents("/proc/self").beginning("status", 10) == read[:10]
