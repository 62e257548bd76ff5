"""Expressions of JavaScript and TypeScript, lowered to facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from lambdalint.code.facts import (
    Argument,
    Array,
    Call,
    Choice,
    Const,
    Each,
    Environment,
    Expression,
    Field,
    Format,
    Item,
    Member,
    Name,
    Object,
    Other,
    Placeholder,
    Result,
    Return,
    Write,
)
from lambdalint.code.javascript_syntax import (
    FUNCTIONS,
    SEEN_THROUGH,
    Node,
    calculated,
    first_part,
    inner,
    jsx_expressions,
    operands,
    operator_of,
    unescaped,
)
from lambdalint.code.javascript_tables import TooDeep
from lambdalint.code.javascript_words import WordReader
from lambdalint.source import Span

MAX_DEPTH = 500

_LOG_METHODS = frozenset(("debug", "info", "warn", "error", "log", "trace", "fatal", "critical"))
_EQUALITIES = {"==": "==", "===": "==", "!=": "!=", "!==": "!="}
_COMPARISONS = frozenset(("==", "===", "!=", "!==", "<", ">", "<=", ">="))
_ADDING = frozenset(("+",))
_CHOOSING = frozenset(("||", "??"))
_JOINING = frozenset(("join", "concat"))
_OF_ALL_OBJECTS = frozenset(("hasOwnProperty", "toString", "valueOf", "propertyIsEnumerable"))


class ExpressionReader(WordReader):
    """A method for each kind of expression."""

    __slots__ = ()

    special: frozenset[str] = frozenset()
    """Last names of calls that :meth:`special_call` is asked about."""

    def x(self, node: Node) -> Expression:
        """The expression of a node."""
        kind = node.kind_id
        leaf = self.leaves.get(kind)
        if leaf is not None:
            return leaf(self, node)  # type: ignore[no-any-return]
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep
        method = self.expressions.get(kind)
        found = method(self, node) if method is not None else self.parts(node)
        self.depth -= 1
        return found

    def parts(self, node: Node) -> Expression:
        """An expression of which only the parts are known."""
        return Other("", tuple(self.x(child) for child in node.named_children), self.span(node))

    def value(self, label: str, at: Span | None, node: Node) -> Expression:
        """The expression of a node that is given to a name; a function is called by it."""
        if node.kind_id in self.kinds.wrapping:
            node = inner(node)
            if node.kind_id in self.kinds.functions:
                return self.function_value(node, label if label != "return" else "", at)
        outer, self.label = self.label, label
        found = self.x(node)
        self.label = outer
        return found

    def function_value(self, node: Node, name: str, at: Span | None) -> Expression:
        """A function or class as a value, by the name that it is given."""
        raise NotImplementedError

    def bind(self, target: Node, value: Expression, span: Span, declares: bool, augmented: bool = False) -> None:
        """An assignment or declaration: to a name, a member, or what a pattern takes apart."""
        raise NotImplementedError

    def special_call(self, callee: Expression, given: list[Node], span: Span) -> Expression | None:
        """What a call gives that says something about modules or the environment; None for other calls."""
        raise NotImplementedError

    def _inner(self, node: Node) -> Expression:
        found = inner(node)
        return self.x(found) if found.id != node.id else Other("", (), self.span(node))

    def _template(self, node: Node) -> Expression:
        pieces: list[Node | list[Node]] = []
        for child in node.named_children:
            if child.kind_id in self.kinds.substitutions:
                pieces.append(child)
            elif pieces and isinstance(pieces[-1], list):
                pieces[-1].append(child)
            else:
                pieces.append([child])
        span = self.span(node)
        if not pieces:
            return self.note_string("", span)
        whole = len(pieces) == 1
        found: list[Expression] = []
        for piece in pieces:
            if isinstance(piece, list):
                text = "".join([unescaped(self.text(part)) for part in piece])
                at = span if whole else self.between(piece[0].start_point, piece[-1].end_point)
                known = self.note_string(text, at, partial=not whole)
                found.extend(known.parts if isinstance(known, Format) else (known,))
            else:
                found.extend(self.with_role("value", "", part) for part in piece.named_children)
        if len(found) == 1 and isinstance(found[0], (Const, Placeholder)):
            first = found[0]
            return first if isinstance(first, Placeholder) or isinstance(first.value, str) else Format((first,), span)
        return Format(tuple(found), span)

    def _member(self, node: Node) -> Expression:
        found = self.chain(node)
        if found is not None:
            return found
        parts = node.children
        if self.is_sound and len(parts) == 3:
            base, sign, named = parts
            is_optional = sign.type != "."
        else:
            base, named = node.child_by_field_name("object"), node.child_by_field_name("property")
            is_optional = node.child_by_field_name("optional_chain") is not None
        if base is None or named is None:
            return self.parts(node)
        name, span = self.text(named), self.span(node)
        if self.is_environment(base) and name not in _OF_ALL_OBJECTS:
            return self.environment(Const(name, self.span(named)), "required", None, span)
        if is_optional:
            base = inner(base)
            if self.is_read(base):
                return Member(self.read_as(base, "optional"), name, span)
        return Member(self.x(base), name, span)

    def _item(self, node: Node) -> Expression:
        base, key = node.child_by_field_name("object"), node.child_by_field_name("index")
        if base is None or key is None:
            return self.parts(node)
        span = self.span(node)
        if self.is_environment(base):
            return self.environment(self.with_role("key", "", key), "required", None, span)
        value = self.x(base)
        known = self.with_role("key", "", key)
        if isinstance(known, Const) and isinstance(known.value, str) and known.value.isidentifier():
            return Member(value, known.value, span)
        return Item(value, known, span)

    # --- the environment ----------------------------------------------------------------------------------------

    def read_as(self, node: Node, kind: str, default: Expression | None = None) -> Expression:
        """A read of an environment variable, of a kind that what is around it tells."""
        found = self.x(node)
        if isinstance(found, Environment):
            self.reads[found.read] = structs.replace(self.reads[found.read], kind=kind, default=default)
        return found

    def tested(self, node: Node) -> Expression:
        """A condition: what is read from the environment there is only asked about."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep
        found = self._tested(inner(node) if node.type in SEEN_THROUGH else node)
        self.depth -= 1
        return found

    def _tested(self, node: Node) -> Expression:
        kind = node.type
        if kind in ("member_expression", "subscript_expression") and self.is_read(node):
            return self.read_as(node, "test")
        if kind == "unary_expression" and operator_of(node) == "!":
            argument = node.child_by_field_name("argument")
            return Other("not", (self.tested(argument),) if argument is not None else (), self.span(node))
        if kind == "binary_expression":
            operator = operator_of(node)
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if operator in ("&&", "||", "??") and left is not None and right is not None:
                parts = (self.tested(left), self.tested(right))
                return Other("and" if operator == "&&" else "or", parts, self.span(node))
        return self.x(node)

    def compared(self, node: Node) -> Expression:
        """What is compared with something."""
        found = inner(node)
        return self.read_as(found, "test") if self.is_read(found) else self.with_role("compare", "", node)

    # --- operators ----------------------------------------------------------------------------------------------

    def _binary(self, node: Node) -> Expression:
        given = node.children
        if self.is_sound and len(given) == 3:
            left, sign, right = given
            operator = sign.type
        else:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            operator = operator_of(node)
        if left is None or right is None:
            return self.parts(node)
        if operator in _CHOOSING:
            return self._alternatives(node)
        if operator == "+":
            return self._addition(node)
        span = self.span(node)
        if operator == "&&":
            if left.type in ("number", "false") and self.text(left) in ("0", "false"):
                return Other("and", (self.x(left),), span)  # what bundlers write for those who only look
            return Other("and", (self.tested(left), self.x(right)), span)
        if operator in _COMPARISONS:
            parts = (self.compared(left), self.compared(right))
            return Other("compare", parts, span, _EQUALITIES.get(operator, ""))
        if operator == "in":
            if self.is_environment(right):
                return self.environment(self.with_role("key", "", left), "test", None, span)
            return Other("compare", (self.with_role("key", "", left), self.x(right)), span, "in")
        if operator == "instanceof":
            return Other("instanceof", (self.x(left), self.x(right)), span)
        values = (self.x(left), self.x(right))
        known = calculated(operator, getattr(values[0], "value", None), getattr(values[1], "value", None))
        if known is not None:
            return Const(known, span)
        return Other({"/": "divide", "-": "subtract"}.get(operator, "arithmetic"), values, span)

    def _alternatives(self, node: Node) -> Expression:
        """``a || b ?? c``: each, where the one before is not there; environment variables get the rest for default."""
        span = self.span(node)
        given = [inner(item) for item in operands(node, _CHOOSING, True)]
        values = [self.x(given[0])]
        outer, self.role = self.role, "default" if self.is_read(given[0]) else self.role
        values.extend(self.value(self.label, None, item) for item in given[1:])
        self.role = outer
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

    def _addition(self, node: Node) -> Expression:
        span = self.span(node)
        given = operands(node, _ADDING, False)
        textual = any(item.type in ("string", "template_string") for item in given)
        before = len(self.strings)
        values = tuple(self.x(item) for item in given)
        if textual:
            if any(item.type != "string" for item in given):
                places = {value.span for value in values}
                for index in range(before, len(self.strings)):
                    if self.strings[index].span in places:
                        self.strings[index] = structs.replace(self.strings[index], partial=True)
            return Format(values, span)
        total: int | float | None = 0
        for value in values:
            total = calculated("+", total, getattr(value, "value", None))
        if total is not None:
            return Const(total, span)
        return Other("arithmetic" if any(_is_number(value) for value in values) else "add", values, span)

    def _unary(self, node: Node) -> Expression:
        span, operator = self.span(node), operator_of(node)
        argument = node.child_by_field_name("argument")
        if argument is None:
            return Other("", (), span)
        if operator in ("!", "typeof"):
            return Other("not" if operator == "!" else "typeof", (self.tested(argument),), span)
        if operator == "void":
            self.x(argument)
            return Const(None, span)
        if operator == "delete":
            return self._delete(inner(argument), span)
        value = self.x(argument)
        negative = calculated("-", 0, getattr(value, "value", None)) if operator == "-" else None
        return Const(negative, span) if negative is not None else Other("arithmetic", (value,), span)

    def _delete(self, argument: Node, span: Span) -> Expression:
        if self.is_read(argument):
            named, index = argument.child_by_field_name("property"), argument.child_by_field_name("index")
            if named is not None:
                name: Expression = Const(self.text(named), self.span(named))
            else:
                name = self.with_role("key", "", index) if index is not None else Other("", (), span)
            self.writes.append(Write(name, None, self.span(argument), self.function, self.block))
        else:
            self.bind(argument, Other("deleted", (), span), span, declares=False)
        return Const(True, span)

    def _conditional(self, node: Node) -> Expression:
        condition = node.child_by_field_name("condition")
        test = self.tested(condition) if condition is not None else None
        parts = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
        options = tuple(self.value(self.label, None, part) for part in parts if part is not None)
        return Choice(options, self.span(node), test)

    def _sequence(self, node: Node) -> Expression:
        values = [self.x(child) for child in node.named_children if child.type != "comment"]
        return values[-1] if values else Other("", (), self.span(node))

    def _update(self, node: Node) -> Expression:
        argument, span = node.child_by_field_name("argument"), self.span(node)
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
        node = inner(node)
        if node.type == "identifier":
            return self.text(node), self.span(node)
        if node.type == "member_expression":
            named = node.child_by_field_name("property")
            if named is not None and self.text(node) != "module.exports":
                return self.text(named), self.span(named)
        if node.type == "subscript_expression":
            index = node.child_by_field_name("index")
            if index is not None and index.type == "string":
                return self.string_text(index), self.span(index)
        return "", None

    def _augmented(self, node: Node) -> Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        span, operator = self.span(node), operator_of(node)
        if left is None or right is None:
            return Other("", (), span)
        label, at = self._target(left)
        value = self.value(label, at, right)
        if operator in ("||=", "??="):
            is_read = self.is_read(left)
            choice = self.read_as(left, "default", value) if is_read else Choice((self.x(left), value), span)
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
            kind = child.kind_id
            if kind not in self.kinds.comments:
                is_open = is_open or kind in self.kinds.spreads
                found.append(self.x(child))
        return Array(tuple(found), self.span(node), is_open)

    def _object(self, node: Node) -> Expression:
        fields: list[Field] = []
        kinds = self.kinds
        for child in node.named_children:
            kind = child.kind_id
            if kind in kinds.pairs:
                parts = child.children
                if self.is_sound and len(parts) == 3:
                    key, _, value = parts
                else:
                    key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None:
                    continue
                name = self.key(key)
                label = str(name.value) if isinstance(name, Const) else ""
                fields.append(Field(name, self.value(label, name.span, value)))
            elif kind in kinds.shorthands:
                fields.append(Field(Const(*self.named(child)), self._name(child)))
            elif kind in kinds.spreads:
                fields.extend(Field(None, self.x(part)) for part in child.named_children if part.type != "comment")
            elif child.type == "method_definition":
                fields.extend(self._method(child))
        return Object(tuple(fields), self.span(node))

    def _method(self, node: Node) -> tuple[Field, ...]:
        """A method of an object as written: a function, or what the function of a ``get`` gives."""
        key = node.child_by_field_name("name")
        name = self.key(key) if key is not None else Other("", (), self.span(node))
        closure = self.function_value(node, str(name.value) if isinstance(name, Const) else "", name.span)
        kinds = {child.type for child in node.children}
        if "set" in kinds:
            return ()
        return (Field(name, Other("getter", (closure,), name.span) if "get" in kinds else closure),)

    def _function(self, node: Node) -> Expression:
        return self.function_value(node, "", None)

    # --- calls --------------------------------------------------------------------------------------------------

    def statement_value(self, node: Node) -> None:
        """An expression that is a whole statement."""
        kind = node.kind_id
        if kind in self.kinds.seen_through:
            node = inner(node)
            kind = node.kind_id
        if kind in self.kinds.calls:
            self.call(node, kind in self.kinds.news, dropped=True)
        elif kind in self.kinds.waits:
            self._await(node, dropped=True)
        else:
            self.x(node)

    def _await(self, node: Node, dropped: bool = False) -> Expression:
        self.scope.awaits = True
        found = node.child(1) if self.is_sound and node.child_count == 2 else first_part(node)
        if found is None:
            return Other("", (), self.span(node))
        kind = found.kind_id
        if kind in self.kinds.seen_through:
            found = inner(found)
            kind = found.kind_id
        if kind in self.kinds.calls:
            return self.call(found, kind in self.kinds.news, True, dropped)
        return self.x(found)

    def _new(self, node: Node) -> Expression:
        return self.call(node, True)

    def call(self, node: Node, new: bool = False, awaited: bool = False, dropped: bool = False) -> Expression:
        """A call."""
        kinds = self.kinds
        parts = node.children
        if self.is_sound and len(parts) == 2 and not new:
            function, arguments = parts
        else:
            function = node.child_by_field_name("constructor" if new else "function")
            arguments = node.child_by_field_name("arguments")
        if function is None:
            return self.parts(node)
        span = self.span(node)
        if function.kind_id in kinds.seldom_called:
            function = inner(function)
            if function.kind_id in kinds.waits and any(child.type == "type_arguments" for child in node.children):
                # the grammar takes `await f<T>(x)` for a call of `await f`
                self.scope.awaits = awaited = True
                function = first_part(function) or function
            is_import = function.kind_id in kinds.imports
            callee = Name("import", self.span(function)) if is_import else self.x(function)
        else:
            callee = self.x(function)
        given: list[Node] = []
        if arguments is not None:
            count = arguments.child_count
            if arguments.kind_id in kinds.templates:
                given = [arguments]
            elif count != 2 or not self.is_sound:
                given = [arguments.child(1)] if count == 3 and self.is_sound else arguments.named_children
        last = callee.name if isinstance(callee, Member) else callee.id if isinstance(callee, Name) else ""
        if last in self.special:
            found = self.special_call(callee, [item for item in given if item.type != "comment"], span)
            if found is not None:
                return found
        values = self._arguments(callee, last, new, given) if given else ()
        if last in _JOINING:
            text = _joined(callee, values, span)
            if text is not None:
                return text
        self.calls.append(Call(callee, values, span, self.function, self.block, awaited, new, dropped))
        return Result(len(self.calls) - 1, span)

    def _arguments(self, callee: Expression, last: str, new: bool, given: list[Node]) -> tuple[Argument, ...]:
        outer = (self.role, self.label, self.callee)
        path = self.dotted_path(callee)
        is_member = type(callee) is Member
        method = last if is_member else path.rpartition(".")[2] or last
        if (method in _LOG_METHODS and (is_member or "." in path)) or path.startswith("console."):
            self.role = "log"
        elif last.endswith(("Error", "Exception")) and (new or last[:1].isupper()):
            self.role = "error"
        elif self.role not in ("error", "default", "decorator", "log"):
            self.role = "value"
        self.callee = path or (f".{last}" if is_member else "")
        self.label = ""
        values: list[Argument] = []
        special = self.kinds.special_arguments
        for item in given:
            if item.kind_id not in special:
                values.append(Argument("", self.x(item)))
            elif item.type != "comment":
                values.append(Argument("", self.x(first_part(item) or item), True))
        self.role, self.label, self.callee = outer
        return tuple(values)

    # --- others -------------------------------------------------------------------------------------------------

    def _yield(self, node: Node) -> Expression:
        self.scope.is_generator = True
        span = self.span(node)
        parts = tuple(self.x(child) for child in node.named_children if child.type != "comment")
        if parts:
            is_each = any(child.type == "*" for child in node.children)
            given = Each(parts[0], span, True) if is_each else parts[0]
            self.yields.append(Return(given, self.function, self.block, span))
        return Other("yield", parts, span)

    def _regex(self, node: Node) -> Expression:
        span = self.span(node)
        return Other("regex", (Const(self.text(node), span),), span)

    def _spread(self, node: Node) -> Expression:
        parts = tuple(self.x(child) for child in node.named_children if child.type != "comment")
        return Other("spread", parts, self.span(node))

    def _jsx(self, node: Node) -> Expression:
        return Other("jsx", tuple(self.x(child) for child in jsx_expressions(node)), self.span(node))

    def _left_out(self, node: Node) -> Expression:
        return Other("", (), self.span(node))


def _joined(callee: Expression, arguments: tuple[Argument, ...], span: Span) -> Expression | None:
    """``[a, b].join("-")`` and ``"a".concat(b)`` as strings made of parts."""
    if not isinstance(callee, Member) or any(argument.spread for argument in arguments):
        return None
    base = callee.base
    is_text = isinstance(base, Format) or (isinstance(base, Const) and isinstance(base.value, str))
    if callee.name == "concat" and is_text:
        return Format((base, *(argument.value for argument in arguments)), span)
    if callee.name == "join" and isinstance(base, Array) and not base.open and len(arguments) == 1:
        between = arguments[0].value
        if not isinstance(between, Const) or not isinstance(between.value, str):
            return None
        parts: list[Expression] = []
        for index, item in enumerate(base.items):
            if index and between.value:
                parts.append(between)
            parts.append(item)
        return Format(tuple(parts), span) if parts else Const("", span)
    return None


def _is_number(value: Expression) -> bool:
    return isinstance(value, Const) and not isinstance(value.value, str)


EXPRESSIONS: dict[str, Callable[[Any, Node], Expression]] = {
    "template_string": ExpressionReader._template,
    "member_expression": ExpressionReader._member,
    "nested_identifier": ExpressionReader._member,
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
    "call_expression": ExpressionReader.call,
    "new_expression": ExpressionReader._new,
    "yield_expression": ExpressionReader._yield,
    "regex": ExpressionReader._regex,
    "spread_element": ExpressionReader._spread,
    **dict.fromkeys(SEEN_THROUGH, ExpressionReader._inner),
    **dict.fromkeys(FUNCTIONS, ExpressionReader._function),
    **dict.fromkeys(("jsx_element", "jsx_self_closing_element", "jsx_fragment"), ExpressionReader._jsx),
    **dict.fromkeys(("comment", "meta_property", "type_arguments", "type_annotation"), ExpressionReader._left_out),
}
