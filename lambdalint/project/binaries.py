"""Native code in packages: for which machine and system it is, and for which version of Python.

Only the beginnings of files are read, also within archives; nothing is unpacked.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lambdalint.project.model import Function, Layer, Project
from lambdalint.project.package import ARCHIVE, Package
from lambdalint.project.tree import Tree
from lambdalint.source import Span

MAX_BINARIES = 400
HEADER = 64

LINUX, MACOS, WINDOWS = "Linux", "macOS", "Windows"

_NATIVE = re.compile(r".*\.(so(\.\d+)*|node)\Z", re.IGNORECASE)
_MACHINES = {0x3E: "x86_64", 0xB7: "arm64", 0x03: "i386", 0x28: "arm", 0xF3: "riscv64", 0x15: "ppc64", 0x16: "s390x"}
_PLATFORM = re.compile(
    r"(linux|darwin|macos|win32|windows|x86_64|x86-64|x64|amd64|i686|aarch64|arm64|armv[678]\w*|gnueabihf|gnu|musl\w*|glibc)",
    re.IGNORECASE,
)
_TAG = re.compile(r"\.cpython-3(\d{1,2})[a-z]*(-[\w-]+)?\.so\Z|\.cp3(\d{1,2})-[\w-]+\.pyd\Z")
_EXTENSION = re.compile(r"(\.abi3|\.cpython-\d+\w*(-[\w-]+)?|\.cp\d+-[\w-]+)?\.(so(\.\d+)*|node|pyd)\Z", re.IGNORECASE)
_OF_VERSION = re.compile(r"(?:^|/)lib/python3\.(\d+)/")


class Binary(NamedTuple):
    """A native file of a package: its path in it, the machine and system that it is for, where it lies."""

    path: str
    machine: str
    system: str
    span: Span

    @property
    def stem(self) -> str:
        """What copies of it for other machines are called as well."""
        name = _EXTENSION.sub("", posixpath.basename(self.path))
        return re.sub(r"[-_.\d]+", "", _PLATFORM.sub("", name))

    @property
    def python(self) -> int | None:
        """The minor version of the CPython that alone can load it; None for any, or where that isn't told."""
        match = _TAG.search(self.path)
        return int(match.group(1) or match.group(3)) if match else None

    @property
    def shown(self) -> str:
        """What it is for, in words."""
        return self.machine if self.system == LINUX else self.system


class Foreign(NamedTuple):
    """Native files of a function's package or layer that it can't load, and the thing that ships them."""

    files: tuple[Binary, ...]
    layer: Layer | None


def of_other_machine(function: Function) -> Iterator[Foreign]:
    """What a function ships, and its layers, for another machine or system than it runs on, without a fitting copy."""
    wanted = function.architectures
    if len(wanted) != 1 or wanted[0] not in ("x86_64", "arm64") or function.package_type != "Zip":
        return
    for layer, package in _shipped(function):
        found = _searched(binaries(function.project, package), function)
        fitting = {item.stem for item in found if item.system == LINUX and item.machine == wanted[0]}
        wrong = tuple(
            item for item in found if (item.system != LINUX or item.machine != wanted[0]) and item.stem not in fitting
        )
        if wrong:
            yield Foreign(wrong, layer)


def of_other_python(function: Function) -> Iterator[Foreign]:
    """What a function ships, and its layers, for another CPython than its runtime has, without a fitting copy."""
    version = python_version(function)
    if version is None or function.package_type != "Zip":
        return
    for layer, package in _shipped(function):
        found = _searched(binaries(function.project, package), function)
        fitting = {item.stem for item in found if item.python in (None, version)}
        wrong = tuple(item for item in found if item.python not in (None, version) and item.stem not in fitting)
        if wrong:
            yield Foreign(wrong, layer)


def python_version(function: Function) -> int | None:
    """The minor version of Python 3 that a function certainly runs on."""
    found = {str(item.value) for item in function.runtimes}
    match = re.fullmatch(r"python3\.(\d+)", found.pop()) if len(found) == 1 else None
    return int(match.group(1)) if match else None


def _shipped(function: Function) -> Iterator[tuple[Layer | None, Package]]:
    packages = function.project.packages
    code = packages.of(function)
    if code is not None:
        yield None, code
    for use in function.layers:
        package = packages.of(use.layer) if use.layer is not None else None
        if package is not None:
            yield use.layer, package


def _searched(found: tuple[Binary, ...], function: Function) -> list[Binary]:
    """The files in folders that a runtime of the function's version searches."""
    version = python_version(function)
    kept = []
    for item in found:
        match = _OF_VERSION.search(item.path)
        if match is None or version is None or int(match.group(1)) == version:
            kept.append(item)
    return kept


def binaries(project: Project, package: Package) -> tuple[Binary, ...]:
    """The native files of a package, each package looked at once."""
    if package.path not in project.known_binaries:
        project.known_binaries[package.path] = tuple(_read(project.tree, package))
    return project.known_binaries[package.path]


def _has_fallback(path: str, paths: frozenset[str]) -> bool:
    """Whether Python takes a module of source code where a tagged extension module is none of its own."""
    if ".cpython-" not in path:
        return False
    stem = _EXTENSION.sub("", path)
    return f"{stem}.py" in paths or stem.endswith("__mypyc")


def _read(tree: Tree, package: Package) -> Iterator[Binary]:
    paths = frozenset(file.path for file in package.files)
    native = (file.path for file in package.files if _NATIVE.match(file.path))
    named = [path for path in native if not _has_fallback(path, paths)][:MAX_BINARIES]
    if not named:
        return
    if package.kind == ARCHIVE or (not tree.is_folder(package.path) and tree.is_file(package.path)):
        yield from _in_archive(tree, package, named)
        return
    for name in named:
        path = posixpath.join(package.path, name)
        header = tree.data(path, HEADER)
        read = machine_of(header)
        if read is not None:
            yield Binary(name, *read, Span(path, 1, 1, 1, 1))


def _in_archive(tree: Tree, package: Package, named: list[str]) -> Iterator[Binary]:
    at = Span(package.path, 1, 1, 1, 1)
    try:
        tree.opened.add(package.path)
        with zipfile.ZipFile(tree.absolute(package.path)) as archive:
            for name in named:
                with archive.open(name) as file:
                    read = machine_of(file.read(HEADER))
                if read is not None:
                    yield Binary(name, *read, at)
    except (
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        zipfile.BadZipFile,
        struct.error,
    ):
        return


def machine_of(header: bytes) -> tuple[str, str] | None:
    """Machine and system that a file is for, by its beginning; None for what is no native code."""
    if header.startswith(b"\x7fELF") and len(header) >= 20:
        order = ">" if header[5:6] == b"\x02" else "<"
        machine = struct.unpack_from(f"{order}H", header, 18)[0]
        return _MACHINES.get(machine, "another machine"), LINUX
    if header[:4] in (
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ):
        return "macOS", MACOS
    if header.startswith(b"MZ"):
        return "Windows", WINDOWS
    return None
