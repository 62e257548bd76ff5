"""Native code: what it is for, by its first bytes and its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.engine import Reading
from lambdalint.project.binaries import Binary, machine_of, of_other_machine, of_other_python
from lambdalint.project.model import Function
from lambdalint.settings import Settings
from lambdalint.source import NOWHERE
from tests.support import NATIVE, write


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (NATIVE["(ELF x86_64)"], ("x86_64", "Linux")),
        (NATIVE["(ELF aarch64)"], ("arm64", "Linux")),
        (NATIVE["(Mach-O)"], ("macOS", "macOS")),
        (NATIVE["(PE)"], ("Windows", "Windows")),
        (b"\x7fELF\x01\x02\x01" + bytes(11) + b"\x00\x28" + bytes(40), ("arm", "Linux")),
        (b"\x7fELF", None),
        (b"#!/bin/sh\n", None),
        (b"", None),
    ],
)
def test_machine(header: bytes, expected: tuple[str, str] | None) -> None:
    assert machine_of(header) == expected


@pytest.mark.parametrize(
    ("path", "stem", "python"),
    [
        ("a/_x.cpython-312-x86_64-linux-gnu.so", "x", 12),
        ("_x.cpython-38-darwin.so", "x", 8),
        ("_x.abi3.so", "x", None),
        ("x.so.1.2", "x", None),
        ("prebuilds/linux-arm64/hash.node", "hash", None),
        ("sharp-linux-x64.node", "sharp", None),
        ("sharp-darwin-arm64.node", "sharp", None),
    ],
)
def test_names(path: str, stem: str, python: int | None) -> None:
    item = Binary(path, "x86_64", "Linux", NOWHERE)
    assert (item.stem, item.python) == (stem, python)


def function(folder: Path, files: dict[str, str], properties: str = "") -> Function:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/, {properties}}}
        """
    write(folder, {"template.yaml": template, "src/app.py": "def handler(event, context): ...\n", **files})
    return Reading(str(folder.resolve()), Settings()).project().functions[0]


def test_an_extension_module_with_source_code_beside_it_is_optional(tmp_path: Path) -> None:
    files = {
        "src/fast.cpython-39-darwin.so": "(Mach-O)",
        "src/fast.py": "",
        "src/fast__mypyc.cpython-39-darwin.so": "(Mach-O)",
    }
    item = function(tmp_path, files)
    assert not list(of_other_machine(item)) and not list(of_other_python(item))


def test_a_damaged_archive_says_nothing(tmp_path: Path) -> None:
    item = function(tmp_path, {"src/app.zip": ""}, "")
    (tmp_path / "orders.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert not list(of_other_machine(item))
