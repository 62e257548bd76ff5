"""The folder in which results are kept, one entry a file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from lambdalint import files

FOLDER_VARIABLE = "LAMBDALINT_CACHE_DIR"
OFF_VARIABLE = "LAMBDALINT_NO_CACHE"
SETTING = "cache-dir"
SUFFIX = ".lambdalint"
TAG = "CACHEDIR.TAG"
"""The file by which folders are told that hold what can be made again (https://bford.info/cachedir/)."""
MAX_ENTRIES = 200


def is_given(given: str | None) -> bool:
    """Whether an option or the environment says where entries are kept."""
    return bool(given or os.environ.get(FOLDER_VARIABLE))


def folder(given: str | None) -> str | None:
    """Where entries are kept: as given, as the environment says, or in the user's cache folder; None for nowhere."""
    chosen = given or os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if not base:
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if home not in ("", "~", "/") else None
    return os.path.join(base, "lambdalint") if base else None


def may_be_set(root: str) -> bool:
    """Whether the settings of a project may say where entries are kept: whether it pays to read them first."""
    for name in ("lambdalint.toml", "pyproject.toml"):
        with contextlib.suppress(OSError), open(os.path.join(root, name), "rb") as file:
            if SETTING.encode() in file.read(1_000_000):
                return True
    return False


def write(place: str, name: str, data: bytes) -> None:
    """Keeps an entry, whole or not at all; old ones make room. What can't be written is not."""
    try:
        os.makedirs(place, exist_ok=True)
        _describe(place)
        files.write(os.path.join(place, name + SUFFIX), data)
        _make_room(place)
    except (OSError, ValueError):
        return


def clean(place: str) -> int:
    """Takes away all entries; gives how many there were. Other files in the folder stay."""
    count = 0
    for path in _entries(place):
        os.unlink(path)
        count += 1
    return count


def _entries(place: str) -> Iterator[str]:
    if os.path.isdir(place):
        yield from (os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith(SUFFIX))


def _make_room(place: str) -> None:
    entries = list(_entries(place))
    if len(entries) > MAX_ENTRIES:
        entries.sort(key=os.path.getmtime)
        for path in entries[: len(entries) - MAX_ENTRIES]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _describe(place: str) -> None:
    tag = os.path.join(place, TAG)
    if not os.path.exists(tag):
        files.write(tag, b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by lambdalint; it may be deleted.\n")
