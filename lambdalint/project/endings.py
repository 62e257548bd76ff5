"""Whether a function may end without a ``return``, and where."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.code.facts import Block, Const, Member, Name, Result, Statement, dotted
from lambdalint.project.codebase import ModuleIndex
from lambdalint.source import Span

MAX_DEPTH = 60

_NEVER_RETURN = frozenset(("sys.exit", "os._exit", "os.abort", "exit", "quit", "process.exit", "process.abort"))


class Ending(Struct, frozen=True):
    """How the statements of a block end. ``is_open``: they may be left at the end; None where that can't be told.

    ``span`` is the last statement of the way that does so, or the whole block where that has none.
    """

    is_open: bool | None
    span: Span


def ending(module: ModuleIndex, function: int) -> Ending:
    """How a function ends."""
    body = next((index for index, block in module.function_blocks.get(function, []) if block.kind == "body"), None)
    definition = module.definition(function)
    if body is None:
        return Ending(None, module.at(definition.span))
    reader = _Reader(module, function)
    if not reader.statements and module.returns.get(function):
        return Ending(False, module.at(definition.span))  # its body is an expression
    return reader.block(body, 0)


class _Reader:
    def __init__(self, module: ModuleIndex, function: int) -> None:
        self.module = module
        self.function = function
        self.statements: dict[int, list[Statement]] = {}
        for statement in module.facts.statements:
            if statement.function == function:
                self.statements.setdefault(statement.block, []).append(statement)
        known = [statement.span for found in self.statements.values() for statement in found]
        self.tells_places = len(known) == len(set(known))
        """Whether places tell what stands within what; code given inline may have one place for all."""

    def block(self, index: int, depth: int) -> Ending:
        found = self.statements.get(index)
        if not found:
            return Ending(True, self.module.at(self.module.facts.blocks[index].span))
        last = _last(found)
        if depth > MAX_DEPTH:
            return Ending(None, self.module.at(last.span))
        return self._statement(last, depth)

    def _statement(self, statement: Statement, depth: int) -> Ending:
        at = self.module.at(statement.span)
        if statement.kind in ("return", "raise"):
            return Ending(False, at)
        if not self.tells_places and statement.kind in ("if", "try", "with", "loop"):
            return Ending(None, at)
        inner = list(self._inner(statement))
        if statement.kind == "if":
            ends = [self.block(index, depth + 1) for index, block in inner if block.kind in ("then", "else")]
            return _together(ends, at) if len(ends) > 1 else Ending(True, at)
        if statement.kind == "try":
            return self._try(inner, at, depth)
        if statement.kind == "with":
            return _together([self.block(index, depth + 1) for index, _ in inner], at)
        if statement.kind == "loop":
            return self._loop(inner, at, depth)
        if statement.kind == "case":
            return Ending(None, at)
        if statement.kind == "call" and self._never_returns(statement):
            return Ending(False, at)
        return Ending(True, at)

    def _inner(self, statement: Statement) -> Iterator[tuple[int, Block]]:
        """The blocks of a statement, one level down."""
        at = self.module.at(statement.span)
        for index, block in self.module.function_blocks.get(self.function, []):
            if block.parent == statement.block and at.contains(self.module.at(block.span)):
                yield index, block

    def _try(self, inner: list[tuple[int, Block]], at: Span, depth: int) -> Ending:
        ends = {kind: [self.block(index, depth + 1) for index, block in inner if block.kind == kind] for kind in _TRY}
        if any(end.is_open is False for end in ends["finally"]):
            return Ending(False, at)
        return _together([*(ends["else"] or ends["try"]), *ends["except"]], at)

    def _loop(self, inner: list[tuple[int, Block]], at: Span, depth: int) -> Ending:
        tests = [block.test for _, block in inner if block.kind == "loop"]
        if any(isinstance(test, Const) and test.value for test in tests):
            return Ending(None, at)
        bodies = [self.block(index, depth + 1) for index, block in inner if block.kind == "loop"]
        if any(end.is_open is not True for end in bodies):
            return Ending(None, at)
        return Ending(True, at)

    def _never_returns(self, statement: Statement) -> bool:
        """Whether a statement is the call of something that ends the process, or that always fails."""
        for index in range(statement.first_call, statement.end_call):
            callee = self.module.facts.calls[index].callee
            if isinstance(callee, (Name, Member)) and dotted(callee) in _NEVER_RETURN:
                return True
            if isinstance(callee, Name) and self._always_fails(callee.id):
                return True
            if isinstance(callee, Result):
                return False
        return False

    def _always_fails(self, name: str) -> bool:
        target = self.module.top(name)
        if target is None or target == self.function or self.module.definition(target).kind != "function":
            return False
        return not self.module.returns.get(target) and _Reader(self.module, target).ends_by_failing(target)

    def ends_by_failing(self, function: int) -> bool:
        """Whether the last statement of a function's body is a ``raise``."""
        body = next(
            (index for index, block in self.module.function_blocks.get(function, []) if block.kind == "body"), -1
        )
        found = self.statements.get(body)
        return bool(found) and _last(found or []).kind == "raise"


def _last(statements: list[Statement]) -> Statement:
    """The last of a block's statements, which stand in their order where places don't tell it."""
    return max(enumerate(statements), key=lambda item: (item[1].span.line, item[1].span.column, item[0]))[1]


_TRY = ("try", "else", "except", "finally")


def _together(ends: list[Ending], at: Span) -> Ending:
    for wanted in (True, None):
        for end in ends:
            if end.is_open is wanted:
                return end
    return Ending(False, at) if ends else Ending(None, at)
