"""Input that is broken, hostile or odd: a finding or a line on standard error, never a traceback."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from lambdalint import cli, reading
from lambdalint.contents import Contents
from tests.support import report, write

pytestmark = pytest.mark.usefixtures("few_rules")

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.10
      Handler: app.handler
      CodeUri: src
"""
GOOD = {"good/template.yaml": TEMPLATE + "      Timeout: 3\n      Timeout: 4\n"}
"""A project beside the bad input, that must still be checked."""
GOOD_LINE = "good/template.yaml:10:7: LL001"


def run(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, list[str], list[str]]:
    """Exit status, places of findings, and lines on standard error."""
    write(folder, GOOD)
    monkeypatch.chdir(folder)
    status = cli.main(["--quiet", *arguments] if "--loud" not in arguments else [])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert status == 2 or "error:" not in err
    return status, [" ".join(line.split()[:2]) for line in out.splitlines()], err.splitlines()


def places(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of findings beside that of the good project."""
    status, found, err = run(folder, capsys, monkeypatch)
    assert (status, err) == (1, [])
    assert GOOD_LINE in found
    return [item for item in found if item != GOOD_LINE]


BROKEN = {
    "a key that is indented too far": (TEMPLATE + "       Timeout: 3\n", 9),
    "a tab": (TEMPLATE + "\tTimeout: 3\n", 9),
    "an open quote": (TEMPLATE + "      Description: 'x\n", 10),
    "an unknown alias": (TEMPLATE + "      Layers: *layers\n", 9),
    "an open bracket": (TEMPLATE + "      Layers: [a, b\n", 10),
    "a brace too many": (TEMPLATE + "      Tags: {a: b}}\n", 9),
    "lines end as on Windows": ((TEMPLATE + "       Timeout: 3\n").replace("\n", "\r\n"), 9),
    "a byte-order mark": ("\ufeff" + TEMPLATE + "       Timeout: 3\n", 9),
    "UTF-16": (("\ufeff" + TEMPLATE + "       Timeout: 3\n").encode("utf-16-le"), 9),
    "Latin-1": (TEMPLATE.encode() + b"      Description: caf\xe9\n", 9),
    "a control character": (TEMPLATE + "      Description: \x07\n", 9),
    "a deep flow": (TEMPLATE + "      Layers: " + "[" * 10_000 + "]" * 10_000, 9),
    "a deep flow that stays open": (TEMPLATE + "      Layers: " + "[" * 10_000, 9),
    "deep maps in a flow": (TEMPLATE + "      Layers: " + "{a: " * 10_000 + "}" * 10_000, 9),
    "deep indentation": (
        TEMPLATE + "      Layers:\n" + "".join(f"{' ' * (8 + depth)}a:\n" for depth in range(3_000)),
        None,
    ),
    "a deep list of one line": (TEMPLATE + "      Layers:\n        " + "- " * 10_000 + "a\n", 10),
    "an alias of itself": (TEMPLATE + "      Layers: &a [*a]\n", 9),
    "aliases that explode": (
        "A0: &a0 ["
        + "x, " * 20
        + "x]\n"
        + "".join(f"A{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]\n" for n in range(1, 12))
        + TEMPLATE,
        1,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_yaml(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text, line = BROKEN[name]
    write(tmp_path, {})
    (tmp_path / "bad.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    found = places(tmp_path, capsys, monkeypatch)
    assert len(found) == 1
    path, found_line, column, code = found[0].replace(": ", ":").split(":")
    assert (path, code) == ("bad.yaml", "LL001")
    assert line is None or int(found_line) == line
    assert int(column) >= 1


FINE = {
    "lines end as on Windows": TEMPLATE.replace("\n", "\r\n").encode(),
    "lines end as on old machines": TEMPLATE.replace("\n", "\r").encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + TEMPLATE.encode(),
    "UTF-16": TEMPLATE.encode("utf-16"),
    "UTF-32": TEMPLATE.encode("utf-32"),
    "no end of line": TEMPLATE.rstrip().encode(),
    "many documents": f"---\n{TEMPLATE}---\na: b\n...\n".encode(),
    "a null byte": TEMPLATE.encode() + b"      Description: \x00\n",
    "empty": b"",
    "white space": b"  \n\n \t ",
    "a comment": b"# Resources:\n#   Type: AWS::SQS::Queue\n",
    "binary": bytes(range(256)) * 40,
    "zeros": b"\0" * 10_000,
    "other YAML that is broken": b"a: b: c\nResources: [\n",
    "Helm": b"{{- if .Values.queue }}\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n{{- end }}\n x: [\n",
    "Jinja": b"Resources:\n  {% for name in names %}\n  {{ name }}:\n    Type: AWS::SQS::Queue\n  {% endfor %}\n",
    "a workflow": b"on: push\njobs:\n  a:\n    run: |\n      Resources:\n        Type: AWS::SQS::Queue\n  b: [\n",
    "compose": b"services:\n  queue:\n    # Resources: Type: AWS::SQS::Queue\n   image: x\n",
    "serverless.yml": b"resources:\n  Resources:\n    Queue:\n      Type: AWS::SQS::Queue\n  x: [\n",
    "documentation": b"text: >\n  Resources have a Type: AWS::SQS::Queue\n bad: [\n",
}


@pytest.mark.parametrize("name", FINE)
def test_nothing_to_say(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"src/app.py": "def handler(event, context):\n    return 1\n"})
    (tmp_path / "x.yaml").write_bytes(FINE[name])
    assert places(tmp_path, capsys, monkeypatch) == []


QUEUE = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": %s}}}}'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (QUEUE % "[1 2]", 1),
        ((QUEUE % "[1 2]").replace("{", "{\n"), 5),
        (QUEUE % "\n\n[1,,]", 3),
        ((QUEUE % "1")[:-1], 1),
        (QUEUE % "'x'", 1),
        (QUEUE % '"\x01"', 1),
        (QUEUE % ("[" * 10_000 + "]" * 10_000), 1),
        (QUEUE % ("[" * 300 + "]" * 300), 1),
        (QUEUE % ('{"a":' * 10_000 + "1" + "}" * 10_000), 1),
        (QUEUE % ("[" * 100_000), 1),
        (QUEUE % '1, "Tags": 2', 1),
        (QUEUE % "1" + "x", 1),
        ("\ufeff" + QUEUE % "[1 2]", 1),
    ],
)
def test_broken_json(
    text: str, line: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"bad.json": text.encode()})
    found = places(tmp_path, capsys, monkeypatch)
    assert [item.rpartition(":")[0].rpartition(":")[0] for item in found] == [f"bad.json:{line}"]
    write(tmp_path, {"bad.json": "", "bad.template": text.encode()})
    assert len(places(tmp_path, capsys, monkeypatch)) <= 1  # some of it is YAML


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"Resources": {"Type": "AWS::SQS::Queue"',  # an event or a schema may look like this
        '{"detail": {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}',
        '{"Resources": {"Q": {"Type": "x::y"}},}',
    ],
)
def test_other_json(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"x.json": text})
    found = places(tmp_path, capsys, monkeypatch)
    assert found == [] or text.startswith('{"Resources": {"Type"')


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (b"def handler(event, context:\n    return 1\n", 1),
        (b"def handler(event, context):\nreturn 1\n", 2),
        (b"def handler(event, context):\n\treturn 1\n        return 2\n", 3),
        (b"x = 1\r\ndef handler(event, context):\r\n    return (\r\n", 3),
        (b"\xef\xbb\xbfdef handler(:\n", 1),
        (b"x = 'caf\xe9'\n", 1),
        (b"# -*- coding: utf-8 -*-\nx = 'caf\xe9'\n", 2),
        (b"# -*- coding: nonsense -*-\n", 1),
        (b"# -*- coding: hex -*-\n", 1),
        (b"x = 1\ny = '\0'\n", 2),
        ("def handler(:\n".encode("utf-16"), 1),
        (b"x = " + b"(" * 10_000 + b")" * 10_000, 1),
        (b"".join(b" " * depth + b"if x:\n" for depth in range(200)), None),
        (b"print 'x'\n", 1),
        (b"def handler(event, context):\n    print(f'{event}'\n", 2),
        (b"def handler(event, context):\n    return f'{event'\n", 2),
        (b"def handler(event, context):\n    x = f'{event['a']}'\n    return x +\n", 3),
    ],
)
def test_broken_python(
    code: bytes,
    line: int | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE, "src/app.py": code})
    found = places(tmp_path, capsys, monkeypatch)
    assert len(found) == 1 and found[0].startswith("src/app.py:") and found[0].endswith(": LL001")
    assert line is None or found[0].split(":")[1] == str(line)


@pytest.mark.parametrize(
    "code",
    [
        b"",
        b"# -*- coding: latin-1 -*-\nx = 'caf\xe9'\ndef handler(event, context): pass\n",
        b"# vim: set fileencoding=cp1252 :\nx = 'caf\xe9'\ndef handler(event, context): pass\n",
        b"\xef\xbb\xbfdef handler(event, context): pass\n",
        b"def handler(event, context):\r\n    pass\r\n",
        b"def handler(event, context):\r    pass\r",
        b"def handler(event, context):\n    return f'{event['id']}' + f'{\n1}'\n",  # from Python 3.12 on
        b"def handler(event, context):\n    return f'{event['(']}' + f'{', '.join(event)}'\n",
        b"def handler(event, context):\n    try:\n        pass\n    except KeyError, IndexError:\n        pass\n",
        b"def handler[T](event: T, context):\n    pass\n",
        b"type Order = dict[str, str]\ndef handler(event, context): pass\n",
    ],
)
def test_python_that_some_version_reads(code: bytes, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE.replace("3.10", "3.14"), "src/app.py": code})
    assert report(tmp_path, "LL001").findings == ()


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "not " * 10_000 + "1",
        "x = " + "-" * 10_000 + "1",
        "x = " + "1+" * 50_000 + "1",
        "x = a" + ".b" * 50_000,
        "x = a" + "()" * 50_000,
        "x = " + "lambda: " * 10_000 + "1",
        "if x: pass\n" + "elif x: pass\n" * 10_000,
        "x = [" + "[1]," * 50_000 + "]",
        "x = " + "f(" * 150 + ")" * 150,
    ],
)
def test_deep_python(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE, "src/app.py": f"def handler(event, context):\n    pass\n{code}\n"})
    status, found, _ = run(tmp_path, capsys, monkeypatch)
    assert status == 1
    assert GOOD_LINE in found


NODE_TEMPLATE = TEMPLATE.replace("python3.10", "nodejs22.x")
NODE_HANDLER = b"exports.handler = async (event) => event;\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (b"exports.handler = async (event) => {\n  return {\n", None),
        (b"exports.handler = async (event) => ({\n  a: 1\n  b: 2,\n});\n", 3),
        (b"exports.handler = async (event) => { return event;\n", None),
        (b"def handler(event, context):\n    pass\n", 1),
        (b"const x = 'caf\xe9';\n" + NODE_HANDLER, 1),
    ],
)
def test_broken_javascript(
    code: bytes,
    line: int | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path, {"template.yaml": NODE_TEMPLATE, "src/app.js": code})
    found = places(tmp_path, capsys, monkeypatch)
    assert len(found) == 1 and found[0].startswith("src/app.js:") and found[0].endswith(": LL001")
    assert line is None or found[0].split(":")[1] == str(line)


@pytest.mark.parametrize(
    "code",
    [
        b"",
        b"\xef\xbb\xbf" + NODE_HANDLER,
        b"#!/usr/bin/env node\n" + NODE_HANDLER,
        NODE_HANDLER.replace(b"\n", b"\r\n"),
        NODE_HANDLER.decode().encode("utf-16"),
        b"import data from './x.json' with { type: 'json' };\n" + NODE_HANDLER,
        b"// @flow\nexport const handler = async (event: Event): Promise<?string> => null;\n",
        b"const view = <App a={1} />;\n" + NODE_HANDLER,
        b"exports.handler = async (event) => {\n  using file = open();\n  await using other = open();\n};\n",
        b"<!-- old\n" + NODE_HANDLER,
        b"const {{ name }} = 1;\n" + NODE_HANDLER,
    ],
)
def test_javascript_that_some_tool_reads(code: bytes, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": NODE_TEMPLATE, "src/app.js": code})
    assert report(tmp_path, "LL001").findings == ()


@pytest.mark.parametrize(
    "code",
    ["x = " + "(" * 10_000 + ")" * 10_000, "x = " + "[" * 5_000, "x = " + "a => " * 10_000 + "1", "{" * 20_000],
)
def test_deep_javascript(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": NODE_TEMPLATE, "src/app.js": f"exports.handler = () => 1;\n{code}\n"})
    status, found, _ = run(tmp_path, capsys, monkeypatch)
    assert status in (1, 2)
    assert GOOD_LINE in found


def test_only_broken_javascript_of_handlers_counts(tmp_path: Path) -> None:
    broken = "export const handler = async (event) => ({ a: 1 b: 2 });\n"
    write(
        tmp_path,
        {
            "template.yaml": NODE_TEMPLATE,
            "src/app.js": "require('./helper');\nexports.handler = async (event) => event;\n",
            "src/helper.js": "module.exports = { a: 1 b: 2 };\n",
            "web/page.js": "const page = { a: 1 b: 2 };\n",
            "jobs/one.js": broken,
            "jobs/test/two.js": broken,
            "dist/three.js": broken,
        },
    )
    assert [item.span.path for item in report(tmp_path, "LL001").findings] == ["jobs/one.js"]


def test_bundles_are_noted_where_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inline = NODE_TEMPLATE.replace("app.handler", "index.handler").replace(
        "CodeUri: src", f"InlineCode: 'exports.handler=async e=>e;{'x=1;' * 6_000}'"
    )
    files = {
        "template.yaml": NODE_TEMPLATE,
        "inline.yaml": inline,
        "src/app.js": "exports.handler = async (event) => event;\n" * 30_000,
    }
    write(tmp_path, {**files, **GOOD})
    monkeypatch.chdir(tmp_path)
    assert cli.main([]) == 1
    assert "app.js" not in capsys.readouterr().err
    cli.main(["--verbose"])
    noted = [line for line in capsys.readouterr().err.splitlines() if "not read" in line]
    assert [line.partition(": note: ")[2] for line in noted] == [
        "inline.yaml: code of Orders is minified; not read",
        "src/app.js: larger than 1,000,000 bytes; not read",
    ]


def test_a_reader_that_fails_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **keywords: object) -> None:
        raise ValueError("nothing")

    monkeypatch.setattr("lambdalint.code.javascript.read_javascript", fail)
    write(tmp_path, {"template.yaml": NODE_TEMPLATE, "src/app.js": NODE_HANDLER})
    status, found, err = run(tmp_path, capsys, monkeypatch)
    assert (status, found) == (2, [GOOD_LINE])
    assert any("the reader of JavaScript" in line and "src/app.js" in line for line in err)


def test_unnamed_handlers(tmp_path: Path) -> None:
    """Broken code that no template names is a handler if it looks like one, and like Python 3."""
    write(
        tmp_path,
        {
            "a.py": "def lambda_handler(event, context):\n    return (\n",
            "b.py": "def lambda_handler(event, context):\n    print 'x'\n",
            "c.py": "def something(a, b):\n    return (\n",
            "d.py": "def handler(event, context):\n    return {{ cookiecutter.x }} (\n",
            "tests/e.py": "def handler(event, context):\n    return (\n",
        },
    )
    assert [item.span.path for item in report(tmp_path, "LL001").findings] == ["a.py"]


def test_one_finding_for_a_module_of_many_functions(tmp_path: Path) -> None:
    other = TEMPLATE.replace("Orders", "Others").partition("Resources:\n")[2]
    write(tmp_path, {"template.yaml": TEMPLATE + other + other.replace("Others", "More"), "src/app.py": "def f(:"})
    found = report(tmp_path, "LL001").findings
    assert [item.message.partition(" cannot")[0] for item in found] == ["Orders (and 2 more functions)"]
    assert found[0].function == "Orders"


def test_duplicate_keys(tmp_path: Path) -> None:
    text = TEMPLATE + "      Runtime: python3.13\n      Runtime: python3.14\n  Orders: {}\n"
    write(tmp_path, {"template.yaml": text})
    found = report(tmp_path, "LL001").findings
    assert [(item.span.line, item.related[0].span.line) for item in found] == [(9, 6), (10, 6), (11, 3)]


class TestOddFiles:
    """Links, pipes, folders, sizes and rights."""

    def test_links(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        links = {
            "dangling.yaml": "nowhere",
            "loop.yaml": "loop.yaml",
            "one.py": "two.py",
            "two.py": "one.py",
            "folder": ".",
            "folder.yaml": ".",
            ".#lock.yaml": "user@host",
        }
        try:
            for name, target in links.items():
                os.symlink(target, tmp_path / name)
        except OSError:
            pytest.skip("no links here")
        write(tmp_path, GOOD)
        monkeypatch.chdir(tmp_path)
        assert cli.main([]) == 1
        out, err = capsys.readouterr()
        assert out.startswith(GOOD_LINE) and out.count("\n") == 1
        assert [line.split(": ")[2] for line in err.splitlines()[:-1]] == [
            "dangling.yaml",
            "loop.yaml",
            "one.py",
            "two.py",
        ]
        assert cli.main(["dangling.yaml"]) == 2
        assert cli.main(["folder.yaml", "--quiet"]) == 1

    def test_folder_named_like_a_template(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"x.yaml/y.json/template.yaml": GOOD["good/template.yaml"], "app.py/x.txt": ""})
        assert places(tmp_path, capsys, monkeypatch) == ["x.yaml/y.json/template.yaml:10:7: LL001"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
    def test_pipes_and_sockets_do_not_block(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.mkfifo(tmp_path / "template.yaml")
        os.mkfifo(tmp_path / "app.py")
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.json")
            write(tmp_path, GOOD)
            assert cli.main([]) == 1
            out, err = capsys.readouterr()
            assert out.startswith(GOOD_LINE)
            assert err.splitlines()[:-1] == [
                f"lambdalint: warning: {name}: not a regular file"
                for name in ("app.py", "socket.json", "template.yaml")
            ]
            assert cli.main(["template.yaml"]) == 2
            assert capsys.readouterr().err == "lambdalint: error: template.yaml: neither a file nor a folder\n"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
    def test_a_file_that_becomes_a_pipe_does_not_block(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "x.yaml")
        assert reading.Sources(Contents(str(tmp_path))).data("x.yaml") == b""

    def test_unreadable_files(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"a.yaml": TEMPLATE, "src/app.py": "", "good/app.py": ""})
        really = os.open

        def refuse(path, *arguments, **keywords):  # type: ignore[no-untyped-def]
            if str(path).endswith(("a.yaml", os.path.join("src", "app.py"))):
                raise PermissionError(13, "Permission denied")
            return really(path, *arguments, **keywords)

        monkeypatch.setattr(os, "open", refuse)
        status, found, err = run(tmp_path, capsys, monkeypatch)
        assert (status, found) == (2, [GOOD_LINE])
        assert err == [
            "lambdalint: error: a.yaml: cannot be read: Permission denied",
            "lambdalint: error: src/app.py: cannot be read: Permission denied",
        ]
        assert run(tmp_path, capsys, monkeypatch, "good") == (1, [GOOD_LINE], [])
        assert cli.main(["--format", "json"]) == 2
        assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == 1

    def test_unreadable_folders(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"secret/a.yaml": TEMPLATE})
        really = os.scandir

        def refuse(path):  # type: ignore[no-untyped-def]
            if str(path).endswith("secret"):
                raise PermissionError(13, "Permission denied")
            return really(path)

        monkeypatch.setattr(os, "scandir", refuse)
        status, found, err = run(tmp_path, capsys, monkeypatch)
        assert (status, found) == (2, [GOOD_LINE])
        assert err == ["lambdalint: error: secret: cannot be read: Permission denied"]

    def test_files_that_vanish(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        really = reading.discovery.discover

        def discover(*arguments):  # type: ignore[no-untyped-def]
            files = really(*arguments)
            return replace(files, templates=("gone.yaml", *files.templates), code=("gone.py", *files.code))

        monkeypatch.setattr(reading.discovery, "discover", discover)
        status, found, err = run(tmp_path, capsys, monkeypatch)
        assert (status, found) == (2, [GOOD_LINE])
        assert len(err) == 2

    def test_large_files(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, start in (("big.yaml", TEMPLATE), ("data.json", "{}"), ("src/app.py", "")):
            write(tmp_path, {name: start})
            with open(tmp_path / name, "r+b") as file:
                file.truncate(60_000_000)
        write(tmp_path, {"template.yaml": TEMPLATE, **GOOD})
        monkeypatch.chdir(tmp_path)
        assert cli.main([]) == 1
        out, err = capsys.readouterr()
        assert out.startswith(GOOD_LINE)
        assert err.splitlines()[:-1] == [
            "lambdalint: warning: big.yaml: larger than 5 MB; not read",
            "lambdalint: warning: src/app.py: larger than 2 MB; not read",
        ]

    def test_many_warnings_are_cut_short(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(100):
            os.symlink("nowhere", tmp_path / f"{number}.yaml")
        write(tmp_path, GOOD)
        monkeypatch.chdir(tmp_path)
        cli.main([])
        err = capsys.readouterr().err.splitlines()
        assert len(err) == 22
        assert err[20] == "lambdalint: warning: 80 more files were passed over; --verbose lists them"
        cli.main(["--verbose"])
        assert capsys.readouterr().err.count("warning: ") == 100


def test_lone_carriage_returns_end_lines_of_undecodable_files_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE.replace("python3.10", "nodejs22.x"), "src/app.js": b"a\r\x80"})
    _, found, _ = run(tmp_path, capsys, monkeypatch)
    assert "src/app.js:2:1: LL001" in found


def test_names_with_line_ends(
    tmp_path: Path, more_rules: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE.replace("  Orders:", '  "Or\\nders":')})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--quiet"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "LL991 Or\ufffdders is a function" in line
