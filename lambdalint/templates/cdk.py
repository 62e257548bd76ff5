"""A CDK assembly (``cdk.out``): which templates it names, where their assets are, where constructs were made.

An assembly is what ``cdk synth`` writes. It is untrusted: paths that lead out of it, or out of the project, are not
followed, and whatever is damaged becomes a one-line problem.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator
from typing import Any

from lambdalint.source import Data

MANIFEST = "manifest.json"
VERSION_FILE = "cdk.out"

MAX_BYTES = 60_000_000
MAX_NESTING = 8
MAX_FRAMES = 60

Load = Callable[[str], "bytes | None"]
"""Gives the bytes of a file by its path, or None where there is none within the project."""


class Assignment(Data, frozen=True):
    """Where a property of a resource was set. ``trace`` are frames as CDK writes them, innermost first."""

    property: str
    trace: tuple[str, ...]


class Construct(Data, frozen=True):
    """A construct that made a part of a template.

    ``path`` has no slash at its beginning; ``logical_id`` is empty for stacks. ``stack`` is the path of the template of
    the stack (never a nested one) that it belongs to. ``trace`` are frames as CDK writes them, innermost first.
    """

    path: str
    logical_id: str
    stack: str
    trace: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()


class Asset(Data, frozen=True):
    """A file or folder that is uploaded for a template.

    ``key`` is the name of the object that it becomes, ``path`` where it is (absolute if CDK wrote it so), ``packaging``
    is ``zip`` for a folder that becomes an archive and ``file`` for a file that is uploaded as it is.
    """

    key: str
    path: str
    packaging: str


class Stack(Data, frozen=True):
    """A template that an assembly names. ``scope`` is the stack's construct path, empty where it is not known.

    ``stack`` is the path of the template of the stack around it: for nested stacks another one, else its own.
    """

    path: str
    scope: str
    stack: str


class Assembly(Data, frozen=True):
    """What an assembly folder tells, those nested in it included. Paths are relative to the project's root.

    ``problems`` are files that could not be read, each with the reason.
    """

    folder: str
    stacks: tuple[Stack, ...] = ()
    assets: tuple[Asset, ...] = ()
    constructs: tuple[Construct, ...] = ()
    trees: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def read_assembly(folder: str, load: Load) -> Assembly:
    """The assembly in a folder. Never raises."""
    reader = _Reader(folder, load)
    reader.read(folder, 0)
    return Assembly(
        folder,
        tuple(reader.stacks.values()),
        tuple(reader.assets.values()),
        tuple(reader.constructs.values()),
        tuple(reader.trees),
        tuple(reader.problems),
    )


def read_tree(path: str, load: Load) -> dict[str, str]:
    """The classes of an assembly's constructs by construct path, from its ``tree.json``. Never raises."""
    found: dict[str, str] = {}
    content, _ = _json(path, load)
    pending = [_map(_map(content).get("tree"))]
    while pending:
        node = pending.pop()
        kind = _text(_map(node.get("constructInfo")).get("fqn"))
        if kind:
            found[_text(node.get("path"))] = kind
        pending.extend(_map(child) for child in _map(node.get("children")).values())
    return found


class _Reader:
    def __init__(self, folder: str, load: Load) -> None:
        self.top = folder
        self.load = load
        self.stacks: dict[str, Stack] = {}
        self.assets: dict[tuple[str, str], Asset] = {}
        self.constructs: dict[str, Construct] = {}
        self.trees: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self._seen: set[str] = set()

    def read(self, folder: str, depth: int) -> None:
        """Reads the manifest of an assembly and what it names."""
        if folder in self._seen or depth > MAX_NESTING:
            return
        self._seen.add(folder)
        path = _join(folder, MANIFEST)
        known = len(self.problems)
        artifacts = _map(self._open(path)).get("artifacts")
        if not isinstance(artifacts, dict):
            if len(self.problems) == known:
                self.problems.append((path, "is no manifest of a CDK assembly"))
            return
        asset_files: list[tuple[str, str]] = []
        for name, value in artifacts.items():
            artifact = _map(value)
            properties = _map(artifact.get("properties"))
            kind = artifact.get("type")
            if kind == "aws:cloudformation:stack":
                self._stack(folder, name, artifact, properties)
            elif kind == "cdk:asset-manifest":
                asset_files.append((name, _text(properties.get("file"))))
            elif kind == "cdk:cloud-assembly":
                inner = self._within(folder, _text(properties.get("directoryName")))
                if inner is not None:
                    self.read(inner, depth + 1)
            elif kind == "cdk:tree":
                tree = self._within(folder, _text(properties.get("file")))
                if tree is not None:
                    self.trees.append(tree)
        for name, file in asset_files:
            self._asset_manifest(folder, name, file)

    def _stack(self, folder: str, name: str, artifact: dict[str, Any], properties: dict[str, Any]) -> None:
        template = self._within(folder, _text(properties.get("templateFile")))
        if template is None:
            return
        scope = _text(artifact.get("displayName")) or name
        self.stacks[template] = Stack(template, scope, template)
        self._metadata(folder, template, _map(artifact.get("metadata")))
        further = _text(artifact.get("additionalMetadataFile"))
        path = self._within(folder, further) if further else None
        if path is not None:
            self._metadata(folder, template, _map(self._open(path)))

    def _metadata(self, folder: str, stack: str, metadata: dict[str, Any]) -> None:
        for key, value in metadata.items():
            path = key.lstrip("/")
            logical_id = ""
            trace: list[str] = []
            creation: list[str] = []
            assignments: list[Assignment] = []
            for entry in value if isinstance(value, list) else ():
                item = _map(entry)
                kind, data = item.get("type"), item.get("data")
                if kind == "aws:cdk:logicalId":
                    logical_id = _text(data)
                    trace.extend(_frames(item.get("trace")))
                elif kind == "aws:cdk:creationStack":
                    creation.extend(_frames(data))
                elif kind == "aws:cdk:propertyAssignment":
                    given = _map(data)
                    frames = tuple(_frames(given.get("stackTrace")))
                    assignments.append(Assignment(_text(given.get("propertyName")), frames))
                elif kind == "aws:cdk:templateFile":
                    self._nested(folder, _text(data), path, stack)
                elif kind == "aws:cdk:asset":
                    self._old_asset(folder, _map(data), stack)
            known = self.constructs.get(path)
            if known is not None:
                trace = [*known.trace, *trace]
                assignments = [*known.assignments, *assignments]
                logical_id = logical_id or known.logical_id
            if logical_id or trace or creation:
                frames = (*trace, *creation)[:MAX_FRAMES]
                self.constructs[path] = Construct(path, logical_id, stack, frames, tuple(assignments))

    def _nested(self, folder: str, file: str, scope: str, stack: str) -> None:
        path = self._within(folder, file)
        if path is not None and (path not in self.stacks or not self.stacks[path].scope):
            self.stacks[path] = Stack(path, scope, stack)

    def _old_asset(self, folder: str, data: dict[str, Any], stack: str) -> None:
        """An asset as stacks without an asset manifest list it."""
        written = _text(data.get("path"))
        if data.get("packaging") == "file" and written.endswith(".template.json"):
            self._nested(folder, written, "", stack)

    def _asset_manifest(self, folder: str, name: str, file: str) -> None:
        path = self._within(folder, file)
        stack = self._within(folder, f"{name.removesuffix('.assets')}.template.json") or ""
        for item in _map(_map(self._open(path)).get("files")).values() if path is not None else ():
            source = _map(_map(item).get("source"))
            written, packaging = _text(source.get("path")), _text(source.get("packaging"))
            if not written:
                continue
            if packaging == "file" and written.endswith(".template.json"):
                nested = self._within(folder, written)
                if nested is not None and nested not in self.stacks:
                    self.stacks[nested] = Stack(nested, "", stack)
            place = written if _is_absolute(written) else _inside("", _join(folder, written))
            for destination in _map(_map(item).get("destinations")).values():
                key = _text(_map(destination).get("objectKey"))
                if key and place is not None:
                    self.assets[(key, place)] = Asset(key, place, packaging)

    def _open(self, path: str) -> object:
        content, problem = _json(path, self.load)
        if problem:
            self.problems.append((path, f"{problem}; run `cdk synth` again"))
        return content

    def _within(self, folder: str, written: str) -> str | None:
        """A path that an assembly names; None if it leads out of it."""
        return _inside(self.top, _join(folder, written)) if written and not _is_absolute(written) else None


def _json(path: str, load: Load) -> tuple[object, str]:
    """What a file holds, and what is wrong with it."""
    data = load(path)
    if data is None:
        return None, "cannot be read"
    if len(data) > MAX_BYTES:
        return None, f"is larger than {MAX_BYTES // 1_000_000} MB and was not read"
    try:
        return json.loads(data), ""
    except (ValueError, RecursionError) as error:
        what = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "nesting or encoding"
        return None, f"is damaged or incomplete ({what})"


def _frames(value: object) -> Iterator[str]:
    for frame in value[:MAX_FRAMES] if isinstance(value, list) else ():
        if isinstance(frame, str) and len(frame) < 5_000:
            yield frame


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "\\")) or path[1:2] == ":"


def _inside(folder: str, path: str) -> str | None:
    """The path without dots if it is within a folder, else None."""
    normal = posixpath.normpath(path.replace("\\", "/"))
    if normal == ".." or normal.startswith(("../", "/")) or "\0" in normal:
        return None
    return normal if not folder or normal == folder or normal.startswith(folder + "/") else None
