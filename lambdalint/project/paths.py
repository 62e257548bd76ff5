"""Local paths that a template gives: code, layer content, definitions, and whether anything is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.spelling import close_matches
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.values import Literal, Value, text

if TYPE_CHECKING:
    from lambdalint.project.model import Project

PROPERTIES = {
    "AWS::Lambda::Function": "Code",
    "AWS::Lambda::LayerVersion": "Content",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}
"""The property whose local path packaging uploads."""

_PLAIN = regex(r"[\w./@+,~= -]+\Z")
_SOURCES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".rb")


class LocalPath:
    """A path as a template writes it. ``path`` is relative to the project's root."""

    def __init__(self, project: Project, resource: Resource, name: str, written: str, path: str, span: Span) -> None:
        self.project = project
        self.resource = resource
        self.name = name
        self.written = written
        self.path = path
        self.span = span

    @property
    def is_there(self) -> bool:
        """Whether there is a file or folder, letter case as written."""
        return self.project.tree.exists(self.path)

    @cached_property
    def other_case(self) -> str:
        """The path as it stands on disk where only letter case differs; else nothing."""
        return self.project.tree.in_other_case(self.path) or ""

    @property
    def in_right_case(self) -> str:
        """What is written, in the letter case that the disk has; nothing where more differs, or less."""
        steps = self.written.split("/")
        named = [index for index, step in enumerate(steps) if step not in ("", ".", "..")]
        on_disk = self.other_case.split("/")[-len(named) :] if named else []
        if any(step == ".." for step in steps[named[0] :] if named) or len(on_disk) != len(named):
            return ""
        for index, name in zip(named, on_disk):
            if steps[index].lower() != name.lower():
                return ""
            steps[index] = name
        right = "/".join(steps)
        return right if right != self.written else ""

    @cached_property
    def may_be_made(self) -> bool:
        """Whether a build step may make what is not there, or a packaging tool looks for it from another folder."""
        if self.other_case:
            return False
        template = self.resource.template.path
        above = self._is_seen_from_above(posixpath.dirname(template))
        return above or self.project.builds.may_make(self.path, template)

    def _is_seen_from_above(self, folder: str) -> bool:
        tree = self.project.tree
        while folder:
            folder = posixpath.dirname(folder)
            path = tree.join(folder, self.written)
            if path is not None and tree.exists(path):
                return True
        return False

    @cached_property
    def near(self) -> str:
        """What was probably meant, as the template would write it; else nothing."""
        tree = self.project.tree
        parts = self.path.split("/")
        there = 0
        while tree.is_folder("/".join(parts[: there + 1])):
            there += 1
        folder = "/".join(parts[:there])
        up = len(parts) - there - 1
        for name in close_matches(parts[there], sorted(tree.listing(folder)), 3, 0.6):
            rest = "/".join((name, *parts[there + 1 :]))
            if tree.exists(posixpath.join(folder, rest)):
                return posixpath.join(self._written_above(up + 1), rest)
        module = re.split(r"[./]", text(self.resource.value("Handler")) or "")[0]
        if module and any(tree.is_file(posixpath.join(folder, f"{module}{suffix}")) for suffix in _SOURCES):
            return self._written_above(up + 1) or "."
        return ""

    def _written_above(self, levels: int) -> str:
        """What is written, without so many of its last parts."""
        written = self.written.rstrip("/")
        for _ in range(levels):
            written = posixpath.dirname(written)
        return written


def local_paths(project: Project) -> Iterator[LocalPath]:
    """The local paths of a project's templates that are written out and lead to a place within the project."""
    for template in project.templates:
        if is_fragment(template):
            continue
        for resource in template.resources.values():
            name = PROPERTIES.get(resource.type)
            if name is None or resource.about("aws:asset:path") is not None or resource.about("SkipBuild") is not None:
                continue
            found = resource.get(name)
            if found is not None:
                yield from _local_path(project, resource, name, found.value)
            context = resource.about("DockerContext") if name in ("Code", "CodeUri") else None
            has_image = resource.get("ImageUri") or resource.get("Code", "ImageUri")
            if context is not None and not has_image:
                yield from _local_path(project, resource, "DockerContext", context)


def is_fragment(template: Template) -> bool:
    """Whether a template is a piece that another one includes: SAM resources without the transform."""
    return template.is_sam and not template.transforms


def _local_path(project: Project, resource: Resource, name: str, value: Value) -> Iterator[LocalPath]:
    if not isinstance(value, Literal) or not isinstance(value.value, str):
        return
    written = value.value
    if not _PLAIN.match(written) or "://" in written:
        return
    path = project.tree.join(posixpath.dirname(resource.template.path), written)
    if path:
        yield LocalPath(project, resource, name, written, path, value.span)
