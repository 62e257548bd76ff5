"""Syntax of JavaScript that not all versions of Node.js have.

It is looked for in the text, which costs next to nothing, and the tree is only asked what stands at the places found.
Only trees of the grammar of JavaScript count: what needs another grammar is compiled before Node.js sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.code.facts import Feature
from lambdalint.code.javascript_syntax import Node, operator_of
from lambdalint.code.javascript_tables import Tables
from lambdalint.regex import regex

_OPERATORS = (
    ("nullish-coalescing", "binary_expression", ("??",)),
    ("logical-assignment", "augmented_assignment_expression", ("??=", "||=", "&&=")),
)
_FLAGS = {"d": "regex-indices", "v": "regex-sets"}

_WITH_FLAGS = regex(rb"/[dgimsuvy]*[dv][dgimsuvy]*\b")
_ATTRIBUTES = regex(rb"\w+\s*\{")
_SPACE = regex(rb"\w+\s")


def features_in(tables: Tables, root: Node) -> tuple[Feature, ...]:
    """The syntax in a tree without errors that not all versions have, each kind where it first stands."""
    first: dict[str, Node] = {}
    for name, node in _found(root, tables.data):
        if name not in first or node.start_byte < first[name].start_byte:
            first[name] = node
    return tuple(Feature(name, tables.span(first[name])) for name in sorted(first))


def _found(root: Node, data: bytes) -> Iterator[tuple[str, Node]]:
    """Where such syntax is, of each kind at least the first place."""
    for node in _standing(root, data, "?.", "optional_chain"):
        yield "optional-chaining", node
        break
    for name, kind, operators in _OPERATORS:
        for operator in operators:
            yield from ((name, node) for node in _operations(root, data, operator, kind, operators))
    for match in _WITH_FLAGS.finditer(data):
        node = root.descendant_for_byte_range(match.start() + 1, match.end())
        if node is not None and node.type == "regex_flags":
            yield from ((name, node) for flag, name in _FLAGS.items() if flag in node.text.decode())
    if b"class" in data:
        yield from _class_members(root, data)
    if b"import" in data:
        for word in ("with", "assert"):
            for node in _standing(root, data, word, word, _ATTRIBUTES):
                if node.parent.type == "import_attribute":
                    yield "import-attributes", node.parent
                    break
    for node in _standing(root, data, "using", "using", _SPACE):
        if node.parent.type == "using_declaration":
            yield "using", node.parent
            break


def _standing(root: Node, data: bytes, sign: str, kind: str, looks: re.Pattern[bytes] | None = None) -> Iterator[Node]:
    """The nodes of a kind that stand where a sign does in the text, if what follows looks like it."""
    wanted = sign.encode()
    at = data.find(wanted)
    while at >= 0:
        if looks is None or looks.match(data, at):
            node = root.descendant_for_byte_range(at, at + len(wanted))
            if node is not None and node.type == kind:
                yield node
        at = data.find(wanted, at + len(wanted))


def _operations(root: Node, data: bytes, sign: str, kind: str, operators: tuple[str, ...]) -> Iterator[Node]:
    """The first operation by its operator, and those around it, which may begin before."""
    for token in _standing(root, data, sign, sign):
        node = token.parent
        if node.type == kind:
            while node is not None:
                if node.type == kind and operator_of(node) in operators:
                    yield node
                node = node.parent
            return


def _class_members(root: Node, data: bytes) -> Iterator[tuple[str, Node]]:
    """What only classes have: fields, private methods, static blocks, and tests for private names."""
    is_private = False
    for word in _standing(root, data, "class", "class"):
        body = word.parent.child_by_field_name("body")
        for member in body.named_children if body is not None else ():
            kind = member.type
            key = member.child_by_field_name("property") or member.child_by_field_name("name")
            if key is not None and key.type == "private_property_identifier":
                is_private = True
                if kind == "method_definition":
                    yield "private-method", key
            if kind == "field_definition":
                yield "class-field", member
            elif kind == "class_static_block":
                yield "static-block", member.children[0]
    for node in _standing(root, data, "#", "private_property_identifier") if is_private else ():
        if node.parent.type == "binary_expression" and node.parent.start_byte == node.start_byte:
            yield "private-in", node.parent
            break
