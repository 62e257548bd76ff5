"""Builds a project from what the readers brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lambdalint.code.facts import Module
from lambdalint.project.assemblies import Synthesised
from lambdalint.project.codebase import Codebase
from lambdalint.project.handlers import link_handlers
from lambdalint.project.link import Linker
from lambdalint.project.model import Function, Project, Surroundings
from lambdalint.project.originals import Originals
from lambdalint.project.tree import Tree
from lambdalint.project.unnamed_handlers import add_unnamed_handlers
from lambdalint.source import Source
from lambdalint.templates.cloudformation import Template


def build(
    tree: Tree,
    codebase: Codebase,
    templates: list[Template],
    inline: Callable[[Function], Module | None],
    unnamed: list[str],
    assemblies: Iterable[Synthesised] = (),
    originals: Originals | None = None,
    source: Callable[[str], Source | None] | None = None,
    around: Surroundings | None = None,
) -> Project:
    """The linked project. ``inline`` reads code given in a template; ``unnamed`` are files that may hold handlers.

    ``assemblies`` are those of CDK that some of the templates belong to; ``originals`` finds what their assets are
    copies of. ``source`` gives the text of a file, for fixes; ``around`` is the rest of what this is a part of.
    """
    project = Project(tree, codebase, templates, assemblies)
    if source is not None:
        project.source = source
    if around is not None:
        project.around = around
    project.linker = Linker(project, originals)
    project.linker.link_assets()
    project.event_sources = tuple(project.linker.event_sources())
    for function in project.functions:
        function.event_sources = tuple(source for source in project.event_sources if source.function is function)
    link_handlers(project, inline)
    add_unnamed_handlers(project, unnamed)
    return project
