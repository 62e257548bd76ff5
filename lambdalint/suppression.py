"""Suppression where a finding stands: comments in code and templates, metadata of resources.

``# lambdalint: ignore[LL201, hardcoded-region] reason`` on the finding's first line, or in the comment lines right
above it; ``# noqa: LL201`` on the line. Without brackets it counts for all rules. In JavaScript and its
like the comment begins with ``//`` or stands in ``/* */``. Code that a template gives inline holds such comments too.

``Metadata: {lambdalint: {ignore: [LL501]}}`` counts for a whole resource, its inline code included. An entry may be a
map from rule to reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lambdalint.finding import Finding
from lambdalint.project.model import Project
from lambdalint.source import Source, Span
from lambdalint.templates.cloudformation import Resource, elements
from lambdalint.templates.document import locate
from lambdalint.values import Literal, MapOf, Value, options

_IGNORE = re.compile(r"(?:#|//|/\*|^\s*\*)\s*lambdalint\s*:\s*ignore\b(?:\s*\[([^\]]*)\]|(?!\s*\[))", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)
_MAY_IGNORE = re.compile(r"lambdalint\s*:|noqa", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:#|//)")
_SLASH_COMMENT = re.compile(r"\s*(?://|/\*|\*(?!\w))")
_SLASH_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".java", ".kt", ".go", ".cs", ".rs")


class Suppressions:
    """Tells whether the owner of a project has silenced a finding."""

    def __init__(self, source: Callable[[str], Source | None], project: Project) -> None:
        self._source = source
        self._project = project
        self._resources: dict[str, list[tuple[Span, frozenset[str]]]] = {}
        self._commented: dict[str, bool] = {}

    def covers(self, finding: Finding, origin: Span | None = None, callers: Iterable[Span] = ()) -> bool:
        """Whether a comment or an entry of metadata suppresses the finding.

        ``origin`` is where it stood before it was moved to the source of a CDK construct, if it was; a comment at one
        of the ``callers`` that led to the construct counts as well.
        """
        for span in (finding.span, *callers):
            source = self._source(span.path)
            if source is not None and self._has_comments(source) and self._by_comment(finding, span, source):
                return True
        origin = origin or finding.span
        template = self._source(origin.path)
        return template is not None and self._by_metadata(finding, origin, template)

    def _has_comments(self, source: Source) -> bool:
        """Whether any comment of a source may suppress anything."""
        if source.path not in self._commented:
            self._commented[source.path] = _MAY_IGNORE.search(source.text) is not None
        return self._commented[source.path]

    def _by_comment(self, finding: Finding, span: Span, source: Source) -> bool:
        line = _exact(span, source).line
        if not 1 <= line <= len(source.lines):
            return False
        text = source.lines[line - 1]
        if _ignored(_IGNORE, text, finding) or _ignored(_NOQA, text, finding):
            return True
        comment = _SLASH_COMMENT if source.path.endswith(_SLASH_SUFFIXES) else _COMMENT
        line -= 1
        while line >= 1 and comment.match(source.lines[line - 1]):
            if _ignored(_IGNORE, source.lines[line - 1], finding):
                return True
            line -= 1
        return False

    def _by_metadata(self, finding: Finding, span: Span, source: Source) -> bool:
        path = span.path
        if path not in self._resources:
            template = self._project.template(path)
            self._resources[path] = []
            for resource in template.resources.values() if template is not None else ():
                names = _metadata_names(resource)
                if names:
                    self._resources[path].append((_body(resource, source), names))
        known = self._resources[path]
        return bool(known) and any(
            _matches(names, finding) and body.contains(_exact(span, source)) for body, names in known
        )


def _exact(span: Span, source: Source) -> Span:
    """The place with line and column, also where it is only a pointer so far."""
    return span if span.line else locate(source, span.pointer)


def _ignored(pattern: re.Pattern[str], text: str, finding: Finding) -> bool:
    for match in pattern.finditer(text):
        listed = match.group(1)
        if listed is None or _matches(_listed(listed), finding):
            return True
    return False


def _listed(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[,\s]+", text.strip()))


def _matches(names: frozenset[str], finding: Finding) -> bool:
    return any(name == "ALL" or name == finding.name or name.upper() == finding.code for name in names)


def _metadata_names(resource: Resource) -> frozenset[str]:
    found: set[str] = set()
    for text in _texts(resource.about("lambdalint", "ignore")):
        found |= _listed(text)
    return frozenset(found)


def _texts(value: Value | None) -> Iterator[str]:
    for item in elements(value):
        for option in options(item):
            if isinstance(option, Literal):
                yield str(option.value)
            elif isinstance(option, MapOf):
                yield from (entry.key for entry in option.entries)


def _body(resource: Resource, source: Source) -> Span:
    start, end = resource.key_span, resource.node.span
    if not start.line:
        start = locate(source, start.pointer)
    if not end.line:
        end = locate(source, end.pointer)
    return start.to(end)
