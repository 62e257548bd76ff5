"""What the reader of JavaScript and TypeScript makes of statements, scopes, patterns, classes and strings."""

from __future__ import annotations

import pytest

from lambdalint.code.facts import (
    MODULE,
    Array,
    Binding,
    Choice,
    Closure,
    Const,
    Environment,
    Expression,
    Format,
    Item,
    Member,
    Module,
    Name,
    Object,
    Other,
    Placeholder,
    Result,
    dotted,
)
from lambdalint.code.javascript import read_javascript
from lambdalint.source import Source, Span
from tests.code.test_javascript import check_spans, read, texts


def shown(expression: Expression | None, module: Module) -> str:
    """An expression in short."""
    found = expression
    if found is None:
        return "-"
    if isinstance(found, Const):
        return repr(found.value)
    if isinstance(found, Name):
        return found.id
    if isinstance(found, Member):
        return f"{shown(found.base, module)}.{found.name}"
    if isinstance(found, Item):
        return f"{shown(found.base, module)}[{shown(found.key, module)}]"
    if isinstance(found, Result):
        return f"{shown(module.calls[found.call].callee, module)}()"
    if isinstance(found, Format):
        return "+".join(shown(part, module) for part in found.parts)
    if isinstance(found, Choice):
        return "|".join(shown(option, module) for option in found.options)
    if isinstance(found, Array):
        return f"[{','.join(shown(item, module) for item in found.items)}{'*' if found.open else ''}]"
    if isinstance(found, Object):
        fields = [
            f"{shown(item.key, module) if item.key else '*'}:{shown(item.value, module)}" for item in found.fields
        ]
        return f"{{{','.join(fields)}}}"
    if isinstance(found, Closure):
        return f"<{module.definitions[found.definition].name}>"
    if isinstance(found, Environment):
        return f"env({shown(module.reads[found.read].name, module)})"
    if isinstance(found, Placeholder):
        return f"${found.name}"
    if isinstance(found, Other):
        return f"{found.kind}({','.join(shown(part, module) for part in found.parts)})"
    return f"each{'key' if found.key else ''}({shown(found.base, module)})"


def bound(module: Module) -> list[str]:
    """The bindings in short; members as they are set, not as changes of a map as well."""
    return [f"{_target(item, module)}={shown(item.value, module)}" for item in module.bindings if item.name or item.key]


def _target(item: Binding, module: Module) -> str:
    base = f"{shown(item.base, module)}" if item.base is not None else ""
    if item.key is not None:
        return f"{base}[{shown(item.key, module)}]"
    return f"{base}.{item.name}" if base else item.name


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = a.b['c'].d[0][k]", "a.b.c.d[0][k]"),
        ("x = a?.b?.[0]?.(c)", "a.b[0]()"),
        ("x = `a${b}c`", "'a'+b+'c'"),
        ("x = `a`", "'a'"),
        ("x = ``", "''"),
        ("x = 'a' + b + `c${d}`", "'a'+b+'c'+d"),
        ("x = a + b", "add(a,b)"),
        ("x = a + 1", "arithmetic(a,1)"),
        ("x = 60 * 15 * 1e3 + 2 - 1", "900001"),
        ("x = -1", "-1"),
        ("x = 0x10 + 0b1 + 0o7 + 1_000", "1024"),
        ("x = 10 / 4", "2.5"),
        ("x = 90071992547409919007199254740991n", "number()"),
        ("x = a || b ?? c", "a|b|c"),
        ("x = a && b", "and(a,b)"),
        ("x = a ? b : c", "b|c"),
        ("x = a === b", "compare(a,b)"),
        ("x = !a", "not(a)"),
        ("x = typeof a", "typeof(a)"),
        ("x = void 0", "None"),
        ("x = undefined", "None"),
        ("x = [a, ...b]", "[a,spread(b)*]"),
        ("x = { a, b: 1, ...c, 'd': 2, [e]: 3, 4: 5 }", "{'a':a,'b':1,*:c,'d':2,e:3,'4':5}"),
        ("x = { a() {}, get b() { return 1; }, set b(v) {}, c: () => 1 }", "{'a':<a>,'b':getter(<b>),'c':<c>}"),
        ("x = (a, b)", "b"),
        ("x = y = z", "z"),
        ("x = new A(b)", "A()"),
        ("x = f`a${b}`", "f()"),
        ("x = [a, 'b'].join('-')", "a+'-'+'b'"),
        ("x = 'a'.concat(b, 'c')", "'a'+b+'c'"),
        ("x = 'a\\n\\u0041\\x41\\u{41}\\\nb'", "'a\\nAAAb'"),
        ("x = /a(b/g", "regex('/a(b/g')"),
        ("x = a /* (*/ . /* ) */ b", "a.b"),
        ("x = import.meta.url", "().url"),
        ("async () => { x = await (f()); }", "f()"),
        ("function* f() { x = yield a; }", "yield(a)"),
    ],
)
def test_expressions(path: str, code: str, expected: str) -> None:
    module = read(code, path)
    assert [shown(item.value, module) for item in module.bindings if item.name == "x"] == [expected]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = (a as B).c", "a.c"),
        ("x = a!.b!", "a.b"),
        ("x = a satisfies B", "a"),
        ("x = <B>a", "a"),
        ("x = (<B>(a as C)).d", "a.d"),
        ("x = f<string>(b)", "f()"),
        ("x = new Map<string, number>()", "Map()"),
    ],
)
def test_types_are_seen_through(code: str, expected: str) -> None:
    module = read(code, "app.ts")
    assert [shown(item.value, module) for item in module.bindings] == [expected]


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const a = b, c = d", ["a=b", "c=d"]),
        ("let a", []),
        ("const { a, b: c, d: { e }, f = 1, g: h = 2, ...i } = j", "a=j.a c=j.b e=j.d.e f=j.f|1 h=j.g|2 i=rest(j)"),
        ("const [a, , b, ...c] = d", "a=d[0] b=d[2] c=rest(d)"),
        ("const { [a]: b, 'c-d': e } = f", "b=f[a] e=f.c-d"),
        ("({ a, b: c.d } = e)", "a=e.a c.d=e.b"),
        ("[a, b] = [b, a]", "a=[b,a][0] b=[b,a][1]"),
        ("a += b", "a=add(a,b)"),
        ("a += 'b'", "a=a+'b'"),
        ("a ||= b", "a=a|b"),
        ("a++", "a=arithmetic(a)"),
        ("a.b = c", "a.b=c"),
        ("a[b] = c", "a[b]=c"),
        ("delete a.b", "a.b=deleted()"),
        ("for (const a of b) {}", "a=each(b)"),
        ("for (const a in b) {}", "a=eachkey(b)"),
        ("for (const [a, b] of Object.entries(c)) {}", "a=eachkey(c) b=each(c)"),
        ("for (const [a, b] of c.entries()) {}", "a=eachkey(c) b=each(c)"),
        ("for (const a of Object.values(b)) {}", "a=each(b)"),
        ("for (const a of Object.keys(b)) {}", "a=eachkey(b)"),
        ("for (let a = 0, b = 1; a < b; a++) {}", "a=0 b=1 a=arithmetic(a)"),
        ("try {} catch (e) {}", "e=exception()"),
        ("try {} catch ({ message }) {}", "message=exception().message"),
        ("(({ a, b = 1 }, [c]) => {})", "a=\0" + "0.a b=\0" + "0.b|1 c=\0" + "1[0]"),
        ("const { env } = process; x = env.A", "env=process.env x=env('A')"),
        ("process.env.A ||= 'b'", []),
    ],
)
def test_bindings(path: str, code: str, expected: str | list[str]) -> None:
    module = read(code, path)
    changes = [
        item for item in bound(module) if not ("['" in item.partition("=")[0] and item.partition("=")[0][-1] == "]")
    ]
    assert changes == (expected.split() if isinstance(expected, str) else expected)


def test_members_that_are_set_are_changes_of_a_map_as_well() -> None:
    module = read("a.b = c")
    assert bound(module) == ["a.b=c", "a['b']=c"]


@pytest.mark.parametrize(
    ("code", "owners"),
    [
        ("x = 1", {"x": ""}),
        ("function f() { x = 1; }", {"f": "", "x": ""}),
        ("let x; function f() { x = 1; }", {"f": "", "x": ""}),
        ("function f() { x = 1; let x; }", {"f": "", "x": "f"}),
        ("function f() { let x; const g = () => { x = 1; }; }", {"f": "", "g": "f", "x": "f"}),
        ("function f() { if (a) { const x = 1; } }", {"f": "", "x": "f"}),
        ("function f(x) { x = 1; }", {"f": "", "x": "f"}),
        ("class A { x = 1; f() { x = 2; } }", {"A": "", "f": "A"}),
        ("const f = function g() {}", {"f": "", "g": "f"}),
    ],
)
def test_owners(code: str, owners: dict[str, str]) -> None:
    module = read(code)
    found = {
        item.name: module.definitions[item.owner].name
        for item in module.bindings
        if item.name != "x" or owners.get("x") is not None
    }
    assert found == owners


def test_assignments_in_methods_do_not_reach_fields() -> None:
    module = read("class A { x = 1; f() { x = 2; } }")
    assert [(shown(item.value, module), item.owner) for item in module.bindings if item.name == "x"] == [
        ("1", 1),
        ("2", MODULE),
    ]


def test_functions_are_there_from_the_start() -> None:
    code = "f();\nfunction f() {\n  g();\n  function g() {}\n}\n"
    module = read(code)
    starts = {item.name: (item.span.line, item.span.column, item.span.end_column) for item in module.bindings}
    assert starts == {"f": (1, 1, 1), "g": (2, 15, 15)}


def test_classes() -> None:
    code = """\
@Injectable("service")
class A extends b.C {
  static #count = 0;
  table = process.env.TABLE;
  send = async (x) => x;
  static { register(A); }
  constructor(client) { super(client); this.client = client; }
  static create() { return new A(); }
  get name() { return this.table; }
  set name(value) { this.table = value; }
  async *[Symbol.iterator]() { yield* this.items; }
}
"""
    module = read(code)
    assert module.problem is None
    made = module.definitions[1]
    assert (made.name, made.kind, [dotted(item) for item in made.bases]) == ("A", "class", ["b.C"])
    assert [shown(item, module) for item in made.decorators] == ["Injectable()"]
    assert [item.role for item in module.strings] == ["decorator"]
    methods = {item.name: item for item in module.definitions if item.parent == 1}
    assert set(methods) == {"send", "constructor", "create", "name", ""}
    assert [dotted(item) for item in methods["create"].decorators] == ["staticmethod"]
    assert methods["send"].is_arrow and methods["send"].is_async
    assert [item.name for item in module.bindings if item.owner == 1] == [
        *("#count", "table", "send", "constructor", "create", "name"),
    ]
    assert [item.kind for item in module.blocks if item.function == 1] == ["body", "static", "static"]
    assert [shown(item.value, module) for item in module.yields] == ["eachkey(this.items)"]


def test_enums_and_namespaces() -> None:
    code = """\
enum Kind { New, Old = 5, Older, Text = "text" }
namespace Tables { export const orders = "orders"; const hidden = 1; export function find() {} }
import Orders = Tables.orders;
declare const injected: string;
interface Shape { kind: Kind }
type Name = string;
function overloaded(a: string): void;
function overloaded(a: unknown) {}
abstract class Base { abstract run(): void; protected done = false; }
"""
    module = read(code, "app.ts")
    assert module.problem is None
    found = bound(module)
    assert "Kind={'New':0,'Old':5,'Older':6,'Text':'text'}" in found
    assert "Tables={'orders':orders,'find':find}" in found
    assert "Orders=Tables.orders" in found
    assert not {"injected", "Shape", "Name"} & module.definitions[MODULE].locals
    assert sum(item.startswith("overloaded=") for item in found) == 1


def test_blocks() -> None:
    code = """\
if (require.main === module) { a(); }
if (x) { b(); } else if (y) { c(); } else d();
while (x) e();
do { f(); } while (y);
for (;;) { g(); }
try { h(); } catch { i(); } finally { j(); }
switch (x) { case 1: k(); break; default: l(); }
label: for (const z of q()) { m(); }
"""
    module = read(code)
    kinds = {
        dotted(call.callee): [module.blocks[block].kind for block in _around(module, call.block)]
        for call in module.calls
    }
    assert kinds == {
        "a": ["main"],
        "b": ["then"],
        "c": ["else", "then"],
        "d": ["else", "else"],
        "e": ["loop"],
        "f": ["loop"],
        "g": ["loop"],
        "h": ["try"],
        "i": ["except"],
        "j": ["finally"],
        "k": ["case"],
        "l": ["case"],
        "q": [],
        "m": ["loop"],
    }


def _around(module: Module, block: int) -> list[int]:
    found: list[int] = []
    while module.blocks[block].parent >= 0:
        found.insert(0, block)
        block = module.blocks[block].parent
    return found


def test_statements() -> None:
    code = """\
const client = new Client({
  region: "eu-west-1",
});
const f = () => {
  return 1;
};
async function g() {
  if (a(b) &&
      c) {
    await d();
  }
  x = y;
  for (const z of e()) throw new Error("no");
  return;
}
"""
    module = read(code)
    found = [(item.kind, item.lines, item.literal_lines, item.end_call - item.first_call) for item in module.statements]
    assert found == [
        ("assign", 3, 2, 1),
        ("return", 1, 0, 0),
        ("if", 2, 0, 1),
        ("call", 1, 0, 1),
        ("assign", 1, 0, 0),
        ("loop", 1, 0, 1),
        ("raise", 1, 0, 1),
        ("return", 1, 0, 0),
    ]


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("'use strict'; f('a')", "a value - f"),
        ("function f() { 'use strict'; }", ""),
        ("console.log('a', { b: 'c' })", "a log - console.log, c log b console.log"),
        ("logger.child().info('a')", "a log - .info"),
        ("throw new Error('a')", "a error - Error"),
        ("new ValidationError(`a${b}`)", "a error - ValidationError partial"),
        ("if (a === 'b') {}", "b compare - -"),
        ("switch (a) { case 'b': }", "b compare - -"),
        ("x = a['b']", "b key - -"),
        ("x = { 'a': 'b' }", "a key - -, b value a -"),
        ("const table = 'a'", "a value table -"),
        ("const table = process.env.T || 'a'", "a default table -"),
        ("function f(a = 'b') {}", "b default a -"),
        ("const { a = 'b' } = c", "b default a -"),
        ("x = 'a' + b", "a value x - partial"),
        ("x = 'a' + 'b'", "a value x -, b value x -"),
        ("import { info } from './log'; info('a')", "a log - ./log.info"),
        ("const fs = require('node:fs'); fs.readFileSync('a')", "node:fs value - require, a value - fs.readFileSync"),
        ("const { join } = require('path'); join('a')", "path value - require, a value - path.join"),
    ],
)
def test_strings(path: str, code: str, expected: str) -> None:
    module = read(code, path)
    found = [
        f"{item.value} {item.role} {item.label or '-'} {item.callee or '-'}{' partial' if item.partial else ''}"
        for item in module.strings
    ]
    assert ", ".join(found) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = globalThis.process.env.A", "A required"),
        ("x = process['env'].A", "A required"),
        ("x = process?.env?.A", "A required"),
        ("const env = process.env; function f(env) { return env.A; }", ""),
        ("process.env.A ??= 'b'", "A default"),
        ("x = Boolean(process.env.A)", "A test"),
        ("x = !!process.env.A", "A test"),
        ("x = typeof process.env.A", "A test"),
        ("x = process.env.hasOwnProperty('A')", "A test"),
        ("x = Object.hasOwn(process.env, 'A')", "A test"),
        ("switch (process.env.A) {}", "A test"),
        ("while (process.env.A) {}", "A test"),
        ("x = process.env[`A`]", "A required"),
        ("x = `${process.env.A}`", "A required"),
        ("const { A: { length } } = process.env", "A required"),
        ("const { A, ...rest } = process.env", "A required"),
        ("x = process.env.A || process.env.B || 'c'", "A default, B default"),
        ("x = process.env.toString()", ""),
    ],
)
def test_more_environment(code: str, expected: str) -> None:
    module = read(code)
    assert ", ".join(f"{getattr(item.name, 'value', '?')} {item.kind}" for item in module.reads) == expected


# --- compiled code ----------------------------------------------------------------------------------------------------

TYPESCRIPT_OUTPUT = """\
"use strict";
var __importStar = (this && this.__importStar) || function (mod) { return mod; };
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = exports.Kind = void 0;
const s3 = __importStar(require("@aws-sdk/client-s3"));
const config_1 = require("./config");
const client = new s3.S3Client({ region: (0, config_1.region)() });
var Kind;
(function (Kind) { Kind[Kind["New"] = 0] = "New"; })(Kind || (exports.Kind = Kind = {}));
const handler = async (event) => { await client.send(new s3.PutObjectCommand(event)); };
exports.handler = handler;
__exportStar(require("./more"), exports);
"""

ESBUILD_OUTPUT = """\
"use strict";
var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name in all) __defProp(target, name, { get: all[name], enumerable: true });
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var index_exports = {};
__export(index_exports, { handler: () => main, default: () => index_default });
module.exports = __toCommonJS(index_exports);
var import_client_s3 = require("@aws-sdk/client-s3");
var main = async (event) => event;
var index_default = main;
0 && (module.exports = { handler });
"""

SWC_OUTPUT = """\
"use strict";
function _export(target, all) { for (var name in all) Object.defineProperty(target, name, { get: all[name] }); }
_export(exports, { handler: function() { return handler; }, other: function() { return other; } });
_export_star(require("./more"), exports);
"""

WEBPACK_OUTPUT = """\
(() => {
  var __webpack_modules__ = ({
    "./src/index.js": ((module, exports, require) => {
      const lib = require("./src/lib.js");
      exports.handler = async (event) => lib.run(event);
      module.exports = exports;
    }),
  });
  var target = exports;
  for (var key in __webpack_exports__) target[key] = __webpack_exports__[key];
})();
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (TYPESCRIPT_OUTPUT, ["Kind={}", "handler=handler", "*<-./more"]),
        (ESBUILD_OUTPUT, ["handler=main", "default=index_default"]),
        (SWC_OUTPUT, ["handler=handler", "other=other", "*<-./more"]),
        (WEBPACK_OUTPUT, []),
        ("(function (root, factory) { factory(exports); })(this, function (exports) { exports.a = 1; });", []),
        ("Object.defineProperty(exports, name, { get: f })", ["*=-"]),
        ("exports.a = exports.b = function () {}", ["b=<b>", "a=<b>"]),
        ("module.exports = exports", []),
        ("module.exports = Object.assign(module.exports, { a })", ["a=a", "=exports()"]),
    ],
)
def test_compiled_exports(code: str, expected: list[str]) -> None:
    module = read(code)
    found = [
        f"{item.name}<-{item.module}" if item.module else f"{item.name}={shown(item.value, module)}"
        for item in module.exports
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (WEBPACK_OUTPUT, []),
        ("import { createRequire } from 'module'; const require = createRequire(f); require('a')", ["module", "a"]),
        ("try { require('a') } catch {} require('b')", ["a guarded", "b"]),
        ("import type { A } from 'a'; import { type B, c } from 'b'", ["a type", "b type", "b"]),
        ("import d = require('d')", ["d"]),
        ("export { a, type B } from 'm'", ["m"]),
    ],
)
def test_more_imports(code: str, expected: list[str]) -> None:
    found = []
    for item in read(code, "app.ts").imports:
        found.append(f"{item.module}{' guarded' if item.guarded else ''}{' type' if item.type_only else ''}")
    assert found == expected


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["app.js", "app.ts"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_count_characters(path: str, end: str) -> None:
    code = f"// ä{end}const x = '→𝒳', y = f('é');{end}g(`a{end}→${{y}}`);{end}"
    module = read(code, path)
    assert [texts(module, item.callee.span, code) for item in module.calls] == ["f", "g"]
    assert texts(module, module.strings[1].span, code) == "'é'"
    assert module.strings[-1].value == "a\n→"


def test_inline_code() -> None:
    """Code in a template has its places there, and place-holders where the template puts something in."""
    code = """\
const table = "${Table}";
const url = `https://${Api}.example.${AWS::URLSuffix}/${!path}`;
const count = ${Count};
exports.handler = async () => f(prefix${Stage}, '${!literal}', "${Topic.TopicName}");
"""

    def place(line: int, column: int, end_line: int, end_column: int) -> Span:
        return Span("template.yaml", line + 10, column + 4, end_line + 10, end_column + 4)

    module = read_javascript(Source("template.yaml#Orders", code), place=place, substituted=True)
    assert module.problem is None
    assert [item.value for item in module.strings] == [
        "${Table}",
        "https://${Api}.example.${AWS::URLSuffix}/",
        "${literal}",
        "${Topic.TopicName}",
    ]
    assert [item.partial for item in module.strings] == [True, True, False, True]
    values = {item.name: shown(item.value, module) for item in module.bindings}
    assert values == {
        "table": "$Table",
        "url": "'https://'+$Api+'.example.'+$AWS::URLSuffix+'/'+path",
        "count": "$Count",
    }
    assert [shown(item.value, module) for item in module.calls[0].arguments] == [
        "placeholder('prefix',$Stage)",
        "'${literal}'",
        "$Topic.TopicName",
    ]
    assert module.calls[0].span == Span("template.yaml", 14, 35, 14, 89)


def test_code_that_is_not_substituted_keeps_its_text() -> None:
    module = read("x = '${Table}'; y = `${Table}`; z = '${!a}'")
    assert [shown(item.value, module) for item in module.bindings] == ["'${Table}'", "Table", "'${!a}'"]


def test_what_is_readable_of_broken_code_is_read() -> None:
    code = """\
const a = require('a');
exports.handler = async (event) => {
  await a.b(event;
};
const c = process.env.C;
"""
    module = read(code)
    assert module.problem is not None
    assert [item.module for item in module.imports] == ["a"]
    assert [item.name for item in module.exports] == ["handler"]
    assert len(module.reads) == 1


def test_long_lines_are_read_fast() -> None:
    code = "const a = [" + "'→', f(b), " * 20_000 + "];"
    check_spans(read_javascript(Source("app.js", code)), code)
