"""Syntax that not all versions of a language have."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import lambdalint
from lambdalint.aws import node_versions, python_versions
from lambdalint.code.facts import Module, dotted
from lambdalint.code.javascript import read_javascript
from lambdalint.code.python import read_python
from lambdalint.source import Source, Span


def _python(text: str) -> Module:
    return read_python(Source("app.py", text))


def _names(module: Module) -> list[str]:
    return [feature.name for feature in module.features]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("match x:\n    case 1: pass", ["match"]),
        ("match = 1\nprint(match)", []),
        ("if (a := b): pass", ["walrus"]),
        ("def f(a, /, b): pass", ["positional-only"]),
        ("def f(a, *, b): pass", []),
        ("from __future__ import annotations", ["future-annotations"]),
        ("from __future__ import division", []),
        ("@a.b.c(1)\ndef f(): pass", []),
        ("@a\nclass A: pass", []),
        ("@a[0]\ndef f(): pass", ["decorator-expression"]),
        ("@a(1)(2)\nclass A: pass", ["decorator-expression"]),
        ("with (a as b): pass", ["parenthesised-with"]),
        ("with (a() as b, c() as d): pass", ["parenthesised-with"]),
        (
            "async def f():\n    async with (\n        a(1) as b,\n        c,\n    ):\n        pass",
            ["parenthesised-with"],
        ),
        ("with (a, b): pass", []),
        ("with (a) as b: pass", []),
        ("with (a(b)) as c, (d) as e: pass", []),
        ("with ((a) as b): pass", ["parenthesised-with"]),
        ("with a(f(1), (2)) as b, c as d: pass", []),
        ("with (yield a) as b: pass", []),
        ("try: pass\nexcept (A, B): pass", []),
        ("x[a, b]", []),
        ("x[(*a, b)]", []),
        ("f'{a}'", []),
        ("f'{a=}'", ["f-string-equals"]),
        ("f'{a = !r}'", ["f-string-equals"]),
        ("f'{a=:>10}'", ["f-string-equals"]),
        ("f'{a==b} {a!=b} {a<=b} {a>=b} {f(x=1)}'", []),
        ("f'{a!r:{b}} {{c=}} {d[\"=\"]}'", []),
        ("f'{a[\"b\"]}' f\"{a['b']}\"", []),
        ('f"""{a["b"]} {c}\n"""', []),
        ("f'{a}\\n{b}'", []),
        ("rf'{a}\\d{b}'", []),
        ("f'{a:\"}' 'b'", []),
        ('f\'{"a" if b else "c"}\'', []),
    ],
)
def test_python(text: str, expected: list[str]) -> None:
    assert _names(_python(text)) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('f"{a["b"]}"', (1, 4)),
        ("x = f'{a}' f'{b['c']}'", (1, 15)),
        ('f"{", ".join(a)}"', (1, 4)),
        ("f\"{'\\n'.join(a)}\"", (1, 4)),
        ("é = f'é {a['b']}'", (1, 10)),
        ('x = f"""\n  {a} {"\\t".join(b)}"""', (2, 8)),
        ("f'{f'{a}'}'", (1, 4)),
    ],
)
def test_fields_that_older_versions_do_not_read(text: str, place: tuple[int, int]) -> None:
    module = _python(text)
    assert module.problem is None
    assert [(item.name, item.span.line, item.span.column) for item in module.features] == [("f-string-field", *place)]


def test_the_rest_of_a_file_with_such_fields_is_read_too() -> None:
    module = _python(
        "import os\n\ndef handler(event, context):\n    return f\"{os.environ[\"TABLE\"]}{'\\n'}{g('x')}\"\n"
    )
    assert module.problem is None
    assert [getattr(item.name, "value", "") for item in module.reads] == ["TABLE"]
    assert [dotted(item.callee) for item in module.calls] == ["g"]


@pytest.mark.parametrize("text", ['f"{a["b"}"', 'f"{a["b"]"', "f'{a['b']}' +", "f'{a['b\"]}'"])
def test_files_that_no_version_reads(text: str) -> None:
    assert _python(text).problem is not None


@pytest.mark.parametrize(
    ("since", "text", "expected"),
    [
        ((3, 11), "try: pass\nexcept* A: pass", ["except-star"]),
        ((3, 11), "try: pass\nexcept *A: pass", ["except-star"]),
        ((3, 11), "x[*a]", ["starred-index"]),
        ((3, 11), "def f(*args: *A): pass", ["starred-annotation"]),
        ((3, 12), "type A = int", ["type-alias"]),
        ((3, 12), "type A[T] = list[T]", ["type-alias", "type-parameters"]),
        ((3, 12), "def f[T](x: T): pass", ["type-parameters"]),
        ((3, 12), "class A[T]: pass", ["type-parameters"]),
        ((3, 13), "class A[T = int]: pass", ["type-parameters", "type-parameter-default"]),
        ((3, 14), "try: pass\nexcept A, B: pass", ["except-without-parentheses"]),
        ((3, 14), "t'{a}'", ["template-string"]),
    ],
)
def test_syntax_of_newer_versions_than_the_oldest(since: tuple[int, int], text: str, expected: list[str]) -> None:
    module = _python(text)
    assert module.problem is None
    if sys.version_info >= since:
        assert _names(module) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a?.b; c?.[0]; d?.();", ["optional-chaining"]),
        ("a ? .5 : b", []),
        ("a ?? b", ["nullish-coalescing"]),
        ("a ||= b", ["logical-assignment"]),
        ("a += b || c && d", []),
        ("class A { b = 1; }", ["class-field"]),
        ("class A { constructor() { this.b = 1; } c() {} }", []),
        ("class A { #b() {} }", ["private-method"]),
        ("class A { #b; c(d) { return #b in d; } }", ["class-field", "private-in"]),
        ("class A { static { b(); } }", ["static-block"]),
        ("/a/gi; /b/s;", []),
        ("/a/d", ["regex-indices"]),
        ("/a/v", ["regex-sets"]),
        ("const a = '?.' + \"??\"; // ?.", []),
        ('import a from "./a.json" with { type: "json" };', ["import-attributes"]),
        ("{ using a = b(); }", ["using"]),
        ("const using = 1; using.a = 2;", []),
        ("a?.b; (", []),
    ],
)
def test_javascript(text: str, expected: list[str]) -> None:
    assert sorted(_names(read_javascript(Source("app.js", text)))) == expected


def test_typescript_is_compiled() -> None:
    assert read_javascript(Source("app.ts", "a?.b;")).features == ()


def test_places_are_those_of_the_first() -> None:
    module = read_javascript(Source("app.js", "a.b;\nc?.d;\ne?.f;\n"))
    assert module.features[0].span == Span("", 2, 2, 2, 4)


def test_inline_code_that_is_filled_in() -> None:
    source = Source("template.yaml#F", "x = f'{a[\"b\"]} ${Name=}'\nmatch y:\n    case 1: pass\n")
    assert _names(read_python(source, substituted=True)) == ["match"]


def test_every_kind_of_syntax_is_in_a_table() -> None:
    code = Path(lambdalint.__file__).parent / "code"
    noted = re.findall(r'_note(?:_word|_field)?\(\s*"([a-z-]+)"', (code / "python.py").read_text(encoding="utf-8"))
    assert set(noted) == set(python_versions.SYNTAX)
    written = re.findall(r'"([a-z]+(?:-[a-z]+)*)"', (code / "javascript_features.py").read_text(encoding="utf-8"))
    assert set(node_versions.SYNTAX) <= set(written)
