"""The smallest expressions of JavaScript and TypeScript: names, strings, numbers, and chains of names.

They are most of what there is to read, and their text tells all of it, so that nothing else is asked of their nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lambdalint.code.facts import Const, Expression, Member, Name, Other, String
from lambdalint.code.javascript_syntax import Node, first_part, number, unescaped
from lambdalint.code.javascript_tables import Tables
from lambdalint.source import Span

_NO_VARIABLES = frozenset(("false", "global", "globalThis", "import", "new", "null", "process", "true", "undefined"))
"""What may begin a chain of names, but isn't a variable, or one that the environment is reached by."""

_LONGEST_CHAIN = 100


class WordReader(Tables):
    """A method for each kind of word, and a second one for the usual case that text and places need no care."""

    __slots__ = ()

    def x(self, node: Node) -> Expression:
        """The expression of a node."""
        raise NotImplementedError

    def with_role(self, role: str, label: str, node: Node) -> Expression:
        """The expression of a node whose strings have a role."""
        outer = (self.role, self.label)
        self.role, self.label = role, label
        found = self.x(node)
        self.role, self.label = outer
        return found

    def _true(self, node: Node) -> Expression:
        return Const(True, self.span(node))

    def _false(self, node: Node) -> Expression:
        return Const(False, self.span(node))

    def _nothing(self, node: Node) -> Expression:
        return Const(None, self.span(node))

    def _number(self, node: Node) -> Expression:
        text, span = self.named(node)
        known = number(text)
        return Const(known, span) if known is not None else Other("number", (), span)

    def _string(self, node: Node) -> Expression:
        return self.note_string(unescaped(self.text(node)[1:-1]), self.span(node))

    def _plain_string(self, node: Node) -> Expression:
        text = self.code[node.start_byte : node.end_byte]
        if "\\" in text or "\n" in text:
            return self._string(node)
        line, column = node.start_point
        line += 1
        span = Span("", line, column + 1, line, column + 1 + len(text))
        text = text[1:-1]
        self.strings.append(String(text, span, self.function, self.block, self.role, self.label, self.callee))
        return Const(text, span)

    def _name(self, node: Node) -> Expression:
        text, span = self.named(node)
        if self.substitutions is not None and self.substitutions.is_in(text):
            parts = self.substitutions.parts(text, span)
            return parts[0] if len(parts) == 1 else Other("placeholder", tuple(parts), span)
        return Name(text, span)

    def _plain_name(self, node: Node) -> Expression:
        text = self.code[node.start_byte : node.end_byte]
        line, column = node.start_point
        line += 1
        return Name(text, Span("", line, column + 1, line, column + 1 + len(text)))

    def key(self, node: Node) -> Expression:
        """The name of a property."""
        if node.kind_id in self.kinds.keys:
            return Const(*self.named(node))
        if node.type == "computed_property_name":
            found = first_part(node)
            return self.with_role("key", "", found) if found is not None else Other("", (), self.span(node))
        return self.with_role("key", "", node)

    def chain(self, node: Node) -> Expression | None:
        """``a.b.c``, by its text alone; None for all that isn't surely just that, in one line."""
        start, end = node.start_byte, node.end_byte
        if end - start > _LONGEST_CHAIN or self.has_aliases or not self.is_plain:
            return None
        text = self.code[start:end]
        if "(" in text:
            return None
        first, *names = text.split(".")
        if not names or first in _NO_VARIABLES or not first.isidentifier():
            return None
        line, column = node.start_point
        line, column = line + 1, column + 1
        end = column + len(first)
        found: Expression = Name(first, Span("", line, column, line, end))
        for name in names:
            if not name.isidentifier():
                return None
            end += len(name) + 1
            found = Member(found, name, Span("", line, column, line, end))
        return found


LEAVES: dict[str, Callable[[Any, Node], Expression]] = {
    "true": WordReader._true,
    "false": WordReader._false,
    "null": WordReader._nothing,
    "undefined": WordReader._nothing,
    "number": WordReader._number,
    "string": WordReader._string,
    "identifier": WordReader._name,
    "this": WordReader._name,
    "super": WordReader._name,
    "shorthand_property_identifier": WordReader._name,
}
"""Expressions without parts."""

PLAIN_LEAVES: dict[str, Callable[[Any, Node], Expression]] = {
    **LEAVES,
    "string": WordReader._plain_string,
    "identifier": WordReader._plain_name,
    "this": WordReader._plain_name,
    "super": WordReader._plain_name,
    "shorthand_property_identifier": WordReader._plain_name,
}
"""The same, for code in ASCII that is no part of another file."""
