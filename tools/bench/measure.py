"""Runs a command as a whole process and tells its wall time, CPU time and peak memory, with all its children."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that ``ru_maxrss`` counts in."""
INTERVAL = 0.01
"""Seconds between two looks at the memory of a process tree."""


class Run(NamedTuple):
    """One run: seconds of wall and CPU time, megabytes at most, exit status, and what it printed."""

    wall: float
    cpu: float
    memory: float
    status: int
    output: str
    errors: str


class Times(NamedTuple):
    """Several runs of the same."""

    wall: float
    wall_median: float
    cpu: float
    memory: float
    runs: int


def summed_up(runs: Sequence[Run]) -> Times:
    """The least times, the median, and the most memory."""
    return Times(
        min(run.wall for run in runs),
        median(run.wall for run in runs),
        min(run.cpu for run in runs),
        max(run.memory for run in runs),
        len(runs),
    )


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float = 1800) -> Run:
    """Runs a command in a folder; it is ended after so many seconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        watch = _Watch(process.pid, begun + limit)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.ended.set()
        watch.join()
        output.seek(0)
        errors.seek(0)
        # A new process counts from what the bench itself had, so that less than that says nothing
        own = usage.ru_maxrss * UNIT
        return Run(
            wall,
            usage.ru_utime + usage.ru_stime,
            max(watch.peak, own if own > _largest() else 0) / 1_000_000,
            process.returncode,
            output.read().decode("utf-8", "replace"),
            errors.read().decode("utf-8", "replace"),
        )


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children while they run, and ends what runs too long.

    Where there are several, each page that they share is counted once (proportional set size).
    """

    def __init__(self, pid: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.peak = 0
        self._pid = pid
        self._deadline = deadline
        self._can_look = Path("/proc/self/statm").exists()

    def run(self) -> None:
        while not self.ended.wait(INTERVAL):
            if time.perf_counter() > self._deadline:
                with contextlib.suppress(OSError):
                    os.kill(self._pid, 9)
                return
            if self._can_look:
                found = list(_tree(self._pid))
                size = _high_water(self._pid) if len(found) == 1 else sum(map(_proportional, found))
                self.peak = max(self.peak, size)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                children = file.read().split()
            for child in children:
                yield from _tree(int(child))
    except OSError:
        return


def _proportional(pid: int) -> int:
    return _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") * 1024


def _high_water(pid: int) -> int:
    return _kilobytes(f"/proc/{pid}/status", "VmHWM:") * 1024


def _kilobytes(path: str, field: str) -> int:
    try:
        with open(path) as file:
            return next((int(line.split()[1]) for line in file if line.startswith(field)), 0)
    except (OSError, ValueError):
        return 0


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
