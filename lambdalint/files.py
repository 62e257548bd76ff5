"""Files: how their paths are shown, and writing them so that nobody ever finds half of one."""

from __future__ import annotations

import contextlib
import os


def from_here(path: str) -> str:
    """A path relative to the working directory, with slashes."""
    try:
        return os.path.relpath(path, os.path.realpath(os.getcwd())).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


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
