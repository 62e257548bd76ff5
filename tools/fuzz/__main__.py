"""Looks for input that breaks lambdalint: ``python tools/fuzz --minutes 60 [--seed N] [--corpus FOLDER]``.

It goes on where the property tests stop: with their strategies (``tests/properties``), without limits, and with edits
of the files and projects of any folders. Everything runs in child processes. One that fails, hangs or takes too much
memory is a finding: its seed and the failing input are kept in a folder, which is named.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "rules")]

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from tests.properties import inputs, promises  # noqa: E402

Check = Callable[[Any], None]
HANGING, GREEDY = "took more than {} s", "took more than {} MB"


def main() -> int:
    """Runs children until the time is over; gives 1 if something was found."""
    options = _options()
    if options.child:
        return _child(options)
    place = Path(tempfile.mkdtemp(prefix="lambdalint-fuzz-"))
    print(f"findings go to {place}", flush=True)
    chance = random.Random(options.seed)
    until = time.monotonic() + options.minutes * 60
    known: set[str] = set()
    rounds = 0
    while time.monotonic() < until:
        number = options.only if options.only is not None else chance.randrange(2**32)
        targets = [options.target] if options.target else list(TARGETS)
        target = targets[rounds % len(targets)]
        found = _round(target, number, options, place)
        rounds += 1
        if found and found not in known:
            known.add(found)
            print(f"{target}, seed {number}: {found}", flush=True)
            print(f"  again: python tools/fuzz --target {target} --only {number} {_corpus(options)}", flush=True)
        if options.only is not None:
            break
    print(f"{rounds} rounds of {options.examples} examples, {len(known)} different findings", flush=True)
    if not known:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if known else 0


def _options() -> argparse.Namespace:
    accepted = argparse.ArgumentParser(prog="tools/fuzz", description="Looks for input that breaks lambdalint.")
    accepted.add_argument("--minutes", type=float, default=60, help="how long (default: 60)")
    accepted.add_argument("--seed", type=int, default=None, help="begins with the same inputs again")
    accepted.add_argument("--corpus", action="append", default=[], metavar="FOLDER", help="whose files are edited too")
    accepted.add_argument("--target", choices=sorted(TARGETS), help="one part only")
    accepted.add_argument("--only", type=int, metavar="SEED", help="one round with a seed that was printed")
    accepted.add_argument("--examples", type=int, default=100, help="inputs a round (default: 100)")
    accepted.add_argument("--seconds", type=float, default=30, help="an input that takes longer hangs (default: 30)")
    accepted.add_argument("--megabytes", type=int, default=2_000, help="a child may take so much (default: 2000)")
    accepted.add_argument("--child", metavar="FOLDER", help=argparse.SUPPRESS)
    return accepted.parse_args()


def _corpus(options: argparse.Namespace) -> str:
    return " ".join(f"--corpus {folder}" for folder in options.corpus)


# --- the watchdog -----------------------------------------------------------------------------------------------------


def _round(target: str, number: int, options: argparse.Namespace, place: Path) -> str:
    """Runs one child; gives what is wrong, if anything, and keeps the input."""
    folder = Path(tempfile.mkdtemp(prefix="round-", dir=place))
    words = ["--child", str(folder), "--target", target, "--only", str(number), "--examples", str(options.examples)]
    words += ["--megabytes", str(options.megabytes), *_corpus(options).split()]
    log = folder / "log.txt"
    with open(log, "wb") as file:
        child = subprocess.Popen(
            [sys.executable, __file__, *words], stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
        reason = _watched(child, folder, options)
    if child.returncode and not reason:
        text = log.read_text(encoding="utf-8", errors="replace")
        if child.returncode < 0:
            reason = f"killed by signal {-child.returncode}"
        else:
            reason = (text.strip().splitlines() or ["no word"])[-1][:300]
            reason = _told(folder) or reason
    if not reason:
        shutil.rmtree(folder, ignore_errors=True)
        return ""
    kept = place / f"{target}-{number}"
    shutil.rmtree(kept, ignore_errors=True)
    folder.rename(kept)
    return reason


def _told(folder: Path) -> str:
    try:
        return str(json.loads((folder / "reason.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ""


def _watched(child: subprocess.Popen[bytes], folder: Path, options: argparse.Namespace) -> str:
    """Waits for a child. One whose present input takes too long, or too much memory, is ended."""
    begun = time.time()
    while True:
        try:
            child.wait(0.5)
            return ""
        except subprocess.TimeoutExpired:
            pass
        except BaseException:
            _end(child)
            raise
        beat = folder / "beat"
        last = beat.stat().st_mtime if beat.exists() else begun + 60
        if time.time() - last > options.seconds:
            _end(child)
            return HANGING.format(options.seconds)
        if _megabytes(child.pid) > options.megabytes:
            _end(child)
            return GREEDY.format(options.megabytes)


def _megabytes(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):  # not Linux, or gone
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _end(child: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()


# --- a child ----------------------------------------------------------------------------------------------------------


def _child(options: argparse.Namespace) -> int:
    folder = Path(options.child)
    strategy, check = TARGETS[options.target](options)

    @seed(options.only)
    @settings(
        max_examples=options.examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def go_on(value: Any) -> None:
        _keep(folder / "input", value)
        (folder / "beat").touch()
        check(value)

    try:
        go_on()
    except Exception as error:
        trace = traceback.format_exc()
        print(trace)
        (folder / "reason.json").write_text(json.dumps(_reason(error)), encoding="utf-8")
        return 1
    return 0


def _reason(error: BaseException) -> str:
    """What went wrong, short enough that the same fault is told in the same words."""
    inner = error.exceptions[0] if hasattr(error, "exceptions") else error
    lines = str(inner).strip().splitlines() or [""]
    where = ""
    if lines[0].startswith("Traceback"):
        where = next((line.strip() for line in reversed(lines) if line.strip().startswith("File ")), "")
        lines = lines[-1:]
    return f"{type(inner).__name__}: {lines[0][:150]} {where}".strip()


def _keep(place: Path, value: Any) -> None:
    """Writes the present input, so that it is there whatever happens."""
    if isinstance(value, dict):
        shutil.rmtree(place, ignore_errors=True)
        for name, data in value.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    else:
        place.write_bytes(value if isinstance(value, bytes) else inputs.encoded(str(value)))


def _run(files: inputs.Files) -> None:
    with tempfile.TemporaryDirectory() as name:
        _keep(Path(name), files)
        Path(name).mkdir(exist_ok=True)
        promises.run_is_sound(Path(name))


def _comments(text: str) -> None:
    for path in ("app.py", "app.js", "template.yaml"):
        promises.comments_are_read(text, path)


def _projects(options: argparse.Namespace) -> list[Path]:
    """A sample of the projects of all folders: choosing among thousands, children would begin slowly."""
    folders = [inputs.FIXTURES, inputs.EXAMPLES, *map(Path, options.corpus)]
    chance = random.Random(options.only)
    chosen = chance.choice(folders)
    below = [path for path in chosen.iterdir() if path.is_dir()] or [chosen]
    return inputs.projects_in([chance.choice(below)]) or inputs.projects_in([inputs.EXAMPLES])


def _files(options: argparse.Namespace, suffixes: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    found = [
        data
        for folder in _projects(options)
        for name, data in inputs.files_of(folder).items()
        if name.endswith(suffixes)
    ]
    return st.sampled_from(found).flatmap(inputs.mutated_bytes) if found else st.nothing()


TARGETS: dict[str, Callable[[argparse.Namespace], tuple[st.SearchStrategy[Any], Check]]] = {
    "edited-projects": lambda options: (inputs.mutated_projects(_projects(options)), _run),
    "made-projects": lambda _: (inputs.made_projects(), _run),
    "templates": lambda options: (
        st.one_of(
            inputs.raw(5_000),
            inputs.text_of_tokens(400).map(inputs.encoded),
            inputs.templates(200).flatmap(lambda tree: st.sampled_from((inputs.as_json(tree), inputs.as_yaml(tree)))),
            inputs.templates(50).map(inputs.as_yaml).flatmap(inputs.mutated_bytes),
            _files(options, inputs.TEMPLATES),
        ),
        promises.template_is_read,
    ),
    "python": lambda options: (st.one_of(inputs.python_code, _files(options, (".py",))), promises.python_is_read),
    "javascript": lambda options: (
        st.one_of(inputs.javascript_code, _files(options, inputs.CODE[1:])),
        promises.javascript_is_read,
    ),
    "typescript": lambda options: (
        st.one_of(inputs.javascript_code, _files(options, inputs.CODE[1:])),
        lambda data: promises.javascript_is_read(data, "app.ts"),
    ),
    "source-maps": lambda _: (inputs.source_maps, promises.source_map_is_read),
    "map-comments": lambda _: (inputs.map_comments, promises.map_comment_is_read),
    "settings": lambda _: (inputs.settings, promises.settings_are_read),
    "comments": lambda _: (inputs.text_of_tokens(200), _comments),
}


if __name__ == "__main__":
    sys.exit(main())
