"""Text edits of the arguments of calls: one taken away, one added."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.timeouts import Waiting
from lambdalint.code.facts import Argument, Call, Const, Name, Object, walk
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.edits import Brackets, text_at, with_item, without_item
from lambdalint.project.model import Handler
from lambdalint.project.timeouts import Unbounded, seconds
from lambdalint.source import Source, Span

USUAL_SECONDS = 10
_TIMEOUT = "timeout"
_FETCHES = ("Node.js", "node-fetch", "undici")
_OWN_OBJECT = "aiohttp"


def without_given(handler: Handler, span: Span, value: str) -> Edit | None:
    """The edit that takes a string away that is an argument of a call, or stands under a key of one.

    There is none where the string is given in some other way, or where another positional argument follows.
    """
    for module in handler.modules:
        if module.facts.file != span.path:
            continue
        source = handler.project.source(span.path)
        if source is None or text_at(source, span) not in (f'"{value}"', f"'{value}'", f"`{value}`"):
            return None
        for call in module.facts.calls:
            for index, argument in enumerate(call.arguments):
                if module.at(argument.value.span) == span and not argument.spread:
                    return _without_argument(source, call, index, span)
                for part in walk(argument.value):
                    if isinstance(part, Object):
                        for field in part.fields:
                            if isinstance(field.key, Const) and module.at(field.value.span) == span:
                                return without_item(source, module.at(field.key.span).to(span))
    return None


def _without_argument(source: Source, call: Call, index: int, span: Span) -> Edit | None:
    argument = call.arguments[index]
    if not argument.name:
        later = call.arguments[index + 1 :]
        return without_item(source, span) if all(item.name or item.spread for item in later) else None
    start = source.offset(span.line, span.column)
    before = source.text[:start].rstrip()
    named = before.removesuffix("=").rstrip()
    if before == named or not named.endswith(argument.name):
        return None
    return without_item(
        source, source.span(len(named) - len(argument.name), source.offset(span.end_line, span.end_column))
    )


def with_timeout(handler: Handler, item: Unbounded) -> Edit | None:
    """The edit that gives an HTTP call, or what its client is made by, a timeout that the function survives."""
    found = next(_calls_at(handler, item.span), None)
    if found is None:
        return None
    module, call = found
    source = handler.project.source(module.facts.file)
    if source is None or any(argument.spread for argument in call.arguments):
        return None
    if item.waiting.options < 0:
        return _in_python(handler, item, source, module, call)
    return _in_javascript(handler, item.waiting, source, module, call) if not item.off else None


def _calls_at(handler: Handler, span: Span) -> Iterator[tuple[ModuleIndex, Call]]:
    for module in handler.modules:
        if module.facts.file == span.path:
            yield from ((module, call) for call in module.facts.calls if module.at(call.span) == span)


def _limit(handler: Handler) -> int:
    """Seconds to wait: the usual ones, or half of what the function may run."""
    known = [limit for function in handler.functions for limit in seconds(function)]
    shortest = min(known, default=0)
    return max(1, int(shortest / 2)) if 0 < shortest <= USUAL_SECONDS else USUAL_SECONDS


def _in_python(handler: Handler, item: Unbounded, source: Source, module: ModuleIndex, call: Call) -> Edit | None:
    if _TIMEOUT not in item.waiting.names or item.waiting.library == _OWN_OBJECT:
        return None
    limit = str(_limit(handler))
    own = call.keyword(_TIMEOUT)
    if own is not None:
        is_nothing = isinstance(own, Const) and own.value is None
        return Edit(module.at(own.span), limit) if is_nothing else None
    if item.off:
        return None
    return _appended(source, module, call, f"{_TIMEOUT}={limit}")


def _in_javascript(handler: Handler, waiting: Waiting, source: Source, module: ModuleIndex, call: Call) -> Edit | None:
    milliseconds = _limit(handler) * 1000
    if waiting.library in _FETCHES and "AbortSignal" in waiting.write:
        option = f"signal: AbortSignal.timeout({milliseconds})"
    elif waiting.library == "axios":
        option = f"{_TIMEOUT}: {milliseconds}"
    else:
        return None
    given = call.arguments
    at = waiting.options
    if len(given) > at:
        options = given[at].value
        if len(given) > at + 1 or not isinstance(options, Object) or _is_open(options):
            return None
        return with_item(source, _of_object(module, options), option)
    if len(given) < at or (waiting.url == at and not _is_client(call)):
        return None
    return _appended(source, module, call, f"{{ {option} }}")


def _is_client(call: Call) -> bool:
    return not call.arguments and not isinstance(call.callee, Name)


def _is_open(options: Object) -> bool:
    return any(field.key is None for field in options.fields)


def _of_object(module: ModuleIndex, item: Object) -> Brackets:
    if not item.fields:
        return Brackets(module.at(item.span))
    first, last = item.fields[0], item.fields[-1]
    start = first.key.span if first.key is not None else first.value.span
    key = last.key.span if last.key is not None else last.value.span
    return Brackets(module.at(item.span), module.at(start), module.at(key.to(last.value.span)))


def _appended(source: Source, module: ModuleIndex, call: Call, item: str) -> Edit | None:
    """The edit that adds an argument as the last one."""
    given: tuple[Argument, ...] = call.arguments
    places = [module.at(argument.value.span) for argument in given]
    around = Brackets(module.at(call.span), places[0], places[-1]) if places else Brackets(module.at(call.span))
    return with_item(source, around, item)
