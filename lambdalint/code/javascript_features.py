"""Syntax of JavaScript that not all versions of Node.js have.

It is looked for by a query, which costs little, and only in code whose text may hold such syntax at all. Only trees of
the grammar of JavaScript count: what needs another grammar is compiled before Node.js sees it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lambdalint.code.facts import Feature
from lambdalint.code.grammars import language
from lambdalint.code.javascript_tables import Tables
from lambdalint.regex import regex

_MAY_BE_NEWER = regex(
    r"\?\.|\?\?|\|\|=|&&=|\bstatic\s*\{|#[\w$]|\busing\s|\bclass\b|\b(?:with|assert)\s*\{|/[dgimsuvy]*[dv][dgimsuvy]*\b"
)

_PATTERNS = (
    "(optional_chain) @optional-chaining",
    '(binary_expression operator: "??") @nullish-coalescing',
    '(augmented_assignment_expression operator: ["??=" "||=" "&&="]) @logical-assignment',
    "(field_definition) @class-field",
    "(method_definition name: (private_property_identifier) @private-method)",
    "(binary_expression left: (private_property_identifier)) @private-in",
    '(class_static_block "static" @static-block)',
    "(regex flags: (regex_flags) @regex-flags)",
    "(import_attribute) @import-attributes",
    "(using_declaration) @using",
)
_FLAGS = {"d": "regex-indices", "v": "regex-sets"}


def features_in(tables: Tables, tree: Any) -> tuple[Feature, ...]:
    """The syntax in a tree without errors that not all versions have, each kind where it first stands."""
    if not _MAY_BE_NEWER.search(tables.code):
        return ()
    from tree_sitter import QueryCursor

    known, query = _query()
    if tree.language != known:
        return ()
    first: dict[str, Any] = {}
    for kind, nodes in QueryCursor(query).captures(tree.root_node).items():
        for node in nodes:
            for name in _names(tables, kind, node):
                if name not in first or node.start_byte < first[name].start_byte:
                    first[name] = node
    return tuple(Feature(name, tables.span(node)) for name, node in sorted(first.items()))


def _names(tables: Tables, kind: str, node: Any) -> list[str]:
    if kind == "regex-flags":
        return [_FLAGS[flag] for flag in tables.text(node) if flag in _FLAGS]
    return [kind]


@lru_cache(maxsize=1)
def _query() -> tuple[Any, Any]:
    from tree_sitter import Query, QueryError

    grammar = language("javascript")
    try:
        return grammar, Query(grammar, "\n".join(_PATTERNS))
    except QueryError:  # an older grammar, which doesn't read some syntax at all
        known = []
    for pattern in _PATTERNS:
        try:
            Query(grammar, pattern)
        except QueryError:
            continue
        known.append(pattern)
    return grammar, Query(grammar, "\n".join(known))
