"""The facts of Python files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lambdalint.code.facts import Module, dotted
from lambdalint.code.python import read_python
from lambdalint.source import Source, Span

FIXTURES = Path(__file__).parents[1] / "fixtures"


def _read(text: str) -> Module:
    return read_python(Source("app.py", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", [("a", "a", "", 0)]),
        ("import a as b", [("b", "a", "", 0)]),
        ("import a.b.c", [("a", "a", "", 0), ("", "a.b.c", "", 0)]),
        ("import a.b as c", [("c", "a.b", "", 0)]),
        ("from a import b, c as d", [("b", "a", "b", 0), ("d", "a", "c", 0)]),
        ("from a import *", [("", "a", "*", 0)]),
        ("from . import b", [("b", "", "b", 1)]),
        ("from ..a import b", [("b", "a", "b", 2)]),
    ],
)
def test_imports(text: str, expected: list[tuple[str, str, str, int]]) -> None:
    assert [(item.name, item.module, item.symbol, item.level) for item in _read(text).imports] == expected


def test_imports_that_may_fail_or_are_for_types_alone() -> None:
    text = (
        "from typing import TYPE_CHECKING\n"
        "try:\n    import a\nexcept ImportError:\n    import b\n"
        "try:\n    import c\nexcept ValueError:\n    pass\n"
        "if TYPE_CHECKING:\n    import d\n"
    )
    found = {item.name: (item.guarded, item.type_only) for item in _read(text).imports}
    assert found["a"] == found["b"] == (True, False)
    assert found["c"] == (False, False)
    assert found["d"] == (False, True)


def test_definitions() -> None:
    module = _read(
        "@one\n@two.three(4)\nasync def f(a, /, b: int = 1, *c, d='x', **e):\n    yield 1\n"
        "class A(B):\n    x: int\n    y: str = ''\n    def m(self): return lambda z: z\n"
    )
    function, kind, method, inner = module.definitions[1:]
    assert (function.name, function.is_async, function.is_generator) == ("f", True, True)
    assert dotted(function.decorators[0]) == "one" and len(function.decorators) == 2
    assert [(item.name, item.kind) for item in function.parameters] == [
        ("a", "positional"),
        ("b", "positional"),
        ("c", "rest"),
        ("d", "keyword"),
        ("e", "keyword-rest"),
    ]
    assert [item.name for item in function.parameters if item.annotation is not None] == ["b"]
    assert function.span == Span("", 3, 11, 3, 12)
    assert (kind.name, kind.kind, kind.fields, [dotted(base) for base in kind.bases]) == (
        "A",
        "class",
        ("x", "y"),
        ["B"],
    )
    assert module.definitions[method.parent] is kind and inner.kind == "lambda"
    assert len(module.yields) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nos.environ['A'] = 'x'", ["A"]),
        ("import os\ndel os.environ['A']", ["A"]),
        ("import os\nos.environ.update(A='x')", ["A"]),
        ("import os\nos.environ.update({'A': 'x', 'B': 'y'})", ["A", "B"]),
        ("from os import environ as e\ne['A'] = 'x'", ["A"]),
        ("import os\nos.putenv('A', 'x')", ["A"]),
        ("environ = {}\nenviron['A'] = 'x'", []),
    ],
)
def test_writes_of_the_environment(text: str, expected: list[str]) -> None:
    assert [getattr(item.name, "value", None) for item in _read(text).writes] == expected


def test_columns_count_characters() -> None:
    module = _read("é = 'ü'; f('ö', x)\n")
    assert module.calls[0].span == Span("", 1, 10, 1, 19)
    assert module.strings[1].span == Span("", 1, 12, 1, 15)


@pytest.mark.parametrize(
    "text", ["", "\n", "\ufeff", "# only\n", "x = (", "\0", "def f(:\n", "x" + "(" * 5_000, "-" * 9_000 + "1"]
)
def test_odd_files_have_facts_too(text: str) -> None:
    assert _read(text).definitions[0].kind == "module"


def _inside(span: Span, lines: list[str]) -> bool:
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    return start <= end and all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in (start, end)
    )


def test_broken_files_never_fail_and_every_place_is_inside() -> None:
    chance = random.Random(7)
    tokens = [
        "(",
        ")",
        "[",
        ":",
        "=",
        "\n",
        "    ",
        "é",
        "yield ",
        "await ",
        "lambda: ",
        "*",
        "f'{x!r:>{y}}'",
        "del ",
        "\t",
        "\f",
    ]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(FIXTURES.rglob("*.py"))]
    for _ in range(400):
        text = chance.choice(texts)
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(text) + 1)
            text = (
                text[:at] + (chance.choice(tokens) if chance.random() < 0.6 else "") + text[at + chance.randrange(3) :]
            )
        if chance.random() < 0.2:
            text = text[: chance.randrange(len(text) + 1)]
        source = Source("app.py", text)
        module = read_python(source)
        places = (
            [module.problem.span]
            if module.problem
            else [
                item.span
                for table in (
                    module.calls,
                    module.bindings,
                    module.reads,
                    module.strings,
                    module.blocks,
                    module.statements,
                )
                for item in table  # type: ignore[attr-defined]
            ]
        )
        outside = [place for place in places if not _inside(place, list(source.lines))]
        assert not outside, text
