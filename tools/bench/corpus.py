"""Projects to measure: made from a seed, always the same, or copied from a folder."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tools.bench import cdk, javascript_code, python_code, templates
from tools.bench.templates import NODE, PYTHON, Declared
from tools.bench.words import NOUNS, VERBS

SEED = 1
LARGEST_STACK = 2_500_000
"""Bytes of one template; what is more becomes another app."""
FLAWED = 50
"""One in so many functions has a finding."""

Files = dict[str, str]


class Corpus(NamedTuple):
    """A project that lies in a folder.

    ``handler`` and ``template`` are files to name as arguments, below ``root``; ``templates`` are those that are
    written by hand; ``functions`` and ``megabytes`` are 0 where nobody counted.
    """

    name: str
    root: Path
    functions: int
    templates: tuple[str, ...]
    handler: str
    template: str
    template_count: int
    megabytes: float = 0


def generated(folder: Path, functions: int, cdk_mb: float = 5, seed: int = SEED) -> Corpus:
    """Makes a project of so many functions; ``cdk_mb`` are the megabytes of CDK templates at 1,000 functions."""
    random = Random(f"{seed}:{functions}")
    inline = functions // 10 if functions >= 20 else 0
    in_cdk = functions * 15 // 100 if functions >= 20 else 0
    root = folder / f"functions-{functions}"
    _write(root, _top())
    _write(root / "layers" / "shared", python_code.LAYER)
    shown: list[str] = []
    first = ""
    number = 0
    left = functions - inline - in_cdk
    while left > 0:
        size = min(left, random.randrange(5, 21))
        place = f"services/{_service_name(number)}"
        files, handler = _service(_service_name(number), size, Random(f"{seed}:{place}"))
        _write(root / place, files)
        shown.append(f"{place}/template.yaml")
        first = first or f"{place}/{handler}"
        left -= size
        number += 1
    number = 0
    while inline > 0:
        size = min(inline, random.randrange(2, 7))
        path = f"infrastructure/reactions-{number}.yaml"
        declared = [
            Declared(f"React{index}", "", "index.handler", PYTHON if random.random() < 0.7 else NODE, "rule")
            for index in range(size)
        ]
        text = templates.cloudformation(f"reactions-{number}", declared, Random(f"{seed}:{path}"))
        _write(root, {path: text})
        shown.append(path)
        inline -= size
        number += 1
    stacks = 0
    if in_cdk:
        size = int(cdk_mb * 1_000_000 * functions / 1000)
        stacks = min(in_cdk, math.ceil(size / LARGEST_STACK)) or 1
        for index in range(stacks):
            count = in_cdk // stacks + (1 if index < in_cdk % stacks else 0)
            files = _app(f"Shop{index}", count, size // stacks, Random(f"{seed}:app{index}"))
            _write(root / f"apps/shop-{index}", files)
    return Corpus(
        f"{functions:,} functions" if functions != 1 else "one function",
        root,
        functions,
        tuple(shown),
        first,
        shown[0],
        len(shown) + stacks,
    )


def assembly(folder: Path, megabytes: float, seed: int = SEED) -> Corpus:
    """Makes a project with nothing but a CDK app, whose one template has so many megabytes."""
    root = folder / f"cdk-{megabytes:g}"
    count = max(1, round(12 * megabytes))
    _write(root, _top())
    files = _app("Shop", count, int(megabytes * 1_000_000) - 10_000, Random(f"{seed}:cdk"))
    _write(root, files)
    handler = next(name for name in files if name.startswith("lambda/") and name.endswith(("app.py", "app.mjs")))
    template = "cdk.out/Shop.template.json"
    return Corpus(f"CDK template, {megabytes:g} MB", root, count, (), handler, template, 1, megabytes)


def copied(folder: Path, source: Path) -> Corpus:
    """Copies a folder, so that files can be changed there; which files to name is not known yet."""
    root = folder / (source.resolve().name or "folder")
    shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    _write(root, {".git/HEAD": "ref: refs/heads/main\n"})
    return Corpus(source.resolve().name, root, 0, (), "", "", 0)


def _write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _top() -> Files:
    """What makes a folder a repository to lambdalint, and what lies at the top of it."""
    return {
        ".git/HEAD": "ref: refs/heads/main\n",
        ".gitignore": "node_modules/\n__pycache__/\n.aws-sam/\n*.log\n",
        "README.md": "# Shop\n\nMade by tools/bench.\n",
        "package.json": '{"private": true, "workspaces": ["services/*"]}\n',
    }


def _service_name(number: int) -> str:
    return f"{NOUNS[number % len(NOUNS)]}-{VERBS[number // len(NOUNS) % len(VERBS)]}-{number}"


def _lines(random: Random, most: int) -> int:
    """A handler's length: mostly short, sometimes long."""
    return int(random.triangular(30, most, 50))


def _declared(size: int, random: Random) -> Iterator[tuple[str, bool, str]]:
    """Names of functions, whether they are Python, and what calls them."""
    seen: set[str] = set()
    while len(seen) < size:
        name = random.choice(VERBS).title() + random.choice(NOUNS).title() + str(len(seen) or "")
        seen.add(name)
        # The first is Python with a finding, so that a corpus of one function shows something
        yield name, len(seen) == 1 or random.random() < 0.7, random.choice(python_code.EVENTS)


def _service(name: str, size: int, random: Random) -> tuple[Files, str]:
    """A SAM service with its code; and the path of its first handler."""
    files: Files = {}
    declared: list[Declared] = []
    has_own_folders = random.random() < 0.25
    is_module = random.random() < 0.6
    first = ""
    common = python_code.common(name, random)
    for number, (function, is_python, event) in enumerate(_declared(size, random)):
        flawed = (number == 0 and name.endswith("-0")) or random.randrange(FLAWED) == 0
        if is_python:
            folder = f"src/{function.lower()}" if has_own_folders else "src"
            module = "app" if has_own_folders else function.lower()
            path = f"{folder}/{module}.py"
            files[path] = python_code.handler(function, name, event, _lines(random, 150), random, flawed)
            files[f"{folder}/common.py"] = common
            if random.random() < 0.3:
                files[f"{folder}/requirements.txt"] = "aws-lambda-powertools>=3\n"
            declared.append(Declared(function, f"{folder}/", f"{module}.lambda_handler", PYTHON, event))
            first = first or path
        else:
            suffix = "mjs" if is_module else "js"
            path = f"web/{function.lower()}.{suffix}"
            files[path] = javascript_code.handler(function, name, event, _lines(random, 120), random, is_module)
            files[f"web/common.{suffix}"] = javascript_code.COMMON if is_module else javascript_code.common_js()
            files["web/package.json"] = json.dumps({"name": name, "version": "1.0.0", "private": True}, indent=2) + "\n"
            declared.append(Declared(function, "web/", f"{function.lower()}.handler", NODE, event))
    files["template.yaml"] = templates.sam(name, declared, "../../layers/shared/", random)
    files.update(_around(name))
    return files, first


def _around(name: str) -> Files:
    """What else lies in a service's folder and has nothing to do with functions."""
    return {
        "README.md": f"# {name}\n\nDeployed with `sam deploy`.\n",
        "buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands:\n      - sam build\n      - sam package\n",
        "events/request.json": json.dumps({"body": '{"id": "a-1", "owner": "b-2"}', "headers": {}}, indent=2) + "\n",
        "tests/test_common.py": "from common import batches\n\n\ndef test_batches():\n"
        "    assert list(batches([1, 2, 3], 2)) == [[1, 2], [3]]\n",
    }


def _app(stack: str, size: int, bytes_of_template: int, random: Random) -> Files:
    declared: list[Declared] = []
    code: dict[str, Mapping[str, str]] = {}
    shared = {name.removeprefix("python/"): text for name, text in python_code.LAYER.items()}
    for name, is_python, drawn in _declared(size, random):
        event = "queue" if drawn == "queue" else "schedule"
        folder = f"lambda/{name.lower()}"
        lines = _lines(random, 150 if is_python else 120)
        if is_python:
            text = python_code.handler(name, stack, event, lines, random)
            code[folder] = {"app.py": text, "common.py": python_code.common(stack, random), **shared}
            declared.append(Declared(name, folder, "app.lambda_handler", PYTHON, event))
        else:
            text = javascript_code.handler(name, stack, event, lines, random, True)
            code[folder] = {"app.mjs": text, "common.mjs": javascript_code.COMMON}
            declared.append(Declared(name, folder, "app.handler", NODE, event))
    return cdk.app(stack, declared, code, bytes_of_template)


def names_files(corpus: Corpus, paths: Sequence[str]) -> Corpus:
    """A corpus with files to name, chosen from those that lambdalint reads there."""
    handler = next((path for path in paths if path.endswith(".py")), "") or next(
        (path for path in paths if path.endswith((".js", ".mjs", ".ts"))), ""
    )
    named = [path for path in paths if path.endswith((".yaml", ".yml", ".json", ".template"))]
    made = [path for path in named if b"AWS::" in (corpus.root / path).read_bytes()]
    return corpus._replace(
        handler=handler, template=made[0] if made else "", templates=tuple(made), template_count=len(made)
    )
