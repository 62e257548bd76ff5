"""Where a module uses a name as a value."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.code.facts import Expression, Name, walk
from lambdalint.project.codebase import ModuleIndex


def is_used(module: ModuleIndex, name: str, inside: frozenset[int] | None = None) -> bool:
    """Whether a name is used as a value, anywhere in a module or only in some of its definitions.

    Of TypeScript, uses as a type are none.
    """
    return any(
        isinstance(part, Name) and part.id == name
        for expression in expressions(module, inside)
        for part in walk(expression)
    )


def nested(module: ModuleIndex, index: int) -> frozenset[int]:
    """A definition with all those within it."""
    found = {index}
    for number, definition in enumerate(module.facts.definitions):
        if definition.parent in found:
            found.add(number)
    return frozenset(found)


def expressions(module: ModuleIndex, inside: frozenset[int] | None = None) -> Iterator[Expression | None]:
    """The expressions of a module, or only of some of its definitions; those within others are not given apart."""
    facts = module.facts

    def counts(function: int) -> bool:
        return inside is None or function in inside

    for call in facts.calls:
        if counts(call.function):
            yield call.callee
            yield from (argument.value for argument in call.arguments)
    for binding in facts.bindings:
        if counts(binding.function):
            yield from (binding.value, binding.base, binding.key)
    yield from (item.value for item in facts.returns if counts(item.function))
    yield from (item.value for item in facts.raises if counts(item.function))
    for block in facts.blocks:
        if counts(block.function):
            yield block.test
    for export in facts.exports:
        if counts(export.function):
            yield export.value
    for index, definition in enumerate(facts.definitions):
        if counts(index) or counts(definition.parent):
            yield from (*definition.decorators, *definition.bases)
            yield from (parameter.default for parameter in definition.parameters)
