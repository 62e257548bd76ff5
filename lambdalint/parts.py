"""The parts of a project that have nothing to do with each other: each is judged apart, by several processes."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

import msgspec

from lambdalint import workers
from lambdalint.judging import Outcome, Standard, outcome_of
from lambdalint.project.model import Surroundings
from lambdalint.project.ties import CodeFile, Ties, grouped, ties_of
from lambdalint.reading import Progress, Reading
from lambdalint.report import Crash, Read

MAX_REST = 20
"""Handlers that no template names and that are judged together."""
FEW = 40
"""Functions and handlers for which further processes do not pay."""

MANY = 100
"""Functions and handlers that have been judged before memory is freed."""


class Part:
    """Templates that are tied together, with their code; or some handlers that no template names.

    ``files`` are its templates, ``roots`` files and folders that findings of the part may be in, ``is_rest`` tells that
    no template is in it.
    """

    def __init__(
        self,
        reading: Reading,
        unnamed: Sequence[str],
        around: Surroundings,
        roots: frozenset[str],
        weight: int,
        is_rest: bool,
    ) -> None:
        self.reading: Reading | None = reading
        self.unnamed = tuple(unnamed)
        self.around = around
        self.files = tuple(template.path for template in reading.templates)
        self.roots = roots
        self.weight = weight
        self.is_rest = is_rest

    def may_be_in(self, path: str) -> bool:
        """Whether findings of it may be in a file or below a folder."""
        return path == "." or any(
            not root or path == root or path.startswith(f"{root}/") or root.startswith(f"{path}/")
            for root in self.roots
        )

    def outcome(self, standard: Standard, progress: Progress | None = None) -> Outcome:
        """What comes of it. What has been read of it is let go."""
        reading, self.reading = self.reading, None
        assert reading is not None
        return outcome_of(reading, self.unnamed, self.around, standard, progress)


def parts_of(whole: Reading) -> list[Part]:
    """The parts of a project, larger ones first; ``whole`` takes over what was read that is in none of them."""
    pieces: list[Reading] = []
    broken = whole.part()
    for piece in whole.pieces():
        if piece.templates:
            pieces.append(piece)
        elif piece.problems or piece.crashes:
            broken.take(piece)
        else:
            whole.take(piece)
    ties = [ties_of(piece.tree, piece.templates, piece.synthesis.assemblies) for piece in pieces]
    grouping = grouped(ties, lambda words: _scanned(whole, words), whole.files.code)
    parts: list[Part] = []
    for group, unnamed in zip(grouping.groups, grouping.unnamed):
        reading = pieces[group[0]]
        for index in group[1:]:
            reading.take(pieces[index])
        publishes = any(item.publishes for index, item in enumerate(ties) if index not in group)
        around = Surroundings(True, publishes)
        own = [ties[index] for index in group]
        parts.append(Part(reading, unnamed, around, _roots(reading, own, unnamed), _weight(own, unnamed), False))
    around = Surroundings(bool(ties))
    if broken.problems or broken.crashes:
        places = frozenset(problem.span.path for problem in broken.problems)
        parts.append(Part(broken, (), around, places, 0, False))
    for start in range(0, len(grouping.rest), MAX_REST):
        chosen = grouping.rest[start : start + MAX_REST]
        parts.append(Part(whole.part(), chosen, around, frozenset(chosen), len(chosen), True))
    return parts


def _scanned(whole: Reading, words: frozenset[str]) -> Iterator[CodeFile]:
    for path, may_hold, found in whole.scan(frozenset(word.encode() for word in words)):
        yield CodeFile(path, may_hold, frozenset(word.decode() for word in found))


def _roots(reading: Reading, ties: Sequence[Ties], unnamed: Sequence[str]) -> frozenset[str]:
    found = {template.path for template in reading.templates}
    found.update(item.assembly.folder for item in reading.synthesis.assemblies)
    for item in ties:
        found |= item.folders | item.layers | item.apps
    return frozenset(found.union(unnamed))


def _weight(ties: Sequence[Ties], unnamed: Sequence[str]) -> int:
    return sum(item.functions for item in ties) + len(unnamed)


def judged_parts(parts: Sequence[Part], standard: Standard, progress: Progress | None = None) -> list[Outcome]:
    """What comes of each part, in their order."""
    first = [part for part in parts if not part.is_rest]
    rest = [part for part in parts if part.is_rest]
    found = dict(zip(map(id, first), _judged(first, standard, progress)))
    if rest:
        linked = frozenset(item for outcome in found.values() for item in outcome.linked)
        named = frozenset(path for outcome in found.values() for path in outcome.named)
        for part in rest:
            part.around = part.around._replace(linked=linked, named=named)
        found.update(zip(map(id, rest), _judged(rest, standard, progress)))
    return [found[id(part)] for part in parts]


def _judged(parts: Sequence[Part], standard: Standard, progress: Progress | None) -> list[Outcome]:
    if len(parts) < 2:
        return [part.outcome(standard, progress) for part in parts]
    letting_go = _LettingGo()
    gc.freeze()  # so that letting go of one part does not cost a look at all others
    try:
        processes = workers.count()
        if processes > 1 and sum(part.weight for part in parts) > FEW:
            return _judged_apart(parts, standard, progress, processes)
        found: list[Outcome] = []
        for number, part in enumerate(parts):
            if progress is not None:
                progress("parts", number, len(parts))
            found.append(part.outcome(standard))
            letting_go(part)
        return found
    finally:
        gc.unfreeze()


def _judged_apart(
    parts: Sequence[Part], standard: Standard, progress: Progress | None, processes: int
) -> list[Outcome]:
    letting_go = _LettingGo()
    order = sorted(range(len(parts)), key=lambda index: -parts[index].weight)

    def work(task: int) -> bytes:
        part = parts[order[task]]
        data = msgspec.msgpack.encode(part.outcome(standard))
        letting_go(part)
        return data

    found: dict[int, Outcome] = {}
    for task, data in workers.run(len(parts), work, processes):
        found[order[task]] = msgspec.msgpack.decode(data, type=Outcome)
        if progress is not None:
            progress("parts", len(found), len(parts))
    return [found.get(index) or _lost(part) for index, part in enumerate(parts)]


class _LettingGo:
    """Frees memory when some parts have been judged."""

    def __init__(self) -> None:
        self._weight = 0

    def __call__(self, part: Part) -> None:
        self._weight += part.weight
        if self._weight > MANY:
            self._weight = 0
            gc.collect()


def _lost(part: Part) -> Outcome:
    """What is told of a part whose process has ended before its time."""
    name = min(part.roots, default="")
    crash = Crash("a process of lambdalint", name, "it ended before it was done", "")
    return Outcome((), (), {}, {}, {}, (crash,), (), (), (), {}, (), (), (), Read())
