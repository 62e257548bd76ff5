"""Expressions of JavaScript and TypeScript, lowered to facts. The second half of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import structs

from lambdalint.code.facts import (
    MODULE,
    Argument,
    Array,
    Binding,
    Block,
    Call,
    Choice,
    Closure,
    Const,
    Definition,
    Each,
    Environment,
    Export,
    Expression,
    Field,
    Format,
    Import,
    Item,
    Member,
    Name,
    Object,
    Other,
    Placeholder,
    Raise,
    Read,
    Result,
    Return,
    Statement,
    String,
    Write,
)
from lambdalint.source import Source, Span

Node = Any  # tree_sitter.Node, which is imported only when a file is read
Placer = Callable[[int, int, int, int], Span]

FUNCTIONS = frozenset(
    ("arrow_function", "function_expression", "generator_function", "function", "class", "function_declaration")
)
"""Expressions that are functions or classes, so that what they are given to names them."""

_SEEN_THROUGH = frozenset(
    (
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "instantiation_expression",
    )
)
_LOG_METHODS = frozenset(("debug", "info", "warn", "error", "log", "trace", "fatal", "critical", "dir", "table"))
_COMPARISONS = frozenset(("==", "===", "!=", "!==", "<", ">", "<=", ">="))
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r?\n|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_PLACEHOLDER_START = "${"
_NUMBER_OF_BASE = re.compile(r"0[xXoObB]")


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


class ExpressionReader:
    """State of the reader, places, and a method for each kind of expression."""

    def __init__(self, source: Source, data: bytes, place: Placer | None, substituted: bool) -> None:
        self.source = source
        self.data = data
        self.place = place
        self.substituted = substituted
        self.ascii = len(data) == len(source.text)
        self._odd_lines: dict[int, bytes] = {}
        if not self.ascii:
            for row, line in enumerate(data.split(b"\n")):
                if not line.isascii():
                    self._odd_lines[row] = line
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
        self.unowned: list[tuple[int, Scope]] = []
        self.tables: dict[str, Expression] = {}
        self.callees: dict[str, str] = {}
        self.role = "value"
        self.label = ""
        self.callee = ""
        self.guarded = False

    # --- places -------------------------------------------------------------------------------------------------

    def column(self, point: Any) -> int:
        """The column of a point, in characters from 1."""
        row, column = point
        line = self._odd_lines.get(row)
        return int(column) + 1 if line is None else len(line[:column].decode(errors="ignore")) + 1

    def between(self, start: Any, end: Any) -> Span:
        """The place between two points."""
        line, column, end_line, end_column = start[0] + 1, self.column(start), end[0] + 1, self.column(end)
        if self.place is not None:
            return self.place(line, column, end_line, end_column)
        return Span("", line, column, end_line, end_column)

    def span(self, node: Node) -> Span:
        """The place of a node."""
        return self.between(node.start_point, node.end_point)

    def text(self, node: Node) -> str:
        """The text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    # --- expressions --------------------------------------------------------------------------------------------

    def x(self, node: Node | None) -> Expression:
        """The expression of a node."""
        if node is None:
            return Other("", (), self.between((0, 0), (0, 0)))
        method = EXPRESSIONS.get(node.type)
        if method is not None:
            return method(self, node)
        return Other("", tuple(self.x(child) for child in node.named_children), self.span(node))

    def with_role(self, role: str, label: str, node: Node) -> Expression:
        """The expression of a node whose strings have a role."""
        outer = (self.role, self.label)
        self.role, self.label = role, label
        found = self.x(node)
        self.role, self.label = outer
        return found

    def value(self, label: str, at: Span | None, node: Node) -> Expression:
        """The expression of a node that is given to a name; a function is called by it."""
        inner = self.inner(node)
        if inner.type in FUNCTIONS:
            return self.function_value(inner, label if label != "return" else "", at)
        outer, self.label = self.label, label
        found = self.x(node)
        self.label = outer
        return found

    def function_value(self, node: Node, name: str, at: Span | None) -> Expression:
        """A function or class as a value. Statements say how (the other half of the reader)."""
        raise NotImplementedError

    def bind(self, target: Node, value: Expression, span: Span, declares: bool, augmented: bool = False) -> None:
        """An assignment or declaration. Patterns say how (the other half of the reader)."""
        raise NotImplementedError

    @staticmethod
    def inner(node: Node) -> Node:
        """The expression in parentheses and casts."""
        while node.type in _SEEN_THROUGH and node.named_children:
            node = next((child for child in node.named_children if child.type != "comment"), node.named_children[0])
        if node.type == "type_assertion" and node.named_children:
            return ExpressionReader.inner(node.named_children[-1])
        return node

    def _inner(self, node: Node) -> Expression:
        found = self.inner(node)
        return self.x(found) if found.id != node.id else Other("", (), self.span(node))

    def _constant(self, node: Node) -> Expression:
        return Const({"true": True, "false": False}.get(node.type), self.span(node))

    def _number(self, node: Node) -> Expression:
        span, text = self.span(node), self.text(node).replace("_", "")
        try:
            if _NUMBER_OF_BASE.match(text):
                number: float = int(text.rstrip("n"), 0)
            elif text.isdigit() or text.endswith("n"):
                number = int(text.rstrip("n"))
            else:
                number = float(text)
        except (ValueError, OverflowError):
            return Other("number", (), span)
        if isinstance(number, int) and not -(2**63) <= number < 2**63:
            return Other("number", (), span)
        return Const(number, span)

    def string_text(self, node: Node) -> str:
        """The text that a string literal or a piece of a template stands for."""
        raw = self.text(node)
        if node.type == "string":
            raw = raw[1:-1]
        return _ESCAPE.sub(_unescape, raw) if "\\" in raw else raw

    def _string(self, node: Node) -> Expression:
        value, span = self.string_text(node), self.span(node)
        self.note_string(value, span)
        if self.substituted and _PLACEHOLDER_START in value:
            return self._placeholders(value, span)
        return Const(value, span)

    def note_string(self, value: str, span: Span, partial: bool = False) -> None:
        """Notes a string literal."""
        partial = partial or (self.substituted and _PLACEHOLDER_START in value)
        self.strings.append(String(value, span, self.function, self.block, self.role, self.label, self.callee, partial))

    def _placeholders(self, value: str, span: Span) -> Expression:
        parts: list[Expression] = []
        rest = value
        while True:
            before, start, rest = rest.partition(_PLACEHOLDER_START)
            if before:
                parts.append(Const(before, span))
            if not start:
                break
            name, _, rest = rest.partition("}")
            if name.startswith((" ", "!")):
                parts.append(Const("${" + name[1:] + "}", span))
            else:
                parts.append(Placeholder(name.strip().replace("__", "::"), span))
        return parts[0] if len(parts) == 1 else Format(tuple(parts), span)

    def _template(self, node: Node) -> Expression:
        parts: list[Expression] = []
        substitutions = any(child.type == "template_substitution" for child in node.named_children)
        pieces: list[str] = []
        start = end = None

        def flush() -> None:
            if pieces and start is not None:
                text, at = "".join(pieces), self.between(start, end)
                self.note_string(text, at if substitutions else self.span(node), partial=substitutions)
                parts.append(Const(text, at))
                pieces.clear()

        for child in node.named_children:
            if child.type == "template_substitution":
                flush()
                start = None
                for inner in child.named_children:
                    parts.append(self.with_role("value", "", inner))
            else:
                start = start if start is not None else child.start_point
                end = child.end_point
                pieces.append(self.string_text(child))
        flush()
        span = self.span(node)
        if not parts:
            return Const("", span)
        if len(parts) == 1 and isinstance(parts[0], Const) and isinstance(parts[0].value, str):
            return Const(parts[0].value, span)
        return Format(tuple(parts), span)

    def _name(self, node: Node) -> Expression:
        return Name(self.text(node), self.span(node))

    def _member(self, node: Node) -> Expression:
        span = self.span(node)
        base = node.child_by_field_name("object")
        name_node = node.child_by_field_name("property")
        if base is None or name_node is None:
            return Other("", tuple(self.x(child) for child in node.named_children), span)
        name = self.text(name_node)
        if self.is_environment(base):
            return self.environment(Const(name, self.span(name_node)), "required", None, span)
        inner = self.inner(base)
        if node.child_by_field_name("optional_chain") is not None and self.is_read(inner):
            return Member(self.read_as(inner, "optional"), name, span)
        return Member(self.x(base), name, span)

    def _item(self, node: Node) -> Expression:
        span = self.span(node)
        base, key = node.child_by_field_name("object"), node.child_by_field_name("index")
        if base is None or key is None:
            return Other("", tuple(self.x(child) for child in node.named_children), span)
        if self.is_environment(base):
            return self.environment(self.with_role("key", "", key), "required", None, span)
        value = self.x(base)
        key_value = self.with_role("key", "", key)
        if isinstance(key_value, Const) and isinstance(key_value.value, str) and key_value.value.isidentifier():
            return Member(value, key_value.value, span)
        return Item(value, key_value, span)

    # --- the environment ----------------------------------------------------------------------------------------

    def is_environment(self, node: Node) -> bool:
        """Whether an expression is ``process.env``, or a name that stands for it."""
        node = self.inner(node)
        if node.type == "identifier":
            return self._is_alias(self.text(node))
        if node.type not in ("member_expression", "subscript_expression"):
            return False
        base = node.child_by_field_name("object")
        if base is None or base.type != "identifier" or self.text(base) != "process":
            return False
        key = node.child_by_field_name("property") or node.child_by_field_name("index")
        return key is not None and self.text(key).strip("\"'`") == "env"

    def _is_alias(self, name: str) -> bool:
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.aliases:
                return True
            if name in scope.names:
                return False
            scope = scope.parent
        return False

    def is_read(self, node: Node) -> bool:
        """Whether an expression reads an environment variable."""
        if node.type not in ("member_expression", "subscript_expression"):
            return False
        base = node.child_by_field_name("object")
        return base is not None and self.is_environment(base)

    def environment(self, name: Expression, kind: str, default: Expression | None, span: Span) -> Expression:
        """A read of an environment variable."""
        self.reads.append(Read(name, kind, default, span, self.function, self.block))
        return Environment(len(self.reads) - 1, span)

    def read_as(self, node: Node, kind: str, default: Expression | None = None) -> Expression:
        """A read of an environment variable, of a kind that what is around it tells."""
        found = self.x(node)
        if isinstance(found, Environment):
            self.reads[found.read] = structs.replace(self.reads[found.read], kind=kind, default=default)
        return found

    def tested(self, node: Node) -> Expression:
        """A condition: what is read from the environment there is only asked about."""
        node = self.inner(node)
        if self.is_read(node):
            return self.read_as(node, "test")
        if node.type == "unary_expression" and self._operator(node) == "!":
            argument = node.child_by_field_name("argument")
            return Other("not", (self.tested(argument),) if argument is not None else (), self.span(node))
        if node.type == "binary_expression" and self._operator(node) in ("&&", "||", "??"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                kind = "and" if self._operator(node) == "&&" else "or"
                return Other(kind, (self.tested(left), self.tested(right)), self.span(node))
        return self.x(node)

    # --- operators ----------------------------------------------------------------------------------------------

    def _operator(self, node: Node) -> str:
        operator = node.child_by_field_name("operator")
        return str(operator.type) if operator is not None else ""

    def _binary(self, node: Node) -> Expression:
        operator, span = self._operator(node), self.span(node)
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return Other("", tuple(self.x(child) for child in node.named_children), span)
        if operator in ("||", "??"):
            return self._alternatives(node, span)
        if operator == "&&":
            return Other("and", (self.tested(left), self.x(right)), span)
        if operator == "+":
            return self._addition(node, span)
        if operator in _COMPARISONS:
            parts = tuple(self._compared(item) for item in (left, right))
            return Other("compare", parts, span)
        if operator == "in":
            if self.is_environment(right):
                return self.environment(self.with_role("key", "", left), "test", None, span)
            return Other("compare", (self.with_role("key", "", left), self.x(right)), span)
        if operator == "instanceof":
            return Other("instanceof", (self.x(left), self.x(right)), span)
        kind = {"/": "divide", "-": "subtract"}.get(operator, "arithmetic")
        return Other(kind, (self.x(left), self.x(right)), span)

    def _compared(self, node: Node) -> Expression:
        inner = self.inner(node)
        if self.is_read(inner):
            return self.read_as(inner, "test")
        return self.with_role("compare", "", node)

    def _operands(self, node: Node, *operators: str) -> list[Node]:
        """The operands of a chain of the same operators, left to right."""
        found: list[Node] = []
        current = node
        while True:
            left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
            if left is None or right is None:
                break
            found.append(right)
            left = self.inner(left) if operators != ("+",) else left
            if left.type == "binary_expression" and self._operator(left) in operators:
                current = left
                continue
            found.append(left)
            break
        found.reverse()
        return found

    def _alternatives(self, node: Node, span: Span) -> Expression:
        """``a || b ?? c``: each, where the one before is not there; environment variables get the rest for default."""
        operands = [self.inner(item) for item in self._operands(node, "||", "??")]
        values: list[Expression] = []
        for index, item in enumerate(operands):
            if index and not isinstance(item, str):
                outer, self.role = self.role, "default" if self.is_read(operands[0]) else self.role
                values.append(self.value(self.label, None, item))
                self.role = outer
            else:
                values.append(self.x(item))
        found = values[-1]
        for value in reversed(values[:-1]):
            if isinstance(value, Environment) and self.reads[value.read].kind == "required":
                self.reads[value.read] = structs.replace(self.reads[value.read], kind="default", default=found)
                found = value
            elif isinstance(found, Choice) and found.test is None:
                found = Choice((value, *found.options), span)
            else:
                found = Choice((value, found), span)
        return found

    def _addition(self, node: Node, span: Span) -> Expression:
        operands = self._operands(node, "+")
        textual = any(item.type in ("string", "template_string") for item in operands)
        before = len(self.strings)
        values = [self.x(item) for item in operands]
        if any(isinstance(value, Const) and not isinstance(value.value, str) for value in values) and not textual:
            return Other("arithmetic", tuple(values), span)
        if textual and not all(item.type == "string" for item in operands):
            places = {value.span for value in values}
            for index in range(before, len(self.strings)):
                if self.strings[index].span in places:
                    self.strings[index] = structs.replace(self.strings[index], partial=True)
        return Format(tuple(values), span) if textual else Other("add", tuple(values), span)

    def _unary(self, node: Node) -> Expression:
        span, operator = self.span(node), self._operator(node)
        argument = node.child_by_field_name("argument")
        if argument is None:
            return Other("", (), span)
        if operator == "!":
            return Other("not", (self.tested(argument),), span)
        if operator == "typeof":
            return Other("typeof", (self.tested(argument),), span)
        if operator == "void":
            self.x(argument)
            return Const(None, span)
        if operator == "delete":
            return self._delete(argument, span)
        value = self.x(argument)
        if operator == "-" and isinstance(value, Const) and isinstance(value.value, (int, float)):
            if not isinstance(value.value, bool) and abs(value.value) < 2**62:
                return Const(-value.value, span)
        return Other("arithmetic", (value,), span)

    def _delete(self, argument: Node, span: Span) -> Expression:
        inner = self.inner(argument)
        if self.is_read(inner):
            key = inner.child_by_field_name("property")
            index = inner.child_by_field_name("index")
            if key is not None:
                name: Expression = Const(self.text(key), self.span(key))
            else:
                name = self.with_role("key", "", index)
            self.writes.append(Write(name, None, self.span(inner), self.function, self.block))
            return Const(True, span)
        self.bind(inner, Other("deleted", (), span), span, declares=False)
        return Const(True, span)

    def _conditional(self, node: Node) -> Expression:
        parts = [node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")]
        test = self.tested(parts[0]) if parts[0] is not None else None
        options = tuple(self.value(self.label, None, part) for part in parts[1:] if part is not None)
        return Choice(options, self.span(node), test)

    def _sequence(self, node: Node) -> Expression:
        values = [self.x(child) for child in node.named_children if child.type != "comment"]
        return values[-1] if values else Other("", (), self.span(node))

    def _update(self, node: Node) -> Expression:
        argument = node.child_by_field_name("argument")
        span = self.span(node)
        if argument is None:
            return Other("", (), span)
        whole = Other("arithmetic", (self.x(argument),), span)
        if argument.type == "identifier":
            self.bind(argument, whole, span, declares=False, augmented=True)
        return whole

    def _assignment(self, node: Node) -> Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return Other("", (), self.span(node))
        label, at = self._target(left)
        value = self.value(label, at, right)
        self.bind(left, value, self.span(node), declares=False)
        return value

    def _target(self, node: Node) -> tuple[str, Span | None]:
        """What an assignment calls its value, and where."""
        node = self.inner(node)
        if node.type == "identifier":
            return self.text(node), self.span(node)
        if node.type == "member_expression":
            name = node.child_by_field_name("property")
            if name is not None and self.text(node) != "module.exports":
                return self.text(name), self.span(name)
        if node.type == "subscript_expression":
            index = node.child_by_field_name("index")
            if index is not None and index.type == "string":
                return self.string_text(index), self.span(index)
        return "", None

    def _augmented(self, node: Node) -> Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        span, operator = self.span(node), self._operator(node)
        if left is None or right is None:
            return Other("", (), span)
        label, at = self._target(left)
        value = self.value(label, at, right)
        if operator in ("||=", "??="):
            choice = Choice((self.x(left), value), span)
            self.bind(left, choice, span, declares=False)
            return choice
        if operator == "&&=":
            self.bind(left, value, span, declares=False)
            return value
        whole: Expression = Other("arithmetic", (value,), span)
        if operator == "+=" and left.type == "identifier" and not _is_number(value):
            parts = (self._name(left), value)
            whole = Format(parts, span) if isinstance(value, (Const, Format)) else Other("add", parts, span)
        self.bind(left, whole, span, declares=False, augmented=True)
        return whole

    # --- literals -----------------------------------------------------------------------------------------------

    def _array(self, node: Node) -> Expression:
        found: list[Expression] = []
        is_open = False
        for child in node.named_children:
            if child.type != "comment":
                is_open = is_open or child.type == "spread_element"
                found.append(self.x(child))
        return Array(tuple(found), self.span(node), is_open)

    def _object(self, node: Node) -> Expression:
        fields: list[Field] = []
        for child in node.named_children:
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None:
                    continue
                name = self.key(key)
                label = str(name.value) if isinstance(name, Const) else ""
                fields.append(Field(name, self.value(label, name.span, value)))
            elif child.type == "spread_element":
                for inner in child.named_children:
                    fields.append(Field(None, self.x(inner)))
            elif child.type == "shorthand_property_identifier":
                span = self.span(child)
                fields.append(Field(Const(self.text(child), span), Name(self.text(child), span)))
            elif child.type == "method_definition":
                key = child.child_by_field_name("name")
                name = self.key(key) if key is not None else Other("", (), self.span(child))
                label = str(name.value) if isinstance(name, Const) else ""
                fields.append(Field(name, self.function_value(child, label, name.span)))
        return Object(tuple(fields), self.span(node))

    def key(self, node: Node) -> Expression:
        """The name of a property."""
        span = self.span(node)
        if node.type in ("property_identifier", "private_property_identifier", "identifier"):
            return Const(self.text(node), span)
        if node.type == "computed_property_name":
            inner = next((child for child in node.named_children if child.type != "comment"), None)
            return self.with_role("key", "", inner) if inner is not None else Other("", (), span)
        if node.type == "number":
            return Const(self.text(node), span)
        return self.with_role("key", "", node)

    def _function(self, node: Node) -> Expression:
        return self.function_value(node, "", None)

    # --- calls --------------------------------------------------------------------------------------------------

    def _await(self, node: Node) -> Expression:
        self.scope.awaits = True
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is None:
            return Other("", (), self.span(node))
        inner = self.inner(inner)
        if inner.type in ("call_expression", "new_expression"):
            return self._call(inner, awaited=True)
        return self.x(inner)

    def path(self, node: Node) -> str:
        """The dotted text of a callee, by what is imported where that is known."""
        names: list[str] = []
        node = self.inner(node)
        while node.type == "member_expression":
            name, base = node.child_by_field_name("property"), node.child_by_field_name("object")
            if name is None or base is None:
                return ""
            names.append(self.text(name))
            node = self.inner(base)
        if node.type == "identifier":
            names.append(self.callees.get(self.text(node), self.text(node)))
        elif node.type == "this":
            names.append("this")
        else:
            return ""
        return ".".join(reversed(names))

    def _call(self, node: Node, awaited: bool = False) -> Expression:
        span = self.span(node)
        new = node.type == "new_expression"
        function = node.child_by_field_name("constructor" if new else "function")
        arguments = node.child_by_field_name("arguments")
        if function is None:
            return Other("", tuple(self.x(child) for child in node.named_children), span)
        function = self.inner(function)
        if function.type == "await_expression" and any(child.type == "type_arguments" for child in node.children):
            # the grammar takes `await f<T>(x)` for a call of `await f`
            self.scope.awaits = awaited = True
            function = next((child for child in function.named_children if child.type != "comment"), function)
        given = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
        if arguments is not None and arguments.type == "template_string":
            given = [arguments]
        path = self.path(function)
        if path in ("require", "import") or function.type == "import":
            self._require(path or "import", given, span)
        special = self._special_call(path, given, span)
        if special is not None:
            return special
        callee: Expression = (
            Name("import", self.span(function)) if function.type == "import" else self._callee(function)
        )
        method = path.rpartition(".")[2]
        outer = (self.role, self.label, self.callee)
        if path.startswith("console.") or (method in _LOG_METHODS and "." in path):
            self.role = "log"
        elif new and path.endswith(("Error", "Exception")):
            self.role = "error"
        elif self.role not in ("error", "default", "decorator", "log"):
            self.role = "value"
        self.callee = path or (f".{callee.name}" if isinstance(callee, Member) else "")
        values: list[Argument] = []
        for item in given:
            self.label = ""
            if item.type == "spread_element":
                inner = item.named_children[0] if item.named_children else item
                values.append(Argument("", self.x(inner), True))
            else:
                values.append(Argument("", self.x(item)))
        self.role, self.label, self.callee = outer
        joined = _joined(callee, values, span)
        if joined is not None:
            return joined
        self.calls.append(Call(callee, tuple(values), span, self.function, self.block, awaited, new))
        return Result(len(self.calls) - 1, span)

    def _callee(self, function: Node) -> Expression:
        if function.type in FUNCTIONS:
            return self.function_value(function, "", None)
        return self.x(function)

    def _require(self, path: str, given: list[Node], span: Span) -> None:
        if not given or given[0].type not in ("string", "template_string"):
            return
        if given[0].type == "template_string" and any(c.type == "template_substitution" for c in given[0].children):
            return
        module = self.string_text(given[0]) if given[0].type == "string" else self.text(given[0])[1:-1]
        system = "commonjs" if path == "require" else "dynamic"
        self.imports.append(Import("", module, "", 0, span, self.function, self.guarded, False, system))

    def _special_call(self, path: str, given: list[Node], span: Span) -> Expression | None:
        """Calls that say what a module exports, or that set environment variables."""
        last = path.rpartition(".")[2]
        if last == "__export" and len(given) == 2 and given[0].type == "identifier":
            self._export_table(self.text(given[0]), self.x(given[1]), span)
            return Const(None, span)
        if last == "__exportStar" and given:
            inner = given[0]
            self.x(inner)
            if inner.type == "call_expression" and self.imports and self.imports[-1].system == "commonjs":
                self._export("*", None, self.imports[-1].module, "*", "commonjs", span)
            return Const(None, span)
        if path == "Object.assign" and len(given) > 1:
            if self.is_environment(given[0]):
                for item in given[1:]:
                    self._set_environment(self.x(item))
                return Const(None, span)
            if self.text(given[0]) in ("exports", "module.exports"):
                for item in given[1:]:
                    self._export_fields(self.x(item), span)
                return Const(None, span)
        if path == "Object.defineProperty" and len(given) == 3 and self.text(given[0]) in ("exports", "module.exports"):
            self._define_export(given, span)
            return Const(None, span)
        return None

    def _set_environment(self, value: Expression) -> None:
        for field in value.fields if isinstance(value, Object) else ():
            if field.key is not None:
                self.writes.append(Write(field.key, field.value, field.key.span, self.function, self.block))

    def _export(self, name: str, value: Expression | None, module: str, symbol: str, system: str, span: Span) -> None:
        self.exports.append(Export(name, value, module, symbol, system, span, self.function))

    def _export_fields(self, value: Expression, span: Span) -> None:
        """What is exported by a map of names to values."""
        if not isinstance(value, Object):
            self._export("*", value, "", "", "commonjs", span)
            return
        for field in value.fields:
            if isinstance(field.key, Const):
                self._export(str(field.key.value), field.value, "", "", "commonjs", field.key.span)
            else:
                self._export("*", field.value, "", "", "commonjs", span)

    def _export_table(self, name: str, table: Expression, span: Span) -> None:
        """What bundlers write for ES modules: a map of names to functions that give the values."""
        if not isinstance(table, Object):
            return
        fields = []
        for field in table.fields:
            value = field.value
            if isinstance(value, Closure):
                value = self.returned(value.definition) or value
            fields.append(Field(field.key, value))
        made = Object(tuple(fields), table.span)
        if name == "exports":
            self._export_fields(made, span)
        else:
            self.tables[name] = made

    def returned(self, definition: int) -> Expression | None:
        """What a function that has been read gives back, if that is one expression."""
        values = [item.value for item in self.returns if item.function == definition]
        return values[0] if len(values) == 1 else None

    def _define_export(self, given: list[Node], span: Span) -> None:
        name = self.with_role("key", "", given[1])
        described = self.x(given[2])
        if not isinstance(name, Const) or name.value == "__esModule":
            if not isinstance(name, Const):
                self._export("*", None, "", "", "commonjs", span)
            return
        value: Expression | None = None
        for field in described.fields if isinstance(described, Object) else ():
            if isinstance(field.key, Const) and field.key.value == "value":
                value = field.value
            elif isinstance(field.key, Const) and field.key.value == "get" and isinstance(field.value, Closure):
                value = self.returned(field.value.definition)
        self._export(str(name.value), value, "", "", "commonjs", span)

    # --- others -------------------------------------------------------------------------------------------------

    def _yield(self, node: Node) -> Expression:
        self.scope.is_generator = True
        span = self.span(node)
        parts = tuple(self.x(child) for child in node.named_children)
        if parts:
            is_each = any(child.type == "*" for child in node.children)
            given = Each(parts[0], span, True) if is_each else parts[0]
            self.yields.append(Return(given, self.function, self.block, span))
        return Other("yield", parts, span)

    def _regex(self, node: Node) -> Expression:
        span = self.span(node)
        return Other("regex", (Const(self.text(node), span),), span)

    def _spread(self, node: Node) -> Expression:
        return Other("spread", tuple(self.x(child) for child in node.named_children), self.span(node))

    def _jsx(self, node: Node) -> Expression:
        parts = [self.x(child) for child in _jsx_expressions(node)]
        return Other("jsx", tuple(parts), self.span(node))


def _jsx_expressions(node: Node) -> Iterator[Node]:
    pending = list(node.named_children)
    while pending:
        child = pending.pop(0)
        if child.type == "jsx_expression":
            yield from (item for item in child.named_children if item.type != "comment")
        elif child.type.startswith("jsx_"):
            pending.extend(child.named_children)


def _joined(callee: Expression, arguments: list[Argument], span: Span) -> Expression | None:
    """``[a, b].join("-")`` and ``"a".concat(b)`` as strings made of parts."""
    if not isinstance(callee, Member) or any(argument.spread for argument in arguments):
        return None
    if callee.name == "concat" and isinstance(callee.base, (Const, Format)):
        return Format((callee.base, *(argument.value for argument in arguments)), span)
    if callee.name == "join" and isinstance(callee.base, Array) and not callee.base.open and len(arguments) == 1:
        between = arguments[0].value
        if not isinstance(between, Const) or not isinstance(between.value, str):
            return None
        parts: list[Expression] = []
        for index, item in enumerate(callee.base.items):
            if index and between.value:
                parts.append(between)
            parts.append(item)
        return Format(tuple(parts), span) if parts else Const("", span)
    return None


def _is_number(value: Expression) -> bool:
    return isinstance(value, Const) and not isinstance(value.value, str)


def _unescape(match: re.Match[str]) -> str:
    braced, four, two, single = match.groups()
    code = braced or four or two
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "�"
    return _ESCAPED.get(single, single) if single else ""


EXPRESSIONS: dict[str, Callable[[Any, Node], Expression]] = {
    "true": ExpressionReader._constant,
    "false": ExpressionReader._constant,
    "null": ExpressionReader._constant,
    "undefined": ExpressionReader._constant,
    "number": ExpressionReader._number,
    "string": ExpressionReader._string,
    "template_string": ExpressionReader._template,
    "identifier": ExpressionReader._name,
    "this": ExpressionReader._name,
    "super": ExpressionReader._name,
    "shorthand_property_identifier": ExpressionReader._name,
    "member_expression": ExpressionReader._member,
    "subscript_expression": ExpressionReader._item,
    "binary_expression": ExpressionReader._binary,
    "unary_expression": ExpressionReader._unary,
    "ternary_expression": ExpressionReader._conditional,
    "sequence_expression": ExpressionReader._sequence,
    "update_expression": ExpressionReader._update,
    "assignment_expression": ExpressionReader._assignment,
    "augmented_assignment_expression": ExpressionReader._augmented,
    "array": ExpressionReader._array,
    "object": ExpressionReader._object,
    "await_expression": ExpressionReader._await,
    "call_expression": ExpressionReader._call,
    "new_expression": ExpressionReader._call,
    "yield_expression": ExpressionReader._yield,
    "regex": ExpressionReader._regex,
    "spread_element": ExpressionReader._spread,
    "type_assertion": ExpressionReader._inner,
    **dict.fromkeys(_SEEN_THROUGH, ExpressionReader._inner),
    **dict.fromkeys(FUNCTIONS, ExpressionReader._function),
    **dict.fromkeys(("jsx_element", "jsx_self_closing_element", "jsx_fragment"), ExpressionReader._jsx),
}
