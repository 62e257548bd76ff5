"""``--format junit``: XML as JUnit's reports, a suite a file and a failed case a finding."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from lambdalint.finding import Finding
from lambdalint.output.outcome import Outcome
from lambdalint.output.text import one_line, printable
from lambdalint.regex import regex
from lambdalint.site import page_of

_UNKNOWN_TO_XML = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_ATTRIBUTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of a report, in ASCII, so that it is valid in whatever encoding it is printed."""
    count = len(outcome.findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    if not count:  # some readers take a report without any case for a broken one
        yield '<testsuites name="lambdalint" tests="1" failures="0" errors="0">'
        yield '  <testsuite name="lambdalint" tests="1" failures="0" errors="0">'
        yield '    <testcase name="no findings" classname="lambdalint"/>'
        yield "  </testsuite>"
    else:
        yield f'<testsuites name="lambdalint" tests="{count}" failures="{count}" errors="0">'
        for path, group in groupby(outcome.findings, lambda item: item.span.path):
            yield from _suite(path, list(group))
    yield "</testsuites>"


def _suite(path: str, findings: list[Finding]) -> Iterator[str]:
    count, shown = len(findings), _attribute(printable(path))
    kind = _attribute(os.path.splitext(printable(path))[0])
    yield f'  <testsuite name="{shown}" tests="{count}" failures="{count}" errors="0" file="{shown}">'
    seen: Counter[str] = Counter()
    for item in findings:
        name = " ".join(filter(None, (item.code, item.name, one_line(item.function or item.resource))))
        seen[name] += 1
        name = f"{name} ({seen[name]})" if seen[name] > 1 else name
        message = _attribute(one_line(item.message))
        yield f'    <testcase name="{_attribute(name)}" classname="{kind}">'
        yield f'      <failure type="{_attribute(item.code)}" message="{message}">{_text(_details(item))}</failure>'
        yield "    </testcase>"
    yield "  </testsuite>"


def _details(item: Finding) -> str:
    places = [(item.span, one_line(item.message)), *((part.span, one_line(part.label)) for part in item.related)]
    stated = [f"{printable(span.path)}:{span.line}:{span.column}: {label}" for span, label in places]
    return "\n".join((*stated, page_of(item.name)))


def _text(text: str) -> str:
    return _ascii(escape(_UNKNOWN_TO_XML.sub("", text)))


def _attribute(text: str) -> str:
    return _ascii(escape(_UNKNOWN_TO_XML.sub("", text), _IN_ATTRIBUTES))


def _ascii(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode()
