"""Node.js: from handler strings to files and exports, and through wrappers to the function inside."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from lambdalint.aws.handler_decorators import STREAMING
from lambdalint.code.facts import MODULE, Closure, Export, Expression, Member, Name, Object, Result
from lambdalint.project.archive import entries_of
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Activation, Interpreter
from lambdalint.project.model import Function, Layer, Nearest, Project, Resolution
from lambdalint.project.paths import is_fragment
from lambdalint.project.things import External, FunctionThing, alternatives
from lambdalint.source import Span
from lambdalint.values import ListOf, literals

SOURCES = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx")
MAX_SUGGESTIONS = 3

_SHIPPED = (".js", ".mjs", ".cjs")
_OUTPUTS = frozenset(("dist", "build", "lib", "out", ".build", "target", "compiled", "bundle"))
_NODE_BUILDS = re.compile(r"(nodejs\d+\.x)?\Z")
_BUNDLERS = re.compile(
    r"(webpack|rollup|esbuild|vite|parcel|tsup|gulpfile|Gruntfile|rspack)[\w.-]*\.([cm]?[jt]s|json)\Z"
)
_BUILD_FILES = frozenset(("makefile", "build.sh", "package.sh", "bundle.sh", "dockerfile", "tsconfig.json"))
_BUILD_SCRIPTS = re.compile(r"\b(tsc|esbuild|webpack|rollup|babel|parcel|ncc|tsup|swc|gulp|grunt|vite|nx|lerna)\b")
_DEPTH = 8


class NodePlace(NamedTuple):
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
    if code.kind != "folder" or relative.startswith(("../", "/")):
        return NodePlace(Resolution("unknown"))
    source = project.linker.bundled_from(code)
    if source is not None:
        known = source in project.codebase.paths
        return _found(project, source, symbol, layers) if known else NodePlace(Resolution("built"))
    for entry in _entry_points(function, posixpath.basename(relative)):
        for root in function.folders:
            found = _module_at(project, posixpath.join(root, entry))
            if found is not None:
                return _found(project, found, symbol, layers)
    for root in (*function.folders, *layers):
        found = _module_at(project, posixpath.join(root, relative))
        if found is not None:
            return _found(project, found, symbol, layers)
    for start in _compiled_from(project, function, relative):
        found = _module_at(project, start)
        if found is not None:
            return _found(project, found, symbol, layers)
    expected = posixpath.join(function.folders[0], f"{relative}.js")
    if function.folders != (function.code.path,) or _comes_from_elsewhere(project, function, relative, expected):
        return NodePlace(Resolution("built", expected=expected))
    near = tuple(_near_files(project, function, relative, symbol))
    return NodePlace(Resolution("no-file", "", symbol, expected, near))


def _found(project: Project, path: str, symbol: str, layers: tuple[str, ...]) -> NodePlace:
    module = project.codebase.get(path)
    if module is None:
        return NodePlace(Resolution("unknown", path, symbol))
    if module.facts.problem is not None or not module.facts.blocks:
        return NodePlace(Resolution("unreadable", path, symbol), module, layers)
    return NodePlace(Resolution("found", path, symbol), module, layers)


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
    names = entries_of(project.tree.absolute(path)) if base.endswith(".zip") else None
    if not names or _is_started_otherwise(function):
        return NodePlace(Resolution("unknown"))
    if any(name.startswith((f"{relative}.", f"{relative}/")) for name in names):
        return NodePlace(Resolution("unknown"))
    return NodePlace(Resolution("no-file", "", symbol, f"{path}/{relative}.js"))


def _entry_points(function: Function, stem: str) -> Iterator[str]:
    """The sources that SAM's esbuild turns into a module of a name: it leaves out their folders."""
    if function.build_method != "esbuild":
        return
    for item in entry_points(function):
        if posixpath.basename(item).partition(".")[0] == stem:
            yield item.rpartition(".")[0] if item.endswith(SOURCES) else item


def entry_points(function: Function) -> tuple[str, ...]:
    """The entry points that SAM's esbuild is given for a function, relative to its code."""
    setting = function.resource.about("BuildProperties", "EntryPoints")
    items = setting.items if isinstance(setting, ListOf) else ()
    return tuple(str(literal.value) for item in items for literal in literals(item))


def _compiled_from(project: Project, function: Function, relative: str) -> Iterator[str]:
    """The places of sources that a compiler may have turned into a module."""
    first, _, rest = relative.partition("/")
    folder = function.folders[0]
    if rest and first in _OUTPUTS:
        yield posixpath.join(folder, "src", rest)
        yield posixpath.join(folder, rest)
    if posixpath.basename(folder) in _OUTPUTS:
        above = posixpath.dirname(folder)
        yield posixpath.join(above, "src", relative)
        yield posixpath.join(above, relative)
    if _has_tsconfig(project, folder):
        yield posixpath.join(folder, "src", relative)


def _has_tsconfig(project: Project, folder: str) -> bool:
    return project.tree.is_file(posixpath.join(folder, "tsconfig.json"))


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
    if not any(path.startswith(f"{folder}/" if folder else "") and path.endswith(_SHIPPED) for path in _code(project)):
        return True
    place = folder
    while True:
        names = tree.listing(place)
        if any(_BUNDLERS.match(name) for name in names) or (place == folder and _has_build(names)):
            return True
        if _builds_by_script(tree.text(posixpath.join(place, "package.json"), 200_000)):
            return True
        if not place or place == posixpath.dirname(function.template.path):
            break
        place = posixpath.dirname(place)
    if tree.exists(posixpath.join(folder, relative)):
        return True
    return project.builds.is_mentioned(expected, folder) or project.builds.may_make(expected, function.template.path)


def _code(project: Project) -> set[str]:
    return project.codebase.paths


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
    """What a module exports that comes nearest to a name."""
    places = dict(exported_names(module))
    wanted = symbol.partition(".")[0]
    names = get_close_matches(wanted, list(places), MAX_SUGGESTIONS, 0.4) or [
        name for name in places if name in ("handler", "lambdaHandler", "main", "default")
    ]
    if not names and len(places) == 1:
        names = list(places)
    string = stem or module_string(function, module.path)
    return tuple(Nearest(f"{string}.{name}", module.at(places[name])) for name in names[:MAX_SUGGESTIONS])


def exported_names(module: ModuleIndex) -> Iterator[tuple[str, Span]]:
    """The names that a module exports, each with its place."""
    for export in module.facts.exports:
        if export.name == "" and isinstance(export.value, Object):
            for field in export.value.fields:
                value = getattr(field.key, "value", None)
                if isinstance(value, str) and field.key is not None:
                    yield value, field.key.span
        elif export.name not in ("", "*"):
            yield export.name, export.span


def _near_files(project: Project, function: Function, relative: str, symbol: str) -> Iterator[Nearest]:
    prefix = f"{function.folders[0]}/" if function.folders[0] else ""
    own = sorted(path for path in project.codebase.paths if path.startswith(prefix) and path.endswith(_SHIPPED))
    stems = {path: path[len(prefix) :].rpartition(".")[0] for path in own}
    wanted = posixpath.basename(relative).lower()
    same = [path for path, stem in stems.items() if posixpath.basename(stem).lower() == wanted]
    if not same:
        close = get_close_matches(relative, sorted(set(stems.values())), MAX_SUGGESTIONS, 0.75)
        same = [path for stem in close for path, other in stems.items() if other == stem]
    if not same and len(own) == 1:
        same = own
    for path in same[:MAX_SUGGESTIONS]:
        module = project.codebase.get(path)
        if module is not None:
            yield from near_exports(function, module, symbol)[:1]


# --- exports ----------------------------------------------------------------------------------------------------------


def may_export(module: ModuleIndex, symbol: str, run: Interpreter, seen: set[str]) -> bool:
    """Whether a module exports a name, or may do so in a way that can't be followed."""
    seen.add(module.path)
    exports = module.facts.exports
    if not exports:
        return True
    wanted = symbol.partition(".")[0]
    for export in exports:
        if export.name == wanted:
            return True
        if export.name == "*":
            target = _target(module, export, run)
            if target is None or target.facts.problem is not None:
                return True
            if target.path not in seen and target.facts.exports and may_export(target, symbol, run, seen):
                return True
        if export.name == "":
            if not isinstance(export.value, Object):
                return True
            for field in export.value.fields:
                key = getattr(field.key, "value", None)
                if not isinstance(key, str) or key == wanted:
                    return True
    return False


def _target(module: ModuleIndex, export: Export, run: Interpreter) -> ModuleIndex | None:
    if not export.module:
        return None
    path = run.codebase.resolve_javascript(module, export.module, run.roots)
    return run.codebase.get(path) if path is not None else None


class Inner(NamedTuple):
    """The function that a wrapper is given. ``streams``: it is called with a stream in the second place."""

    function: FunctionThing
    streams: bool


def inner_function(run: Interpreter, module: ModuleIndex, symbol: str) -> Inner | None:
    """The function within what wraps the handler that a module exports; None where it can't be told."""
    found = _exported_value(run, module, symbol, 0)
    if found is None:
        return None
    value, activation = found
    return _unwrapped(run, value, activation, False, 0)


def _exported_value(
    run: Interpreter, module: ModuleIndex, symbol: str, depth: int
) -> tuple[Expression, Activation] | None:
    for export in reversed(module.facts.exports):
        value = export.value
        if export.name == symbol and export.module and depth < _DEPTH:
            target = _target(module, export, run)
            return _exported_value(run, target, export.symbol, depth + 1) if target is not None else None
        if export.name == symbol and value is not None:
            return value, run.start(module)
        if export.name == "" and isinstance(value, Object):
            for field in value.fields:
                if getattr(field.key, "value", None) == symbol:
                    return field.value, run.start(module)
    return None


def _unwrapped(run: Interpreter, value: Expression, activation: Activation, streams: bool, depth: int) -> Inner | None:
    if depth > _DEPTH:
        return None
    module = activation.module
    if isinstance(value, Name):
        bindings = module.bindings.get((MODULE, value.id), [])
        if bindings and not isinstance(bindings[-1].value, Closure):
            return _unwrapped(run, bindings[-1].value, activation, streams, depth + 1)
        return _function(run, value, activation, streams)
    if isinstance(value, Closure):
        return _function(run, value, activation, streams)
    if not isinstance(value, Result):
        return None
    call = module.facts.calls[value.call]
    paths = [thing.path for thing in alternatives(run.evaluate(call.callee, activation)) if isinstance(thing, External)]
    streams = streams or any(path in STREAMING for path in paths)
    for argument in call.arguments:
        if argument.spread:
            continue
        found = _unwrapped(run, argument.value, activation, streams, depth + 1)
        if found is not None:
            return found
    if isinstance(call.callee, Member):
        return _unwrapped(run, call.callee.base, activation, streams, depth + 1)
    return None


def _function(run: Interpreter, value: Expression, activation: Activation, streams: bool) -> Inner | None:
    found = run.lookup(value.id, activation, None) if isinstance(value, Name) else run.evaluate(value, activation)
    for thing in alternatives(found):
        if isinstance(thing, FunctionThing):
            return Inner(_innermost(run, thing), streams)
    return None


def _innermost(run: Interpreter, function: FunctionThing) -> FunctionThing:
    """A function that gives the handler, as ``metrics => async event => …``, is seen through."""
    returns = function.module.returns.get(function.index, [])
    if len(returns) == 1 and isinstance(returns[0].value, Closure):
        inner = function.module.definition(returns[0].value.definition)
        if inner.kind != "class":
            scope = function.scope or run.start(function.module)
            entered = run.enter(FunctionThing(function.module, function.index, scope), [], {}, None, "init")
            return FunctionThing(function.module, returns[0].value.definition, entered)
    return function
