"""Whether JavaScript or TypeScript that the grammars don't parse is surely wrong, and where.

The grammars lack some of what is right: new syntax, rare syntax, much of what types may look like. So an error is
reported only where that is no excuse: brackets that don't match, and places where what stands there can be nothing but
a mistake. This was told apart by test suites of parsers, where each error is a gap, and by thousands of files that were
broken on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.code.javascript_syntax import Node
from lambdalint.code.javascript_tables import Tables
from lambdalint.regex import regex
from lambdalint.source import Problem

_MAY_BE_RIGHT = regex(
    r"\busing\b|\baccessor\b|\bimport\s+(?:defer|source)\b|\benum\b|<!--|-->|\btypeof\s+import\b|\btype\s*,|<<"
    r"|\bdeclare\b|\babstract\b|\bsatisfies\b|\basserts\b|\bunique\b|\binfer\b|\byield\b|`[^`]*\\[ux]"
    r"|\bexport\s+(?:import|as|type\s*\*)|\bimport\s+type\s*(?:\w+\s*=|=|$)|\bwith\s*(?:\{|$)"
    r"|^\s*@[\w(]|[(,=]\s*@[\w(]|\bexport\s+(?:default\s+)?@"
)
"""What the lines of an error may hold that the grammars don't know although it is right."""

_TEMPLATE = regex(r"\{\{|\}\}|<%|%>|\{%|%\}")
"""Marks of files from which code is only made."""

_FLOW = regex(r"@(?:no)?flow\b")
_OTHER_LANGUAGE = regex(r"\s*(?:<\?xml|<!DOCTYPE|<html)", re.IGNORECASE)
_LOOKED_AT = 2_000
_CONFLICT = regex(r"^<<<<<<< .*\n(?:.*\n)*?=======\n(?:.*\n)*?>>>>>>> ", re.MULTILINE)

_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "${": "}"}
_CLOSING = frozenset(_CLOSED_BY.values())

_SURE_PLACES = frozenset(
    (
        "arguments",
        "array",
        "import_statement",
        "named_imports",
        "object",
        "object_pattern",
        "pair",
        "regex",
        "string",
        "variable_declarator",
    )
)
"""What an error within can only be a mistake, if it begins with one of these."""

_PLACES_OF_WORDS = frozenset(
    (
        "assignment_expression",
        "binary_expression",
        "call_expression",
        "expression_statement",
        "formal_parameters",
        "lexical_declaration",
        "member_expression",
        "program",
        "statement_block",
        "subscript_expression",
    )
)
"""What words may stand in that only newer grammars know; any other word there is a mistake."""

_NEWER_WORDS = frozenset(
    (
        *("abstract", "accessor", "as", "assert", "asserts", "async", "await", "component", "declare", "defer", "do"),
        *("enum", "get", "global", "hook", "implements", "in", "infer", "interface", "is", "keyof", "let", "match"),
        *("module", "namespace", "of", "opaque", "out", "override", "package", "private", "protected", "public"),
        *("readonly", "satisfies", "set", "source", "static", "type", "unique", "using", "when", "with", "yield"),
    )
)

_SURE_STARTS = frozenset(
    (
        "'",
        '"',
        ";",
        "array",
        "false",
        "identifier",
        "import_clause",
        "import_specifier",
        "null",
        "number",
        "object",
        "string",
        "this",
        "true",
    )
)
_SURELY_MISSING = frozenset((")", "}", "]", "'", '"', "/"))


def problem_in(tables: Tables, root: Node) -> Problem | None:
    """The first thing that is surely no JavaScript or TypeScript; None where the grammar may be what is wrong."""
    start = tables.code[:_LOOKED_AT]
    if _FLOW.search(start) or _OTHER_LANGUAGE.match(start):
        return None
    conflict = _CONFLICT.search(tables.code)
    if conflict is not None:
        row = tables.code.count("\n", 0, conflict.start())
        return Problem("merge conflict marker `<<<<<<<`", tables.between((row, 0), (row, 7)))
    node, place = _first_error(root)
    row = node.start_point[0]
    around = tables.lines[max(row - 2, 0) : row + 2]
    if any(_MAY_BE_RIGHT.search(line) or _TEMPLATE.search(line) for line in around):
        return None
    return _mistake(tables, node, place) or _unmatched(tables, root)


def _first_error(root: Node) -> tuple[Node, str]:
    """The first error, and what kind of node it is in."""
    node, place = root, root.type
    while True:
        part = next((child for child in node.children if child.has_error or child.is_missing), None)
        if part is None or (node.type == "ERROR" and part.type != "ERROR" and not part.is_missing):
            return node, place
        if node.type != "ERROR":
            place = node.type
        node = part


def _unmatched(tables: Tables, root: Node) -> Problem | None:
    """The first bracket that closes what was not opened, or the end of the file where something is still open."""
    opened: list[Node] = []
    for leaf in _leaves(root):
        kind = leaf.type
        if kind in _CLOSED_BY:
            opened.append(leaf)
        elif kind in _CLOSING:
            if not opened:
                return Problem(f"unexpected `{kind}`: nothing is open that it could close", tables.span(leaf))
            last = opened.pop()
            if _CLOSED_BY[last.type] != kind:
                line = last.start_point[0] + 1
                where = f" of line {line}" if tables.place is None else ""
                message = f"unexpected `{kind}`: the `{last.type}`{where} is not closed"
                return Problem(message, tables.span(leaf))
    if not opened:
        return None
    row = max((row for row, line in enumerate(tables.lines) if line.strip()), default=0)
    end = (row, len(tables.lines[row]))
    return Problem(f"unexpected end of file: a `{opened[-1].type}` is not closed", tables.at(end))


def _leaves(root: Node) -> Iterator[Node]:
    """The tokens that are written."""
    cursor = root.walk()
    while True:
        if cursor.goto_first_child():
            continue
        leaf = cursor.node
        if not leaf.is_missing:
            yield leaf
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _mistake(tables: Tables, node: Node, place: str) -> Problem | None:
    """What stands where it can be nothing but a mistake."""
    if node.is_missing:
        is_sure = place in _SURE_PLACES and node.type in _SURELY_MISSING
        return Problem(f"missing `{node.type}`", tables.span(node)) if is_sure else None
    first = node.children[0] if node.type == "ERROR" and node.children else None
    if first is None:
        return None
    if place in _PLACES_OF_WORDS:
        words = [tables.text(child) for child in node.children[:2]]
        if first.type != "identifier" or not _NEWER_WORDS.isdisjoint(words):
            return None
    elif place not in _SURE_PLACES or first.type not in _SURE_STARTS:
        return None
    if place == "import_statement" and node.children[-1].type == "identifier":
        first = node.children[-1]
    found = tables.text(first).split("\n")[0]
    return Problem(f"unexpected `{found if len(found) <= 40 else found[:40] + '…'}`", tables.span(first))
