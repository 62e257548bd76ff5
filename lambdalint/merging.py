"""What is reported where several things share a place: one finding that tells of all."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from lambdalint.finding import Edit, Finding, Fix, Related, change
from lambdalint.judging import Judged
from lambdalint.report import Texts
from lambdalint.source import Span
from lambdalint.synthesis import Placed
from lambdalint.templates.document import locate

MAX_OTHERS = 5
"""Places of further functions that a finding names."""


class Merged(Struct, frozen=True):
    """What is reported at one place: the finding, the places it comes from, and why its owner has silenced it.

    ``silenced`` is None where nobody has, and empty where no reason is given.
    """

    finding: Finding
    paths: tuple[str, ...]
    silenced: str | None


def once_a_place(found: Iterable[Judged]) -> list[Merged]:
    """One finding of a rule at a place; the functions that share it are counted in the message.

    Findings that CDK constructs brought to one place from several ones stay apart unless they say the same of different
    functions, as where functions are made in a loop.
    """
    places: dict[tuple[str, Span, str | None], list[Placed]] = {}
    for item in found:
        finding = item.placed.finding
        places.setdefault((finding.code, finding.span, item.silenced), []).append(item.placed)
    return [merged for (_, _, silenced), items in places.items() for merged in _merged(items, silenced)]


def _merged(items: list[Placed], silenced: str | None) -> list[Merged]:
    """What is reported of the findings of a rule at one place."""
    if len(items) == 1:
        only = items[0]
        return [Merged(only.finding, tuple({only.finding.span.path: None, only.origin.path: None}), silenced)]
    groups: list[_Alike] = []
    for item in items:
        group = next((group for group in groups if group.takes(item)), None)
        if group is None:
            group = _Alike()
            groups.append(group)
        group.add(item)
    return [group.merged(silenced) for group in groups]


class _Alike:
    """Findings that become one."""

    def __init__(self) -> None:
        self.items: list[Placed] = []
        self._known: set[object] = set()
        self._functions: set[tuple[str, str]] = set()

    def takes(self, item: Placed) -> bool:
        """Whether a finding of the same rule at the same place belongs to them."""
        if item.origin in self._known or item.finding.message in self._known:
            return True
        return _function_of(item) not in self._functions and item.alike in self._known

    def add(self, item: Placed) -> None:
        """Adds a finding."""
        self.items.append(item)
        self._known.update((item.origin, item.finding.message, item.alike))
        self._functions.add(_function_of(item))

    def merged(self, silenced: str | None) -> Merged:
        """The one finding that they become."""
        first = self.items[0].finding
        others = {_function_of(item) for item in self.items if item.finding.function} - {_function_of(self.items[0])}
        if others and any(item.finding.message != first.message for item in self.items):
            moved = [item for item in self.items[1:] if item.origin != item.finding.span][:MAX_OTHERS]
            further = (Related((*item.callers, item.origin)[0], f"also {item.display}") for item in moved)
            message = f"{first.message} (and {len(others)} more function{'s' if len(others) > 1 else ''})"
            first = change(first, message=message, related=(*first.related, *further))
        paths = dict.fromkeys((first.span.path, *(item.origin.path for item in self.items)))
        return Merged(first, tuple(paths), silenced)


def _function_of(item: Placed) -> tuple[str, str]:
    return (item.origin.path, item.finding.function)


def located(item: Finding, sources: Texts) -> Finding:
    """The finding with its symbolic places looked up in the text."""
    edits = item.fix.edits if item.fix is not None else ()
    others = [*(part.span for part in item.related), *(edit.span for edit in edits)]
    if item.span.line and all(span.line for span in others):
        return item
    related = tuple(Related(_lookup(part.span, sources), part.label) for part in item.related)
    fix = item.fix
    if fix is not None:
        fix = Fix(fix.description, tuple(Edit(_lookup(edit.span, sources), edit.text) for edit in edits), fix.safe)
    return change(item, span=_lookup(item.span, sources), related=related, fix=fix)


def _lookup(span: Span, sources: Texts) -> Span:
    if span.line:
        return span
    source = sources.get(span.path)
    return locate(source, span.pointer) if source is not None else Span(span.path, 1, 1, 1, 1)
