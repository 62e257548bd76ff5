"""CDK in a run: reads the assemblies of a project, and moves findings from their templates to the app's own lines.

Rules know nothing of this: they judge synthesised templates like others. A finding keeps the place in the template as a
related one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint import discovery
from lambdalint.finding import Finding, Related, change
from lambdalint.project.assemblies import Synthesised
from lambdalint.project.originals import Originals
from lambdalint.project.tree import Tree
from lambdalint.source import Source, Span
from lambdalint.templates.cdk import MAX_BYTES, read_assembly, read_tree
from lambdalint.templates.cloudformation import Template
from lambdalint.templates.document import Mapping

if TYPE_CHECKING:
    from lambdalint.project.construct_places import ConstructPlaces

MAX_NAMED = 3
SYNTHESISED_HERE = "synthesised here"
MADE_HERE = "made here"

_SECTIONS = ("Resources", "Outputs", "Parameters", "Conditions", "Mappings")


class Placed(Struct, frozen=True):
    """A finding, and where it stood before it was moved to the source of a construct; else its own place.

    ``callers`` are the calls that led to the construct, innermost first. ``display`` is what the user knows the
    function by; ``alike`` is equal for findings that say the same of different functions.
    """

    finding: Finding
    origin: Span
    callers: tuple[Span, ...] = ()
    display: str = ""
    alike: str = ""


class Synthesis:
    """The CDK assemblies of one project."""

    def __init__(
        self,
        tree: Tree,
        files: discovery.Files,
        data: Callable[[str, int], bytes | None],
        source: Callable[[str], Source | None],
    ) -> None:
        self.tree = tree
        self.assemblies: list[Synthesised] = []
        self.notes: list[tuple[str, str]] = []
        self.originals = Originals(files.code, self._load, lambda folder: self._code_in(folder))
        self._files = files
        self._data = data
        self._source = source
        self._templates: dict[str, tuple[Template, Synthesised]] = {}
        self._places: dict[str, ConstructPlaces] = {}

    def read(self, folder: str, read_template: Callable[[str], list[Template]]) -> Iterator[Template]:
        """Reads an assembly, and the templates that it names."""
        assembly = read_assembly(folder, self._load)
        self.notes.extend(assembly.problems)
        synthesised = Synthesised(assembly, self._app_of(folder), partial(self._classes, assembly.trees))
        self.assemblies.append(synthesised)
        for stack in assembly.stacks:
            if not self.tree.is_file(stack.path):
                self.notes.append((stack.path, "is named by its assembly, but not there; run `cdk synth` again"))
                continue
            for template in read_template(stack.path):
                template.assembly = folder
                synthesised.name_constructs(template, _logical_ids(template))
                self._templates[template.path] = (template, synthesised)
                yield template

    def take(self, other: Synthesis) -> None:
        """Takes over the assemblies that another one has read."""
        self.assemblies.extend(other.assemblies)
        self.notes.extend(other.notes)
        self._templates.update(other._templates)

    def _classes(self, trees: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in trees:
            found.update(read_tree(path, self._load))
        return found

    def _load(self, path: str) -> bytes | None:
        return self._data(path, MAX_BYTES) if self.tree.is_file(path) else None

    def _code_in(self, folder: str) -> list[str]:
        """The code files of an asset, whether or not git ignores it; without packages that a build step installed."""
        found = discovery.discover(self.tree.absolute(folder), with_ignored=True)
        self.tree.listed.update(posixpath.join(folder, path) for path in found.folders)
        return [posixpath.join(folder, path) for path in found.code]

    def _app_of(self, folder: str) -> str:
        """The folder of the app that an assembly was made from: that of ``cdk.json``, else the one around it."""
        around = posixpath.dirname(folder)
        current = around
        while not self.tree.is_file(posixpath.join(current, "cdk.json")):
            if not current:
                return around
            current = posixpath.dirname(current)
        return current

    # --- findings -----------------------------------------------------------------------------------------------

    def move(self, item: Finding) -> Placed:
        """A finding at the line of the app that made what it is about, where that can be told."""
        origin = item.span
        if not self.assemblies:
            return Placed(item, origin, (), item.function, item.message)
        related = tuple(Related((*self._places_of(part.span), part.span)[0], part.label) for part in item.related)
        place, *callers = (*self._places_of(origin), origin)
        if place != origin:
            made = tuple(Related(caller, MADE_HERE) for caller in callers[:-1])
            related = (*related, *made, Related(origin, SYNTHESISED_HERE))
        display, alike = self._names(item)
        fix = item.fix
        if fix is not None and any(self._is_generated(edit.span.path) for edit in fix.edits):
            fix = None
        return Placed(change(item, span=place, related=related, fix=fix), origin, tuple(callers[:-1]), display, alike)

    def _names(self, item: Finding) -> tuple[str, str]:
        """What the user knows the function of a finding by, and the message without it and without its stack."""
        template, synthesised = self._templates.get(item.span.path, (None, None))
        resource = template.resources.get(item.function or item.resource) if template is not None else None
        if template is None or synthesised is None or resource is None:
            return item.function, item.message
        scope = synthesised.stacks[template.path].scope
        message = item.message.replace(f"{scope}/", "") if scope else item.message
        return resource.display, message.replace(resource.display.removeprefix(f"{scope}/"), "")

    def _places_of(self, span: Span) -> tuple[Span, ...]:
        """The places in the app that a place in a synthesised template comes from, as far as that can be told."""
        known = self._templates.get(span.path) if span.pointer else None
        if known is None:
            return ()
        template, synthesised = known
        folder = synthesised.assembly.folder
        if folder not in self._places:
            from lambdalint.project.construct_places import ConstructPlaces

            programs = [path for path in self._files.programs if not discovery.is_test(path)]
            self._places[folder] = ConstructPlaces(self.tree, self._source, synthesised, programs)
        return self._places[folder].places(template, span.pointer)

    def _is_generated(self, path: str) -> bool:
        return any(item.holds(path) for item in self.assemblies)

    # --- notes --------------------------------------------------------------------------------------------------

    def stale_notes(self) -> Iterator[tuple[str, str]]:
        """A note for each assembly that is older than the code that it was made from."""
        changed = self.originals.changed
        for item in self.assemblies:
            folders = sorted({folder for asset, folder in changed.items() if item.holds(asset)})
            if folders:
                advice = "run `cdk synth` so that templates and code are those of one state"
                yield item.assembly.folder or ".", f"is older than {_listed(folders)}; {advice}"

    def missing_notes(self, is_shown: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """A note if apps have no synthesised output."""
        manifests = [posixpath.join(app, "cdk.json") for app in self._files.apps]
        manifests = [path for path in manifests if is_shown(path)]
        if len(manifests) == 1:
            yield manifests[0], "no synthesised output; run `cdk synth` so that the app's functions are checked too"
        elif manifests:
            advice = "run `cdk synth` in them so that their functions are checked too"
            yield ".", f"{len(manifests)} CDK apps have no synthesised output ({_listed(manifests)}); {advice}"


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MAX_NAMED])
    return f"{shown} and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else shown


def _logical_ids(template: Template) -> Iterator[str]:
    for section in _SECTIONS:
        node = template.root.get(section)
        if isinstance(node, Mapping):
            for pair in node.pairs:
                yield pair.key
