"""Which environment variables the code of a function mentions, in any language: by the words of what it ships.

A variable counts as read where its name stands anywhere in the shipped files, in any case and with any separators, so
that settings classes and configuration files count too. Code that asks for all variables mentions every one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.aws.environment import is_provided, is_read_by_libraries
from lambdalint.code.facts import Const
from lambdalint.naming import Names
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.model import Function, Variable
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.templates.document import Mapping, get
from lambdalint.templates.inline import inline_code

if TYPE_CHECKING:
    from lambdalint.project.model import Project
    from lambdalint.templates.cloudformation import Template

MAX_FILES = 2_000
MAX_BYTES = 8_000_000
MAX_FILE_BYTES = 2_000_000

_NO_CODE = Names(
    whole=("package-lock.json",),
    ends=(
        *(".md", ".rst", ".adoc", ".pdf", ".csv", ".parquet", ".lock", ".tfvars", ".drawio", ".map", ".pem"),
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".woff", ".woff2", ".ttf", ".eot", ".mp3", ".mp4"),
        *(".pyc", ".class", ".so", ".dll", ".exe", ".zip", ".jar", ".gz", ".whl", ".bin"),
    ),
    pairs={("samconfig", ".env", "license", "changelog"): ("",), ("env",): (".json",)},
)
_NOT_ENTERED = frozenset((".git", ".aws-sam", "cdk.out", "__pycache__", ".venv", ".serverless", ".idea", ".vscode"))
_LETTERS = bytes(
    ord(chr(code).lower()) if code < 128 and (chr(code).isalnum() or chr(code) in ".-_") else ord(" ")
    for code in range(256)
)
"""By code, the small letter of each letter of words, with what may stand within words; spaces for all others."""
_APART = bytes(ord(" ") if chr(code) in ".-" else code for code in range(256))
_ALL = tuple(
    (mark, regex(pattern, re.MULTILINE))
    for mark, pattern in (
        ("os.environ", r"os\.environ(?:(?!\s*[\[.\w])|\.(?:items|copy|keys|values|update\((?!\{)))"),
        ("environ", r"environ(?<=[(=,\s]environ)(?!\s*[\[.\w])"),
        ("process.env", r"process\.env(?!\s*[\w.\[?!;,)]|\s*$)"),
        ("process.env", r"\.\.\.process\.env"),
        ("process.env", r"\(\s*process\.env\b(?!\s*[.\[?])"),
        ("process.env", r"=\s*process\.env\s*;?\s*$"),
        ("System.getenv", r"System\.getenv\(\s*\)"),
        ("ENV.", r"ENV\.(?:each|to_h|map|select)"),
        ("%ENV", r"%ENV\b"),
        ("env", r"env(?<=\benv)\s*\|"),
    )
)
"""How code asks for all variables. Each begins with letters, and has a text that must be there, to be found fast."""
_ALL_PLAINLY = (
    "GetEnvironmentVariables(",
    "env::vars",
    "os.Environ(",
    "env_prefix",
    "prefixed(",
    "$ENV:*",
    "printenv",
)

_ELSEWHERE = regex(
    r"<ProjectReference\s+Include=\"\.\.|<relativePath>\s*\.\.|\bproject\(\s*[\"']:|=>\s*\.\./|\bpath\s*=\s*\"\.\./"
    r"|\"(file|link|workspace|portal):|(^|\s)-e\s+\.\./|@\s*file:"
)
_BUILD_FILE = Names(
    whole=("pom.xml", "go.mod", "cargo.toml", "package.json", "pyproject.toml"),
    ends=(".csproj", ".fsproj", ".vbproj", ".gradle", ".gradle.kts"),
    pairs={("requirements",): (".txt",)},
)
"""Files that tell of what else is built into a package, and how they name what lies beside its folder."""

_DESTRUCTURED = regex(r"\}\s*=\s*process\.env\b")
_FOLLOWED = frozenset(("python", "nodejs"))
"""Languages whose handlers are linked; where one is not found, the code is not all there."""

_REDEPLOYED_BY = ("VERSION", "BUILD", "COMMIT", "DEPLOY", "HASH", "TIMESTAMP", "UPDATED", "SHA", "FORCE", "REVISION")
"""Words of variables that are set so that a deployment changes the function, or to be seen from outside."""


class Unread(Struct, frozen=True):
    """A variable that none of the functions which it is set for mentions."""

    variable: Variable
    functions: tuple[Function, ...]


class Words(Struct, frozen=True):
    """The words of some code: those of any of its parts."""

    parts: tuple[frozenset[bytes], ...]

    def __contains__(self, word: bytes) -> bool:
        return any(word in part for part in self.parts)


class Mentions:
    """The words of the code of a project's functions, each folder read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.templates = frozenset(template.path for template in project.templates)
        self._folders: dict[str, frozenset[bytes] | None] = {}
        self._known: dict[tuple[str, str], Words | None] = {}

    def words(self, function: Function) -> Words | None:
        """The words of all code of a function, without separators and in lower case; None where it isn't known."""
        key = (function.template.path, function.name)
        if key not in self._known:
            self._known[key] = self._words_of(function)
        return self._known[key]

    def _words_of(self, function: Function) -> Words | None:
        if function.has_wrapper or not function.layers_are_known or not function.is_whole:
            return None
        if function.handler is None and not function.languages.isdisjoint(_FOLLOWED):
            return None
        if function.code.kind == "inline":
            code = inline_code(function.resource, None)
            words = _words(code.text) if code is not None else None
            return Words((words,)) if words is not None else None
        if function.code.kind != "folder" or function.package_type != "Zip":
            return None
        found: list[frozenset[bytes]] = []
        folders = list(function.folders)
        for use in function.layers:
            folders.extend(self.project.linker.folders_of(use.layer.code) if use.layer is not None else ())
        for folder in folders:
            words = self._of(folder)
            if words is None:
                return None
            found.append(words)
        for module in function.handler.modules if function.handler is not None else ():
            path = module.facts.file
            if not any(not folder or path.startswith(f"{folder}/") for folder in folders):
                words = _words(self.project.tree.text(path, MAX_FILE_BYTES))
                if words is None:
                    return None
                found.append(words)
        return Words(tuple(found))

    @cached_property
    def by_place(self) -> dict[tuple[Template, str, Span], list[Function]]:
        """The functions that have a variable from one place, by template, name and place."""
        found: dict[tuple[Template, str, Span], list[Function]] = {}
        for function in self.project.functions:
            for name, variable in function.environment.items():
                found.setdefault((function.template, name, variable.span), []).append(function)
        return found

    def may_say(self, function: Function, pattern: re.Pattern[str]) -> bool:
        """Whether code of a function's own has a text that fits a pattern, or may have one where it isn't all there.

        Layers don't count.
        """
        if function.has_wrapper or not function.is_whole or function.handler is None:
            return True
        if function.code.kind == "inline":
            code = inline_code(function.resource, None)
            return code is None or pattern.search(code.text) is not None
        if function.code.kind != "folder" or function.package_type != "Zip":
            return True
        paths = {module.facts.file for module in function.handler.modules}
        for folder in function.folders:
            wanted = self._wanted(folder)
            if wanted is None:
                return True
            paths.update(wanted)
        return any(pattern.search(self.project.tree.text(path, MAX_FILE_BYTES)) for path in paths)

    def _wanted(self, folder: str) -> list[str] | None:
        """The files of a folder that are read; None where that is too much."""
        tree = self.project.tree
        files = tree.files(folder, MAX_FILES, lambda path: posixpath.basename(path) not in _NOT_ENTERED)
        wanted = [file for file in files if not _NO_CODE.fit(posixpath.basename(file.path))]
        if len(files) >= MAX_FILES or sum(file.size for file in wanted) > MAX_BYTES:
            return None
        if any(file.size > MAX_FILE_BYTES for file in wanted):
            return None
        return [file.path for file in wanted if file.path not in self.templates]

    def _of(self, folder: str) -> frozenset[bytes] | None:
        if folder not in self._folders:
            self._folders[folder] = self._read(folder)
        return self._folders[folder]

    def _read(self, folder: str) -> frozenset[bytes] | None:
        found: set[bytes] = set()
        wanted = self._wanted(folder)
        if wanted is None:
            return None
        for path in wanted:
            text = self.project.tree.text(path, MAX_FILE_BYTES)
            words = _words(text)
            is_build_file = _BUILD_FILE.fit(posixpath.basename(path))
            if words is None or (is_build_file and _ELSEWHERE.search(text)):
                return None
            found |= words
        return frozenset(found)


def _words(text: str) -> frozenset[bytes] | None:
    """The words of a text; None where it asks for all variables."""
    if "\0" in text:
        return frozenset()
    if _asks_for_all(_DESTRUCTURED.sub("", text) if "process.env" in text else text):
        return None
    words = text.encode("utf-8", "surrogatepass").translate(_LETTERS, b"_")
    for several in (b"..", b"--", b".-", b"-."):
        words = words.replace(several, b" ")
    words = b" ".join(set(words.split()))
    return frozenset((words.translate(None, b".-") + b" " + words.translate(_APART)).split())


def _asks_for_all(text: str) -> bool:
    if any(part in text for part in _ALL_PLAINLY):
        return True
    return any(mark in text and pattern.search(text) is not None for mark, pattern in _ALL)


def _plain(word: str) -> bytes:
    return word.encode().lower().translate(None, b"._-")


def unread(function: Function) -> Iterator[Unread]:
    """The variables of a function that neither it nor any other that has them from the same place mentions."""
    if not function.environment_is_known:
        return
    words = function.project.mentions.words
    for variable in function.environment.values():
        if _is_read_plainly(function, variable) or _may_be_read(variable.name):
            continue
        sharing = _sharing(function, variable.name, variable.span)
        if any(_is_read_plainly(other, variable) for other in sharing):
            continue
        name, own = _plain(variable.name), words(function)
        if own is None:
            return
        if name not in own and all(not (found is None or name in found) for found in map(words, sharing)):
            yield Unread(variable, tuple(sharing))


def only_read_by(function: Function, variable: Variable) -> tuple[Function, ...]:
    """The functions that have a variable from the same place, where just this one of several mentions it; else none."""
    name, words = _plain(variable.name), function.project.mentions.words
    sharing = _sharing(function, variable.name, variable.span)
    if len(sharing) < 2 or not (_is_read_plainly(function, variable) or name in (words(function) or ())):
        return ()
    if any(other is not function and _is_read_plainly(other, variable) for other in sharing):
        return ()
    for other in sharing:
        found = words(other)
        if found is None or (name in found) is not (other is function):
            return ()
    return tuple(sharing)


def _is_read_plainly(function: Function, variable: Variable) -> bool:
    """Whether the code that is followed reads a variable by its name: most do, and no file is searched for words."""
    modules = function.handler.modules if function.handler is not None else ()
    return any(variable.name in module.told(_names_read) for module in modules)


def _names_read(module: ModuleIndex) -> frozenset[str]:
    names = (read.name.value for read in module.facts.reads if isinstance(read.name, Const))
    return frozenset(name for name in names if isinstance(name, str))


def global_variables(function: Function) -> Iterator[Variable]:
    """The variables that a function has from ``Globals``."""
    node = get(function.template.root, "Globals", "Function", "Environment", "Variables")
    if not isinstance(node, Mapping):
        return
    places = {pair.key: pair.key_span for pair in node.pairs}
    for variable in function.environment.values():
        if places.get(variable.name) == variable.key_span and not _may_be_read(variable.name):
            yield variable


def _sharing(function: Function, name: str, span: Span) -> list[Function]:
    """The functions that have a variable from one place, such as ``Globals`` or an anchor."""
    return function.project.mentions.by_place.get((function.template, name, span), [])


def _may_be_read(name: str) -> bool:
    """Whether something else than the function's own code may read a variable, or none is meant to."""
    known = is_provided(name) or is_read_by_libraries(name)
    return known or any(word in name.upper() for word in _REDEPLOYED_BY)
