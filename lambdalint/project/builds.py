"""What is not there because a build step makes it: outputs, ignored files, submodules, what scripts copy."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lambdalint.naming import Names
from lambdalint.project.tree import Tree
from lambdalint.regex import regex

MAX_SCRIPT_BYTES = 200_000
MAX_SCRIPTS = 60

_ARCHIVE = regex(r"\.(zip|jar|war|whl|tgz|tar|gz|bz2|dll|so|exe)\Z", re.IGNORECASE)
_CERTAIN_OUTPUTS = frozenset(("dist", "build", "target", "out", "node_modules"))
_OUTPUT_PARTS = frozenset(
    (
        "artifact",
        "artifacts",
        "bin",
        "build",
        "builds",
        "built",
        "bundle",
        "bundled",
        "bundles",
        "compiled",
        "debug",
        "deps",
        "dist",
        "generated",
        "node_modules",
        "obj",
        "out",
        "output",
        "package",
        "packaged",
        "packages",
        "publish",
        "release",
        "stage",
        "staging",
        "target",
        "temp",
        "tmp",
        "transpiled",
        "vendor",
        "venv",
    )
)
"""Words that folders of build outputs are named with."""

_SCRIPTS = Names(
    whole=(
        "makefile",
        "gnumakefile",
        "justfile",
        "jenkinsfile",
        "rakefile",
        "taskfile.yml",
        "taskfile.yaml",
        ".gitlab-ci.yml",
        ".gitlab-ci.yaml",
        "package.json",
        "project.json",
        "pyproject.toml",
        "pom.xml",
        *(f"{name}.{end}" for name in ("tox", "setup") for end in ("ini", "cfg")),
        *(
            f"{name}.{end}"
            for name in ("tasks", "noxfile", "setup", "build", "deploy", "package", "bundle")
            for end in ("py", "js", "mjs", "cjs", "ts")
        ),
    ),
    ends=(".mk", ".sh", ".bash", ".ps1", ".psm1", ".bat", ".cmd", ".gradle", ".kts"),
    pairs={
        ("tsconfig",): (".json",),
        ("buildspec",): (".yml", ".yaml"),
        ("dockerfile",): ("",),
        ("esbuild", "rollup", "webpack", "vite", "gulp", "grunt"): (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"),
        ("readme", "install", "deploy", "build", "usage"): (".md", ".rst", ".txt"),
    },
)
_IN_SCRIPT_FOLDERS = (".py", ".js", ".cjs", ".mjs", ".ts", ".yml", ".yaml")
_SCRIPT_FOLDERS = ("scripts", "script", "bin", "build", "ci", "tools", "hack", "deployment", ".github/workflows")
_MAKES = regex(
    r"\b(mkdir|makedirs?|cp|copy\w*|mv|move|rsync|ln|link|install|tar|unzip|zip|clone|publish|tsc|esbuild|xcopy|robocopy"
    r"|cpSync|mkdirSync|outdir|outfile|out-file|target|destination|dest|output|archive)\b"
    r"|(?<!\S)(-t|-o|-d)\b|(?<=\S)\s>>?\s",
    re.IGNORECASE,
)
_MOVES = regex(r"\b(cp|mv|rsync|copy|move|xcopy|robocopy|copytree)\b", re.IGNORECASE)


class Builds:
    """Tells what a project's build steps may bring. It never runs them."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._submodules: tuple[str, ...] | None = None

    def may_make(self, path: str, template: str) -> bool:
        """Whether a build step may make what is not at a path that a template's folder is the start of."""
        if _ARCHIVE.search(path) or self.tree.is_ignored(path) or self._is_submodule(path):
            return True
        if self.tree.is_linked(path):
            return True
        parts = path.split("/")
        there = 0
        while there < len(parts) and self.tree.is_folder("/".join(parts[: there + 1])):
            there += 1
        if any(part in _CERTAIN_OUTPUTS for part in parts[:there]) or any(is_output(part) for part in parts[there:]):
            return True
        return self.is_mentioned(path, posixpath.dirname(template)) or self._is_moved(template)

    def _is_moved(self, template: str) -> bool:
        """Whether a script copies a template, or all of a folder that it is in, so that its paths start elsewhere."""
        folders = [posixpath.basename(folder) for folder in _upwards(posixpath.dirname(template)) if folder]
        names = [re.escape(posixpath.basename(template)), *(rf"{re.escape(name)}(/\.|/?\*|/)?" for name in folders)]
        moved = re.compile(rf"(?<![\w-])({'|'.join(names)})[\"']?(\s|\Z)")
        return any(
            _MOVES.search(line) and "s3" not in line and moved.search(line)
            for place in _upwards(posixpath.dirname(template))
            for line in self._making_lines(place)
        )

    def is_mentioned(self, path: str, folder: str) -> bool:
        """Whether a script around a folder, or above it, has a line that makes something of a path's name."""
        name = posixpath.basename(path)
        if not name:
            return False
        lines = [line for place in _upwards(folder) for line in self._making_lines(place) if name in line]
        if not lines:
            return False
        mention = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        return any(mention.search(line) for line in lines)

    def says(self, pattern: re.Pattern[str], folder: str) -> bool:
        """Whether a script around a folder, or above it, has a line that makes something and fits a pattern."""
        return any(pattern.search(line) for place in _upwards(folder) for line in self._making_lines(place))

    def _making_lines(self, folder: str) -> list[str]:
        """The lines of a folder's scripts that make, copy or move files."""
        return self.tree.once(("making", folder), lambda: self._find_making_lines(folder))

    def _find_making_lines(self, folder: str) -> list[str]:
        found: list[str] = []
        count = 0
        for place in (folder, *(f"{folder}/{name}" if folder else name for name in _SCRIPT_FOLDERS)):
            for name in sorted(self.tree.listing(place)):
                is_script = _SCRIPTS.fit(name) or (place != folder and name.lower().endswith(_IN_SCRIPT_FOLDERS))
                if count < MAX_SCRIPTS and is_script:
                    count += 1
                    text = self.tree.text(f"{place}/{name}" if place else name, MAX_SCRIPT_BYTES)
                    whole = re.sub(r"[\\^`]\r?\n", " ", text)
                    found.extend(line for line in whole.splitlines() if _MAKES.search(line))
        return found

    def _is_submodule(self, path: str) -> bool:
        if self._submodules is None:
            text = self.tree.text(".gitmodules", MAX_SCRIPT_BYTES)
            self._submodules = tuple(re.findall(r"^\s*path\s*=\s*(.+?)\s*$", text, re.MULTILINE))
        return any(path == module or path.startswith(f"{module}/") for module in self._submodules)


def is_output(name: str) -> bool:
    """Whether a folder is named like one of build outputs: ``dist``, ``target``, ``.aws-sam``, ``lambda_build``."""
    if name in (".aws-sam", "cdk.out") or name.startswith("asset."):
        return True
    return not _OUTPUT_PARTS.isdisjoint(part.lower() for part in re.split(r"[-_.]", name))


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
