"""Handler strings lead to the files and callables that the runtimes would find."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.project.model import Function, Project
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import report, write

HANDLER = "def handler(event, context):\n    return event\n"


def project(folder: Path, files: Mapping[str, str | bytes]) -> Project:
    return Reading(str(write(folder, files)), Settings()).project()


def template(handler: str, *properties: str, code: str | None = "src/", metadata: str = "") -> str:
    lines = [
        "Transform: AWS::Serverless-2016-10-31",
        "Resources:",
        "  Orders:",
        "    Type: AWS::Serverless::Function",
        *([f"    Metadata: {metadata}"] if metadata else []),
        "    Properties:",
        "      Runtime: python3.13",
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


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        ("app.handler", "src/app.py"),
        ("orders/app.handler", "src/orders/app.py"),
        ("orders.app.handler", "src/orders/app.py"),
        ("orders/intake-v2.handler", "src/orders/intake-v2.py"),
        ("lambda.handler", "src/lambda.py"),
        ("orders.handler", "src/orders/__init__.py"),
    ],
)
def test_modules(tmp_path: Path, handler: str, path: str) -> None:
    function = link(tmp_path, handler, {path: HANDLER})
    assert (function.resolution.status, function.resolution.path) == ("found", path)
    assert function.handler is not None
    assert function.handler.definition.name == "handler"


def test_a_package_hides_a_module_of_its_name(tmp_path: Path) -> None:
    function = link(tmp_path, "app.handler", {"src/app.py": HANDLER, "src/app/__init__.py": HANDLER})
    assert function.resolution.path == "src/app/__init__.py"


def test_the_template_s_folder_is_the_default(tmp_path: Path) -> None:
    assert link(tmp_path, "app.handler", {"app.py": HANDLER}, code=None).resolution.path == "app.py"


def test_a_code_location_that_is_one_file(tmp_path: Path) -> None:
    function = link(tmp_path, "app.handler", {"src/app.py": HANDLER}, code="src/app.py")
    assert function.resolution.path == "src/app.py"


def test_a_module_in_a_layer_of_the_project(tmp_path: Path) -> None:
    text = template("entry.handler", "Layers: [!Ref Shared]") + (
        "  Shared:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      ContentUri: shared/\n"
    )
    files = {"template.yaml": text, "src/app.py": HANDLER, "shared/python/entry.py": HANDLER}
    assert project(tmp_path, files).functions[0].resolution.path == "shared/python/entry.py"


SHAPES = {
    "function": HANDLER,
    "decorated": "from tools import wrap\n\n@wrap\ndef handler(event, context):\n    return event\n",
    "wrapped": "from tools import wrap\n\ndef inner(event, context):\n    return event\n\nhandler = wrap(inner)\n",
    "alias": "def inner(event, context):\n    return event\n\nhandler = inner\n",
    "lambda": "handler = lambda event, context: event\n",
    "from library": "from mangum import Mangum\n\nhandler = Mangum(object())\n",
    "imported": "from inner import handler\n",
    "imported under another name": "from inner import entry as handler\n",
    "member of an import": "import inner\n\nhandler = inner.entry\n",
    "star": "from inner import *\n",
    "star from outside": "from library.handlers import *\n",
    "method of an instance": "class A:\n    def run(self, event, context): ...\n\nhandler = A().run\n",
    "callable instance": "class A:\n    def __call__(self, event, context): ...\n\nhandler = A()\n",
    "static method": "class A:\n    @staticmethod\n    def run(event, context): ...\n\nhandler = A.run\n",
    "resolver": "from tools import App\n\napp = App()\nhandler = app.resolve\n",
    "try": "try:\n    from fast import handler\nexcept ImportError:\n    def handler(event, context): ...\n",
    "condition": "import os\nif os.name:\n    def handler(event, context): ...\nelse:\n    handler = None\n",
    "factory": "def make(kind):\n    def run(event, context): ...\n    return run\n\nhandler = make('a')\n",
    "partial": "import functools\ndef run(a, event, context): ...\nhandler = functools.partial(run, 1)\n",
    "globals": "for name in ('handler',):\n    globals()[name] = lambda event, context: event\n",
    "exec": "exec('def handler(event, context): pass')\n",
    "global statement": "def setup():\n    global handler\n    handler = print\nsetup()\n",
    "module attribute function": "def __getattr__(name):\n    return print\n",
    "loop": "for handler in (print,):\n    pass\n",
    "tuple": "handler, other = print, print\n",
    "replaced module": "import sys\nsys.modules[__name__] = object()\n",
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_shapes(tmp_path: Path, shape: str) -> None:
    inner = "def entry(event, context):\n    return event\n\nhandler = entry\n"
    function = link(tmp_path, "app.handler", {"src/app.py": SHAPES[shape], "src/inner.py": inner})
    assert function.resolution.status == "found"
    assert function.handler is not None


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("def lambda_handler(event, context): ...\n", ["app.lambda_handler"]),
        ("def hanlder(event, context): ...\n", ["app.hanlder"]),
        ("class Orders:\n    def handler(self, event, context): ...\n", []),
        ("", []),
        ("from inner import *\n", []),
        ("import handlers\n", []),
    ],
)
def test_names_that_are_not_there(tmp_path: Path, code: str, near: list[str]) -> None:
    files = {"src/app.py": code, "src/inner.py": "from app import *\n"}
    found = link(tmp_path, "app.handler", files).resolution
    assert (found.status, found.path) == ("no-callable", "src/app.py")
    assert [item.handler for item in found.near] == near


def test_a_module_is_no_callable(tmp_path: Path) -> None:
    files = {"src/app/__init__.py": "from . import orders\n", "src/app/orders.py": HANDLER}
    found = link(tmp_path, "app.orders", files).resolution
    assert found.status == "no-callable"
    assert [item.handler for item in found.near] == ["app/orders.handler"]


@pytest.mark.parametrize(
    ("handler", "path", "near"),
    [
        ("App.handler", "src/app.py", "app.handler"),
        ("app.handler", "src/orders/app.py", "orders/app.handler"),
        ("src/app.handler", "src/app.py", "app.handler"),
        ("app.Orders.handler", "src/app.py", "app.handler"),
        ("order.handler", "src/orders.py", "orders.handler"),
        ("main.handler", "src/orders.py", "orders.handler"),
        ("main.run", "src/orders.py", "orders.handler"),
    ],
)
def test_files_that_are_not_there(tmp_path: Path, handler: str, path: str, near: str) -> None:
    found = link(tmp_path, handler, {path: HANDLER}).resolution
    assert found.status == "no-file"
    assert [item.handler for item in found.near] == [near]
    assert found.near[0].span.path == path


def test_a_file_of_the_name_outside_of_the_code(tmp_path: Path) -> None:
    files = {"src/other.py": "A = 1\n", "src/more.py": "A = 1\n", "lib/app.py": HANDLER}
    found = link(tmp_path, "app.handler", files).resolution
    assert found.status == "no-file"
    assert [(item.handler, item.span.path) for item in found.near] == [("", "lib/app.py")]


ELSEWHERE: dict[str, tuple[dict[str, str | bytes], tuple[str, ...], str]] = {
    "makefile build": ({}, (), "{BuildMethod: makefile}"),
    "prebuilt": ({}, (), "{SkipBuild: true}"),
    "makefile beside the code": ({"src/Makefile": "all:\n"}, (), ""),
    "wrapper": ({}, ("Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/run}}",), ""),
    "unknown environment": ({}, ("Environment: {Variables: !FindInMap [A, B, C]}",), ""),
    "unknown layer": ({}, ("Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:a:1']",), ""),
    "requirement": ({"src/requirements.txt": "main==1\n"}, (), ""),
    "requirement by path": ({"src/requirements.txt": "../lib\n-e .\n"}, (), ""),
    "requirement of another spelling": ({"src/requirements.txt": "Main>=2\n"}, (), ""),
    "script": ({"build.sh": "set -e\ncp lib/main.py src/\n"}, (), ""),
    "workflow": ({".github/workflows/deploy.yml": "run: |\n  cp lib/main.py src/\n"}, (), ""),
    "readme": ({"README.md": "Run `cp config/main.py src/main.py` first.\n"}, (), ""),
    "ignored": ({".gitignore": "/src/main.py\n"}, (), ""),
    "submodule": ({".gitmodules": '[submodule "s"]\n\tpath = src\n'}, (), ""),
    "compiled": ({"src/main.cpython-313-x86_64-linux-gnu.so": b"\x7fELF"}, (), ""),
}


@pytest.mark.parametrize("case", ELSEWHERE, ids=str)
def test_files_that_come_from_elsewhere(tmp_path: Path, case: str) -> None:
    files, properties, metadata = ELSEWHERE[case]
    function = link(tmp_path, "main.handler", {"src/app.py": HANDLER, **files}, *properties, metadata=metadata)
    assert function.resolution.status == "built"


def test_a_macro_may_change_what_runs(tmp_path: Path) -> None:
    text = template("main.handler").replace("AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31, Rewrite]", 1)
    function = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER}).functions[0]
    assert function.resolution.status == "built"


def test_links_that_lead_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {"outside/main.py": HANDLER, "project/src/app.py": HANDLER})
    (tmp_path / "project/src/main.py").symlink_to(tmp_path / "outside/main.py")
    (tmp_path / "project/src/lib").symlink_to(tmp_path / "outside")
    for handler in ("main.handler", "lib/main.handler"):
        assert link(tmp_path / "project", handler, {}).resolution.status == "built"


@pytest.mark.parametrize(
    ("files", "metadata", "status"),
    [
        ({"shared/python/tools.py": HANDLER}, "", "no-file"),
        ({"shared/python/tools.py": HANDLER, "shared/requirements.txt": "main\n"}, "", "built"),
        ({"shared/python/tools.py": HANDLER, ".gitignore": "shared/python/\n"}, "", "built"),
        ({"shared/requirements.txt": "requests\n"}, "", "built"),
        ({"shared/tools.py": HANDLER}, "{BuildMethod: makefile}", "built"),
        ({"shared/tools.py": HANDLER}, "{BuildMethod: python3.13}", "no-file"),
    ],
)
def test_what_layers_of_the_project_may_bring(
    tmp_path: Path, files: dict[str, str], metadata: str, status: str
) -> None:
    about = f"    Metadata: {metadata}\n" if metadata else ""
    text = template("main.handler", "Layers: [!Ref Shared]") + (
        f"  Shared:\n    Type: AWS::Serverless::LayerVersion\n{about}    Properties:\n      ContentUri: shared/\n"
    )
    function = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER, **files}).functions[0]
    assert function.resolution.status == status


def test_without_a_reason_the_file_is_missing(tmp_path: Path) -> None:
    files = {"src/app.py": HANDLER, "build.sh": "echo main.py\n", "src/requirements.txt": "requests\n"}
    assert link(tmp_path, "main.handler", files).resolution.status == "no-file"


@pytest.mark.parametrize("code", ["dist/", "build/lambda", "src/"])
def test_folders_that_hold_no_sources(tmp_path: Path, code: str) -> None:
    files = {f"{code.rstrip('/')}/README.md": "Filled by the build.\n"}
    assert link(tmp_path, "main.handler", files, code=code).resolution.status == "built"


@pytest.mark.parametrize(
    ("handler", "near"),
    [
        ("app.py", ["app.handler"]),
        ("app.py.handler", ["app.handler"]),
        ("orders/app.py", ["orders/app.main"]),
        ("app", ["app.handler"]),
        ("handler", ["app.handler"]),
        ("app:handler", ["app.handler"]),
        ("./app.handler", ["app.handler"]),
        ("app.handler()", ["app.handler"]),
    ],
)
def test_malformed_strings(tmp_path: Path, handler: str, near: list[str]) -> None:
    files = {"src/app.py": HANDLER, "src/orders/app.py": "def main(event, context): ...\n"}
    found = link(tmp_path, handler, files).resolution
    assert found.status == "malformed"
    assert [item.handler for item in found.near] == near


def test_what_a_parameter_or_condition_decides_is_not_judged(tmp_path: Path) -> None:
    for handler in ("!Ref Entry", "!If [A, nothing.here, app.none]", "!Sub '${Entry}.x'"):
        text = "Parameters:\n  Entry: {Type: String, Default: nothing.here}\n" + template(handler)
        function = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER}).functions[0]
        assert function.resolution.status == "unknown"


def test_a_parameter_s_default_is_followed(tmp_path: Path) -> None:
    text = "Parameters:\n  Entry: {Type: String, Default: app.handler}\n" + template("!Ref Entry")
    function = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER}).functions[0]
    assert function.handler is not None


def test_a_fragment_s_paths_are_not_judged(tmp_path: Path) -> None:
    text = template("main.handler").replace("Transform: AWS::Serverless-2016-10-31\n", "")
    function = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER}).functions[0]
    assert function.resolution.status == "built"


def test_an_archive_is_looked_into(tmp_path: Path) -> None:
    import io
    import zipfile

    def archive(*names: str) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as file:
            for name in names:
                file.writestr(name, HANDLER)
        return data.getvalue()

    right = link(tmp_path / "a", "app.handler", {"src/app.zip": archive("app.py")}, code="src/app.zip")
    assert right.resolution.status == "unknown"
    wrong = link(tmp_path / "b", "app.handler", {"src/app.zip": archive("src/app.py")}, code="src/app.zip")
    assert wrong.resolution.status == "no-file"
    assert [item.handler for item in wrong.resolution.near] == ["src/app.handler"]
    broken = link(tmp_path / "c", "app.handler", {"src/app.zip": b"version https://git-lfs\n"}, code="src/app.zip")
    assert broken.resolution.status == "unknown"


def inline(handler: str, *lines: str) -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return template(handler, "InlineCode: |", code=None).rstrip("\n") + "\n" + body


@pytest.mark.parametrize(
    ("handler", "lines", "status"),
    [
        ("index.handler", ("def handler(event, context):", "  return 1"), "found"),
        ("index.handler", ("def lambda_handler(event, context):", "  return 1"), "no-callable"),
        ("index.handler", ("print('placeholder')",), "unknown"),
        ("index.handler", ("# placeholder",), "unknown"),
        ("app.handler", ("def handler(event, context):", "  return 1"), "no-file"),
    ],
)
def test_inline_code(tmp_path: Path, handler: str, lines: tuple[str, ...], status: str) -> None:
    assert project(tmp_path, {"template.yaml": inline(handler, *lines)}).functions[0].resolution.status == status


def test_inline_code_that_only_substitution_makes_readable_is_not_judged(tmp_path: Path) -> None:
    text = inline("index.run", "def run(event, context):", "  return 3 * ${Count}")
    text = text.replace("InlineCode: |", "InlineCode: !Sub |")
    function = project(tmp_path, {"template.yaml": text}).functions[0]
    assert function.resolution.status == "unreadable"


def test_functions_that_share_a_handler_share_its_object(tmp_path: Path) -> None:
    text = template("app.handler") + template("app.handler").split("Resources:\n")[1].replace("Orders", "Returns")
    found = project(tmp_path, {"template.yaml": text, "src/app.py": HANDLER})
    assert len(found.handlers) == 1
    assert [function.name for function in found.handlers[0].functions] == ["Orders", "Returns"]


def test_versions_and_aliases_that_name_themselves(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "template.yaml": """\
Resources:
  Own:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref Own}
  First:
    Type: AWS::Lambda::Alias
    Properties: {Name: live, FunctionName: !Ref Second, FunctionVersion: "1"}
  Second:
    Type: AWS::Lambda::Alias
    Properties: {Name: live, FunctionName: !Ref First, FunctionVersion: !GetAtt Own.Version}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Code: {S3Bucket: a, S3Key: b}
      SnapStart: {ApplyOn: PublishedVersions}
  Started:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Second, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:orders"}
"""
        },
    )
    assert report(tmp_path).crashes == ()
