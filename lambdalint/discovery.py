"""Which files a run looks at: the root, what git ignores, templates told by content, handler code, ``cdk.out``."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from lambdalint.cache_folder import TAG
from lambdalint.gitignore import Patterns, patterns
from lambdalint.regex import regex

MAX_FILES = 500_000
"""Files below a root; the rest of a larger one is not read."""
MAX_TEMPLATE_BYTES = 5_000_000
"""CloudFormation takes 1 MB; a larger file than this is not read."""
MAX_WILDCARDS = 4
"""Asterisks between two slashes of a pattern, and ``**`` in all of it: matching more may take for ever."""

_TEST_FOLDER = regex(
    r"(?:(?:unit|integration|functional|acceptance|smoke|load|e2e)[-_]?)?tests?\Z|__tests__\Z|__mocks__\Z|testing\Z|e2e\Z"
)
_TEST_ENDS = (".test.js", ".spec.js", ".test.ts", ".spec.ts")
_SKIPPED_FOLDERS = frozenset(
    (
        ".git",
        ".hg",
        ".svn",
        ".aws-sam",
        ".serverless",
        ".terraform",
        ".venv",
        ".tox",
        ".nox",
        ".idea",
        ".vscode",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".lambdalint_cache",
        ".next",
        ".webpack",
        ".gradle",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "bower_components",
        "site-packages",
        "dist-packages",
        "jspm_packages",
    )
)
"""Folders that hold no sources of the project: tools' own, build outputs, installed packages."""

_THIRD_PARTY = frozenset(
    (
        "boto3",
        "botocore",
        "s3transfer",
        "jmespath",
        "dateutil",
        "requests",
        "urllib3",
        "certifi",
        "chardet",
        "charset_normalizer",
        "idna",
        "yaml",
        "_yaml",
        "numpy",
        "pandas",
        "scipy",
        "pytz",
        "PIL",
        "jwt",
        "jose",
        "rsa",
        "ecdsa",
        "pyasn1",
        "cryptography",
        "cffi",
        "pymysql",
        "psycopg2",
        "pymongo",
        "bson",
        "redis",
        "pika",
        "elasticsearch",
        "elasticsearch_dsl",
        "opensearchpy",
        "requests_aws4auth",
        "aws_requests_auth",
        "crhelper",
        "aws_xray_sdk",
        "aws_lambda_powertools",
        "jsonschema",
        "markupsafe",
        "jinja2",
        "pydantic",
        "slack_sdk",
        "google",
        "lxml",
        "bs4",
        "soupsieve",
        "setuptools",
        "pkg_resources",
        "pip",
        "wheel",
        "simplejson",
        "multidict",
        "aiohttp",
        "attr",
        "attrs",
        "ask_sdk_core",
        "ask_sdk_model",
        "ask_sdk_runtime",
    )
)
"""Packages that are often copied into a code folder; they are not the project's own."""

_WILDCARDS = regex(r"\*+")
_PROJECT_FILES = (
    "template.yaml",
    "template.yml",
    "template.json",
    "samconfig.toml",
    "cdk.json",
    "serverless.yml",
    "serverless.yaml",
)
_SETTINGS_TABLE = regex(rb"""^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*["']?lambdalint["']?[ \t]*[\].]""", re.MULTILINE)
_TEMPLATE_SUFFIXES = (".yaml", ".yml", ".json", ".template")
JAVASCRIPT_SUFFIXES = frozenset((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"))
_CODE_SUFFIXES = frozenset((".py", *JAVASCRIPT_SUFFIXES))
_OF_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")
"""What tells the folder of a virtual environment."""
_NO_CODE_ENDS = (".d.ts", ".d.mts", ".d.cts", ".min.js", ".config.js", ".config.ts", ".config.mjs", ".config.cjs")
_COMPONENT_ENDS = (".jsx", ".tsx")
_OUTPUT_FOLDERS = frozenset(("dist", "build", "out", ".build", "coverage", "public"))
_READ_SUFFIXES = frozenset((*_TEMPLATE_SUFFIXES, *_CODE_SUFFIXES))
_PROGRAM_SUFFIXES = frozenset(
    (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".java", ".kt", ".cs", ".fs", ".go")
)
_ASSEMBLY_FILES = frozenset(("manifest.json", "cdk.out"))
_TEMPLATE_MARK = regex(rb"Resources")
_TYPE_MARK = regex(rb"""["']?Type["']?\s*:\s*(?:!!str\s+)?["']?[A-Za-z0-9]+::""")
_TOP_RESOURCES = regex(rb"""^(Resources|"Resources"|'Resources')[ \t]*:""", re.MULTILINE)
_JSON_RESOURCES = regex(rb'"Resources"\s*:\s*\{')
_AWS_EVIDENCE = regex(
    rb"""^[ \t"']*AWSTemplateFormatVersion["']?\s*:|AWS::Serverless-|["']?\bType["']?\s*:\s*["']?AWS::\w+::\w""",
    re.MULTILINE,
)
_PLACEHOLDERS = regex(rb"\{%-?\s|\{\{(?!resolve:)[^{}\n]{1,200}\}\}")
_HANDLER_MARK = regex(
    rb"^(?:async )?def \w+\(\s*\w{0,60}(?:event|evt|payload)\w{0,60}\b[^,()]{0,200},"
    rb"\s*\w{0,60}(?:context|ctx|cntxt|_)\w{0,60}\b",
    re.MULTILINE | re.IGNORECASE,
)
_NODE_HANDLER_MARK = regex(
    rb"export(?:"
    rb"s\.\w{0,60}[hH]andler\s*=|\s+(?:const|let|var|async\s+function|function)\s+\w{0,60}[hH]andler\b"
    rb"|(?:s\s*=\s*|\s*)\{[^}]{0,400}\b\w{0,60}[hH]andler\b"
    rb"|(?:s\.\w{1,60}\s*=|\s+(?:const|let|var|async\s+function|function)\s)[^\n(]{0,200}"
    rb"\(\s*\w{0,60}(?:[eE]vent|evt|payload)\w{0,60}\b[^,()\n]{0,80},\s*\w{0,60}(?:[cC]ontext|ctx|_)"
    rb")"
)
"""All ways to export begin with the same word, so that searching for them is fast.

Names are no longer than some, so that text made to that end can't keep the search busy.
"""


class Files(Struct, frozen=True):
    """What discovery finds below a root; paths are relative to it, with slashes, sorted.

    ``templates`` are only candidates: files whose name and bytes look like a template. ``unreadable`` are folders
    that can't be listed and ``irregular`` what is named like a template or code but is no file, each with the reason.
    ``is_left_out`` tells whether a path, existing or not, is ignored by git or excluded. ``programs`` are files in any
    programming language, ``assemblies`` the folders that ``cdk synth`` wrote, ``apps`` the folders of CDK apps
    (``cdk.json``) that have none. ``folders`` are all that were looked into, ``settings`` those below the root that
    have a settings file, ``ignoring`` the ``.gitignore`` files that counted (absolute paths).
    """

    templates: tuple[str, ...]
    code: tuple[str, ...]
    assemblies: tuple[str, ...]
    is_complete: bool = True
    unreadable: tuple[tuple[str, str], ...] = ()
    irregular: tuple[tuple[str, str], ...] = ()
    is_left_out: Callable[[str], bool] | None = None
    programs: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    ignoring: tuple[str, ...] = ()


def find_root(path: str) -> str:
    """The project's root for an argument.

    That is the folder of the nearest configuration file, else the git root, else the nearest folder that holds a file
    by which Lambda projects are known, else the folder itself; of assemblies within another, the outermost.
    """
    start = os.path.realpath(path)
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while is_assembly(folder) and is_assembly(os.path.dirname(folder)):
        folder = os.path.dirname(folder)
    git_root = marked = ""
    current = folder
    while True:
        if os.path.isfile(os.path.join(current, "lambdalint.toml")) or _configures(current):
            return current
        if os.path.exists(os.path.join(current, ".git")):
            git_root = current
            break
        if not marked and any(os.path.isfile(os.path.join(current, name)) for name in _PROJECT_FILES):
            marked = current
        parent = os.path.dirname(current)
        if parent == current:
            break
        current = parent
    return git_root or marked or folder


def _configures(folder: str) -> bool:
    try:
        with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
            return _SETTINGS_TABLE.search(file.read(1_000_000)) is not None
    except OSError:
        return False


def discover(
    root: str, excluded: Iterable[str] = (), named: Iterable[str] = (), *, with_ignored: bool = False
) -> Files:
    """The files of a project. Links to folders are not followed; what git ignores is left out, but not ``cdk.out``.

    Files that are ``named`` as arguments may be templates whatever their suffix; folders that are named are looked into
    although git ignores them. With ``with_ignored``, nothing is left out because git ignores it.
    """
    templates: list[str] = []
    code: list[str] = []
    assemblies: list[str] = []
    unreadable: list[tuple[str, str]] = []
    irregular: list[tuple[str, str]] = []
    programs: list[str] = []
    apps: list[str] = []
    named = frozenset(named)
    ignores = _Ignores(root, tuple(excluded), with_ignored, named)
    pending = [""]
    folders: list[str] = []
    settings: list[str] = []
    count = 0
    complete = True
    while pending:
        folder = pending.pop()
        folders.append(folder)
        try:
            with os.scandir(os.path.join(root, folder) if folder else root) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            unreadable.append((folder or ".", error.strerror or str(error)))
            continue
        names = {entry.name for entry in entries}
        if folder and TAG in names and folder not in named:
            folders.pop()  # what comes and goes there changes nothing
            continue
        if folder and not names.isdisjoint(_OF_ENVIRONMENTS):
            continue
        if names >= _ASSEMBLY_FILES:
            assemblies.append(folder)
            continue
        ignores.enter(folder, names)
        if folder and (
            "lambdalint.toml" in names or ("pyproject.toml" in names and _configures(os.path.join(root, folder)))
        ):
            settings.append(folder)
        vendored = _vendored(root, folder, names)
        for entry in entries:
            name = entry.name
            path = f"{folder}/{name}" if folder else name
            suffix = os.path.splitext(name)[1].lower()
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_file = not is_folder and entry.is_file() and not _leads_out(root, path, entry)
            except OSError:
                is_folder = is_file = False
            if is_folder:
                if name == "cdk.out" or name.endswith(".cdk.out"):
                    if is_assembly(os.path.join(root, path)) and not ignores.excluded(path):
                        assemblies.append(path)
                elif name not in _SKIPPED_FOLDERS and name not in vendored and not ignores.ignored(path, True):
                    pending.append(path)
            elif is_file:
                count += 1
                if count > MAX_FILES:
                    complete = False
                    break
                is_program = suffix in _PROGRAM_SUFFIXES and name not in vendored
                may_be = suffix in _TEMPLATE_SUFFIXES or (path in named and suffix not in _CODE_SUFFIXES)
                if not (is_program or may_be) or ignores.ignored(path, False):
                    continue
                if is_program:
                    programs.append(path)
                elif name == "cdk.json":
                    apps.append(folder)
                if may_be:
                    templates.append(path)
                elif suffix in _CODE_SUFFIXES and not name.endswith(_NO_CODE_ENDS):
                    code.append(path)
            elif suffix in _READ_SUFFIXES and not name.startswith(".#") and not ignores.ignored(path, False):
                if not _is_link_to_folder(entry):
                    reason = _reason(entry)
                    irregular.append((path, reason))
        if not complete:
            break
    lacking: list[str] = []
    for app in apps:
        output = _output(root, app)
        if output is not None and os.path.isfile(os.path.join(root, output, "manifest.json")):
            if output not in assemblies and not ignores.excluded(output):
                assemblies.append(output)
        else:
            lacking.append(app)
    return Files(
        tuple(sorted(templates)),
        tuple(sorted(code)),
        tuple(sorted(assemblies)),
        complete,
        tuple(sorted(unreadable)),
        tuple(sorted(irregular)),
        ignores.covers,
        tuple(sorted(programs)),
        tuple(sorted(lacking)),
        tuple(folders),
        tuple(sorted(settings)),
        tuple(ignores.files),
    )


def is_assembly(folder: str) -> bool:
    """Whether a folder is what ``cdk synth`` writes."""
    return all(os.path.isfile(os.path.join(folder, name)) for name in _ASSEMBLY_FILES)


def _output(root: str, app: str) -> str | None:
    """The folder that a CDK app is synthesised into, if that is below the root."""
    try:
        with open(os.path.join(root, app, "cdk.json"), "rb") as file:
            written = json.loads(file.read(1_000_000)).get("output")
    except (OSError, ValueError, AttributeError, RecursionError):
        written = None
    path = os.path.normpath(os.path.join(app, written if isinstance(written, str) and written else "cdk.out"))
    path = path.replace(os.sep, "/")
    return None if path.startswith(("../", "/")) or path in ("..", ".") or "\0" in path else path


def _leads_out(root: str, path: str, entry: os.DirEntry[str]) -> bool:
    """Whether something is a link to a place outside of the root."""
    if not entry.is_symlink():
        return False
    top = os.path.realpath(root)
    return not os.path.realpath(os.path.join(root, path)).startswith(top.rstrip(os.sep) + os.sep)


def _reason(entry: os.DirEntry[str]) -> str:
    """Why a name that could be a template's or code's is neither."""
    if not entry.is_symlink():
        return "not a regular file"
    return "a link that leads out of the project" if os.path.exists(entry.path) else "a link that leads nowhere"


def _is_link_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def may_be_template(data: bytes) -> bool:
    """Whether bytes look like a template's, before they are parsed."""
    data = _as_ascii(data)
    return _TEMPLATE_MARK.search(data) is not None and _TYPE_MARK.search(data) is not None


def _as_ascii(data: bytes) -> bytes:
    """The bytes without byte-order mark, and of UTF-16 and UTF-32 those that are ASCII."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data[2:].replace(b"\x00", b"")
    return data.removeprefix(codecs.BOM_UTF8)


def is_surely_template(data: bytes) -> bool:
    """Whether bytes that can't be parsed are a template's all the same, not merely something that mentions one.

    There must be ``Resources`` at the top level, and the version, SAM's transform or the type of a resource.
    """
    data = _as_ascii(data)
    if data.lstrip()[:1] == b"{":
        match = _JSON_RESOURCES.search(data)
        if match is None or data.count(b"{", 0, match.start()) - data.count(b"}", 0, match.start()) != 1:
            return False
    elif not _TOP_RESOURCES.search(data):
        return False
    return _AWS_EVIDENCE.search(data) is not None


def is_text_template(data: bytes, path: str) -> bool:
    """Whether a file is a template of another kind: Jinja or cookiecutter fill it in before it means anything."""
    return "{{" in path or "{%" in path or _PLACEHOLDERS.search(data) is not None


def is_placeholder(line: str) -> bool:
    """Whether a line of code holds something that Jinja or cookiecutter fills in."""
    return "{{" in line or "{%" in line


def may_hold_handler(data: bytes, path: str) -> bool:
    """Whether code has a function at module level that takes an event and a context, or exports a handler."""
    mark = _HANDLER_MARK if path.endswith(".py") else _NODE_HANDLER_MARK
    return mark.search(data) is not None


def is_output(path: str) -> bool:
    """Whether a JavaScript file is one that a compiler or bundler has written, or part of a website."""
    if path.endswith(_COMPONENT_ENDS):
        return True
    return path.endswith((".js", ".mjs", ".cjs")) and not _OUTPUT_FOLDERS.isdisjoint(path.split("/")[:-1])


def is_compiled(path: str, known: frozenset[str]) -> bool:
    """Whether a JavaScript file was made from TypeScript that stands beside it."""
    stem, _, suffix = path.rpartition(".")
    return suffix in ("js", "mjs", "cjs") and f"{stem}.{suffix.replace('js', 'ts')}" in known


def is_test(path: str) -> bool:
    """Whether a code file belongs to tests rather than to a function."""
    *folders, name = path.split("/")
    if any(_TEST_FOLDER.match(folder) for folder in folders):
        return True
    return name.startswith("test_") or name.endswith(("_test.py", *_TEST_ENDS)) or name == "conftest.py"


def _vendored(root: str, folder: str, names: set[str]) -> set[str]:
    """The names in a folder that are copies of installed packages."""
    found = {name for name in names if name in _THIRD_PARTY}
    distributions = [name for name in names if name.endswith((".dist-info", ".egg-info"))]
    for name in distributions:
        found.add(name)
        found.update(_top_level(os.path.join(root, folder, name)))
        found.add(re.split(r"-\d", name.rsplit(".", 1)[0])[0].replace("-", "_").lower())
    return found


def _top_level(distribution: str) -> Iterator[str]:
    """The modules and packages that a distribution installs beside its metadata."""
    try:
        with open(os.path.join(distribution, "RECORD"), encoding="utf-8", errors="replace") as file:
            for line in file.read(2_000_000).splitlines():
                name = line.split(",", 1)[0].split("/", 1)[0]
                if name and name != ".." and not name.endswith(".dist-info"):
                    yield name
    except OSError:
        pass
    try:
        with open(os.path.join(distribution, "top_level.txt"), encoding="utf-8", errors="replace") as file:
            for line in file.read(100_000).splitlines():
                yield line.strip()
                yield f"{line.strip()}.py"
    except OSError:
        pass


class _Ignores:
    """What the ``.gitignore`` files of a tree and of the folders above it, and the settings, leave out.

    Who names an ignored folder wants to see what is in it: only ``.gitignore`` files within it count there. Files are
    named by editors and hooks too, which know nothing of what is ignored.
    """

    def __init__(
        self, root: str, excluded: tuple[str, ...], nothing: bool = False, named: frozenset[str] = frozenset()
    ) -> None:
        self.root = root
        self._nothing = nothing
        self._named = frozenset(name for name in named if os.path.isdir(os.path.join(root, name)))
        self._on_the_way = {way for name in self._named for way in (name, *_folders_above(name))}
        self._freed: dict[str, bool] = {}
        self._covered: dict[str, bool] = {}
        self._specs: dict[str, Patterns] = {}
        self.files: list[str] = []
        """The ``.gitignore`` files that were read."""
        self._excluded = _spec(excluded) if excluded else None
        self._above = tuple(self._read_above()) if not nothing else ()

    def _read_above(self) -> Iterator[tuple[str, Patterns]]:
        """The ``.gitignore`` files between the root and the git root, nearest first, with the way from there."""
        folder, way = self.root, ""
        found: list[tuple[str, Patterns]] = []
        while not os.path.exists(os.path.join(folder, ".git")):
            parent, name = os.path.split(folder)
            if parent == folder:
                return  # no git repository
            folder, way = parent, f"{name}/{way}"
            spec = _read_spec(folder)
            if spec is not None:
                self.files.append(os.path.join(folder, ".gitignore"))
                if spec.tells(way):
                    return  # who names an ignored folder wants to see what is in it
                found.append((way, spec))
        yield from found

    def enter(self, folder: str, names: set[str]) -> None:
        """Reads the ``.gitignore`` of a folder."""
        if ".gitignore" not in names or self._nothing:
            return
        spec = _read_spec(os.path.join(self.root, folder))
        if spec is not None:
            self._specs[folder] = spec
            self.files.append(os.path.join(self.root, folder, ".gitignore"))

    def excluded(self, folder: str) -> bool:
        """Whether the settings leave out a folder."""
        return self._excluded is not None and bool(self._excluded.tells(f"{folder}/"))

    def covers(self, path: str) -> bool:
        """Whether a path or a folder above it is left out, as a file or as a folder."""
        folder, _, name = path.rpartition("/")
        if name in _SKIPPED_FOLDERS or (folder and self._covers_folder(folder)):
            return True
        return self.ignored(path, False) or self.ignored(path, True)

    def _covers_folder(self, folder: str) -> bool:
        """As :meth:`covers`, of a folder."""
        known = self._covered.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            known = name in _SKIPPED_FOLDERS or (bool(above) and self._covers_folder(above))
            known = self._covered[folder] = known or self.ignored(folder, True)
        return known

    def ignored(self, path: str, is_folder: bool) -> bool:
        """Whether a path is left out; the folders above it are not."""
        shown = f"{path}/" if is_folder else path
        if self._excluded is not None and self._excluded.tells(shown):
            return True
        if (not self._specs and not self._above) or path in self._on_the_way:
            return False
        if not self._named:
            return self._matches(path, shown, "")
        freed = next((folder for folder in _folders_above(path) if self._is_freed(folder)), "")
        return self._matches(path, shown, freed)

    def _is_freed(self, folder: str) -> bool:
        """Whether a folder is named although it is ignored."""
        if folder not in self._named:
            return False
        if folder not in self._freed:
            ways = (folder, *_folders_above(folder))
            self._freed[folder] = any(self._matches(way, f"{way}/", "") for way in ways)
        return self._freed[folder]

    def _matches(self, path: str, shown: str, within: str) -> bool:
        """Whether a ``.gitignore`` file tells to leave out a path; only those within a folder are asked."""
        folder = path
        while folder != within:
            folder = folder.rpartition("/")[0]
            spec = self._specs.get(folder)
            if spec is not None:
                inner = shown[len(folder) + 1 :] if folder else shown
                include = spec.tells(inner)
                if include is not None:
                    return bool(include)
        if within:
            return False
        for way, above in self._above:
            include = above.tells(way + shown)
            if include is not None:
                return bool(include)
        return False


def _folders_above(path: str) -> Iterator[str]:
    """The folders that a path stands in, innermost first, without the root."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _read_spec(folder: str) -> Patterns | None:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            return _spec(tuple(file.read(1_000_000).splitlines()))
    except OSError:
        return None


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern, in the words of gitignore, means a path below the root."""
    spec = _spec((pattern,))
    return spec is not None and bool(spec.tells(path))


def is_matchable(pattern: str) -> bool:
    """Whether matching a pattern takes a bounded time; others are passed over."""
    steps = pattern.split("/")
    return sum("**" in step for step in steps) <= MAX_WILDCARDS and all(
        len(_WILDCARDS.findall(step)) <= MAX_WILDCARDS for step in steps
    )


@lru_cache(maxsize=256)
def _spec(lines: tuple[str, ...]) -> Patterns | None:
    return patterns(line for line in lines if is_matchable(line))
