"""Constructs in the source of a CDK app, whatever its language: the calls that make them, and their arguments.

Only the form of a call is looked at: ``name(scope, "id", …)``. That is enough where an id is written in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from lambdalint.project.tree import Tree
from lambdalint.regex import regex
from lambdalint.source import Source, Span

MAX_CHARACTERS = 2_000_000
MAX_FILES = 5_000
MAX_ARGUMENTS = 20_000

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".py", ".java", ".kt", ".cs", ".fs", ".go")
"""The languages that CDK apps are written in."""

_MARK = regex(r"aws.?cdk|awscdk|\bconstructs?\b", re.IGNORECASE)
_CLASS = regex(r"\bclass\s+(\w+)")
_CALL = regex(
    r"""(?P<callee>(?<![\w.$])(?:new\s+)?[A-Za-z_$][\w.$]*)\s*(?:<[^<>()]*>)?\(\s*
    (?:scope\s*=\s*)?[A-Za-z_$][\w.$]*(?:\(\))?\s*,\s*
    (?:(?:id|construct_id)\s*=\s*)?(?:jsii\.String\(\s*)?(?P<quote>["'`])(?P<id>[^"'`\\\n$]{1,255})(?P=quote)""",
    re.VERBOSE,
)
_STRINGS = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
_REST = r"[A-Za-z_$][\w$]*|\S"
_PYTHON_TOKEN = regex(rf'""".*?"""|\'\'\'.*?\'\'\'|{_STRINGS}|\#[^\n]*|{_REST}', re.DOTALL)
_OTHER_TOKEN = regex(rf"{_STRINGS}|//[^\n]*|/\*.*?\*/|{_REST}", re.DOTALL)
_CHAINED = regex(r"\s*\.\s*\w+\s*\(")
_KEY = regex(r"[A-Za-z_$][\w$]*\Z|([\"'`]).*\1\Z", re.DOTALL)


class Call(Struct, frozen=True):
    """A call that makes a construct: the name that is called, and its place."""

    callee: str
    span: Span


class ConstructSearch:
    """Searches the programs of one app; ``source`` gives a file's text."""

    def __init__(self, tree: Tree, source: Callable[[str], Source | None], programs: Iterable[str]) -> None:
        self._tree = tree
        self._source = source
        self._programs = list(programs)[:MAX_FILES]

    def call(self, paths: Iterable[str]) -> tuple[Span, str] | None:
        """The call that makes the innermost of some constructs, outermost first, with the path of the one it is.

        What a construct of a library makes within itself is not looked for: its ids are no words of the app.
        """
        found: tuple[Span, str] | None = None
        for path in paths:
            calls = self._calls.get(path.rpartition("/")[2], [])
            if len(calls) == 1:
                found = (calls[0].span, path)
            if calls and not any(call.callee in self._classes for call in calls):
                break
        return found

    def argument(self, call: Span, names: list[str]) -> Span | None:
        """Where a call sets a property of a resource, given by its path; None where that is not one certain place."""
        source = self._source(call.path)
        if source is None or not names:
            return None
        keys = list(_keys(source, source.offset(call.line, call.column), call.path.endswith(".py")))
        if names[:2] == ["Environment", "Variables"] and len(names) > 2:
            exact = [key for key in keys if key.name == names[2]]
            if len(exact) == 1:
                return source.span(exact[0].start, exact[0].end)
        spelled = _spellings(names[0])
        alike = [key for key in keys if key.name in spelled and not key.is_inner]
        return source.span(alike[0].start, alike[0].end) if len(alike) == 1 else None

    @cached_property
    def _texts(self) -> list[Source]:
        found: list[Source] = []
        for path in self._programs:
            source = self._source(path) if self._tree.is_file(path) else None
            if source is not None and len(source.text) <= MAX_CHARACTERS and _MARK.search(source.text):
                found.append(source)
        return found

    @cached_property
    def _classes(self) -> set[str]:
        """The names of the app's own classes."""
        return {name for source in self._texts for name in _CLASS.findall(source.text)}

    @cached_property
    def _calls(self) -> dict[str, list[Call]]:
        """The calls that look like a construct's, by its id."""
        found: dict[str, list[Call]] = {}
        for source in self._texts:
            for match in _CALL.finditer(source.text):
                callee = match.group("callee").removeprefix("new").strip().rpartition(".")[2]
                found.setdefault(match.group("id"), []).append(Call(callee, source.span(*match.span("callee"))))
        return found


class _Key(Struct, frozen=True):
    """A key or keyword among the arguments of a call. ``is_inner``: it stands within the value of another one."""

    name: str
    start: int
    end: int
    is_inner: bool


class _Bracket:
    """A bracket that is open, and whether what stands in it right now is the value of a key."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.has_key = False


def _keys(source: Source, start: int, is_python: bool) -> Iterator[_Key]:
    """The keys and keywords among the arguments of the call at a place."""
    tokens = list(_tokens(source.text, start, _PYTHON_TOKEN if is_python else _OTHER_TOKEN))
    brackets: list[_Bracket] = []
    for index, token in enumerate(tokens):
        text = token.group()
        if text in ("(", "[", "{"):
            brackets.append(_Bracket(text))
        elif text in (")", "]", "}"):
            brackets = brackets[:-1]
        elif text == "," and brackets:
            brackets[-1].has_key = False
        elif brackets and _KEY.match(text):
            before = tokens[index - 1].group()
            after = [item.group() for item in tokens[index + 1 : index + 3]]
            is_named = after[:1] == [":"] or (after[:1] == ["="] and after[1:] not in (["="], [">"]))
            is_short = brackets[-1].kind == "{" and before in ("{", ",") and after[:1] in ([","], ["}"])
            if is_named or (is_short and not is_python):
                is_inner = any(bracket.has_key for bracket in brackets)
                brackets[-1].has_key = brackets[-1].has_key or is_named
                yield _Key(text.strip("\"'`"), token.start(), token.end(), is_inner)


def _tokens(text: str, start: int, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The tokens from the first bracket of the call at a place to its last; calls chained to it belong to it."""
    line_end = text.find("\n", start)
    first = text.find("(", start, line_end if line_end >= 0 else len(text))
    if first < 0:
        return
    depth = 0
    for match in pattern.finditer(text, first, first + MAX_ARGUMENTS):
        token = match.group()
        if token.startswith(("//", "/*")) or (token.startswith("#") and pattern is _PYTHON_TOKEN):
            continue
        yield match
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
            if not depth and not _CHAINED.match(text, match.end()):
                return


def _spellings(name: str) -> set[str]:
    """How apps may write the name of a CloudFormation property."""
    camel = name[:1].lower() + name[1:]
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    found = {name, camel, snake}
    return found | {item.removesuffix("s") for item in found}
