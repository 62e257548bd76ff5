"""Files: how their paths are shown, and writing them so that nobody ever finds half of one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable


def from_here(path: str) -> str:
    """A path relative to the working directory, with slashes."""
    try:
        return os.path.relpath(path, os.path.realpath(os.getcwd())).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def git_root(folder: str) -> str:
    """The top of the git repository that a folder is in; empty if it is in none."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return folder


def from_top(roots: Iterable[str]) -> Callable[[str], str]:
    """Makes paths from here ones from the top of the repository that all projects are in, absolute outside of it.

    Where there is no such repository, the working directory's counts, and without any the working directory.
    """
    here = os.path.realpath(os.getcwd())
    tops = {git_root(root) for root in roots}
    top = (tops.pop() if len(tops) == 1 else "") or git_root(here) or here
    beneath = top.rstrip(os.sep) + os.sep

    def placed(path: str) -> str:
        whole = os.path.normpath(os.path.join(here, path))
        inside = whole == top or whole.startswith(beneath)
        return (os.path.relpath(whole, top) if inside else whole).replace(os.sep, "/")

    return placed


def write(path: str, data: bytes) -> None:
    """Replaces a file's content at once, keeping its permissions; a link's target is written. Raises OSError."""
    import tempfile

    real = os.path.realpath(path)
    folder = os.path.dirname(real) or "."
    mode = os.stat(real).st_mode & 0o7777 if os.path.exists(real) else None
    handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(real)}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(temporary, mode)
        os.replace(temporary, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
