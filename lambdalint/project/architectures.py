"""For which architecture a function is, and whether what it ships would run on the other one as well."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from lambdalint.aws.architectures import DEFAULT_ARCHITECTURE, X86, has_arm
from lambdalint.aws.libraries import PORTABLE_NODE, PORTABLE_PYTHON, TOOLS_PYTHON
from lambdalint.project.choices import choices
from lambdalint.project.model import Function, Layer, LayerUse
from lambdalint.project.package import SOURCE
from lambdalint.project.paths import is_fragment
from lambdalint.templates.cloudformation import Template, elements
from lambdalint.values import ListOf, Literal, options, strings, text

_FOLLOWED = frozenset(("python", "nodejs"))
_BUILDS = ("esbuild", "nodejs", "python")
_EDGE = "edgelambda.amazonaws.com"
_PORTABLE_PYTHON = PORTABLE_PYTHON | frozenset(name.lower().replace("_", "-") for name in TOOLS_PYTHON)
_MANAGED_INSTANCES = "CapacityProviderConfig"


def architecture(function: Function) -> str:
    """The architecture that a function certainly has; empty where that can't be known."""
    if function.get(_MANAGED_INSTANCES) is not None:
        return ""
    setting = function.get("Architectures")
    if setting is None:
        return DEFAULT_ARCHITECTURE if function.is_whole and not is_fragment(function.template) else ""
    value = function.project.linker.join(setting.value)
    if not isinstance(value, ListOf) or value.open or len(value.items) != 1:
        return ""
    return text(value.items[0]) or ""


def written_architecture(function: Function) -> Literal | None:
    """Where the template names the function's only architecture, if it is written in place."""
    setting = function.get("Architectures")
    items = list(elements(setting.value)) if setting is not None else []
    return items[0] if len(items) == 1 and isinstance(items[0], Literal) else None


def runtimes(function: Function) -> tuple[str, ...]:
    """The runtimes that a function may have, where all of them are known; else none."""
    setting = function.runtime
    value = function.project.linker.join(setting.value) if setting is not None else None
    found = [str(option.value) for option in options(value) if isinstance(option, Literal)]
    return tuple(found) if len(found) == len(list(options(value))) else ()


def could_be_arm(function: Function) -> bool:
    """Whether a function on x86_64 would certainly run on arm64 as it is: its runtime, its layers, and all its code."""
    if architecture(function) != X86 or function.package_type != "Zip" or function.has_wrapper:
        return False
    setting = function.runtime
    value = function.project.linker.join(setting.value) if setting is not None else None
    names = [str(choice.literal.value) for choice in choices(value)]
    if not names or not all(has_arm(name) for name in names) or not function.languages <= _FOLLOWED:
        return False
    if function.get("FileSystemConfigs") is not None or not function.layers_are_known:
        return False
    if not all(use.layer is not None and _is_portable(use.layer, function.languages) for use in _layers(function)):
        return False
    if function.code.kind != "inline" and not _is_portable(function, function.languages):
        return False
    return not _may_be_at_edge(function)


def _layers(function: Function) -> Iterator[LayerUse]:
    """All layers that a function may have, those of any branch."""
    setting = function.get("Layers")
    for item in elements(setting.value) if setting is not None else ():
        yield LayerUse(item, function.project.linker.layer(function.template, item))


def _may_be_at_edge(function: Function) -> bool:
    if any(True for _ in function.triggered_by("edge")) or (function.handler and function.handler.is_at_edge):
        return True
    return function.template in function.project.templates_with_edge_roles


def templates_with_edge_roles(templates: Iterable[Template]) -> frozenset[Template]:
    """The templates with a role that functions at the edge may have."""
    return frozenset(
        template
        for template in templates
        if any(_EDGE in word for role in template.of_type("AWS::IAM::Role") for word in strings(role.properties))
    )


def _is_portable(thing: Function | Layer, languages: frozenset[str]) -> bool:
    """Whether all of a package is there to see and for any machine, what a build adds included."""
    project = thing.project
    package = project.packages.of(thing)
    if package is not None and (package.kind != SOURCE or not languages):
        return not project.binaries.has_native(package)
    if thing.code.kind != "folder" or thing.template.assembly is not None:
        return False
    if thing.build_method and not thing.build_method.startswith(_BUILDS):
        return False
    found = package or project.packages.source(thing)
    if found is None or project.binaries.has_native(found):
        return False
    folder = thing.code.path
    return _requires_portable(thing, folder, "python" in languages, "nodejs" in languages)


def _requires_portable(thing: Function | Layer, folder: str, python: bool, node: bool) -> bool:
    project = thing.project
    if python:
        for item in project.python_packages.around(folder):
            if not item.is_plain or not (item.names <= _PORTABLE_PYTHON):
                return False
    if node:
        for manifest in project.node_packages.around(folder):
            if not manifest.system or not all(PORTABLE_NODE.fullmatch(name) for name in manifest.dependencies):
                return False
    scripts = project.builds
    name = posixpath.basename(folder)
    return not name or not scripts.is_mentioned(folder, posixpath.dirname(thing.template.path))
