"""Text edits: applied in rounds, never overlapping, taken back where they do no good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from lambdalint.finding import Edit, Finding, Fix
from lambdalint.fixes import difference, edited, repair
from lambdalint.source import Span

PATH = "app.py"


def edit(line: int, column: int, end_column: int, text: str, path: str = PATH) -> Edit:
    return Edit(Span(path, line, column, line, end_column), text)


def found(*edits: Edit, safe: bool = True, message: str = "m", line: int = 1) -> Finding:
    return Finding(message, Span(PATH, line, 1, line, 2), fix=Fix("f", edits, safe), code="LL999", name="x-y")


@pytest.mark.parametrize(
    ("data", "edits", "expected"),
    [
        (b"abc\n", [edit(1, 2, 3, "X")], b"aXc\n"),
        (b"abc\n", [edit(1, 4, 4, "!")], b"abc!\n"),
        (b"abc\r\ndef\r\n", [edit(2, 1, 1, "x\n")], b"abc\r\nx\r\ndef\r\n"),
        (b"a\nb\n", [Edit(Span(PATH, 1, 1, 2, 1), "")], b"b\n"),
        (b"a\nb\n", [edit(1, 1, 2, "x", "other.py")], b"a\nb\n"),
        ("é\U0001f600b".encode(), [edit(1, 3, 4, "c")], "é\U0001f600c".encode()),
        (b"\xef\xbb\xbfabc", [edit(1, 1, 2, "x")], b"\xef\xbb\xbfxbc"),
        (b"abc", [edit(1, 1, 2, "x"), edit(1, 1, 2, "x")], b"xbc"),
        (b"abc", [edit(1, 1, 3, "x"), edit(1, 2, 3, "y")], None),
        (b"\xff\xfe", [edit(1, 1, 1, "x")], None),
        (b"ab\xff", [edit(1, 1, 1, "x")], None),
    ],
)
def test_edited(data: bytes, edits: list[Edit], expected: bytes | None) -> None:
    assert edited(data, PATH, edits) == expected


class Project:
    """A file in which each ``a`` is a finding, to be fixed by some other letter."""

    def __init__(self, text: str, instead: str = "b", safe: bool = True, message: str = "m{}") -> None:
        self.text = text
        self.instead = instead
        self.safe = safe
        self.message = message
        self.runs = 0

    def check(self, overlay: Mapping[str, bytes]) -> Sequence[Finding]:
        self.runs += 1
        text = overlay.get(PATH, self.text.encode()).decode()
        return [
            found(edit(1, number, number + 1, self.instead), safe=self.safe, message=self.message.format(number))
            for number, letter in enumerate(text, 1)
            if letter == "a"
        ]

    def read(self, path: str) -> bytes | None:
        return self.text.encode() if path == PATH else None


def test_all_are_fixed() -> None:
    project = Project("xaxa")
    repaired = repair(project.check, project.read, lambda path, data: True)
    assert repaired.contents == {PATH: b"xbxb"}
    assert len(repaired.cured) == 2 and not repaired.refused


def test_unsafe_ones_only_where_asked_for() -> None:
    project = Project("a", safe=False)
    assert repair(project.check, project.read, lambda path, data: True).contents == {}
    assert repair(project.check, project.read, lambda path, data: True, unsafe=True).contents == {PATH: b"b"}


def test_what_breaks_a_file_is_taken_back() -> None:
    project = Project("xaxa")
    repaired = repair(project.check, project.read, lambda path, data: not data.startswith(b"xb"))
    assert repaired.contents == {PATH: b"xaxb"}
    assert [item.message for item in repaired.refused] == ["m2"]


def test_what_does_not_cure_is_taken_back() -> None:
    project = Project("xa", instead="a ", message="m")
    repaired = repair(project.check, project.read, lambda path, data: True)
    assert repaired.contents == {} and len(repaired.refused) == 1


def test_a_file_that_is_emptied_stays_so() -> None:
    whole = found(edit(1, 1, 2, ""))

    def check(overlay: Mapping[str, bytes]) -> Sequence[Finding]:
        text = overlay.get(PATH, b"a")
        again = found(edit(1, 1, 1, "b"), message="empty")
        return [whole] if text == b"a" else [again] if not text else []

    repaired = repair(check, lambda path: b"a", lambda path, data: True)
    assert repaired.contents == {PATH: b"b"}


def test_overlapping_ones_wait() -> None:
    text = b"abcd"
    first = found(edit(1, 1, 4, "x"), message="one")
    second = found(edit(1, 2, 5, "y"), message="two")

    def check(overlay: Mapping[str, bytes]) -> Sequence[Finding]:
        return [] if PATH in overlay else [first, second]

    repaired = repair(check, lambda path: text, lambda path, data: True)
    assert repaired.contents == {PATH: b"xd"} and repaired.cured == [first]


def test_a_fix_of_several_files_is_whole_or_not_at_all() -> None:
    both = found(edit(1, 1, 2, "x"), edit(1, 1, 2, "y", "broken.yaml"))

    def check(overlay: Mapping[str, bytes]) -> Sequence[Finding]:
        return [both]

    repaired = repair(check, lambda path: b"abc", lambda path, data: path == PATH)
    assert repaired.contents == {} and repaired.refused == [both]


def test_it_ends() -> None:
    project = Project("a", instead="aa")
    repaired = repair(project.check, project.read, lambda path, data: True)
    assert project.runs <= 45
    assert len(repaired.cured) <= 20


def test_difference() -> None:
    assert difference("a.py", b"one\ntwo", b"one\n2") == [
        "--- a.py",
        "+++ a.py",
        "@@ -1,2 +1,2 @@",
        " one",
        "-two",
        "\\ No newline at end of file",
        "+2",
        "\\ No newline at end of file",
    ]
