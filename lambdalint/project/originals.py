"""Which folder of the working tree an asset of a CDK assembly was copied from, so that the original is judged.

``cdk synth`` copies code into the assembly, as it is or after a build step. Rules about code should speak of the file
that the user edits. Only content is compared: names and times say nothing in a fresh checkout.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from lambdalint.regex import regex
from lambdalint.source import Data

MAX_FILES = 300
"""Code files of an asset that are compared."""

MAX_PLACES = 200
"""Files of one name that are compared with one file of an asset, those within its app first."""

ALIKE = 0.6
"""The share of equal lines from which on a folder counts as a later state of an asset."""

MARGIN = 0.2
"""How far the next folder must be behind it."""

_BUNDLED = frozenset(("index.js", "index.mjs", "index.cjs"))
_ORIGIN = regex(rb"^// ((?:\.{1,2}/)*[\w@.+/-]+\.(?:[cm]?[jt]s|[jt]sx))\r?$", re.MULTILINE)
"""esbuild's comment on where a part of a bundle comes from."""
_ESBUILD = regex(
    rb"__toCommonJS|__esbuild|__commonJS\b|sourceMappingURL=index\.[cm]?js\.map"
    rb"|=Object\.getOwnPropertyDescriptor;var \w+=Object\.getOwnPropertyNames"
)
"""What tells a bundle of esbuild; the last is how its helpers look when they are minified."""


class Original(Data, frozen=True):
    """Where the code of an asset is edited: the folders in which its modules are looked for, in this order.

    The asset itself is the last one where some of its files are nowhere else. ``edited`` is the folder that has files
    which have changed since the asset was made.
    """

    roots: tuple[str, ...]
    edited: str | None = None


class Originals:
    """Finds originals. ``read`` gives the bytes of a file, ``code_in`` the code files of an asset without packages."""

    def __init__(
        self, files: Iterable[str], read: Callable[[str], bytes | None], code_in: Callable[[str], list[str]]
    ) -> None:
        self._read = read
        self._code_in = code_in
        self._found: dict[str, Original] = {}
        self._entries: dict[str, str | None] = {}
        self._files = files
        self._digests: dict[str, tuple[int, int] | None] = {}

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._files:
            found.setdefault(posixpath.basename(path), []).append(path)
        return found

    def roots(self, folder: str) -> tuple[str, ...]:
        """The folders in which the modules of a code folder are looked for; for others than assets, the folder."""
        found = self._found.get(folder)
        return found.roots if found is not None else (folder,)

    def is_bundle(self, asset: str) -> bool:
        """Whether an asset is a module that a bundler has put together."""
        return asset in self._entries

    def entry(self, asset: str) -> str | None:
        """The source that a bundle was made from, where its parts say that; None for what is no bundle."""
        return self._entries.get(asset)

    @property
    def changed(self) -> dict[str, str]:
        """The assets whose folder has been edited since they were made, with that folder."""
        return {asset: found.edited for asset, found in self._found.items() if found.edited is not None}

    def match(self, assets: Mapping[str, str]) -> list[str]:
        """Looks for the originals of assets, each with the folder of its app.

        Gives the code files of those assets that stand for themselves, wholly or in part.
        """
        own: list[str] = []
        contents = {asset: self._contents(asset) for asset in assets}
        for asset, app in assets.items():
            if _BUNDLED & contents[asset].keys() and len(contents[asset]) <= 2:
                text = next(contents[asset][name] for name in sorted(_BUNDLED & contents[asset].keys()))
                if _ESBUILD.search(text) or _ORIGIN.search(text):
                    self._entries[asset] = self._entry(asset, text, app)
            root = self._copy(contents[asset], app)
            if root is not None:
                self._found[asset] = Original((root,))
        taken = {found.roots[0] for found in self._found.values()}
        for asset, app in assets.items():
            if asset not in self._found:
                self._found[asset] = self._other(asset, contents[asset], app, taken)
                if asset in self._found[asset].roots:
                    own.extend(self._code_in(asset))
        return own

    def _entry(self, asset: str, text: bytes, app: str) -> str | None:
        """The source of the last part of a bundle: bundlers put a module after those that it needs."""
        origins = [match.group(1).decode("utf-8", "replace") for match in _ORIGIN.finditer(text)]
        own = [origin for origin in origins if "node_modules/" not in origin]
        origin = own[-1] if own else self._mapped(asset, text)
        if not origin or "node_modules/" in origin:
            return None
        wanted = "/".join(part for part in origin.split("/") if part not in (".", ".."))
        found = [root for root, _ in self._places(wanted, app)]
        if app in found:
            return posixpath.join(app, wanted)
        root = _only(found, app)
        return posixpath.join(root, wanted) if root is not None else None

    def _mapped(self, asset: str, text: bytes) -> str:
        """As :meth:`_entry`, by a bundle's source map: within it or beside it."""
        from lambdalint.code.source_map import inline_map, mapping_url, read_map

        data = inline_map(mapping_url(text.decode("utf-8", "replace")))
        beside = (posixpath.join(asset, f"{name}.map") for name in sorted(_BUNDLED))
        for content in (data, *map(self._read, beside)):
            found = read_map(content) if content else None
            if found is not None:
                return found.last
        return ""

    def _other(self, asset: str, contents: dict[str, bytes], app: str, taken: set[str]) -> Original:
        parts, rest = self._parts(contents, app)
        edited = {name: root for name in rest for root in reversed(parts) if self._has(root, name)}
        if parts:
            roots = tuple(parts) if len(edited) == len(rest) else (*parts, asset)
            return Original(roots, next(iter(edited.values()), None))
        root = self._changed(contents, app, taken)
        return Original((root,), root) if root is not None else Original((asset,))

    def _contents(self, asset: str) -> dict[str, bytes]:
        """The code files of an asset by their path within it, those nearest to its root first."""
        paths = sorted(self._code_in(asset), key=lambda path: (path.count("/"), path))
        found: dict[str, bytes] = {}
        for path in paths[:MAX_FILES]:
            data = self._read(path)
            if data is not None:
                found[path[len(asset) + 1 :] if asset else path] = data
        return found

    def _copy(self, contents: dict[str, bytes], app: str) -> str | None:
        """The one folder that has every file of an asset, byte by byte."""
        if not any(contents.values()):
            return None
        longest = max(contents, key=lambda name: (len(contents[name]), name))
        roots = [
            root
            for root, path in self._places(longest, app)
            if self._is(path, contents[longest]) and self._has_all(root, contents)
        ]
        return _only(roots, app)

    def _has_all(self, root: str, contents: dict[str, bytes]) -> bool:
        return all(
            self._has(root, name) and self._is(posixpath.join(root, name), data) for name, data in contents.items()
        )

    def _is(self, path: str, content: bytes) -> bool:
        """Whether a file has some content; files are compared with many assets, but read once if they differ."""
        if path not in self._digests:
            data = self._read(path)
            self._digests[path] = None if data is None else (len(data), hash(data))
        return self._digests[path] == (len(content), hash(content)) and self._read(path) == content

    def _has(self, root: str, name: str) -> bool:
        return posixpath.join(root, name) in self._named.get(posixpath.basename(name), ())

    def _parts(self, contents: dict[str, bytes], app: str) -> tuple[list[str], list[str]]:
        """The folders that files of an asset were copied from, those of most files first, and the files of no folder.

        Empty files count for none: they are alike everywhere.
        """
        counts: Counter[str] = Counter()
        rest: list[str] = []
        for name, data in contents.items():
            if data.strip():
                root = _only([root for root, path in self._places(name, app) if self._is(path, data)], app)
                if root is not None:
                    counts[root] += 1
                else:
                    rest.append(name)
        return [root for root, _ in counts.most_common()], rest

    def _changed(self, contents: dict[str, bytes], app: str, taken: set[str]) -> str | None:
        """The folder within an app that is by far most like an asset."""
        lines = {name: _lines(data) for name, data in contents.items()}
        roots = {root for name in contents for root, _ in self._places(name, app) if _within(root, app)} - taken
        likeness = sorted(((self._likeness(root, lines), root) for root in roots), reverse=True)
        if not likeness or likeness[0][0] < ALIKE:
            return None
        second = likeness[1][0] if len(likeness) > 1 else 0.0
        return likeness[0][1] if likeness[0][0] - second >= MARGIN else None

    def _likeness(self, root: str, lines: dict[str, Counter[bytes]]) -> float:
        """The share of lines that an asset and a folder have in common, over the files of the asset."""
        total = common = 0
        for name, expected in lines.items():
            path = posixpath.join(root, name)
            data = self._read(path) if self._has(root, name) else None
            there = _lines(data) if data is not None else Counter()
            total += max(expected.total(), there.total())
            common += (expected & there).total()
        return common / total if total else 0.0

    def _places(self, name: str, app: str) -> list[tuple[str, str]]:
        """The folders below which the working tree has a file of a name that may have slashes, with that file."""
        found = []
        paths = self._named.get(posixpath.basename(name), [])
        if len(paths) > MAX_PLACES:
            paths = sorted(paths, key=lambda path: not _within(path, app))[:MAX_PLACES]
        for path in paths:
            if path == name:
                found.append(("", path))
            elif path.endswith("/" + name):
                found.append((path[: -len(name) - 1], path))
        return found


def _only(roots: list[str], app: str) -> str | None:
    """The one folder of several, those within the app before others."""
    near = [root for root in roots if _within(root, app)]
    chosen = near or roots
    return chosen[0] if len(chosen) == 1 else None


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")


def _lines(data: bytes) -> Counter[bytes]:
    return Counter(line.strip() for line in data.splitlines() if line.strip())
