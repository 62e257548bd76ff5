"""Which native code a function can't load (LL111, LL112), and which functions would run on arm64 too (LL309)."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from lambdalint.project import binaries
from lambdalint.project.model import Function
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import binary, findings, lines, write

SAM = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          CodeUri: {code}
          Architectures: [{architecture}]
    """


def sam(folder: Path, code: str = "src/", runtime: str = "python3.13", architecture: str = "arm64") -> Path:
    template = SAM.format(code=code, runtime=runtime, architecture=architecture)
    return write(folder, {"template.yaml": template, "src/app.py": "x = 1\n"})


def orders(folder: Path) -> Function:
    project = Reading(str(folder.resolve()), Settings()).project()
    return next(item for item in project.functions if item.name == "Orders")


def messages(folder: Path, code: str = "LL111") -> list[str]:
    return [item.message for item in findings(folder, code)]


def test_names_one_file_of_each_library_first(tmp_path: Path) -> None:
    files = "".join(f"numpy/part{number}.so 900 bytes (ELF x86_64)\n" for number in range(5))
    files += "bcrypt/_bcrypt.abi3.so 900 bytes (ELF x86_64)\n"
    write(sam(tmp_path, "orders.zip"), {"orders.zip": files})
    assert messages(tmp_path) == [
        "Orders runs on arm64, but `numpy/part0.so`, `bcrypt/_bcrypt.abi3.so`, `numpy/part1.so` and 3 more are for "
        "x86_64, so that they can't be loaded: install with `pip install --platform manylinux2014_aarch64 "
        "--only-binary=:all:`, or set Architectures: [x86_64]"
    ]


def test_names_of_any_length_fit_into_a_message(tmp_path: Path) -> None:
    files = "".join(f"{'long' * 20}{number}/{'name' * 20}.so 900 bytes (PE)\n" for number in range(5))
    write(sam(tmp_path, "orders.zip"), {"orders.zip": files})
    (message,) = messages(tmp_path)
    assert len(message) < 320 and "and 4 more are for Windows" in message


def test_wheels_say_what_they_were_built_for(tmp_path: Path) -> None:
    wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-macosx_11_0_arm64\n"
    write(
        sam(tmp_path),
        {
            "src/orjson/orjson.cpython-313-darwin.so": "(Mach-O arm64)",
            "src/orjson-3.11.0.dist-info/WHEEL": wheel,
        },
    )
    (item,) = findings(tmp_path, "LL111")
    assert [(part.span.path, part.span.line) for part in item.related] == [("src/orjson-3.11.0.dist-info/WHEEL", 3)]
    assert item.message.startswith(
        "Orders runs on Linux (arm64), but `orjson/orjson.cpython-313-darwin.so` is for macOS"
    )


def test_a_layer_is_reported_once_with_its_functions_counted(tmp_path: Path) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function: {Architectures: [arm64], Layers: [!Ref L]}\n"
    )
    template += "Resources:\n  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer.zip}}\n"
    for name in ("A", "B", "C"):
        template += (
            f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{Runtime: python3.13, InlineCode: x}}}}\n"
        )
    write(tmp_path, {"template.yaml": template, "layer.zip": "python/core/a.so 900 bytes (ELF x86_64)"})
    (item,) = findings(tmp_path, "LL111")
    assert item.span.line == 5 and item.message.endswith("(and 2 more functions)")
    assert "in its layer L is for x86_64" in item.message and "or set" not in item.message
    assert item.related[0].span.line == 3 and item.related[0].label == "A runs on arm64"


@pytest.mark.parametrize(
    ("listing", "found"),
    [
        ("lib/libmagic.so.1 900 bytes (ELF x86_64)", 1),
        ("natives/libx-linux-x64.so 900 bytes (ELF x86_64)\nnatives/libx-darwin.dylib 900 bytes (Mach-O arm64)", 0),
        ("natives/x-win32.dll 900 bytes (PE)", 0),
        ("bin/convert 900 bytes (ELF x86_64)", 1),
        ("bin/ruff 900 bytes (ELF x86_64)", 0),
        ("bin/convert 900 bytes (ELF x86_64)\nx-1.dist-info/RECORD 9 bytes", 0),
        ("tools/convert 900 bytes (ELF x86_64)", 0),
        ("numpy/a.so 900 bytes (Mach-O arm64)\nnumpy/b.so 900 bytes (Mach-O x86_64)", 1),
        ("numpy/a.so 900 bytes (ELF x86_64)\nnumpy/b.so 900 bytes (Mach-O x86_64)", 0),
        ("numpy/a.so 900 bytes (ELF x86_64)\nnumpy/b.so 900 bytes (ELF aarch64)", 0),
        ("win32/win32api.pyd 900 bytes (PE)", 0),
        ("greenlet/_greenlet.so 900 bytes (ELF x86_64)", 0),
        ("x.so.dSYM/Contents/Resources/DWARF/x.so 900 bytes (Mach-O arm64)", 0),
        ("node_modules/bcrypt/bcrypt.node 900 bytes (ELF x86_64)", 0),
    ],
)
def test_libraries_as_wholes(listing: str, found: int, tmp_path: Path) -> None:
    write(sam(tmp_path, "orders.zip"), {"orders.zip": listing})
    assert len(messages(tmp_path)) == found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, 1),
        ({"package.json": '{"devDependencies": {"canvas": "^3"}}'}, 0),
        ({"package.json": '{"dependencies": {"canvas": "^3"}}'}, 1),
        ({"node_modules/.package-lock.json": '{"packages": {"node_modules/canvas": {"dev": true}}}'}, 0),
        ({"node_modules/.package-lock.json": '{"packages": {"node_modules/canvas": {"optional": true}}}'}, 1),
        ({"node_modules/.package-lock.json": "{[}"}, 1),
    ],
)
def test_development_dependencies_are_not_needed(files: dict[str, str], found: int, tmp_path: Path) -> None:
    template = """{"Resources": {"Orders": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "asset.aa"},
      "Properties": {"Runtime": "nodejs22.x", "Code": {"S3Bucket": "b", "S3Key": "aa.zip"}}}}}"""
    write(tmp_path, {"stack.json": template, "asset.aa/app.js": "exports.handler = async () => 1;\n"})
    write(tmp_path, {"asset.aa/node_modules/canvas/build/Release/canvas.node": "(Mach-O arm64)"})
    write(tmp_path / "asset.aa", files)
    assert len(messages(tmp_path)) == found


@pytest.mark.parametrize(("packing", "count"), [(ZIP_STORED, 1), (ZIP_DEFLATED, 1), (ZIP_BZIP2, 0), (ZIP_LZMA, 0)])
def test_members_are_read_from_their_beginning(packing: int, count: int, tmp_path: Path) -> None:
    """What can only be unpacked in larger pieces, a few bytes of which may be gigabytes, is not."""
    sam(tmp_path, "orders.zip")
    with ZipFile(tmp_path / "orders.zip", "w", packing) as made:
        made.writestr("numpy/core.so", binary("(ELF x86_64)") + os.urandom(100_000))
    assert len(messages(tmp_path)) == count


def test_members_that_cannot_be_read_say_nothing(tmp_path: Path) -> None:
    sam(tmp_path, "orders.zip")
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as made:
        made.writestr("numpy/core.so", binary("(ELF x86_64)"))
    whole = bytearray(data.getvalue())
    central = whole.find(b"PK\x01\x02")
    encrypted, unknown, broken = bytearray(whole), bytearray(whole), bytearray(whole)
    encrypted[central + 8] |= 1
    unknown[central + 10] = 77
    broken[45:50] = b"\xff" * 5
    for changed in (encrypted, unknown, broken):
        (tmp_path / "orders.zip").write_bytes(bytes(changed))
        assert messages(tmp_path) == []


def test_too_many_files_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(sam(tmp_path, "orders.zip"), {"orders.zip": "a/a.so 900 bytes (ELF x86_64)\nb/b.so 900 bytes (ELF x86_64)"})
    monkeypatch.setattr(binaries, "MAX_OPENED_PACKED", 1)
    assert messages(tmp_path) == []


def test_links_out_of_the_project_are_not_followed(tmp_path: Path) -> None:
    sam(tmp_path / "project")
    write(tmp_path, {"elsewhere/core.so": "(ELF x86_64)"})
    (tmp_path / "project/src/numpy").mkdir()
    (tmp_path / "project/src/numpy/core.so").symlink_to(tmp_path / "elsewhere/core.so")
    assert messages(tmp_path / "project") == []


def test_output_that_is_older_than_the_template_says_nothing(tmp_path: Path) -> None:
    sam(tmp_path)
    built = write(tmp_path, {".aws-sam/build/Orders/numpy/core.so": "(ELF x86_64)", ".aws-sam/build/template.yaml": ""})
    assert len(messages(tmp_path)) == 1
    os.utime(built / ".aws-sam/build/template.yaml", (1_000_000_000, 1_000_000_000))
    assert messages(tmp_path) == []


def test_archives_that_git_ignores_are_outputs_too(tmp_path: Path) -> None:
    write(sam(tmp_path, "orders.zip"), {"orders.zip": "numpy/core.so 900 bytes (ELF x86_64)"})
    os.utime(tmp_path / "orders.zip", (1_000_000_000, 1_000_000_000))
    assert len(messages(tmp_path)) == 1
    (tmp_path / ".gitignore").write_text("*.zip\n")
    assert messages(tmp_path) == []


def test_a_build_may_add_the_right_modules(tmp_path: Path) -> None:
    write(sam(tmp_path), {"src/orjson/orjson.cpython-312-x86_64-linux-gnu.so": "(ELF x86_64)"})
    assert lines(tmp_path, "LL111", "LL112") == ["template.yaml:9:16: LL112", "template.yaml:10:23: LL111"]
    write(tmp_path, {"src/requirements.txt": "orjson\n"})
    assert lines(tmp_path, "LL111", "LL112") == []


def test_an_executable_in_the_folder_of_a_custom_runtime(tmp_path: Path) -> None:
    sam(tmp_path, "out/", "provided.al2023")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/bootstrap").write_bytes(binary("(ELF x86_64)"))
    (message,) = messages(tmp_path)
    assert message.startswith(
        "Orders runs on arm64, but `bootstrap` is for x86_64, so that it can't be run: build for "
    )
    (tmp_path / "out/bootstrap").write_bytes(b'#!/bin/sh\nexec /opt/run "$_HANDLER"\n')
    assert messages(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("core.cpython-312-x86_64-linux-gnu.so", 1),
        ("core.cpython-37m-x86_64-linux-gnu.so", 1),
        ("core.cpython-312-aarch64-linux-musl.so", 1),
        ("core.cpython-313-x86_64-linux-gnu.so", 0),
        ("core.cpython-312-darwin.so", 0),
        ("core.pypy39-pp73-x86_64-linux-gnu.so", 0),
        ("core.abi3.so", 0),
        ("core.so", 0),
        ("_speedups.cpython-312-x86_64-linux-gnu.so", 0),
    ],
)
def test_tags_of_python(name: str, found: int, tmp_path: Path) -> None:
    write(sam(tmp_path, "orders.zip"), {"orders.zip": f"drivers/{name} 900 bytes"})
    assert len(messages(tmp_path, "LL112")) == found


def test_a_matching_module_in_another_place_counts(tmp_path: Path) -> None:
    template = SAM.format(code="orders.zip", runtime="python3.13", architecture="arm64").rstrip()
    template += "\n          Layers: [!Ref Science]\n      Science:\n        Type: AWS::Serverless::LayerVersion\n"
    template += "        Properties: {ContentUri: science.zip}\n"
    write(tmp_path, {"template.yaml": template, "orders.zip": "drivers/core.cpython-312-x86_64-linux-gnu.so 900 bytes"})
    write(tmp_path, {"science.zip": "python/drivers/core.abi3.so 900 bytes"})
    assert messages(tmp_path, "LL112") == []
    write(tmp_path, {"science.zip": "python/others/core.abi3.so 900 bytes"})
    assert len(messages(tmp_path, "LL112")) == 1


# --- arm64 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Runtime: python3.13\n  Handler: app.handler", "Architectures: [arm64]\n  Runtime: python3.13"),
        ("Architectures: [x86_64]\n  Runtime: python3.13", "Architectures: [arm64]\n  Runtime: python3.13"),
        ("Architectures: ['x86_64']\n  Runtime: python3.13", 'Architectures: ["arm64"]\n  Runtime: python3.13'),
    ],
)
def test_fix(before: str, after: str, tmp_path: Path) -> None:
    properties = before.replace("\n", "\n       ")
    template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    template += f"    Properties:\n         {properties}\n         InlineCode: x = 1\n"
    write(tmp_path, {"template.yaml": template})
    (item,) = findings(tmp_path, "LL309")
    assert item.fix is not None and not item.fix.safe
    (edit,) = item.fix.edits
    text = template.splitlines(keepends=True)
    line = text[edit.span.line - 1]
    text[edit.span.line - 1] = line[: edit.span.column - 1] + edit.text + line[edit.span.end_column - 1 :]
    assert after.replace("\n", "\n       ") in "".join(text)


@pytest.mark.parametrize(
    "template",
    [
        "Globals: {Function: {Architectures: [x86_64]}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: "
        "{Runtime: python3.13, InlineCode: x}}}\n",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, InlineCode: x}}}\n",
    ],
)
def test_no_fix_where_others_share_the_setting_or_there_is_no_line(template: str, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": f"Transform: AWS::Serverless-2016-10-31\n{template}"})
    (item,) = findings(tmp_path, "LL309")
    assert item.fix is None


def test_globals_are_reported_once(tmp_path: Path) -> None:
    template = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Architectures: [x86_64]}}\nResources:\n"
    for name in ("A", "B"):
        template += (
            f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{Runtime: python3.13, InlineCode: x}}}}\n"
        )
    write(tmp_path, {"template.yaml": template})
    (item,) = findings(tmp_path, "LL309")
    assert item.span.line == 2 and item.message.endswith("(and 1 more function)")


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("README.md", "x", 1),
        ("requirements.txt", "boto3\n", 1),
        ("requirements.txt", "pydantic\n", 0),
        ("requirements.txt", "aws-lambda-powertools[parser]\n", 0),
        ("pyproject.toml", "[project]\nname = 'x'\n", 0),
        ("core.so", "(ELF aarch64)", 0),
        ("tool", "(ELF x86_64)", 0),
        ("LICENSE", "All rights reserved, and so on and on.\n", 1),
        ("drivers.jar", "x", 0),
    ],
)
def test_what_a_folder_needs(name: str, text: str, found: int, tmp_path: Path) -> None:
    write(sam(tmp_path, architecture="x86_64"), {f"src/{name}": text})
    assert len(lines(tmp_path, "LL309")) == found


def test_requirements_of_folders_above_may_be_installed(tmp_path: Path) -> None:
    write(sam(tmp_path, architecture="x86_64"), {"requirements.txt": "pydantic\n"})
    assert lines(tmp_path, "LL309") == []
