"""Where the time of a cold run goes."""

from __future__ import annotations

import io
import pstats
import sys
from pathlib import Path

from tools.bench.corpus import Corpus
from tools.bench.measure import run
from tools.bench.scenarios import ROOT, TODAY, Lambdalint

TOP = 40


def profile(tool: Lambdalint, corpus: Corpus, folder: Path) -> str:
    """The functions with the most time of their own, and those with the most in all."""
    kept = folder / "profile"
    options = ("--no-cache",) if tool.has_cache else ()
    command = (sys.executable, "-m", "cProfile", "-o", str(kept), "-m", "lambdalint", "--today", TODAY, *options)
    done = run(command, corpus.root, tool.environment)
    if not kept.exists():
        return f"no profile: exit status {done.status}\n{done.errors}"
    text = io.StringIO()
    stats = pstats.Stats(str(kept), stream=text)
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(TOP)
    lines = (line.rstrip().replace(f"{ROOT}/", "") for line in text.getvalue().splitlines())
    return f"{corpus.name}: profile of a cold run\n" + "\n".join(line for line in lines if line)
