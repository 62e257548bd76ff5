"""Judges what was measured, and prints it. Each target is a ratio within one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tools.bench.corpus import Corpus
from tools.bench.peers import Peer
from tools.bench.scenarios import Result, Results

LINEAR = 1.25
"""How much more a further function or byte may cost where there are many than where there are few."""


class Judged(NamedTuple):
    """A target: what is compared, what came out, and what is allowed (at most, unless ``at_least``)."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def judged(results: Results, corpora: Sequence[Corpus], peers: Sequence[tuple[str, Peer]]) -> list[Judged]:
    """All targets that what was measured can tell."""

    def wall(corpus: str, scenario: str) -> float | None:
        found = results.get((corpus, scenario))
        return found.times.wall if found else None

    def cold(corpus: str) -> float | None:
        return wall(corpus, "cold")

    found: list[Judged] = []
    unit = wall("Python", "unit")

    def compare(name: str, value: float | None, base: float | None, limit: float, at_least: bool = False) -> None:
        if value is not None and base:
            found.append(Judged(name, value / base, limit, "times", at_least))

    for corpus in corpora:
        if corpus.functions == 1:
            for kind in ("handler", "template"):
                compare(f"{corpus.name}: {kind}, no cache / unit", wall(corpus.name, f"{kind}, no cache"), unit, 3)
                compare(f"{corpus.name}: {kind}, warm / unit", wall(corpus.name, f"{kind}, warm"), unit, 2)
        if corpus.functions == 1000:
            name = corpus.name
            compare(f"{name}: cold / floor", cold(name), wall(name, "floor"), 2)
            compare(f"{name}: warm / cold", wall(name, "warm"), cold(name), 0.1)
            compare(f"{name}: one changed / cold", wall(name, "one changed"), cold(name), 0.2)
            compare(f"{name}: one handler, warm / unit", wall(name, "handler, warm"), unit, 3)
            compare(f"{name}: one handler, cold / cold", wall(name, "handler, cold"), cold(name), 0.25)
            scenarios = [key for key in results if key[0] == name and key[1] != "floor"]
            most = max((results[key].times.memory for key in scenarios if not _is_peer(key[1])), default=0.0)
            found.append(Judged(f"{name}: memory", most, 300, "MB"))
        for of, peer in peers:
            own, its = cold(corpus.name), wall(corpus.name, f"peer: {peer.name}")
            if of == corpus.name and peer.templates and own and its:
                each = its / peer.templates
                found.append(
                    Judged(
                        f"{of}: {peer.name} / lambdalint cold, a template",
                        each * corpus.template_count / own,
                        50,
                        "times",
                        at_least=True,
                    )
                )
    by_functions = [(c.functions, c.name) for c in corpora if c.functions >= 100 and not c.megabytes]
    found.extend(_linear(results, sorted(by_functions), "functions"))
    found.extend(_linear(results, sorted((c.megabytes, c.name) for c in corpora if c.megabytes), "MB of a template"))
    return found


def _linear(results: Results, sizes: Sequence[tuple[float, str]], unit: str) -> list[Judged]:
    """Compares what one more costs (CPU) between the largest two sizes and between the smallest two."""
    scenario = "no cache" if any((name, "no cache") in results for _, name in sizes) else "cold"
    points = [(size, results[name, scenario].times.cpu) for size, name in sizes if (name, scenario) in results]
    found = []
    for (one, a), (two, b), (three, c) in zip(points, points[1:], points[2:]):
        before, after = (b - a) / (two - one), (c - b) / (three - two)
        if before > 0:
            name = f"CPU of one more, {two:,g} to {three:,g} / {one:,g} to {two:,g} {unit}"
            found.append(Judged(name, after / before, LINEAR, "times"))
    if len(points) == 2:
        (one, a), (two, b) = points
        found.append(Judged(f"CPU of each, {two:,g} / {one:,g} {unit}", (b / two) / (a / one), LINEAR, "times"))
    return found


def disagreements(results: Results, corpora: Sequence[Corpus]) -> list[str]:
    """Where runs say something else than the cold run did."""
    found = []
    for corpus in corpora:
        cold = results.get((corpus.name, "cold"))
        if cold is None:
            continue
        for scenario in ("no cache", "warm", "one changed"):
            other = results.get((corpus.name, scenario))
            if other is not None and other.output != cold.output:
                found.append(f"{corpus.name}: {scenario} does not say the same as cold")
        for (name, scenario), other in results.items():
            kind = scenario.partition(",")[0]
            if name != corpus.name or kind not in ("handler", "template"):
                continue
            path = corpus.handler if kind == "handler" else corpus.template
            if _about(other, path) != _about(cold, path):
                found.append(f"{corpus.name}: {scenario} does not say of {path} what the whole run says")
    return found


def _about(result: Result, path: str) -> list[str]:
    return [line for line in result.output.splitlines() if line.startswith(path + ":")]


def _is_peer(scenario: str) -> bool:
    return scenario.startswith("peer:")


def table(results: Results, corpora: Sequence[Corpus]) -> str:
    """All times, by project."""
    unit = results["Python", "unit"].times.wall
    rows: list[tuple[str, ...]] = [
        ("scenario", "wall s", "median", "CPU s", "MB", "/ unit", "/ floor", "/ cold", "lines")
    ]
    for name in ("Python", *(corpus.name for corpus in corpora)):
        rows.append((name, *[""] * 8))
        floor, cold = results.get((name, "floor")), results.get((name, "cold"))
        for (of, scenario), result in results.items():
            if of == name:
                times = result.times
                rows.append(
                    (
                        "  " + scenario,
                        f"{times.wall:.3f}",
                        f"{times.wall_median:.3f}",
                        f"{times.cpu:.3f}",
                        f"{times.memory:.0f}",
                        f"{times.wall / unit:.1f}",
                        f"{times.wall / floor.times.wall:.2f}" if floor else "",
                        f"{times.wall / cold.times.wall:.3f}" if cold else "",
                        str(result.output.count("\n")),
                    )
                )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def verdicts(items: Sequence[Judged]) -> str:
    """A line for each target."""
    lines = []
    for item in items:
        bound = "at least" if item.at_least else "at most"
        mark = "met   " if item.is_met else "MISSED"
        lines.append(f"{mark}  {item.name}: {item.value:.3g} {item.unit} ({bound} {item.limit:g})")
    return "\n".join(lines)
