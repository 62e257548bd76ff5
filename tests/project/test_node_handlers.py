"""Handler strings of Node.js lead to the files and exports that the runtime would find, and through wrappers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.project.model import Function, Handler, Project
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import write

HANDLER = "exports.handler = async (event) => event;\n"


def project(folder: Path, files: Mapping[str, str | bytes]) -> Project:
    reading = Reading(str(write(folder, files)), Settings())
    found = reading.project()
    assert not reading.crashes, reading.crashes
    return found


def template(handler: str, *properties: str, code: str | None = "src/", metadata: str = "") -> str:
    lines = [
        "Transform: AWS::Serverless-2016-10-31",
        "Resources:",
        "  Orders:",
        "    Type: AWS::Serverless::Function",
        *([f"    Metadata: {metadata}"] if metadata else []),
        "    Properties:",
        "      Runtime: nodejs22.x",
        f"      Handler: {handler}",
        *([f"      CodeUri: {code}"] if code else []),
        *(f"      {line}" for line in properties),
    ]
    return "\n".join(lines) + "\n"


def link(
    folder: Path,
    handler: str,
    files: Mapping[str, str | bytes],
    *properties: str,
    code: str | None = "src/",
    metadata: str = "",
) -> Function:
    text = template(handler, *properties, code=code, metadata=metadata)
    return project(folder, {"template.yaml": text, **files}).functions[0]


def exporting(folder: Path, code: str, handler: str = "app.handler", name: str = "app.js", **others: str) -> Function:
    """A function whose module is ``code``; ``others`` are modules beside it, ``__`` for their dot."""
    files = {f"src/{path.replace('__', '.')}": text for path, text in others.items()}
    return link(folder, handler, {f"src/{name}": code, **files})


def shown(handler: Handler | None) -> str:
    """A handler as ``file:line``, with a mark for each thing that is special about it."""
    if handler is None:
        return ""
    marks = ["wrapped"] if handler.is_wrapped else []
    marks += ["streams"] if handler.streams else []
    marks += [] if handler.target is not None else ["opaque"]
    return " ".join([f"{handler.path.removeprefix('src/')}:{handler.span.line}", *marks])


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        ("app.handler", "src/app.js"),
        ("app.handler", "src/app.mjs"),
        ("app.handler", "src/app.cjs"),
        ("app.handler", "src/app.ts"),
        ("app.handler", "src/app.mts"),
        ("orders/app.handler", "src/orders/app.js"),
        ("orders/intake-v2.handler", "src/orders/intake-v2.js"),
        ("orders.handler", "src/orders/index.js"),
        ("./app.handler", "src/app.js"),
    ],
)
def test_modules(tmp_path: Path, handler: str, path: str) -> None:
    function = link(tmp_path, handler, {path: HANDLER})
    assert (function.resolution.status, function.resolution.path) == ("found", path)
    assert function.handler is not None and function.handler.target is not None


def test_what_is_shipped_comes_first(tmp_path: Path) -> None:
    function = link(tmp_path, "app.handler", {"src/app.js": HANDLER, "src/app.ts": HANDLER})
    assert function.resolution.path == "src/app.js"


def test_the_first_dot_ends_the_file(tmp_path: Path) -> None:
    files = {"src/app.v2.js": HANDLER, "src/index.js": HANDLER}
    function = link(tmp_path, "app.v2.handler", files)
    assert function.resolution.status == "no-file"
    assert function.resolution.expected == "src/app.js"


@pytest.mark.parametrize(
    ("handler", "files", "code", "path"),
    [
        ("dist/app.handler", {"src/app.ts": HANDLER}, ".", "src/app.ts"),
        ("dist/app.handler", {"app.ts": HANDLER}, ".", "app.ts"),
        ("dist/src/app.handler", {"src/app.ts": HANDLER}, ".", "src/app.ts"),
        ("build/orders/app.handler", {"src/orders/app.ts": HANDLER}, ".", "src/orders/app.ts"),
        ("app.handler", {"src/app.ts": HANDLER}, "dist/", "src/app.ts"),
        ("app.handler", {"api/src/app.ts": HANDLER}, "api/dist", "api/src/app.ts"),
        ("app.handler", {"src/app.ts": HANDLER, "tsconfig.json": "{}"}, ".", "src/app.ts"),
        (
            "made/app.handler",
            {
                "lambda/app.ts": HANDLER,
                "tsconfig.json": '{\n  // where to\n  "compilerOptions": {"outDir": "./made", "rootDir": "lambda",}}',
            },
            ".",
            "lambda/app.ts",
        ),
        (
            "app.handler",
            {"api/app.ts": HANDLER, "api/tsconfig.json": '{"compilerOptions": {"outDir": "made"}}'},
            "api/made",
            "api/app.ts",
        ),
    ],
)
def test_sources_of_what_is_compiled(tmp_path: Path, handler: str, files: dict[str, str], code: str, path: str) -> None:
    function = link(tmp_path, handler, files, code=code)
    assert (function.resolution.status, function.resolution.path) == ("found", path)


def esbuild(*entries: str) -> str:
    return f"{{BuildMethod: esbuild, BuildProperties: {{EntryPoints: [{', '.join(entries)}]}}}}"


@pytest.mark.parametrize(
    ("handler", "entries", "path"),
    [
        ("app.handler", ["src/app.ts"], "src/app.ts"),
        ("src/app.handler", ["src/app.ts"], "src/app.ts"),
        ("app.handler", ["./src/orders/app.ts"], "src/orders/app.ts"),
        ("orders/app.handler", ["src/prices/app.ts", "src/orders/app.ts"], "src/orders/app.ts"),
        ("app.handler", ["src/app"], "src/app.ts"),
    ],
)
def test_esbuild_leaves_out_folders(tmp_path: Path, handler: str, entries: list[str], path: str) -> None:
    files = {f"src/{name}": HANDLER for name in ("app.ts", "orders/app.ts", "prices/app.ts")}
    function = link(tmp_path, handler, files, code=".", metadata=esbuild(*entries))
    assert (function.resolution.status, function.resolution.path) == ("found", path)


@pytest.mark.parametrize(
    ("files", "properties", "metadata"),
    [
        ({"src/index.js": HANDLER, "src/webpack.config.js": ""}, [], ""),
        ({"src/index.js": HANDLER, "rollup.config.mjs": ""}, [], ""),
        ({"src/index.js": HANDLER, "src/package.json": '{"scripts": {"build": "node make.js"}}'}, [], ""),
        ({"src/index.js": HANDLER, "package.json": '{"scripts": {"prepare": "esbuild src/x.js"}}'}, [], ""),
        ({"src/index.js": HANDLER, "src/other.ts": ""}, [], ""),
        ({"src/index.js": HANDLER, "src/Makefile": ""}, [], ""),
        ({"src/index.js": HANDLER, ".gitignore": "src/app.js\n", ".git/HEAD": ""}, [], ""),
        ({"src/index.js": HANDLER, "deploy.sh": "cp shared/app.js src/\n"}, [], ""),
        ({"src/index.js": HANDLER}, ["Layers: [!Ref Unknown]"], ""),
        ({"src/index.js": HANDLER}, ["Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/run}}"], ""),
        ({"src/index.js": HANDLER}, [], "{BuildMethod: makefile}"),
        ({"src/index.js": HANDLER}, [], esbuild("other.ts")),
        ({"src/index.js": HANDLER, "src/app.coffee": ""}, [], ""),
        ({"src/page.html": "", "src/.eslintrc.js": "module.exports = {}"}, [], ""),
        ({"src/index.js": HANDLER, "src/app/package.json": '{"main": "run.js"}'}, [], ""),
    ],
)
def test_what_a_build_may_bring(tmp_path: Path, files: dict[str, str], properties: list[str], metadata: str) -> None:
    function = link(tmp_path, "app.handler", files, *properties, metadata=metadata)
    assert function.resolution.status == "built"


def test_installed_packages_may_hold_the_handler(tmp_path: Path) -> None:
    function = link(tmp_path, "node_modules/tracer/handler.handler", {"src/index.js": HANDLER})
    assert function.resolution.status == "built"


@pytest.mark.parametrize("handler", ["/opt/nodejs/node_modules/tracer/handler.handler", "{{handler}}"])
def test_unknown(tmp_path: Path, handler: str) -> None:
    assert link(tmp_path, f'"{handler}"', {"src/index.js": HANDLER}).resolution.status == "unknown"


@pytest.mark.parametrize(
    ("handler", "files", "near"),
    [
        ("app.handler", {"src/index.js": HANDLER}, ["index.handler"]),
        ("App.handler", {"src/app.js": HANDLER, "src/b.js": HANDLER}, ["app.handler"]),
        ("app.handler", {"src/orders/app.mjs": HANDLER, "src/b.js": HANDLER}, ["orders/app.handler"]),
        ("ordres.handler", {"src/orders.js": HANDLER, "src/b.js": HANDLER}, ["orders.handler"]),
        ("app.handler", {"src/a.js": HANDLER, "src/b.js": HANDLER, "other/app.js": HANDLER}, [""]),
        ("app.handler", {"src/a.js": HANDLER, "src/b.js": HANDLER}, []),
    ],
)
def test_no_file(tmp_path: Path, handler: str, files: dict[str, str], near: list[str]) -> None:
    found = link(tmp_path, handler, files).resolution
    assert (found.status, [item.handler for item in found.near]) == ("no-file", near)


@pytest.mark.parametrize(
    ("handler", "near"),
    [
        ("app", ["app.handler"]),
        ("app.js", ["app.handler"]),
        ("src/app.js", ["app.handler"]),
        ("app.js.handler", ["app.handler"]),
        ("app:handler", ["app.handler"]),
        ("../src/app.handler", ["app.handler"]),
    ],
)
def test_malformed(tmp_path: Path, handler: str, near: list[str]) -> None:
    found = link(tmp_path, handler, {"src/app.js": HANDLER}).resolution
    assert (found.status, [item.handler for item in found.near]) == ("malformed", near)


def test_layers(tmp_path: Path) -> None:
    layer = "  Common:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      ContentUri: layer/\n"
    text = template("shared.handler", "Layers: [!Ref Common]") + layer
    files = {"template.yaml": text, "src/a.js": HANDLER, "layer/nodejs/shared.js": HANDLER}
    assert project(tmp_path, files).functions[0].resolution.path == "layer/nodejs/shared.js"


def test_minified_and_large_modules_are_passed_over(tmp_path: Path) -> None:
    files = {
        "template.yaml": template("app.handler"),
        "src/app.js": "exports.handler=async e=>e;" + "x=1;" * 30_000,
    }
    reading = Reading(str(write(tmp_path, files)), Settings())
    assert reading.project().functions[0].resolution.status == "unknown"
    assert list(reading.sources.passed_over) == ["src/app.js"]


# --- exports ----------------------------------------------------------------------------------------------------------

OTHER = "exports.handler = async (event) => event;\nexports.run = exports.handler;\n"
ES = "export const handler = async (event) => event;\nexport default handler;\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # CommonJS
        ("exports.handler = async (event) => {};", "app.js:1"),
        ("module.exports.handler = async function (event) {};", "app.js:1"),
        ("exports['handler'] = (event, context, callback) => {};", "app.js:1"),
        ("module.exports = { handler: async (event) => {} };", "app.js:1"),
        ("module.exports = { async handler(event) {} };", "app.js:1"),
        ("module.exports = { handler };\n\nasync function handler(event) {}", "app.js:3"),
        ("const handler = async (event) => {};\nmodule.exports = { handler };", "app.js:1"),
        ("const run = async (event) => {};\nexports.handler = run;", "app.js:1"),
        ("const run = async (event) => {};\nmodule.exports = { handler: run, run };", "app.js:1"),
        ("const api = {};\napi.handler = async (event) => {};\nmodule.exports = api;", "app.js:2"),
        ("const api = { handler: async (event) => {} };\nmodule.exports = api;", "app.js:1"),
        ("const api = module.exports = {};\napi.handler = async (event) => {};", "app.js:2"),
        ("exports = module.exports = {};\nexports.handler = async (event) => {};", "app.js:2"),
        ("const rest = {};\nmodule.exports = { ...rest, handler: async (event) => {} };", "app.js:2"),
        ("exports.run = exports.handler = async (event) => {};", "app.js:1"),
        # from other modules
        ("module.exports = require('./other');", "other.js:1"),
        ("exports.handler = require('./other').handler;", "other.js:1"),
        ("const { handler } = require('./other');\nmodule.exports = { handler };", "other.js:1"),
        ("const other = require('./other');\nexports.handler = other.handler;", "other.js:1"),
        ("module.exports = { ...require('./other') };", "other.js:1"),
        ("export { handler } from './other.js';", "other.js:1"),
        ("export { run as handler } from './other.js';", "other.js:1"),
        ("export * from './other.js';", "other.js:1"),
        ("import { handler } from './es.mjs';\nexport { handler };", "es.mjs:1"),
        ("import run from './es.mjs';\nexport const handler = run;", "es.mjs:1"),
        ("export { default as handler } from './es.mjs';", "es.mjs:1"),
        # ECMAScript modules
        ("export const handler = async (event) => {};", "app.js:1"),
        ("export async function handler(event) {}", "app.js:1"),
        ("async function run(event) {}\nexport { run as handler };", "app.js:1"),
        ("export let handler;\nhandler = async (event) => {};", "app.js:2"),
        # classes
        (
            "class Api {\n  async handle(event) {}\n}\nconst api = new Api();\nexports.handler = api.handle.bind(api);",
            "app.js:2",
        ),
        ("class Api {\n  handle = async (event) => {};\n}\nexport const handler = new Api().handle;", "app.js:2"),
        ("class Api {\n  static async handle(event) {}\n}\nexports.handler = Api.handle;", "app.js:2"),
        (
            "class Api {\n  @logger.injectLambdaContext()\n  async handler(event) {}\n}\n"
            "const api = new Api();\nexport const handler = api.handler.bind(api);",
            "app.js:3 wrapped",
        ),
        ("module.exports = class {\n  static handler(event) {}\n};", "app.js:2"),
        # what compilers and bundlers write
        (
            '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\n'
            "const handler = async (event) => {};\nexports.handler = handler;",
            "app.js:4",
        ),
        (
            'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = handler;\n'
            "async function handler(event) {}",
            "app.js:3",
        ),
        (
            "var app_exports = {};\n__export(app_exports, {\n  handler: () => handler\n});\n"
            "module.exports = __toCommonJS(app_exports);\nvar handler = async (event) => {};",
            "app.js:6",
        ),
        # factories of the project
        ("const make = (table) => async (event) => table;\nexports.handler = make('orders');", "app.js:1"),
        ("function make() {\n  return async function (event) {};\n}\nexports.handler = make();", "app.js:2"),
    ],
)
def test_exports(tmp_path: Path, code: str, expected: str) -> None:
    function = exporting(tmp_path, code, other__js=OTHER, es__mjs=ES)
    assert shown(function.handler) == expected


def test_typescript(tmp_path: Path) -> None:
    code = "import type { Handler } from 'aws-lambda';\nexport const handler: Handler = async (event, context) => {};\n"
    assert shown(exporting(tmp_path, code, name="app.ts").handler) == "app.ts:2"


def test_nested_exports(tmp_path: Path) -> None:
    code = "module.exports.orders = {\n  create: async (event) => {},\n};\n"
    assert shown(exporting(tmp_path, code, "app.orders.create").handler) == "app.js:2"


def test_default_export(tmp_path: Path) -> None:
    assert shown(exporting(tmp_path, "export default async (event) => {};", "app.default").handler) == "app.js:1"


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("exports.handle = async (event) => {};", ["app.handle"]),
        ("export const lambdaHandler = async (event) => {};", ["app.lambdaHandler"]),
        ("export const first = 1, second = 2;", []),
        ("module.exports = { run: async (event) => {} };", ["app.run"]),
        ("module.exports = async (event) => {};", []),
        ("export default async (event) => {};", ["app.default"]),
        ("export default { handler: async (event) => {} };", []),
        ("const handler = async (event) => {};", []),
        ("exports = { handler: async (event) => {} };", []),
        ("var __awaiter = (this && this.__awaiter) || function () {};\nconst handler = async () => {};", []),
        ("function handler(event) {}\nif (require.main === module) { handler({}); }", []),
        ("const api = { run() {} };\napi.other = () => {};\nmodule.exports = api;", []),
        ("module.exports = { ...require('./other'), two: 2 };", ["app.handle"]),
        ("export * from './other.js';", ["app.handle"]),
    ],
)
def test_no_callable(tmp_path: Path, code: str, near: list[str]) -> None:
    found = exporting(tmp_path, code, other__js="exports.handle = async () => {};").resolution
    assert found.status == "no-callable"
    assert not near or [item.handler for item in found.near] == near


@pytest.mark.parametrize(
    "code",
    [
        "exports[name] = async (event) => {};",
        "Object.assign(exports, handlers);",
        "Object.keys(all).forEach((key) => { module.exports[key] = all[key]; });",
        "module.exports = build();",
        "module.exports = new Api();",
        "module.exports = { ...handlers };",
        "module.exports = require('@orders/handlers');",
        "module.exports = require('./absent');",
        "export * from '@orders/handlers';",
        "register(exports);",
        "const all = exports;\nall.handler = async (event) => {};",
        "this.handler = async (event) => {};",
        "(function (root, factory) { factory(exports); })(this, function (e) { e.handler = 1; });",
        "eval('exports.handler = 1');",
        "(function () {\n  this.handler = 1;\n}).call(this);",
        "var self = this;\nself.handler = async () => {};",
        "Object.defineProperty(module, 'exports', { value: handlers });",
        "var target = exports;\nfor (var i in all) target[i] = all[i];",
        "const api = {};\nfill(api);\nmodule.exports = api;",
        "for (const name of names) api[name] = run;\nconst api = {};\nmodule.exports = api;",
        "__createBinding(exports, other, 'handler');",
        "const { handler } = require('@orders/handlers');\nexports.handler = handler;",
        "exports.handler = serverless(app);",
    ],
)
def test_what_may_be_exported(tmp_path: Path, code: str) -> None:
    function = exporting(tmp_path, code)
    assert function.resolution.status == "found"
    assert function.handler is not None and function.handler.is_wrapped and function.handler.target is None


def test_compilers_may_change_what_is_exported_by_default(tmp_path: Path) -> None:
    files = {
        "src/app.ts": "export default { handler: async () => {} };",
        "src/webpack.config.js": "module.exports = { output: { libraryExport: 'default' } };",
    }
    assert link(tmp_path, "app.handler", files).resolution.status == "unknown"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("exports.handler = async (event) => {};", "found"),
        ("export const handler = async (event) => {};", "found"),
        ("exports.main = async (event) => {};", "no-callable"),
        ("// replaced on deployment", "unknown"),
    ],
)
def test_inline_code(tmp_path: Path, code: str, status: str) -> None:
    text = (
        "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs22.x\n"
        f"      Handler: index.handler\n      Code:\n        ZipFile: |\n          {code}\n"
    )
    function = project(tmp_path, {"template.yaml": text}).functions[0]
    assert function.resolution.status == status
    if function.handler is not None:
        assert (function.handler.path, function.handler.span.line) == ("template.yaml", 9)


# --- wrappers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # libraries
        ("exports.handler = middy(async (event) => {});", "app.js:1 wrapped"),
        (
            "const run = async (event) => {};\nexport const handler = middy(run).use(logger(run)).use(parse());",
            "app.js:1 wrapped",
        ),
        (
            "const run = async (event) => {};\nexport const handler = middy().use(parse()).handler(run);",
            "app.js:1 wrapped",
        ),
        (
            "const fail = (request) => {};\nexport const handler = middy().use(x).onError(fail);",
            "app.js:1 wrapped opaque",
        ),
        ("exports.handler = Sentry.AWSLambda.wrapHandler(async (event) => {});", "app.js:1 wrapped"),
        ("exports.handler = datadog(async (event) => {}, { debug: true });", "app.js:1 wrapped"),
        ("async function run(event) {}\nexports.handler = epsagon.lambdaWrapper(run);", "app.js:1 wrapped"),
        ("exports.handler = lumigo.trace(async (event) => {});", "app.js:1 wrapped"),
        ("export const handler = withDurableExecution(async (event, context) => {});", "app.js:1 wrapped"),
        ("export const handler = makeIdempotent(async (event) => {}, { persistenceStore });", "app.js:1 wrapped"),
        ("exports.handler = metricScope((metrics) => async (event) => {});", "app.js:1 wrapped"),
        ("exports.handler = metricScope((metrics) =>\n  async (event) => {});", "app.js:2 wrapped"),
        ("exports.handler = compose(a, b)(async (event) => {});", "app.js:1 wrapped"),
        ("exports.handler = local ? run : trace(run);\nasync function run(event) {}", "app.js:2"),
        (
            "let handler = async (event) => {};\nhandler = middy(handler);\nmodule.exports = { handler };",
            "app.js:1 wrapped",
        ),
        ("exports.handler = middy(require('./other').run);", "other.js:1 wrapped"),
        ("import { run } from './other.js';\nexport const handler = middy(run);", "other.js:1 wrapped"),
        ("export { wrapped as handler } from './wrapped.js';", "wrapped.js:1 wrapped"),
        (
            "module.exports = { handler: require('./wrapped').wrapped };",
            "wrapped.js:1 wrapped",
        ),
        # streaming
        (
            "exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {});",
            "app.js:1 wrapped streams",
        ),
        (
            "import { streamifyResponse } from 'lambda-stream';\n"
            "export const handler = streamifyResponse(async (event, stream) => {});",
            "app.js:2 wrapped streams",
        ),
        (
            "const run = async (event, stream) => {};\nconst streamed = awslambda.streamifyResponse(run);\n"
            "exports.handler = trace(streamed);",
            "app.js:1 wrapped streams",
        ),
        # servers
        ("exports.handler = serverless((req, res) => {});", "app.js:1 wrapped opaque"),
        (
            "import wrap from 'serverless-http';\nconst app = (event) => {};\nexport const handler = wrap(app);",
            "app.js:1 wrapped opaque",
        ),
        ("exports.handler = serverlessExpress({ app });", "app.js:1 wrapped opaque"),
        ("exports.handler = createServer(schema, (err) => {});", "app.js:1 wrapped opaque"),
        # the project's own
        (
            "const wrap = (run) => async (event, context) => run(event, context);\n"
            "exports.handler = wrap(async (event) => {});",
            "app.js:2 wrapped",
        ),
        (
            "const wrap = (run) => async (first) => {\n  log(first);\n  return run(first);\n};\n"
            "exports.handler = wrap(async ({ id }) => {});",
            "app.js:5 wrapped",
        ),
        (
            "const make = (find) => async (event) => find(event.id);\nexports.handler = make((id) => id);",
            "app.js:1",
        ),
        ("import { wrap } from './wrap.js';\nexport const handler = wrap(async (event) => {});", "app.js:2 wrapped"),
    ],
)
def test_wrappers(tmp_path: Path, code: str, expected: str) -> None:
    wrapped = "const run = async (event) => {};\nexports.wrapped = trace(run);\n"
    wrap = "import middy from '@middy/core';\nexport const wrap = (run) => middy(run).use(parse());\n"
    function = exporting(tmp_path, code, other__js=OTHER, wrapped__js=wrapped, wrap__js=wrap)
    assert shown(function.handler) == expected


def test_own_wrappers_are_followed(tmp_path: Path) -> None:
    code = (
        "const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3');\nconst s3 = new S3Client({});\n"
        "const wrap = (run) => async (event, context) => {\n  begin();\n  return run(event, context);\n};\n"
        "exports.handler = wrap(async (event) => {\n  await s3.send(new ListBucketsCommand({}));\n});\n"
    )
    handler = exporting(tmp_path, code).handler
    assert handler is not None and handler.definition.span.line == 7
    assert [(item.callee, item.phase) for item in handler.operations] == [("s3.ListBuckets", "invoke")]
    assert "begin" in [item.callee for item in handler.calls]


def test_functions_share_a_handler(tmp_path: Path) -> None:
    second = template("app.handler").split("\n", 2)[2].replace("Orders", "Prices")
    found = project(tmp_path, {"template.yaml": template("app.handler") + second, "src/app.js": HANDLER})
    assert [[function.name for function in handler.functions] for handler in found.handlers] == [["Orders", "Prices"]]


# --- handlers that no template names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("src/app.js", "exports.handler = async (event) => {};", ["handler"]),
        ("src/app.ts", "export const handler = async (event: Event) => {};", ["handler"]),
        ("src/app.mjs", "export async function lambdaHandler(event, context) {}", ["lambdaHandler"]),
        ("src/app.js", "module.exports = { handler };\nasync function handler(event) {}", ["handler"]),
        ("src/app.js", "module.exports.createOrder = (event, context, callback) => {};", ["createOrder"]),
        ("src/app.js", "export const ordersHandler = async (event, context) => {};", ["ordersHandler"]),
        ("src/app.js", "export const main = async (event, context) => {};", ["main"]),
        ("src/app.js", "export const handler = middy(async (event) => {});", ["handler"]),
        (
            "src/app.js",
            "export const lambdaHandler = async (event) => {};\nexport const handler = middy(lambdaHandler);",
            ["handler"],
        ),
        ("src/app.js", "import { S3 } from '@aws-sdk/client-s3';\nexport const handler = async () => {};", ["handler"]),
        (
            "src/app.js",
            "import { S3 } from '@aws-sdk/client-s3';\nexport const handler = async ({ Records }) => {};",
            ["handler"],
        ),
        ("src/app.js", "exports.handler = async (request, context) => {};", ["handler"]),
        # other things
        ("src/app.js", "const handler = async (event) => {};", []),
        ("src/app.js", "export const handler = () => {};", []),
        ("src/app.js", "export const handler = (argv) => {};", []),
        ("src/app.js", "exports.handler = (req, res) => {};", []),
        ("src/app.js", "exports.handler = async (event, err) => {};", []),
        ("src/app.js", "export const clickHandler = (event) => {};", []),
        ("src/app.js", "export const errorHandler = (event, context) => {};", []),
        ("src/app.js", "export const logEvent = (event, context) => {};", []),
        ("src/app.js", "export const run = (event, context) => {};\nrun({}, {});", []),
        ("src/app.tsx", "export const handler = (event) => {};", []),
        ("src/app.test.js", "exports.handler = async (event) => {};", []),
        ("tests/app.js", "exports.handler = async (event) => {};", []),
        ("node_modules/app/index.js", "exports.handler = async (event) => {};", []),
        ("dist/app.js", "exports.handler = async (event) => {};", []),
        ("jest.config.js", "exports.handler = async (event) => {};", []),
        ("src/app.d.ts", "export declare const handler: (event: unknown) => void;", []),
    ],
)
def test_unnamed(tmp_path: Path, path: str, code: str, expected: list[str]) -> None:
    assert [handler.name for handler in project(tmp_path, {path: code}).handlers] == expected


def test_what_is_compiled_beside_its_source_counts_once(tmp_path: Path) -> None:
    files = {"src/app.ts": "export const handler = async (event) => {};", "src/app.js": HANDLER}
    assert [handler.path for handler in project(tmp_path, files).handlers] == ["src/app.ts"]


def test_named_modules_hold_no_unnamed_handlers(tmp_path: Path) -> None:
    files = {
        "template.yaml": template("app.handler"),
        "src/app.js": "export { handler } from './orders.js';\nexport const lambdaHandler = async (event) => {};",
        "src/orders.js": HANDLER,
    }
    assert [shown(handler) for handler in project(tmp_path, files).handlers] == ["orders.js:1"]
