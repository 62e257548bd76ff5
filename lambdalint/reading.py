"""Reads one project, or a part of it: files to templates and modules, with notes on what could not be read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from lambdalint import discovery
from lambdalint.clock import Clock
from lambdalint.code.facts import Module, unreadable
from lambdalint.contents import Contents
from lambdalint.project.build import build
from lambdalint.project.codebase import Codebase, CodePaths
from lambdalint.project.model import Function, Project, SourceProblem, Surroundings
from lambdalint.project.ties import CodeFile
from lambdalint.project.tree import Tree
from lambdalint.regex import regex
from lambdalint.report import Crash, Read
from lambdalint.settings import Settings
from lambdalint.source import Problem, Source, Span, Undecodable, decode
from lambdalint.synthesis import Synthesis
from lambdalint.templates.cloudformation import Template, templates_in
from lambdalint.templates.document import read
from lambdalint.watch import TooLong, Within

MAX_CODE_BYTES = 2_000_000
"""Nobody writes a larger module; it is not read."""
MAX_MANIFEST_BYTES = 200_000
MAX_RESOURCES = 20_000
"""CloudFormation takes 500; a template with more than this is not read."""
MAX_FILE_SECONDS = 20.0
"""What takes longer to read is given up."""
MAX_SHARED = 500
"""Modules that are kept for further parts of a project."""
_OLD_RUNTIMES = ("python2.7", "python3.6")
_PYTHON_2_COMPLAINTS = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)
Progress = Callable[[str, int, int], None]
"""Is told what is going on, how many of it are done, and of how many (0: that is not known)."""
_TOO_NEW = "not read: nested too deeply, or newer than the Python that runs lambdalint ({}.{})"
_MARKS = (b"lambdalint", b"noqa", b"\0")
"""What a file has that holds comments or metadata for lambdalint; with null bytes it may be of another encoding."""
_WORD = regex(rb"[\w.-]{3,}")


def crash(part: str, subject: str) -> Crash:
    """The crash that is being handled."""
    import traceback

    error = sys.exc_info()[1]
    return Crash(part, subject, f"{type(error).__name__}: {error}", traceback.format_exc())


class Sources:
    """Reads the files of a project, and keeps what later output needs of them."""

    def __init__(self, contents: Contents, progress: Progress | None = None) -> None:
        self.contents = contents
        self.opened: set[str] = set()
        self._searched: set[str] = set()
        self.marked: set[str] = set()
        """The files that may hold comments for lambdalint."""
        self._progress = progress
        self.unreadable: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}
        self._texts: dict[str, Source | None] = {}

    def data(self, path: str, limit: int = MAX_CODE_BYTES) -> bytes | None:
        """The bytes of a file; None where it can't be read, which is noted, or is larger than ``limit``."""
        self.opened.add(path)
        if self._progress is not None:
            self._progress("files", len(self.opened), 0)
        try:
            data = self.contents.whole(path, limit)
        except (OSError, ValueError) as error:
            self.unreadable[path] = getattr(error, "strerror", None) or str(error)
            return None
        if data is not None and path not in self._searched:
            self._searched.add(path)
            lower = data.lower()
            if any(mark in lower for mark in _MARKS):
                self.marked.add(path)
        return data

    def get(self, path: str) -> Source | None:
        """A source by its path, for output; None where there is none."""
        if path not in self._texts:
            is_there = self.contents.has(path)
            data = self.data(path, max(MAX_CODE_BYTES, discovery.MAX_TEMPLATE_BYTES)) if is_there else None
            self._texts[path] = Source(path, _decode_somehow(data, path)) if data is not None else None
        return self._texts[path]

    def keep(self, source: Source) -> None:
        """Keeps a source that has been read."""
        self._texts[source.path] = source

    def take(self, other: Sources) -> None:
        """Takes over what another has read."""
        self.opened |= other.opened
        self.marked |= other.marked
        self.unreadable.update(other.unreadable)
        self.notes.update(other.notes)
        self.passed_over.update(other.passed_over)
        self._texts.update(other._texts)


def _decode_somehow(data: bytes, path: str) -> str:
    """Text to show; what can't be decoded is replaced."""
    try:
        if path.endswith(".py"):
            from lambdalint.code.python import decode_python

            return decode_python(data)
        return decode(data)
    except Undecodable:
        return data.decode("utf-8", "replace")


class Shared:
    """Modules that several parts of a project load, so that each is parsed once, up to some number of them.

    ``paths`` are those that may be such; the modules are kept with whether they may hold comments for lambdalint.
    """

    def __init__(self) -> None:
        self.paths: frozenset[str] = frozenset()
        self.modules: dict[str, tuple[Module, bool]] = {}


class Reading:
    """One project, or a part of it, while it is read. ``whole`` is the reading of the project that it is a part of."""

    def __init__(
        self,
        root: str,
        settings: Settings,
        named: Sequence[str] = (),
        overlay: Mapping[str, bytes] | None = None,
        progress: Progress | None = None,
        whole: Reading | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self.contents: Contents = whole.contents if whole else Contents(root, overlay)
        self.sources = Sources(self.contents, progress)
        self.files: discovery.Files = whole.files if whole else discovery.discover(root, settings.excluded, named)
        self.paths: CodePaths = whole.paths if whole else CodePaths(self.files.code)
        if whole is None:
            self.sources.unreadable.update(self.files.unreadable)
            self.sources.notes.update(self.files.irregular)
            if not self.files.is_complete:
                self.sources.notes["."] = f"has more than {discovery.MAX_FILES:,} files; the rest is not read"
        self.tree: Tree = Tree(root, self.files.is_left_out, self.contents, whole.tree if whole else None)
        self.synthesis = Synthesis(self.tree, self.files, self.sources.data, self.sources.get)
        self.shared: Shared = whole.shared if whole else Shared()
        self.problems: list[SourceProblem] = []
        self.templates: list[Template] = []
        self.crashes: list[Crash] = []
        self.clock = Clock()

    def part(self) -> Reading:
        """The reading of a part of the project, for now of nothing."""
        return Reading(self.root, self.settings, whole=self)

    def take(self, other: Reading) -> None:
        """Takes over what another part has read."""
        self.templates.extend(other.templates)
        self.problems.extend(other.problems)
        self.crashes.extend(other.crashes)
        self.sources.take(other.sources)
        self.tree.take(other.tree)
        self.synthesis.take(other.synthesis)
        self.clock.take(other.clock)

    def let_go(self) -> None:
        """Frees memory: what reads refers to itself. Nothing can be asked afterwards."""
        for thing in (self.synthesis, self.sources, self.tree, self):
            thing.__dict__.clear()

    @property
    def read(self) -> Read:
        """What it has looked at so far."""
        return Read(frozenset(self.tree.listed), frozenset((*self.sources.opened, *self.tree.opened)))

    def read_templates(self) -> None:
        """Reads the files that are templates, and those that CDK has synthesised."""
        for path in self.files.templates:
            self.read_template(path)
        for folder in self.files.assemblies:
            self.read_assembly(folder)

    def read_template(self, path: str) -> None:
        """Reads a file that may be a template."""
        self.templates.extend(self._read_safely(path))

    def read_assembly(self, folder: str) -> None:
        """Reads what CDK has synthesised into a folder."""
        try:
            self.templates.extend(self.synthesis.read(folder, self._read_safely))
        except Exception:
            self.crashes.append(crash("the reader of CDK assemblies", folder))
        self.sources.notes.update(self.synthesis.notes)

    def _read_safely(self, path: str) -> list[Template]:
        try:
            with Within(MAX_FILE_SECONDS):
                return self.clock.timed("the reader of templates", self._read_template)(path)
        except TooLong:
            self.sources.notes[path] = f"took more than {MAX_FILE_SECONDS:.0f} s; not read"
        except Exception:
            self.crashes.append(crash("the reader of templates", path))
        return []

    def _read_template(self, path: str) -> list[Template]:
        data = self.sources.data(path, discovery.MAX_TEMPLATE_BYTES)
        if data is None:
            self._note_large(path, discovery.MAX_TEMPLATE_BYTES)
            return []
        if not discovery.may_be_template(data):
            return []
        try:
            source = Source(path, decode(data))
        except Undecodable as error:
            line, column = error.position(data)
            self._note_broken(path, data, (Problem(error.reason, Span(path, line, column, line, column)),))
            return []
        document = read(source)
        found = templates_in(document)
        if document.fatal:
            self.sources.keep(source)
            self._note_broken(path, data, document.problems[:1])
        elif any(len(template.resources) > MAX_RESOURCES for template in found):
            self.sources.notes[path] = f"has more than {MAX_RESOURCES:,} resources; not read"
            return []
        elif found:
            self.sources.keep(source)
            if not discovery.is_text_template(data, path):
                self.problems.extend(SourceProblem(problem, "key") for problem in document.problems)
        return found

    def _note_broken(self, path: str, data: bytes, problems: tuple[Problem, ...]) -> None:
        if discovery.is_surely_template(data) and not discovery.is_text_template(data, path):
            self.problems.extend(SourceProblem(problem, "template") for problem in problems)

    def _note_large(self, path: str, limit: int) -> None:
        """Notes a file that is too large, if its beginning is a template's."""
        if path in self.sources.unreadable:
            return
        if discovery.may_be_template(self.contents.beginning(path, 200_000)):
            self.sources.notes[path] = f"larger than {limit // 1_000_000} MB; not read"

    def load_module(self, path: str) -> Module | None:
        """Reads a code file, unless another part has read it."""
        if path not in self.shared.paths:
            return self._load_module(path)
        known = self.shared.modules.get(path)
        if known is not None:
            self.sources.opened.add(path)
            if known[1]:
                self.sources.marked.add(path)
            return known[0]
        module = self._load_module(path)
        if module is not None and len(self.shared.modules) < MAX_SHARED:
            self.shared.modules[path] = (module, path in self.sources.marked)
        return module

    def _load_module(self, path: str) -> Module | None:
        try:
            with Within(MAX_FILE_SECONDS):
                return self._load_code(path)
        except TooLong:
            self.sources.notes[path] = f"took more than {MAX_FILE_SECONDS:.0f} s; not read"
            return None

    def _load_code(self, path: str) -> Module | None:
        if not path.endswith(".py"):
            return self._load_javascript(path)
        from lambdalint.code.python import decode_python, read_python, unreadable_python

        data = self.sources.data(path)
        if data is None:
            if path not in self.sources.unreadable:
                self.sources.notes[path] = f"larger than {MAX_CODE_BYTES // 1_000_000} MB; not read"
            return None
        try:
            return read_python(Source(path, decode_python(data)))
        except Undecodable as error:
            return unreadable_python(path, data, error)
        except Exception:
            self.crashes.append(crash("the reader of Python", path))
            return None

    def _load_javascript(self, path: str) -> Module | None:
        from lambdalint.code.javascript import is_minified, read_javascript

        data = self.sources.data(path, self.settings.max_code_size)
        if data is None:
            if path not in self.sources.unreadable:
                self.sources.passed_over[path] = f"larger than {self.settings.max_code_size:,} bytes; not read"
            return None
        try:
            text = decode(data)
            if is_minified(text):
                self.sources.passed_over[path] = "minified; not read"
                return None
            return read_javascript(Source(path, text))
        except Undecodable as error:
            line, column = error.position(data)
            problem = Problem(error.reason, Span("", line, column, line, column))
            return unreadable(path, "javascript", problem)
        except Exception:
            self.crashes.append(crash("the reader of JavaScript", path))
            return None

    def _manifest(self, path: str) -> str:
        """A file that says how modules find each other."""
        return self.tree.text(path, MAX_MANIFEST_BYTES)

    def inline_module(self, function: Function) -> Module | None:
        """Reads code that a template gives inline."""
        from lambdalint.templates.inline import inline_code

        code = inline_code(function.resource, self.sources.get(function.template.path))
        languages = function.languages
        if code is None or len(languages) != 1 or not languages <= {"python", "nodejs"}:
            return None
        path = f"{function.template.path}#{function.name}"
        source = Source(path, code.text)
        try:
            if languages == {"python"}:
                from lambdalint.code.python import read_python

                module = read_python(source, place=code.place, substituted=code.substituted)
            else:
                from lambdalint.code.javascript import is_minified, read_javascript

                if is_minified(code.text):
                    self.sources.passed_over[function.template.path] = f"code of {function.name} is minified; not read"
                    return None
                module = read_javascript(source, place=code.place, substituted=code.substituted)
        except Exception:
            self.crashes.append(crash(f"the reader of {'Python' if languages == {'python'} else 'JavaScript'}", path))
            return None
        self._note_unreadable(module, function)
        return module

    def scan(
        self, words: frozenset[str] = frozenset(), known: Callable[[str], CodeFile | None] | None = None
    ) -> Iterator[CodeFile]:
        """Each code file but tests: whether it may hold a handler, and which of some words it has.

        ``known`` tells it of files that need not be read.
        """
        wanted = {word.encode("utf-8", "surrogatepass"): word for word in words}
        paths = frozenset(self.files.code)
        for path in self.files.code:
            if discovery.is_test(path):
                continue
            file = known(path) if known is not None else None
            if file is not None:
                self.sources.opened.add(path)
                yield file
                continue
            limit = MAX_CODE_BYTES if path.endswith(".py") else self.settings.max_code_size
            data = self.sources.data(path, limit)
            if data is None:
                continue
            may_hold = (
                not discovery.is_output(path)
                and not discovery.is_compiled(path, paths)
                and discovery.may_hold_handler(data, path)
            )
            found = wanted.keys() & set(_WORD.findall(data)) if wanted else ()
            yield CodeFile(path, may_hold, frozenset(wanted[word] for word in found))

    def unnamed_candidates(self) -> list[str]:
        """Code files that may hold a handler which no template names."""
        return [file.path for file in self.scan() if file.may_hold_handler]

    def project(self) -> Project:
        """The whole project, linked."""
        self.read_templates()
        return self.linked(self.unnamed_candidates())

    def linked(self, unnamed: list[str], around: Surroundings | None = None) -> Project:
        """What has been read, linked, with the handlers of ``unnamed`` files; ``around`` is what else there is."""
        load = self.clock.timed("the reader of code", self.load_module)
        codebase = Codebase(self.paths, load, self._manifest)
        synthesis = self.synthesis
        project = build(
            self.tree,
            codebase,
            self.templates,
            self.inline_module,
            unnamed,
            synthesis.assemblies,
            synthesis.originals,
            self.sources.get,
            around or Surroundings(),
        )
        self.sources.notes.update(synthesis.stale_notes())
        for function in project.functions:
            if function.resolution.status == "unreadable":
                module = codebase.get(function.resolution.path)
                if module is not None:
                    self._note_unreadable(module.facts, function)
        named = {function.resolution.path for function in project.functions}
        for path in unnamed:
            module = codebase.get(path)
            if path not in named and module is not None:
                self._note_unreadable(module.facts, None)
        project.problems.extend(self.problems)
        return project

    def _note_unreadable(self, module: Module, function: Function | None) -> None:
        """Notes a handler's module that can't be parsed. ``function`` is None where only its code tells a handler."""
        problem = module.problem
        if problem is None:
            if not module.blocks and module.language == "javascript":
                self.sources.notes[module.file] = "not read: nested too deeply"
            elif not module.blocks and module.path == module.file:
                self.sources.notes[module.file] = _TOO_NEW.format(*sys.version_info[:2])
            return
        runtimes = function.runtimes if function is not None else ()
        if any(str(item.value) in _OLD_RUNTIMES for item in runtimes):
            return
        if function is None and problem.message.startswith(_PYTHON_2_COMPLAINTS):
            return
        source = self.sources.get(module.file)
        if source is not None and discovery.is_placeholder(source.lines[module.at(problem.span).line - 1]):
            return
        complete = Problem(problem.message, module.at(problem.span))
        known = next((item for item in self.problems if item.problem == complete), None)
        if known is not None:
            self.problems.remove(known)
        names = (*(known.functions if known else ()), *((function.name,) if function else ()))
        self.problems.append(SourceProblem(complete, "handler", names))
