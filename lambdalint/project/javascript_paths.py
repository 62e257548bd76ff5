"""Where JavaScript specifiers that are no paths may lead in a project: aliases of TypeScript, packages of its own."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from lambdalint.regex import regex

_CONFIGURATIONS = ("tsconfig.json", "jsconfig.json")
_ENTRIES = ("source", "module", "main", "types")
_MAX_EXTENDS = 4
_COMMENTS = regex(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = regex(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


class Alias(Struct, frozen=True):
    """A pattern of specifiers (``@lib/*``) with the paths that it may stand for."""

    start: str
    end: str
    is_whole: bool
    targets: tuple[str, ...]


class Specifiers:
    """What a project's configurations and manifests say of specifiers.

    ``folders`` are those of a project by name, ``read`` gives a file's text, or nothing.
    """

    def __init__(self, folders: Mapping[str, Sequence[str]], read: Callable[[str], str | None]) -> None:
        self._folders = folders
        self._read = read
        self._aliases: dict[str, tuple[tuple[Alias, ...], str | None] | None] = {}
        self._packages: dict[str, tuple[str, ...]] = {}

    def starts(self, folder: str, specifier: str) -> Iterator[str]:
        """The paths, perhaps without suffix, that a specifier in a module of a folder may stand for."""
        for place in _above(folder):
            known = self._configuration(place)
            if known is not None:
                aliases, base = known
                for alias in aliases:
                    yield from _matched(alias, specifier)
                if base is not None:
                    yield posixpath.normpath(posixpath.join(base, specifier))
                break
        yield from self._package(specifier)

    def _configuration(self, folder: str) -> tuple[tuple[Alias, ...], str | None] | None:
        """The aliases of the configuration in a folder, and the folder that specifiers are relative to."""
        if folder not in self._aliases:
            found = None
            for name in _CONFIGURATIONS:
                path = posixpath.join(folder, name)
                options = self._options(path, 0)
                if options is not None:
                    found = options
                    break
            self._aliases[folder] = found
        return self._aliases[folder]

    def _options(self, path: str, depth: int) -> tuple[tuple[Alias, ...], str | None] | None:
        data = _parsed(self._read(path))
        if not isinstance(data, dict):
            return None
        folder = posixpath.dirname(path)
        aliases: tuple[Alias, ...] = ()
        base: str | None = None
        inherited = data.get("extends")
        for item in inherited if isinstance(inherited, list) else [inherited]:
            if isinstance(item, str) and item.startswith(".") and depth < _MAX_EXTENDS:
                other = posixpath.normpath(posixpath.join(folder, item))
                given = self._options(other if other.endswith(".json") else f"{other}.json", depth + 1)
                if given is not None:
                    aliases, base = given[0] or aliases, given[1] if given[1] is not None else base
        options = data.get("compilerOptions")
        if isinstance(options, dict):
            if isinstance(options.get("baseUrl"), str):
                base = posixpath.normpath(posixpath.join(folder, options["baseUrl"]))
            if isinstance(options.get("paths"), dict):
                aliases = tuple(_aliases(options["paths"], base if base is not None else folder))
        return aliases, base

    def _package(self, specifier: str) -> Iterator[str]:
        """The folders of the project's own packages of a name."""
        parts = specifier.split("/")
        size = 2 if specifier.startswith("@") else 1
        name, rest = "/".join(parts[:size]), "/".join(parts[size:])
        if name not in self._packages:
            self._packages[name] = tuple(self._folders_of(name))
        for folder in self._packages[name]:
            if rest:
                yield posixpath.join(folder, rest)
                yield posixpath.join(folder, "src", rest)
                continue
            data = _parsed(self._read(posixpath.join(folder, "package.json")))
            for key in _ENTRIES:
                entry = data.get(key) if isinstance(data, dict) else None
                if isinstance(entry, str):
                    yield posixpath.normpath(posixpath.join(folder, entry))
            yield posixpath.join(folder, "src/index")
            yield posixpath.join(folder, "index")

    def _folders_of(self, name: str) -> Iterator[str]:
        last = name.rpartition("/")[2]
        for folder in self._folders.get(last, ()):
            data = _parsed(self._read(posixpath.join(folder, "package.json")))
            if isinstance(data, dict) and data.get("name") == name:
                yield folder


def _above(folder: str) -> Iterator[str]:
    while True:
        yield folder
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _aliases(paths: dict[Any, Any], base: str) -> Iterator[Alias]:
    for pattern, targets in paths.items():
        if isinstance(pattern, str) and isinstance(targets, list):
            start, star, end = pattern.partition("*")
            places = tuple(
                posixpath.normpath(posixpath.join(base, target)) for target in targets if isinstance(target, str)
            )
            yield Alias(start, end, not star, places)


def _matched(alias: Alias, specifier: str) -> Iterator[str]:
    if alias.is_whole:
        if specifier == alias.start:
            yield from alias.targets
    elif alias.start and specifier.startswith(alias.start) and specifier.endswith(alias.end):
        middle = specifier[len(alias.start) : len(specifier) - len(alias.end)]
        for target in alias.targets:
            yield target.replace("*", middle, 1)


def _parsed(text: str | None) -> Any:
    """JSON with comments and trailing commas, or None."""
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    plain = _COMMENTS.sub(lambda match: match.group(1) or " ", text.lstrip("\ufeff"))
    try:
        return json.loads(_TRAILING.sub(lambda match: match.group(1) or "", plain))
    except (ValueError, RecursionError):
        return None
