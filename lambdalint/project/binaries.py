"""Binary files of packages: for which system and machine they are, by the first bytes of each.

Nothing is unpacked or run. Only files that are named like libraries, and programs where Lambda looks for them, are
opened.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.aws.architectures import HEADER, LINUX, machine_of
from lambdalint.project.package import Package, Packed
from lambdalint.regex import regex

if TYPE_CHECKING:
    from lambdalint.project.model import Project

MAX_OPENED = 1_500
"""Files of a folder that are opened at most; if there are more, nothing is said of the package."""

MAX_OPENED_PACKED = 300
"""Members of an archive that are opened at most: each is found and unpacked from its beginning."""

_LIBRARY = (".so", ".node", ".pyd", ".dylib", ".dll")
_NATIVE = (*_LIBRARY, ".exe", ".a", ".o", ".jar", ".whl", ".wasm")
_VERSIONED = regex(r"\.so(\.\d+)+\Z")
_PROGRAM = regex(r"bootstrap\Z|extensions/[^/]+\Z|bin/.+")
_SCRIPT = (
    *(".py", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".sh", ".rb", ".sql", ".html", ".css"),
    *(".json", ".yaml", ".yml", ".txt", ".md", ".toml", ".cfg", ".ini", ".pem", ".xml"),
)
_LEAST = 20
"""Bytes of the shortest header that tells a machine."""


class Binary(Struct, frozen=True):
    """A library or program of a package.

    ``system`` is ``Linux``, ``macOS`` or ``Windows``; ``machine`` is empty where it can't be told, or is one of
    several.
    """

    path: str
    system: str
    machine: str

    @property
    def target(self) -> str:
        """What it is for, in a word: ``macOS``, ``Windows``, or the machine, since Linux goes without saying."""
        return self.machine if self.system == LINUX else self.system


class Binaries:
    """The binary files of a project's packages, each looked at once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._found: dict[tuple[str, str], tuple[Binary, ...] | None] = {}
        self._native: dict[tuple[str, str], bool] = {}

    def of(self, package: Package) -> tuple[Binary, ...] | None:
        """The libraries and programs of a package that tell what they are for; None where there are too many."""
        key = (package.path, package.kind)
        if key not in self._found:
            self._found[key] = self._read(package)
        return self._found[key]

    def has_native(self, package: Package) -> bool:
        """Whether a package has, or may have, something that is for one machine only."""
        key = (package.path, package.kind)
        if key not in self._native:
            self._native[key] = self._has_native(package)
        return self._native[key]

    def _has_native(self, package: Package) -> bool:
        if any(_ends(file.path, _NATIVE) for file in package.files):
            return True
        programs = [file.path for file in package.files if _may_be_program(file)]
        if len(programs) > MAX_OPENED_PACKED:
            return True
        headers = self.project.packages.headers(package, programs, HEADER)
        return len(headers) < len(programs) or any(machine_of(header) is not None for header in headers.values())

    def _read(self, package: Package) -> tuple[Binary, ...] | None:
        paths = [file.path for file in package.files if _is_looked_at(file)]
        is_folder = self.project.tree.is_folder(package.path)
        if len(paths) > (MAX_OPENED if is_folder else MAX_OPENED_PACKED):
            return None
        found = []
        for path, header in self.project.packages.headers(package, paths, HEADER).items():
            target = machine_of(header)
            if target is not None:
                found.append(Binary(path, *target))
        return tuple(found)


def _ends(path: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a file is called like a library, with a version or without, or with another of some suffixes."""
    path = path.lower()
    return path.endswith(suffixes) or (".so." in path and _VERSIONED.search(path) is not None)


def _is_looked_at(file: Packed) -> bool:
    if file.size < _LEAST or ".dSYM/" in file.path:
        return False
    if _ends(file.path, _LIBRARY):
        return True
    return _may_be_program(file) and _PROGRAM.match(file.path) is not None


def _may_be_program(file: Packed) -> bool:
    name = posixpath.basename(file.path)
    return file.size >= _LEAST and ("." not in name or (file.executable and not name.lower().endswith(_SCRIPT)))
