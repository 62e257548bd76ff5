"""What earlier runs over a project found out, piece by piece, kept while what it rests on has not changed.

Three things are kept in one file of the user's cache folder: what ties each template to others, which words each code
file has, and the outcome of each part. Like all of the cache it is plain data that can do no more than be thrown away.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable

import msgspec

from lambdalint import cache_folder
from lambdalint.judging import Outcome
from lambdalint.project.ties import CodeFile, Ties
from lambdalint.report import Read
from lambdalint.stamps import Stamp, Stamps

Remember = Callable[[str], "Memory"]
"""Gives what is known of a project, for a key that tells what it was judged by."""

MAX_BYTES = 200_000_000
"""Of the file; a larger one is not read."""


class _Basis(msgspec.Struct, frozen=True, array_like=True):
    """What something rests on."""

    folders: dict[str, Stamp]
    files: dict[str, Stamp]


class _Piece(msgspec.Struct, array_like=True):
    """What a template file, or an assembly, is tied by; nothing where it is none. ``mentioned``: of what words."""

    basis: _Basis
    ties: Ties | None
    asked: bytes = b""
    mentioned: tuple[str, ...] = ()


class _Code(msgspec.Struct, frozen=True, array_like=True):
    """What a code file is, and which of the words it has that were asked for."""

    stamp: Stamp
    may_hold_handler: bool
    words: tuple[str, ...]


class _Part(msgspec.Struct, frozen=True, array_like=True):
    """The outcome of a part, still as bytes."""

    basis: _Basis
    outcome: bytes


class _Content(msgspec.Struct, array_like=True):
    key: str
    pieces: dict[str, _Piece]
    asked: bytes
    code: dict[str, _Code]
    parts: dict[str, _Part]


class Memory:
    """What is known of one project, under some settings, and what is found out anew.

    ``place`` is the folder of the cache, ``name`` that of the entry, ``key`` what it was judged by.
    """

    def __init__(self, place: str, name: str, key: str, stamps: Stamps) -> None:
        self.stamps = stamps
        self._place = place
        self._name = name
        self._new = _Content(key, {}, b"", {}, {})
        self._old = _Content("", {}, b"", {}, {})
        self._is_changed = False
        self._digests: dict[frozenset[str], bytes] = {}
        try:
            with open(os.path.join(place, name + cache_folder.SUFFIX), "rb") as file:
                content = msgspec.msgpack.decode(file.read(MAX_BYTES), type=_Content)
            if content.key == key:
                self._old = content
        except (OSError, msgspec.DecodeError, ValueError, RecursionError):
            pass

    def save(self, is_whole: bool) -> None:
        """Writes what is known now, if it is not what was known; what was not asked for stays, unless all was."""
        if not is_whole:
            for key, part in self._old.parts.items():
                self._new.parts.setdefault(key, part)
        counts = [[len(item.pieces), len(item.code), len(item.parts)] for item in (self._old, self._new)]
        if self._is_changed or counts[0] != counts[1]:
            cache_folder.write(self._place, self._name, msgspec.msgpack.encode(self._new))

    # --- templates ----------------------------------------------------------------------------------------------

    def knows_piece(self, name: str) -> bool:
        """Whether a template file or assembly is as it was; then :meth:`ties` are known."""
        known = self._old.pieces.get(name)
        if known is None or not self._holds(known.basis):
            return False
        self._new.pieces[name] = known
        return True

    def ties(self, name: str) -> Ties | None:
        """The ties of a template file or assembly that is known; None where it is none."""
        return self._new.pieces[name].ties

    def keep_ties(self, name: str, read: Read, ties: Ties | None) -> None:
        """Keeps what a template file or assembly is tied by."""
        basis = self._basis(read)
        if basis is not None:
            self._is_changed = True
            self._new.pieces[name] = _Piece(basis, ties)

    def mentioned(self, name: str, words: frozenset[str]) -> tuple[str, ...] | None:
        """Which of some words a template file or assembly mentions; None where that is not known."""
        known = self._new.pieces.get(name)
        return known.mentioned if known is not None and known.asked == self._digest(words) else None

    def keep_mentioned(self, name: str, words: frozenset[str], found: Iterable[str]) -> None:
        """Keeps which of some words a template file or assembly mentions."""
        known = self._new.pieces.get(name)
        if known is not None:
            self._is_changed = True
            self._new.pieces[name] = _Piece(known.basis, known.ties, self._digest(words), tuple(sorted(set(found))))

    # --- code ---------------------------------------------------------------------------------------------------

    def ask(self, words: frozenset[str]) -> None:
        """Tells which words code files are asked for."""
        self._new.asked = self._digest(words)

    def code(self, path: str) -> CodeFile | None:
        """What is known of a code file, if it is as it was."""
        known = self._old.code.get(path) if self._old.asked == self._new.asked else None
        if known is None or not self.stamps.has_file(path, known.stamp):
            return None
        self._new.code[path] = known
        return CodeFile(path, known.may_hold_handler, frozenset(known.words))

    def keep_code(self, file: CodeFile) -> None:
        """Keeps what a code file is."""
        stamps = self.stamps.of_files((file.path,)) if file.path not in self._new.code else None
        if stamps is not None:
            self._is_changed = True
            words = tuple(sorted(file.words))
            self._new.code[file.path] = _Code(stamps[file.path], file.may_hold_handler, words)

    # --- parts --------------------------------------------------------------------------------------------------

    def outcome(self, key: str) -> Outcome | None:
        """What came of a part, if all that it rests on is as it was."""
        known = self._old.parts.get(key)
        if known is None or not self._holds(known.basis):
            return None
        try:
            found = msgspec.msgpack.decode(known.outcome, type=Outcome)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None
        self._new.parts[key] = known
        return found

    def keep_outcome(self, key: str, outcome: Outcome) -> None:
        """Keeps what came of a part, unless something failed in it."""
        basis = self._basis(outcome.read) if not outcome.crashes and not outcome.unreadable else None
        if basis is not None:
            self._is_changed = True
            self._new.parts[key] = _Part(basis, msgspec.msgpack.encode(outcome))

    def _basis(self, read: Read) -> _Basis | None:
        folders, content = self.stamps.of_folders(read.folders), self.stamps.of_files(read.files)
        return _Basis(folders, content) if folders is not None and content is not None else None

    def _holds(self, basis: _Basis) -> bool:
        return all(self.stamps.has_file(path, stamp) for path, stamp in basis.files.items()) and all(
            self.stamps.has_folder(path, stamp) for path, stamp in basis.folders.items()
        )

    def _digest(self, words: frozenset[str]) -> bytes:
        if words not in self._digests:
            data = "\0".join(sorted(words)).encode("utf-8", "surrogatepass")
            self._digests[words] = hashlib.sha256(data).digest()
        return self._digests[words]
