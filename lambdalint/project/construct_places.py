"""Where the user of CDK wrote what stands in a synthesised template: from a place in it to a line of the app.

The assembly tells where constructs were made, as stack traces of the machine that synthesised it. The first frame in
the user's own code counts; where there is none, the construct around it is asked, and where nothing is known of any,
the construct's id is looked for in the app's source. Traces are untrusted: nothing outside the project is looked at.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.code.source_map import SourceMap, inline_map, mapping_url, read_map
from lambdalint.project.assemblies import Synthesised
from lambdalint.project.construct_search import SUFFIXES, ConstructSearch
from lambdalint.project.tree import Tree
from lambdalint.regex import regex
from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Template

MAX_FOREIGN_FILES = 2_000
MAX_CALLERS = 3
MAX_NAME = 200

_COMPILED = (".js", ".jsx", ".mjs", ".cjs")
_TYPED = (".ts", ".tsx", ".mts", ".cts")
_INNER = ("/Resource", "/Default")
_FOREIGN_FOLDERS = frozenset(("node_modules", "site-packages", "dist-packages", "jsii-runtime"))
_CALLEE = regex(r"(?:\.\.\.)?(?P<new>new )?(?P<name>[\w$.]+) (?:in |\()")
_WORD = regex(r"(?:new\s+)?[A-Za-z_$][\w.$]*")
_MAX_NAME = 200
_ASSIGNED = regex(r"[A-Za-z_$][\w$]*(?=\s*=?\s*\Z)")


class Frame(Struct, frozen=True):
    """A place that a stack trace names; ``column`` is 0 where it is not known."""

    file: str
    line: int
    column: int


class ConstructPlaces:
    """Finds the line of an app for places in the templates of its assembly.

    ``source`` gives a file's text, ``programs`` are the files of the working tree in any programming language.
    """

    def __init__(
        self,
        tree: Tree,
        source: Callable[[str], Source | None],
        assembly: Synthesised,
        programs: Iterable[str],
    ) -> None:
        self._tree = tree
        self._source = source
        self._assembly = assembly
        self._programs = [path for path in programs if path.endswith(SUFFIXES) and _within(path, assembly.app)]
        self._search = ConstructSearch(tree, source, (path for path in self._programs if not self._is_compiled(path)))
        self._maps: dict[str, tuple[SourceMap | None, str]] = {}
        self._rebased: dict[str, str | None] = {}

    def places(self, template: Template, pointer: str) -> tuple[Span, ...]:
        """The place in the app of a JSON pointer into a template, and the calls that led there; empty if unknown."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.lstrip("#").split("/")[1:]]
        if len(steps) < 2:
            return ()
        logical_id = steps[1]
        resource = template.resources.get(logical_id) if steps[0] == "Resources" else None
        path = resource.construct if resource is not None else template.constructs.get(logical_id, "")
        if not path:
            return ()
        return self._of_construct(path, steps[3:] if steps[2:3] == ["Properties"] else [])

    def _of_construct(self, path: str, setting: list[str]) -> tuple[Span, ...]:
        scope = self._scope(path)
        steps = path.split("/")
        paths = ["/".join(steps[:length]) for length in range(len(steps), 0, -1)]
        inner = [item for item in paths if len(item) > len(scope)]
        outer = [item for item in paths if len(item) <= len(scope)]
        found, made = self._assigned(path, setting[0]) if setting else (), ""
        if not found:
            found, made = self._traced(inner) or self._named(inner) or self._traced(inner, surely=False) or ((), "")
        if not found:
            found, made = self._traced(outer) or self._named(outer) or ((), "")
        stack = self._traced([scope]) if scope and path != scope else None
        if stack is not None and stack[0][0] in found:
            found = found[: found.index(stack[0][0])] or found[:1]
        if made in (path, *(path.removesuffix(end) for end in _INNER)):
            argument = self._search.argument(found[0], setting)
            return found if argument is None else (argument, *found)
        return found

    def _scope(self, path: str) -> str:
        """The construct path of the stack around a construct."""
        scopes = [stack.scope for stack in self._assembly.assembly.stacks if stack.scope]
        return max((scope for scope in scopes if path.startswith(scope + "/")), key=len, default="")

    # --- stack traces -------------------------------------------------------------------------------------------

    def _assigned(self, path: str, setting: str) -> tuple[Span, ...]:
        """Where a property was set, if that is another place than where the construct was made."""
        construct = self._assembly.constructs.get(path)
        if construct is None or not construct.assignments:
            return ()
        made = self._own_frames(construct.trace)
        for assignment in construct.assignments:
            if assignment.property == setting:
                found = self._own_frames(assignment.trace)
                if found and found[:1] != made[:1]:
                    return found
        return ()

    def _traced(self, paths: list[str], surely: bool = True) -> tuple[tuple[Span, ...], str] | None:
        """Where the innermost construct was made of which a trace tells it, and its path.

        With ``surely`` the call that the trace names must stand there; else the file may have been edited since, or may
        be what the user's file was compiled to.
        """
        for path in paths:
            for name in (path, *(path + end for end in _INNER)):
                construct = self._assembly.constructs.get(name)
                found = self._own_frames(construct.trace, surely) if construct is not None else ()
                if found:
                    return found, path
        return None

    def _named(self, paths: list[str]) -> tuple[tuple[Span, ...], str] | None:
        """Where the app's source says that a construct is made, and its path."""
        found = self._search.call(reversed(paths))
        return ((found[0],), found[1]) if found is not None else None

    def _own_frames(self, trace: tuple[str, ...], surely: bool = True) -> tuple[Span, ...]:
        """The places of the frames in the user's own code; none if the first of them can't be found."""
        found: list[Span] = []
        for index, text in enumerate(trace):
            frame = _frame(text)
            path = self._in_project(frame.file) if frame is not None else None
            if frame is not None and path is not None:
                span = self._span(replace(frame, file=path), surely)
                if span is None or len(found) > MAX_CALLERS:
                    break
                if surely and index and not found and frame.column and not self._calls(span, trace[index - 1]):
                    break
                if span not in found:
                    found.append(span)
        return tuple(found)

    def _calls(self, span: Span, callee: str) -> bool:
        """Whether what a frame names as called may be called at a place."""
        source = self._source(span.path)
        match = _CALLEE.match(callee)
        if source is None or match is None:
            return True
        there = source.lines[span.line - 1][span.column - 1 :]
        if match.group("new"):
            return there.startswith(("new ", "super"))
        return match.group("name").rpartition(".")[2] in there

    def _in_project(self, file: str) -> str | None:
        """The file of a frame as a path of the project; None if it is none of the user's files."""
        path = _slashes(file)
        if not path.lower().endswith(SUFFIXES) or _FOREIGN_FOLDERS & set(path.split("/")):
            return None
        if path not in self._rebased:
            self._rebased[path] = self._rebase(path)
        return self._rebased[path]

    def _rebase(self, path: str) -> str | None:
        found = self._tree.relative(path) if _is_absolute(path) else self._tree.join(self._assembly.app, path)
        if found is None:
            for prefix, folder in self._moves:
                if path.startswith(prefix):
                    found = self._tree.join(folder, path[len(prefix) :])
                    break
        if found is None or not self._tree.is_file(found) or _within(found, self._assembly.assembly.folder):
            return None
        return found

    @cached_property
    def _moves(self) -> list[tuple[str, str]]:
        """What to replace in paths of the machine that synthesised the app: prefix and folder, likeliest first.

        The replacement that leads the most files of all traces to files of this project wins. There is none if the
        app was synthesised here.
        """
        votes: Counter[tuple[str, str]] = Counter()
        for path in self._foreign_files():
            parts = path.split("/")
            for folder in _and_above(self._assembly.app):
                for index in range(1, len(parts)):
                    target = self._tree.join(folder, "/".join(parts[index:]))
                    if target is not None and self._tree.is_file(target):
                        votes["/".join(parts[:index]) + "/", folder] += 1
                        break
        best = max(votes.values(), default=0)
        return [move for move, count in votes.most_common() if count == best][:1]

    def _foreign_files(self) -> list[str]:
        found: dict[str, None] = {}
        for construct in self._assembly.assembly.constructs:
            for text in construct.trace:
                frame = _frame(text)
                path = _slashes(frame.file) if frame is not None else ""
                if not _is_absolute(path) or not path.lower().endswith(SUFFIXES):
                    continue
                here = self._tree.relative(path)
                if here is not None and self._tree.is_file(here):
                    return []
                if not _FOREIGN_FOLDERS & set(path.split("/")):
                    found[path] = None
            if len(found) >= MAX_FOREIGN_FILES:
                break
        return list(found)

    # --- places in sources --------------------------------------------------------------------------------------

    def _span(self, frame: Frame, surely: bool) -> Span | None:
        """The place of a frame whose file is in the project, in the source that it was compiled from.

        None if the file can't be what the frame was in: it has been edited since.
        """
        if frame.file.endswith(_COMPILED):
            original = self._before_compiling(frame)
            if original is not None:
                frame = original
            elif surely and self._is_compiled(frame.file):
                return None
        source = self._source(frame.file)
        if source is None or not 1 <= frame.line <= len(source.lines):
            return None
        line = source.lines[frame.line - 1]
        if not line.strip():
            return None
        start = frame.column - 1 if 0 < frame.column <= len(line) else len(line) - len(line.lstrip())
        if not frame.column:
            return Span(frame.file, frame.line, start + 1, frame.line, len(line.rstrip()) + 1)
        word, offset = _WORD.match(line, start), 0
        if word is None:
            offset = max(0, start - MAX_NAME)
            word = _ASSIGNED.search(line[max(offset, start - _MAX_NAME) : start + 1])
        if word is None:
            return None
        return Span(frame.file, frame.line, offset + word.start() + 1, frame.line, offset + word.end() + 1)

    def _is_compiled(self, path: str) -> bool:
        """Whether the app has a TypeScript file that a JavaScript file may have been compiled from."""
        return path.endswith(_COMPILED) and posixpath.basename(path).partition(".")[0] in self._typescript

    @cached_property
    def _typescript(self) -> set[str]:
        return {posixpath.basename(path).partition(".")[0] for path in self._programs if path.endswith(_TYPED)}

    def _before_compiling(self, frame: Frame) -> Frame | None:
        source_map, folder = self._map_of(frame.file)
        original = source_map.original(frame.line, frame.column or 1) if source_map is not None else None
        if original is None:
            return None
        path = _slashes(original.source)
        found = self._tree.relative(path) if _is_absolute(path) else self._tree.join(folder, path)
        if found is None or not self._tree.is_file(found) or _FOREIGN_FOLDERS & set(found.split("/")):
            return None
        return Frame(found, original.line, original.column)

    def _map_of(self, path: str) -> tuple[SourceMap | None, str]:
        """The source map of a file, and the folder that it counts from."""
        if path not in self._maps:
            self._maps[path] = self._read_map(path)
        return self._maps[path]

    def _read_map(self, path: str) -> tuple[SourceMap | None, str]:
        folder = posixpath.dirname(path)
        source = self._source(path)
        url = mapping_url(source.text) if source is not None else ""
        if url.startswith("data:"):
            data = inline_map(url)
            return read_map(data) if data is not None else None, folder
        beside = self._tree.join(folder, url) if url else None
        if beside is None or not self._tree.is_file(beside):
            return None, folder
        written = self._source(beside)
        return read_map(written.text.encode()) if written is not None else None, posixpath.dirname(beside)


def _frame(text: str) -> Frame | None:
    """The frame that a line of a stack trace tells: ``name (file:line:column)``; None for notes and folded frames."""
    text = text.strip()
    if text.startswith("..."):
        return None
    if text.endswith(")"):
        text = text[text.rfind(" (") + 2 : -1]
    rest, _, last = text.rpartition(":")
    file, _, middle = rest.rpartition(":")
    if not _is_number(last):
        return None
    return Frame(file, int(middle), int(last)) if file and _is_number(middle) else Frame(rest, int(last), 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def _slashes(file: str) -> str:
    from urllib.parse import unquote

    path = unquote(file[7:]) if file.startswith("file://") else file
    path = path.replace("\\", "/")
    return path[1:] if re.match(r"/[A-Za-z]:/", path) else path


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or path[1:3] == ":/"


def _and_above(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _within(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")
