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
    for function in range(len(facts.definitions)) if inside is None else inside:
        for number in module.calls.get(function, ()):
            call = facts.calls[number]
            yield call.callee
            for argument in call.arguments:
                yield argument.value
        for returned in module.returns.get(function, ()):
            yield returned.value
        for raised in module.raises.get(function, ()):
            yield raised.value
        for _, block in module.function_blocks.get(function, ()):
            yield block.test
    for binding in facts.bindings:
        if inside is None or binding.function in inside:
            yield from (binding.value, binding.base, binding.key)
    for export in facts.exports:
        if inside is None or export.function in inside:
            yield export.value
    for index, definition in enumerate(facts.definitions):
        if inside is None or index in inside or definition.parent in inside:
            yield from (*definition.decorators, *definition.bases)
            yield from (parameter.default for parameter in definition.parameters)
