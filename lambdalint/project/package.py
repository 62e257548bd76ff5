"""What a function or layer ships: the files of its package with their sizes, as far as they are there to see.

Build output comes first (``.aws-sam/build``, the assets of a CDK assembly), then an archive that the template names, of
which only the directory is read, then the code folder itself where it is what gets deployed.
"""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.project.archive import MAX_DIRECTORY, broken, directory_size
from lambdalint.project.model import Function, Layer
from lambdalint.project.tree import Tree
from lambdalint.templates.inline import inline_code
from lambdalint.values import literals, member, text

if TYPE_CHECKING:
    from lambdalint.project.model import Project

MAX_FILES = 100_000

BUILT, ARCHIVE, SOURCE = "built", "archive", "source"

_BUILD_FOLDER = ".aws-sam/build"
_NOT_SHIPPED = frozenset(
    (".git", ".hg", ".svn", ".aws-sam", ".venv", "cdk.out", ".serverless", ".terraform", "__pycache__")
)
"""What a clean checkout doesn't have, or what build tools leave out."""

_SHIPS_AS_IT_IS = frozenset(("python", "ruby"))
_NODE_MANIFEST = ("package.json", "tsconfig.json")

_SEARCH_FOLDERS = frozenset(
    ("python", "lib", "site-packages", "dist-packages", "nodejs", "node_modules", "java", "opt")
)
"""Folders that say where code lies, not which."""


class Part(Struct, frozen=True):
    """A library, folder or file of a package, and its size in bytes, unpacked."""

    name: str
    size: int


class Packed(Struct, frozen=True):
    """A file of a package: its path in it, its size in bytes, unpacked, and whether it may be executed."""

    path: str
    size: int
    executable: bool = False


class Package:
    """The files of one package.

    ``path`` is its folder or archive, ``kind`` is ``built`` (by SAM or CDK), ``archive`` (named by the template) or
    ``source`` (the code folder: at least this is shipped).
    """

    def __init__(self, path: str, kind: str, files: tuple[Packed, ...]) -> None:
        self.path = path
        self.kind = kind
        self.files = files

    @property
    def is_file(self) -> bool:
        """Whether it is a single file, no folder and no archive."""
        return len(self.files) == 1 and self.files[0].path == posixpath.basename(self.path)

    @cached_property
    def size(self) -> int:
        """Bytes, unpacked."""
        return sum(file.size for file in self.files)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its libraries, folders and files, the largest first."""
        sizes: Counter[str] = Counter()
        for file in self.files:
            sizes[_part_of(file.path)] += file.size
        return tuple(Part(name, size) for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])))


def _part_of(path: str) -> str:
    steps = path.split("/")
    for index, step in enumerate(steps[:-1]):
        if step not in _SEARCH_FOLDERS and not step.startswith(("python3.", "node1", "node2")):
            return f"{step}/{steps[index + 1]}" if step.startswith("@") else step
    return steps[-1]


class Packages:
    """The packages of a project, each looked at once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tree: Tree = project.tree
        self._known: dict[tuple[str, str], Package | None] = {}
        self._of: dict[Function | Layer, Package | None] = {}
        self._older: dict[tuple[str, str, str], bool] = {}

    def of(self, thing: Function | Layer) -> Package | None:
        """What a function or layer ships, or None where that can't be told."""
        if thing not in self._of:
            self._of[thing] = self._find(thing)
        return self._of[thing]

    def _find(self, thing: Function | Layer) -> Package | None:
        folder = posixpath.dirname(thing.template.path)
        for path in self._outputs(thing, folder):
            found = self._at(path, BUILT)
            if found is not None:
                return found
        code = thing.code
        if code.kind == "file":
            return self._at(code.path, ARCHIVE)
        if code.kind == "folder" and self._ships_as_it_is(thing):
            return self._at(code.path, SOURCE)
        return None

    def source(self, thing: Function | Layer) -> Package | None:
        """The code folder as it is before a build."""
        return self._at(thing.code.path, SOURCE) if thing.code.kind == "folder" else None

    def is_older(self, thing: Function | Layer, package: Package) -> bool:
        """Whether a package was made before the template was last changed, so that a build makes it anew.

        What a checkout brings has no times to go by, and CDK writes both at once.
        """
        key = (thing.template.path, package.path, package.kind)
        if key not in self._older:
            self._older[key] = self._is_older(thing, package)
        return self._older[key]

    def _is_older(self, thing: Function | Layer, package: Package) -> bool:
        path = package.path
        if package.kind == BUILT:
            folder = posixpath.join(posixpath.dirname(thing.template.path), _BUILD_FOLDER)
            if not path.startswith(f"{folder}/"):
                return False
            path = posixpath.join(folder, "template.yaml")
        elif not self.tree.is_ignored(path):
            return False
        made, changed = self.tree.modified(path), self.tree.modified(thing.template.path)
        return made is not None and changed is not None and made < changed

    def headers(self, package: Package, paths: list[str], limit: int) -> dict[str, bytes]:
        """The first ``limit`` bytes of some files of a package, of as many as can be read."""
        if self.tree.is_folder(package.path):
            return {path: self.tree.data(posixpath.join(package.path, path), limit) for path in paths}
        if package.is_file:
            return {path: self.tree.data(package.path, limit) for path in paths}
        return _starts(self.tree, package.path, paths, limit)

    def _outputs(self, thing: Function | Layer, folder: str) -> Iterator[str]:
        """Where build output of a function or layer may be."""
        assembly = self.project.assembly(thing.template)
        if assembly is not None:
            if thing.code.kind in ("folder", "file") and assembly.holds(thing.code.path):
                yield thing.code.path
            return
        asset = text(thing.resource.about("aws:asset:path"))
        if asset is not None:
            path = self.tree.join(folder, asset)
            if path is not None:
                yield path
            return
        for setting in ("Code", "Content"):
            for key in literals(member(thing.resource.value(setting), "S3Key")):
                name, extension = posixpath.splitext(posixpath.basename(str(key.value)))
                if name and extension in (".zip", ".jar"):
                    beside = posixpath.join(folder, f"asset.{name}")
                    yield from (beside, f"{beside}{extension}")
        built = posixpath.join(folder, _BUILD_FOLDER)
        if thing.code.kind in ("folder", "missing") and self.tree.is_folder(built):
            yield f"{built}/{thing.name}"
            if isinstance(thing, Function):  # functions that share their code have one folder, named after one of them
                yield from (f"{built}/{other.name}" for other in self.project.functions if _is_built_as(thing, other))

    def _at(self, path: str, kind: str) -> Package | None:
        key = (path, kind)
        if key not in self._known:
            files: tuple[Packed, ...] | None = None
            if self.tree.is_folder(path):
                files = self._folder(path, kind)
            elif self.tree.is_file(path):
                files = _archive(self.tree, path)
            self._known[key] = Package(path, kind, files) if files else None
        return self._known[key]

    def _folder(self, folder: str, kind: str) -> tuple[Packed, ...]:
        start = len(folder) + 1 if folder else 0
        found = self.tree.files(folder, MAX_FILES, self._is_shipped if kind == SOURCE else None)
        return tuple(Packed(file.path[start:], file.size, file.executable) for file in found)

    def _is_shipped(self, folder: str) -> bool:
        return posixpath.basename(folder) not in _NOT_SHIPPED and "pyvenv.cfg" not in self.tree.listing(folder)

    def _ships_as_it_is(self, thing: Function | Layer) -> bool:
        """Whether all of the code folder is deployed, whatever a build may add."""
        is_synthesised = thing.resource.about("aws:cdk:path") or thing.resource.about("aws:asset:path")
        if thing.build_method or is_synthesised or thing.template.assembly is not None:
            return False
        if isinstance(thing, Layer):
            return True
        if thing.languages == {"provided"}:
            return "bootstrap" in self.tree.listing(thing.code.path)
        if thing.languages == {"nodejs"}:
            names = self.tree.listing(thing.code.path)
            return not any(name in names for name in _NODE_MANIFEST)
        return bool(thing.languages) and thing.languages <= _SHIPS_AS_IT_IS


def _is_built_as(function: Function, other: Function) -> bool:
    return (
        other.template is function.template
        and (other.code.kind, other.code.path) == (function.code.kind, function.code.path)
        and [item.value for item in other.runtimes] == [item.value for item in function.runtimes]
    )


# --- archives -----------------------------------------------------------------------------------------------------

_UNPACKED = (0, 8)
"""How members are packed that can be unpacked up to a limit (as they are, deflated); others would go beyond it."""


def _archive(tree: Tree, path: str) -> tuple[Packed, ...] | None:
    """What the directory of a zip archive lists; a file that is no archive is a package of one file."""
    from zipfile import ZipFile

    try:
        tree.opened.add(path)
        with open(tree.absolute(path), "rb") as file:
            size = directory_size(file)
            if size is None:
                return (Packed(posixpath.basename(path), file.seek(0, os.SEEK_END)),)
            if size > MAX_DIRECTORY:
                tree.notes[path] = f"lists more than {MAX_DIRECTORY // 1_000_000} MB of names; not read"
                return None
            with ZipFile(file) as archive:
                listed = [item for item in archive.infolist() if not item.is_dir()]
                return tuple(
                    Packed(item.filename, item.file_size, bool(item.external_attr >> 16 & 0o100)) for item in listed
                )
    except broken():
        return None


def _starts(tree: Tree, path: str, names: list[str], limit: int) -> dict[str, bytes]:
    """The first bytes of some members of a zip archive. What is compressed is unpacked up to there, nothing more."""
    from zipfile import ZipFile
    from zlib import error

    unreadable: tuple[type[Exception], ...] = (*broken(), KeyError, RuntimeError, error)
    found: dict[str, bytes] = {}
    tree.opened.add(path)
    try:
        with ZipFile(tree.absolute(path)) as archive:
            for name in names:
                try:
                    if archive.getinfo(name).compress_type in _UNPACKED:
                        with archive.open(name) as member:
                            found[name] = member.read(limit)
                except unreadable:
                    continue
    except broken():
        pass
    return found


def inline_size(function: Function) -> int | None:
    """The bytes of the code that a template gives inline; None where it gives none, or doesn't write it out."""
    code = inline_code(function.resource, None)
    return len(code.text.encode("utf-8", "replace")) if code is not None else None
