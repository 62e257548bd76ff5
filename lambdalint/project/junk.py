"""What packages ship that functions don't need: tests, caches, documentation, tools, the SDK that the runtime has."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from lambdalint.aws.libraries import SDK_PYTHON, TOOLS_NODE, TOOLS_PYTHON
from lambdalint.aws.node import FIRST_WITHOUT_SDK_V2, node_version
from lambdalint.project.architectures import runtimes
from lambdalint.project.model import Function
from lambdalint.regex import regex

TESTS, HISTORY, CACHE, DOCS, SDK, TOOL = (
    "tests",
    "version control",
    "cache",
    "documentation",
    "the runtime has it",
    "for development",
)

_HISTORY = frozenset((".git", ".hg", ".svn"))
_CACHES = frozenset(
    ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".nyc_output", ".cache", ".tox", ".nox", "htmlcov")
)
_TESTS = frozenset(("tests", "__tests__"))
_NODE_TESTS = frozenset(("test", "tests", "__tests__"))
_NODE_DOCS = frozenset(("docs", "example", "examples"))
_NODE_TEXTS = regex(r".*\.(md|markdown)\Z", re.IGNORECASE)
_DISTRIBUTION = regex(r"(?P<name>.+?)-\d[^/]*\.(dist|egg)-info\Z")
_SEARCH = frozenset(("python", "site-packages", "lib"))


class Junk(Struct, frozen=True):
    """A folder or library that a function doesn't need, its bytes, and why it doesn't."""

    name: str
    size: int
    why: str


def junk(function: Function) -> tuple[Junk, ...]:
    """What of a function's package is superfluous, the largest first."""
    package = function.project.packages.of(function)
    if package is None or function.package_type != "Zip":
        return ()
    sizes: Counter[tuple[str, str]] = Counter()
    versions = [version for name in runtimes(function) if (version := node_version(name)) is not None]
    for file in package.files:
        found = _of(function, file.path, versions)
        if found is not None:
            sizes[found] += file.size
    return tuple(Junk(name, size, why) for (name, why), size in sizes.most_common() if size)


def _of(function: Function, path: str, versions: list[int]) -> tuple[str, str] | None:
    """The part of a package that a superfluous file belongs to, and why it is superfluous."""
    steps = path.split("/")
    for index, step in enumerate(steps[:-1]):
        if step in _HISTORY:
            return "/".join(steps[: index + 1]), HISTORY
        if step in _CACHES:
            return (step, CACHE) if step == "__pycache__" else ("/".join(steps[: index + 1]), CACHE)
    if "node_modules" in steps[:-1]:
        return _of_node(function, steps, versions)
    if function.languages == {"python"}:
        found = _of_python(steps)
        if found is not None:
            return found
    for index, step in enumerate(steps[:-1]):
        if step in _TESTS:
            return "/".join(steps[: index + 1]), TESTS
    return None


def _of_node(function: Function, steps: list[str], versions: list[int]) -> tuple[str, str] | None:
    last = len(steps) - 1 - steps[::-1].index("node_modules")
    rest = steps[last + 1 :]
    first = steps[steps.index("node_modules") + 1 :]
    outer = "/".join(first[:2]) if first[0].startswith("@") and len(first) > 2 else first[0]
    size = 2 if rest[0].startswith("@") else 1
    name, inner = "/".join(rest[:size]), rest[size:]
    if not inner:
        return None
    if TOOLS_NODE.fullmatch(outer):
        return outer.split("/")[0] if outer.startswith("@types/") else outer, TOOL
    if function.languages == {"nodejs"} and versions:
        if outer.startswith("@aws-sdk/") and min(versions) >= FIRST_WITHOUT_SDK_V2:
            return "@aws-sdk", SDK
        if outer == "aws-sdk" and max(versions) < FIRST_WITHOUT_SDK_V2:
            return "aws-sdk", SDK
    if inner[0] in _NODE_TESTS and len(inner) > 1:
        return f"{name}/{inner[0]}", TESTS
    if (inner[0] in _NODE_DOCS and len(inner) > 1) or (len(inner) == 1 and _NODE_TEXTS.match(inner[0])):
        return f"{name}/{inner[0]}" if len(inner) > 1 else "texts of packages", DOCS
    return None


def _of_python(steps: list[str]) -> tuple[str, str] | None:
    index = 0
    while index < len(steps) - 1 and (steps[index] in _SEARCH or steps[index].startswith("python3.")):
        index += 1
    top = steps[index]
    match = _DISTRIBUTION.match(top)
    name = match.group("name").replace("-", "_") if match is not None else top
    if len(steps) - 1 == index:
        return None
    if name in SDK_PYTHON:
        return name, SDK
    return (name, TOOL) if name in TOOLS_PYTHON else None
