"""A baseline: what an old project is known to have, so that only what is new is reported.

A baseline counts findings by file, rule and anchor, the resource or function that a finding is about. It has no line
numbers and is sorted, so that it survives edits and merges well. A finding is known while its count is not used up.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from lambdalint.finding import Finding

VERSION = 1


class BaselineError(Exception):
    """A baseline that can't be read."""


class Key(Struct, frozen=True, order=True):
    """What findings are counted by: the file (relative to the baseline's folder), the rule's code, the anchor."""

    path: str
    code: str
    anchor: str


class Compared(Struct, frozen=True):
    """Findings against a baseline: those that are new, how many are known, and what no longer is there."""

    new: list[Finding]
    known: int
    stale: list[tuple[Key, int]]


def key_of(item: Finding, path: str) -> Key:
    """What a finding counts as; ``path`` is its file as the baseline names it."""
    return Key(path, item.code, item.resource or item.function)


def read(path: str) -> Counter[Key]:
    """The counts of a baseline. Raises :class:`BaselineError`, with the place in the file."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        place = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BaselineError(f"{path}{place}: not a baseline: {getattr(error, 'msg', error)}") from error
    counts: Counter[Key] = Counter()
    try:
        if content["version"] != VERSION:
            raise BaselineError(
                f"{path}: a baseline of version {content['version']!r}; this lambdalint reads {VERSION}"
            )
        for name, rules in content["files"].items():
            for code, anchors in rules.items():
                for anchor, count in anchors.items():
                    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
                        raise BaselineError(f"{path}: the count of {code} in {name} is no whole number above 0")
                    counts[Key(name, code, anchor)] = count
    except (KeyError, TypeError, AttributeError) as error:
        raise BaselineError(
            f"{path}: not a baseline: `version` and `files` are missing or of the wrong kind"
        ) from error
    return counts


def text_of(counts: Counter[Key]) -> str:
    """The baseline as text, in an order that does not depend on how it came about."""
    files: dict[str, dict[str, dict[str, int]]] = {}
    for key, count in sorted(counts.items()):
        if count > 0:
            files.setdefault(key.path, {}).setdefault(key.code, {})[key.anchor] = count
    return json.dumps({"version": VERSION, "files": files}, indent=2, ensure_ascii=False) + "\n"


def counted(findings: Sequence[Finding], folder: str) -> Counter[Key]:
    """The counts of findings whose paths are relative to the working directory, for a baseline in a folder."""
    return Counter(key_of(item, relative(item.span.path, folder)) for item in findings)


def relative(path: str, folder: str) -> str:
    """A path as a baseline in a folder names it."""
    try:
        return os.path.relpath(os.path.realpath(path), os.path.realpath(folder or ".")).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def compare(findings: Sequence[Finding], counts: Counter[Key], folder: str, shown: Sequence[str]) -> Compared:
    """What is new and what is stale. Entries of files outside of ``shown`` (paths of arguments) are not stale."""
    left = Counter(counts)
    new = []
    for item in findings:
        key = key_of(item, relative(item.span.path, folder))
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(item)
    arguments = [relative(path, folder) for path in shown]
    stale = [
        (key, count)
        for key, count in sorted(left.items())
        if count > 0 and any(at in (".", key.path) or key.path.startswith(f"{at}/") for at in arguments)
    ]
    return Compared(new, len(findings) - len(new), stale)
