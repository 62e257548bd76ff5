"""Reports in files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lambdalint.files import write


def replace(path: str, lines: Iterable[str]) -> None:
    """Writes lines to a file, which has its old content or all of the new one, whatever happens.

    A pipe or a terminal gets them as they are. Raises OSError and, for what can be no path, ValueError.
    """
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    if os.path.exists(path) and not os.path.isfile(path):  # a folder is refused
        with open(path, "wb") as file:
            file.write(data)
    else:
        write(path, data)
