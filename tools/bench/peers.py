"""Other linters, as far as they are installed. None of them is told to fix or to fetch anything."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import NamedTuple

from tools.bench.corpus import Corpus
from tools.bench.measure import run

LAMBDA_CHECKS = "CKV_AWS_45,CKV_AWS_50,CKV_AWS_115,CKV_AWS_116,CKV_AWS_117,CKV_AWS_173,CKV_AWS_258,CKV_AWS_363"
LIMIT = 1800


class Peer(NamedTuple):
    """A command, and how many templates it reads; 0 if it reads the whole project."""

    name: str
    command: tuple[str, ...]
    templates: int


def peers(corpus: Corpus, sample: int, folders: Sequence[str] = ()) -> Iterator[Peer]:
    """The peers that are installed: on the path, beside this Python, or in a folder that is given."""
    path = os.pathsep.join((*folders, str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    chosen = Random(1).sample(corpus.templates, min(sample, len(corpus.templates)))
    if cfn_lint := shutil.which("cfn-lint", path=path):
        yield Peer("cfn-lint", (cfn_lint, *chosen), len(chosen))
        if _has_serverless(cfn_lint):
            more = ("--append-rules", "cfn_lint_serverless.rules")
            yield Peer("cfn-lint with cfn-lint-serverless", (cfn_lint, *chosen, *more), len(chosen))
    if checkov := shutil.which("checkov", path=path):
        options = ("--framework", "cloudformation", "--check", LAMBDA_CHECKS, "--quiet", "--compact", "--skip-download")
        yield Peer("checkov, Lambda checks", (checkov, "--directory", ".", *options), 0)
    if ruff := shutil.which("ruff", path=path):
        yield Peer("ruff", (ruff, "check", "--no-cache", "--isolated", "--quiet", "."), 0)
    if pythaw := shutil.which("pythaw", path=path):
        yield Peer("pythaw", (pythaw, "check", "."), 0)


def _has_serverless(cfn_lint: str) -> bool:
    python = Path(cfn_lint).with_name("python")
    if python.exists():
        code = "import importlib.util as u, sys; sys.exit(u.find_spec('cfn_lint_serverless') is None)"
        return run((str(python), "-c", code), Path.cwd(), os.environ).status == 0
    return find_spec("cfn_lint_serverless") is not None
