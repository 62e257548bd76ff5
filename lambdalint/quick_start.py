"""Imported first by the program: makes what comes after it start faster.

msgspec asks for typing_extensions, and does with ``typing`` where it isn't installed. That import takes as long as
all of msgspec's own, so it is told that there is none while it is imported.
"""

from __future__ import annotations

import sys

_EXTENSIONS = "typing_extensions"

if _EXTENSIONS not in sys.modules and "msgspec" not in sys.modules:
    sys.modules[_EXTENSIONS] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[_EXTENSIONS]
