"""Values of JavaScript: what methods of strings, lists and maps give, and functions of the standard library."""

from __future__ import annotations

import json
from collections.abc import Callable

from lambdalint.aws.javascript_sdk import UNMARSHALLERS
from lambdalint.code.facts import Call, Const, Member, Other
from lambdalint.project.evaluate import Activation, Interpreter, merged
from lambdalint.project.things import (
    CallSite,
    Collection,
    External,
    FunctionThing,
    Held,
    Thing,
    alternatives,
    as_value,
    holding,
    is_value,
    items_of,
    several,
)
from lambdalint.source import Span
from lambdalint.values import (
    Context,
    Entry,
    Env,
    Event,
    ListOf,
    Literal,
    MapOf,
    Text,
    Unknown,
    Value,
    concatenate,
)

ITERATING = frozenset(
    (
        "each",
        "every",
        "filter",
        "find",
        "findIndex",
        "findLast",
        "findLastIndex",
        "flatMap",
        "forEach",
        "map",
        "some",
    )
)
"""Methods that call a function for each item."""

FOLDING = frozenset(("reduce", "reduceRight"))
SORTING = frozenset(("sort", "toSorted"))
SETTLING = frozenset(("then", "catch", "finally"))
"""Methods of promises."""

TOGETHER = frozenset(("Promise.all", "Promise.any", "Promise.race"))
_SAME = frozenset(
    (
        "Object.freeze",
        "Object.seal",
        "Promise.resolve",
        "encodeURI",
        "structuredClone",
        "util.promisify",
    )
)
_DECODING = frozenset(("decodeURIComponent", "decodeURI", "unescape", "querystring.unescape"))
_PATHS = frozenset(("path.join", "path.resolve", "path.posix.join", "path.posix.resolve"))
_LISTS = frozenset(("Array.from", "Set"))
_STEPS = {
    **dict.fromkeys(UNMARSHALLERS, "@unmarshall"),
    "atob": "@base64",
    "querystring.parse": "@query",
    **dict.fromkeys(("zlib.gunzipSync", "zlib.unzipSync", "zlib.gunzip", "zlib.unzip"), "@gunzip"),
}
"""Functions that give a part of the event in another form."""

_SPACES = "@spaces"
"""The step of a text whose ``+`` have become spaces."""

_MAX_ITEMS = 200


class Written(External):
    """The JSON of something."""

    __slots__ = ("thing",)

    def __init__(self, thing: Thing, span: Span, site: CallSite) -> None:
        super().__init__("JSON.stringify()", span, site)
        self.thing = thing


# --- methods ----------------------------------------------------------------------------------------------------------

Method = Callable[[Value, list[Value], Span], Value]


def is_list_method(name: str) -> bool:
    """Whether a name is that of a method of lists that gives something of what they hold."""
    return name in _OF_LISTS


def of_list(base: Thing, name: str, arguments: list[Thing], span: Span) -> Thing:
    """What a method gives that hands on the items of a list, whatever they are."""
    value = as_value(base, span)
    if isinstance(value, Event):
        if name in _ONE_ITEM:
            return Event((*value.path, "*"), span)
        if name in ("slice", "concat") and value.path and not value.path[-1].endswith("s"):
            return _METHODS[name](value, [as_value(item) for item in arguments], span)
        return value
    if not isinstance(base, (ListOf, Held)) or not isinstance(value, ListOf):
        if name in ("slice", "concat", "at") and isinstance(value, (Literal, Text, Env)):
            return _METHODS[name](value, [as_value(item) for item in arguments], span)
        return Unknown(span)
    items = items_of(base)
    if name in _ONE_ITEM:
        index = as_value(arguments[0]) if arguments else None
        if name == "at" and isinstance(index, Literal) and isinstance(index.value, int) and not value.open:
            return items[index.value] if -len(items) <= index.value < len(items) else Literal(None, span)
        return several(list(items), span) if items else Unknown(span)
    if name == "flat":
        flat: list[Thing] = []
        for item in items:
            flat.extend(items_of(item) if isinstance(item, (ListOf, Held)) else (item,))
        return _list(flat, True, span)
    if name == "concat":
        joined = list(items)
        is_open = value.open
        for given in arguments:
            other = as_value(given)
            if isinstance(given, (ListOf, Held)) and isinstance(other, ListOf):
                joined.extend(items_of(given))
                is_open = is_open or other.open
            else:
                joined.append(given)
                is_open = is_open or not isinstance(given, (Literal, MapOf, Held))
        return _list(joined, is_open, span)
    if name == "slice" and not arguments:
        return base
    return _list(list(items), True, span)


def _list(items: list[Thing], is_open: bool, span: Span) -> Thing:
    if len(items) > _MAX_ITEMS:
        return Unknown(span)
    return holding(ListOf(tuple(as_value(item, span) for item in items), span, is_open), tuple(items))


_ONE_ITEM = frozenset(("at", "find", "findLast", "pop", "shift"))
_OF_LISTS = frozenset(
    (*_ONE_ITEM, "concat", "filter", "flat", "reverse", "slice", "sort", "splice", "toReversed", "toSorted", "values")
)


def of_value(name: str) -> Method | None:
    """What a method of a plain value gives, or None where nothing is known of it."""
    return _METHODS.get(name)


def _changing_case(step: str) -> Method:
    def apply(base: Value, arguments: list[Value], span: Span) -> Value:
        if isinstance(base, Literal) and isinstance(base.value, str):
            changed = {"lower": base.value.lower(), "upper": base.value.upper(), "strip": base.value.strip()}
            return Literal(changed[step], base.span)
        if isinstance(base, Event):
            return Event((*base.path, f"@{step}"), span)
        return base if isinstance(base, (Text, Env)) and step == "strip" else Unknown(span)

    return apply


def _replace(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Event):
        return Event((*base.path, "@replace"), span)
    if isinstance(base, Literal) and isinstance(base.value, str) and len(arguments) == 2:
        old, new = arguments
        if isinstance(old, Literal) and isinstance(new, Literal) and isinstance(old.value, str):
            return Literal(base.value.replace(old.value, str(new.value), 1), base.span)
    return Unknown(span)


def _replace_all(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Literal) and isinstance(base.value, str) and len(arguments) == 2:
        old, new = arguments
        if isinstance(old, Literal) and isinstance(new, Literal) and isinstance(old.value, str):
            return Literal(base.value.replace(old.value, str(new.value)), base.span)
    return _replace(base, arguments, span) if isinstance(base, Event) else Unknown(span)


def _split(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Context):
        return Context(f"{base.attribute}.split()", span)
    if isinstance(base, Literal) and isinstance(base.value, str) and arguments:
        separator = arguments[0]
        if isinstance(separator, Literal) and isinstance(separator.value, str) and separator.value:
            return ListOf(tuple(Literal(part, base.span) for part in base.value.split(separator.value)), span)
    return Unknown(span)


def _join(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, ListOf) and not base.open:
        separator = arguments[0] if arguments else Literal(",", span)
        parts: list[Value] = []
        for item in base.items:
            if parts:
                parts.append(separator)
            parts.append(shown(item))
        return concatenate(parts, span)
    return Unknown(span)


def _concat(base: Value, arguments: list[Value], span: Span) -> Value:
    return concatenate([shown(value) for value in (base, *arguments)], span)


def _text(base: Value, arguments: list[Value], span: Span) -> Value:
    """``toString``: what is a string, or comes out of the event, is seen through."""
    if isinstance(base, Literal):
        return shown(base) if not arguments or isinstance(base.value, str) else Unknown(span)
    return base if isinstance(base, (Event, Text, Env, Context)) else Unknown(span)


def _part(base: Value, arguments: list[Value], span: Span) -> Value:
    """A part of a string: it still comes from the same place of the event."""
    return Event((*base.path, "@part"), span) if isinstance(base, Event) else Unknown(span)


def _element(base: Value, arguments: list[Value], span: Span) -> Value:
    return Event((*base.path, "*"), span) if isinstance(base, Event) else Unknown(span)


_METHODS: dict[str, Method] = {
    "replace": _replace,
    "replaceAll": _replace_all,
    "split": _split,
    "join": _join,
    "concat": _concat,
    "toString": _text,
    "valueOf": _text,
    "slice": _part,
    "substring": _part,
    "substr": _part,
    "at": _element,
    "trim": _changing_case("strip"),
    "trimStart": _changing_case("strip"),
    "trimEnd": _changing_case("strip"),
    "toLowerCase": _changing_case("lower"),
    "toUpperCase": _changing_case("upper"),
}


def shown(value: Value) -> Value:
    """A value as part of a string."""
    if isinstance(value, Literal) and not isinstance(value.value, str):
        if value.value is None:
            return Unknown(value.span)
        if isinstance(value.value, float) and value.value.is_integer() and abs(value.value) < 1e15:
            return Literal(str(int(value.value)), value.span)
        text = str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
        return Literal(text, value.span)
    return value


def replaced(base: Value, call: Call, arguments: list[Value], span: Span) -> Value | None:
    r"""What ``text.replace(/\+/g, " ")`` gives for a part of the event; None for other calls."""
    if not isinstance(base, Event) or len(arguments) != 2:
        return None
    old, new = call.positional(0), arguments[1]
    pattern = old.parts[0].value if isinstance(old, Other) and old.parts and isinstance(old.parts[0], Const) else None
    if isinstance(old, Const) and isinstance(call.callee, Member) and call.callee.name == "replaceAll":
        pattern = {"+": r"/\+/g"}.get(str(old.value))
    if pattern not in (r"/\+/g", "/[+]/g") or not isinstance(new, Literal):
        return None
    if new.value == "%20":
        return Event((*base.path, _SPACES), span)
    if new.value != " ":
        return None
    if base.path[-1:] == ("@unquote",):
        return Event((*base.path[:-1], "@unquote_plus"), span)
    return Event((*base.path, _SPACES), span)


# --- functions --------------------------------------------------------------------------------------------------------


def of_function(run: Interpreter, path: str, call: Call, activation: Activation, span: Span) -> Thing | None:
    """What a function of the standard library gives, None where nothing is known of it."""
    first = run.argument(call, activation, 0)
    if path in _PATHS:
        return _path(run, call, activation, span)
    if path == "os.tmpdir":
        return Literal("/tmp", span)
    if first is None:
        return ListOf((), span, True) if path in ("Set", "Array") else None
    if path == "Object.assign":
        return _assigned([run.evaluate(item.value, activation) for item in call.arguments], span)
    if path == "String":
        found = [_text(as_value(option, span), [], span) for option in alternatives(first)]
        return several(list(found), span)
    if path in _SAME:
        return first
    if path == "Buffer.from":
        encoding = run.argument(call, activation, 1)
        is_base64 = isinstance(encoding, Literal) and encoding.value in ("base64", "base64url")
        return _each_event(first, "@base64", span) if is_base64 else first
    if path == "JSON.parse":
        return several([_parsed(option, span) for option in alternatives(first)], span)
    if path == "JSON.stringify":
        return Written(first, span, CallSite(activation.module, call, activation))
    if path in _DECODING:
        return several([_unquoted(option, span) for option in alternatives(first)], span)
    if path in _STEPS:
        return _each_event(first, _STEPS[path], span)
    if path in TOGETHER:
        return first if path == "Promise.all" else run.each(first, span)
    if path in ("Object.values", "Object.keys", "Object.entries"):
        return several([_of_object(option, path, span) for option in alternatives(first)], span)
    if path in _LISTS and isinstance(first, (ListOf, Held, Event)):
        if path == "Array.from" and len(call.arguments) > 1:
            return iterated(run, first, "map", call, activation, span, position=1)
        if isinstance(first, Event) or path == "Array.from":
            return first
        return _list(list(items_of(first)), len(items_of(first)) > 1, span)
    return None


def _each_event(thing: Thing, step: str, span: Span) -> Thing:
    found = [
        Event((*option.path, step), span) if isinstance(option, Event) else Unknown(span)
        for option in alternatives(thing)
    ]
    return several(list(found), span)


def _unquoted(thing: Thing, span: Span) -> Thing:
    if not isinstance(thing, Event):
        return thing if is_value(thing) else Unknown(span)
    if thing.path[-1:] == (_SPACES,):
        return Event((*thing.path[:-1], "@unquote_plus"), span)
    return Event((*thing.path, "@unquote"), span)


def _parsed(thing: Thing, span: Span) -> Thing:
    if isinstance(thing, Written):
        return thing.thing
    if isinstance(thing, Event):
        return Event((*thing.path, "@json"), span)
    if isinstance(thing, Literal) and isinstance(thing.value, str):
        try:
            return _value_of(json.loads(thing.value), span)
        except (ValueError, RecursionError):
            return Unknown(span)
    return Unknown(span)


def _value_of(data: object, span: Span) -> Value:
    if isinstance(data, dict):
        return MapOf(tuple(Entry(key, _value_of(item, span), span) for key, item in data.items()), span)
    if isinstance(data, list):
        return ListOf(tuple(_value_of(item, span) for item in data), span)
    if data is None or isinstance(data, (str, bool, float)) or (isinstance(data, int) and abs(data) < 2**62):
        return Literal(data, span)
    return Unknown(span)


def _of_object(thing: Thing, path: str, span: Span) -> Thing:
    if isinstance(thing, Event):
        return thing if path == "Object.values" else Unknown(span)
    value = as_value(thing, span)
    if not isinstance(thing, (MapOf, Held)) or not isinstance(value, MapOf):
        return Unknown(span)
    keys: list[Thing] = [Literal(entry.key, entry.key_span) for entry in value.entries]
    items = list(items_of(thing))
    if path == "Object.keys":
        return _list(keys, value.open, span)
    if path == "Object.values":
        return _list(items, value.open, span)
    return _list([_list([key, item], False, span) for key, item in zip(keys, items)], value.open, span)


def _assigned(things: list[Thing], span: Span) -> Thing:
    made: Collection = MapOf((), span)
    for thing in things:
        made = merged(made, thing)
    return made


def _path(run: Interpreter, call: Call, activation: Activation, span: Span) -> Value:
    parts: list[Value] = []
    for argument in call.arguments:
        value = Unknown(span) if argument.spread else run.value(argument.value, activation)
        if isinstance(value, Literal) and isinstance(value.value, str):
            text = value.value.removeprefix("./")
            if parts and text.startswith("/"):
                text = text.lstrip("/")
            value = Literal(text, value.span)
            if not text:
                continue
        if parts and not (isinstance(parts[-1], Literal) and str(parts[-1].value).endswith("/")):
            parts.append(Literal("/", span))
        parts.append(value)
    return concatenate(parts, span) if parts else Literal(".", span)


# --- callbacks --------------------------------------------------------------------------------------------------------


def iterated(
    run: Interpreter, base: Thing, name: str, call: Call, activation: Activation, span: Span, position: int = 0
) -> Thing:
    """What ``map`` and its like give."""
    if name in ("filter", "find", "findLast", *SORTING):
        return of_list(base, name, [], span)
    if name == "forEach":
        return Literal(None, span)
    given = call.positional(position)
    if name not in ("map", "flatMap") or given is None:
        return Unknown(span)
    each = run.each(base, span)
    found: list[Thing] = []
    for function in alternatives(run.evaluate(given, activation)):
        if isinstance(function, FunctionThing):
            result = run.given_by(function, item_arguments(base, each), call, activation)
            found.append(run.each(result, span) if name == "flatMap" else result)
        elif isinstance(function, External) and function.path in ("JSON.parse", "decodeURIComponent", "String"):
            found.append(_parsed(each, span) if function.path == "JSON.parse" else _unquoted(each, span))
    return _list(found, True, span) if found else Unknown(span)


def item_arguments(base: Thing, each: Thing) -> list[Thing | None]:
    """What ``map`` and its like call a function with: the item, its index and the list."""
    return [each, Unknown(), base if is_value(base) or isinstance(base, Held) else Unknown()]


def settled(run: Interpreter, base: Thing, name: str, call: Call, activation: Activation, span: Span) -> Thing:
    """What ``promise.then(…)`` gives, with promises seen through."""
    given = call.positional(0)
    if name != "then" or given is None:
        return base
    found: list[Thing] = []
    for function in alternatives(run.evaluate(given, activation)):
        if isinstance(function, FunctionThing):
            found.append(run.given_by(function, [base], call, activation))
        elif isinstance(function, External) and function.path == "JSON.parse":
            found.extend(_parsed(option, span) for option in alternatives(base))
        elif not isinstance(function, Literal):
            found.append(Unknown(span))
    return several(found, span) if found else base
