"""The command line of the bench."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.bench import corpus, peers, profiling, scenarios, targets
from tools.bench.corpus import Corpus
from tools.bench.measure import run

ONCE_ABOVE = 1000
"""Projects with more functions are measured once, and without naming single files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes projects, measures, and prints; the exit status says nothing of targets."""
    options = _parser().parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="lambdalint-bench-"))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    try:
        _bench(options, folder)
    finally:
        if options.keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tools/bench", description="Measures lambdalint; see docs/bench.md.")
    parser.add_argument("--functions", default="1,100,1000", help="sizes of generated projects (default: %(default)s)")
    parser.add_argument(
        "--cdk-mb", type=float, default=5, help="size of CDK templates at 1,000 functions, and of one alone"
    )
    parser.add_argument("--no-cdk-growth", action="store_true", help="leave out the CDK templates of growing size")
    parser.add_argument(
        "--folder", type=Path, action="append", default=[], help="measure a copy of this folder as well"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help=f"rounds; projects above {ONCE_ABOVE:,} functions have one"
    )
    parser.add_argument("--peers", action="store_true", help="measure the peers that are installed")
    parser.add_argument("--peer-path", action="append", default=[], help="a folder to look for peers in")
    parser.add_argument("--peer-templates", type=int, default=5, help="how many templates cfn-lint gets (default: 5)")
    parser.add_argument("--cores", type=int, default=2, help="how many cores all commands may use (default: 2)")
    parser.add_argument("--lambdalint", metavar="COMMAND", help="measure this command, not the lambdalint of this tree")
    parser.add_argument(
        "--profile", action="store_true", help="profile a cold run of the largest project; measure nothing"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was measured there")
    parser.add_argument("--keep", action="store_true", help="keep the projects")
    return parser


def _bench(options: argparse.Namespace, folder: Path) -> None:
    tool = scenarios.found(options.lambdalint)
    made = [corpus.generated(folder, size, options.cdk_mb) for size in _sizes(options.functions)]
    for source in options.folder:
        made.append(_named(tool, corpus.copied(folder / str(len(made)), source)))
    if options.profile:
        if made:
            print(profiling.profile(tool, made[-1], folder))
        return
    growing = []
    if options.cdk_mb and not options.no_cdk_growth:
        growing = [corpus.assembly(folder, options.cdk_mb * part) for part in (0.25, 0.5, 1)]
    bench = scenarios.Bench(tool, folder, lambda text: print(text, file=sys.stderr))
    print("\n".join(f"{item.name}: made in {item.root}" for item in (*made, *growing)), file=sys.stderr)
    run(scenarios.UNIT, folder, tool.environment)
    run((*tool.command, "."), (made or growing)[0].root, tool.environment)  # so that all is compiled
    for number in range(options.repeat):
        for item in made:
            if number == 0 or item.functions <= ONCE_ABOVE:
                bench.round(item, with_names=item.functions <= ONCE_ABOVE)
        for item in growing:
            bench.round(item, with_names=False)
    asked = _peers(options, bench, made) if options.peers else []
    _print(options, bench, [*made, *growing], asked)


def _sizes(text: str) -> list[int]:
    return sorted({int(part) for part in text.split(",") if part.strip()})


def _named(tool: scenarios.Lambdalint, item: Corpus) -> Corpus:
    listed = run((*tool.command, "--show-files"), item.root, tool.environment).output.splitlines()
    return corpus.names_files(item, [path for path in listed if (item.root / path).is_file()])


def _peers(options: argparse.Namespace, bench: scenarios.Bench, made: Sequence[Corpus]) -> list[tuple[str, peers.Peer]]:
    """Measures peers once, over the largest project that has no more than 1,000 functions."""
    fitting = [item for item in made if item.functions <= ONCE_ABOVE and item.templates]
    if not fitting:
        return []
    subject = fitting[-1]
    asked = []
    for peer in peers.peers(subject, options.peer_templates, options.peer_path):
        done = bench.measure(subject.name, f"peer: {peer.name}", peer.command, subject.root, peers.LIMIT)
        if done.status < 0 or "Traceback" in done.errors:
            bench.note(f"{peer.name}: exit status {done.status}: {(done.errors.strip().splitlines() or [''])[-1]}")
        if peer.templates:
            bench.note(
                f"{peer.name} was given {peer.templates} of {subject.template_count} templates of {subject.name}"
            )
        asked.append((subject.name, peer))
    return asked


def _print(
    options: argparse.Namespace,
    bench: scenarios.Bench,
    corpora: Sequence[Corpus],
    asked: Sequence[tuple[str, peers.Peer]],
) -> None:
    results = bench.results()
    items = targets.judged(results, corpora, asked)
    notes = [*bench.notes, *targets.disagreements(results, corpora)]
    print(f"Python {platform.python_version()}, {platform.system()}, {options.cores} of {os.cpu_count()} cores\n")
    print(targets.table(results, corpora))
    print("\nTargets (by the least times)\n" + targets.verdicts(items))
    if notes:
        print("\nNotes\n" + "\n".join(notes))
    if options.json:
        data = {
            "python": platform.python_version(),
            "cores": options.cores,
            "results": [
                {"project": project, "scenario": scenario, **result.times._asdict()}
                for (project, scenario), result in results.items()
            ],
            "targets": [{**item._asdict(), "met": item.is_met} for item in items],
            "notes": notes,
        }
        options.json.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
