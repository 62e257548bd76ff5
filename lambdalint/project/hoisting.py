"""Edits that move what a function builds to module level: an assignment of a constant call, in lines of its own."""

from __future__ import annotations

import builtins
import re

from msgspec import Struct

from lambdalint.code.facts import (
    MODULE,
    Binding,
    Call,
    Const,
    Expression,
    Member,
    Name,
    Object,
    Result,
    Statement,
    dotted,
)
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.edits import comment_mark, text_at
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.model import Handler
from lambdalint.regex import regex
from lambdalint.source import Source, Span

MAX_DEPTH = 4
_LONG_STRINGS = ('"""', "'''", "`")
_ASSIGNED = {
    "python": r"{name}\s*=(?!=)",
    "javascript": r"(?:const|let|var)\s+{name}\s*=(?!=)",
}
_PYTHON_IMPORT = regex(r"(?:import|from)\s[^;\\(]*")
_PYTHON_IMPORT_OPENS = regex(r"from\s[^;\\]*\(\s*(?:#.*)?")
_PYTHON_IMPORT_CLOSES = regex(r"[^#()]*\)\s*(?:#.*)?")
_ES_IMPORT = regex(r"import\b.*?\bfrom\s*[\"'][^\"']*[\"']\s*;?\s*(?://.*)?")
_ES_IMPORT_CLOSES = regex(r"[\w\s,$]*\}\s*from\s*[\"'][^\"']*[\"']\s*;?\s*(?://.*)?")
_ALIKE = regex(r"(?:const |let |var )?\w+ = (?:boto3\.|new )")


class Hoisted(Struct, frozen=True):
    """A variable that moves, with the edits that move it."""

    name: str
    edits: tuple[Edit, ...]


def hoisted(handler: Handler, record: CallRecord) -> Hoisted | None:
    """The edits that move the assignment of what a call makes to module level; None where it isn't that simple."""
    module = record.site.module
    if module.path != module.facts.file:
        return None
    source = handler.project.source(module.path)
    binding = _assignment(module, record.site.call)
    if source is None or binding is None or not _is_movable(module, binding):
        return None
    root = _constant_root(module, binding.value, 0)
    statement = _statement(module, binding)
    if root is None or statement is None or _is_configured(module, root):
        return None
    lines = _lines(source, module, statement, binding.name)
    after = _last_import(source, module, root)
    if lines is None or after is None:
        return None
    begin = source.lines[after : after + 2]
    is_joined = len(begin) == 2 and not begin[0].strip() and _ALIKE.match(begin[1]) is not None
    line = after + 2 if is_joined else after + 1
    place = Span(module.path, line, 1, line, 1)
    text = "\n".join(lines)
    return Hoisted(
        binding.name, (Edit(place, f"{text}\n" if is_joined else f"\n{text}\n"), _removal(source, statement))
    )


def _assignment(module: ModuleIndex, call: Call) -> Binding | None:
    """The assignment whose value is a call, or is made by further calls of what it gives."""
    for binding in module.facts.bindings:
        if binding.function == call.function and binding.block == call.block and isinstance(binding.value, Result):
            made: Expression = binding.value
            for _ in range(MAX_DEPTH):
                if not isinstance(made, Result):
                    break
                current = module.facts.calls[made.call]
                if current is call:
                    return binding
                made = current.callee.base if isinstance(current.callee, Member) else current.callee
    return None


def _is_movable(module: ModuleIndex, binding: Binding) -> bool:
    """Whether an assignment is the only one of a variable of a function, which no other scope has."""
    definition = module.definition(binding.function)
    if binding.base is not None or binding.augmented or binding.scoped or binding.owner != binding.function:
        return False
    if definition.kind != "function" or not _stands_at_top(module, definition.parent):
        return False
    if module.facts.language == "python" and hasattr(builtins, binding.name):
        return False
    if len(module.bindings.get((binding.owner, binding.name), [])) != 1:
        return False
    if (binding.function, binding.name) in module.imports:
        return False
    if any(parameter.name == binding.name for parameter in definition.parameters):
        return False
    top = module.definition(MODULE)
    is_taken = binding.name in top.locals or (MODULE, binding.name) in module.imports
    if is_taken or (MODULE, binding.name) in module.bindings or module.stars:
        return False
    return module.facts.blocks[binding.block].kind == "body"


def _stands_at_top(module: ModuleIndex, parent: int) -> bool:
    """Whether a function of this parent, or its class, stands at module level, so that no other scope is between."""
    return parent == MODULE or (
        module.definition(parent).kind == "class" and module.definition(parent).parent == MODULE
    )


def _constant_root(module: ModuleIndex, expression: Expression, depth: int) -> str | None:
    """The name at the root of calls whose arguments are all constants; None for anything else."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Member):
        return _constant_root(module, expression.base, depth + 1)
    if not isinstance(expression, Result):
        return None
    call = module.facts.calls[expression.call]
    if call.awaited or any(argument.spread or not _is_constant(argument.value) for argument in call.arguments):
        return None
    return _constant_root(module, call.callee, depth + 1)


def _is_configured(module: ModuleIndex, root: str) -> bool:
    """Whether statements change what clients are made from, such as ``AWS.config.update(…)``, so that order counts."""
    calls = module.facts.calls
    for statement in module.facts.statements:
        if statement.kind == "call":
            for call in calls[statement.first_call : statement.end_call]:
                if dotted(call.callee).startswith(f"{root}."):
                    return True
    bindings = (item for known in module.members.values() for item in known)
    return any(item.base is not None and dotted(item.base).partition(".")[0] == root for item in bindings)


def _is_constant(expression: Expression) -> bool:
    if isinstance(expression, Object):
        return all(isinstance(field.key, Const) and _is_constant(field.value) for field in expression.fields)
    return isinstance(expression, Const)


def _statement(module: ModuleIndex, binding: Binding) -> Statement | None:
    """The statement of an assignment, if it is not the only one of its function, and assigns nothing else."""
    beside = [item for item in module.facts.statements if item.block == binding.block]
    own = [item for item in beside if item.kind == "assign" and item.span.contains(binding.span)]
    if len(beside) < 2 or len(own) != 1:
        return None
    within = [item for item in module.facts.bindings if own[0].span.contains(item.span)]
    return own[0] if within == [binding] else None


def _lines(source: Source, module: ModuleIndex, statement: Statement, name: str) -> list[str] | None:
    """The lines of a statement as they are at module level; None where it has not got them to itself."""
    span = module.at(statement.span)
    first, last = source.lines[span.line - 1], source.lines[span.end_line - 1]
    indent = first[: span.column - 1]
    rest = last[span.end_column - 1 :].strip()
    if indent.strip() or (rest and not rest.startswith(comment_mark(source.path))):
        return None
    assigned = _ASSIGNED[module.facts.language].format(name=re.escape(name))
    if re.match(assigned, text_at(source, span)) is None:
        return None
    lines = source.lines[span.line - 1 : span.end_line]
    if any(line.strip() and not line.startswith(indent) for line in lines):
        return None
    if len(lines) > 1 and any(quote in line for quote in _LONG_STRINGS for line in lines):
        return None
    return [line[len(indent) :].rstrip() for line in lines]


def _removal(source: Source, statement: Statement) -> Edit:
    """Takes the lines of a statement away, with a blank one that would follow another, or begin the function."""
    span = statement.span
    before = source.lines[span.line - 2].rstrip() if span.line > 1 else ""
    following = source.lines[span.end_line : span.end_line + 1]
    is_followed = bool(following) and not following[0].strip()
    leaves_blank = is_followed and (not before or before.endswith((":", "{")))
    end = (span.end_line + (2 if leaves_blank else 1), 1)
    if end[0] > len(source.lines):
        end = (len(source.lines), len(source.lines[-1]) + 1)
    return Edit(Span(source.path, span.line, 1, *end), "")


def _last_import(source: Source, module: ModuleIndex, root: str) -> int | None:
    """The line that the last import at module level ends on, where the root of what is moved is known by then."""
    if module.facts.language == "python":
        known = module.imports.get((MODULE, root))
        needed = known.span.line if known is not None and not known.guarded else 0
    else:
        places = [item.span.line for item in module.bindings.get((MODULE, root), []) if item.block == 0]
        places.extend(item.span.line for item in module.facts.imports if item.function == MODULE and item.name == root)
        needed = places[0] if len(places) == 1 else 0
    if not needed:
        return None
    for imported in reversed(module.facts.imports):
        if imported.function != MODULE or imported.guarded:
            continue
        end = _end_of_import(source, module, imported.span)
        if end is not None and end >= needed and end < len(source.lines):
            return end
    return None


def _end_of_import(source: Source, module: ModuleIndex, span: Span) -> int | None:
    """The line that an import at module level ends on; None where it isn't written plainly."""
    lines = source.lines
    line = lines[span.line - 1]
    if module.facts.language != "python":
        return _end_of_javascript_import(lines, module, span)
    if _PYTHON_IMPORT.fullmatch(line) or (line.startswith("from ") and _PYTHON_IMPORT_CLOSES.fullmatch(line[5:])):
        return span.line
    if line.startswith("from ") and "(" in line and line.partition("#")[0].rstrip().endswith(")"):
        return span.line
    opening = next((number for number in range(span.line, 0, -1) if lines[number - 1][:1].strip()), 0)
    if not opening or not _PYTHON_IMPORT_OPENS.fullmatch(lines[opening - 1]):
        return None
    for number in range(span.line, len(lines) + 1):
        if _PYTHON_IMPORT_CLOSES.fullmatch(lines[number - 1]):
            return number
        if "(" in lines[number - 1].partition("#")[0] and number > opening:
            return None
    return None


def _end_of_javascript_import(lines: list[str], module: ModuleIndex, span: Span) -> int | None:
    for statement in module.facts.statements:
        if statement.function == MODULE and statement.block == 0 and statement.span.contains(span):
            rest = lines[statement.span.end_line - 1][statement.span.end_column - 1 :].strip()
            is_plain = statement.span.column == 1 and (not rest or rest.startswith("//"))
            return statement.span.end_line if is_plain else None
    if _ES_IMPORT.fullmatch(lines[span.line - 1]):
        return span.line
    for number in range(span.line, min(span.line + 40, len(lines)) + 1):
        if number > span.line and _ES_IMPORT_CLOSES.fullmatch(lines[number - 1]):
            return number
        if ";" in lines[number - 1]:
            return None
    return None
