"""Attributes that code reads from the context object although it does not have them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws import context as contexts
from lambdalint.code.facts import MODULE, Choice, Expression, Format, Item, Member, Name, Other, has_parts, walk
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, Activation
from lambdalint.project.model import Handler
from lambdalint.project.names import expressions, nested
from lambdalint.project.receivers import is_used_by_code, receivers
from lambdalint.project.things import FunctionThing, Thing, alternatives
from lambdalint.source import Span
from lambdalint.values import Context, Unknown

CONTEXT_POSITION = 1
SHORT = 3
"""So many statements at most are in a ``try`` that is only there for one of them."""

_ASKING = frozenset(("hasattr", "getattr", "setattr", "delattr", "Object.defineProperty", "Reflect.has"))
_ALL_ERRORS = frozenset(("BaseException", "Exception"))


class Missing(Struct, frozen=True):
    """A read of an attribute that is not there.

    ``part`` is the attribute of the context that it is read from, nothing for the context itself. ``right`` is the name
    that was meant, where that is clear. ``fails``: the read itself ends the invocation, or the call of what it gives.
    """

    name: str
    part: str
    right: str
    span: Span
    is_called: bool
    fails: bool
    edit: Edit | None


class _Read(Struct, frozen=True):
    member: Member
    block: int
    is_called: bool
    is_asked: bool
    is_shown: bool


def missing(handler: Handler) -> tuple[Missing, ...]:
    """What a handler, and what it hands its context to, reads from that without finding it; each place once."""
    if handler.language not in contexts.NAMES or not _is_plain(handler) or _leaves_alone(handler.target):
        return ()
    found: dict[Span, Missing] = {}
    places: dict[Span, bool] = {}
    for activation in handler.run.activations:
        if activation.phase != INVOKE or activation.possible:
            continue
        module, index = activation.module, activation.index
        known = module.told(_reads_by_function)
        if index not in known:
            known[index] = tuple(_reads(module, index))
        for read in known[index]:
            at = module.at(read.member.span)
            things = alternatives(handler.run.evaluate(read.member.base, activation))
            part = _part(things)
            if part is None:
                # of what is unknown, it may be the context all the same
                places[at] = places.get(at, True) and all(isinstance(thing, Unknown) for thing in things)
                continue
            places.setdefault(at, True)
            judged = _missing(handler, activation, read, part) if at not in found else None
            if judged is not None:
                found[at] = judged
    return tuple(item for at, item in found.items() if places[at])


def _is_plain(handler: Handler) -> bool:
    """Whether the handler certainly gets the context as Lambda makes it, and no other one."""
    if not handler.functions and (not handler.is_for_lambda or is_used_by_code(handler)):
        return False
    if handler.language == "python":
        received = receivers(handler)
        if len(received) != 1 or not received[0].is_result:
            return False
        parameters = [item for item in received[0].function.definition.parameters if item.kind == "positional"]
        bound = 1 if received[0].function.receiver is not None else 0
        given = parameters[bound + CONTEXT_POSITION : bound + CONTEXT_POSITION + 1]
        return all(item.annotation is None or _last_name(item.annotation) in contexts.TYPES for item in given)
    return not handler.is_wrapped and len(handler.named) == 1 and isinstance(handler.named[0], FunctionThing)


def _leaves_alone(function: FunctionThing | None) -> bool:
    """Whether a function certainly only reads from its second parameter what a context has, and hands it on nowhere."""
    if function is None or function.is_partial or function.skipped:
        return False
    definition = function.definition
    if definition.decorators or definition.is_generator:
        return False
    is_bound = function.receiver is not None and function.module.facts.language == "python"
    parameters = definition.parameters[1 if is_bound else 0 :]
    if len(parameters) != CONTEXT_POSITION + 1 or any(item.kind != "positional" for item in parameters):
        return False
    name, known = parameters[-1].name, contexts.NAMES[function.module.facts.language]
    uses = reads = 0
    for expression in expressions(function.module, nested(function.module, function.index)):
        for part in walk(expression):
            if type(part) is Name:
                uses += part.id in (name, "arguments")
            elif type(part) is Member and type(part.base) is Name and part.base.id == name:
                reads += part.name in known[""] and part.name not in known
    return uses == reads


def _last_name(annotation: Expression) -> str:
    value = getattr(annotation, "value", None)
    if isinstance(value, str):
        return value.rpartition(".")[2]
    return annotation.name if isinstance(annotation, Member) else getattr(annotation, "id", "")


def _part(things: tuple[Thing, ...]) -> str | None:
    """The part of the context that something certainly is, or None."""
    thing = things[0] if len(things) == 1 else None
    return thing.attribute if isinstance(thing, Context) else None


def _missing(handler: Handler, activation: Activation, read: _Read, part: str) -> Missing | None:
    names = contexts.NAMES[handler.language].get(part)
    name = read.member.name
    if names is None or name in names or name.startswith("_"):
        return None
    right = contexts.right_name(name, handler.language, part)
    is_python = handler.language == "python"
    if not right and (not is_python or not handler.functions):
        return None
    if read.is_asked and not is_python:
        return None
    if any(_is_set_or_asked_for(module, name) for module in handler.modules):
        return None
    if _is_guarded(activation.module, read.block):
        return None
    edit = _edit(handler.language, activation.module, read, right) if right else None
    at = activation.module.at(read.member.span)
    return Missing(name, part, right, at, read.is_called, is_python or read.is_called, edit)


def _is_set_or_asked_for(module: ModuleIndex, name: str) -> bool:
    """Whether a module sets an attribute of a name, of anything, or asks by that name whether it is there."""
    if module.members.get(name):
        return True
    return any(item.value == name and item.callee in _ASKING for item in module.facts.strings)


def _is_guarded(module: ModuleIndex, block: int) -> bool:
    """Whether the failure of a read is caught by what is there for that."""
    blocks = module.facts.blocks
    function = blocks[block].function
    while block >= 0 and blocks[block].function == function:
        if blocks[block].kind == "try":
            caught = [item for _, item in module.catchers(block)]
            names = {getattr(part, "id", "") for item in caught for part in walk(item.test)}
            if "AttributeError" in names:
                return True
            if any(item.test is None for item in caught) or names & _ALL_ERRORS:
                inside = [item for item in module.facts.statements if item.block == block]
                if len(inside) <= SHORT:
                    return True
        block = blocks[block].parent
    return False


def _edit(language: str, module: ModuleIndex, read: _Read, right: str) -> Edit | None:
    """What writes the right name, where it is used as the wrong one is."""
    member = read.member
    base, span = member.base.span, member.span
    if "#" in module.path or read.is_shown or (right in contexts.METHODS[language]) is not read.is_called:
        return None
    if (base.line, base.column) != (span.line, span.column) or span.end_column <= len(member.name):
        return None
    start = span.end_column - len(member.name)
    return Edit(module.at(Span("", span.end_line, start, span.end_line, span.end_column)), right)


# --- reads ----------------------------------------------------------------------------------------------------------


def _reads_by_function(module: ModuleIndex) -> dict[int, tuple[_Read, ...]]:
    """The reads that were looked for in a module, by function; for now none."""
    del module
    return {}


def _reads(module: ModuleIndex, function: int) -> Iterator[_Read]:
    """The reads in a function of attributes that no context has."""
    known = contexts.NAMES[module.facts.language][""]
    for expression, block, is_callee, is_test in _expressions(module, function):
        if not has_parts(expression):
            continue
        parts = list(walk(expression))
        read = [
            part
            for part in parts
            if type(part) is Member and part.name not in known and _may_be_given(module, function, part.base)
        ]
        if not read:
            continue
        asked = {id(inner) for part in parts for inner in _asked(part)}
        shown = {id(inner) for part in parts if isinstance(part, Format) for inner in walk(part)}
        for part in read:
            yield _Read(part, block, is_callee and part is expression, is_test or id(part) in asked, id(part) in shown)


def _may_be_given(module: ModuleIndex, function: int, base: Expression) -> bool:
    """Whether something may be what a function is given, or a part of it: not what a module has from its start."""
    if type(base) is not Name:
        return type(base) is Member
    if module.owner(base.id, function) != MODULE:
        return True
    return any(binding.function != MODULE for binding in module.bindings.get((MODULE, base.id), ()))


def _asked(part: Expression) -> Iterator[Expression]:
    """What an expression does something else for, where it is not there."""
    if isinstance(part, Choice):
        for option in (*part.options[:-1], *((part.test,) if part.test is not None else ())):
            yield from walk(option)
    elif isinstance(part, Other) and part.kind in ("and", "or", "not", "compare", "is", "typeof"):
        yield from walk(part)


def _expressions(module: ModuleIndex, function: int) -> Iterator[tuple[Expression, int, bool, bool]]:
    """The expressions of a function with their blocks; whether each is called, and whether it is a condition."""
    facts = module.facts
    for number in module.calls.get(function, []):
        call = facts.calls[number]
        if not module.is_script(call):
            yield call.callee, call.block, True, False
            for argument in call.arguments:
                yield argument.value, call.block, False, False
    for binding in module.bindings_in.get(function, ()):
        yield binding.value, binding.block, False, False
        if isinstance(binding.base, (Name, Member, Item)):
            yield binding.base, binding.block, False, False
        if binding.key is not None:
            yield binding.key, binding.block, False, False
    for given in module.returns.get(function, []):
        if given.value is not None:
            yield given.value, given.block, False, False
    for raised in module.raises.get(function, []):
        if raised.value is not None:
            yield raised.value, raised.block, False, False
    for index, block in module.function_blocks.get(function, []):
        if block.test is not None and block.kind != "except":
            yield block.test, block.parent if block.kind in ("then", "else", "case") else index, False, True
