"""Layers whose libraries stand where no runtime looks for them."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from lambdalint.aws.layers import FOLDER, SEARCHED
from lambdalint.naming import Names
from lambdalint.project.architectures import runtimes
from lambdalint.project.model import Function, Layer
from lambdalint.project.paths import is_fragment
from lambdalint.regex import regex
from lambdalint.values import strings

_MODULES = {"python": (".py",), "nodejs": (".js", ".cjs", ".mjs")}
_CONFIGURATION = Names(
    whole=("setup.py", "conftest.py", "noxfile.py", "tasks.py"),
    ends=(".config.js", ".config.cjs", ".config.mjs"),
    pairs={(".eslintrc", "gulpfile", "gruntfile"): ("",)},
)
_VERSION = {"python": regex(r"python(\d+\.\d+)"), "nodejs": regex(r"nodejs(\d+)")}
_PATHS = frozenset(("PYTHONPATH", "NODE_PATH", "PATH", "LD_LIBRARY_PATH"))
_MOUNT = regex(r"/opt\b|[\"'`]opt[\"'`]")


class Misplaced(Struct, frozen=True):
    """A layer with modules of a language, none of which a function's runtime finds.

    ``example`` is one of them, ``folder`` the one where they belong, ``only_for`` the version that would find them.
    """

    language: str
    runtime: str
    example: str
    folder: str
    only_for: str
    function: Function


def misplaced(layer: Layer) -> Misplaced | None:
    """What is wrong with a layer's folders, if its functions certainly can't import anything of it."""
    if layer.build_method or layer.code.kind not in ("folder", "file") or is_fragment(layer.template):
        return None
    package = layer.project.packages.of(layer)
    if package is None or package.is_file or layer.project.packages.is_older(layer, package):
        return None
    users = [item for item in layer.project.functions if any(use.layer is layer for use in item.layers)]
    paths = [file.path for file in package.files]
    if not users or any(path.startswith(("bin/", "extensions/")) for path in paths):
        return None
    if layer.project.builds.is_mentioned(layer.code.path, posixpath.dirname(layer.template.path)):
        return None
    found: list[Misplaced] = []
    for function in users:
        one = _misplaced_for(function, paths)
        if one is None:
            return None
        found.append(one)
    return found[0]


def _misplaced_for(function: Function, paths: list[str]) -> Misplaced | None:
    names = runtimes(function)
    if len(function.languages) != 1 or not names:
        return None
    language = next(iter(function.languages))
    if language not in _MODULES:
        return None
    matches = [_VERSION[language].match(name) for name in names]
    versions = {match.group(1) for match in matches if match is not None}
    modules = [
        path for path in paths if path.endswith(_MODULES[language]) and not _CONFIGURATION.fit(posixpath.basename(path))
    ]
    only_for = ""
    for path in paths:
        match = SEARCHED[language].match(path)
        if match is None:
            continue
        version = match.group("version")
        if version is None or version in versions:
            return None
        only_for = version
    if not modules or _looks_itself(function):
        return None
    return Misplaced(language, names[0], modules[0], FOLDER[language], only_for, function)


def _looks_itself(function: Function) -> bool:
    """Whether a function may read a layer by paths of its own, since its code or its variables name ``/opt``."""
    if not function.environment_is_known or function.project.mentions.may_say(function, _MOUNT):
        return True
    for variable in function.environment.values():
        if variable.name in _PATHS or any("/opt" in word for word in strings(variable.value)):
            return True
    return False
