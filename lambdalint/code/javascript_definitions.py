"""Functions, classes and patterns of JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lambdalint.code.facts import (
    Binding,
    Block,
    Choice,
    Closure,
    Const,
    Definition,
    Expression,
    Item,
    Member,
    Name,
    Other,
    Parameter,
    Return,
    Write,
)
from lambdalint.code.javascript_modules import ModuleReader
from lambdalint.code.javascript_syntax import Node, first_part, inner
from lambdalint.code.javascript_tables import Scope
from lambdalint.source import Span

_CLASSES = frozenset(("class", "class_declaration", "abstract_class_declaration"))
_NAMES = frozenset(("identifier", "type_identifier", "shorthand_property_identifier_pattern"))
_REST = frozenset(("rest_pattern", "spread_element"))
_WRAPPED = frozenset(("non_null_expression", "parenthesized_expression", "as_expression", "satisfies_expression"))
_PROPERTY_MARKS = frozenset(("accessibility_modifier", "readonly", "override_modifier"))


class DefinitionReader(ModuleReader):
    """What is defined, and what names are bound to."""

    __slots__ = ("body_block", "body_start")

    body_start: Span
    body_block: int

    def statements_of(self, nodes: Sequence[Node], directives: bool = False) -> None:
        """Statements, one after the other; with ``directives``, strings that come first are none of them."""
        raise NotImplementedError

    def enter(self, kind: str, node: Node, test: Expression | None = None) -> None:
        """Reads a statement, or a block of them, as a block of its own."""
        raise NotImplementedError

    # --- functions ----------------------------------------------------------------------------------------------

    def _function_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is None:
            self.function_value(node, "", None)
            return
        text = self.text(name)
        self.scope.names.add(text)
        closure = self._function_value(node, text, self.span(name), ())
        start = self.body_start
        value = Closure(closure.definition, start)
        self.bindings.append(Binding(text, value, self.scope.index, self.function, self.body_block, start))

    def function_value(self, node: Node, name: str, at: Span | None) -> Expression:
        """A function or class as a value, by the name that it is given, else its own."""
        if node.kind_id in self.kinds.arrows:
            return self._function_value(node, name, at, ())
        own = node.child_by_field_name("name")
        if node.type in _CLASSES:
            return self._class(node, name or (self.text(own) if own is not None else ""), at if name else None)
        if own is not None and not name and node.type != "method_definition":
            name, at = self.text(own), self.span(own)
        return self._function_value(node, name, at, ())

    def _function_value(self, node: Node, name: str, at: Span | None, decorators: tuple[Expression, ...]) -> Closure:
        span, kind = self.span(node), node.type
        index = len(self.definitions)
        self.definitions.append(None)
        parts = node.children
        marks = {part.kind_id for part in parts}
        outer = (self.scope, self.function, self.block, self.guarded, self.role, self.label, self.callee)
        around = (self.body_start, self.body_block)
        scope = self.scope = Scope(index, "function", self.scope)
        self.function = index
        self.blocks.append(Block("body", outer[2], index, span))
        self.block = self.body_block = len(self.blocks) - 1
        self.role, self.label, self.callee, self.guarded = "value", "", "", False
        body = parts[-1] if self.is_sound else node.child_by_field_name("body")
        is_block = body is not None and body.kind_id in self.kinds.blocks
        row, column = body.start_point if body is not None else node.end_point
        first = (row, column + 1 if is_block else column)
        start = self.body_start = self.at(first)
        parameters = self._parameters(node, start)
        own = node.child_by_field_name("name") if kind in ("function_expression", "generator_function") else None
        if own is not None:
            text = self.text(own)
            scope.names.add(text)
            self.bindings.append(Binding(text, Closure(index, start), index, index, self.block, start))
        if body is not None and is_block:
            self.statements_of(body.named_children, directives=True)
        elif body is not None:
            body = inner(body)
            value = self.value("return", None, body)
            self.returns.append(Return(value, index, self.block, self.span(body)))
        self.scope, self.function, self.block, self.guarded, self.role, self.label, self.callee = outer
        self.body_start, self.body_block = around
        if at is None:
            at = self.between(node.start_point, first) if body is not None else span
        self.definitions[index] = Definition(
            name,
            "function" if name else "lambda",
            self.scope.index,
            parameters,
            decorators,
            (),
            at,
            span,
            frozenset(scope.names),
            not marks.isdisjoint(self.kinds.async_marks),
            not marks.isdisjoint(self.kinds.generator_marks) or scope.is_generator,
            is_arrow=kind == "arrow_function",
            awaits=scope.awaits,
        )
        return Closure(index, span)

    def _parameters(self, node: Node, start: Span) -> tuple[Parameter, ...]:
        kinds = self.kinds
        listed = next((part for part in node.children if part.kind_id in kinds.parameters), None)
        if listed is None:
            single = node.child_by_field_name("parameter")
            nodes = [single] if single is not None else []
        else:
            nodes = listed.named_children
        found: list[Parameter] = []
        for item in nodes:
            if item.kind_id in kinds.identifiers:
                name, at = self.named(item)
                self.scope.names.add(name)
                found.append(Parameter(name, "positional", None, at))
                continue
            if item.type in ("comment", "decorator"):
                continue
            default, kind, target, is_property = None, "positional", item, False
            if item.type in ("required_parameter", "optional_parameter"):
                is_property = any(child.type in _PROPERTY_MARKS for child in item.children)
                default = item.child_by_field_name("value")
                target = item.child_by_field_name("pattern") or item
                if target.type == "this":
                    continue
            if target.type == "assignment_pattern":
                default = target.child_by_field_name("right")
                target = target.child_by_field_name("left") or target
            if target.type == "rest_pattern":
                kind = "rest"
                target = target.named_children[-1] if target.named_children else target
            name = self.text(target) if target.type == "identifier" else f"\0{len(found)}"
            given = self.with_role("default", name, default) if default is not None else None
            self.scope.names.add(name)
            found.append(Parameter(name, kind, given, self.span(item)))
            if target.type != "identifier":
                self.bind(target, Name(name, start), start, declares=True)
            elif is_property:
                base = Name("this", start)
                self.bindings.append(Binding(name, Name(name, start), -1, self.function, self.block, start, base))
        return tuple(found)

    # --- classes ------------------------------------------------------------------------------------------------

    def _class_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        given = self._class(node, self.text(name) if name is not None else "", None)
        if name is not None:
            self.bind(name, given, self.span(name), declares=True)

    def _class(self, node: Node, name: str, at: Span | None) -> Closure:
        span = self.span(node)
        decorators = tuple(self._own_decorators(node))
        bases = tuple(self._bases(node))
        index = len(self.definitions)
        self.definitions.append(None)
        own = node.child_by_field_name("name")
        start = self.span(own) if own is not None else self.at(node.start_point)
        outer = (self.scope, self.function, self.block, self.label, self.body_start, self.body_block)
        scope = self.scope = Scope(index, "class", self.scope)
        self.function = index
        self.blocks.append(Block("body", outer[2], index, span))
        self.block = self.body_block = len(self.blocks) - 1
        self.label, self.body_start = "", start
        body = node.child_by_field_name("body")
        pending: list[Expression] = []
        for child in body.named_children if body is not None else ():
            if child.type == "decorator":
                pending.append(self._decorator(child))
            elif child.type != "comment":
                self._class_member(child, (*pending, *self._own_decorators(child)))
                pending = []
        self.scope, self.function, self.block, self.label, self.body_start, self.body_block = outer
        self.definitions[index] = Definition(
            name,
            "class",
            self.scope.index,
            (),
            decorators,
            bases,
            at if at is not None else start,
            span,
            frozenset(scope.names),
        )
        return Closure(index, span)

    def _bases(self, node: Node) -> Iterator[Expression]:
        heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
        for child in heritage.named_children if heritage is not None else ():
            if child.type == "extends_clause":
                value = child.child_by_field_name("value")
                if value is not None:
                    yield self.x(value)
            elif child.type not in ("implements_clause", "comment"):
                yield self.x(child)

    def _decorator(self, node: Node) -> Expression:
        found = first_part(node)
        return self.with_role("decorator", "", found) if found is not None else Other("", (), self.span(node))

    def _own_decorators(self, node: Node) -> Iterator[Expression]:
        for child in node.named_children:
            if child.type == "decorator":
                yield self._decorator(child)

    def _class_member(self, node: Node, decorators: tuple[Expression, ...]) -> None:
        kind = node.type
        if kind == "class_static_block":
            body = node.child_by_field_name("body")
            if body is not None:
                self.enter("static", body)
            return
        if kind not in ("method_definition", "field_definition", "public_field_definition"):
            return
        key = node.child_by_field_name("name") or node.child_by_field_name("property")
        if key is None:
            return
        known = self.key(key)
        name = str(known.value) if isinstance(known, Const) else ""
        at = self.span(key)
        marks = {part for child in node.children if not child.is_named for part in str(child.type).split()}
        names = tuple(
            Name(given, at) for mark, given in (("static", "staticmethod"), ("get", "property")) if mark in marks
        )
        if kind == "method_definition":
            value: Expression | None = self._function_value(node, name, at, (*decorators, *names))
        else:
            value = self._field(node, name, at, (*decorators, *names), "static" in marks)
        if name and value is not None and "set" not in marks:
            self.scope.names.add(name)
            self.bindings.append(Binding(name, value, self.scope.index, self.function, self.block, at))

    def _field(
        self, node: Node, name: str, at: Span, decorators: tuple[Expression, ...], is_static: bool
    ) -> Expression | None:
        given = node.child_by_field_name("value")
        if given is None:
            return None
        given = inner(given)
        if given.type in ("arrow_function", "function_expression"):
            return self._function_value(given, name, at, decorators)
        if not is_static:
            return self.value(name, at, given)
        self.blocks.append(Block("static", self.block, self.function, self.span(node)))
        outer, self.block = self.block, len(self.blocks) - 1
        value = self.value(name, at, given)
        self.block = outer
        return value

    # --- patterns -----------------------------------------------------------------------------------------------

    def bind(self, target: Node, value: Expression, span: Span, declares: bool, augmented: bool = False) -> None:
        """An assignment or declaration: to a name, a member, or what a pattern takes apart."""
        kind = target.type
        if kind in _NAMES:
            self._bind_name(self.text(target), value, span, declares, augmented)
        elif kind in ("member_expression", "subscript_expression"):
            self._bind_member(target, value, span, augmented)
        elif kind in ("object_pattern", "object"):
            self._bind_object(target, value, span, declares)
        elif kind in ("array_pattern", "array"):
            self._bind_array(target, value, span, declares)
        elif kind in ("assignment_pattern", "object_assignment_pattern", "assignment_expression"):
            left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
            if left is not None and right is not None:
                given = self.with_role("default", self.text(left), right)
                self.bind(left, Choice((value, given), span), span, declares)
        elif kind in _REST and target.named_children:
            self.bind(target.named_children[-1], Other("rest", (value,), span), span, declares)
        elif kind in _WRAPPED:
            found = inner(target)
            if found.id != target.id:
                self.bind(found, value, span, declares, augmented)

    def _bind_name(self, name: str, value: Expression, span: Span, declares: bool, augmented: bool = False) -> None:
        if declares:
            self.scope.names.add(name)
        else:
            self.unowned.append((len(self.bindings), self.scope))
        self.bindings.append(
            Binding(name, value, self.scope.index, self.function, self.block, span, augmented=augmented)
        )

    def _bind_array(self, target: Node, value: Expression, span: Span, declares: bool) -> None:
        position = 0
        for child in target.children:
            if child.type == ",":
                position += 1
            elif child.type in _REST:
                if child.named_children:
                    self.bind(child.named_children[-1], Other("rest", (value,), span), span, declares)
            elif child.is_named and child.type != "comment":
                self.bind(child, Item(value, Const(position, self.span(child)), span), span, declares)

    def _bind_object(self, target: Node, value: Expression, span: Span, declares: bool) -> None:
        for child in target.named_children:
            kind = child.type
            if kind in ("shorthand_property_identifier_pattern", "shorthand_property_identifier"):
                name = self.text(child)
                self._bind_name(name, Member(value, name, self.span(child)), span, declares)
            elif kind in ("pair_pattern", "pair"):
                key, part = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and part is not None:
                    self.bind(part, self._part(value, key), span, declares)
            elif kind == "object_assignment_pattern":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    name = self.text(left)
                    given = self.with_role("default", name, right)
                    member = Member(value, name, self.span(left))
                    self._bind_name(name, Choice((member, given), span), span, declares)
            elif kind in _REST and child.named_children:
                self.bind(child.named_children[-1], Other("rest", (value,), span), span, declares)

    def _part(self, value: Expression, key: Node) -> Expression:
        name, span = self.key(key), self.span(key)
        if isinstance(name, Const) and isinstance(name.value, str):
            return Member(value, name.value, span)
        return Item(value, name, span)

    def bind_environment(self, target: Node, span: Span) -> None:
        """``const { A, B: b = "x" } = process.env``."""
        for child in target.named_children:
            kind = child.type
            key, part, default = child, child, None
            if kind == "pair_pattern":
                key, part = child.child_by_field_name("key"), child.child_by_field_name("value")
                if part is not None and part.type == "assignment_pattern":
                    part, default = part.child_by_field_name("left"), part.child_by_field_name("right")
            elif kind == "object_assignment_pattern":
                key = part = child.child_by_field_name("left")
                default = child.child_by_field_name("right")
            elif kind == "rest_pattern":
                if child.named_children:
                    self.bind(child.named_children[-1], Other("rest", (), span), span, declares=True)
                continue
            elif kind != "shorthand_property_identifier_pattern":
                continue
            if key is None or part is None:
                continue
            name = Const(self.text(key), self.span(key)) if key is part else self.key(key)
            given = self.with_role("default", self.text(part), default) if default is not None else None
            read = self.environment(name, "default" if given is not None else "required", given, self.span(key))
            self.bind(part, read, span, declares=True)

    def _bind_member(self, target: Node, value: Expression, span: Span, augmented: bool) -> None:
        base = target.child_by_field_name("object")
        named, index = target.child_by_field_name("property"), target.child_by_field_name("index")
        key_node = named if named is not None else index
        if base is None or key_node is None:
            return
        at = self.span(key_node)
        key = Const(self.text(named), at) if named is not None else self.with_role("key", "", key_node)
        if self.is_environment(base):
            self.writes.append(Write(key, value, self.span(target), self.function, self.block))
            return
        if self.binds_export(base, key, value, span, at):
            return
        owner = self.x(base)
        if isinstance(key, Const) and isinstance(key.value, str):
            name = key.value
            self.bindings.append(Binding(name, value, -1, self.function, self.block, span, owner, None, augmented))
            if not augmented:
                changed = Binding("", value, -1, self.function, self.block, span, owner, Const(name, at))
                self.bindings.append(changed)
        else:
            self.bindings.append(Binding("", value, -1, self.function, self.block, span, owner, key, augmented))
