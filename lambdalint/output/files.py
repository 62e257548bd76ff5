"""Reports in files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress


def replace(path: str, lines: Iterable[str]) -> None:
    """Writes lines to a file, which has its old content or all of the new one, whatever happens. Raises OSError."""
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    path = os.path.realpath(path)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = 0
    if mode and not stat.S_ISREG(mode):  # a pipe or a terminal; a folder is refused
        with open(path, "wb") as file:
            file.write(data)
        return
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "xb") as file:
            file.write(data)
        if mode:
            os.chmod(beside, stat.S_IMODE(mode))
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
