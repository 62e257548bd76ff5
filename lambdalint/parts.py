"""The parts of a project that have nothing to do with each other: each is judged apart, by several processes."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from lambdalint import watch
from lambdalint.judging import Outcome, Standard, outcome_of
from lambdalint.project.model import Surroundings
from lambdalint.project.ties import CodeFile, Ties, grouped, mentioned, ties_of
from lambdalint.reading import Progress, Reading
from lambdalint.report import Crash, Read

if TYPE_CHECKING:
    from lambdalint.memory import Memory

MAX_REST = 20
"""Handlers that no template names and that are judged together."""
LARGE = 1_000
"""Resources of a template, or of an assembly, that are not kept in memory while others are judged."""
FEW = 40
"""Functions and handlers for which another process pays."""


class Piece:
    """A template file, or an assembly of CDK, that is read when that is needed."""

    def __init__(self, whole: Reading, name: str, is_assembly: bool) -> None:
        self.name = name
        self.ties: Ties | None = None
        self.texts: frozenset[str] | None = None
        self._whole = whole
        self._is_assembly = is_assembly
        self._reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """What has been read of it."""
        if self._reading is None:
            self._reading = self._whole.part()
            if self._is_assembly:
                self._reading.read_assembly(self.name)
            else:
                self._reading.read_template(self.name)
        return self._reading

    def look(self, is_alone: bool = False) -> None:
        """Finds out what ties it to others, if there are any."""
        reading = self.reading
        self.ties, self.texts = ties_of(reading.tree, reading.templates, reading.synthesis.assemblies, is_alone)

    def let_go_if_large(self) -> None:
        """Frees the memory of large templates until they are judged, when they are read again."""
        reading = self._reading
        if reading is not None and sum(len(template.resources) for template in reading.templates) > LARGE:
            self._reading = None
            for template in reading.templates:
                template.let_go()
            reading.let_go()

    def mentions(self, words: frozenset[str]) -> frozenset[str]:
        """Which of some words its templates have."""
        if self.texts is None:
            self.look()
        return mentioned(self.texts or (), words)


class Part:
    """Templates that are tied together, with their code; or some handlers that no template names.

    ``files`` are its templates, ``roots`` files and folders that findings of the part may be in, ``is_rest`` tells that
    no template is in it.
    """

    def __init__(
        self,
        reading: Reading,
        pieces: Sequence[Piece] = (),
        unnamed: Sequence[str] = (),
        around: Surroundings | None = None,
        is_rest: bool = False,
    ) -> None:
        self.around = around or Surroundings()
        self.is_rest = is_rest
        ties = [piece.ties for piece in pieces if piece.ties is not None]
        self.files = tuple(path for item in ties for path in item.templates)
        self.weight = sum(item.functions for item in ties) + len(unnamed)
        roots = {*self.files, *unnamed, *(problem.span.path for problem in reading.problems)}
        self.roots = roots.union(*(item.folders | item.layers | item.apps for item in ties))
        self.roots.update(piece.name for piece in pieces)
        self._reading = reading
        self._pieces = tuple(pieces)
        self._unnamed = tuple(unnamed)

    @property
    def key(self) -> str:
        """What tells it from other parts of the same project, and from itself in other surroundings."""
        import hashlib

        around = self.around
        surroundings = (sorted(around.linked), sorted(around.named), around.has_templates, around.publishes)
        told = (surroundings, [piece.name for piece in self._pieces], self._unnamed, sorted(self.roots))
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()

    def holds(self, path: str) -> bool:
        """Whether a file, or code given in it, is in one of its roots."""
        path = path.partition("#")[0]
        return any(not root or path == root or path.startswith(f"{root}/") for root in self.roots)

    def may_be_in(self, path: str) -> bool:
        """Whether findings of it may be in a file or below a folder."""
        return path == "." or self.holds(path) or any(root.startswith(f"{path}/") for root in self.roots)

    def outcome(self, standard: Standard, progress: Progress | None = None) -> Outcome:
        """What comes of it. What has been read of it is let go."""
        reading, pieces = self._reading, self._pieces
        del self._reading, self._pieces
        for piece in pieces:
            reading.take(piece.reading)
        return outcome_of(reading, self._unnamed, self.around, standard, progress)


def parts_of(whole: Reading, memory: Memory | None = None) -> list[Part]:
    """The parts of a project; ``whole`` takes over what was read that is in none of them.

    ``memory`` tells of what need not be read again.
    """
    broken = whole.part()
    pieces = list(_pieces(whole, broken, memory))
    for piece in pieces:
        if piece.ties is None:
            piece.look(len(pieces) == 1)
            if memory is not None and len(pieces) > 1:
                _keep(memory, piece)
            if len(pieces) > 1:
                piece.let_go_if_large()
    ties = [piece.ties for piece in pieces if piece.ties is not None]

    def mentions(index: int, words: frozenset[str]) -> Iterable[str]:
        name = pieces[index].name
        known = memory.mentioned(name, words) if memory is not None else None
        if known is not None:
            return known
        found = pieces[index].mentions(words)
        if memory is not None:
            memory.keep_mentioned(name, words, found)
        return found

    def scan(words: frozenset[str]) -> Iterator[CodeFile]:
        if memory is None:
            yield from whole.scan(words)
            return
        memory.ask(words)
        for file in whole.scan(words, memory.code):
            memory.keep_code(file)
            yield file

    grouping = grouped(ties, mentions, scan, whole.files.code)
    whole.shared.paths = grouping.shared
    parts: list[Part] = []
    for group, unnamed in zip(grouping.groups, grouping.unnamed):
        publishes = any(item.publishes for index, item in enumerate(ties) if index not in group)
        around = Surroundings(True, publishes)
        parts.append(Part(whole.part(), [pieces[index] for index in group], unnamed, around))
    around = Surroundings(bool(ties))
    if broken.problems or broken.crashes:
        parts.append(Part(broken, around=around))
    for start in range(0, len(grouping.rest), MAX_REST):
        parts.append(Part(whole.part(), (), grouping.rest[start : start + MAX_REST], around, True))
    return parts


def _pieces(whole: Reading, broken: Reading, memory: Memory | None) -> Iterator[Piece]:
    """The template files and assemblies that hold templates; ``broken`` takes over what can't be read."""
    names = [(name, False) for name in whole.files.templates]
    names.extend((name, True) for name in whole.files.assemblies)
    for name, is_assembly in names:
        piece = Piece(whole, name, is_assembly)
        if memory is not None and memory.knows_piece(name):
            piece.ties = memory.ties(name)
            if piece.ties is not None:
                yield piece
            else:
                whole.sources.opened.add(name)
            continue
        reading = piece.reading
        if reading.templates:
            yield piece
        elif reading.problems or reading.crashes:
            broken.take(reading)
        else:
            whole.take(reading)
            if memory is not None:
                _keep(memory, piece)


def _keep(memory: Memory, piece: Piece) -> None:
    """Keeps what a piece is tied by, unless there is more to say of it."""
    reading = piece.reading
    if not (reading.crashes or reading.sources.notes or reading.sources.unreadable):
        memory.keep_ties(piece.name, reading.read, piece.ties)


def judged_parts(
    parts: Sequence[Part], standard: Standard, progress: Progress | None = None, memory: Memory | None = None
) -> list[Outcome]:
    """What comes of each part, in their order; ``memory`` tells of what need not be judged again."""
    first = [part for part in parts if not part.is_rest]
    rest = [part for part in parts if part.is_rest]
    found = dict(zip(map(id, first), _remembered(first, standard, progress, memory)))
    if rest:
        foreign = [
            (item, outcome.named)
            for part, outcome in ((part, found[id(part)]) for part in first)
            for item in outcome.linked
            if not part.holds(item[0])
        ]
        linked = frozenset(item for item, _ in foreign)
        named = frozenset(path for _, paths in foreign for path in paths)
        for part in rest:
            part.around = replace(part.around, linked=linked, named=named)
        found.update(zip(map(id, rest), _remembered(rest, standard, progress, memory)))
    return [found[id(part)] for part in parts]


def _remembered(
    parts: Sequence[Part], standard: Standard, progress: Progress | None, memory: Memory | None
) -> list[Outcome]:
    if memory is None:
        return _judged(parts, standard, progress)
    keys = [part.key for part in parts]
    known = [memory.outcome(key) for key in keys]
    judged = iter(_judged([part for part, item in zip(parts, known) if item is None], standard, progress))
    found: list[Outcome] = []
    for key, item in zip(keys, known):
        outcome = item if item is not None else next(judged)
        if item is None:
            memory.keep_outcome(key, outcome)
        found.append(outcome)
    return found


def _judged(parts: Sequence[Part], standard: Standard, progress: Progress | None) -> list[Outcome]:
    if len(parts) < 2:
        return [part.outcome(standard, progress) for part in parts]
    from lambdalint import workers

    weight = sum(part.weight for part in parts)
    processes = min(workers.count(), 1 + weight // FEW)
    if processes > 1:
        try:
            return _judged_apart(parts, standard, progress, processes)
        except OSError:  # no process could be started
            pass
    found: list[Outcome] = []
    for number, part in enumerate(parts):
        if progress is not None:
            progress("parts", number, len(parts))
        found.append(part.outcome(standard))
    return found


def _judged_apart(
    parts: Sequence[Part], standard: Standard, progress: Progress | None, processes: int
) -> list[Outcome]:
    from lambdalint import workers

    gc.collect()  # so that children do not have what nobody needs
    order = sorted(range(len(parts)), key=lambda index: -parts[index].weight)

    def work(task: int) -> bytes:
        watch.start()
        return msgspec.msgpack.encode(parts[order[task]].outcome(standard))

    found: dict[int, Outcome] = {}
    for task, data in workers.run(len(parts), work, processes):
        found[order[task]] = msgspec.msgpack.decode(data, type=Outcome)
        if progress is not None:
            progress("parts", len(found), len(parts))
    return [found.get(index) or _lost(part) for index, part in enumerate(parts)]


def _lost(part: Part) -> Outcome:
    """What is told of a part whose process has ended before its time."""
    name = min(part.roots, default="")
    crash = Crash("a process of lambdalint", name, "it ended before it was done", "")
    return Outcome((), (), {}, {}, {}, (crash,), (), (), (), {}, (), (), (), Read())
