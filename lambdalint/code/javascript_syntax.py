"""Nodes of the grammars of JavaScript and TypeScript: what they are, and small questions about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from lambdalint.regex import regex

Node = Any  # tree_sitter.Node, which is imported only when a file is read

FUNCTIONS = frozenset(
    ("arrow_function", "function_expression", "generator_function", "function", "class", "function_declaration")
)
"""Expressions that are functions or classes, so that what they are given to names them."""

SEEN_THROUGH = frozenset(
    (
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "instantiation_expression",
        "type_assertion",
    )
)
"""Expressions that give what is in them: parentheses and types."""

T = TypeVar("T")


class Kinds:
    """Kinds of nodes by the numbers that a grammar gives them: a node tells its number sooner than its name."""

    __slots__ = (
        "_names",
        "arrows",
        "assignments",
        "async_marks",
        "blocks",
        "calls",
        "chains",
        "comments",
        "declarators",
        "equals",
        "functions",
        "generator_marks",
        "identifiers",
        "imports",
        "keys",
        "literals",
        "news",
        "pairs",
        "parameters",
        "seen_through",
        "seldom_called",
        "settings",
        "shorthands",
        "special_arguments",
        "spreads",
        "strings",
        "substitutions",
        "templates",
        "waits",
        "wrapping",
    )

    def __init__(self, language: Any) -> None:
        self._names = [language.node_kind_for_id(number) for number in range(language.node_kind_count)]
        self.arrows = self.of("arrow_function")
        self.async_marks = self.of("async")
        self.assignments = self.of("assignment_expression")
        self.blocks = self.of("statement_block")
        self.calls = self.of("call_expression", "new_expression")
        self.chains = self.of("member_expression", "subscript_expression")
        self.comments = self.of("comment")
        self.declarators = self.of("variable_declarator")
        self.equals = self.of("=")
        self.functions = self.of(*FUNCTIONS)
        self.generator_marks = self.of("*")
        self.identifiers = self.of("identifier")
        self.imports = self.of("import")
        self.keys = self.of("property_identifier", "private_property_identifier", "identifier", "number")
        self.literals = self.of("object", "array", "template_string", "string", "jsx_element")
        self.news = self.of("new_expression")
        self.parameters = self.of("formal_parameters")
        self.pairs = self.of("pair")
        self.seen_through = self.of(*SEEN_THROUGH)
        self.shorthands = self.of("shorthand_property_identifier")
        self.settings = self.of("assignment_expression", "augmented_assignment_expression")
        self.seldom_called = self.of(*SEEN_THROUGH, "await_expression", "import")
        self.special_arguments = self.of("comment", "spread_element")
        self.wrapping = self.of(*SEEN_THROUGH, *FUNCTIONS)
        self.spreads = self.of("spread_element")
        self.strings = self.of("string")
        self.substitutions = self.of("template_substitution")
        self.templates = self.of("template_string")
        self.waits = self.of("await_expression")

    def of(self, *names: str) -> frozenset[int]:
        """The numbers of some kinds."""
        return frozenset(number for number, name in enumerate(self._names) if name in names)

    def numbered(self, table: Mapping[str, T]) -> dict[int, T]:
        """What a table has by name, by number."""
        return {number: table[name] for number, name in enumerate(self._names) if name in table}


class Grammar(NamedTuple):
    """A grammar, and what reads its kinds of nodes: those that are a single word, other expressions, and statements."""

    kinds: Kinds
    leaves: dict[int, Callable[[Any, Node], Any]]
    plain_leaves: dict[int, Callable[[Any, Node], Any]]
    expressions: dict[int, Callable[[Any, Node], Any]]
    statements: dict[int, tuple[Callable[[Any, Node], int | None], str]]


_ESCAPE = regex(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\n|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_NUMBER_OF_BASE = regex(r"0[xXoObB]")
_OLD_OCTAL = regex(r"0[0-7]+")
_LARGEST = 2**62


def inner(node: Node) -> Node:
    """The expression within parentheses and types."""
    while node.type in SEEN_THROUGH:
        parts = [child for child in node.named_children if child.type != "comment"]
        if not parts:
            break
        node = parts[-1] if node.type == "type_assertion" else parts[0]
    return node


def first_part(node: Node) -> Node | None:
    """The first part of a node that is no comment."""
    for child in node.named_children:
        if child.type != "comment":
            return child
    return None


def operator_of(node: Node) -> str:
    """The operator of an expression, as written."""
    operator = node.child_by_field_name("operator")
    return str(operator.type) if operator is not None else ""


def operands(node: Node, operators: frozenset[str], through: bool) -> list[Node]:
    """The operands of a chain of operators, left to right; ``through`` the parentheses on the left."""
    found: list[Node] = []
    current = node
    while True:
        left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
        if left is None or right is None:
            found.append(current)
            break
        found.append(right)
        if through:
            left = inner(left)
        if left.type != "binary_expression" or operator_of(left) not in operators:
            found.append(left)
            break
        current = left
    found.reverse()
    return found


def names_in(target: Node) -> Iterator[Node]:
    """The names that a pattern binds."""
    pending = [target]
    while pending:
        item = pending.pop()
        kind = item.type
        part = None
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            yield item
        elif kind == "pair_pattern":
            part = item.child_by_field_name("value")
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            part = item.child_by_field_name("left")
        elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
            pending.extend(reversed(item.named_children))
        if part is not None:
            pending.append(part)


def declared_names(declaration: Node) -> Iterator[Node]:
    """The names that a declaration gives."""
    if declaration.type in ("lexical_declaration", "variable_declaration", "using_declaration"):
        for child in declaration.named_children:
            target = child.child_by_field_name("name") if child.type == "variable_declarator" else None
            if target is not None:
                yield from names_in(target)
        return
    name = declaration.child_by_field_name("name")
    if name is not None:
        yield name


def specifiers(node: Node) -> Iterator[Node]:
    """The names of an export with braces."""
    for child in node.named_children:
        if child.type == "export_clause":
            yield from (item for item in child.named_children if item.type == "export_specifier")


def jsx_expressions(node: Node) -> Iterator[Node]:
    """The expressions in braces of an element, those of the elements in it included."""
    pending = list(node.named_children)
    while pending:
        child = pending.pop(0)
        if child.type == "jsx_expression":
            yield from (item for item in child.named_children if item.type != "comment")
        elif child.type.startswith("jsx_"):
            pending.extend(child.named_children)


def unescaped(raw: str) -> str:
    """The text that a piece of a string literal stands for."""
    return _ESCAPE.sub(_unescape, raw) if "\\" in raw else raw


def _unescape(match: re.Match[str]) -> str:
    braced, four, two, single = match.groups()
    code = braced or four or two
    if code:
        number = int(code, 16) if len(code) < 8 else 0x110000
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _ESCAPED.get(single, single) if single else ""


def number(text: str) -> int | float | None:
    """What a number literal stands for, or None where it is too large to be kept."""
    text = text.replace("_", "")
    try:
        if text.isdigit():
            if len(text) < 10 and (text[0] != "0" or text == "0"):
                return int(text)
            found: int | float = int(text, 8) if _OLD_OCTAL.fullmatch(text) else int(text)
        elif _NUMBER_OF_BASE.match(text):
            found = int(text.rstrip("n"), 0)
        else:
            found = int(text[:-1]) if text.endswith("n") else float(text)
    except (ValueError, OverflowError):
        return None
    return _kept(found)


def _kept(number: int | float) -> int | float | None:
    """A number as it is kept: JavaScript has one kind of them, so that ``1e3`` is 1000."""
    if not -_LARGEST < number < _LARGEST:
        return None
    return int(number) if isinstance(number, float) and number.is_integer() else number


def calculated(operator: str, left: object, right: object) -> int | float | None:
    """The result of a little arithmetic on numbers as written: ``60 * 1000``."""
    if type(left) not in (int, float) or type(right) not in (int, float):
        return None
    assert isinstance(left, (int, float)) and isinstance(right, (int, float))
    if operator == "+":
        found = left + right
    elif operator == "-":
        found = left - right
    elif operator == "*":
        found = left * right
    elif operator == "/" and right:
        found = left / right
    else:
        return None
    return _kept(found)


def literal_lines(node: Node, kinds: Kinds, is_sound: bool) -> int:
    """How many lines of a statement only spell out literals and arguments."""
    total = 0
    pending = [node]
    while pending:
        item = pending.pop()
        kind = item.kind_id
        if kind in kinds.functions or not item.child_count:
            continue
        lines = item.end_point[0] - item.start_point[0]
        if not lines:
            continue
        if kind in kinds.literals:
            total += lines
        elif kind in kinds.calls:
            parts = item.children
            if is_sound and len(parts) == 2 and kind not in kinds.news:
                function, arguments = parts
            else:
                arguments = item.child_by_field_name("arguments")
                function = item.child_by_field_name("function")
            given = arguments.named_children if arguments is not None else ()
            if given and kinds.functions.isdisjoint([child.kind_id for child in given]):
                total += arguments.end_point[0] - arguments.start_point[0]
            if function is not None:
                pending.append(function)
        else:
            pending.extend(item.named_children)
    return total
