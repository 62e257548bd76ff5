"""The tables that the reader of JavaScript fills, and what it knows while it does: places, text and names."""

from __future__ import annotations

import re
from collections.abc import Callable

from lambdalint.code.facts import (
    MODULE,
    Binding,
    Block,
    Call,
    Const,
    Definition,
    Environment,
    Export,
    Expression,
    Format,
    Import,
    Member,
    Name,
    Placeholder,
    Raise,
    Read,
    Return,
    Statement,
    String,
    Write,
)
from lambdalint.code.javascript_syntax import Grammar, Node, inner, unescaped
from lambdalint.regex import regex
from lambdalint.source import Span

Placer = Callable[[int, int, int, int], Span]

_SUBSTITUTION = regex(r"\$\{([\w.:]+)\}")
_ENVIRONMENT = regex(
    r"""(?:(?:globalThis|global)\s*\.\s*)?process\s*(?:(?:\?\.|\.)\s*env|(?:\?\.)?\[\s*(["'`])env\1\s*\])"""
)
_LONGEST_ENVIRONMENT = 40


class TooDeep(Exception):
    """Code is nested more deeply than is read."""


class Scope:
    """The names that belong to a function, class or module while it is read."""

    __slots__ = ("aliases", "awaits", "index", "is_generator", "kind", "names", "parent")

    def __init__(self, index: int, kind: str, parent: Scope | None) -> None:
        self.index = index
        self.kind = kind
        self.parent = parent
        self.names: set[str] = set()
        self.aliases: set[str] = set()
        self.is_generator = False
        self.awaits = False


class Substitutions:
    """Place-holders of ``Fn::Sub`` as names that JavaScript can read, of the same length so that places hold."""

    def __init__(self, text: str) -> None:
        self.names: dict[str, str] = {}
        self.text = _SUBSTITUTION.sub(self._marked, text.replace("${!", "${ "))
        longest = sorted(self.names, key=len, reverse=True)
        self._marks = re.compile("|".join(map(re.escape, longest))) if longest else None

    def _marked(self, match: re.Match[str]) -> str:
        mark = "$_" + re.sub(r"\W", "_", match.group(1)) + "_"
        self.names[mark] = match.group(1)
        return mark

    def is_in(self, text: str) -> bool:
        """Whether a text holds a place-holder."""
        return self._marks is not None and self._marks.search(text) is not None

    def restored(self, text: str) -> str:
        """A text as it was written, but for what ``Fn::Sub`` makes of ``${!``."""
        text = text.replace("${ ", "${")
        return self._marks.sub(lambda match: f"${{{self.names[match.group()]}}}", text) if self._marks else text

    def parts(self, text: str, span: Span) -> list[Expression]:
        """The constant pieces of a text and the place-holders between them."""
        found: list[Expression] = []
        end = 0
        for match in self._marks.finditer(text) if self._marks is not None else ():
            if match.start() > end:
                found.append(Const(text[end : match.start()].replace("${ ", "${"), span))
            found.append(Placeholder(self.names[match.group()], span))
            end = match.end()
        if end < len(text) or not found:
            found.append(Const(text[end:].replace("${ ", "${"), span))
        return found


class Tables:
    """What is found in one file so far, and how places and text of nodes are told."""

    __slots__ = (
        "bindings",
        "block",
        "blocks",
        "callee",
        "callees",
        "calls",
        "code",
        "data",
        "definitions",
        "depth",
        "exports",
        "expressions",
        "function",
        "guarded",
        "has_aliases",
        "has_environment",
        "imports",
        "is_plain",
        "is_sound",
        "kinds",
        "label",
        "leaves",
        "lines",
        "listed",
        "named",
        "path",
        "place",
        "raises",
        "reads",
        "returns",
        "role",
        "scope",
        "span",
        "statements",
        "strings",
        "substitutions",
        "unowned",
        "writes",
        "yields",
    )

    def __init__(
        self,
        path: str,
        lines: list[str],
        text: str,
        data: bytes,
        grammar: Grammar,
        is_sound: bool,
        place: Placer | None = None,
        given: Substitutions | None = None,
    ) -> None:
        self.path = path
        self.lines = lines
        self.code = text
        self.data = data
        self.kinds = grammar.kinds
        self.expressions = grammar.expressions
        self.listed = grammar.statements
        self.is_sound = is_sound
        self.place = place
        self.substitutions = given
        # what is asked most of all: where a node is, and the text with it of one that is in one line
        self.span: Callable[[Node], Span] = self._plain_span if place is None else self._placed_span
        self.named: Callable[[Node], tuple[str, Span]] = self._plain_named if place is None else self._placed_named
        is_plain = place is None and given is None
        self.leaves = grammar.plain_leaves if is_plain else grammar.leaves
        self.is_plain = is_plain and is_sound
        self.definitions: list[Definition | None] = [None]
        self.imports: list[Import] = []
        self.exports: list[Export] = []
        self.calls: list[Call] = []
        self.bindings: list[Binding] = []
        self.returns: list[Return] = []
        self.yields: list[Return] = []
        self.raises: list[Raise] = []
        self.reads: list[Read] = []
        self.writes: list[Write] = []
        self.strings: list[String] = []
        self.blocks: list[Block] = []
        self.statements: list[Statement] = []
        self.scope = Scope(MODULE, "module", None)
        self.function = MODULE
        self.block = 0
        self.depth = 0
        self.unowned: list[tuple[int, Scope]] = []
        self.callees: dict[str, str] = {}
        self.has_environment = "env" in text and "process" in text
        self.has_aliases = False
        self.role = "value"
        self.label = ""
        self.callee = ""
        self.guarded = False

    # --- places and text ----------------------------------------------------------------------------------------

    def _plain_span(self, node: Node) -> Span:
        line, column = node.start_point
        end_line, end_column = node.end_point
        return Span("", line + 1, column + 1, end_line + 1, end_column + 1)

    def _placed_span(self, node: Node) -> Span:
        return self.between(node.start_point, node.end_point)

    def _plain_named(self, node: Node) -> tuple[str, Span]:
        text = self.code[node.start_byte : node.end_byte]
        line, column = node.start_point
        line += 1
        return text, Span("", line, column + 1, line, column + 1 + len(text))

    def _placed_named(self, node: Node) -> tuple[str, Span]:
        return self.text(node), self.span(node)

    def between(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        """The place between two points."""
        (line, column), (end_line, end_column) = start, end
        if self.place is not None:
            return self.place(line + 1, column + 1, end_line + 1, end_column + 1)
        return Span("", line + 1, column + 1, end_line + 1, end_column + 1)

    def at(self, point: tuple[int, int]) -> Span:
        """A place of no width."""
        return self.between(point, point)

    def text(self, node: Node) -> str:
        """The text of a node."""
        return self.code[node.start_byte : node.end_byte]

    # --- names --------------------------------------------------------------------------------------------------

    def is_shadowed(self, name: str) -> bool:
        """Whether a function around has a variable of a name that a module otherwise has from Node.js."""
        scope: Scope | None = self.scope
        while scope is not None and scope.kind != "module":
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    def is_alias(self, name: str) -> bool:
        """Whether a name stands for ``process.env``."""
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.aliases:
                return True
            if name in scope.names:
                return False
            scope = scope.parent
        return False

    def note_alias(self, name: str) -> None:
        """Notes that a name stands for ``process.env``."""
        self.scope.aliases.add(name)
        self.has_aliases = True

    def dotted_path(self, callee: Expression) -> str:
        """The dotted text of a callee, by what is imported where that is known."""
        if type(callee) is Name:
            return self.callees.get(callee.id, callee.id)
        names: list[str] = []
        while type(callee) is Member:
            names.append(callee.name)
            callee = callee.base
        if type(callee) is not Name:
            return ""
        names.append(self.callees.get(callee.id, callee.id))
        names.reverse()
        return ".".join(names)

    # --- the environment ----------------------------------------------------------------------------------------

    def is_environment(self, node: Node) -> bool:
        """Whether an expression is ``process.env``, or a name that stands for it."""
        if not self.has_environment:
            return False
        kind = node.kind_id
        if kind in self.kinds.identifiers:
            return self.has_aliases and self.is_alias(self.text(node))
        if kind in self.kinds.chains:
            if node.end_byte - node.start_byte > _LONGEST_ENVIRONMENT:
                return False
            return _ENVIRONMENT.fullmatch(self.text(node)) is not None
        if kind in self.kinds.seen_through:
            found = inner(node)
            return found.id != node.id and self.is_environment(found)
        return False

    def is_read(self, node: Node) -> bool:
        """Whether an expression reads an environment variable."""
        if not self.has_environment or node.kind_id not in self.kinds.chains:
            return False
        base = node.child_by_field_name("object")
        return base is not None and self.is_environment(base)

    def environment(self, name: Expression, kind: str, default: Expression | None, span: Span) -> Expression:
        """A read of an environment variable."""
        self.reads.append(Read(name, kind, default, span, self.function, self.block))
        return Environment(len(self.reads) - 1, span)

    # --- strings ------------------------------------------------------------------------------------------------

    def string_text(self, node: Node) -> str:
        """The text that a string literal or a piece of a template stands for."""
        raw = self.text(node)
        return unescaped(raw[1:-1] if node.type == "string" else raw)

    def note_string(self, value: str, span: Span, partial: bool = False) -> Expression:
        """Notes a string literal, or a piece of one; gives it as an expression."""
        known: Expression = Const(value, span)
        given = self.substitutions
        if given is not None:
            parts = given.parts(value, span)
            known = parts[0] if len(parts) == 1 else Format(tuple(parts), span)
            partial, value = partial or not isinstance(known, Const), given.restored(value)
        self.strings.append(String(value, span, self.function, self.block, self.role, self.label, self.callee, partial))
        return known
