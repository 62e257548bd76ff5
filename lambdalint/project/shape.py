"""The shape of a handler: how much of the work it does itself, and how it branches.

What counts is content, not length. A statement that transforms data or calls something outside counts; logging,
literals, raising, taking parts out of the event and handing on to the project's own functions do not. Branches count
more the deeper they are; guard clauses and flat dispatch hardly do. A function of several statements that is called
for each item, as `forEach` does, is a loop.
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from lambdalint.code.facts import Call, Closure, Member, Name, Statement, dotted
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.model import Handler

_BRANCHING = frozenset(("if", "loop", "try", "case"))
_ITERATING = frozenset(("forEach", "map", "flatMap", "filter", "reduce", "some", "every", "find"))
_LOGGING = frozenset(
    ("logger", "logging", "log", "LOGGER", "LOG", "_logger", "_LOGGER", "console", "metrics", "tracer")
)
_TRIVIAL = frozenset(
    (
        "str",
        "int",
        "float",
        "bool",
        "len",
        "dict",
        "list",
        "set",
        "tuple",
        "isinstance",
        "get",
        "getenv",
        "format",
        "enumerate",
        "range",
        "items",
        "keys",
        "values",
        "strip",
        "lower",
        "upper",
        "super",
        "print",
        "dumps",
        "loads",
        "stringify",
        "parse",
        "String",
        "Number",
        "Boolean",
        "Object",
        "Array",
        "isArray",
        "parseInt",
        "parseFloat",
        "toString",
        "trim",
        "toLowerCase",
        "toUpperCase",
        "entries",
        "require",
        "import",
        "all",
        "allSettled",
        "then",
        "catch",
        "finally",
    )
)


class Shape(Struct, frozen=True):
    """What a handler does itself.

    ``statements`` counts those that do work, an SDK call twice; ``branches`` counts conditions, loops and the like, and
    ``depth`` adds up how deep they are. ``lines`` are the lines of its statements without those that only spell out
    literals.
    """

    statements: int
    branches: int
    depth: int
    lines: int

    @property
    def weight(self) -> int:
        """Statements and branches as one figure."""
        return self.statements + 2 * (self.branches + self.depth)


def shape(handler: Handler) -> Shape:
    """The shape of a handler's own body."""
    facts = handler.module.facts
    records: dict[int, list[CallRecord]] = {}
    for record in handler.calls:
        if record.site.module is handler.module:
            records.setdefault(id(record.site.call), []).append(record)
    statements = list(handler.statements)
    context = _context_name(handler)
    within: dict[int, list[Statement]] = {}
    for statement in statements:
        within.setdefault(statement.block, []).append(statement)
    loops = _iterating_calls(handler)
    inside = Counter(statement.function for statement in statements)
    iterated = [index for index in loops if inside[index] > 1]
    work = lines = 0
    branches = len(iterated)
    depth = sum(_depth(handler, loops[index].block, loops) for index in iterated)
    for statement in statements:
        calls = facts.calls[statement.first_call : statement.end_call]
        lines += statement.lines - statement.literal_lines
        work += _work(statement, calls, records, context)
        if statement.kind in _BRANCHING and not _is_slight(handler, statement, within, records, context):
            branches += 1
            depth += _depth(handler, statement.block, loops)
    return Shape(work, branches, depth, lines)


def _context_name(handler: Handler) -> str:
    """What the handler calls its context; nothing where it takes none."""
    names = [parameter.name for parameter in handler.definition.parameters if parameter.kind == "positional"]
    bound = 1 if handler.target is not None and handler.target.receiver is not None else 0
    return names[bound + 1] if len(names) > bound + 1 else ""


def _work(statement: Statement, calls: tuple[Call, ...], records: dict[int, list[CallRecord]], context: str) -> int:
    """How much work a statement does: nothing, something, or a call of AWS.

    What is asked of the context is none: a durable function hands its steps on to it.
    """
    if statement.kind == "raise" or not calls:
        return 0
    found = 0
    for call in calls:
        if _is_logging(call):
            return 0
        known = records.get(id(call), [])
        if any(record.operation is not None for record in known):
            return 2
        if any(record.target is not None for record in known):
            continue
        if isinstance(call.callee, Member) and isinstance(call.callee.base, Name) and call.callee.base.id == context:
            continue
        name = call.callee.name if isinstance(call.callee, Member) else getattr(call.callee, "id", "")
        if name not in _TRIVIAL:
            found = 1
    return found


def _is_logging(call: Call) -> bool:
    first, *others = dotted(call.callee).split(".")
    if first == "print" or first in _LOGGING or any(name in _LOGGING for name in others[:-1]):
        return True
    callee = call.callee
    return isinstance(callee, Member) and isinstance(callee.base, Name) and "log" in callee.base.id.lower()


def _is_slight(
    handler: Handler,
    statement: Statement,
    within: dict[int, list[Statement]],
    records: dict[int, list[CallRecord]],
    context: str,
) -> bool:
    """Whether each branch of a condition is one statement that only hands on, gives back or gives up."""
    facts = handler.module.facts
    if statement.kind not in ("if", "case"):
        return False
    for index, block in enumerate(facts.blocks):
        if block.parent != statement.block or block.kind not in ("then", "else", "case"):
            continue
        if not statement.span.contains(block.span):
            continue
        inner = within.get(index, [])
        for item in inner:
            if item.kind in _BRANCHING:
                if not (block.kind == "else" and _is_slight(handler, item, within, records, context)):
                    return False
            elif _work(item, facts.calls[item.first_call : item.end_call], records, context):
                return False
        if len(inner) > 3:
            return False
    return True


def _iterating_calls(handler: Handler) -> dict[int, Call]:
    """The functions within a handler that are called for each item, each with the call that does it."""
    facts = handler.module.facts
    found: dict[int, Call] = {}
    for call in facts.calls:
        first = call.arguments[0].value if call.arguments else None
        if isinstance(first, Closure) and isinstance(call.callee, Member) and call.callee.name in _ITERATING:
            found[first.definition] = call
    return found


def _depth(handler: Handler, block: int, loops: dict[int, Call]) -> int:
    """How many branches are around a block, itself included, ``else`` of a chain not counted."""
    blocks = list(handler.module.blocks(block))
    found = sum(item.kind in ("then", "loop", "except", "case") for item in blocks)
    call = loops.get(blocks[0].function) if blocks else None
    return found if call is None else found + 1 + _depth(handler, call.block, loops)
