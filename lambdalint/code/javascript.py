"""JavaScript and TypeScript, read with tree-sitter in one walk: the way in, and statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import structs

from lambdalint.code.facts import (
    MODULE,
    Block,
    Call,
    Const,
    Definition,
    Each,
    Expression,
    Field,
    Member,
    Module,
    Name,
    Object,
    Other,
    Raise,
    Result,
    Return,
    Statement,
    unreadable,
)
from lambdalint.code.grammars import ascii_of, language, tree_of
from lambdalint.code.javascript_definitions import DefinitionReader
from lambdalint.code.javascript_expressions import EXPRESSIONS, MAX_DEPTH
from lambdalint.code.javascript_features import features_in
from lambdalint.code.javascript_problems import problem_in
from lambdalint.code.javascript_syntax import (
    Grammar,
    Kinds,
    Node,
    declared_names,
    first_part,
    inner,
    literal_lines,
    names_in,
)
from lambdalint.code.javascript_tables import Placer, Scope, Substitutions, TooDeep
from lambdalint.code.javascript_words import LEAVES, PLAIN_LEAVES
from lambdalint.source import Source, Span

MINIFIED_LINE = 5_000
MINIFIED_AVERAGE = 300

_TYPED = (".ts", ".mts", ".cts", ".tsx", ".jsx")


def read_javascript(source: Source, *, place: Placer | None = None, substituted: bool = False) -> Module:
    """The facts of a file in JavaScript or TypeScript. Never raises.

    ``place`` maps lines and columns (both from 1, end exclusive) to spans where the code is part of another file.
    ``substituted``: the code went through ``Fn::Sub``, so that ``${Name}`` stands for something in the template.
    """
    text = source.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    given = Substitutions(text) if substituted and "${" in text else None
    if given is not None:
        text = given.text
    data = ascii_of(text)
    tree, name = tree_of(source.path.lower(), data)
    if tree is None:
        return unreadable(source.path, "javascript", None)
    root = tree.root_node
    reader = _Reader(source.path, source.lines, text, data, _grammar(name), not root.has_error, place, given)
    try:
        module = reader.read(root)
        if root.has_error and given is None:
            return structs.replace(module, problem=problem_in(reader, root))
        if name == "javascript" and not root.has_error and not source.path.lower().endswith(_TYPED):
            return structs.replace(module, features=features_in(reader, root))
        return module
    except (TooDeep, RecursionError):
        return unreadable(source.path, "javascript", None)
    finally:
        del reader.span, reader.named  # it refers to itself, and would stay until garbage is looked for


def is_minified(text: str) -> bool:
    """Whether code is a bundle that nobody edits: few lines, and very long ones."""
    lines = text.count("\n") + 1
    if len(text) > MINIFIED_LINE and len(text) / lines > MINIFIED_AVERAGE:
        return True
    return len(text) / lines > MINIFIED_AVERAGE / 3 and any(len(line) > 4 * MINIFIED_LINE for line in text.split("\n"))


@lru_cache(maxsize=3)
def _grammar(name: str) -> Grammar:
    """What the kinds of nodes of a grammar are called there, and what reads them."""
    kinds = Kinds(language(name))
    tables = (kinds.numbered(LEAVES), kinds.numbered(PLAIN_LEAVES), kinds.numbered(EXPRESSIONS))
    return Grammar(kinds, *tables, kinds.numbered(_STATEMENTS))


class _Reader(DefinitionReader):
    """Statements; definitions, modules and expressions are what it is made of."""

    __slots__ = ()

    def read(self, root: Node) -> Module:
        """The facts of a whole file."""
        end = (len(self.lines), len(self.lines[-1]) + 1)
        whole = self.place(1, 1, *end) if self.place is not None else Span("", 1, 1, *end)
        self.blocks.append(Block("body", -1, MODULE, whole))
        self.tables = {}
        self.body_start = self.at((0, 0))
        self.body_block = 0
        self.statements_of(root.named_children, directives=True)
        start = Span(whole.path, whole.line, whole.column, whole.line, whole.column)
        names = frozenset(self.scope.names)
        self.definitions[0] = Definition("", "module", -1, (), (), (), start, whole, names, awaits=self.scope.awaits)
        self._settle_owners()
        return Module(
            self.path,
            "javascript",
            tuple(item for item in self.definitions if item is not None),
            tuple(self.imports),
            tuple(self.calls),
            tuple(self.bindings),
            tuple(self.returns),
            tuple(self.raises),
            tuple(self.reads),
            tuple(self.writes),
            tuple(self.strings),
            tuple(self.blocks),
            tuple(self.statements),
            tuple(self.exports),
            yields=tuple(self.yields),
        )

    def _settle_owners(self) -> None:
        """Gives assignments without declaration to the scope that declares the name, perhaps further down."""
        for index, start in self.unowned:
            binding = self.bindings[index]
            scope: Scope | None = start
            while scope is not None and (scope.kind == "class" or binding.name not in scope.names):
                scope = scope.parent
            owner = scope.index if scope is not None else MODULE
            if owner != binding.owner:
                self.bindings[index] = structs.replace(binding, owner=owner)

    # --- statements ---------------------------------------------------------------------------------------------

    def statements_of(self, nodes: Sequence[Node], directives: bool = False) -> None:
        """Statements, one after the other; with ``directives``, strings that come first are none of them."""
        comments = self.kinds.comments
        for node in nodes:
            if node.kind_id in comments:
                continue
            if directives:
                kind = node.type
                if kind == "expression_statement":
                    only = first_part(node)
                    if only is not None and only.type == "string":
                        continue
                directives = kind == "hash_bang_line"
            self.statement(node)

    def statement(self, node: Node) -> None:
        """A statement."""
        entry = self.listed.get(node.kind_id)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep
        if entry is None:
            self._unknown(node)
        else:
            method, kind = entry
            if kind:
                self._listed(node, method, kind)
            else:
                method(self, node)
        self.depth -= 1

    def _unknown(self, node: Node) -> None:
        """What is no statement that is known: its parts are read; of errors, what can be told."""
        if node.type in _PASSED_OVER:
            return
        for child in node.named_children:
            if child.type in _STATEMENTS or child.type == "ERROR":
                self.statement(child)
            elif child.type not in _PASSED_OVER:
                self.x(child)

    def _listed(self, node: Node, method: Callable[[Any, Node], int | None], kind: str) -> None:
        """Reads a statement, and lists it."""
        calls, slot, block, definitions = len(self.calls), len(self.statements), self.block, len(self.definitions)
        self.statements.append(_EMPTY)
        header_calls = method(self, node)
        start, end = node.start_point[0], node.end_point[0]
        lines, literal = end - start + 1, 0
        if kind in _WITH_BLOCKS:
            body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
            first = body.named_child(0) if body is not None and body.named_child_count else body
            lines = max(1, (first.start_point[0] if first is not None else end) - start)
        elif end > start:
            lines = max(lines - self._lines_of_functions(definitions), 1)
            literal = min(literal_lines(node, self.kinds, self.is_sound), lines - 1)
        end_call = header_calls if header_calls is not None else len(self.calls)
        self.statements[slot] = Statement(kind, self.function, block, self.span(node), calls, end_call, lines, literal)

    def _expression_statement(self, node: Node) -> None:
        self._simple(node, "call", self._expressions)

    def _declaration(self, node: Node) -> None:
        self._simple(node, "assign", self._declarators)

    def _simple(self, node: Node, kind: str, read: Callable[[list[Node]], None]) -> None:
        """Reads a statement of expressions or declarations, and lists it unless it only defines something."""
        parts = node.named_children
        if self._is_definition(parts):
            read(parts)
            return
        calls, slot, definitions = len(self.calls), len(self.statements), len(self.definitions)
        self.statements.append(_EMPTY)
        read(parts)
        span = self.span(node)
        if self.place is None:
            lines, literal = span.end_line - span.line + 1, 0
        else:
            lines, literal = node.end_point[0] - node.start_point[0] + 1, 0
        if lines > 1:
            lines = max(lines - self._lines_of_functions(definitions), 1)
            literal = min(literal_lines(node, self.kinds, self.is_sound), lines - 1)
        if kind == "call" and parts:
            only = parts[0] if parts[0].kind_id not in self.kinds.comments else first_part(node)
            if only is not None and only.kind_id in self.kinds.settings:
                kind = "assign"
        self.statements[slot] = Statement(kind, self.function, self.block, span, calls, len(self.calls), lines, literal)

    def _is_definition(self, parts: list[Node]) -> bool:
        """Whether a statement only gives a name to a function or class."""
        kinds = self.kinds
        found = False
        for child in parts:
            kind = child.kind_id
            if kind not in kinds.declarators and kind not in kinds.assignments:
                return False
            if self.is_sound:
                value = child.children[-1]
            else:
                value = child.child_by_field_name("value") or child.child_by_field_name("right")
            if value is None:
                return False
            kind = value.kind_id
            if kind not in kinds.functions and (
                kind not in kinds.seen_through or inner(value).kind_id not in kinds.functions
            ):
                return False
            found = True
        return found

    def _lines_of_functions(self, since: int) -> int:
        """The lines within the functions that a statement holds, outermost ones only."""
        total, end = 0, (0, 0)
        for item in self.definitions[since:]:
            if item is not None and (item.body.line, item.body.column) >= end:
                total += max(0, item.body.end_line - item.body.line)
                end = (item.body.end_line, item.body.end_column)
        return total

    def enter(self, kind: str, node: Node, test: Expression | None = None) -> None:
        """Reads a statement, or a block of them, as a block of its own."""
        self.blocks.append(Block(kind, self.block, self.function, self.span(node), test))
        outer, self.block = self.block, len(self.blocks) - 1
        if node.kind_id in self.kinds.blocks:
            self.statements_of(node.named_children)
        elif node.type in ("else_clause", "finally_clause"):
            for child in node.named_children:
                if child.type == "statement_block":
                    self.statements_of(child.named_children)
                else:
                    self.statement(child)
        else:
            self.statement(node)
        self.block = outer

    def _expressions(self, parts: list[Node]) -> None:
        """The expressions of a statement."""
        for child in parts:
            kind = child.kind_id
            if kind in self.listed:
                self.statement(child)
            elif kind not in self.kinds.comments:
                self.statement_value(child)

    def _declarators(self, parts: list[Node]) -> None:
        """The variables that a statement declares."""
        for child in parts:
            if child.kind_id in self.kinds.declarators:
                self._declarator(child)

    def _declarator(self, node: Node) -> None:
        parts = node.children
        if self.is_sound and len(parts) == 3 and parts[1].kind_id in self.kinds.equals:
            target, _, value = parts
        else:
            target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is None:
            return
        if value is None:
            self.scope.names.update(self.text(name) for name in names_in(target))
            return
        span = self.span(node)
        if target.kind_id in self.kinds.identifiers:
            label, at = self.named(target)
            self._bind_name(label, self.value(label, at, value), span, declares=True)
            if self.is_environment(value):
                self.note_alias(label)
        elif target.type == "object_pattern" and self.is_environment(value):
            self.bind_environment(target, span)
        else:
            self.bind(target, self.value("", None, value), span, declares=True)
            if target.type == "object_pattern" and value.type == "identifier" and self.text(value) == "process":
                self._note_process(target)
        self.note_required(target, value)

    def _note_process(self, target: Node) -> None:
        """``const { env } = process``."""
        for child in target.named_children:
            if child.type == "shorthand_property_identifier_pattern" and self.text(child) == "env":
                self.note_alias("env")

    def _if(self, node: Node) -> int:
        condition = node.child_by_field_name("condition")
        test, kind = None, "then"
        if condition is not None:
            test = self.tested(condition)
            text = self.text(condition)
            if "require.main" in text and "module" in text:
                kind = "main"
        calls = len(self.calls)
        consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if consequence is not None:
            self.enter(kind, consequence, test)
        if alternative is not None:
            self.enter("else", alternative, test)
        return calls

    def _for(self, node: Node) -> int:
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            if initializer.type in _DECLARATIONS:
                self._declarators(initializer.named_children)
            elif initializer.type == "expression_statement":
                self._expressions(initializer.named_children)
            elif initializer.type != "empty_statement":
                self.x(initializer)
        condition = node.child_by_field_name("condition")
        if condition is not None and condition.type in ("expression_statement", "empty_statement"):
            condition = first_part(condition)
        test = self.tested(condition) if condition is not None else None
        increment = node.child_by_field_name("increment")
        if increment is not None:
            self.x(increment)
        return self._loop(node, test)

    def _for_in(self, node: Node) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        iterated = self.x(right) if right is not None else Other("", (), self.span(node))
        calls = len(self.calls)
        if left is not None:
            keys = operator is not None and operator.type == "in"
            declares = node.child_by_field_name("kind") is not None
            self._bind_each(left, iterated, self.span(left), keys, declares)
        if any(child.type == "await" for child in node.children):
            self.scope.awaits = True
        self._loop(node, iterated)
        return calls

    def _bind_each(self, target: Node, iterated: Expression, span: Span, keys: bool, declares: bool) -> None:
        """Binds a loop's target to the elements of what is iterated over, through ``Object.entries`` and the like."""
        call = self.calls[iterated.call] if isinstance(iterated, Result) and not keys else None
        name, base = _iterated_object(call) if call is not None else ("", None)
        if base is None:
            self.bind(target, Each(iterated, span, keys), span, declares)
        elif name != "entries":
            self.bind(target, Each(base, span, name == "keys"), span, declares)
        else:
            parts = [part for part in target.children if part.is_named or part.type == ","]
            if target.type == "array_pattern" and len(parts) == 3 and parts[1].type == ",":
                self.bind(parts[0], Each(base, span, True), span, declares)
                self.bind(parts[2], Each(base, span), span, declares)
            else:
                self.bind(target, Each(iterated, span, keys), span, declares)

    def _loop(self, node: Node, test: Expression | None) -> int:
        calls = len(self.calls)
        body = node.child_by_field_name("body")
        if body is not None:
            self.enter("loop", body, test)
        return calls

    def _while(self, node: Node) -> int:
        condition = node.child_by_field_name("condition")
        return self._loop(node, self.tested(condition) if condition is not None else None)

    def _try(self, node: Node) -> int:
        calls = len(self.calls)
        body = node.child_by_field_name("body")
        handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        outer = self.guarded
        self.guarded = outer or handler is not None
        if body is not None:
            self.enter("try", body)
        if handler is not None:
            self._catch(handler)
        self.guarded = outer
        if finalizer is not None:
            self.enter("finally", finalizer)
        return calls

    def _catch(self, node: Node) -> None:
        span = self.span(node)
        self.blocks.append(Block("except", self.block, self.function, span))
        outer, self.block = self.block, len(self.blocks) - 1
        parameter, body = node.child_by_field_name("parameter"), node.child_by_field_name("body")
        if parameter is not None:
            self.bind(parameter, Other("exception", (), span), self.span(parameter), declares=True)
        if body is not None:
            self.statements_of(body.named_children)
        self.block = outer

    def _switch(self, node: Node) -> int:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        subject = self.compared(value) if value is not None else None
        calls = len(self.calls)
        for case in body.named_children if body is not None else ():
            if case.type not in ("switch_case", "switch_default"):
                continue
            tested = case.child_by_field_name("value")
            if tested is not None:
                self.with_role("compare", "", tested)
            self.blocks.append(Block("case", self.block, self.function, self.span(case), subject))
            outer, self.block = self.block, len(self.blocks) - 1
            self.statements_of(case.children_by_field_name("body"))
            self.block = outer
        return calls

    def _return(self, node: Node) -> None:
        value = first_part(node)
        given = self.value("return", None, value) if value is not None else None
        self.returns.append(Return(given, self.function, self.block, self.span(node)))

    def _throw(self, node: Node) -> None:
        value = first_part(node)
        given = self.with_role("error", "", value) if value is not None else None
        self.raises.append(Raise(given, self.function, self.block, self.span(node)))

    def _block(self, node: Node) -> None:
        self.statements_of(node.named_children)

    def _labeled(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is not None:
            self.statement(body)

    # --- what only TypeScript has -------------------------------------------------------------------------------

    def _namespace(self, node: Node) -> None:
        """A namespace: its variables are taken for those around it, and it for a map of those that it exports."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        fields: list[Field] = []
        for child in body.named_children if body is not None else ():
            is_export = child.type == "export_statement"
            declared = child.child_by_field_name("declaration") if is_export else child
            if declared is None:
                continue
            self.statement(declared)
            for item in declared_names(declared) if is_export else ():
                at = self.span(item)
                fields.append(Field(Const(self.text(item), at), Name(self.text(item), at)))
        if name is not None and name.type == "identifier" and fields:
            self.bind(name, Object(tuple(fields), self.span(node)), self.span(node), declares=True)

    def _enum(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        fields: list[Field] = []
        following: int | None = 0
        for child in body.named_children:
            key, value = child, None
            if child.type == "enum_assignment":
                key, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if key is None or key.type == "comment":
                continue
            span = self.span(child)
            if value is not None:
                given = self.x(value)
            else:
                given = Const(following, span) if following is not None else Other("enum", (), span)
            last = given.value if isinstance(given, Const) else None
            following = last + 1 if isinstance(last, int) and not isinstance(last, bool) else None
            fields.append(Field(self.key(key), given))
        self.bind(name, Object(tuple(fields), self.span(node)), self.span(node), declares=True)


def _iterated_object(call: Call) -> tuple[str, Expression | None]:
    """What a call of ``Object.entries`` or ``x.entries`` and the like goes through, and which of them it is."""
    callee = call.callee
    if not isinstance(callee, Member) or callee.name not in ("entries", "values", "keys"):
        return "", None
    first = call.positional(0)
    if isinstance(callee.base, Name) and callee.base.id == "Object":
        return callee.name, first
    return callee.name, callee.base if first is None else None


_EMPTY = Statement("other", 0, 0, Span("", 1, 1, 1, 1), 0, 0, 0)
_WITH_BLOCKS = frozenset(("if", "loop", "try", "case"))
_DECLARATIONS = frozenset(("variable_declaration", "lexical_declaration", "using_declaration"))

_PASSED_OVER = frozenset(
    (
        "comment",
        "hash_bang_line",
        "html_comment",
        "empty_statement",
        "break_statement",
        "continue_statement",
        "debugger_statement",
        "interface_declaration",
        "type_alias_declaration",
        "ambient_declaration",
        "function_signature",
        "statement_identifier",
        "type_annotation",
        "type_arguments",
        "type_parameters",
    )
)

_STATEMENTS: dict[str, tuple[Callable[[_Reader, Node], int | None], str]] = {
    "expression_statement": (_Reader._expression_statement, ""),
    "variable_declaration": (_Reader._declaration, ""),
    "lexical_declaration": (_Reader._declaration, ""),
    "using_declaration": (_Reader._declaration, ""),
    "function_declaration": (_Reader._function_declaration, ""),
    "generator_function_declaration": (_Reader._function_declaration, ""),
    "class_declaration": (_Reader._class_declaration, ""),
    "abstract_class_declaration": (_Reader._class_declaration, ""),
    "statement_block": (_Reader._block, ""),
    "if_statement": (_Reader._if, "if"),
    "for_statement": (_Reader._for, "loop"),
    "for_in_statement": (_Reader._for_in, "loop"),
    "while_statement": (_Reader._while, "loop"),
    "do_statement": (_Reader._while, "loop"),
    "try_statement": (_Reader._try, "try"),
    "switch_statement": (_Reader._switch, "case"),
    "return_statement": (_Reader._return, "return"),
    "throw_statement": (_Reader._throw, "raise"),
    "labeled_statement": (_Reader._labeled, ""),
    "import_statement": (_Reader._import, ""),
    "import_alias": (_Reader._import_alias, ""),
    "export_statement": (_Reader._export_statement, ""),
    "enum_declaration": (_Reader._enum, ""),
    "internal_module": (_Reader._namespace, ""),
    "module": (_Reader._namespace, ""),
}
