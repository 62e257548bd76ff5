"""What the reader of JavaScript and TypeScript takes from code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lambdalint.code.facts import Choice, Const, Module, dotted
from lambdalint.code.javascript import is_minified, read_javascript
from lambdalint.source import Source, Span


def read(code: str, path: str = "app.js") -> Module:
    module = read_javascript(Source(path, code))
    check_spans(module, code)
    return module


def spans(item: object) -> Iterator[Span]:
    if isinstance(item, Span):
        yield item
    elif isinstance(item, msgspec.Struct):
        for name in item.__struct_fields__:
            yield from spans(getattr(item, name))
    elif isinstance(item, tuple):
        for part in item:
            yield from spans(part)


def check_spans(module: Module, code: str) -> None:
    lines = Source("", code).lines
    for span in spans(module):
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines) and span.end_column <= len(lines[span.end_line - 1]) + 1


def texts(module: Module, span: Span, code: str) -> str:
    lines = Source("", code).lines
    assert span.line == span.end_line
    return lines[span.line - 1][span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('import x from "m"', [("x", "m", "default", "es")]),
        ('import * as x from "m"', [("x", "m", "", "es")]),
        (
            'import x, { a as b, c } from "m"',
            [("x", "m", "default", "es"), ("b", "m", "a", "es"), ("c", "m", "c", "es")],
        ),
        ('import "m"', [("", "m", "", "es")]),
        ('const x = require("m")', [("", "m", "", "commonjs")]),
        ("const { x } = require(`m`)", [("", "m", "", "commonjs")]),
        ('const x = await import("m")', [("", "m", "", "dynamic")]),
        ("require(name); import(other)", []),
        ('export { a } from "m"', [("", "m", "", "es")]),
        ('export * from "m"', [("", "m", "", "es")]),
    ],
)
def test_imports(code: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [(item.name, item.module, item.symbol, item.system) for item in read(code).imports] == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("export const a = 1, b = 2", ["a", "b"]),
        ("export const { a, b: c } = x", ["a", "c"]),
        ("export async function a() {}", ["a"]),
        ("export class A {}", ["A"]),
        ("export default async () => {}", ["default"]),
        ("export default function a() {}", ["default"]),
        ("export { a, b as c, d as default }", ["a", "c", "default"]),
        ('export { a as b } from "m"', ["b<-m.a"]),
        ('export * from "m"', ["*<-m.*"]),
        ('export * as n from "m"', ["n<-m."]),
        ("exports.a = 1", ["a"]),
        ('module.exports.a = exports["b"] = f', ["b", "a"]),
        ("module.exports = { a }", [""]),
        ("exports = module.exports = f", [""]),
        ("exports[name] = f", ["*"]),
        ("Object.assign(exports, { a, b })", ["a", "b"]),
        ("Object.assign(module.exports, others)", ["*"]),
        ('Object.defineProperty(exports, "__esModule", { value: true }); exports.a = void 0; exports.a = a', ["a"]),
        ('Object.defineProperty(exports, "a", { enumerable: true, get: function () { return m.a; } })', ["a"]),
        ('__exportStar(require("./m"), exports)', ["*<-./m.*"]),
        ("var x = {}; __export(x, { a: () => b }); module.exports = __toCommonJS(x)", ["a"]),
        ("const a = 1", []),
    ],
)
def test_exports(code: str, expected: list[str]) -> None:
    found = [f"{item.name}<-{item.module}.{item.symbol}" if item.module else item.name for item in read(code).exports]
    assert found == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = process.env.A", [("A", "required", None)]),
        ("x = process.env['A']", [("A", "required", None)]),
        ("x = process.env.A || 'd'", [("A", "default", "d")]),
        ("x = process.env.A ?? 'd'", [("A", "default", "d")]),
        ("const { A, B: b = 'd' } = process.env", [("A", "required", None), ("B", "default", "d")]),
        ("const env = process.env; x = env.A", [("A", "required", None)]),
        ("import { env } from 'node:process'; x = env.A", [("A", "required", None)]),
        ("if (process.env.A) f()", [("A", "test", None)]),
        ("if (!process.env.A && x) f()", [("A", "test", None)]),
        ("x = process.env.A ? 1 : 2", [("A", "test", None)]),
        ("x = process.env.A === 'y'", [("A", "test", None)]),
        ("x = 'A' in process.env", [("A", "test", None)]),
        ("x = process.env.A && f()", [("A", "test", None)]),
        ("x = process.env.A?.split(',')", [("A", "optional", None)]),
        ("process.env.A = 'x'; delete process.env.B", []),
        ("f({ ...process.env })", []),
    ],
)
def test_environment(code: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = []
    for item in read(code).reads:
        assert isinstance(item.name, Const)
        found.append((item.name.value, item.kind, getattr(item.default, "value", None)))
    assert found == expected


def test_environment_writes() -> None:
    module = read("process.env.A = 'x'; delete process.env.B; Object.assign(process.env, { C: 'y' })")
    assert [(item.name.value, item.value is None) for item in module.writes] == [  # type: ignore[union-attr]
        ("A", False),
        ("B", True),
        ("C", False),
    ]


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("const a = async () => {}", "a", "function"),
        ("exports.a = async function () {}", "a", "function"),
        ("function a() {}", "a", "function"),
        ("x = { a: () => 1 }", "a", "function"),
        ("x = { async a() {} }", "a", "function"),
        ("class A { a = () => 1 }", "a", "function"),
        ("class A { #a() {} }", "#a", "function"),
        ("x.map((y) => y)", "", "lambda"),
        ("export default class {}", "default", "class"),
    ],
)
def test_names_of_definitions(code: str, name: str, kind: str) -> None:
    last = read(code).definitions[-1]
    assert (last.name, last.kind) == (name, kind)


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
def test_names_are_where_they_are_written(path: str) -> None:
    code = "const ä = '→'; exports.handler = async (event, { memory }, ...rest) => event;\n"
    module = read(code, path)
    definition = module.definitions[1]
    assert texts(module, definition.span, code) == "handler"
    assert definition.is_async and definition.is_arrow
    assert [item.kind for item in definition.parameters] == ["positional", "positional", "rest"]
    assert [item.name for item in module.bindings if item.function == 1] == ["memory"]


def test_typescript() -> None:
    code = """\
import type { Context } from "aws-lambda";
import { type Event, parse } from "./parse";
enum Kind { New = "new", Old = "old" }
class Orders<T> {
  private readonly table: string = process.env.TABLE!;
  constructor(private client: Client, readonly region = "eu-west-1") {}
  async put(this: Orders<T>, order: T): Promise<void> { await this.client.send(order as unknown as Command); }
}
export const handler = async (event: Event, context?: Context): Promise<void> => {
  (<Orders<Event>>orders).put(event satisfies Event);
};
"""
    module = read(code, "app.ts")
    assert module.problem is None
    assert [item.name for item in module.imports if not item.type_only] == ["parse"]
    assert [item.name for item in module.bindings if dotted(item.base or item.value) == "this"] == ["client", "region"]
    assert [dotted(item.callee) for item in module.calls] == ["this.client.send", "orders.put"]
    assert module.calls[0].awaited and module.calls[1].dropped
    assert [item.kind for item in module.reads] == ["required"]


@pytest.mark.parametrize(
    ("code", "awaited", "dropped"),
    [
        ("f()", False, True),
        ("await f()", True, True),
        ("void f()", False, False),
        ("x = f()", False, False),
        ("async () => f()", False, False),
        ("g(f)", False, True),
    ],
)
def test_what_becomes_of_a_call(code: str, awaited: bool, dropped: bool) -> None:
    call = read(code).calls[0]
    assert (call.awaited, call.dropped) == (awaited, dropped)


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("const a = {\n  b: 1\n  c: 2\n};\n", 3, "unexpected `c`"),
        (
            "exports.handler = async () => {\n  if (x) {\n    f();\n}\n",
            4,
            "unexpected end of file: a `{` is not closed",
        ),
    ],
)
def test_problems(code: str, line: int, message: str) -> None:
    problem = read(code).problem
    assert problem is not None
    assert (problem.span.line, problem.message) == (line, message)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app.js", "#!/usr/bin/env node\n'use strict';\nf();\n"),
        ("app.js", "const x: string = 'types in a file that a bundler strips';\n"),
        ("app.js", "import data from './a.json' with { type: 'json' };\n"),
        ("app.mjs", "const x = await f();\nexport { x };\n"),
        ("app.jsx", "export const App = () => <div className='a'>{f()}</div>;\n"),
        ("app.ts", "const m = await load<typeof import('node:crypto')>();\n"),
        ("app.ts", "@decorated() class A { @inject() private a: B; accessor b = 1; }\n"),
        ("app.js", "class A { static #a = 1; static { f(); } get [b]() { return this?.#a ?? 1_000n; } }\n"),
        ("app.js", ""),
        ("app.js", "\ufeff// nothing\r\n"),
    ],
)
def test_what_is_right_is_no_problem(path: str, code: str) -> None:
    assert read(code, path).problem is None


def test_deep_nesting_is_not_read() -> None:
    read_javascript(Source("app.js", "[" * 60_000))
    for code in ("f(" * 20_000 + ")" * 20_000, "x" + ".a()" * 20_000, "{" * 5_000 + "}" * 5_000):
        module = read_javascript(Source("app.js", code))
        assert module.problem is None and not module.blocks


def test_recovery_from_errors_is_bounded() -> None:
    """The grammars may search for ever for what was meant."""
    code = (
        "module.e#xxports = {\n  roots: ['<rootDir>/tes['<rootDir>/    '^.+\\.tsx?$': 'ts-jest'\n  }\n};\n"
        "/*.test.ts'],\n  ttsx?$': 'ts-jest'\n  }\n};\n"
        "ch: ['**/*.test.ts'],\n  transform: {\n    '^.+\\.tsx?$': 'ts-jest'\n  }\n};\n"
    )
    assert read(code).problem is not None


def test_any_cut_is_read() -> None:
    code = (Path(__file__).parents[1] / "fixtures/cdk-fleet/app/compiled/fleet-stack.js").read_text()[:1_500]
    limit = sys.getrecursionlimit()
    for end in range(0, len(code), 7):
        read(code[:end])
    assert sys.getrecursionlimit() == limit


def test_minified() -> None:
    assert is_minified("var a=1;" * 2_000)
    assert not is_minified("const order = 1;\n" * 2_000)
    assert not is_minified("short")


@pytest.mark.parametrize(
    ("code", "awaits"),
    [
        ("async () => { await f(); }", True),
        ("async () => { await x; }", True),
        ("async () => { for await (const x of y) g(x); }", True),
        ("async () => { f(); }", False),
        ("async () => { g(async () => { await f(); }); }", False),
    ],
)
def test_awaits(code: str, awaits: bool) -> None:
    assert read(f"h({code})").definitions[1].awaits is awaits


def test_await_of_a_generic_call() -> None:
    """The grammar of TypeScript takes it for a call of what is awaited."""
    module = read("async () => { await this.client.send<Order>(x); }", "app.ts")
    assert (dotted(module.calls[0].callee), module.calls[0].awaited) == ("this.client.send", True)
    assert module.definitions[1].awaits


def test_logical_assignment() -> None:
    """It gives what was there, or what is assigned."""
    binding = read("let a; a ??= f();").bindings[-1]
    assert isinstance(binding.value, Choice) and not binding.augmented


def test_places_beyond_ascii_count_characters() -> None:
    module = read_javascript(
        Source("a.js", "f('\u00e4\U0001f600'); \u00fcber.b.c;\nconst \u00e4 = 'x\u00a0y', b = `\u20ac{${c}}`;\n")
    )
    assert module.problem is None
    assert [(item.value, item.span.column, item.span.end_column) for item in module.strings] == [
        ("\u00e4\U0001f600", 3, 7),
        ("x\u00a0y", 11, 16),
        ("\u20ac{", 23, 25),
        ("}", 29, 30),
    ]
    assert [item.name for item in module.bindings] == ["\u00e4", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(a.b.c)", "a.b.c"),
        ("f(this.a.b)", "this.a.b"),
        ("f(a.class)", "a.class"),
        ("f(a . b)", "a.b"),
        ("f(a\n  .b)", "a.b"),
        ("f(a?.b.c)", "a.b.c"),
        ("f($.a)", "$.a"),
        ("f(import.meta.url)", ""),
        ("f(null.a)", ""),
        ("f(undefined.a)", ""),
        ("f(1.5.a)", ""),
        ("f(a().b)", ""),
        ("f(process.env.A)", ""),
    ],
)
def test_chains_of_names(text: str, expected: str) -> None:
    (argument,) = read_javascript(Source("a.js", text)).calls[-1].arguments
    assert dotted(argument.value) == expected
