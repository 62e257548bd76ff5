"""Which files that the grammars of JavaScript and TypeScript don't parse are reported, and where."""

from __future__ import annotations

import pytest

from tests.code.test_javascript import read

HANDLER = "exports.handler = async (event) => {\n%s\n};\n"


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        (HANDLER % "  return { statusCode: 200\n    body: event.body };", 3, "unexpected `body`"),
        (HANDLER % "  return [1 2];", 2, "unexpected `2`"),
        ("f(a b);", 1, "unexpected `b`"),
        ("const { a b } = c;", 1, "unexpected `b`"),
        (HANDLER % "  if (a) {\n    f();", 4, "unexpected end of file: a `{` is not closed"),
        (HANDLER % "  if (a {\n    f();\n  }", 5, "unexpected `}`: the `(` of line 2 is not closed"),
        (HANDLER % "  f();\n  }", 4, "unexpected `}`: nothing is open that it could close"),
        (HANDLER % "  cosnt a = 1;", 2, "unexpected `a`"),
        (HANDLER % "  const a = [1, 2;", 2, "missing `]`"),
        (HANDLER % "<<<<<<< HEAD\n  f();\n=======\n  g();\n>>>>>>> main", 2, "merge conflict marker `<<<<<<<`"),
        ("import { a } form './a';\n", 1, "unexpected `form`"),
        ("", 0, ""),
    ],
)
def test_mistakes(path: str, code: str, line: int, message: str) -> None:
    problem = read(code, path).problem
    found = (problem.span.line, problem.message) if problem is not None else (0, "")
    assert found == (line, message)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app.ts", "export type * from './types';"),
        ("app.ts", "export import a = require('a');"),
        ("app.ts", "class A { static readonly [x: string]: string; }"),
        ("app.ts", "type A = [function: string, void?: number];"),
        ("app.ts", "(a as number) = 42; for (b as T of []) f();"),
        ("app.ts", "f<<T>(v: T) => void>();"),
        ("app.ts", "{ using file = open(); }"),
        ("app.ts", "class A { accessor b = 1; }"),
        ("app.ts", "@(decorated(1)) class A {}"),
        ("app.ts", "const f = vi.fn<(a: string) => void>(); export default f satisfies unknown;"),
        ("app.js", "export * from './a.json' with { type: 'json' };"),
        ("app.js", "import './a.json'\nwith { type: 'json' }"),
        ("app.js", "x = String.raw`\\u{`;"),
        ("app.js", "({ a: (b) } = c);"),
        ("app.js", "/* @flow */ const f = (x: ?string) => {};"),
        ("app.js", "const app = '<%= name %>';\n<% if (x) { %>\nf(\n<% } %>\n"),
        ("app.js", "const a = {{ cookiecutter.name }};\n"),
        ("app.js", "{% if x %}\nf();\n{% endif %}\n"),
        ("app.ts", "<?xml version='1.0'?><TS language='de'></TS>"),
        ("app.js", "declare var injected;"),
        ("app.tsx", "const a = <T,>(x: T) => <div title='}'>{x} don't</div>;"),
    ],
)
def test_what_the_grammars_lack_is_no_problem(path: str, code: str) -> None:
    assert read(code, path).problem is None
