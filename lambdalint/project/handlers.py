"""Links handler strings to files and callables, by each runtime's own rules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.aws.handlers import INLINE_MODULE, Fault, handler_fault, is_placeholder
from lambdalint.code.facts import MODULE, Module
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Interpreter
from lambdalint.project.likeness import USUAL_NAMES, looks_like_handler
from lambdalint.project.model import LANGUAGES, Function, Handler, Layer, Nearest, Project, Resolution
from lambdalint.project.paths import is_fragment
from lambdalint.project.things import ClassThing, FunctionThing, Instance, ModuleThing, Thing, alternatives
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.spelling import close_matches
from lambdalint.values import Literal, Text, literals

MAX_SUGGESTIONS = 3
MAX_MODULES_ASKED = 40
MAX_FILES_SEEN = 20_000

_PYTHON_BUILDS = regex(r"(python3\.\d+)?\Z")
_BUILD_FILES = frozenset(
    ("makefile", "build.sh", "build.py", "package.sh", "bundle.sh", "pants.toml", "build", "build.bazel", "dockerfile")
)
_CODE = regex(r"^[ \t]{0,200}(async\s+def|def|class|export|async function|function)\b|exports|=>", re.MULTILINE)
_SUFFIXES = {"python": "py", "nodejs": "js"}
_SOURCES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx")
_COMPILED = (".so", ".pyd", ".pyc", ".pyx")
_REQUIREMENTS = ("requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "uv.lock", "poetry.lock")


class _Place(Struct, frozen=True):
    """Where a handler string leads: the module and the folders that imports in it are looked for in."""

    resolution: Resolution
    module: ModuleIndex | None = None
    roots: tuple[str, ...] = ()


_UNKNOWN = _Place(Resolution("unknown"))


def link_handlers(project: Project, inline: Callable[[Function], Module | None]) -> None:
    """Finds the handler of each function; ``inline`` reads code that a template gives inline."""
    linker = _HandlerLinker(project, inline)
    for function in project.functions:
        linker.link(function)
    project.handlers.extend(linker.handlers.values())


class _HandlerLinker:
    def __init__(self, project: Project, inline: Callable[[Function], Module | None]) -> None:
        self.project = project
        self.inline = inline
        self.handlers: dict[tuple[str, str, tuple[str, ...]], Handler] = {}

    def link(self, function: Function) -> None:
        place = self._resolve(function)
        resolution, module, roots = place.resolution, place.module, place.roots
        if module is not None and resolution.status == "found":
            key = (module.path, resolution.symbol, roots)
            handler = self.handlers.get(key) or self._handler(module, resolution.symbol, roots)
            if handler is not None:
                self.handlers[key] = handler
                handler.functions.append(function)
                function.handler = handler
            elif function.has_wrapper or self._is_unsure(function, module):
                resolution = Resolution("unknown")
            else:
                near = self._in_submodule(function, module, resolution.symbol) or self._near_callables(
                    function, module, resolution.symbol
                )
                resolution = Resolution("no-callable", resolution.path, resolution.symbol, resolution.expected, near)
        if resolution.status in ("no-file", "no-callable", "malformed") and not _is_written_out(function):
            resolution = Resolution("unknown")
        function.resolution = resolution

    def _is_unsure(self, function: Function, module: ModuleIndex) -> bool:
        """Whether the code may not be what is deployed."""
        if function.code.kind == "inline":
            return not _defines_anything(module)
        if module.facts.language != "javascript":
            return False
        from lambdalint.project import node_handlers

        return node_handlers.may_be_rewritten(self.project, function, module)

    # --- files --------------------------------------------------------------------------------------------------

    def _resolve(self, function: Function) -> _Place:
        name = _handler_string(function) if not function.is_cdk_own else None
        if name is None or is_placeholder(name) or function.package_type != "Zip" or len(function.languages) != 1:
            return _UNKNOWN
        language = next(iter(function.languages))
        fault = handler_fault(language, name)
        if fault is not None:
            return _UNKNOWN if function.has_wrapper else self._malformed(function, language, name, fault)
        if function.code.kind == "inline":
            return self._resolve_inline(function, language, name)
        if language == "python":
            return self._resolve_python(function, name)
        if language == "nodejs":
            from lambdalint.project import node_handlers

            place = node_handlers.resolve_node(self.project, function, name)
            return _Place(place.resolution, place.module, place.roots)
        return _UNKNOWN

    def _resolve_inline(self, function: Function, language: str, name: str) -> _Place:
        facts = self.inline(function)
        if facts is None or facts.language not in LANGUAGES:
            return _UNKNOWN
        module = self.project.codebase.add(facts)
        self.project.linker.inline[facts.path] = function.template
        module_name, _, symbol = name.rpartition(".")
        if language == "nodejs":
            module_name, _, symbol = name.partition(".")
        if module_name != INLINE_MODULE:
            near = self._near_callables(function, module, symbol)
            return _Place(Resolution("no-file", "", symbol, f"{INLINE_MODULE}.{_SUFFIXES[language]}", near))
        return _Place(self._found(facts.path, symbol, module), module, ("\0inline",))

    def _resolve_python(self, function: Function, name: str) -> _Place:
        module_name, _, symbol = name.rpartition(".")
        relative = module_name.replace(".", "/")
        code = function.code
        layers = tuple(path for use in function.layers for path in layer_roots(use.layer))
        if code.kind == "file":
            return self._resolve_in_file(function, relative, symbol, layers)
        if code.kind != "folder":
            return _UNKNOWN
        roots = (*function.folders, *layers)
        for root in roots:
            for path in (f"{relative}/__init__.py", f"{relative}.py"):
                full = posixpath.join(root, path)
                if self.project.tree.is_file(full):
                    module = self.project.codebase.get(full)
                    return _Place(self._found(full, symbol, module), module, roots)
        if self._is_in_copy(function, relative):
            return _UNKNOWN
        expected = posixpath.join(function.folders[0], f"{relative}.py")
        if self._comes_from_elsewhere(function, relative, expected):
            return _Place(Resolution("built", expected=expected))
        return _Place(Resolution("no-file", "", symbol, expected, self._near_files(function, relative, symbol)))

    def _is_in_copy(self, function: Function, relative: str) -> bool:
        """Whether a handler is only where CDK copied the code to: it has been moved since, or is no code of the app."""
        if function.folders == (function.code.path,):
            return False
        copy = posixpath.join(function.code.path, relative)
        return any(self.project.tree.is_file(f"{copy}{end}") for end in (".py", "/__init__.py"))

    def _resolve_in_file(self, function: Function, relative: str, symbol: str, layers: tuple[str, ...]) -> _Place:
        """A package that is one file: an archive, or a module that packaging puts into an archive of its own."""
        path = function.code.path
        folder, base = posixpath.split(path)
        if base == f"{relative}.py":
            module = self.project.codebase.get(path)
            return _Place(self._found(path, symbol, module), module, (folder, *layers))
        names = self.project.tree.entries(path) if base.endswith(".zip") else None
        if names is None or self._is_started_otherwise(function):
            return _UNKNOWN
        expected = f"{relative}.py"
        if any(name in names for name in (expected, f"{relative}/__init__.py")) or any(
            name.startswith((f"{relative}.", f"{relative}/")) for name in names
        ):
            return _UNKNOWN
        same = sorted(name for name in names if posixpath.basename(name) == posixpath.basename(expected))
        at = Span(path, 1, 1, 1, 1)
        near = tuple(Nearest(f"{name[:-3]}.{symbol}", at) for name in same[:MAX_SUGGESTIONS])
        return _Place(Resolution("no-file", "", symbol, f"{path}/{expected}", near))

    def _found(self, path: str, symbol: str, module: ModuleIndex | None) -> Resolution:
        if module is None:
            return Resolution("unknown", path, symbol)
        if module.facts.problem is not None or not module.facts.blocks:
            return Resolution("unreadable", path, symbol)
        return Resolution("found", path, symbol)

    # --- what may bring a file that is not there ------------------------------------------------------------------

    def _is_started_otherwise(self, function: Function) -> bool:
        """Whether something else than the function's own code may hold its handler."""
        return (
            function.has_wrapper
            or not function.is_whole
            or not function.layers_are_known
            or _PYTHON_BUILDS.match(function.build_method) is None
            or function.resource.about("SkipBuild") is not None
        )

    def _comes_from_elsewhere(self, function: Function, relative: str, expected: str) -> bool:
        tree, builds = self.project.tree, self.project.builds
        folder = function.folders[0]
        if self._is_started_otherwise(function) or is_fragment(function.template):
            return True
        if any(
            name.lower() in _BUILD_FILES and tree.is_file(posixpath.join(folder, name)) for name in tree.listing(folder)
        ):
            return True
        top = relative.partition("/")[0]
        if any(self._layer_may_bring(use.layer, top) for use in function.layers if use.layer is not None):
            return True
        base = posixpath.basename(relative)
        for name in tree.listing(posixpath.dirname(expected)):
            if name.partition(".")[0] == base and name.endswith(_COMPILED):
                return True
        if not self._python_files(folder):
            return True
        if self._is_installed(folder, top) or builds.is_mentioned(expected, folder):
            return True
        return builds.may_make(expected, function.template.path)

    def _layer_may_bring(self, layer: Layer, top: str) -> bool:
        """Whether a layer of the project may bring a package, which is not among its files as they are."""
        tree, folder = self.project.tree, self.project.linker.folders_of(layer.code)[0]
        if _PYTHON_BUILDS.match(layer.build_method) is None or self._is_installed(folder, top):
            return True
        roots = list(layer_roots(layer))
        if any(tree.exists(posixpath.join(root, top)) for root in roots):
            return True
        return not roots or any(tree.is_ignored(root) for root in roots) or not self._python_files(folder)

    def _is_installed(self, folder: str, top: str) -> bool:
        """Whether one of a folder's requirements may bring a package of a name."""
        for name in _REQUIREMENTS:
            text = self.project.tree.text(posixpath.join(folder, name), 200_000).lower()
            words = re.split(r"[-_.]", top.lower())
            if re.search(r"(?<![a-z0-9])" + r"[-_.]?".join(re.escape(word) for word in words), text):
                return True
            if name == "requirements.txt" and re.search(
                r"^\s*(-e\b|\.|/|git\+|https?:|file:|.*\s@\s)", text, re.MULTILINE
            ):
                return True
        return False

    def _python_files(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        return sorted(path for path in self.project.codebase.paths if path.endswith(".py") and path.startswith(prefix))

    # --- what was meant -------------------------------------------------------------------------------------------

    def _malformed(self, function: Function, language: str, name: str, fault: Fault) -> _Place:
        resolution = Resolution("malformed", symbol=name)
        if language == "nodejs" and function.code.kind == "folder":
            from lambdalint.project import node_handlers

            near = node_handlers.near_misspelt(self.project, function, fault.instead or name)
            return _Place(Resolution("malformed", symbol=name, near=near))
        if language != "python" or function.code.kind not in ("folder", "inline"):
            return _Place(resolution)
        if function.code.kind == "inline":
            facts = self.inline(function)
            module = self.project.codebase.add(facts) if facts is not None else None
            symbol = (fault.instead or name).rpartition(".")[2]
            near = self._near_callables(function, module, symbol) if module is not None else ()
            return _Place(Resolution("malformed", symbol=name, near=near))
        folder = function.folders[0]
        meant = fault.instead or re.sub(r"\.py\b.*", "", name)
        module_name, dot, symbol = meant.rpartition(".")
        stems = (module_name.replace(".", "/"), meant.replace(".", "/")) if dot else (meant, "")
        for stem in stems:
            path = posixpath.join(folder, f"{stem}.py")
            module = self.project.codebase.get(path) if stem else None
            if module is not None:
                return _Place(Resolution("malformed", symbol=name, near=self._near_callables(function, module, symbol)))
        files = [path for path in self._python_files(folder) if posixpath.dirname(path) == folder]
        defining = [
            near for path in files[:MAX_MODULES_ASKED] for near in self._defined(function, path, symbol or name)
        ]
        return _Place(Resolution("malformed", symbol=name, near=tuple(defining[:MAX_SUGGESTIONS])))

    def _defined(self, function: Function, path: str, symbol: str) -> Iterator[Nearest]:
        module = self.project.codebase.get(path)
        index = module.top(symbol) if module is not None else None
        if module is not None and index is not None:
            yield Nearest(f"{_module_string(function, path)}.{symbol}", module.at(module.definition(index).span))

    def _near_callables(self, function: Function, module: ModuleIndex, symbol: str) -> tuple[Nearest, ...]:
        """What a module binds that comes nearest to a name; else what looks like a handler."""
        if module.facts.language == "javascript":
            from lambdalint.project import node_handlers

            stem = INLINE_MODULE if function.code.kind == "inline" else ""
            return node_handlers.near_exports(function, module, symbol, stem)
        functions = {
            module.definition(index).name: index
            for index in module.children.get(MODULE, [])
            if module.definition(index).kind == "function"
        }
        places = {
            name: bindings[-1].span
            for (owner, name), bindings in module.bindings.items()
            if owner == MODULE and (name == symbol or name in USUAL_NAMES)
        }
        places.update({name: module.definition(index).span for name, index in functions.items()})
        likely = [name for name in places if name not in functions or looks_like_handler(module, functions[name])]
        names = (
            [name for name in places if name == symbol]
            or close_matches(symbol, likely, MAX_SUGGESTIONS, 0.4)
            or close_matches(symbol, list(functions), MAX_SUGGESTIONS, 0.6)
            or likely[:MAX_SUGGESTIONS]
        )
        string = _module_string(function, module.path)
        return tuple(Nearest(f"{string}.{name}", module.at(places[name])) for name in names)

    def _in_submodule(self, function: Function, package: ModuleIndex, name: str) -> tuple[Nearest, ...]:
        """The callables of a package's module, where a handler string names the module itself."""
        if posixpath.basename(package.path) != "__init__.py":
            return ()
        path = posixpath.join(posixpath.dirname(package.path), f"{name}.py")
        module = self.project.codebase.get(path)
        return self._near_callables(function, module, name) if module is not None else ()

    def _near_files(self, function: Function, relative: str, symbol: str) -> tuple[Nearest, ...]:
        """The files that come nearest to a module that is not there, those of the function's own code first."""
        folder = function.folders[0]
        own = self._python_files(folder)
        parent = posixpath.join(folder, f"{posixpath.dirname(relative)}.py")
        wanted = posixpath.basename(relative).lower()
        stems = {
            path: posixpath.basename(path)[:-3].lower() for path in own if posixpath.basename(path) != "__init__.py"
        }
        same = [parent] if parent in own else [path for path, stem in stems.items() if stem == wanted]
        if not same:
            close = close_matches(wanted, sorted(set(stems.values())), MAX_SUGGESTIONS, 0.75)
            same = [path for stem in close for path, other in stems.items() if other == stem]
        if not same:
            beside = [path for path in stems if posixpath.dirname(path) == folder]
            same = beside if len(beside) == 1 else []
        found: list[Nearest] = []
        for path in same[:MAX_SUGGESTIONS]:
            module = self.project.codebase.get(path)
            if module is None:
                continue
            found.extend(self._near_callables(function, module, symbol)[:1])
        if not found and not same:
            template = posixpath.dirname(function.template.path)
            others = [path for path in self._python_files(template) if posixpath.basename(path)[:-3].lower() == wanted]
            if len(others) == 1:
                found.append(Nearest("", Span(others[0], 1, 1, 1, 1)))
        return tuple(found)

    # --- callables --------------------------------------------------------------------------------------------------

    def _handler(self, module: ModuleIndex, symbol: str, roots: tuple[str, ...]) -> Handler | None:
        """The handler of a name in a module; None if the module certainly offers nothing callable of such a name."""
        language = LANGUAGES[module.facts.language]
        run = Interpreter(self.project.codebase, roots, language, self.project.linker.placeholder, only_asked=True)
        at = module.at(module.definition(MODULE).span)
        if module.facts.language == "javascript":
            from lambdalint.project.node_exports import node_handler

            return node_handler(self.project, module, symbol, roots, run)
        thing = run.module_attribute(module, symbol, at)
        named = alternatives(thing)
        if all(isinstance(option, ModuleThing) for option in named):
            return None
        for option in named:
            handler = self._handler_of(module, symbol, roots, option, named, run)
            if handler is not None:
                return handler
        if _may_define(module, symbol, run, set()):
            return Handler(self.project, module, MODULE, symbol, roots, None, wrapped=True)
        return None

    def _handler_of(
        self,
        module: ModuleIndex,
        symbol: str,
        roots: tuple[str, ...],
        thing: Thing,
        named: tuple[Thing, ...],
        run: Interpreter,
    ) -> Handler | None:
        if isinstance(thing, FunctionThing):
            wrapped = bool(thing.definition.decorators)
            target = FunctionThing(thing.module, thing.index, None, thing.receiver, thing.arguments)
            return Handler(self.project, thing.module, thing.index, symbol, roots, target, wrapped, named)
        if isinstance(thing, Instance):
            method = run.attribute(thing, "__call__", module.at(thing.kind.definition.span))
            if isinstance(method, FunctionThing):
                return Handler(self.project, method.module, method.index, symbol, roots, method, True, named)
            return Handler(self.project, thing.kind.module, thing.kind.index, symbol, roots, None, True, named)
        if isinstance(thing, ClassThing):
            return Handler(self.project, thing.module, thing.index, symbol, roots, None, False, named)
        return None


def layer_roots(layer: Layer | None) -> Iterator[str]:
    """The folders of a project's layer that its runtimes search."""
    if layer is None or layer.code.kind != "folder":
        return
    tree = layer.project.tree
    for base in layer.project.linker.folders_of(layer.code):
        if layer.build_method:
            yield base
        python = posixpath.join(base, "python")
        if tree.is_folder(python):
            yield python
            for version in tree.listing(f"{python}/lib"):
                yield f"{python}/lib/{version}/site-packages"


def inline_code_stays(function: Function) -> bool:
    """Whether nothing hints at a deployment that replaces inline code.

    Hints: the code defines nothing, or a file near the template has the name of the handler's module.
    """
    value = function.resource.value("InlineCode") or function.resource.value("Code", "ZipFile")
    parts = value.parts if isinstance(value, Text) else (value,)
    code = "".join(str(part.value) for part in parts if isinstance(part, Literal))
    if not _CODE.search(code):
        return False
    name = (_handler_string(function) or "").rpartition("/")[2].rpartition(".")[0]
    above = posixpath.dirname(posixpath.dirname(function.template.path))
    stems = function.project.tree.stems(above, _SOURCES, MAX_FILES_SEEN)
    return stems is not None and stems.isdisjoint(name.split("."))


def _handler_string(function: Function) -> str | None:
    """The one handler string of a function, from a parameter's default too."""
    setting = function.handler_setting
    written = [item.value for item in literals(setting.value)] if setting is not None else []
    return written[0] if len(written) == 1 and isinstance(written[0], str) else None


def _is_written_out(function: Function) -> bool:
    """Whether a template gives handler and code location for certain, not through a parameter or a condition."""
    handler, code = function.handler_setting, function.get("CodeUri") or function.get("Code")
    certain = function.code.kind == "inline" or code is None or isinstance(code.value, Literal)
    return certain and handler is not None and isinstance(handler.value, Literal)


def _module_string(function: Function, path: str) -> str:
    """How a handler string names a module of a function's code."""
    if function.code.kind == "inline":
        return INLINE_MODULE
    holding = (folder for folder in function.folders if path.startswith(f"{folder}/"))
    folder = max(holding, key=len, default="")
    relative = path[len(folder) + 1 :] if folder else path
    return relative.removesuffix(".py").removesuffix("/__init__")


def _defines_anything(module: ModuleIndex) -> bool:
    """Whether inline code is more than a placeholder that a deployment replaces."""
    return len(module.facts.definitions) > 1 or bool(module.facts.imports)


def _may_define(module: ModuleIndex, symbol: str, run: Interpreter, seen: set[str]) -> bool:
    """Whether a module binds a name, or may do so in a way that can't be followed; ``seen`` are modules asked."""
    seen.add(module.path)
    if symbol in module.definition(MODULE).locals or (MODULE, symbol) in module.bindings:
        return True
    for imported in module.stars:
        path = run.codebase.resolve_python(module, imported, run.roots)
        target = run.codebase.get(path) if path is not None else None
        if target is None or target.facts.problem is not None:
            return True
        if target.path not in seen and _may_define(target, symbol, run, seen):
            return True
    for call in module.facts.calls:
        name = getattr(call.callee, "id", "")
        if name in ("exec", "globals", "vars") or (name in ("setattr", "__import__") and call.function == MODULE):
            return True
    return module.top("__getattr__") is not None or any(_is_modules_table(binding.base) for binding in module.items)


def _is_modules_table(expression: object) -> bool:
    return getattr(expression, "name", "") == "modules"
