"""Handlers that no template names: those of Terraform, of serverless.yml, of CDK apps that are not synthesised."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from lambdalint.code.facts import MODULE
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Interpreter
from lambdalint.project.likeness import USUAL_NAMES, is_handler_name, looks_like_handler, looks_like_node_handler
from lambdalint.project.model import LANGUAGES, Handler, Project
from lambdalint.project.things import FunctionThing


def add_unnamed_handlers(project: Project, paths: list[str]) -> None:
    """Adds handlers that no template names: functions that take an event and a context."""
    known = {(handler.module.path, handler.index) for handler in project.handlers}
    known |= project.around.linked
    linked = {path for path, _ in known}
    named = {function.resolution.path for function in project.functions if function.handler is not None}
    named |= linked | project.around.named
    for path in paths:
        module = project.codebase.get(path)
        if module is None or module.facts.problem is not None:
            continue
        roots = tuple(_ancestors(posixpath.dirname(path)))
        if module.facts.language == "javascript":
            found = _of_javascript(project, module, roots) if path not in named else ()
        else:
            found = _of_python(project, module, roots, path in linked)
        for handler in found:
            if (handler.module.path, handler.index) not in known:
                known.add((handler.module.path, handler.index))
                project.handlers.append(handler)


def _of_python(project: Project, module: ModuleIndex, roots: tuple[str, ...], is_linked: bool) -> Iterator[Handler]:
    for index in module.children.get(MODULE, []):
        definition = module.definition(index)
        if not looks_like_handler(module, index) or (is_linked and definition.name not in USUAL_NAMES):
            continue
        target = FunctionThing(module, index, None)
        wrapped = bool(definition.decorators)
        yield Handler(project, module, index, definition.name, roots, target, wrapped, (target,))


def _of_javascript(project: Project, module: ModuleIndex, roots: tuple[str, ...]) -> Iterable[Handler]:
    """The handlers that a module exports; of one function that is exported twice, the one that something wraps."""
    from lambdalint.project.node_exports import exported_names, node_handler, plain_function

    found: dict[tuple[str, int], Handler] = {}
    run = Interpreter(project.codebase, roots, LANGUAGES["javascript"], project.linker.placeholder, only_asked=True)
    for name in exported_names(module).places:
        plain = plain_function(module, name)
        may_be = is_handler_name(name) if plain is None else looks_like_node_handler(module, name, plain)
        handler = node_handler(project, module, name, roots, run) if may_be and name != "default" else None
        if handler is None or handler.target is None:
            continue
        if looks_like_node_handler(handler.module, name, handler.index):
            key = (handler.module.path, handler.index)
            if key not in found or handler.is_wrapped:
                found[key] = handler
    return found.values()


def _ancestors(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
