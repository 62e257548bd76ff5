"""JavaScript and TypeScript, read with tree-sitter in one walk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import structs

from lambdalint.code.facts import (
    MODULE,
    Argument,
    Binding,
    Block,
    Call,
    Choice,
    Closure,
    Const,
    Definition,
    Each,
    Expression,
    Field,
    Import,
    Item,
    Member,
    Module,
    Name,
    Object,
    Other,
    Parameter,
    Raise,
    Result,
    Return,
    Statement,
    Write,
    unreadable,
)
from lambdalint.code.javascript_expressions import FUNCTIONS, ExpressionReader, Node, Placer, Scope
from lambdalint.source import Problem, Source, Span

JAVASCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx")
TYPESCRIPT_SUFFIXES = (".ts", ".mts", ".cts", ".tsx")

MAX_DEPTH = 1_200
MIN_STEPS = 500
BYTES_A_STEP = 20
"""How far the parser reports on its work: 24,000 public files took one report for every 45 bytes or more."""
CHUNK = 65_536

MINIFIED_LINE = 5_000
MINIFIED_AVERAGE = 300

_NEWER_SYNTAX = re.compile(
    r"\busing\s+\w|\baccessor\b|\bimport\s+(defer|source)\b|\benum\b|@\w+|<!--|-->|\btypeof\s+import\b|\btype\s*,"
)
"""What the lines of an error may hold that the grammars don't know although it is right."""

_OPEN_MESSAGE = "unexpected end of file: something that was opened is not closed"


def read_javascript(source: Source, *, place: Placer | None = None, substituted: bool = False) -> Module:
    """The facts of a file in JavaScript or TypeScript. Never raises.

    ``place`` maps lines and columns (both from 1, end exclusive) to spans where the code is part of another file.
    ``substituted``: the code went through ``Fn::Sub``, so that ``${Name}`` stands for something in the template.
    """
    text = re.sub(r"\r(?!\n)", "\n", source.text) if "\r" in source.text else source.text
    if substituted:
        text = re.sub(r"\$\{!", "${ ", text)
        text = re.sub(r"\$\{(\w+)::(\w+)\}", r"${\1__\2}", text)
    data = text.encode("utf-8", "replace")
    suffix = source.path[source.path.rfind(".") :].lower() if "." in source.path else ""
    name = (suffix in (".ts", ".mts", ".cts") and "typescript") or ((suffix == ".tsx" and "tsx") or "javascript")
    tree = _parse(name, data)
    if tree is not None and tree.root_node.has_error and name != "tsx":
        other = _parse("tsx", data)
        tree = other if other is not None and not other.root_node.has_error else tree
    if tree is None or _is_deep(tree):
        return unreadable(source.path, "javascript", None)
    reader = _Reader(source, data, place, substituted)
    try:
        module = reader.read(tree.root_node)
    except RecursionError:
        return unreadable(source.path, "javascript", None)
    if tree.root_node.has_error and not (substituted and "${" in source.text):
        problem = _problem(reader, tree.root_node)
        return structs.replace(module, problem=problem) if problem is not None else module
    return module


def is_minified(text: str) -> bool:
    """Whether code is a bundle that nobody edits: few lines, and very long ones."""
    lines = text.count("\n") + 1
    if len(text) > MINIFIED_LINE and len(text) / lines > MINIFIED_AVERAGE:
        return True
    return any(len(line) > 4 * MINIFIED_LINE for line in text.split("\n")) and len(text) / lines > MINIFIED_AVERAGE / 3


def _parse(name: str, data: bytes) -> Any:
    """The tree of some code; None where recovering from errors takes the parser more work than any code is worth.

    Work is counted, not timed, so that the same code is always read in the same way.
    """
    parser = _parser(name)
    steps = 0
    allowed = MIN_STEPS + len(data) // BYTES_A_STEP

    def go_on_or_stop(*_: object) -> bool:
        nonlocal steps
        steps += 1
        return steps > allowed

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + CHUNK]

    try:
        return parser.parse(read, encoding="utf8", progress_callback=go_on_or_stop)
    except (ValueError, RecursionError, MemoryError):
        parser.reset()
        return None


@lru_cache(maxsize=3)
def _parser(name: str) -> Any:
    from tree_sitter import Language, Parser

    if name == "javascript":
        import tree_sitter_javascript

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript

    made = tree_sitter_typescript.language_tsx() if name == "tsx" else tree_sitter_typescript.language_typescript()
    return Parser(Language(made))


def _is_deep(tree: Any) -> bool:
    """Whether a tree is nested too deeply to be walked."""
    cursor = tree.walk()
    depth = 0
    while True:
        if cursor.goto_first_child():
            depth += 1
            if depth > MAX_DEPTH:
                return True
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            depth -= 1


def _problem(reader: ExpressionReader, root: Node) -> Problem | None:
    """The first thing that can't be parsed, or None where the grammar may be what is wrong."""
    lines = reader.source.lines
    node = root
    while True:
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None or (node.type == "ERROR" and inner.type != "ERROR" and not inner.is_missing):
            break
        node = inner
    if node is root:
        return None
    row = node.start_point[0]
    if any(_NEWER_SYNTAX.search(line) for line in lines[max(row - 2, 0) : row + 2]):
        return None
    if node.is_missing:
        return Problem(f"missing `{node.type}`", reader.span(node))
    if node.end_point[0] - row > 1:
        end = node.end_point
        return Problem(_OPEN_MESSAGE, reader.between(end, end))
    first = next(iter(node.children), node)
    found = reader.text(first).split("\n")[0][:40]
    return Problem(f"unexpected `{found}`" if found else "invalid syntax", reader.span(first))


class _Reader(ExpressionReader):
    """Statements, definitions and patterns; expressions are the base's."""

    def read(self, root: Node) -> Module:
        whole = self.span(root)
        lines = self.source.lines
        if self.place is None:
            whole = Span("", 1, 1, len(lines), len(lines[-1]) + 1)
        self.blocks.append(Block("body", -1, MODULE, whole))
        self._body_start = [self.between((0, 0), (0, 0))]
        self._body_block = [0]
        self._statements(root.named_children, directives=True)
        start = Span(whole.path, whole.line, whole.column, whole.line, whole.column)
        self.definitions[0] = Definition("", "module", -1, (), (), (), start, whole, frozenset(self.scope.names))
        self._settle_owners()
        return Module(
            self.source.path,
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
            name = self.bindings[index].name
            scope: Scope | None = start
            while scope is not None and (scope.kind == "class" or name not in scope.names):
                scope = scope.parent
            self.bindings[index] = structs.replace(
                self.bindings[index], owner=scope.index if scope is not None else MODULE
            )

    # --- statements ---------------------------------------------------------------------------------------------

    def _statements(self, nodes: Sequence[Node], directives: bool = False) -> None:
        for node in nodes:
            if directives and node.type == "expression_statement":
                only = node.named_children[0] if node.named_child_count == 1 else None
                if only is not None and only.type == "string":
                    continue
            directives = directives and node.type in ("comment", "hash_bang_line", "expression_statement")
            self._statement(node)

    def _statement(self, node: Node) -> None:
        kind = _STATEMENT_KINDS.get(node.type)
        method = _STATEMENTS.get(node.type)
        if method is None:
            if node.type == "ERROR" or node.type not in _PASSED_OVER:
                for child in node.named_children:
                    self._statement(child) if child.type in _STATEMENTS else self.x(child)
            return
        if kind is None or (kind in ("assign", "call") and self._is_definition(node)):
            method(self, node)
            return
        first_call, slot, block = len(self.calls), len(self.statements), self.block
        definitions = len(self.definitions)
        self.statements.append(_EMPTY)
        header_calls = method(self, node)
        body = next((child for child in (node.child_by_field_name(name) for name in _BODIES) if child), None)
        start, end = node.start_point[0], node.end_point[0]
        lines = end - start + 1
        literal = 0
        if kind in ("if", "loop", "try", "case"):
            first = body.named_children[0] if body is not None and body.named_child_count else body
            lines = max(1, (first.start_point[0] if first is not None else end) - start)
        else:
            lines -= self._lines_of_functions(definitions)
            literal = min(_literal_lines(node), max(0, lines - 1))
        self.statements[slot] = Statement(
            "assign" if kind == "call" and self._assigns(node) else kind,
            self.function,
            block,
            self.span(node),
            first_call,
            header_calls if header_calls is not None else len(self.calls),
            max(lines, 1),
            literal,
        )

    def _lines_of_functions(self, since: int) -> int:
        """The lines within the functions that a statement holds, outermost ones only."""
        total, end = 0, (0, 0)
        for item in self.definitions[since:]:
            if item is not None and (item.body.line, item.body.column) >= end:
                total += max(0, item.body.end_line - item.body.line)
                end = (item.body.end_line, item.body.end_column)
        return total

    def _is_definition(self, node: Node) -> bool:
        """Whether a statement only gives a name to a function or class."""
        for child in node.named_children:
            value = None
            if child.type == "variable_declarator":
                value = child.child_by_field_name("value")
            elif child.type == "assignment_expression":
                value = child.child_by_field_name("right")
            if value is None or self.inner(value).type not in FUNCTIONS:
                return False
        return bool(node.named_child_count)

    def _assigns(self, node: Node) -> bool:
        only = node.named_children[0] if node.named_child_count else None
        return only is not None and str(only.type) in ("assignment_expression", "augmented_assignment_expression")

    def _enter(self, kind: str, node: Node, test: Expression | None = None) -> None:
        """Reads a statement, or a block of them, as a block of its own."""
        self.blocks.append(Block(kind, self.block, self.function, self.span(node), test))
        outer, self.block = self.block, len(self.blocks) - 1
        if node.type == "statement_block":
            self._statements(node.named_children)
        elif node.type in ("else_clause", "finally_clause"):
            for child in node.named_children:
                if child.type == "statement_block":
                    self._statements(child.named_children)
                else:
                    self._statement(child)
        else:
            self._statement(node)
        self.block = outer

    def _expression_statement(self, node: Node) -> None:
        for child in node.named_children:
            if child.type in _STATEMENTS:
                self._statement(child)
                continue
            inner = self.inner(child)
            value = self.x(inner)
            if isinstance(value, Result) and inner.type in _CALLS:
                self.calls[value.call] = structs.replace(self.calls[value.call], dropped=True)

    def _declaration(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "variable_declarator":
                self._declarator(child)

    def _declarator(self, node: Node) -> None:
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is None:
            return
        if value is None:
            for name in _names_in(target):
                self.scope.names.add(self.text(name))
            return
        span = self.span(node)
        if self.is_environment(value):
            if target.type == "identifier":
                self.scope.names.add(self.text(target))
                self.scope.aliases.add(self.text(target))
                return
            if target.type == "object_pattern":
                self._bind_environment(target, span)
                return
        label = self.text(target) if target.type == "identifier" else ""
        at = self.span(target) if label else None
        given = self.value(label, at, value)
        self.bind(target, given, span, declares=True)
        self._note_import(target, value)

    def _note_import(self, target: Node, value: Node) -> None:
        """Remembers what ``require`` gives, so that callees are told by their modules."""
        value = self.inner(value)
        if value.type != "call_expression" or not self.imports or self.imports[-1].system != "commonjs":
            return
        function = value.child_by_field_name("function")
        if function is None or function.type != "identifier" or self.text(function) != "require":
            return
        module = self.imports[-1].module
        if target.type == "identifier":
            self.callees[self.text(target)] = module
        elif target.type == "object_pattern":
            for child in target.named_children:
                if child.type == "shorthand_property_identifier_pattern":
                    self.callees[self.text(child)] = f"{module}.{self.text(child)}"

    def _if(self, node: Node) -> int:
        condition = node.child_by_field_name("condition")
        test = self.tested(condition) if condition is not None else None
        calls = len(self.calls)
        is_main = condition is not None and "require.main" in self.text(condition) and "module" in self.text(condition)
        consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if consequence is not None:
            self._enter("main" if is_main else "then", consequence, test)
        if alternative is not None:
            self._enter("else", alternative, test)
        return calls

    def _for(self, node: Node) -> int:
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            self._statement(initializer) if initializer.type in _STATEMENTS else self.x(initializer)
        condition = node.child_by_field_name("condition")
        test = (
            self.tested(condition.named_children[0] if condition.type == "expression_statement" else condition)
            if (condition is not None and (condition.type != "expression_statement" or condition.named_child_count))
            else None
        )
        increment = node.child_by_field_name("increment")
        if increment is not None:
            self.x(increment)
        return self._loop(node, test)

    def _for_in(self, node: Node) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        iterated = self.x(right)
        calls = len(self.calls)
        if left is not None:
            span = self.span(left)
            keys = operator is not None and operator.type == "in"
            declares = node.child_by_field_name("kind") is not None
            self._bind_each(left, iterated, span, keys, declares)
        if any(child.type == "await" for child in node.children):
            self.scope.awaits = True
        self._loop(node, iterated)
        return calls

    def _bind_each(self, target: Node, iterated: Expression, span: Span, keys: bool, declares: bool) -> None:
        """Binds a loop's target to the elements of what is iterated over, through ``Object.entries`` and the like."""
        if isinstance(iterated, Result) and not keys:
            call = self.calls[iterated.call]
            callee, first = call.callee, call.positional(0)
            name = callee.name if isinstance(callee, Member) else ""
            owner = callee.base.id if isinstance(callee, Member) and isinstance(callee.base, Name) else ""
            base = first if owner == "Object" else callee.base if isinstance(callee, Member) and first is None else None
            if base is not None and name in ("entries", "values", "keys"):
                if name == "entries" and target.type == "array_pattern" and target.named_child_count == 2:
                    first_target, second_target = target.named_children
                    self.bind(first_target, Each(base, span, True), span, declares)
                    self.bind(second_target, Each(base, span), span, declares)
                    return
                if name != "entries":
                    self.bind(target, Each(base, span, name == "keys"), span, declares)
                    return
        self.bind(target, Each(iterated, span, keys), span, declares)

    def _loop(self, node: Node, test: Expression | None) -> int:
        calls = len(self.calls)
        body = node.child_by_field_name("body")
        if body is not None:
            self._enter("loop", body, test)
        return calls

    def _while(self, node: Node) -> int:
        condition = node.child_by_field_name("condition")
        test = self.tested(condition) if condition is not None else None
        return self._loop(node, test)

    def _try(self, node: Node) -> int:
        calls = len(self.calls)
        body = node.child_by_field_name("body")
        handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        outer = self.guarded
        self.guarded = self.guarded or handler is not None
        if body is not None:
            self._enter("try", body)
        self.guarded = outer
        if handler is not None:
            span = self.span(handler)
            self.blocks.append(Block("except", self.block, self.function, span))
            outer_block, self.block = self.block, len(self.blocks) - 1
            parameter = handler.child_by_field_name("parameter")
            if parameter is not None:
                self.bind(parameter, Other("exception", (), span), self.span(parameter), declares=True)
            was, self.guarded = self.guarded, True
            caught = handler.child_by_field_name("body")
            if caught is not None:
                self._statements(caught.named_children)
            self.guarded, self.block = was, outer_block
        if finalizer is not None:
            self._enter("finally", finalizer)
        return calls

    def _switch(self, node: Node) -> int:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        subject = self._compared(value) if value is not None else None
        calls = len(self.calls)
        for case in body.named_children if body is not None else ():
            if case.type not in ("switch_case", "switch_default"):
                continue
            tested = case.child_by_field_name("value")
            if tested is not None:
                self.with_role("compare", "", tested)
            self.blocks.append(Block("case", self.block, self.function, self.span(case), subject))
            outer, self.block = self.block, len(self.blocks) - 1
            self._statements(case.children_by_field_name("body"))
            self.block = outer
        return calls

    def _return(self, node: Node) -> None:
        value = next((child for child in node.named_children if child.type != "comment"), None)
        given = self.value("return", None, value) if value is not None else None
        self.returns.append(Return(given, self.function, self.block, self.span(node)))

    def _throw(self, node: Node) -> None:
        value = next((child for child in node.named_children if child.type != "comment"), None)
        given = self.with_role("error", "", value) if value is not None else None
        self.raises.append(Raise(given, self.function, self.block, self.span(node)))

    def _block(self, node: Node) -> None:
        self._statements(node.named_children)

    def _labeled(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is not None:
            self._statement(body)

    def _namespace(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is not None:
            for child in body.named_children:
                declared = child.child_by_field_name("declaration") if child.type == "export_statement" else child
                if declared is not None:
                    self._statement(declared)

    def _enum(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        fields: list[Field] = []
        for child in body.named_children:
            key = child.child_by_field_name("name") if child.type == "enum_assignment" else child
            value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
            if key is not None and key.type != "comment":
                known = self.key(key)
                fields.append(Field(known, self.x(value) if value is not None else Other("enum", (), self.span(child))))
        self.bind(name, Object(tuple(fields), self.span(node)), self.span(node), declares=True)

    # --- modules ------------------------------------------------------------------------------------------------

    def _import(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        type_only = any(child.type in ("type", "typeof") for child in node.children)
        clause = next((child for child in node.named_children if child.type == "import_clause"), None)
        required = next((child for child in node.named_children if child.type == "import_require_clause"), None)
        if required is not None:
            self._import_require(required)
            return
        if source is None:
            return
        module = self.string_text(source)
        if clause is None:
            self._import_name("", module, "", self.span(node), type_only)
            return
        for child in clause.named_children:
            if child.type == "identifier":
                self._import_name(self.text(child), module, "default", self.span(child), type_only)
            elif child.type == "namespace_import":
                self._import_name(self.text(child.named_children[-1]), module, "", self.span(child), type_only)
            elif child.type == "named_imports":
                for item in child.named_children:
                    name = item.child_by_field_name("name")
                    if name is None:
                        continue
                    alias = item.child_by_field_name("alias") or name
                    only = type_only or any(part.type in ("type", "typeof") for part in item.children)
                    symbol = self.string_text(name) if name.type == "string" else self.text(name)
                    self._import_name(self.text(alias), module, symbol, self.span(item), only)

    def _import_require(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        name = next((child for child in node.named_children if child.type == "identifier"), None)
        if source is None or name is None:
            return
        module, span = self.string_text(source), self.span(node)
        self._import_name("", module, "", span, False, "commonjs")
        argument = Argument("", Const(module, self.span(source)))
        self.calls.append(Call(Name("require", span), (argument,), span, self.function, self.block))
        self.callees[self.text(name)] = module
        self.bind(name, Result(len(self.calls) - 1, span), span, declares=True)

    def _import_name(
        self, name: str, module: str, symbol: str, span: Span, type_only: bool, system: str = "es"
    ) -> None:
        if name:
            self.scope.names.add(name)
            if module in ("process", "node:process") and symbol == "env":
                self.scope.aliases.add(name)
            path = f"{module}.{symbol}" if symbol not in ("", "default") else module
            self.callees[name] = path.removeprefix("node:")
        self.imports.append(Import(name, module, symbol, 0, span, self.function, self.guarded, type_only, system))

    def _export_statement(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        is_default = any(child.type == "default" for child in node.children)
        span = self.span(node)
        if any(child.type == "type" for child in node.children) and declaration is None and not is_default:
            return
        if source is not None:
            self._export_from(node, self.string_text(source), span)
        elif declaration is not None:
            self._export_declaration(node, declaration, is_default, span)
        elif value is not None and is_default:
            given = self.value("default", None, value)
            self._export("default", given, "", "", "es", self._named_at(given, span))
        elif any(child.type == "=" for child in node.children):
            inner = next((child for child in node.named_children if child.type != "comment"), None)
            if inner is not None:
                self._export_whole(self.x(inner), span)
        else:
            for item in _specifiers(node):
                name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                if name is not None and not any(part.type == "type" for part in item.children):
                    at = self.span(item)
                    shown = self._export_name(alias or name)
                    self._export(shown, Name(self.text(name), at), "", "", "es", at)

    def _export_name(self, node: Node) -> str:
        return self.string_text(node) if node.type == "string" else self.text(node)

    def _named_at(self, value: Expression, span: Span) -> Span:
        if isinstance(value, Closure):
            definition = self.definitions[value.definition]
            return definition.span if definition is not None else span
        return value.span

    def _export_from(self, node: Node, module: str, span: Span) -> None:
        self._import_name("", module, "", span, False)
        namespace = next((child for child in node.named_children if child.type == "namespace_export"), None)
        if namespace is not None:
            self._export(self._export_name(namespace.named_children[-1]), None, module, "", "es", span)
            return
        clause = next((child for child in node.named_children if child.type == "export_clause"), None)
        if clause is None:
            self._export("*", None, module, "*", "es", span)
            return
        for item in _specifiers(node):
            name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
            if name is not None:
                shown = self._export_name(alias or name)
                self._export(shown, None, module, self._export_name(name), "es", self.span(item))

    def _export_declaration(self, node: Node, declaration: Node, is_default: bool, span: Span) -> None:
        for child in node.named_children:
            if child.type == "decorator":
                self.with_role("decorator", "", child)
        name = declaration.child_by_field_name("name")
        if is_default:
            if name is not None:
                self._statement(declaration)
                self._export("default", Name(self.text(name), self.span(name)), "", "", "es", self.span(name))
            else:
                given = self.function_value(declaration, "default", None)
                self._export("default", given, "", "", "es", self._named_at(given, span))
            return
        self._statement(declaration)
        if declaration.type in ("interface_declaration", "type_alias_declaration", "ambient_declaration"):
            return
        if declaration.type in ("lexical_declaration", "variable_declaration"):
            for child in declaration.named_children:
                target = child.child_by_field_name("name") if child.type == "variable_declarator" else None
                for item in _names_in(target) if target is not None else ():
                    at = self.span(item)
                    self._export(self.text(item), Name(self.text(item), at), "", "", "es", at)
        elif name is not None:
            self._export(self.text(name), Name(self.text(name), self.span(name)), "", "", "es", self.span(name))

    def _export_whole(self, value: Expression, span: Span) -> None:
        """``module.exports = …``, through what bundlers and compilers write there."""
        if isinstance(value, Result):
            call = self.calls[value.call]
            first = call.positional(0)
            if isinstance(call.callee, Name) and call.callee.id == "__toCommonJS" and isinstance(first, Name):
                table = self.tables.get(first.id)
                if table is not None:
                    self._export_fields(table, span)
                    return
        self._export("", value, "", "", "commonjs", span)

    # --- definitions --------------------------------------------------------------------------------------------

    def _function_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is None:
            self.function_value(node, "", None)
            return
        closure = self.function_value(node, self.text(name), self.span(name))
        self.scope.names.add(self.text(name))
        start = self._body_start[-1]
        value = Closure(closure.definition, start) if isinstance(closure, Closure) else closure
        block = self._body_block[-1]
        self.bindings.append(Binding(self.text(name), value, self.scope.index, self.function, block, start))

    def _class_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        given = self.function_value(node, self.text(name) if name is not None else "", None)
        if name is not None:
            self.bind(name, given, self.span(name), declares=True)

    def function_value(self, node: Node, name: str, at: Span | None) -> Expression:
        own = node.child_by_field_name("name")
        if own is not None and node.type not in ("method_definition", "public_field_definition"):
            name, at = name or self.text(own), at if name else self.span(own)
        if node.type in ("class", "class_declaration", "abstract_class_declaration"):
            return self._class(node, name, at)
        return self._function_value(node, name, at, ())

    def _function_value(self, node: Node, name: str, at: Span | None, decorators: tuple[Expression, ...]) -> Expression:
        span = self.span(node)
        index = len(self.definitions)
        self.definitions.append(None)
        types = {child.type for child in node.children}
        outer = (self.scope, self.function, self.block, self.guarded, self.role, self.label, self.callee)
        self.scope = Scope(index, "function", self.scope)
        self.function = index
        self.blocks.append(Block("body", outer[2], index, span))
        self.block = len(self.blocks) - 1
        self.role, self.label, self.callee = "value", "", ""
        self.guarded = False
        body = node.child_by_field_name("body")
        start_point = body.start_point if body is not None else node.end_point
        if body is not None and body.type == "statement_block":
            start_point = (start_point[0], start_point[1] + 1)
        start = self.between(start_point, start_point)
        self._body_start.append(start)
        self._body_block.append(self.block)
        parameters = self._parameters(node, start)
        own = node.child_by_field_name("name")
        if own is not None and node.type in ("function_expression", "generator_function"):
            self.scope.names.add(self.text(own))
            closure = Closure(index, start)
            self.bindings.append(Binding(self.text(own), closure, index, index, self.block, start))
        if body is not None and body.type == "statement_block":
            self._statements(body.named_children, directives=True)
        elif body is not None:
            inner = self.inner(body)
            value = self.value("return", None, inner)
            self.returns.append(Return(value, index, self.block, self.span(inner)))
        self._body_start.pop()
        self._body_block.pop()
        scope = self.scope
        self.scope, self.function, self.block, self.guarded, self.role, self.label, self.callee = outer
        self.definitions[index] = Definition(
            name,
            "function" if name else "lambda",
            self.scope.index,
            parameters,
            decorators,
            (),
            at if at is not None else self.between(node.start_point, start_point) if body is not None else span,
            span,
            frozenset(scope.names),
            "async" in types,
            "*" in types or scope.is_generator,
            is_arrow=node.type == "arrow_function",
            awaits=scope.awaits,
        )
        return Closure(index, span)

    def _parameters(self, node: Node, start: Span) -> tuple[Parameter, ...]:
        single = node.child_by_field_name("parameter")
        listed = node.child_by_field_name("parameters")
        nodes = [single] if single is not None else listed.named_children if listed is not None else []
        found: list[Parameter] = []
        for item in nodes:
            if item.type in ("comment", "decorator"):
                continue
            default, kind, target, is_property = None, "positional", item, False
            if item.type in ("required_parameter", "optional_parameter"):
                is_property = any(child.type in ("accessibility_modifier", "readonly") for child in item.children)
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
            span = self.span(item)
            name = self.text(target) if target.type == "identifier" else f"\0{len(found)}"
            given = self.with_role("default", name, default) if default is not None else None
            self.scope.names.add(name)
            found.append(Parameter(name, kind, given, span))
            if target.type != "identifier":
                self.bind(target, Name(name, start), start, declares=True)
            elif is_property:
                base = Name("this", start)
                self.bindings.append(Binding(name, Name(name, start), -1, self.function, self.block, start, base))
        return tuple(found)

    def _class(self, node: Node, name: str, at: Span | None) -> Expression:
        span = self.span(node)
        decorators = tuple(self._decorator(child) for child in node.children if child.type == "decorator")
        heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
        bases: list[Expression] = []
        for child in heritage.named_children if heritage is not None else ():
            if child.type == "extends_clause":
                value = child.child_by_field_name("value")
                if value is not None:
                    bases.append(self.x(value))
            elif child.type != "implements_clause":
                bases.append(self.x(child))
        index = len(self.definitions)
        self.definitions.append(None)
        own = node.child_by_field_name("name")
        outer = (self.scope, self.function, self.block)
        self.scope = Scope(index, "class", self.scope)
        self.function = index
        self.blocks.append(Block("body", outer[2], index, span))
        self.block = len(self.blocks) - 1
        start = self.span(own) if own is not None else self.between(node.start_point, node.start_point)
        self._body_start.append(start)
        self._body_block.append(self.block)
        body = node.child_by_field_name("body")
        pending: list[Expression] = []
        for child in body.named_children if body is not None else ():
            if child.type == "decorator":
                pending.append(self._decorator(child))
                continue
            self._class_member(child, (*pending, *self._own_decorators(child)))
            if child.type != "comment":
                pending = []
        self._body_start.pop()
        self._body_block.pop()
        names = frozenset(self.scope.names)
        self.scope, self.function, self.block = outer
        self.definitions[index] = Definition(
            name, "class", self.scope.index, (), decorators, tuple(bases), at if at is not None else start, span, names
        )
        return Closure(index, span)

    def _decorator(self, node: Node) -> Expression:
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        return self.with_role("decorator", "", inner) if inner is not None else Other("", (), self.span(node))

    def _own_decorators(self, node: Node) -> Iterator[Expression]:
        for child in node.children:
            if child.type == "decorator":
                yield self._decorator(child)

    def _class_member(self, node: Node, decorators: tuple[Expression, ...]) -> None:
        if node.type == "class_static_block":
            body = node.child_by_field_name("body")
            if body is not None:
                self._enter("static", body)
            return
        if node.type not in ("method_definition", "field_definition", "public_field_definition"):
            return
        key = node.child_by_field_name("name") or node.child_by_field_name("property")
        if key is None:
            return
        known = self.key(key)
        name = str(known.value) if isinstance(known, Const) else ""
        at = self.span(key)
        kinds = {child.type for child in node.children}
        marks = tuple(
            Name(mark, at) for kind, mark in (("static", "staticmethod"), ("get", "property")) if kind in kinds
        )
        if node.type == "method_definition":
            value: Expression = self._function_value(node, name, at, (*decorators, *marks))
        else:
            given = node.child_by_field_name("value")
            if given is None:
                return
            inner = self.inner(given)
            if inner.type in ("arrow_function", "function_expression"):
                value = self._function_value(inner, name, at, (*decorators, *marks))
            elif "static" in kinds:
                self.blocks.append(Block("static", self.block, self.function, self.span(node)))
                outer, self.block = self.block, len(self.blocks) - 1
                value = self.value(name, at, given)
                self.block = outer
            else:
                value = self.value(name, at, given)
        if name and "set" not in kinds:
            self.scope.names.add(name)
            self.bindings.append(Binding(name, value, self.scope.index, self.function, self.block, at))

    # --- patterns -----------------------------------------------------------------------------------------------

    def bind(self, target: Node, value: Expression, span: Span, declares: bool, augmented: bool = False) -> None:
        kind = target.type
        if kind in ("identifier", "type_identifier", "shorthand_property_identifier_pattern"):
            self._bind_name(self.text(target), value, span, declares, augmented)
        elif kind in ("object_pattern", "object"):
            self._bind_object(target, value, span, declares)
        elif kind in ("array_pattern", "array"):
            position = 0
            for child in target.children:
                if child.type == ",":
                    position += 1
                elif child.type in ("rest_pattern", "spread_element"):
                    self.bind(child.named_children[-1], Other("rest", (value,), span), span, declares)
                elif child.is_named and child.type != "comment":
                    self.bind(child, Item(value, Const(position, self.span(child)), span), span, declares)
        elif kind in ("assignment_pattern", "object_assignment_pattern", "assignment_expression"):
            left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
            if left is not None and right is not None:
                given = self.with_role("default", self.text(left), right)
                self.bind(left, Choice((value, given), span), span, declares)
        elif kind in ("rest_pattern", "spread_element") and target.named_children:
            self.bind(target.named_children[-1], Other("rest", (value,), span), span, declares)
        elif kind in ("member_expression", "subscript_expression"):
            self._bind_member(target, value, span, augmented)
        elif kind in ("non_null_expression", "parenthesized_expression", "as_expression") and target.named_children:
            self.bind(target.named_children[0], value, span, declares, augmented)

    def _bind_name(self, name: str, value: Expression, span: Span, declares: bool, augmented: bool) -> None:
        if declares:
            self.scope.names.add(name)
        else:
            self.unowned.append((len(self.bindings), self.scope))
        self.bindings.append(
            Binding(name, value, self.scope.index, self.function, self.block, span, augmented=augmented)
        )

    def _bind_object(self, target: Node, value: Expression, span: Span, declares: bool) -> None:
        for child in target.named_children:
            if child.type in ("shorthand_property_identifier_pattern", "shorthand_property_identifier"):
                name = self.text(child)
                self._bind_name(name, Member(value, name, self.span(child)), span, declares, False)
            elif child.type in ("pair_pattern", "pair"):
                key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and inner is not None:
                    self.bind(inner, self._part(value, key), span, declares)
            elif child.type == "object_assignment_pattern":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    name = self.text(left)
                    given = self.with_role("default", name, right)
                    part = Member(value, name, self.span(left))
                    self._bind_name(name, Choice((part, given), span), span, declares, False)
            elif child.type in ("rest_pattern", "spread_element") and child.named_children:
                self.bind(child.named_children[-1], Other("rest", (value,), span), span, declares)

    def _part(self, value: Expression, key: Node) -> Expression:
        name, span = self.key(key), self.span(key)
        if isinstance(name, Const) and isinstance(name.value, str):
            return Member(value, name.value, span)
        return Item(value, name, span)

    def _bind_environment(self, target: Node, span: Span) -> None:
        """``const { A, B: b = "x" } = process.env``."""
        for child in target.named_children:
            key, inner, default = child, child, None
            if child.type == "pair_pattern":
                key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
                if inner is not None and inner.type == "assignment_pattern":
                    inner, default = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            elif child.type == "object_assignment_pattern":
                key = inner = child.child_by_field_name("left")
                default = child.child_by_field_name("right")
            elif child.type != "shorthand_property_identifier_pattern":
                if child.type == "rest_pattern" and child.named_children:
                    self.bind(child.named_children[-1], Other("rest", (), span), span, declares=True)
                continue
            if key is None or inner is None:
                continue
            name = Const(self.text(key), self.span(key)) if key is inner else self.key(key)
            given = self.with_role("default", self.text(inner), default) if default is not None else None
            at = self.span(key)
            read = self.environment(name, "default" if given is not None else "required", given, at)
            self.bind(inner, read, span, declares=True)

    def _bind_member(self, target: Node, value: Expression, span: Span, augmented: bool) -> None:
        base = target.child_by_field_name("object")
        if base is None:
            return
        name_node, index = target.child_by_field_name("property"), target.child_by_field_name("index")
        if name_node is not None:
            key: Expression = Const(self.text(name_node), self.span(name_node))
        else:
            key = self.with_role("key", "", index) if index is not None else Other("", (), span)
        if self.is_environment(base):
            self.writes.append(Write(key, value, self.span(target), self.function, self.block))
            return
        if self._binds_export(base, key, value, target, span):
            return
        owner = self.x(base)
        if isinstance(key, Const) and isinstance(key.value, str):
            name = key.value
            self.bindings.append(Binding(name, value, -1, self.function, self.block, span, owner, None, augmented))
            if not augmented:
                at = self.span(name_node if name_node is not None else index)
                changed = Binding("", value, -1, self.function, self.block, span, owner, Const(name, at))
                self.bindings.append(changed)
        else:
            self.bindings.append(Binding("", value, -1, self.function, self.block, span, owner, key, augmented))

    def _binds_export(self, base: Node, key: Expression, value: Expression, target: Node, span: Span) -> bool:
        """``exports.name = …``, ``module.exports.name = …`` and ``module.exports = …``."""
        text = self.text(base)
        if isinstance(value, Const) and value.value is None and text in ("exports", "module.exports"):
            return True  # what TypeScript writes first
        if text == "module" and isinstance(key, Const) and key.value == "exports":
            self._export_whole(value, span)
            return True
        if text not in ("exports", "module.exports"):
            return False
        name = target.child_by_field_name("property") or target.child_by_field_name("index")
        at = self.span(name) if name is not None else span
        if isinstance(key, Const) and isinstance(key.value, str):
            if key.value != "__esModule":
                self._export(key.value, value, "", "", "commonjs", at)
        else:
            self._export("*", value, "", "", "commonjs", at)
        return True


def _specifiers(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "export_clause":
            yield from (item for item in child.named_children if item.type == "export_specifier")


def _names_in(target: Node) -> Iterator[Node]:
    """The names that a pattern binds."""
    if target.type in ("identifier", "shorthand_property_identifier_pattern"):
        yield target
    elif target.type == "pair_pattern":
        value = target.child_by_field_name("value")
        if value is not None:
            yield from _names_in(value)
    elif target.type in ("assignment_pattern", "object_assignment_pattern"):
        left = target.child_by_field_name("left")
        if left is not None:
            yield from _names_in(left)
    elif target.type in ("object_pattern", "array_pattern", "rest_pattern"):
        for child in target.named_children:
            yield from _names_in(child)


_WITH_LITERALS = frozenset(("object", "array", "template_string", "string", "jsx_element"))


def _literal_lines(node: Node) -> int:
    """How many lines of a statement only spell out literals and arguments."""
    total = 0
    pending = [node]
    while pending:
        item = pending.pop()
        kind = item.type
        if kind in _WITH_LITERALS:
            total += item.end_point[0] - item.start_point[0]
        elif kind in ("call_expression", "new_expression"):
            arguments = item.child_by_field_name("arguments")
            function = item.child_by_field_name("function")
            if arguments is not None and not _has_function(arguments):
                total += arguments.end_point[0] - arguments.start_point[0]
            if function is not None:
                pending.append(function)
        elif kind not in FUNCTIONS:
            pending.extend(item.named_children)
    return total


def _has_function(node: Node) -> bool:
    return any(child.type in FUNCTIONS for child in node.named_children)


_CALLS = frozenset(("call_expression", "new_expression", "await_expression"))
_EMPTY = Statement("other", 0, 0, Span("", 1, 1, 1, 1), 0, 0, 0)
_BODIES = ("consequence", "body")

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
        "import_alias",
        "statement_identifier",
        "type_annotation",
    )
)

_STATEMENTS: dict[str, Callable[[_Reader, Node], int | None]] = {
    "expression_statement": _Reader._expression_statement,
    "variable_declaration": _Reader._declaration,
    "lexical_declaration": _Reader._declaration,
    "using_declaration": _Reader._declaration,
    "function_declaration": _Reader._function_declaration,
    "generator_function_declaration": _Reader._function_declaration,
    "class_declaration": _Reader._class_declaration,
    "abstract_class_declaration": _Reader._class_declaration,
    "statement_block": _Reader._block,
    "if_statement": _Reader._if,
    "for_statement": _Reader._for,
    "for_in_statement": _Reader._for_in,
    "while_statement": _Reader._while,
    "do_statement": _Reader._while,
    "try_statement": _Reader._try,
    "switch_statement": _Reader._switch,
    "return_statement": _Reader._return,
    "throw_statement": _Reader._throw,
    "labeled_statement": _Reader._labeled,
    "import_statement": _Reader._import,
    "export_statement": _Reader._export_statement,
    "enum_declaration": _Reader._enum,
    "internal_module": _Reader._namespace,
    "module": _Reader._namespace,
}

_STATEMENT_KINDS: dict[str, str] = {
    "expression_statement": "call",
    "variable_declaration": "assign",
    "lexical_declaration": "assign",
    "using_declaration": "assign",
    "if_statement": "if",
    "for_statement": "loop",
    "for_in_statement": "loop",
    "while_statement": "loop",
    "do_statement": "loop",
    "try_statement": "try",
    "switch_statement": "case",
    "return_statement": "return",
    "throw_statement": "raise",
}
