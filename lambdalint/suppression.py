"""Suppression where a finding stands: comments in code and templates, metadata of resources.

``# lambdalint: ignore[LL201, hardcoded-region] reason`` counts for the line that it stands on, or, where it stands on
lines of its own, for the first line below the comments. That line is the one on which the finding begins; where the
finding goes over several lines, such as a call, the comment may stand on its last line as well. Without brackets it
counts for all rules. ``# lambdalint: ignore-file[LL201] reason`` counts for the whole file. ``# noqa: LL201`` counts
for its line. In JavaScript and its like the comment begins with ``//`` or stands in ``/* */``. Code that a template
gives inline holds such comments too, in its own language. A flow map on one line is that line.

``Metadata: {lambdalint: {ignore: [LL501]}}`` counts for a whole resource, its inline code included. An entry may be a
map from rule to reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

from lambdalint.finding import Edit, Finding
from lambdalint.project.model import Project, Suppression
from lambdalint.regex import regex
from lambdalint.rule import Rule
from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Resource, elements
from lambdalint.templates.document import locate
from lambdalint.values import Literal, MapOf, Value, options, text

_IGNORE = regex(
    r"(?:#|//|/\*|^\s*\*)\s*(?P<mark>lambdalint\s*:\s*ignore(?P<file>-file)?(?![\w-])"
    r"(?:\s*\[(?P<names>[^\]]*)\]|(?!\s*\[)))(?P<reason>[^#]*?)\s*(?=\*/|#|//|$)",
    re.IGNORECASE,
)
_NOQA = regex(r"#\s*(?P<mark>noqa\s*:\s*(?P<names>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))", re.IGNORECASE)
_MAY_IGNORE = regex(r"lambdalint\s*:|noqa", re.IGNORECASE)
_COMMENT = regex(r"\s*(?:#|//)")
_SLASH_COMMENT = regex(r"\s*(?://|/\*|\*(?!\w))")
_ALONE = regex(r"\s*(?:#|//|/\*|\*)")
_SLASH_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".java", ".kt", ".go", ".cs", ".rs")
_OWN_CODE = regex(r"LL\d", re.IGNORECASE)

COMMENT, FILE, NOQA, METADATA = "comment", "file", "noqa", "metadata"


class Entry(Struct, array_like=True, eq=False):
    """One comment, or one entry of metadata, that suppresses findings: of some rules, or of all (no ``names``)."""

    kind: str
    names: tuple[str, ...]
    reason: str
    span: Span
    body: Span | None = None
    edit: tuple[Edit, ...] = ()
    used: set[str] = field(default_factory=set)

    def takes(self, finding: Finding, by_name: bool = False) -> bool:
        """Whether it is about the finding's rule, which is noted; ``by_name``: only if it names the rule."""
        if not self.names:
            if not by_name:
                self.used.add("")
            return not by_name
        found = [name for name in self.names if _means(name, finding)]
        self.used.update(found)
        return bool(found)


class Suppressions:
    """Tells whether the owner of a project has silenced a finding. ``off``: nothing is silenced.

    Without ``project``, comments and metadata are those of ``known``.
    """

    def __init__(
        self,
        source: Callable[[str], Source | None],
        project: Project | None,
        off: bool = False,
        known: Iterable[Entry] = (),
    ) -> None:
        self._source = source
        self._project = project
        self._off = off
        self.by_name = False
        """Whether only comments and metadata count that name the rule, as for findings about themselves."""
        self._resources: dict[str, list[Entry]] = {}
        self._comments: dict[str, dict[int, list[Entry]]] = {}
        for entry in known:
            if entry.kind == METADATA:
                self._resources.setdefault(entry.span.path, []).append(entry)
            else:
                line = 0 if entry.kind == FILE else entry.span.line
                self._comments.setdefault(entry.span.path, {}).setdefault(line, []).append(entry)

    def covers(self, finding: Finding, origin: Span | None = None, callers: Iterable[Span] = ()) -> bool:
        """Whether a comment or an entry of metadata suppresses the finding."""
        return self.find(finding, origin, callers) is not None

    def find(self, finding: Finding, origin: Span | None = None, callers: Iterable[Span] = ()) -> Entry | None:
        """The comment or entry of metadata that suppresses the finding.

        ``origin`` is where it stood before it was moved to the source of a CDK construct, if it was; a comment at one
        of the ``callers`` that led to the construct counts as well.
        """
        if self._off:
            return None
        for span in (finding.span, *callers):
            source = self._source(span.path)
            found = self._by_comment(finding, span, source) if source is not None else None
            if found is not None:
                return found
        origin = origin or finding.span
        template = self._source(origin.path)
        return self._by_metadata(finding, origin, template) if template is not None else None

    def entries(self, paths: Iterable[str]) -> list[Entry]:
        """The comments and entries of metadata in some files."""
        found: list[Entry] = []
        for path in sorted(set(paths)):
            source = self._source(path)
            if source is not None and not self._off:
                found.extend(entry for line in self._of(source).values() for entry in line)
                found.extend(self._metadata(path, source))
        return found

    # --- comments -----------------------------------------------------------------------------------------------

    def _of(self, source: Source) -> dict[int, list[Entry]]:
        """The comments of a source by their lines; those for the whole file under 0."""
        if source.path not in self._comments:
            if self._project is None:
                return {}
            found: dict[int, list[Entry]] = {}
            small = source.text.lower()
            if ("noqa" in small or "lambdal" in small) and _MAY_IGNORE.search(source.text):
                for number, line in enumerate(source.lines, 1):
                    is_last = number == len(source.lines)
                    for entry in _entries(source.path, number, line, is_last) if _MAY_IGNORE.search(line) else ():
                        found.setdefault(0 if entry.kind == FILE else number, []).append(entry)
            self._comments[source.path] = found
        return self._comments[source.path]

    def _by_comment(self, finding: Finding, span: Span, source: Source) -> Entry | None:
        known = self._of(source)
        if not known:
            return None
        place = _exact(span, source)
        line, last = place.line, place.end_line
        if not 1 <= line <= len(source.lines):
            return None
        for number in (line, last) if last > line else (line,):
            for entry in known.get(number, ()):
                if entry.takes(finding, self.by_name):
                    return entry
        comment = _SLASH_COMMENT if source.path.endswith(_SLASH_SUFFIXES) else _COMMENT
        line -= 1
        while line >= 1 and comment.match(source.lines[line - 1]):
            for entry in known.get(line, ()):
                if entry.kind == COMMENT and entry.takes(finding, self.by_name):
                    return entry
            line -= 1
        return next((entry for entry in known.get(0, ()) if entry.takes(finding, self.by_name)), None)

    # --- metadata -----------------------------------------------------------------------------------------------

    def _by_metadata(self, finding: Finding, span: Span, source: Source) -> Entry | None:
        known = self._metadata(span.path, source)
        if not known:
            return None
        exact = _exact(span, source)
        holding = (entry for entry in known if entry.body is not None and entry.body.contains(exact))
        return next((entry for entry in holding if entry.takes(finding, self.by_name)), None)

    def _metadata(self, path: str, source: Source) -> list[Entry]:
        if path not in self._resources:
            if self._project is None:
                return []
            template = self._project.template(path)
            self._resources[path] = [
                Entry(METADATA, names, reason, span, _body(resource, source))
                for resource in (template.resources.values() if template is not None else ())
                for names, reason, span in _metadata_names(resource)
            ]
        return self._resources[path]


def _entries(path: str, number: int, line: str, is_last: bool) -> Iterator[Entry]:
    for match in _IGNORE.finditer(line):
        names = match.group("names")
        span = Span(path, number, match.start("mark") + 1, number, match.end("mark") + 1)
        kind = FILE if match.group("file") else COMMENT
        listed = _listed(names) if names is not None else ()
        if names is None or listed:
            reason = match.group("reason").strip(" \t:–—-")
            yield Entry(kind, listed, reason, span, None, _removal(path, number, line, match, is_last))
    for match in _NOQA.finditer(line):
        own = tuple(name for name in _listed(match.group("names")) if _OWN_CODE.match(name))
        if own:
            span = Span(path, number, match.start("mark") + 1, number, match.end("mark") + 1)
            yield Entry(NOQA, own, line[match.end() :].strip(" \t:–—-"), span)


def _removal(path: str, number: int, line: str, match: re.Match[str], is_last: bool) -> tuple[Edit, ...]:
    """The edit that takes a comment away, with its line if nothing else stands there."""
    before, after = line[: match.start()], line[match.end() :].strip()
    if line[match.start() :].startswith("/*") and after == "*/":
        after = ""
    elif after or match.group().lstrip().startswith("*"):
        return ()
    if not before.strip():
        end = (number, len(line) + 1) if is_last else (number + 1, 1)
        return (Edit(Span(path, number, 1, *end), ""),)
    return (Edit(Span(path, number, len(before.rstrip()) + 1, number, len(line) + 1), ""),)


def meant(entries: Iterable[Entry], rules: Sequence[Rule]) -> list[Rule]:
    """The rules that some entries are about, so that these have to be asked before an entry is called unused."""
    names = {name for entry in entries for name in entry.names or ("ALL",)}
    return [rule for rule in rules if "ALL" in names or any(_is(name, rule) for name in names)]


def judged(entry: Entry, rules: Sequence[Rule]) -> Suppression:
    """What has become of an entry, when all rules that it means were asked. Rules about suppressions count as used."""
    unknown = tuple(name for name in entry.names if name != "ALL" and not any(_is(name, rule) for rule in rules))
    own = [rule for rule in rules if rule.subject == Suppression.__name__]
    unused = tuple(
        name
        for name in entry.names
        if name not in entry.used and name not in unknown and not any(_is(name, rule) for rule in own)
    )
    whole = not entry.used and (not entry.names or len(unused) == len(entry.names))
    return Suppression(
        entry.span, entry.kind, entry.names, entry.reason, unused, unknown, whole, entry.edit if whole else ()
    )


def _is(name: str, rule: Rule) -> bool:
    return name == rule.name or name.upper() == rule.code


def _exact(span: Span, source: Source) -> Span:
    """The place with line and column, also where it is only a pointer so far."""
    return span if span.line else locate(source, span.pointer)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", names.strip()) if name))


def _means(name: str, finding: Finding) -> bool:
    return name == "ALL" or name == finding.name or name.upper() == finding.code


def _metadata_names(resource: Resource) -> Iterator[tuple[tuple[str, ...], str, Span]]:
    for item in elements(resource.about("lambdalint", "ignore")):
        for option in options(item):
            if isinstance(option, Literal):
                if _listed(str(option.value)):
                    yield _listed(str(option.value)), "", option.span
            elif isinstance(option, MapOf):
                for entry in option.entries:
                    yield _listed(entry.key), _reason(entry.value), entry.key_span


def _reason(value: Value) -> str:
    return text(value) or ""


def _body(resource: Resource, source: Source) -> Span:
    start, end = resource.key_span, resource.node.span
    if not start.line:
        start = locate(source, start.pointer)
    if not end.line:
        end = locate(source, end.pointer)
    return start.to(end)
