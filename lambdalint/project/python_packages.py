"""What a Python function ships beside its own modules: what is declared, installed beside the code, or in layers."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.python_packages import IN_RUNTIME, INLINE, MODULES, NEEDS
from lambdalint.aws.python_versions import MODULES as OF_SOME_VERSIONS
from lambdalint.naming import Names
from lambdalint.project.model import Function, Project
from lambdalint.project.tree import Tree
from lambdalint.regex import regex
from lambdalint.source import Span

SHIPPED, ABSENT = "shipped", "absent"

MAX_BYTES = 2_000_000

_STANDARD = frozenset(sys.stdlib_module_names) | OF_SOME_VERSIONS
_MANIFEST = Names(
    whole=(
        *("pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock", "pipfile", "pipfile.lock"),
        *("setup.py", "setup.cfg", "environment.yml", "environment.yaml"),
    ),
    ends=("requirements.txt",),
    pairs={
        ("requirements", "constraints"): (".txt", ".in", ".lock"),
        ("pylock",): (".toml",),
        ("dockerfile",): ("",),
    },
)
_PLAIN = (".txt", ".in")
_REQUIREMENT = regex(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*($|[=<>!~;@#,(]|\s--)")
_FOLDERS = ("requirements", "deps", "dependencies", "layer", "layers")
_INSTALLS = regex(r"\b(pip3?|uv|poetry|pipenv|conda|pants|bazel)\b")
_SHORT = 3
"""Names of modules up to this length are looked for as words in those of distributions, longer ones as parts."""
_INSTALLED = (".so", ".pyd", ".py", ".zip", ".egg", ".pth")


class Declared(Struct, frozen=True):
    """What a manifest tells. ``names`` are normalised; ``is_plain``: it lists requirements and nothing else."""

    path: str
    names: frozenset[str]
    text: str
    is_plain: bool

    @property
    def span(self) -> Span:
        """Its beginning."""
        return Span(self.path, 1, 1, 1, 1)


def normalised(name: str) -> str:
    """The name of a distribution in the form in which equal ones are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def modules_of(distribution: str) -> frozenset[str]:
    """The top-level modules that a distribution has, as far as its name tells."""
    return MODULES.get(distribution) or frozenset((distribution.replace("-", "_"),))


def is_in_runtime(module: str) -> bool:
    """Whether every runtime brings a top-level module, or one of them, which other rules tell of."""
    return module in _STANDARD or module in IN_RUNTIME or module.startswith("_")


class PythonPackages:
    """What the functions of a project find when they import, each folder looked at once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tree: Tree = project.tree
        self._manifests: dict[str, tuple[Declared, ...]] = {}

    def shipping(self, function: Function, path: str, module: str) -> str:
        """Whether a module of a function, at ``path``, finds a top-level module that is none of the project's.

        ``shipped`` (by the function, a layer or the runtime), ``absent``, or empty where it can't be told.
        """
        if is_in_runtime(module):
            return SHIPPED
        if function.has_wrapper or not function.is_whole or function.package_type != "Zip":
            return ""
        if function.code.kind == "inline":
            return SHIPPED if module in INLINE else self._in_layers(function, module)
        if function.code.kind != "folder" or function.build_method not in ("", *_pythons(function)):
            return ""
        folders = {*function.folders, function.code.path, posixpath.dirname(path)}
        if any(self._is_installed(folder, module) for folder in folders):
            return SHIPPED
        declared = self._declared(function, module)
        if declared != ABSENT:
            return declared
        return self._in_layers(function, module)

    def is_plain(self, function: Function) -> bool:
        """Whether nothing is known, or likely, to change where Python looks for a function's modules."""
        changed = function.has_wrapper or "PYTHONPATH" in function.environment
        return not changed and function.is_whole and function.package_type == "Zip"

    def may_bring(self, function: Function, path: str, module: str) -> bool:
        """Whether a module of a function, at ``path``, may find a module that only a package of its own would bring.

        That is: one that no other package is likely to need, as those that the standard library has lost, or hasn't
        got yet. Packages whose needs aren't known are no reason to think that it is there.
        """
        if not self.is_plain(function):
            return True
        if function.code.kind == "inline":
            return module in INLINE or self._may_be_in_layers(function, module)
        if function.code.kind != "folder" or function.build_method not in ("", *_pythons(function)):
            return True
        if any(self._is_installed(folder, module) for folder in {*function.folders, function.code.path}):
            return True
        if self._is_installed(posixpath.dirname(path), module):
            return True
        manifests = [item for folder in function.folders for item in self.around(folder)]
        if any(_names(item, module) for item in manifests):
            return True
        mention = re.compile(rf"(?<![\w]){re.escape(module)}(?!\w)", re.IGNORECASE)
        if any(self.project.builds.says(mention, folder) for folder in function.folders):
            return True
        return self._may_be_in_layers(function, module)

    def nearest(self, function: Function) -> Declared | None:
        """The list of requirements that a build of the function reads."""
        return next((item for folder in function.folders for item in self._at(folder) if item.is_plain), None)

    # --- folders ------------------------------------------------------------------------------------------------

    def _is_installed(self, folder: str, module: str) -> bool:
        names = self.tree.listing(folder)
        if module in names or any(name.startswith(f"{module}.") and name.endswith(_INSTALLED) for name in names):
            return True
        return any(name.endswith((".zip", ".egg", ".whl", ".pth")) for name in names)

    # --- manifests ----------------------------------------------------------------------------------------------

    def _declared(self, function: Function, module: str) -> str:
        """What the manifests in and around a function's code tell of a module."""
        found = False
        for folder in function.folders:
            for item in self.around(folder):
                found = True
                if self._brings(item, module):
                    return SHIPPED
                if not item.is_plain or not all(name in NEEDS for name in item.names):
                    return ""
        words = {module, *(name for name, modules in MODULES.items() if module in modules)}
        pattern = re.compile(
            rf"(?<![\w/.-])({'|'.join(re.escape(word) for word in sorted(words))})(?![\w.-])"
            + ("" if found else rf"|{_INSTALLS.pattern}"),
            re.IGNORECASE,
        )
        for folder in (*function.folders, posixpath.dirname(function.template.path)):
            if self.project.builds.says(pattern, folder):
                return ""
        return ABSENT

    def _brings(self, item: Declared, module: str) -> bool:
        if not item.is_plain:
            return re.search(rf"(?<![\w.-]){re.escape(module)}(?![\w-])", item.text, re.IGNORECASE) is not None or any(
                module in modules_of(name) for name in item.names
            )
        for name in item.names:
            if module in modules_of(name) or normalised(module) == name:
                return True
            if any(module in modules_of(needed) for needed in NEEDS.get(name, ())):
                return True
        return False

    def around(self, folder: str) -> Iterator[Declared]:
        """The manifests in a folder, in those within it that hold nothing else, and in those above it."""
        within = self.tree.listing(folder)
        for name in _FOLDERS:
            if name in within:
                yield from self._at(posixpath.join(folder, name))
        place = folder
        while True:
            yield from self._at(place)
            if not place:
                return
            place = posixpath.dirname(place)

    def _at(self, folder: str) -> tuple[Declared, ...]:
        if folder not in self._manifests:
            found = []
            for name in sorted(self.tree.listing(folder)):
                if _MANIFEST.fit(name):
                    path = posixpath.join(folder, name)
                    found.append(_read(path, self.tree.text(path, MAX_BYTES)))
            self._manifests[folder] = tuple(found)
        return self._manifests[folder]

    # --- layers -------------------------------------------------------------------------------------------------

    def _in_layers(self, function: Function, module: str) -> str:
        if not function.layers_are_known:
            return ""
        for use in function.layers:
            layer = use.layer
            if layer is None or layer.code.kind != "folder":
                return ""
            if layer.build_method == "makefile" or layer.template.assembly is not None:
                return ""
            for base in self.project.linker.folders_of(layer.code):
                if self._may_be_in_layer(base, module):
                    return ""
        return ABSENT

    def _may_be_in_layers(self, function: Function, module: str) -> bool:
        """Whether a layer may bring a module that only a package of its own would bring."""
        if not function.layers_are_known:
            return True
        for use in function.layers:
            layer = use.layer
            if layer is None or layer.build_method == "makefile" or layer.template.assembly is not None:
                return True
            for base in self.project.linker.folders_of(layer.code):
                folders = self._folders_of_layer(base)
                if any(self._is_installed(folder, module) for folder in folders):
                    return True
                if any(_names(item, module) for folder in folders for item in self._at(folder)):
                    return True
        return False

    def _folders_of_layer(self, base: str) -> list[str]:
        within = posixpath.join(base, "python", "lib")
        versions = [posixpath.join(within, name, "site-packages") for name in self.tree.listing(within)]
        return [base, posixpath.join(base, "python"), *versions]

    def _may_be_in_layer(self, base: str, module: str) -> bool:
        """Whether a layer's folder has a module, or may get it from a list of requirements or a script."""
        folders = self._folders_of_layer(base)
        if any(self._is_installed(folder, module) or self._at(folder) for folder in folders):
            return True
        return self.project.builds.says(_INSTALLS, base)


def _pythons(function: Function) -> Iterator[str]:
    yield from (str(item.value) for item in function.runtimes)
    yield "python"


def _names(item: Declared, module: str) -> bool:
    """Whether a manifest names a distribution that is, or is called after, a module."""
    own = normalised(module)
    for name in item.names:
        if module in modules_of(name) or own in (name.split("-") if len(own) <= _SHORT else name):
            return True
    return False


def _read(path: str, text: str) -> Declared:
    if not path.lower().endswith(_PLAIN):
        return Declared(path, _names_anywhere(text), text, False)
    names = set()
    is_plain = True
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "--hash")):
            continue
        match = _REQUIREMENT.match(line)
        if match is None or match.group(2):
            is_plain = is_plain and line.startswith(("-i ", "--index-url", "--extra-index-url"))
        if match is not None:
            names.add(normalised(match.group(1)))
    return Declared(path, frozenset(names), text, is_plain)


def _names_anywhere(text: str) -> frozenset[str]:
    return frozenset(normalised(word) for word in re.findall(r"[A-Za-z][A-Za-z0-9._-]+", text))
