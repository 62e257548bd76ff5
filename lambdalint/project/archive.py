"""The names in an archive, without unpacking it."""

from __future__ import annotations

import os
import struct
import zipfile

MAX_BYTES = 300_000_000
MAX_ENTRIES = 20_000


def entries_of(path: str) -> frozenset[str] | None:
    """The names of a zip file's entries; None where it can't be read, or is too large to be looked at in passing."""
    try:
        if os.path.getsize(path) > MAX_BYTES:
            return None
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, struct.error, EOFError):
        return None
    return frozenset(names) if len(names) <= MAX_ENTRIES else None
