"""Node.js: from handler strings to files, sources that they are made from included."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from lambdalint.code.facts import Closure, Expression, Member, Name, Result
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Interpreter
from lambdalint.project.model import LANGUAGES, Function, Layer, Nearest, Project, Resolution
from lambdalint.project.node_exports import exported_names
from lambdalint.project.paths import is_fragment
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.spelling import close_matches
from lambdalint.values import ListOf, literals

SOURCES = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx")
MAX_SUGGESTIONS = 3
_LIKELY = ("handler", "lambdaHandler", "main", "default")
MAX_SETTINGS = 200_000

_SHIPPED = (".js", ".mjs", ".cjs")
_COMPILED = (".ts", ".mts", ".cts", ".tsx", ".jsx")
_OUTPUTS = frozenset(("dist", "build", "lib", "out", ".build", "target", "compiled", "bundle"))
_NODE_BUILDS = regex(r"(nodejs\d+\.x)?\Z")
_BUNDLERS = regex(r"(webpack|rollup|esbuild|vite|parcel|tsup|gulpfile|Gruntfile|rspack)[\w.-]*\.([cm]?[jt]s|json)\Z")
_COMMENTS = regex(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LAST_COMMAS = regex(r",(\s*[}\]])")
_BUILD_FILES = frozenset(("makefile", "build.sh", "package.sh", "bundle.sh", "dockerfile", "tsconfig.json"))
_BUILD_SCRIPTS = regex(r"\b(tsc|esbuild|webpack|rollup|babel|parcel|ncc|tsup|swc|gulp|grunt|vite|nx|lerna)\b")


class NodePlace(Struct, frozen=True):
    """Where a handler string leads: what became of it, the module, and the folders of its layers."""

    resolution: Resolution
    module: ModuleIndex | None = None
    roots: tuple[str, ...] = ()


def resolve_node(project: Project, function: Function, name: str) -> NodePlace:
    """The module that a Node.js handler string names: the last part of the path is split at its first dot."""
    folder, slash, base = name.rpartition("/")
    stem, _, symbol = base.partition(".")
    relative = posixpath.normpath(f"{folder}{slash}{stem}")
    code = function.code
    layers = tuple(path for use in function.layers for path in _layer_roots(use.layer))
    if code.kind == "file":
        return _in_file(project, function, relative, symbol)
    if relative.startswith(("../", "/")) or code.kind not in ("folder", "missing"):
        return NodePlace(Resolution("unknown"))
    if code.kind == "missing":
        compiled = _first(project, _compiled_from(project, function, relative))
        return _found(project, compiled, symbol, layers) if compiled is not None else NodePlace(Resolution("unknown"))
    source = project.linker.bundled_from(code)
    if source is not None:
        known = source in project.codebase.paths
        return _found(project, source, symbol, layers) if known else NodePlace(Resolution("built"))
    roots = (*function.folders, *layers)
    starts = (
        *(posixpath.join(root, entry) for entry in _entries(function, relative) for root in function.folders),
        *(posixpath.join(root, relative) for root in roots),
        *_compiled_from(project, function, relative),
    )
    found = _first(project, starts)
    if found is not None:
        return _found(project, found, symbol, layers)
    expected = posixpath.join(function.folders[0], f"{relative}.js")
    if function.folders != (function.code.path,) or _comes_from_elsewhere(project, function, relative, expected):
        return NodePlace(Resolution("built", expected=expected))
    near = tuple(near_files(project, function, relative, symbol))
    return NodePlace(Resolution("no-file", "", symbol, expected, near))


def _found(project: Project, path: str, symbol: str, layers: tuple[str, ...]) -> NodePlace:
    module = project.codebase.get(path)
    if module is None:
        return NodePlace(Resolution("unknown", path, symbol))
    if module.facts.problem is not None or not module.facts.blocks:
        return NodePlace(Resolution("unreadable", path, symbol), module, layers)
    return NodePlace(Resolution("found", path, symbol), module, layers)


def _first(project: Project, starts: Iterable[str]) -> str | None:
    return next((path for path in (_module_at(project, start) for start in starts) if path is not None), None)


def _module_at(project: Project, start: str) -> str | None:
    """The source that stands for a module by its path without suffix."""
    start = posixpath.normpath(start)
    for ending in (*SOURCES, *(f"/index{suffix}" for suffix in SOURCES)):
        path = f"{start}{ending}"
        if path in project.codebase.paths and project.tree.is_file(path):
            return path
    if start.endswith(SOURCES) and start in project.codebase.paths:
        return start
    return None


def _in_file(project: Project, function: Function, relative: str, symbol: str) -> NodePlace:
    path = function.code.path
    base = posixpath.basename(path)
    if base.endswith(SOURCES) and base.rpartition(".")[0] == relative:
        return _found(project, path, symbol, ())
    names = project.tree.entries(path) if base.endswith(".zip") else None
    if not names or _is_started_otherwise(function):
        return NodePlace(Resolution("unknown"))
    if any(name.startswith((f"{relative}.", f"{relative}/")) for name in names):
        return NodePlace(Resolution("unknown"))
    return NodePlace(Resolution("no-file", "", symbol, f"{path}/{relative}.js"))


def _entries(function: Function, relative: str) -> list[str]:
    """The sources that SAM's esbuild turns into a module of a name, best first: it leaves out folders they share."""
    if function.build_method != "esbuild":
        return []
    wanted = relative.split("/")
    found: list[tuple[int, str]] = []
    for item in entry_points(function):
        path = posixpath.normpath(item.rpartition(".")[0] if item.endswith(SOURCES) else item)
        parts = path.split("/")
        same = 0
        while same < min(len(parts), len(wanted)) and parts[-1 - same] == wanted[-1 - same]:
            same += 1
        if same:
            found.append((-same, path))
    return [path for _, path in sorted(found)]


def entry_points(function: Function) -> tuple[str, ...]:
    """The entry points that SAM's esbuild is given for a function, relative to its code."""
    setting = function.resource.about("BuildProperties", "EntryPoints")
    items = setting.items if isinstance(setting, ListOf) else ()
    return tuple(str(literal.value) for item in items for literal in literals(item))


def _compiled_from(project: Project, function: Function, relative: str) -> Iterator[str]:
    """The places of sources that a compiler may have turned into a module, its settings first."""
    folder = function.folders[0]
    yield from _by_settings(project, posixpath.join(folder, relative), posixpath.dirname(function.template.path))
    first, _, rest = relative.partition("/")
    if rest and first in _OUTPUTS:
        yield posixpath.join(folder, "src", rest)
        yield posixpath.join(folder, rest)
    if posixpath.basename(folder) in _OUTPUTS:
        above = posixpath.dirname(folder)
        yield posixpath.join(above, "src", relative)
        yield posixpath.join(above, relative)
    if project.tree.is_file(posixpath.join(folder, "tsconfig.json")):
        yield posixpath.join(folder, "src", relative)


def _by_settings(project: Project, wanted: str, top: str) -> Iterator[str]:
    """The sources that TypeScript's compiler turns into a module by its settings, which are in a folder above it."""
    place = posixpath.dirname(wanted)
    while True:
        settings = _compiler_settings(project.tree.text(posixpath.join(place, "tsconfig.json"), MAX_SETTINGS))
        output, start = (settings.get(name) for name in ("outDir", "rootDir"))
        if isinstance(output, str) and "$" not in output:
            made = posixpath.normpath(posixpath.join(place, output))
            if wanted.startswith(f"{made}/") and made != place:
                rest = wanted[len(made) + 1 :]
                if isinstance(start, str):
                    yield posixpath.join(place, start, rest)
                yield posixpath.join(place, "src", rest)
                yield posixpath.join(place, rest)
        if not place or place == top:
            return
        place = posixpath.dirname(place)


def _compiler_settings(text: str) -> dict[str, object]:
    """``compilerOptions`` of a ``tsconfig.json``, which may have comments and commas at the end."""
    if "compilerOptions" not in text:
        return {}
    bare = _COMMENTS.sub(lambda match: match[1] or "", text)
    try:
        found = json.loads(_LAST_COMMAS.sub(r"\1", bare)).get("compilerOptions")
    except (ValueError, AttributeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _layer_roots(layer: Layer | None) -> Iterator[str]:
    if layer is None or layer.code.kind != "folder":
        return
    for base in layer.project.linker.folders_of(layer.code):
        yield posixpath.join(base, "nodejs") if layer.project.tree.is_folder(posixpath.join(base, "nodejs")) else base


def _is_started_otherwise(function: Function) -> bool:
    return (
        function.has_wrapper
        or not function.is_whole
        or not function.layers_are_known
        or bool(function.layers)
        or _NODE_BUILDS.match(function.build_method) is None
        or function.resource.about("SkipBuild") is not None
    )


def _comes_from_elsewhere(project: Project, function: Function, relative: str, expected: str) -> bool:
    """Whether a build step, a layer or a package may bring a file that is not there."""
    folder, tree = function.folders[0], project.tree
    if _is_started_otherwise(function) or is_fragment(function.template) or relative.startswith("node_modules/"):
        return True
    own = [path for path in project.codebase.paths if path.startswith(f"{folder}/" if folder else "")]
    if not any(map(_is_shipped, own)) or any(path.endswith(_COMPILED) for path in own):
        return True
    if _is_built(project, function) or tree.exists(posixpath.join(folder, relative)):
        return True
    place, base = posixpath.split(posixpath.join(folder, relative))
    if any(name.startswith(f"{base}.") and not name.endswith(SOURCES) for name in tree.listing(place)):
        return True  # CoffeeScript, ReScript, …
    return project.builds.is_mentioned(expected, folder) or project.builds.may_make(expected, function.template.path)


def _is_built(project: Project, function: Function) -> bool:
    """Whether settings of a bundler or compiler, or scripts of a package, are in a function's folder or above it."""
    folder, tree = function.folders[0], project.tree
    place = folder
    while True:
        names = tree.listing(place)
        if any(_BUNDLERS.match(name) for name in names) or (place == folder and _has_build(names)):
            return True
        if _builds_by_script(tree.text(posixpath.join(place, "package.json"), 200_000)):
            return True
        if not place or place == posixpath.dirname(function.template.path):
            return False
        place = posixpath.dirname(place)


def may_be_rewritten(project: Project, function: Function, module: ModuleIndex) -> bool:
    """Whether a build step may export what a module does not, or under other names what it exports by default."""
    if project.linker.bundled_from(function.code) is not None:
        return True
    if "default" not in exported_names(module).places:
        return False
    return (
        function.build_method not in ("", "nodejs") or module.path.endswith(_COMPILED) or _is_built(project, function)
    )


def _is_shipped(path: str) -> bool:
    """Whether a file may be a module of a function as it is; settings of tools are none."""
    return path.endswith(_SHIPPED) and not posixpath.basename(path).startswith(".")


def _has_build(names: Iterable[str]) -> bool:
    return any(name.lower() in _BUILD_FILES for name in names)


def _builds_by_script(text: str) -> bool:
    """Whether a ``package.json`` has a script that makes modules."""
    try:
        scripts = json.loads(text).get("scripts", {}) if text.strip() else {}
    except (ValueError, AttributeError, RecursionError):
        return False
    if not isinstance(scripts, dict):
        return False
    return any(
        isinstance(script, str) and (name in ("build", "compile", "bundle", "package") or _BUILD_SCRIPTS.search(script))
        for name, script in scripts.items()
    )


# --- what was meant ---------------------------------------------------------------------------------------------------


def module_string(function: Function, path: str) -> str:
    """How a handler string names a module of a function's code."""
    holding = (folder for folder in function.folders if not folder or path.startswith(f"{folder}/"))
    folder = max(holding, key=len, default="")
    relative = path[len(folder) + 1 :] if folder else path
    return relative[: relative.rindex(".")] if "." in posixpath.basename(relative) else relative


def near_exports(function: Function, module: ModuleIndex, symbol: str, stem: str = "") -> tuple[Nearest, ...]:
    """What a module exports that comes nearest to a name; what it only defines; the file where no string names it."""
    run = Interpreter(function.project.codebase, (), LANGUAGES["javascript"], only_asked=True)
    places = {
        name: place
        for name, (place, value) in exported_names(module, run).places.items()
        if value is None or _may_be_called(module, place, value)
    }
    wanted = symbol.partition(".")[0]
    names = (
        [name for name in places if name == wanted]
        or close_matches(wanted, list(places), MAX_SUGGESTIONS, 0.4)
        or [name for name in places if name in _LIKELY]
    )
    defined = module.top(wanted) if wanted not in places else None
    if defined is not None and wanted == symbol:
        return (Nearest("", module.at(module.definition(defined).span)),)
    if not names and len(places) == 1:
        names = list(places)
    string = stem or module_string(function, module.path)
    if "." in posixpath.basename(string):
        return (Nearest("", Span(module.facts.file, 1, 1, 1, 1)),)
    return tuple(Nearest(f"{string}.{name}", places[name]) for name in names[:MAX_SUGGESTIONS])


def _may_be_called(module: ModuleIndex, place: Span, value: Expression) -> bool:
    if isinstance(value, Result) and place.path == module.facts.file:
        return not module.facts.calls[value.call].new
    return isinstance(value, (Closure, Member, Name, Result))


def near_files(project: Project, function: Function, relative: str, symbol: str) -> Iterator[Nearest]:
    """The files that come nearest to a module that is not there, those of the function's own code first."""
    prefix = f"{function.folders[0]}/" if function.folders[0] else ""
    own = sorted(path for path in project.codebase.paths if path.startswith(prefix) and _is_shipped(path))
    stems = {path: path[len(prefix) :].rpartition(".")[0] for path in own}
    wanted = posixpath.basename(relative).lower()
    same = [path for path, stem in stems.items() if posixpath.basename(stem).lower() == wanted]
    if not same:
        close = close_matches(relative, sorted(set(stems.values())), MAX_SUGGESTIONS, 0.75)
        same = [path for stem in close for path, other in stems.items() if other == stem]
    if not same and len(own) == 1:
        same = own
    for path in same[:MAX_SUGGESTIONS]:
        module = project.codebase.get(path)
        if module is not None:
            yield from near_exports(function, module, symbol)[:1]
    if not same:
        top = posixpath.dirname(function.template.path)
        names = {f"{wanted}{suffix}" for suffix in SOURCES}
        others = [
            path
            for path in project.codebase.paths
            if posixpath.basename(path).lower() in names and path.startswith(f"{top}/" if top else "")
        ]
        if len(others) == 1:
            yield Nearest("", Span(others[0], 1, 1, 1, 1))


def near_misspelt(project: Project, function: Function, meant: str) -> tuple[Nearest, ...]:
    """What a handler string that the runtime can't take was probably meant to name."""
    folder, slash, base = meant.rpartition("/")
    stem, _, symbol = base.partition(".")
    for start in dict.fromkeys((f"{folder}{slash}{stem}", stem)):
        path = _first(project, (posixpath.join(root, start) for root in function.folders))
        module = project.codebase.get(path) if path is not None else None
        if module is not None:
            return near_exports(function, module, symbol or "handler")
    return ()
