from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from lambdalint.gitignore import MANY, _Names, patterns

_SEGMENTS = st.sampled_from(
    (
        "a",
        "b",
        "a.b",
        ".a",
        "*.b",
        "a*",
        "*a*",
        "?",
        "a?b",
        "*.[ab]",
        "*.b[ab]",
        "a b",
        "a.*.b",
        "$a",
        "(a)",
        "#a",
        "a!",
    )
    + ("*", "**", "[!a]", "[a-b]", "\\a", "***", "", " ", "[a", "!a", "ab#")
)
_LINES = st.builds(
    lambda no, top, parts, end: f"{no}{top}{'/'.join(parts)}{end}",
    st.sampled_from(("", "", "!")),
    st.sampled_from(("", "", "/")),
    st.lists(_SEGMENTS, min_size=1, max_size=3),
    st.sampled_from(("", "", "/", " ", "/ ")),
)
_PATHS = st.builds(
    lambda parts, end: "/".join(parts) + end,
    st.lists(
        st.sampled_from(("a", "b", "a.b", ".a", "aa", "a.bb", "a b", "ab", "c", "#a", "a.c.b")), min_size=1, max_size=4
    ),
    st.sampled_from(("", "/")),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=4), _PATHS)
@example(["a/", "!a"], "a/")
@example(["a", "!b/"], "b/a")
@example(["!a", "b/"], "b/a")
def test_all_patterns_mean_what_they_mean_to_pathspec(lines: list[str], path: str) -> None:
    try:
        expected = GitIgnoreSpec.from_lines(line for line in lines if not line.startswith("#")).check_file(path).include
    except ValueError:
        expected = None
    found = patterns(lines)
    for _ in range(MANY + 1):
        assert (found.tells(path) if found is not None else None) == expected


@pytest.mark.parametrize(
    "line",
    ["node_modules/", "*.log", ".aws-sam", "/build/", "*.py[cod]", "*$py.class", "docs/_build/", "!keep.txt", ".env.*"]
    + ["__pycache__/", ".coverage.*", "pip-log.txt", "npm-debug.log*", "?.out", "/a b/c ", "cover/"],
)
def test_usual_patterns_are_names(line: str) -> None:
    assert isinstance(patterns([line]), _Names)


@pytest.mark.parametrize("line", ["**/a", "a/**", "*", "/*", "a/*", "[!a]", "[a-z]", "\\#a", "a//b", "!!a", "***"])
def test_others_are_not(line: str) -> None:
    assert not isinstance(patterns([line]), _Names)


@pytest.mark.parametrize("lines", [[], [""], ["# a"], ["  "], ["a\\"]])
def test_nothing_to_go_by(lines: list[str]) -> None:
    assert patterns(lines) is None
