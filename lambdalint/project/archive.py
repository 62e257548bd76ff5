"""Zip archives: what their directories list, without unpacking them, and only as far as that stays small."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

MAX_BYTES = 300_000_000
MAX_ENTRIES = 20_000
MAX_DIRECTORY = 8_000_000
"""Bytes of an archive's directory; a larger one is not read. Lambda's packages have some 10,000 entries at most."""

_END = b"PK\x05\x06"
_END_SIZE = 22
_LARGE = b"PK\x06\x07"
_LARGE_SIZE = 20
_MAX_COMMENT = 65_535


def broken() -> tuple[type[Exception], ...]:
    """What reading an archive that is damaged, or none, may raise."""
    from zipfile import BadZipFile

    return (OSError, BadZipFile, struct.error, NotImplementedError, OverflowError, ValueError, EOFError)


def directory_size(file: BinaryIO) -> int | None:
    """The bytes of an archive's directory; None where a file is no archive.

    Archives of the large kind, of more than 65,535 entries or 4 GB, count as too large: Lambda takes none of them.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LARGE_SIZE - _END_SIZE - _MAX_COMMENT))
    end = file.read()
    start = end.rfind(_END)
    if start < 0 or len(end) - start < _END_SIZE:
        return None
    if end[max(0, start - _LARGE_SIZE) : start].startswith(_LARGE):
        return MAX_DIRECTORY + 1
    return int(struct.unpack_from("<L", end, start + 12)[0])


def entries_of(path: str) -> frozenset[str] | None:
    """The names of a zip file's entries; None where it can't be read, or is too large to be looked at in passing."""
    from zipfile import ZipFile

    try:
        with open(path, "rb") as file:
            size = directory_size(file)
            if size is None or size > MAX_DIRECTORY or os.path.getsize(path) > MAX_BYTES:
                return None
            with ZipFile(file) as archive:
                names = archive.namelist()
    except broken():
        return None
    return frozenset(names) if len(names) <= MAX_ENTRIES else None
