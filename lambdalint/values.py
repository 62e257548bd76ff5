"""What an expression may evaluate to, in a template or in code: one lattice for both sides.

Linking is substitution: an :class:`Env` in code is replaced by the function's environment value, a :class:`Ref`
leads to a resource. Every value keeps the place that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lambdalint.source import NOWHERE, Data, Span

Scalar = str | int | float | bool | None


class Literal(Data, frozen=True, tag="literal"):
    """A scalar known for certain."""

    value: Scalar
    span: Span = NOWHERE


class ListOf(Data, frozen=True, tag="list"):
    """A list; the items are values of their own. ``open`` says that their number is not known."""

    items: tuple[Value, ...]
    span: Span = NOWHERE
    open: bool = False


class Entry(Data, frozen=True):
    """One key of a map with its value."""

    key: str
    value: Value
    key_span: Span = NOWHERE


class MapOf(Data, frozen=True, tag="map"):
    """A map of known keys. ``open`` says that further, unknown keys may be there."""

    entries: tuple[Entry, ...]
    span: Span = NOWHERE
    open: bool = False

    def get(self, key: str) -> Value | None:
        """The value of a key, or None where the map does not have it."""
        entry = self.entry(key)
        return entry.value if entry else None

    def entry(self, key: str) -> Entry | None:
        """The entry of a key; the last one wins, as in Python, YAML and JavaScript."""
        for entry in reversed(self.entries):
            if entry.key == key:
                return entry
        return None


class Ref(Data, frozen=True, tag="ref"):
    """A resource of a template, or an attribute of it.

    Without ``attribute`` it is what ``Ref`` gives, which depends on the type. ``template`` is the path of
    the template that declares the resource. Pseudo parameters (``AWS::Region``) are references without template.
    """

    name: str
    attribute: str = ""
    template: str = ""
    span: Span = NOWHERE


class Parameter(Data, frozen=True, tag="parameter"):
    """A template's parameter, with what is known of the values it may have."""

    name: str
    template: str
    default: Literal | None = None
    allowed: tuple[Literal, ...] = ()
    no_echo: bool = False
    kind: str = "String"
    span: Span = NOWHERE


class Text(Data, frozen=True, tag="text"):
    """A string of parts, some known, some not."""

    parts: tuple[Value, ...]
    span: Span = NOWHERE


class OneOf(Data, frozen=True, tag="one-of"):
    """Several possibilities: branches of a condition. Alternatives are never combined with those of other values."""

    options: tuple[Value, ...]
    span: Span = NOWHERE


class Env(Data, frozen=True, tag="env"):
    """An environment variable, as code reads it. ``default`` is what the code falls back to."""

    name: str
    default: Value | None = None
    span: Span = NOWHERE


class Event(Data, frozen=True, tag="event"):
    """A part of the event that the handler receives.

    Steps of ``path``: keys; ``*`` for any index; steps that begin with ``@`` name a transformation on the way
    (``@json``: parsed, ``@unquote``: URL-decoded).
    """

    path: tuple[str, ...] = ()
    span: Span = NOWHERE


class Context(Data, frozen=True, tag="context"):
    """An attribute of the context object that the handler receives; the object itself when empty."""

    attribute: str = ""
    span: Span = NOWHERE


class Absent(Data, frozen=True, tag="absent"):
    """No value at all (``AWS::NoValue``): the property counts as not set."""

    span: Span = NOWHERE


class Unknown(Data, frozen=True, tag="unknown"):
    """Anything."""

    span: Span = NOWHERE


Value = Literal | ListOf | MapOf | Ref | Parameter | Text | OneOf | Env | Event | Context | Absent | Unknown

MAX_OPTIONS = 24
MAX_DEPTH = 40
MAX_PARTS = 64
MAX_TEXT = 20_000


def options(value: Value | None) -> Iterator[Value]:
    """The possibilities of a value, branches flattened; a parameter stands for itself."""
    if type(value) is OneOf:
        return (inner for option in value.options for inner in options(option))
    return iter(()) if value is None else iter((value,))


def candidates(value: Value | None) -> Iterator[Value]:
    """As :func:`options`, but a parameter stands for its allowed values and its default, where it has any."""
    for option in options(value):
        if isinstance(option, Parameter):
            known = list(option.allowed)
            if option.default is not None and all(item.value != option.default.value for item in known):
                known.insert(0, option.default)
            yield from known
            if not known:
                yield option
        else:
            yield option


def literals(value: Value | None) -> Iterator[Literal]:
    """The scalars that a value may be; possibilities that are not known are left out."""
    for option in candidates(value):
        if isinstance(option, Literal):
            yield option


def constant(value: Value | None) -> Scalar:
    """The one scalar that a value certainly is, or None. A parameter is not certain, whatever its default."""
    return value.value if isinstance(value, Literal) else None


def written(scalar: Scalar) -> str:
    """A scalar as AWS writes it where it wants a string."""
    return str(scalar).lower() if isinstance(scalar, bool) else "" if scalar is None else str(scalar)


def text(value: Value | None) -> str | None:
    """The one string that a value certainly is, or None."""
    found = constant(value)
    return found if isinstance(found, str) else None


def number(value: Value | None) -> float | None:
    """The number of a literal; templates may write it as a string. None where it is not one."""
    found = constant(value)
    if isinstance(found, bool) or found is None:
        return None
    try:
        return float(found)
    except (ValueError, OverflowError):
        return None


def truth(value: Value | None) -> bool | None:
    """The boolean of a literal; templates may write it as a string. None where it is not one."""
    found = constant(value)
    if isinstance(found, bool):
        return found
    if isinstance(found, str) and found.lower() in ("true", "false"):
        return found.lower() == "true"
    return None


def one_of(values: list[Value], span: Span) -> Value:
    """The value that is one of ``values``; equal ones count once."""
    flat: list[Value] = []
    seen: set[object] = set()
    for value in values:
        for option in options(value) if type(value) is OneOf else (value,):
            if type(option) is Unknown:
                key: tuple[object, ...] = ("unknown",)
            else:
                key = identity(option, exact=True) or ("", id(option))
            if key not in seen:
                seen.add(key)
                flat.append(option)
    if len(flat) == 1:
        return flat[0]
    if not flat or len(flat) > MAX_OPTIONS:
        return Unknown(span)
    return OneOf(tuple(flat), span)


def concatenate(parts: list[Value], span: Span) -> Value:
    """The string made of ``parts``: neighbouring known parts become one."""
    flat: list[Value] = []
    for part in parts:
        inner = part.parts if isinstance(part, Text) else (part,)
        for piece in inner:
            if isinstance(piece, Literal):
                shown = written(piece.value)
                if flat and isinstance(flat[-1], Literal):
                    last = flat[-1]
                    flat[-1] = Literal(f"{last.value}{shown}", last.span)
                else:
                    flat.append(Literal(shown, piece.span))
            else:
                flat.append(piece)
        if len(flat) > MAX_PARTS or (flat and isinstance(flat[-1], Literal) and len(str(flat[-1].value)) > MAX_TEXT):
            return Text((flat[0], Unknown(span)), span) if len(flat) > MAX_PARTS else Unknown(span)
    flat = [piece for piece in flat if not (isinstance(piece, Literal) and piece.value == "")]
    if not flat:
        return Literal("", span)
    if len(flat) == 1 and isinstance(flat[0], Literal):
        return Literal(flat[0].value, span)
    return Text(tuple(flat), span)


def member(value: Value | None, key: str) -> Value | None:
    """What a value has under a key: None where it certainly has nothing there."""
    if isinstance(value, MapOf):
        found = value.get(key)
        if found is None and value.open:
            return Unknown(value.span)
        return found
    if isinstance(value, OneOf):
        found_options: list[Value] = []
        for option in options(value):
            found = member(option, key)
            found_options.append(Absent(option.span) if found is None else found)
        if all(isinstance(option, Absent) for option in found_options):
            return None
        return one_of(found_options, value.span)
    if isinstance(value, (Literal, ListOf, Text, Absent)) or value is None:
        return None
    return Unknown(value.span)


def one_map(value: Value | None) -> MapOf | None:
    """A value as one map, each key with all that it may have; None if it may be something else than a map."""
    possible = list(options(value))
    maps = [option for option in possible if isinstance(option, MapOf)]
    if not maps or len(maps) < len(possible):
        return None
    if len(maps) == 1:
        return maps[0]
    entries: list[Entry] = []
    for key in dict.fromkeys(entry.key for option in maps for entry in option.entries):
        given = [member(option, key) or Absent(option.span) for option in maps]
        first = next(entry for option in maps if (entry := option.entry(key)) is not None)
        entries.append(Entry(key, one_of(given, first.value.span), first.key_span))
    return MapOf(tuple(entries), maps[0].span, any(option.open for option in maps))


def parts(value: Value) -> tuple[Value, ...]:
    """What a value is made of: items, what stands under keys, pieces of a string, possibilities."""
    if isinstance(value, MapOf):
        return tuple(entry.value for entry in value.entries)
    if isinstance(value, ListOf):
        return value.items
    if isinstance(value, Text):
        return value.parts
    return value.options if isinstance(value, OneOf) else ()


def strings(value: Value | None, depth: int = 0) -> Iterator[str]:
    """The keys and scalars anywhere in a value, as text."""
    if isinstance(value, Literal):
        yield written(value.value)
    if value is None or depth > MAX_DEPTH:
        return
    if isinstance(value, MapOf):
        for entry in value.entries:
            yield entry.key
    for part in parts(value):
        yield from strings(part, depth + 1)


def prefix(value: Value | None) -> str:
    """The known beginning of a string."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Text):
        return prefix(value.parts[0])
    return ""


def suffix(value: Value | None) -> str:
    """The known end of a string."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Text):
        return suffix(value.parts[-1])
    return ""


def is_known(value: Value | None) -> bool:
    """Whether nothing in the value is left open."""
    if isinstance(value, Literal):
        return True
    if isinstance(value, ListOf):
        return not value.open and all(is_known(item) for item in value.items)
    if isinstance(value, MapOf):
        return not value.open and all(is_known(entry.value) for entry in value.entries)
    return False


def identity(value: Value | None, depth: int = 0, *, exact: bool = False) -> tuple[object, ...] | None:
    """A key that two values share only if they are the same thing wherever they are evaluated, or None if unsure.

    The place does not count. References of different templates differ, parameters too: linking replaces those that
    are joined before it asks. Parts of the event are the same however they were transformed, unless ``exact``.
    """
    if isinstance(value, Literal):
        known = value.value
        return ("literal", known if isinstance(known, str) else written(known))
    if type(value) not in _WITH_IDENTITY:
        return None
    if isinstance(value, Ref):
        return ("ref", value.template, value.name, value.attribute)
    if isinstance(value, Parameter):
        return ("parameter", value.template, value.name)
    if isinstance(value, Env):
        return ("env", value.name)
    if isinstance(value, Event):
        return ("event", *(step for step in value.path if exact or not step.startswith("@")))
    if isinstance(value, Context):
        return ("context", value.attribute)
    if depth > 6:
        return None
    if isinstance(value, Text):
        keys = [identity(part, depth + 1, exact=exact) for part in value.parts]
        return None if None in keys else ("text", *keys)
    if isinstance(value, ListOf) and not value.open:
        keys = [identity(item, depth + 1, exact=exact) for item in value.items]
        return None if None in keys else ("list", *keys)
    return None


_WITH_PARTS = frozenset((ListOf, MapOf, OneOf, Text))
_WITH_IDENTITY = frozenset((Literal, Ref, Parameter, Env, Event, Context, Text, ListOf))


def replace(value: Value, substitute: Callable[[Value], Value | None], depth: int = 0) -> Value:
    """The value with every part replaced for which ``substitute`` gives another one."""
    found = substitute(value)
    if found is not None:
        return found
    if depth > MAX_DEPTH:
        return Unknown(value.span)
    if type(value) not in _WITH_PARTS:
        return value
    if isinstance(value, Text):
        return concatenate([replace(part, substitute, depth + 1) for part in value.parts], value.span)
    if isinstance(value, OneOf):
        return one_of([replace(option, substitute, depth + 1) for option in value.options], value.span)
    if isinstance(value, ListOf):
        return ListOf(tuple(replace(item, substitute, depth + 1) for item in value.items), value.span, value.open)
    if isinstance(value, MapOf):
        entries = tuple(
            Entry(entry.key, replace(entry.value, substitute, depth + 1), entry.key_span) for entry in value.entries
        )
        return MapOf(entries, value.span, value.open)
    return value
