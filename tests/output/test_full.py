"""``--format full``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from lambdalint.finding import Finding, Related, Severity
from lambdalint.output.full import lines
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import Style
from lambdalint.source import Source, Span


def full(
    findings: list[Finding], source: Callable[[str], Source | None], style: Style, columns: int = 120
) -> Iterator[str]:
    return lines(Outcome(findings, source=source, style=style, columns=columns))


def show(texts: dict[str, str], *places: tuple[str, int, int, int, int, str], columns: int = 100) -> str:
    """The excerpt of a finding whose first place is the primary one."""
    spans = [Span(*place[:5]) for place in places]
    related = tuple(Related(span, place[5]) for span, place in list(zip(spans, places))[1:])
    item = Finding("it is wrong", spans[0], related, severity=Severity.WARNING, code="LL999")

    def source(path: str) -> Source | None:
        return Source(path, texts[path]) if path in texts else None

    shown = list(full([item], source, Style(), columns))
    assert shown[0] == "warning[LL999]: it is wrong"
    assert shown[-2:] == ["help: lambdalint rule LL999", ""]
    return "\n".join(shown[1:-2]) + "\n"


def expected(text: str) -> str:
    return dedent(text).lstrip("\n")


LINES = "".join(f"line {number}\n" for number in range(1, 31))


def test_one_place() -> None:
    assert show({"a.py": LINES}, ("a.py", 9, 1, 9, 5, "")) == expected(
        """
          --> a.py:9:1
           |
         8 | line 8
         9 | line 9
           | ^^^^
        10 | line 10
           |
        """
    )


def test_an_empty_place_and_the_ends_of_a_file() -> None:
    assert show({"a.py": "x = 1"}, ("a.py", 1, 6, 1, 6, "")) == expected(
        """
         --> a.py:1:6
          |
        1 | x = 1
          |      ^
          |
        """
    )
    assert "1 |\n" in show({"a.py": ""}, ("a.py", 1, 1, 1, 1, ""))


def test_places_of_one_file_stand_together() -> None:
    places = (("a.py", 12, 6, 12, 8, ""), ("a.py", 3, 1, 3, 5, "first here"), ("a.py", 12, 1, 12, 5, "and here"))
    assert show({"a.py": LINES}, *places) == expected(
        """
          --> a.py:12:6
           |
         3 | line 3
           | ---- first here
        ...
        11 | line 11
        12 | line 12
           |      ^^
           | ---- and here
        13 | line 13
           |
        """
    )


def test_one_line_between_is_shown_too() -> None:
    shown = show({"a.py": LINES}, ("a.py", 5, 1, 5, 2, ""), ("a.py", 2, 1, 2, 2, "here"))
    assert "..." not in shown
    assert "3 | line 3" in shown


def test_places_in_other_files() -> None:
    places = (("a.py", 1, 1, 1, 5, ""), ("b.yaml", 2, 3, 2, 6, "the timeout"), ("gone.py", 4, 2, 4, 3, "the call"))
    assert show({"a.py": "line\n", "b.yaml": "a:\n  bcd: 1\n"}, *places) == expected(
        """
         --> a.py:1:1
          |
        1 | line
          | ^^^^
        2 |
          |
         --> b.yaml:2:3
          |
        2 |   bcd: 1
          |   --- the timeout
          |
         --> gone.py:4:2: the call
        """
    )


def test_tabs_and_wide_characters() -> None:
    assert show({"a.py": "\tx = '漢字' + y"}, ("a.py", 1, 6, 1, 10, ""), ("a.py", 1, 13, 1, 14, "y")) == expected(
        """
         --> a.py:1:6
          |
        1 |     x = '漢字' + y
          |         ^^^^^^
          |                  - y
          |
        """
    )
    combined = show({"a.py": "e\u0301 = x"}, ("a.py", 1, 6, 1, 7, ""))
    assert combined.splitlines()[3] == "  |     ^"


def test_nothing_that_moves_the_cursor() -> None:
    shown = show({"a.py": "x = '\x1b[2J\u202e\x07' \u2028 b\x00"}, ("a.py", 1, 1, 1, 2, ""))
    assert "x = '\ufffd[2J\ufffd\ufffd'" in shown
    assert not set("\x1b\x07\u202e\u2028\x00") & set(shown)


@pytest.mark.parametrize("column", [1, 60, 100, 5_000, 9_990])
def test_long_lines_are_cut(column: int) -> None:
    text = "".join(str(number % 10) for number in range(1, 10_001))
    shown = show({"a.json": text}, ("a.json", 1, column, 1, column + 5, ""), columns=80).splitlines()
    assert all(len(line) <= 82 for line in shown)
    source, marks = shown[2], shown[3]
    start = marks.index("^")
    assert marks.strip("| ") == "^^^^^"
    assert source[start : start + 5] == text[column - 1 : column + 4]
    assert source.endswith("…") == (column < 9_000)
    assert source.startswith("1 | …") == (column > 70)


def test_places_that_are_cut_off() -> None:
    shown = show({"a": "x" * 500}, ("a", 1, 1, 1, 3, ""), ("a", 1, 490, 1, 495, "far"), ("a", 1, 1, 1, 500, "all"))
    assert all(len(line) < 125 for line in shown.splitlines())


def test_places_of_several_lines() -> None:
    text = "a = call(\n    first,\n    second,\n)\nb\n"
    assert show({"a.py": text}, ("a.py", 1, 5, 4, 2, "")) == expected(
        """
         --> a.py:1:5
          |
        1 | a = call(
          |     ^^^^^
        2 |     first,
          |     ^^^^^^
        3 |     second,
          |     ^^^^^^^
        4 | )
          | ^
        5 | b
          |
        """
    )
    assert show({"a.py": text}, ("a.py", 1, 1, 2, 1, "")) == show({"a.py": text}, ("a.py", 1, 1, 1, 10, ""))


def test_places_of_many_lines() -> None:
    assert show({"a.py": LINES}, ("a.py", 20, 1, 20, 5, ""), ("a.py", 2, 3, 9, 5, "the body")) == expected(
        """
          --> a.py:20:1
           |
         2 | line 2
           |   ---- the body (to line 9)
        ...
        19 | line 19
        20 | line 20
           | ^^^^
        21 | line 21
           |
        """
    )


def test_places_that_are_not_there() -> None:
    assert show({"a.py": "x\n"}, ("a.py", 50, 1, 50, 2, "")) == " --> a.py:50:1\n"
    assert show({}, ("a.py", 1, 1, 1, 2, "")) == " --> a.py:1:1\n"
    shown = show({"a.py": "x\n"}, ("a.py", 1, 40, 1, 50, ""))
    assert "^" in shown


def test_colour() -> None:
    item = Finding("m", Span("a", 1, 1, 1, 2), severity=Severity.ERROR, code="LL999")
    shown = "\n".join(full([item], lambda _: Source("a", "x"), Style(True)))
    assert "\x1b[1;31merror[LL999]\x1b[0m" in shown
    assert "\x1b[1;31m^\x1b[0m" in shown


def test_messages_stay_on_one_line() -> None:
    item = Finding("one\ntwo \x1b[31m", Span("a", 1, 1, 1, 2), code="LL999")
    assert next(iter(full([item], lambda _: None, Style()))) == "warning[LL999]: one two \ufffd[31m"
