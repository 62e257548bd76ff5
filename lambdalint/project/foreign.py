"""Native code that a function can't load: for another system, another machine, or another version of Python.

Libraries are judged as wholes. One that has any file for the right machine, in the package or in a layer, is fine, and
so is one that has files for several others: its loader knows what it does.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.architectures import LINUX
from lambdalint.aws.libraries import OPTIONAL_NODE, OPTIONAL_PYTHON, OPTIONAL_PYTHON_LIBRARIES, TOOLS_NODE, TOOLS_PYTHON
from lambdalint.project.architectures import architecture, runtimes
from lambdalint.project.binaries import Binary
from lambdalint.project.model import Function, Layer, LayerUse
from lambdalint.project.package import SOURCE, Package
from lambdalint.regex import regex
from lambdalint.source import Span

PYTHON, NODE, PROGRAM, SHARED = "python", "nodejs", "program", "shared"

MAX_LOCK = 20_000_000

_SHOWN = 3
_SHOWN_LETTERS = 110

_JUDGED = frozenset((frozenset(("python",)), frozenset(("nodejs",)), frozenset(("provided",))))
_WORDS = regex(
    r"(darwin|macosx?|osx|linux(musl|-gnu|-musl)?|musl|glibc|gnu|manylinux\w*|win(32|64|dows)?|freebsd|android|msvc"
    r"|universal2?|x86[-_]?64|x64|amd64|ia32|i[36]86|x86|arm64|aarch64|armv[678]l?|armhf|arm|ppc64(le)?|s390x|riscv64)"
)
"""Words for systems and machines, in names of packages and folders."""

_TAG = regex(r"(?P<stem>.+)\.cpython-(?P<major>\d)(?P<minor>\d+)[a-z]*(?P<platform>-[\w-]+)?\.so\Z")
_STEM = regex(r"(?P<stem>[^.]+)\.(cpython-[\w-]+|cp\d+-\w+|abi3|pypy[\w-]+)?\.?(so|pyd)\Z")
_VERSIONED = regex(r"(?<!\d)3[._]?\d{1,2}(?!\d)")
_IN_LAYER = regex(r"python/(lib/python(?P<version>\d\.\d+)/site-packages/)?(?P<rest>.+)\Z")
_PACKED_IN_NODE = regex(r"(?:.*/)?node_modules/(?P<name>(?:@[^/]+/)?[^/]+)/.+\Z")
_LIBRARY = regex(r"(\.so(\.\d+)*|\.dylib|\.dll|\.pyd|\.node)\Z")
_PROGRAM = regex(r"bootstrap\Z|extensions/[^/]+\Z|bin/.+")
_LOADED = {
    PYTHON: regex(r"\.(so|pyd)\Z"),
    NODE: regex(r"\.node\Z"),
    SHARED: regex(r"\.so(\.\d+)*\Z"),
    PROGRAM: regex(r""),
}
"""Files that make a library what it is; others only go with them, and may be for systems that Lambda isn't."""

_WHEEL = regex(r"^Tag: *(\S+)", re.MULTILINE)


class Foreign(Struct, frozen=True):
    """Files of a function's package, or of a layer of it, that it can't load.

    ``kind``: ``python`` and ``nodejs`` (modules of libraries), ``program`` or ``shared`` (libraries of neither).
    ``use`` is the layer's entry; None for the function's own package. ``wanted`` is the architecture or the version of
    Python that they should be for, ``given`` what they are for. ``wheel`` is the line that says so, if there is one.
    """

    package: Package
    use: LayerUse | None
    kind: str
    files: tuple[str, ...]
    wanted: str
    given: str
    wheel: Span | None = None

    @property
    def is_linux(self) -> bool:
        """Whether only the machine is another one."""
        return self.given in ("x86_64", "arm64")


class _Item(Struct, frozen=True):
    """A binary that a function may load, with the library that it is part of."""

    binary: Binary
    kind: str
    library: str
    name: str


def foreign_binaries(function: Function) -> Iterator[Foreign]:
    """What a function has for another system or machine than its own, one thing for its package and for each layer."""
    wanted = architecture(function)
    if function.package_type != "Zip" or not wanted or function.languages not in _JUDGED:
        return
    places = list(_places(function))
    items: list[list[_Item]] = []
    for thing, _, package in places:
        found = function.project.binaries.of(package)
        if found is None:
            return
        items.append(list(_items(function, package, found, isinstance(thing, Layer))))
    fine = {
        (item.kind, item.library)
        for some in items
        for item in some
        if item.binary.system == LINUX and item.binary.machine in (wanted, "")
    }
    for (thing, use, package), own in zip(places, items):
        if function.project.packages.is_older(thing, package):
            continue
        is_built = _is_built(thing, package)
        bad = [item for item in _judged(function, package, own, fine) if not is_built or item.kind != PYTHON]
        if not bad:
            continue
        first = bad[0]
        files = _one_of_each([(item.library, item.binary.path) for item in bad if item.kind == first.kind])
        wheel = _wheel(function, package, first) if first.kind == PYTHON else None
        yield Foreign(package, use, first.kind, files, wanted, first.binary.target, wheel)


def _judged(function: Function, package: Package, items: list[_Item], fine: set[tuple[str, str]]) -> Iterator[_Item]:
    """The files of those libraries that are wholly for one other machine, and that nothing stands in for."""
    libraries: dict[tuple[str, str], list[_Item]] = {}
    for item in items:
        libraries.setdefault((item.kind, item.library), []).append(item)
    names = frozenset(file.path for file in package.files)
    for key, members in libraries.items():
        systems = {item.binary.system for item in members}
        targets = {(item.binary.system, item.binary.machine) for item in members}
        is_one = len(targets) == 1 or (key[0] == PYTHON and len(systems) == 1 and LINUX not in systems)
        if key in fine or not is_one or _is_left_out(function, package, members[0]):
            continue
        loaded = [item for item in members if _LOADED[item.kind].search(item.binary.path)]
        if members[0].kind == PYTHON:
            loaded = [item for item in loaded if not _has_substitute(item.binary.path, names)]
        yield from loaded


def _is_left_out(function: Function, package: Package, item: _Item) -> bool:
    """Whether the function can do without a library, or has it only for development."""
    if item.kind == PYTHON:
        return item.library in TOOLS_PYTHON or item.library in OPTIONAL_PYTHON_LIBRARIES
    if item.kind == NODE:
        if item.library in OPTIONAL_NODE or item.name in OPTIONAL_NODE or TOOLS_NODE.fullmatch(item.name):
            return True
        return _is_for_development(function, package, item)
    return False


def _is_for_development(function: Function, package: Package, item: _Item) -> bool:
    """Whether what npm installed, or the manifest beside it, says that a package is for development."""
    start = item.binary.path[: item.binary.path.rindex("node_modules/")]
    folder = posixpath.join(package.path, item.binary.path[: item.binary.path.index("node_modules/")]).rstrip("/")
    manifest = function.project.node_packages.at(folder)
    if manifest is not None and item.name in manifest.development and item.name not in manifest.dependencies:
        return True
    if start and "node_modules/" in start:
        return False
    installed = function.project.tree.text(posixpath.join(folder, "node_modules/.package-lock.json"), MAX_LOCK)
    try:
        entry = json.loads(installed)["packages"][f"node_modules/{item.name}"]
        return bool(entry.get("dev") or entry.get("devOptional"))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return False


# --- what a file is part of ---------------------------------------------------------------------------------------


def _items(function: Function, package: Package, binaries: tuple[Binary, ...], in_layer: bool) -> Iterator[_Item]:
    """The binaries that a function's runtime may load or start."""
    language = next(iter(function.languages))
    has_scripts = any(".dist-info/" in file.path for file in package.files)
    for binary in binaries:
        path, name = binary.path, posixpath.basename(binary.path)
        in_node = _PACKED_IN_NODE.match(path)
        if _PROGRAM.match(path) and not _LIBRARY.search(path):
            starts = in_layer if path.startswith("extensions/") else language == "provided"
            if starts if not path.startswith("bin/") else not has_scripts and name not in TOOLS_PYTHON:
                yield _Item(binary, PROGRAM, _plain(path), name)
        elif language == "provided":
            continue
        elif in_node is not None:
            if language == "nodejs":
                yield _Item(binary, NODE, _plain(in_node.group("name")), in_node.group("name"))
        elif name.endswith(".node"):
            if language == "nodejs":
                yield _Item(binary, NODE, f"./{_plain(path)}", path)
        elif language == "python" and _is_extension(path):
            rest = _importable(function, path, in_layer)
            if rest is not None:
                yield _Item(binary, PYTHON, _library(rest), posixpath.basename(rest))
        elif _LIBRARY.search(name):
            yield _Item(binary, SHARED, _plain(_LIBRARY.sub("", name)).removeprefix("lib"), name)


def _is_extension(path: str) -> bool:
    """Whether a file is an extension module of Python, or goes with one, and is no library by itself."""
    if ".libs/" in path or ".dylibs/" in path or path.endswith(".pyd"):
        return True
    return path.endswith(".so") and not posixpath.basename(path).startswith("lib")


def _importable(function: Function, path: str, in_layer: bool) -> str | None:
    """The path of a file of Python as it is imported; None where it stands in no folder that is searched."""
    if in_layer:
        match = _IN_LAYER.match(path)
        if match is None:
            return None
        version = match.group("version")
        known = {name.removeprefix("python") for name in runtimes(function)}
        return match.group("rest") if version is None or version in known else None
    return None if "site-packages/" in path or "dist-packages/" in path else path


def _library(path: str) -> str:
    """The top-level package or module that a file of Python belongs to."""
    first = path.split("/")[0]
    match = _STEM.match(first)
    return match.group("stem") if match is not None else first.removesuffix(".libs").removesuffix(".dylibs")


def _plain(name: str) -> str:
    """A name without words for systems and machines."""
    return re.sub(r"[-_.+]+", "-", _WORDS.sub("-", name.lower())).strip("-")


def _has_substitute(path: str, names: frozenset[str]) -> bool:
    """Whether something else is imported where an extension module can't be, or its library goes on without it."""
    folder, name = posixpath.split(path)
    match = _STEM.match(name)
    if match is None:
        return False
    stem = match.group("stem")
    base = posixpath.join(folder, stem)
    if OPTIONAL_PYTHON.fullmatch(stem):
        return True
    return any(other in names for other in (f"{base}.py", f"{base}/__init__.py"))


def _wheel(function: Function, package: Package, item: _Item) -> Span | None:
    """The line of a wheel's metadata that says what it was built for."""
    tree = function.project.tree
    if not tree.is_folder(package.path):
        return None
    parts = item.binary.path.split("/")
    for count in range(len(parts)):
        folder = "/".join(parts[:count])
        for name in tree.listing(posixpath.join(package.path, folder)):
            if name.endswith(".dist-info") and name.lower().replace("-", "_").startswith(f"{item.library.lower()}_"):
                path = posixpath.join(package.path, folder, name, "WHEEL")
                text = tree.text(path, 10_000)
                tag = _WHEEL.search(text)
                if tag is not None:
                    line = text.count("\n", 0, tag.start()) + 1
                    return Span(path, line, 1, line, 1)
    return None


# --- versions of Python -------------------------------------------------------------------------------------------


def foreign_extensions(function: Function) -> Iterator[Foreign]:
    """The extension modules of a function that were built for another version of Python than any that it may run on."""
    wanted = {name.removeprefix("python") for name in runtimes(function) if name.startswith("python3.")}
    if function.package_type != "Zip" or not wanted or function.languages != {"python"}:
        return
    places = list(_places(function))
    tags = {_version(file.path) for _, _, package in places for file in package.files if file.path.endswith(".so")}
    if tags <= {None, *wanted}:
        return
    everywhere: set[str] = set()
    for thing, _, package in places:
        for file in package.files:
            rest = _importable(function, file.path, isinstance(thing, Layer))
            named = _STEM.match(posixpath.basename(file.path))
            if rest is None or named is None:
                continue
            tagged = _version(file.path)
            if tagged is None or tagged in wanted:
                everywhere.add(posixpath.join(posixpath.dirname(rest), named.group("stem")))
    for thing, use, package in places:
        if function.project.packages.is_older(thing, package) or _is_built(thing, package):
            continue
        names = frozenset(file.path for file in package.files)
        bad: list[tuple[str, str]] = []
        given = ""
        for file in package.files:
            version = _version(file.path)
            rest = _importable(function, file.path, isinstance(thing, Layer))
            if version is None or version in wanted or rest is None or _has_substitute(file.path, names):
                continue
            library = _library(rest)
            stem = posixpath.join(posixpath.dirname(rest), posixpath.basename(rest).split(".")[0])
            is_known = library in TOOLS_PYTHON or library in OPTIONAL_PYTHON_LIBRARIES
            if stem in everywhere or is_known or _VERSIONED.search(posixpath.dirname(rest)):
                continue
            given = given or version
            bad.append((library, file.path))
        if bad:
            yield Foreign(package, use, PYTHON, _one_of_each(bad), max(wanted, key=_order), given)


def _version(path: str) -> str | None:
    """The version of CPython that an extension module for Linux is tagged with, or None if it may be for any."""
    match = _TAG.match(posixpath.basename(path))
    if match is None or not (match.group("platform") or "-linux").endswith(("-linux-gnu", "-linux-musl", "-linux")):
        return None
    return f"{match.group('major')}.{match.group('minor')}"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _places(function: Function) -> Iterator[tuple[Function | Layer, LayerUse | None, Package]]:
    """What a function's files come from, as far as that can be seen: its package and its project's layers."""
    packages = function.project.packages
    own = packages.of(function)
    if own is not None:
        yield function, None, own
    for use in function.layers:
        package = packages.of(use.layer) if use.layer is not None else None
        if use.layer is not None and package is not None:
            yield use.layer, use, package


def _is_built(thing: Function | Layer, package: Package) -> bool:
    """Whether a build may add the right modules to a code folder, beside those that are in it."""
    listed = thing.project.tree.listing(package.path)
    return package.kind == SOURCE and isinstance(thing, Function) and "requirements.txt" in listed


def _one_of_each(found: list[tuple[str, str]]) -> tuple[str, ...]:
    """Paths, given with their libraries: first one of each library, then the others."""
    firsts = dict(reversed(found))
    return tuple(
        dict.fromkeys(
            (*(firsts[library] for library in dict.fromkeys(name for name, _ in found)), *(path for _, path in found))
        )
    )


def shown(files: tuple[str, ...]) -> str:
    """Some files in words: up to three, as far as they fit into a message, and how many more."""
    names = [_short(path) for path in files[:_SHOWN]]
    while len(names) > 1 and sum(map(len, names)) > _SHOWN_LETTERS:
        names.pop()
    more = f" and {len(files) - len(names)} more" if len(files) > len(names) else ""
    return ", ".join(f"`{name}`" for name in names) + more


def _short(path: str) -> str:
    """A path that fits into a message: without the folders around its library, and only the last parts of the rest."""
    steps = path.split("/")
    for folder in ("node_modules", "site-packages"):
        if folder in steps:
            steps = steps[len(steps) - steps[::-1].index(folder) :]
    found = "/".join(steps)
    while len(steps) > 1 and len("/".join(steps)) > 60:
        steps = steps[1:]
    return found if found == "/".join(steps) else f"…/{'/'.join(steps)}"
