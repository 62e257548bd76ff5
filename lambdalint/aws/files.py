"""The files of data beside the modules."""

from __future__ import annotations

import os

_FOLDER = os.path.join(os.path.dirname(__file__), "data")


def text_of(name: str) -> str:
    """What stands in a file."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return file.read()
