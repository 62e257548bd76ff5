"""What modules of JavaScript and TypeScript take and offer: imports, exports, and the calls that make them."""

from __future__ import annotations

from lambdalint.code.facts import (
    Argument,
    Call,
    Closure,
    Const,
    Export,
    Expression,
    Field,
    Import,
    Member,
    Name,
    Object,
    Other,
    Result,
    Return,
    Write,
)
from lambdalint.code.javascript_expressions import ExpressionReader
from lambdalint.code.javascript_syntax import FUNCTIONS, Node, declared_names, first_part, inner, specifiers
from lambdalint.source import Span

_EXPORTS = frozenset(("exports", "module.exports"))
_EXPORTING_TABLE = frozenset(("__export", "_export"))
_EXPORTING_ALL = frozenset(("__exportStar", "_export_star"))
_TYPES = frozenset(("interface_declaration", "type_alias_declaration", "ambient_declaration"))
_TYPE_ONLY = frozenset(("type", "typeof"))


class ModuleReader(ExpressionReader):
    """Imports and exports."""

    __slots__ = ("tables",)

    special = frozenset(
        (
            *_EXPORTING_TABLE,
            *_EXPORTING_ALL,
            "require",
            "import",
            "assign",
            "defineProperty",
            "defineProperties",
            "hasOwnProperty",
            "hasOwn",
            "Boolean",
        )
    )
    tables: dict[str, Object]
    """What bundlers' tables of exports are called, and what is in them."""

    def statement(self, node: Node) -> None:
        """A statement."""
        raise NotImplementedError

    # --- imports ------------------------------------------------------------------------------------------------

    def _import(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        parts = node.named_children
        required = next((child for child in parts if child.type == "import_require_clause"), None)
        if required is not None:
            self._import_require(required)
            return
        if source is None:
            return
        type_only = any(child.type in _TYPE_ONLY for child in node.children)
        clause = next((child for child in parts if child.type == "import_clause"), None)
        module = self.string_text(source)
        if clause is None:
            self._import_name("", module, "", self.span(node), type_only)
            return
        for child in clause.named_children:
            kind = child.type
            if kind == "identifier":
                self._import_name(self.text(child), module, "default", self.span(child), type_only)
            elif kind == "namespace_import":
                name = child.named_children[-1] if child.named_children else child
                self._import_name(self.text(name), module, "", self.span(child), type_only)
            elif kind == "named_imports":
                for item in child.named_children:
                    self._import_specifier(item, module, type_only)

    def _import_specifier(self, item: Node, module: str, type_only: bool) -> None:
        name = item.child_by_field_name("name")
        if name is None:
            return
        alias = item.child_by_field_name("alias")
        only = type_only or any(part.type in _TYPE_ONLY for part in item.children)
        symbol = self.shown_name(name)
        self._import_name(self.text(alias) if alias is not None else symbol, module, symbol, self.span(item), only)

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

    def _import_alias(self, node: Node) -> None:
        """``import a = b.c`` of TypeScript."""
        parts = [child for child in node.named_children if child.type != "comment"]
        if len(parts) == 2:
            self.bind(parts[0], self.x(parts[1]), self.span(node), declares=True)

    def _import_name(
        self, name: str, module: str, symbol: str, span: Span, type_only: bool, system: str = "es"
    ) -> None:
        if name:
            self.scope.names.add(name)
            if symbol == "env" and module in ("process", "node:process"):
                self.note_alias(name)
            path = f"{module}.{symbol}" if symbol not in ("", "default") else module
            self.callees[name] = path.removeprefix("node:")
        self.imports.append(Import(name, module, symbol, 0, span, self.function, self.guarded, type_only, system))

    def note_required(self, target: Node, value: Node) -> None:
        """Remembers what ``require`` gives, so that callees are told by their modules."""
        if not self.imports or self.imports[-1].system != "commonjs":
            return
        value = inner(value)
        function = value.child_by_field_name("function") if value.type == "call_expression" else None
        if function is None or function.type != "identifier" or self.text(function) != "require":
            return
        module = self.imports[-1].module.removeprefix("node:")
        if target.type == "identifier":
            self.callees[self.text(target)] = module
        elif target.type == "object_pattern":
            for child in target.named_children:
                if child.type == "shorthand_property_identifier_pattern":
                    self.callees[self.text(child)] = f"{module}.{self.text(child)}"

    # --- exports ------------------------------------------------------------------------------------------------

    def export(
        self, name: str, value: Expression | None, span: Span, system: str = "es", module: str = "", symbol: str = ""
    ) -> None:
        """Notes what is exported under a name."""
        self.exports.append(Export(name, value, module, symbol, system, span, self.function))

    def shown_name(self, node: Node) -> str:
        """A name that is imported or exported; it may be written as a string."""
        return self.string_text(node) if node.type == "string" else self.text(node)

    def _export_statement(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        kinds = {child.type for child in node.children}
        span = self.span(node)
        if "type" in kinds and declaration is None and "default" not in kinds:
            return
        if source is not None:
            self._export_from(node, self.string_text(source), span)
        elif declaration is not None:
            self._export_declaration(node, declaration, "default" in kinds)
        elif value is not None and "default" in kinds:
            given = self.value("default", None, value)
            self.export("default", given, self._named_at(given))
        elif "=" in kinds:
            found = first_part(node)
            if found is not None:
                self._export_whole(self.x(found), span)
        else:
            for item in specifiers(node):
                name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                if name is not None and not any(part.type == "type" for part in item.children):
                    at = self.span(item)
                    self.export(self.shown_name(alias or name), Name(self.text(name), at), at)

    def _named_at(self, value: Expression) -> Span:
        definition = self.definitions[value.definition] if isinstance(value, Closure) else None
        return definition.span if definition is not None else value.span

    def _export_from(self, node: Node, module: str, span: Span) -> None:
        self._import_name("", module, "", span, False)
        namespace = next((child for child in node.named_children if child.type == "namespace_export"), None)
        if namespace is not None:
            name = namespace.named_children[-1] if namespace.named_children else namespace
            self.export(self.shown_name(name), None, span, module=module)
            return
        if not any(child.type == "export_clause" for child in node.named_children):
            self.export("*", None, span, module=module, symbol="*")
            return
        for item in specifiers(node):
            name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
            if name is not None and not any(part.type == "type" for part in item.children):
                symbol = self.shown_name(name)
                self.export(self.shown_name(alias or name), None, self.span(item), module=module, symbol=symbol)

    def _export_declaration(self, node: Node, declaration: Node, is_default: bool) -> None:
        for child in node.named_children:
            if child.type == "decorator":
                self.with_role("decorator", "", child)
        name = declaration.child_by_field_name("name")
        if is_default and name is None:
            if declaration.type in FUNCTIONS or declaration.type == "generator_function_declaration":
                given = self.function_value(declaration, "default", None)
                self.export("default", given, self._named_at(given))
            return
        self.statement(declaration)
        if declaration.type in _TYPES:
            return
        if is_default:
            at = self.span(name)
            self.export("default", Name(self.text(name), at), at)
            return
        for item in declared_names(declaration):
            at = self.span(item)
            self.export(self.text(item), Name(self.text(item), at), at)

    def _export_whole(self, value: Expression, span: Span) -> None:
        """``module.exports = …``, through what bundlers and compilers write there."""
        if isinstance(value, Name) and value.id == "exports":
            return  # it is that already
        if isinstance(value, Result):
            call = self.calls[value.call]
            first = call.positional(0)
            if isinstance(call.callee, Name) and call.callee.id == "__toCommonJS" and isinstance(first, Name):
                table = self.tables.get(first.id)
                if table is not None:
                    self._export_fields(table, span)
                    return
        self.export("", value, span, "commonjs")

    def _is_exports(self, text: str) -> bool:
        return text in _EXPORTS and not self.is_shadowed(text.partition(".")[0])

    def binds_export(self, base: Node, key: Expression, value: Expression, span: Span, at: Span) -> bool:
        """Notes ``exports.name = …``, ``module.exports.name = …`` or ``module.exports = …``; whether it is one."""
        if base.type not in ("identifier", "member_expression"):
            return False
        text = self.text(base)
        if text == "module" and isinstance(key, Const) and key.value == "exports" and not self.is_shadowed("module"):
            self._export_whole(value, span)
            return True
        if not self._is_exports(text):
            return False
        if isinstance(value, Const) and value.value is None:
            return True  # what TypeScript writes first
        if isinstance(key, Const) and isinstance(key.value, str):
            if key.value != "__esModule":
                self.export(key.value, value, at, "commonjs")
        else:
            self.export("*", value, at, "commonjs")
        return True

    # --- calls --------------------------------------------------------------------------------------------------

    def special_call(self, callee: Expression, given: list[Node], span: Span) -> Expression | None:
        """Calls that say what a module takes or exports, or that ask for environment variables or set them."""
        path = self.dotted_path(callee)
        last = path.rpartition(".")[2]
        if path in ("require", "import"):
            self._require(path, given, span)
            return None
        if path == "Boolean" and len(given) == 1:
            argument = Argument("", self.tested(given[0]))
            self.calls.append(Call(callee, (argument,), span, self.function, self.block))
            return Result(len(self.calls) - 1, span)
        if last in ("hasOwnProperty", "hasOwn"):
            return self._asked_environment(callee, given, span)
        if last in _EXPORTING_TABLE and len(given) == 2 and given[0].type == "identifier":
            since = len(self.returns)
            self._export_table(self.text(given[0]), self.x(given[1]), since, span)
            return Other("exports", (), span)
        if last in _EXPORTING_ALL and given:
            before = len(self.imports)
            self.x(given[0])
            known = given[0].type == "call_expression" and len(self.imports) > before
            module = self.imports[-1].module if known else ""
            self.export("*", None, span, "commonjs", module, "*" if known else "")
            return Other("exports", (), span)
        return self._object_call(path, given, span) if path.startswith("Object.") else None

    def _object_call(self, path: str, given: list[Node], span: Span) -> Expression | None:
        if path == "Object.assign" and len(given) > 1 and self.is_environment(given[0]):
            for item in given[1:]:
                value = self.x(item)
                for field in value.fields if isinstance(value, Object) else (Field(None, value),):
                    name = field.key if field.key is not None else Other("any", (), field.value.span)
                    self.writes.append(Write(name, field.value, name.span, self.function, self.block))
            return Other("environment", (), span)
        if not given or not self._is_exports(self.text(given[0])):
            return None
        if path == "Object.assign":
            for item in given[1:]:
                self._export_fields(self.x(item), span)
            return Other("exports", (), span)
        if path == "Object.defineProperty" and len(given) == 3:
            self._define_export(given, span)
            return Other("exports", (), span)
        if path == "Object.defineProperties":
            self.export("*", None, span, "commonjs")
        return None

    def _require(self, path: str, given: list[Node], span: Span) -> None:
        if not given or (path == "require" and self.is_shadowed("require")):
            return
        name = given[0]
        if name.type == "template_string":
            if any(child.type == "template_substitution" for child in name.named_children):
                return
            module = self.text(name)[1:-1]
        elif name.type == "string":
            module = self.string_text(name)
        else:
            return
        system = "commonjs" if path == "require" else "dynamic"
        self.imports.append(Import("", module, "", 0, span, self.function, self.guarded, False, system))

    def _asked_environment(self, callee: Expression, given: list[Node], span: Span) -> Expression | None:
        """``process.env.hasOwnProperty("A")`` and ``Object.hasOwn(process.env, "A")``."""
        base = callee.base if isinstance(callee, Member) else None
        asked: Node | None = None
        if isinstance(base, Name) and base.id == "Object":
            asked = given[1] if len(given) == 2 and self.is_environment(given[0]) else None
        elif base is not None and given:
            is_alias = isinstance(base, Name) and self.has_aliases and self.is_alias(base.id)
            asked = given[0] if is_alias or self.dotted_path(base) == "process.env" else None
        return self.environment(self.with_role("key", "", asked), "test", None, span) if asked is not None else None

    def _export_fields(self, value: Expression, span: Span) -> None:
        """What is exported by a map of names to values."""
        if not isinstance(value, Object):
            self.export("*", value, span, "commonjs")
            return
        for field in value.fields:
            if isinstance(field.key, Const):
                self.export(str(field.key.value), field.value, field.key.span, "commonjs")
            else:
                self.export("*", field.value, span, "commonjs")

    def _export_table(self, name: str, table: Expression, since: int, span: Span) -> None:
        """What bundlers write for ES modules: a map of names to functions that give the values."""
        if not isinstance(table, Object):
            if self._is_exports(name):
                self.export("*", None, span, "commonjs")
            return
        given: dict[int, list[Return]] = {}
        for item in self.returns[since:]:
            given.setdefault(item.function, []).append(item)
        fields: list[Field] = []
        for field in table.fields:
            value = field.value
            found = given.get(value.definition, []) if isinstance(value, Closure) else []
            only = found[0].value if len(found) == 1 else None
            fields.append(Field(field.key, only if only is not None else value))
        made = Object(tuple(fields), table.span)
        if self._is_exports(name):
            self._export_fields(made, span)
        else:
            self.tables[name] = made

    def _define_export(self, given: list[Node], span: Span) -> None:
        name = self.with_role("key", "", given[1])
        since = len(self.returns)
        described = self.x(given[2])
        if not isinstance(name, Const):
            self.export("*", None, span, "commonjs")
            return
        if name.value == "__esModule":
            return
        value: Expression | None = None
        for field in described.fields if isinstance(described, Object) else ():
            key = field.key.value if isinstance(field.key, Const) else None
            if key == "value":
                value = field.value
            elif key == "get" and isinstance(field.value, Closure):
                index = field.value.definition
                found = [item.value for item in self.returns[since:] if item.function == index]
                value = found[0] if len(found) == 1 else None
        self.export(str(name.value), value, span, "commonjs")
