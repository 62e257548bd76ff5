"""What ``package.json`` files say of a function's code: the module system, and which packages it ships."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from lambdalint.project.model import Code, Function, Project
from lambdalint.project.tree import Tree
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import truth

ES, COMMONJS = "es", "commonjs"
SHIPPED, DEVELOPMENT, ABSENT = "shipped", "development", "absent"

WRITTEN_PLAINLY = (".js", ".mjs", ".cjs")
"""Files that Node.js runs as they are; no compiler makes them."""

MAX_BYTES = 1_000_000
MAX_LOCK_BYTES = 20_000_000

_CONFIGURATIONS = regex(
    r"(webpack|rollup|esbuild|vite|tsup|rspack|rolldown|snowpack|gulpfile|gruntfile|babel)(\.[\w-]+)*\.([cm]?[jt]s|json)\Z"
    r"|\.(parcelrc|babelrc|swcrc)(\.\w+)?\Z",
    re.IGNORECASE,
)
"""Files that configure what puts modules together or rewrites them."""

_BUNDLERS = regex(
    r"\b(webpack|esbuild|rollup|rolldown|parcel|vite|tsup|tsdown|unbuild|ncc|browserify|microbundle|rspack|swc|babel|babel-cli"
    r"|serverless-bundle|bun build|sst)\b"
)
_CARRIERS = regex(r"aws|dynam|lambda|serverless|cognito|kinesis|cloudwatch|\b(s3|sqs|sns|ses)\b")
"""Names of packages that may well depend on an SDK of AWS."""
_OTHER_SDKS = regex(r"@aws-sdk/|@smithy/|@types/|@aws-lambda-powertools/|aws-lambda$")
_ELSEWHERE = regex(r"(file|link|workspace|portal|git|github|https?)[:+]|\.{0,2}/")
_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")


class Manifest(Struct, frozen=True):
    """A ``package.json``. ``system`` is that of its ``.js`` files; empty where the file can't be read.

    ``dependencies`` are those that an installation for production brings, with their ranges.
    """

    path: str
    system: str
    dependencies: dict[str, str]
    development: frozenset[str]
    text: str

    @property
    def folder(self) -> str:
        """The folder that it is in."""
        return posixpath.dirname(self.path)

    @property
    def span(self) -> Span:
        """Its beginning."""
        return Span(self.path, 1, 1, 1, 1)


class NodePackages:
    """The packages of a project's folders, each manifest read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tree: Tree = project.tree
        self._manifests: dict[str, Manifest | None] = {}
        self._locks: dict[tuple[str, str], str] = {}

    # --- manifests ----------------------------------------------------------------------------------------------

    def at(self, folder: str) -> Manifest | None:
        """The manifest in a folder itself."""
        if folder not in self._manifests:
            path = posixpath.join(folder, "package.json")
            self._manifests[folder] = _read(path, self.tree.text(path, MAX_BYTES)) if self.tree.is_file(path) else None
        return self._manifests[folder]

    def around(self, folder: str, top: str = "") -> Iterator[Manifest]:
        """The manifests in a folder and those above it, up to ``top``, nearest first."""
        for place in _upwards(folder, top):
            found = self.at(place)
            if found is not None:
                yield found

    def home(self, function: Function, path: str) -> str | None:
        """The folder of a function's code that a module is in, or None if it is in none of them."""
        if function.code.kind != "folder":
            return None
        holding = [folder for folder in function.folders if not folder or path.startswith(f"{folder}/")]
        return max(holding, key=len, default=None)

    def system(self, function: Function, path: str) -> tuple[str, Manifest | None]:
        """The module system that Node.js takes a module of a function for, with the manifest that says so.

        Only what is shipped counts: manifests within the function's code folder. Empty where it can't be told.
        """
        if "#" in path:
            return COMMONJS, None
        home = self.home(function, path)
        if home is None or "node_modules" in path.split("/"):
            return "", None
        extension = posixpath.splitext(path)[1]
        if extension == ".mjs":
            return ES, None
        if extension == ".cjs":
            return COMMONJS, None
        if extension != ".js":
            return "", None
        manifest = next(self.around(posixpath.dirname(path), home), None)
        return (COMMONJS, None) if manifest is None else (manifest.system, manifest)

    # --- builds -------------------------------------------------------------------------------------------------

    def is_built(self, function: Function) -> bool:
        """Whether a bundler or a compiler may put the function's modules together or rewrite them."""
        if function.code.kind == "inline":
            return False
        method = function.build_method
        if method and not method.startswith("nodejs"):
            return True
        bundled = function.resource.about("aws:asset:is-bundled")
        if bundled is not None:
            return truth(bundled) is not False
        if function.template.assembly is not None:
            return True
        template = posixpath.dirname(function.template.path)
        for folder in function.folders:
            top = posixpath.commonpath([folder, template]) if folder and template else ""
            for place in _upwards(folder, top):
                if any(_CONFIGURATIONS.match(name) for name in self.tree.listing(place)):
                    return True
                manifest = self.at(place)
                if manifest is not None and _BUNDLERS.search(manifest.text):
                    return True
            if self.project.builds.says(_BUNDLERS, folder):
                return True
        return False

    # --- packages -----------------------------------------------------------------------------------------------

    def shipping(self, function: Function, path: str, package: str, of_sdk: bool = True) -> str:
        """Whether a module of a function finds a package at run time, apart from what the runtime itself brings.

        ``shipped``, ``development`` (only installed for development), ``absent``; empty where it can't be told. Other
        packages may bring it along: any of them, unless it is ``of_sdk``.
        """
        if function.code.kind == "inline":
            return self._in_layers(function, package)
        home = self.home(function, path)
        if home is None:
            return ""
        folder = posixpath.dirname(path)
        if any(self._is_installed(place, package) for place in _upwards(folder, home)):
            return SHIPPED
        if self._is_installed(function.code.path, package):
            return SHIPPED
        if self.project.builds.says(re.compile(rf"(?<![\w/@-]){re.escape(package)}(?![\w/-])|node_modules"), home):
            return ""
        declared = self._declared(folder, package, of_sdk)
        if declared in (SHIPPED, ""):
            return declared
        layers = self._in_layers(function, package)
        return declared if layers == ABSENT else layers

    def _is_installed(self, folder: str, package: str) -> bool:
        return self.tree.is_folder(posixpath.join(folder, "node_modules", package))

    def _declared(self, folder: str, package: str, of_sdk: bool = True) -> str:
        """What the manifests around a folder bring, those above a function's code included: they may be installed."""
        found = ABSENT
        for place, manifest in enumerate(self.around(folder)):
            if not manifest.system or package in manifest.dependencies:
                return SHIPPED if manifest.system else ""
            if place == 0 and package in manifest.development:
                found = DEVELOPMENT
            if self._may_carry(manifest, package, of_sdk):
                return ""
        return found

    def _may_carry(self, manifest: Manifest, package: str, of_sdk: bool) -> bool:
        """Whether another dependency may bring a package along."""
        if not manifest.dependencies:
            return False
        if any(_ELSEWHERE.match(version) for version in manifest.dependencies.values()):
            return True
        for name in _LOCKS:
            if name in self.tree.listing(manifest.folder):
                return self._is_locked(manifest, name, package)
        return not of_sdk or any(
            _CARRIERS.search(name) and not _OTHER_SDKS.match(name) for name in manifest.dependencies
        )

    def _is_locked(self, manifest: Manifest, name: str, package: str) -> bool:
        """Whether a lock file has a package, not only for development."""
        content = self.tree.text(posixpath.join(manifest.folder, name), MAX_LOCK_BYTES)
        if name.endswith(".json"):
            try:
                data = json.loads(content)
                old = {f"node_modules/{key}": item for key, item in data.get("dependencies", {}).items()}
                listed = data.get("packages", old)
                entry = listed.get(f"node_modules/{package}")
                return entry is not None and not entry.get("dev")
            except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
                return package in content
        return f"{package}@" in content or f"/{package}/" in content if package not in manifest.development else True

    def _in_layers(self, function: Function, package: str) -> str:
        if not function.layers_are_known:
            return ""
        for use in function.layers:
            if use.layer is None or use.layer.code.kind != "folder":
                return ""
            if use.layer.build_method and not use.layer.build_method.startswith("nodejs"):
                return ""
            found = self._in_layer(use.layer.code, package)
            if found != ABSENT:
                return found
        return ABSENT

    def _in_layer(self, code: Code, package: str) -> str:
        for base in self.project.linker.folders_of(code):
            for folder in (base, posixpath.join(base, "nodejs")):
                if self._is_installed(folder, package):
                    return SHIPPED
                manifest = self.at(folder)
                if manifest is not None:
                    declared = self._declared(folder, package)
                    if declared != ABSENT:
                        return "" if declared == DEVELOPMENT else declared
            if any(name.startswith("node") for name in self.tree.listing(posixpath.join(base, "nodejs"))):
                continue
            if any(name.endswith((".zip", ".tgz")) for name in self.tree.listing(base)):
                return ""
        return ABSENT


def _read(path: str, content: str) -> Manifest:
    try:
        data = json.loads(content.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return Manifest(path, "", {}, frozenset(), content)
    shipped: dict[str, str] = {}
    for key in ("dependencies", "optionalDependencies", "peerDependencies"):
        shipped.update(_names(data.get(key)))
    system = ES if data.get("type") == "module" else COMMONJS
    return Manifest(path, system, shipped, frozenset(_names(data.get("devDependencies"))), content)


def _names(value: Any) -> dict[str, str]:
    return {str(key): str(item) for key, item in value.items()} if isinstance(value, dict) else {}


def _upwards(folder: str, top: str) -> Iterator[str]:
    """A folder and those above it, up to ``top``."""
    while True:
        yield folder
        if folder == top or not folder:
            return
        folder = posixpath.dirname(folder)
