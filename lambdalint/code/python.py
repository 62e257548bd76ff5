"""Python, read with the standard ``ast`` in one walk."""

from __future__ import annotations

import ast
import codecs
import re
import sys
import warnings
from collections.abc import Callable, Sequence
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
    Expression,
    Feature,
    Field,
    Format,
    Import,
    Item,
    Member,
    Module,
    Name,
    Object,
    Other,
    Parameter,
    Placeholder,
    Raise,
    Read,
    Result,
    Return,
    Statement,
    String,
    Write,
    unreadable,
)
from lambdalint.regex import regex
from lambdalint.source import Problem, Source, Span, Undecodable, decode

_NEWEST_READABLE = sys.version_info[:2]
_LOG_METHODS = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fatal", "put_annotation")
)
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "==",
    ast.IsNot: "!=",
}
_ENVIRON = frozenset(("os.environ", "os.environb"))
_FIXED_ROLES = frozenset(("documentation", "annotation"))
_KEPT_ROLES = frozenset(("error", "default", "decorator", "log"))
"""The roles of strings that a call around them changes in no way, or only to that of logs."""
_PLACEHOLDER_START = "${"
_DATA = (ast.List, ast.Tuple, ast.Dict, ast.expr_context, ast.UnaryOp, ast.USub)
MAX_ITEMS = 10_000
"""A list or map with more items is data that somebody put into code: its constants are not looked at."""

Placer = Callable[[int, int, int, int], Span]


def read_python(source: Source, *, place: Placer | None = None, substituted: bool = False) -> Module:
    """The facts of a Python file. Never raises.

    ``place`` maps lines and columns (both from 1, end exclusive) to spans where the code is part of another file.
    ``substituted``: the code went through ``Fn::Sub``, so that ``${Name}`` stands for something in the template.
    """
    text = source.text
    if "\0" in text:
        line, column = source.position(text.index("\0"))
        null = Problem("source code cannot contain null bytes", _placed(place, line, column))
        return unreadable(source.path, "python", null)
    newer: int | None = None
    try:
        tree = _parsed(text)
    except SyntaxError as error:
        older = _as_older_text(text)
        if older is None:
            complaint = _complaint_of_all_versions(text, error)
            problem = _syntax_problem(source, complaint, place, substituted) if complaint is not None else None
            return unreadable(source.path, "python", problem)
        tree, newer = older
    except (ValueError, RecursionError, MemoryError):
        return unreadable(source.path, "python", None)
    try:
        return _Reader(source, place, substituted).read(tree, newer)
    except RecursionError:
        return unreadable(source.path, "python", None)


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _as_older_text(text: str) -> tuple[ast.Module, int | None] | None:
    """The tree of code whose f-strings only later versions than this one read, and where the first of them is newer."""
    if sys.version_info >= (3, 12):
        return None
    from lambdalint.code.python_strings import newer_field, with_older_fields

    older = with_older_fields(text)
    if older is None:
        return None
    try:
        return _parsed(older), newer_field(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_DECLARED_ENCODING = regex(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def decode_python(data: bytes) -> str:
    """The text of a Python file, by the encoding that it declares, else UTF-8. Raises :class:`Undecodable`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Undecodable("encoded in UTF-16, which Python does not read", 0)
    if data.startswith(codecs.BOM_UTF8):
        return decode(data)
    for line in data[:1000].split(b"\n")[:2]:
        declared = _DECLARED_ENCODING.match(line)
        if declared:
            try:
                return data.decode(declared.group(1).decode("ascii"))
            except UnicodeDecodeError as error:
                raise Undecodable(f"not valid {error.encoding}: {error.reason}", error.start) from error
            except (LookupError, ValueError) as error:
                raise Undecodable(f"unknown encoding {declared.group(1).decode('ascii', 'replace')}", 0) from error
    return decode(data)


def unreadable_python(path: str, data: bytes, error: Undecodable) -> Module:
    """The facts of a Python file whose bytes are no text."""
    line, column = error.position(data)
    return unreadable(path, "python", Problem(error.reason, _placed(None, line, column)))


def _placed(place: Placer | None, line: int, column: int) -> Span:
    return place(line, column, line, column) if place is not None else Span("", line, column, line, column)


def _complaint_of_all_versions(text: str, error: SyntaxError) -> SyntaxError | None:
    """A syntax error, or the one that remains without f-strings, which later versions than this one read otherwise."""
    if sys.version_info >= (3, 12):
        return error
    from lambdalint.code.python_strings import blank_formatted

    blank = blank_formatted(text)
    if blank is None or blank == text:
        return error
    try:
        _parsed(blank)
    except SyntaxError as remaining:
        return remaining
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _syntax_problem(source: Source, error: SyntaxError, place: Placer | None, substituted: bool) -> Problem | None:
    """The parser's complaint, or None where the file may be right for another version than the one that runs here."""
    if substituted and _PLACEHOLDER_START in source.text:
        return None
    line = min(max(error.lineno or 1, 1), len(source.lines))
    column = min(max(error.offset or 1, 1), len(source.lines[line - 1]) + 1)
    message = (error.msg or "invalid syntax").removesuffix(".")
    if _may_be_newer(source.lines[line - 1]) and not _is_wrong_everywhere(source.text):
        return None
    return Problem(message, _placed(place, line, column))


_NEWER_SYNTAX: tuple[re.Pattern[str], ...] = tuple(
    pattern
    for since, pattern in (
        ((3, 11), regex(r"except\s*\*|\[\s*\*|:\s*\*")),
        ((3, 12), regex(r"type\s+\w")),
        ((3, 13), regex(r"(type|class|(async\s+)?def)\s+\w+\s*\[")),
        ((3, 14), regex(r"""except\b[^(]*,|(?i:\b(t|tr|rt)["'])""")),
    )
    if since > sys.version_info[:2]
)
"""What a line looks like that only later versions than this one parse: PEP 646, 654; 695; 696; 750, 758."""


_MAX_LINE = 2_000
"""Characters of a line that are searched for newer syntax; nobody writes longer ones by hand."""


def _may_be_newer(line: str) -> bool:
    """Whether the line of a syntax error may hold syntax that is newer than the parser."""
    return any(pattern.search(line, 0, _MAX_LINE) for pattern in _NEWER_SYNTAX)


def _is_wrong_everywhere(text: str) -> bool:
    """Whether a parser of newer Python versions, where one is installed, refuses the text too."""
    try:
        import libcst
    except ImportError:
        return False
    try:
        libcst.parse_module(text)
    except Exception:
        return True
    return False


_MAY_BE_NEWER_FIELD = regex(r"""\{[^}"'\\\n]{0,2000}["'\\\n]""")
_MAY_SHOW_ITSELF = regex(r"=\s*(?:![rsa]\s*)?[:}]")


def _lines_beyond_ascii(source: Source) -> frozenset[int]:
    """The lines on which the parser's columns, which count bytes, are not those of characters."""
    if source.text.isascii():
        return frozenset()
    return frozenset(number for number, line in enumerate(source.lines, 1) if not line.isascii())


class _Scope:
    __slots__ = ("awaits", "fields", "globals", "index", "is_generator", "kind", "names", "nonlocals", "parent")

    def __init__(self, index: int, kind: str, parent: _Scope | None) -> None:
        self.index = index
        self.kind = kind
        self.parent = parent
        self.names: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.fields: list[str] = []
        self.is_generator = False
        self.awaits = False


class _Reader:
    """One walk over a tree; every method lowers one kind of node."""

    def __init__(self, source: Source, place: Placer | None, substituted: bool) -> None:
        self.source = source
        self.place = place
        self.substituted = substituted
        self.wide = _lines_beyond_ascii(source)
        self.definitions: list[Definition | None] = [None]
        self.imports: list[Import] = []
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
        self.features: dict[str, Span] = {}
        self.is_in_string = False
        self.scope = _Scope(MODULE, "module", None)
        self.function = MODULE
        self.block = 0
        self.aliases: dict[str, str] = {}
        self.role = "value"
        self.label = ""
        self.callee = ""
        self.guarded = False
        self.type_only = False

    def read(self, tree: ast.Module, newer: int | None = None) -> Module:
        """The facts of a tree; ``newer`` is the offset of a replacement field that the parser could not read."""
        lines = self.source.lines
        if newer is not None:
            line, column = self.source.position(newer)
            self._note("f-string-field", _placed(self.place, line, column))
        whole = self._span_at(1, 0, len(lines), len(lines[-1].encode()))
        self.blocks.append(Block("body", -1, MODULE, whole))
        self._body(tree.body, documented=True)
        start = Span(whole.path, whole.line, whole.column, whole.line, whole.column)
        self.definitions[0] = Definition(
            "", "module", -1, (), (), (), start, whole, frozenset(self.scope.names), False, False
        )
        return Module(
            self.source.path,
            "python",
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
            yields=tuple(self.yields),
            features=tuple(Feature(name, span) for name, span in self.features.items()),
        )

    # --- syntax that not all versions have ----------------------------------------------------------------------

    def _note(self, name: str, at: Span) -> None:
        self.features.setdefault(name, at)

    def _note_word(self, name: str, node: Any, word: str) -> None:
        """Notes syntax that begins with a word."""
        if name not in self.features:
            end = node.col_offset + len(word)
            self.features[name] = self._span_at(node.lineno, node.col_offset, node.lineno, end)

    def _text_at(self, node: Any, length: int = 1) -> str:
        """The characters that a node begins with."""
        lines = self.source.lines
        start = self._column(node.lineno, node.col_offset) - 1
        return lines[node.lineno - 1][start : start + length] if node.lineno <= len(lines) else ""

    def _text_between(self, line: int, offset: int, end_line: int, end_offset: int) -> str:
        lines = self.source.lines[line - 1 : end_line]
        if not lines:
            return ""
        end = self._column(end_line, end_offset) - 1
        start = self._column(line, offset) - 1
        if line == end_line:
            return lines[0][start:end]
        return "\n".join((lines[0][start:], *lines[1:-1], lines[-1][:end]))

    def _note_fields(self, node: ast.JoinedStr) -> None:
        """Notes replacement fields that not all versions read; those within other fields are found with these."""
        if self.substituted or ("f-string-field" in self.features and "f-string-equals" in self.features):
            return
        assert node.end_lineno is not None and node.end_col_offset is not None
        text = self._text_between(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        if _NEWEST_READABLE >= (3, 12) and _MAY_BE_NEWER_FIELD.search(text):
            from lambdalint.code.python_strings import newer_field

            self._note_field("f-string-field", node, text, newer_field(text))
        if _MAY_SHOW_ITSELF.search(text):
            from lambdalint.code.python_strings import self_documenting_field

            self._note_field("f-string-equals", node, text, self_documenting_field(text))

    def _note_field(self, name: str, node: ast.JoinedStr, text: str, offset: int | None) -> None:
        if offset is not None:
            before = text[:offset]
            start = self._column(node.lineno, node.col_offset) if "\n" not in before else 1
            column = start + len(before) - (before.rfind("\n") + 1)
            self._note(name, _placed(self.place, node.lineno + before.count("\n"), column))

    def _note_decorators(self, decorators: Sequence[ast.expr]) -> None:
        for node in decorators:
            inner = node.func if isinstance(node, ast.Call) else node
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if not isinstance(inner, ast.Name):
                self._note("decorator-expression", self.span(node))

    def _note_type_parameters(self, node: Any) -> None:
        for parameter in getattr(node, "type_params", ()):
            self._note("type-parameters", self.span(parameter))
            if getattr(parameter, "default_value", None) is not None:
                self._note("type-parameter-default", self.span(parameter))

    def _note_parentheses(self, node: ast.With | ast.AsyncWith) -> None:
        """Notes ``with (a as b, c as d):``, whose parentheses are the statement's own."""
        first = node.items[0]
        if not any(item.optional_vars is not None for item in node.items):
            return
        value, name = first.context_expr, first.optional_vars
        assert value.end_lineno is not None and value.end_col_offset is not None
        following = name or (node.items[1].context_expr if len(node.items) > 1 else None)
        if following is None:
            return
        before = self._text_between(node.lineno, node.col_offset, value.lineno, value.col_offset)
        after = self._text_between(value.end_lineno, value.end_col_offset, following.lineno, following.col_offset)
        if "#" in before or "#" in after:
            return
        after = after.partition(" as " if name is not None else ",")[0]
        if before.count("(") > after.count(")"):
            self._note_word("parenthesised-with", node, "async with" if isinstance(node, ast.AsyncWith) else "with")

    # --- places -------------------------------------------------------------------------------------------------

    def _column(self, line: int, offset: int) -> int:
        if line in self.wide:
            return len(self.source.lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1
        return offset + 1

    def _span_at(self, line: int, offset: int, end_line: int, end_offset: int) -> Span:
        column, end_column = self._column(line, offset), self._column(end_line, end_offset)
        if self.place is not None:
            return self.place(line, column, end_line, end_column)
        return Span("", line, column, end_line, end_column)

    def span(self, node: Any) -> Span:
        line, end_line = node.lineno, node.end_lineno
        if self.place is None and line not in self.wide and end_line not in self.wide:
            return Span("", line, node.col_offset + 1, end_line, node.end_col_offset + 1)
        return self._span_at(line, node.col_offset, end_line, node.end_col_offset)

    def _span_of(self, body: Sequence[ast.stmt]) -> Span:
        first, last = self.span(body[0]), body[-1]
        return first if last is body[0] else first.to(self.span(last))

    def _name_span(self, node: Any, keyword: str) -> Span:
        """Where a definition is named: after its keyword."""
        line = node.lineno
        text = self.source.lines[line - 1] if line <= len(self.source.lines) else ""
        column = text.find(node.name, self._column(line, node.col_offset) - 1 + len(keyword)) + 1
        if column <= 0:
            return self.span(node)
        if self.place is not None:
            return self.place(line, column, line, column + len(node.name))
        return Span("", line, column, line, column + len(node.name))

    # --- statements ---------------------------------------------------------------------------------------------

    def _body(self, body: Sequence[ast.stmt], documented: bool = False) -> None:
        for index, node in enumerate(body):
            if documented and index == 0 and isinstance(node, ast.Expr) and _is_string(node.value):
                self._with_role("documentation", "", node.value)
                continue
            self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        method = _STATEMENTS.get(type(node))
        if method is None:
            return
        kind = _STATEMENT_KINDS.get(type(node))
        if kind is None:
            method(self, node)
            return
        first_call = len(self.calls)
        slot = len(self.statements)
        self.statements.append(_EMPTY)
        block = self.block
        header_calls = method(self, node) or len(self.calls)
        body = getattr(node, "body", None)
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        literal = 0
        if body:
            lines = max(1, body[0].lineno - node.lineno)
        elif lines > 1 and body is None:
            literal = min(_literal_lines(node), lines)
        at = self.span(node)
        self.statements[slot] = Statement(kind, self.function, block, at, first_call, header_calls, lines, literal)

    def _enter(
        self,
        kind: str,
        body: Sequence[ast.stmt],
        test: Expression | None = None,
        at: Any = None,
    ) -> None:
        """Reads statements that stand in a block of their own."""
        if not body:
            return
        span = self.span(at) if at is not None else self._span_of(body)
        self.blocks.append(Block(kind, self.block, self.function, span, test))
        outer, self.block = self.block, len(self.blocks) - 1
        self._body(body)
        self.block = outer

    def _expression_statement(self, node: ast.Expr) -> None:
        if _is_string(node.value):
            self._with_role("documentation", "", node.value)
            return
        value = self.x(node.value)
        if isinstance(value, Result):
            call = self.calls[value.call]
            self.calls[value.call] = Call(
                call.callee, call.arguments, call.span, call.function, call.block, call.awaited, call.new, True
            )

    def _assign(self, node: ast.Assign) -> None:
        value = self._with_label(_target_name(node.targets[0]), node.value)
        for target in node.targets:
            self._bind(target, value, self.span(node))
        self._note_alias(node.targets, node.value)

    def _note_alias(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """``env = os.environ`` and the like, so that reads through the alias are seen."""
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and isinstance(value, (ast.Attribute, ast.Name)):
            path = self._path(value)
            if path in _ENVIRON or path == "os.getenv":
                self.aliases[targets[0].id] = path

    def _type_alias(self, node: Any) -> None:
        self._note_word("type-alias", node, "type")
        self._note_type_parameters(node)
        self._bind(node.name, Other("type", (), self.span(node)), self.span(node))

    def _annotated_assign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        if self.scope.kind == "class" and isinstance(node.target, ast.Name):
            self.scope.fields.append(node.target.id)
        if node.value is not None:
            value = self._with_label(_target_name(node.target), node.value)
            self._bind(node.target, value, self.span(node))

    def _augmented_assign(self, node: ast.AugAssign) -> None:
        span = self.span(node)
        value = self._with_label(_target_name(node.target), node.value)
        current = self._target_as_value(node.target)
        whole: Expression = Other("arithmetic", (value,), span)
        if isinstance(node.op, ast.Add):
            whole = _sum((value,) if current is None else (current, value), span)
        elif isinstance(node.op, ast.BitOr) and current is not None:
            whole = Other("merge", (current, value), span)
        self._bind(node.target, whole, span, augmented=True)

    def _target_as_value(self, target: ast.expr) -> Expression | None:
        return Name(target.id, self.span(target)) if isinstance(target, ast.Name) else None

    def _bind(self, target: ast.expr, value: Expression, span: Span, augmented: bool = False) -> None:
        if isinstance(target, ast.Name):
            owner = self._owner(target.id)
            self.bindings.append(Binding(target.id, value, owner, self.function, self.block, span, augmented=augmented))
        elif isinstance(target, (ast.Tuple, ast.List)):
            starred = next((i for i, item in enumerate(target.elts) if isinstance(item, ast.Starred)), None)
            for index, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    self._bind(item.value, Other("rest", (value,), span), span)
                    continue
                position = index if starred is None or index < starred else index - len(target.elts)
                index_key = Const(position, self.span(item))
                if isinstance(value, Array) and not value.open and starred is None and index < len(value.items):
                    self._bind(item, value.items[index], span)
                else:
                    self._bind(item, Item(value, index_key, span), span)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, Other("rest", (value,), span), span)
        elif isinstance(target, ast.Attribute):
            base = self.x(target.value)
            self.bindings.append(
                Binding(target.attr, value, -1, self.function, self.block, span, base, None, augmented)
            )
        elif isinstance(target, ast.Subscript):
            if self._path(target.value) in _ENVIRON:
                name = self._with_role("key", "", target.slice)
                self.writes.append(Write(name, value, self.span(target), self.function, self.block))
                return
            base = self.x(target.value)
            key = self._with_role("key", "", target.slice)
            self.bindings.append(Binding("", value, -1, self.function, self.block, span, base, key, augmented))

    def _owner(self, name: str) -> int:
        scope = self.scope
        if name in scope.globals:
            return MODULE
        if name in scope.nonlocals:
            outer = scope.parent
            while outer is not None and (outer.kind == "class" or name not in outer.names):
                outer = outer.parent
            return outer.index if outer is not None else MODULE
        scope.names.add(name)
        return scope.index

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript) and self._path(target.value) in _ENVIRON:
                name = self._with_role("key", "", target.slice)
                self.writes.append(Write(name, None, self.span(target), self.function, self.block))
            elif isinstance(target, (ast.Subscript, ast.Attribute)):
                at = self.span(target)
                self._bind(target, Other("deleted", (), at), at)

    def _return(self, node: ast.Return) -> None:
        value = self._with_label("return", node.value) if node.value is not None else None
        self.returns.append(Return(value, self.function, self.block, self.span(node)))

    def _raise(self, node: ast.Raise) -> None:
        value = self._with_role("error", "", node.exc) if node.exc is not None else None
        if node.cause is not None:
            self.x(node.cause)
        self.raises.append(Raise(value, self.function, self.block, self.span(node)))

    def _if(self, node: ast.If) -> int:
        test = self.x(node.test)
        calls = len(self.calls)
        kind = "then"
        if _is_main_guard(node.test):
            kind = "main"
        elif self._path(node.test) in ("typing.TYPE_CHECKING", "TYPE_CHECKING"):
            kind = "typing"
        outer, self.type_only = self.type_only, self.type_only or kind == "typing"
        self._enter(kind, node.body, test)
        self.type_only = outer
        self._enter("else", node.orelse, test)
        return calls

    def _for(self, node: ast.For | ast.AsyncFor) -> int:
        self.scope.awaits = self.scope.awaits or isinstance(node, ast.AsyncFor)
        iterated = self.x(node.iter)
        calls = len(self.calls)
        self._bind_each(node.target, iterated, self.span(node.target))
        self._enter("loop", node.body, iterated)
        self._enter("else", node.orelse)
        return calls

    def _bind_each(self, target: ast.expr, iterated: Expression, span: Span) -> None:
        """Binds a loop's target to the elements of what is iterated over, through ``enumerate``, ``items``, ``zip``."""
        if isinstance(iterated, Result):
            call = self.calls[iterated.call]
            pair = isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == 2
            if (
                isinstance(call.callee, Member)
                and call.callee.name in ("items", "keys", "values")
                and not call.arguments
            ):
                inner = call.callee.base
                if call.callee.name == "items" and pair:
                    assert isinstance(target, (ast.Tuple, ast.List))
                    self._bind(target.elts[0], Each(inner, span, True), span)
                    self._bind(target.elts[1], Each(inner, span), span)
                    return
                if call.callee.name != "items":
                    self._bind(target, Each(inner, span, call.callee.name == "keys"), span)
                    return
            first = call.positional(0)
            if isinstance(call.callee, Name) and first is not None:
                if call.callee.id == "enumerate" and pair:
                    assert isinstance(target, (ast.Tuple, ast.List))
                    self._bind(target.elts[0], Other("index", (), span), span)
                    self._bind_each(target.elts[1], first, span)
                    return
                if call.callee.id in ("reversed", "sorted", "list", "tuple", "set", "iter", "tqdm"):
                    self._bind_each(target, first, span)
                    return
                if call.callee.id == "zip" and isinstance(target, (ast.Tuple, ast.List)):
                    for index, item in enumerate(target.elts):
                        part = call.positional(index)
                        self._bind(item, Each(part, span, True) if part is not None else Other("zip", (), span), span)
                    return
        self._bind(target, Each(iterated, span, True), span)

    def _while(self, node: ast.While) -> int:
        test = self.x(node.test)
        calls = len(self.calls)
        self._enter("loop", node.body, test)
        self._enter("else", node.orelse)
        return calls

    def _try(self, node: Any) -> int:
        calls = len(self.calls)
        for handler in node.handlers:
            if type(node).__name__ == "TryStar":
                self._note_word("except-star", handler, "except")
            if isinstance(handler.type, ast.Tuple) and self._text_at(handler.type) != "(":
                self._note_word("except-without-parentheses", handler, "except")
        outer = self.guarded
        self.guarded = self.guarded or any(_catches_import_error(handler) for handler in node.handlers)
        self._enter("try", node.body)
        self.guarded = outer
        for handler in node.handlers:
            caught = self.x(handler.type) if handler.type is not None else None
            span = self.span(handler)
            self.blocks.append(Block("except", self.block, self.function, span, caught))
            outer_block, self.block = self.block, len(self.blocks) - 1
            if handler.name:
                owner = self._owner(handler.name)
                caught_value = Other("exception", (caught,) if caught is not None else (), span)
                self.bindings.append(Binding(handler.name, caught_value, owner, self.function, self.block, span))
            was_guarded, self.guarded = self.guarded, True
            self._body(handler.body)
            self.guarded = was_guarded
            self.block = outer_block
        self._enter("else", node.orelse)
        self._enter("finally", node.finalbody)
        return calls

    def _with(self, node: ast.With | ast.AsyncWith) -> int:
        self.scope.awaits = self.scope.awaits or isinstance(node, ast.AsyncWith)
        self._note_parentheses(node)
        first: Expression | None = None
        for item in node.items:
            value = self.x(item.context_expr)
            first = first or value
            if item.optional_vars is not None:
                self._bind(item.optional_vars, value, self.span(item.optional_vars))
        calls = len(self.calls)
        self._enter("with", node.body, first)
        return calls

    def _match(self, node: ast.Match) -> int:
        self._note_word("match", node, "match")
        subject = self.x(node.subject)
        calls = len(self.calls)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    owner = self._owner(name)
                    span = self.span(pattern)
                    value = Other("pattern", (subject,), span)
                    self.bindings.append(Binding(name, value, owner, self.function, self.block, span))
                elif isinstance(pattern, ast.MatchValue):
                    self._with_role("compare", "", pattern.value)
            if case.guard is not None:
                self.x(case.guard)
            self._enter("case", case.body, subject)
        return calls

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            span = self.span(alias)
            if alias.asname:
                self._import_name(alias.asname, alias.name, "", 0, span)
            else:
                root = alias.name.partition(".")[0]
                self._import_name(root, root, "", 0, span)
                if root != alias.name:
                    self._import_name("", alias.name, "", 0, span)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            span = self.span(alias)
            name = "" if alias.name == "*" else alias.asname or alias.name
            if node.module == "__future__" and alias.name == "annotations":
                self._note("future-annotations", span)
            self._import_name(name, node.module or "", alias.name, node.level, span)

    def _import_name(self, name: str, module: str, symbol: str, level: int, span: Span) -> None:
        if name:
            self.scope.names.add(name)
            if not level:
                self.aliases[name] = f"{module}.{symbol}" if symbol else module
        self.imports.append(Import(name, module, symbol, level, span, self.function, self.guarded, self.type_only))

    def _global(self, node: ast.Global) -> None:
        self.scope.globals.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.nonlocals.update(node.names)

    def _assert(self, node: ast.Assert) -> None:
        self.x(node.test)
        if node.msg is not None:
            self._with_role("error", "", node.msg)

    # --- definitions --------------------------------------------------------------------------------------------

    def _function_definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._note_decorators(node.decorator_list)
        self._note_type_parameters(node)
        decorators = tuple(self._with_role("decorator", "", item) for item in node.decorator_list)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        name_span = self._name_span(node, "async def" if is_async else "def")
        index = self._define(node.name, "function", node.args, decorators, (), name_span, node, node.body, is_async)
        self._bind_definition(node.name, index, name_span)
        if node.returns is not None:
            self._annotation(node.returns)

    def _class_definition(self, node: ast.ClassDef) -> None:
        self._note_decorators(node.decorator_list)
        self._note_type_parameters(node)
        decorators = tuple(self._with_role("decorator", "", item) for item in node.decorator_list)
        bases = tuple(self.x(base) for base in node.bases)
        keywords = {keyword.arg: self.x(keyword.value) for keyword in node.keywords}
        name_span = self._name_span(node, "class")
        index = self._define(
            node.name, "class", None, decorators, bases, name_span, node, node.body, False, keywords.get("metaclass")
        )
        self._bind_definition(node.name, index, name_span)

    def _bind_definition(self, name: str, index: int, span: Span) -> None:
        owner = self._owner(name)
        self.bindings.append(Binding(name, Closure(index, span), owner, self.function, self.block, span))

    def _define(
        self,
        name: str,
        kind: str,
        arguments: ast.arguments | None,
        decorators: tuple[Expression, ...],
        bases: tuple[Expression, ...],
        name_span: Span,
        node: Any,
        body: Sequence[ast.stmt] | ast.expr,
        is_async: bool,
        metaclass: Expression | None = None,
    ) -> int:
        index = len(self.definitions)
        self.definitions.append(None)
        parameters = self._parameters(arguments) if arguments is not None else ()
        outer = (self.scope, self.function, self.block, self.guarded)
        self.scope = _Scope(index, kind, self.scope)
        self.scope.names.update(parameter.name for parameter in parameters)
        self.function = index
        self.blocks.append(Block("body", outer[2], index, self.span(node)))
        self.block = len(self.blocks) - 1
        if isinstance(body, ast.expr):
            value = self.x(body)
            self.returns.append(Return(value, index, self.block, self.span(body)))
        else:
            self._body(body, documented=True)
        scope = self.scope
        self.scope, self.function, self.block, self.guarded = outer
        self.definitions[index] = Definition(
            name,
            kind,
            self.function,
            parameters,
            decorators,
            bases,
            name_span,
            self.span(node),
            frozenset(scope.names),
            is_async,
            scope.is_generator,
            metaclass,
            awaits=scope.awaits,
            fields=tuple(scope.fields),
        )
        return index

    def _parameters(self, arguments: ast.arguments) -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        positional = [*arguments.posonlyargs, *arguments.args]
        if arguments.posonlyargs:
            self._note("positional-only", self.span(arguments.posonlyargs[-1]))
        if arguments.vararg is not None and isinstance(arguments.vararg.annotation, ast.Starred):
            self._note("starred-annotation", self.span(arguments.vararg))
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        defaults.extend(arguments.defaults)
        for argument, default in zip(positional, defaults):
            found.append(self._parameter(argument, "positional", default))
        if arguments.vararg is not None:
            found.append(self._parameter(arguments.vararg, "rest", None))
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
            found.append(self._parameter(argument, "keyword", default))
        if arguments.kwarg is not None:
            found.append(self._parameter(arguments.kwarg, "keyword-rest", None))
        return tuple(found)

    def _parameter(self, argument: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
        annotation = self._annotation(argument.annotation) if argument.annotation is not None else None
        value = self._with_role("default", argument.arg, default) if default is not None else None
        return Parameter(argument.arg, kind, value, self.span(argument), annotation)

    # --- expressions --------------------------------------------------------------------------------------------

    def x(self, node: ast.expr) -> Expression:
        """The expression of a node."""
        if type(node) is ast.Name:
            return Name(node.id, self.span(node))
        method = _EXPRESSIONS.get(type(node))
        if method is not None:
            return method(self, node)
        parts = tuple(self.x(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        return Other("", parts, self.span(node))

    def _with_role(self, role: str, label: str, node: ast.expr) -> Expression:
        outer_role, outer_label = self.role, self.label
        self.role, self.label = role, label
        try:
            return self.x(node)
        finally:
            self.role, self.label = outer_role, outer_label

    def _with_label(self, label: str, node: ast.expr) -> Expression:
        outer = self.label
        self.label = label
        try:
            return self.x(node)
        finally:
            self.label = outer

    def _annotation(self, node: ast.expr) -> Expression:
        return self._with_role("annotation", "", node)

    def _path(self, node: ast.expr) -> str:
        """The dotted path that a name or attribute stands for, by the imports and aliases met so far."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        names.append(self.aliases.get(node.id, node.id))
        return ".".join(reversed(names))

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        span = self.span(node)
        if isinstance(value, str):
            partial = self.substituted and _PLACEHOLDER_START in value
            self._string(value, span, partial)
            return self._placeholders(value, span) if partial else Const(value, span)
        if value is None or isinstance(value, (bool, float)):
            return Const(value, span)
        if isinstance(value, int):
            return Const(value, span) if -(2**63) <= value < 2**63 else Other("number", (), span)
        if isinstance(value, bytes):
            text = value.decode("latin-1")
            self._string(text, span, self.substituted and _PLACEHOLDER_START in text)
            return Other("bytes", (), span)
        return Other("constant", (), span)

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
            parts.append(
                Const("${" + name[1:] + "}", span) if name.startswith("!") else Placeholder(name.strip(), span)
            )
        return parts[0] if len(parts) == 1 else Format(tuple(parts), span)

    def _string(self, value: str, span: Span, partial: bool = False) -> None:
        self.strings.append(String(value, span, self.function, self.block, self.role, self.label, self.callee, partial))

    def _joined(self, node: ast.JoinedStr) -> Expression:
        if self.is_in_string:
            return self._pieces(node)
        self._note_fields(node)
        self.is_in_string = True
        try:
            return self._pieces(node)
        finally:
            self.is_in_string = False

    def _pieces(self, node: ast.JoinedStr) -> Expression:
        parts: list[Expression] = []
        span = self.span(node)
        for part in node.values:
            if isinstance(part, ast.Constant):
                piece = span if _NEWEST_READABLE < (3, 12) else self.span(part)
                self._string(str(part.value), piece, partial=True)
                parts.append(Const(str(part.value), piece))
            elif isinstance(part, ast.FormattedValue):
                parts.append(self._with_role("value", "", part.value))
                if part.format_spec is not None or part.conversion in (ord("r"), ord("a")):
                    parts[-1] = self._specified(parts[-1], part)
        if len(parts) == 1 and isinstance(parts[0], Const) and isinstance(parts[0].value, str):
            return Const(parts[0].value, span)
        return Format(tuple(parts), span) if parts else Const("", span)

    def _template(self, node: Any) -> Expression:
        """A template string: an object, not a string; its fields are read like any other expressions."""
        self._note_word("template-string", node, "t")
        parts = [self.x(item.value) for item in node.values if not isinstance(item, ast.Constant)]
        return Other("template", tuple(parts), self.span(node))

    def _specified(self, value: Expression, node: ast.FormattedValue) -> Expression:
        """A replacement field that changes how its value looks."""
        given = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []
        inner = tuple(self.x(item.value) for item in given if isinstance(item, ast.FormattedValue))
        return Other("format", (value, *inner), value.span)

    def _attribute(self, node: ast.Attribute) -> Expression:
        return Member(self.x(node.value), node.attr, self.span(node))

    def _subscript(self, node: ast.Subscript) -> Expression:
        span = self.span(node)
        if self._path(node.value) in _ENVIRON and not isinstance(node.slice, ast.Slice):
            return self._environment(node.slice, "required", None, span)
        index = node.slice
        if isinstance(index, ast.Tuple) and any(isinstance(item, ast.Starred) for item in index.elts):
            if self._text_at(index) != "(":
                self._note("starred-index", self.span(index))
        base = self.x(node.value)
        if isinstance(node.slice, ast.Slice):
            for bound in (node.slice.lower, node.slice.upper, node.slice.step):
                if bound is not None:
                    self.x(bound)
            return Other("slice", (base,), span)
        return Item(base, self._with_role("key", "", node.slice), span)

    def _environment(self, name: ast.expr, kind: str, default: ast.expr | None, span: Span) -> Expression:
        name_value = self._with_role("key", "", name)
        default_value = self._with_role("default", "", default) if default is not None else None
        self.reads.append(Read(name_value, kind, default_value, span, self.function, self.block))
        return Environment(len(self.reads) - 1, span)

    def _call(self, node: ast.Call, awaited: bool = False) -> Expression:
        span = self.span(node)
        path = self._path(node.func)
        special = self._environment_call(node, path, span) if path.startswith("os.") else None
        if special is not None:
            return special
        callee = self.x(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else path
        role, label, outer = self.role, self.label, self.callee
        if role not in _FIXED_ROLES:
            if method == "print" or (method in _LOG_METHODS and isinstance(node.func, ast.Attribute)):
                self.role = "log"
            elif role not in _KEPT_ROLES:
                self.role = "value"
        self.callee = path or ("." + method if method else "")
        arguments: list[Argument] = []
        for item in node.args:
            self.label = ""
            if isinstance(item, ast.Starred):
                arguments.append(Argument("", self.x(item.value), True))
            else:
                arguments.append(Argument("", self.x(item)))
        for keyword in node.keywords:
            self.label = keyword.arg or ""
            arguments.append(Argument(keyword.arg or "", self.x(keyword.value), keyword.arg is None))
        self.role, self.label, self.callee = role, label, outer
        if isinstance(callee, Member) and isinstance(callee.base, Const):
            formatted = self._formatted(callee, callee.base, arguments, span)
            if formatted is not None:
                return formatted
        self.calls.append(Call(callee, tuple(arguments), span, self.function, self.block, awaited))
        return Result(len(self.calls) - 1, span)

    def _environment_call(self, node: ast.Call, path: str, span: Span) -> Expression | None:
        if path == "os.getenv" or path in ("os.environ.get", "os.environ.pop", "os.environ.setdefault"):
            values = [item for item in node.args if not isinstance(item, ast.Starred)]
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            name = values[0] if values else named.get("key")
            if name is None:
                return None
            default = values[1] if len(values) > 1 else named.get("default")
            if default is not None:
                return self._environment(name, "default", default, span)
            return self._environment(name, "required" if path.endswith("pop") else "optional", None, span)
        if path == "os.environ.update":
            for item in node.args:
                fields = zip(item.keys, item.values) if isinstance(item, ast.Dict) else [(None, item)]
                for key, value in fields:
                    at = self.span(key if key is not None else value)
                    name_value = self._with_role("key", "", key) if key is not None else Other("any", (), at)
                    self.writes.append(Write(name_value, self.x(value), at, self.function, self.block))
            for keyword in node.keywords:
                at = self.span(keyword.value)
                name_value = Const(keyword.arg, at) if keyword.arg else Other("any", (), at)
                self.writes.append(Write(name_value, self.x(keyword.value), at, self.function, self.block))
        if path == "os.putenv" and len(node.args) == 2:
            name_value = self._with_role("key", "", node.args[0])
            self.writes.append(Write(name_value, self.x(node.args[1]), span, self.function, self.block))
        return None

    def _formatted(self, callee: Member, base: Const, arguments: list[Argument], span: Span) -> Expression | None:
        """``"…{}…".format(…)`` and ``"sep".join([…])`` as strings made of parts."""
        template = base.value
        if not isinstance(template, str) or any(argument.spread for argument in arguments):
            return None
        if callee.name == "join" and len(arguments) == 1 and isinstance(arguments[0].value, Array):
            array = arguments[0].value
            if array.open:
                return None
            pieces: list[Expression] = []
            for index, item in enumerate(array.items):
                if index and template:
                    pieces.append(Const(template, base.span))
                pieces.append(item)
            return Format(tuple(pieces), span) if pieces else Const("", span)
        if callee.name == "format":
            self._mark_partial(base.span)
            return _format_method(template, arguments, base.span, span)
        return None

    def _mark_partial(self, span: Span) -> None:
        for index in range(len(self.strings) - 1, -1, -1):
            item = self.strings[index]
            if item.span == span:
                self.strings[index] = String(
                    item.value, item.span, item.function, item.block, item.role, item.label, item.callee, True
                )
                return

    def _await(self, node: ast.Await) -> Expression:
        self.scope.awaits = True
        if isinstance(node.value, ast.Call):
            return self._call(node.value, awaited=True)
        return self.x(node.value)

    def _binary(self, node: ast.BinOp) -> Expression:
        span = self.span(node)
        if isinstance(node.op, ast.Mod) and (_is_string(node.left) or isinstance(node.left, ast.JoinedStr)):
            left = self.x(node.left)
            self._mark_partial(left.span)
            values = (
                [self.x(item) for item in node.right.elts]
                if isinstance(node.right, ast.Tuple)
                else [self.x(node.right)]
            )
            if isinstance(left, Const) and isinstance(left.value, str):
                return _percent_format(left.value, values, left.span, span)
            return Format((left, *values), span)
        if isinstance(node.op, ast.Add):
            return self._addition(node, span)
        left, right = self.x(node.left), self.x(node.right)
        if isinstance(left, Const) and isinstance(right, Const):
            known = _calculated(node.op, left.value, right.value)
            if known is not None:
                return Const(known, span)
        if isinstance(node.op, ast.Div):
            return Other("divide", (left, right), span)
        if isinstance(node.op, ast.BitOr):
            return Other("merge", (left, right), span)
        return Other("subtract" if isinstance(node.op, ast.Sub) else "arithmetic", (left, right), span)

    def _addition(self, node: ast.BinOp, span: Span) -> Expression:
        operands: list[ast.expr] = []
        current: ast.expr = node
        while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
            operands.append(current.right)
            current = current.left
        operands.append(current)
        operands.reverse()
        textual = any(_is_string(item) or isinstance(item, ast.JoinedStr) for item in operands)
        before = len(self.strings)
        values = [self.x(item) for item in operands]
        if not textual:
            return _sum(tuple(values), span)
        if not all(_is_string(item) for item in operands):
            for index in range(before, len(self.strings)):
                item = self.strings[index]
                if any(value.span == item.span for value in values):
                    self.strings[index] = String(
                        item.value, item.span, item.function, item.block, item.role, item.label, item.callee, True
                    )
        return Format(tuple(values), span)

    def _boolean(self, node: ast.BoolOp) -> Expression:
        kind = "or" if isinstance(node.op, ast.Or) else "and"
        values = tuple(self.x(item) for item in node.values)
        if kind == "and":
            return Other("and", values, self.span(node))
        return Choice(values, self.span(node))

    def _conditional(self, node: ast.IfExp) -> Expression:
        test = self.x(node.test)
        return Choice((self.x(node.body), self.x(node.orelse)), self.span(node), test)

    def _compare(self, node: ast.Compare) -> Expression:
        span = self.span(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            if self._path(node.comparators[0]) in _ENVIRON:
                return self._environment(node.left, "test", None, span)
        parts = tuple(self._with_role("compare", "", item) for item in (node.left, *node.comparators))
        operators = {type(op).__name__ for op in node.ops}
        identity = operators <= {"Is", "IsNot"}
        operator = _OPERATORS.get(type(node.ops[0]), "") if len(node.ops) == 1 else ""
        return Other("is" if identity else "compare", parts, span, operator)

    def _unary(self, node: ast.UnaryOp) -> Expression:
        span = self.span(node)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = node.operand.value
            if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**62:
                return Const(-value, span)
        return Other("not" if isinstance(node.op, ast.Not) else "arithmetic", (self.x(node.operand),), span)

    def _array(self, node: ast.List | ast.Tuple | ast.Set) -> Expression:
        found: list[Expression] = []
        is_open = False
        if len(node.elts) > MAX_ITEMS:
            return Other("data", tuple(self.x(item) for item in node.elts if not _is_plain(item)), self.span(node))
        for item in node.elts:
            is_open = is_open or isinstance(item, ast.Starred)
            found.append(self.x(item))
        span = self.span(node)
        if isinstance(node, ast.Set):
            return Other("set", tuple(found), span)
        return Array(tuple(found), span, is_open)

    def _dict(self, node: ast.Dict) -> Expression:
        fields: list[Field] = []
        if len(node.keys) > MAX_ITEMS:
            return Other("data", tuple(self.x(item) for item in node.values if not _is_plain(item)), self.span(node))
        for key, value in zip(node.keys, node.values):
            if key is None:
                fields.append(Field(None, self.x(value)))
                continue
            key_value = self._with_role("key", "", key)
            label = str(key_value.value) if isinstance(key_value, Const) else ""
            fields.append(Field(key_value, self._with_label(label, value)))
        return Object(tuple(fields), self.span(node))

    def _lambda(self, node: ast.Lambda) -> Expression:
        index = self._define("", "lambda", node.args, (), (), self.span(node), node, node.body, False)
        return Closure(index, self.span(node))

    def _comprehension(self, node: Any) -> Expression:
        """The parts are what each element is made of (for a map, key and value), then the conditions.

        Its variables are bound where it begins: they hold in front of the ``for`` that binds them, and nowhere else.
        """
        span = self.span(node)
        start = Span(span.path, span.line, span.column, span.line, span.column, span.pointer)
        iterated: Expression | None = None
        outer = self.block
        conditions: list[Expression] = []
        for generator in node.generators:
            iterated = self.x(generator.iter)
            self.blocks.append(Block("loop", self.block, self.function, span, iterated))
            self.block = len(self.blocks) - 1
            first = len(self.bindings)
            self._bind_each(generator.target, iterated, start)
            self.bindings[first:] = [structs.replace(item, scoped=True) for item in self.bindings[first:]]
            conditions.extend(self.x(condition) for condition in generator.ifs)
        made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        parts = tuple(self.x(item) for item in made)
        self.block = outer
        return Other(_COMPREHENSIONS[type(node)], (*parts, *conditions), span)

    def _walrus(self, node: ast.NamedExpr) -> Expression:
        self._note("walrus", self.span(node))
        value = self._with_label(_target_name(node.target), node.value)
        self._bind(node.target, value, self.span(node))
        return value

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Expression:
        self.scope.is_generator = True
        parts = (self.x(node.value),) if node.value is not None else ()
        span = self.span(node)
        if parts:
            given = Each(parts[0], span, True) if isinstance(node, ast.YieldFrom) else parts[0]
            self.yields.append(Return(given, self.function, self.block, span))
        return Other("yield", parts, span)

    def _starred(self, node: ast.Starred) -> Expression:
        return Other("spread", (self.x(node.value),), self.span(node))


def _format_method(template: str, arguments: list[Argument], at: Span, span: Span) -> Expression:
    """The parts of ``template.format(…)``; a place-holder that can't be told is an unknown part."""
    from string import Formatter

    positional = [argument.value for argument in arguments if not argument.name]
    named = {argument.name: argument.value for argument in arguments if argument.name}
    parts: list[Expression] = []
    count = 0
    try:
        for text, name, specification, conversion in Formatter().parse(template):
            if text:
                parts.append(Const(text, at))
            if name is None:
                continue
            if name == "":
                name = str(count)
                count += 1
            value = positional[int(name)] if name.isdigit() and int(name) < len(positional) else named.get(name)
            if value is None or specification or conversion in ("r", "a"):
                value = Other("format", () if value is None else (value,), span)
            parts.append(value)
    except ValueError:
        return Other("format", tuple(argument.value for argument in arguments), span)
    return Format(tuple(parts), span)


def _percent_format(template: str, values: list[Expression], at: Span, span: Span) -> Expression:
    """The parts of ``template % values``."""
    import re

    parts: list[Expression] = []
    end = 0
    index = 0
    for match in re.finditer(r"%(?:\((\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?([a-zA-Z%])", template):
        if match.start() > end:
            parts.append(Const(template[end : match.start()], at))
        end = match.end()
        name, conversion = match.groups()
        if conversion == "%":
            parts.append(Const("%", at))
            continue
        value: Expression | None = None
        if name and len(values) == 1 and isinstance(values[0], Object):
            for field in values[0].fields:
                if isinstance(field.key, Const) and field.key.value == name:
                    value = field.value
        elif not name and index < len(values):
            value = values[index]
            index += 1
        plain = conversion in "sdiu" and match.group() in (f"%{conversion}", f"%({name}){conversion}")
        if value is None or not plain:
            value = Other("format", () if value is None else (value,), span)
        parts.append(value)
    if end < len(template):
        parts.append(Const(template[end:], at))
    return Format(tuple(parts), span)


def _sum(values: tuple[Expression, ...], span: Span) -> Expression:
    """What ``+`` makes of values of which none is seen to be a string: maybe a string, a list or a number."""
    known: int | float | None = 0
    for value in values:
        number = value.value if isinstance(value, Const) else None
        known = _calculated(ast.Add(), known, number) if known is not None else None
    return Const(known, span) if known is not None else Other("add", values, span)


def _calculated(operator: ast.operator, left: object, right: object) -> int | float | None:
    """The result of a little arithmetic on numbers as written: ``60 * 15``."""
    if type(left) not in (int, float) or type(right) not in (int, float):
        return None
    assert isinstance(left, (int, float)) and isinstance(right, (int, float))
    if isinstance(operator, ast.Add):
        found = left + right
    elif isinstance(operator, ast.Sub):
        found = left - right
    elif isinstance(operator, ast.Mult):
        found = left * right
    elif isinstance(operator, ast.Div) and right:
        found = left / right
    elif isinstance(operator, ast.FloorDiv) and right:
        found = left // right
    else:
        return None
    return found if abs(found) < 2**62 else None


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression is a constant, or a list or map of such, so that nothing happens in it."""
    return all(isinstance(part, (ast.Constant, *_DATA)) for part in ast.walk(node))


def _is_string(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _target_name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return ""


def _is_main_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1:
        return False
    sides = (test.left, test.comparators[0])
    names = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return names and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(item, ast.Name) and item.id in ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
        for item in names
    )


def _literal_lines(node: ast.stmt) -> int:
    """How many lines of a statement only spell out literals: maps, lists and long strings."""
    value = getattr(node, "value", None)
    total = 0
    pending: list[ast.AST] = [value] if isinstance(value, ast.AST) else []
    while pending:
        item = pending.pop()
        if isinstance(item, (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)) or _is_string(item):
            total += (getattr(item, "end_lineno", 0) or 0) - getattr(item, "lineno", 0)
        elif isinstance(item, ast.Call):
            total += max(0, (item.end_lineno or 0) - item.lineno) if item.keywords or item.args else 0
        elif isinstance(item, ast.Await):
            pending.append(item.value)
    return total


_EMPTY = Statement("other", 0, 0, Span("", 1, 1, 1, 1), 0, 0, 0)

_STATEMENTS: dict[type, Callable[[_Reader, Any], Any]] = {
    ast.Expr: _Reader._expression_statement,
    ast.Assign: _Reader._assign,
    ast.AnnAssign: _Reader._annotated_assign,
    ast.AugAssign: _Reader._augmented_assign,
    ast.Delete: _Reader._delete,
    ast.Return: _Reader._return,
    ast.Raise: _Reader._raise,
    ast.If: _Reader._if,
    ast.For: _Reader._for,
    ast.AsyncFor: _Reader._for,
    ast.While: _Reader._while,
    ast.Try: _Reader._try,
    ast.With: _Reader._with,
    ast.AsyncWith: _Reader._with,
    ast.Match: _Reader._match,
    ast.Import: _Reader._import,
    ast.ImportFrom: _Reader._import_from,
    ast.Global: _Reader._global,
    ast.Nonlocal: _Reader._nonlocal,
    ast.Assert: _Reader._assert,
    ast.FunctionDef: _Reader._function_definition,
    ast.AsyncFunctionDef: _Reader._function_definition,
    ast.ClassDef: _Reader._class_definition,
}
if sys.version_info >= (3, 11):
    _STATEMENTS[ast.TryStar] = _Reader._try
if sys.version_info >= (3, 12):
    _STATEMENTS[ast.TypeAlias] = _Reader._type_alias

_COMPREHENSIONS: dict[type, str] = {
    ast.ListComp: "comprehension",
    ast.GeneratorExp: "generator",
    ast.SetComp: "set-comprehension",
    ast.DictComp: "map-comprehension",
}

_STATEMENT_KINDS: dict[type, str] = {
    ast.Expr: "call",
    ast.Assign: "assign",
    ast.AnnAssign: "assign",
    ast.AugAssign: "assign",
    ast.Return: "return",
    ast.Raise: "raise",
    ast.If: "if",
    ast.For: "loop",
    ast.AsyncFor: "loop",
    ast.While: "loop",
    ast.Try: "try",
    ast.With: "with",
    ast.AsyncWith: "with",
    ast.Match: "case",
    ast.Delete: "other",
    ast.Assert: "other",
}

_EXPRESSIONS: dict[type, Callable[[_Reader, Any], Expression]] = {
    ast.Constant: _Reader._constant,
    ast.JoinedStr: _Reader._joined,
    ast.Attribute: _Reader._attribute,
    ast.Subscript: _Reader._subscript,
    ast.Call: _Reader._call,
    ast.Await: _Reader._await,
    ast.BinOp: _Reader._binary,
    ast.BoolOp: _Reader._boolean,
    ast.IfExp: _Reader._conditional,
    ast.Compare: _Reader._compare,
    ast.UnaryOp: _Reader._unary,
    ast.List: _Reader._array,
    ast.Tuple: _Reader._array,
    ast.Set: _Reader._array,
    ast.Dict: _Reader._dict,
    ast.Lambda: _Reader._lambda,
    ast.ListComp: _Reader._comprehension,
    ast.SetComp: _Reader._comprehension,
    ast.DictComp: _Reader._comprehension,
    ast.GeneratorExp: _Reader._comprehension,
    ast.NamedExpr: _Reader._walrus,
    ast.Yield: _Reader._yield,
    ast.YieldFrom: _Reader._yield,
    ast.Starred: _Reader._starred,
}
if hasattr(ast, "TemplateStr"):  # Python 3.14
    _EXPRESSIONS[ast.TemplateStr] = _Reader._template
