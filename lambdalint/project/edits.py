"""Text edits for fixes, made from what is known of the code; nothing where the code's text would have to be known."""

from __future__ import annotations

from lambdalint.code.facts import MODULE, Expression, Member
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.source import Span
from lambdalint.templates.cloudformation import Resource


def wrapped(span: Span, before: str, after: str) -> tuple[Edit, ...]:
    """Puts something before and behind what stands at a place."""
    start = Span(span.path, span.line, span.column, span.line, span.column)
    end = Span(span.path, span.end_line, span.end_column, span.end_line, span.end_column)
    return (Edit(start, before), Edit(end, after))


def property_before(resource: Resource, names: tuple[str, ...], text: str) -> tuple[Edit, ...]:
    """Puts a line into the properties of a resource, before the first of some that stand in lines of their own."""
    found = [item.key_span for name in names if (item := resource.get(name)) is not None]
    own = [at for at in found if at.line and resource.body.contains(at)]
    lines = {at.line for at in own}
    if len(own) < 2 or len(lines) < 2 or len({at.column for at in own}) > 1 or own[0].column == 1:
        return ()
    at = min(own)
    return (Edit(Span(at.path, at.line, at.column, at.line, at.column), f"{text}\n{' ' * (at.column - 1)}"),)


def python_name(module: ModuleIndex, package: str, symbol: str) -> tuple[str, tuple[Edit, ...]] | None:
    """How a Python module calls what a package offers, with the edits that import it if nothing has done so yet."""
    for imported in module.facts.imports:
        if imported.function == MODULE and not imported.guarded and imported.module == package and imported.name:
            if imported.symbol == symbol:
                return imported.name, ()
            if not imported.symbol:
                own = imported.name != package.partition(".")[0]
                return f"{imported.name if own else package}.{symbol}", ()
    if symbol in module.definition(MODULE).locals or "#" in module.path:
        return None
    for imported in module.facts.imports:
        at = module.at(imported.span)
        is_plain = imported.function == MODULE and not imported.symbol and not imported.guarded
        if is_plain and at.column == len("import ") + 1:
            start = Span(at.path, at.line, 1, at.line, 1)
            return symbol, (Edit(start, f"from {package} import {symbol}\n"),)
    return None


def stands_alone(module: ModuleIndex, span: Span) -> bool:
    """Whether what a value came from is an expression in the code, not a name that destructuring binds."""
    return all(
        _is_written_out(binding.value) for binding in module.facts.bindings if module.at(binding.value.span) == span
    )


def _is_written_out(expression: Expression) -> bool:
    if isinstance(expression, Member):
        at, base = expression.span, expression.base.span
        return (at.line, at.column) == (base.line, base.column)
    return True
