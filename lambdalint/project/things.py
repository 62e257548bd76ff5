"""What code evaluates to beside plain values: functions, modules, instances, SDK clients, things from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeGuard

from lambdalint.code.facts import Call, Definition
from lambdalint.project.codebase import ModuleIndex
from lambdalint.source import NOWHERE, Span
from lambdalint.values import (
    Absent,
    Context,
    Env,
    Event,
    ListOf,
    Literal,
    MapOf,
    OneOf,
    Parameter,
    Ref,
    Text,
    Unknown,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from lambdalint.project.evaluate import Activation

_VALUES = frozenset((Literal, ListOf, MapOf, Ref, Parameter, Text, OneOf, Env, Event, Context, Absent, Unknown))


class External:
    """Something from outside the project, by its dotted path; ``()`` stands for the result of a call.

    ``boto3.client``, ``requests.Session().get``, ``open``. A leading ``?`` says that even the start is not known.
    ``site`` is the call whose result it is.
    """

    __slots__ = ("path", "site", "span")

    def __init__(self, path: str, span: Span = NOWHERE, site: CallSite | None = None) -> None:
        self.path = path
        self.span = span
        self.site = site

    def __repr__(self) -> str:
        return f"<External {self.path}>"


class ModuleThing:
    """A module of the project."""

    __slots__ = ("module",)

    def __init__(self, module: ModuleIndex) -> None:
        self.module = module


class FunctionThing:
    """A function of the project, with what it closes over and, for a method, what it is bound to.

    ``is_partial``: arguments are given to it already, ``arguments`` among them. ``skipped``: so many of those that a
    call gives are not for it (``f.call(this, …)``).
    """

    __slots__ = ("arguments", "index", "is_partial", "module", "named", "receiver", "scope", "skipped")

    def __init__(
        self,
        module: ModuleIndex,
        index: int,
        scope: Activation | None,
        receiver: Thing | None = None,
        arguments: tuple[Thing, ...] = (),
        is_partial: bool = False,
        named: dict[str, Thing] | None = None,
        skipped: int = 0,
    ) -> None:
        self.module = module
        self.index = index
        self.scope = scope
        self.receiver = receiver
        self.arguments = arguments
        self.is_partial = is_partial
        self.named = named or {}
        self.skipped = skipped

    @property
    def definition(self) -> Definition:
        """The function's definition."""
        return self.module.definition(self.index)

    def __repr__(self) -> str:
        return f"<Function {self.module.path}:{self.definition.name}>"


class ClassThing:
    """A class of the project."""

    __slots__ = ("index", "module", "scope")

    def __init__(self, module: ModuleIndex, index: int, scope: Activation | None) -> None:
        self.module = module
        self.index = index
        self.scope = scope

    @property
    def definition(self) -> Definition:
        """The class's definition."""
        return self.module.definition(self.index)


class Instance:
    """An instance of a project's class, with the activations that its methods ran in."""

    __slots__ = ("activations", "keywords", "kind")

    def __init__(self, kind: ClassThing, keywords: dict[str, Thing]) -> None:
        self.kind = kind
        self.keywords = keywords
        self.activations: dict[tuple[str, int], Activation] = {}


class Super:
    """``super()`` within a method: the instance, looked at from the bases of a class."""

    __slots__ = ("instance", "kind")

    def __init__(self, instance: Thing, kind: ClassThing) -> None:
        self.instance = instance
        self.kind = kind


class Session:
    """An SDK session. ``options`` are those that it was made with.

    ``is_async``: its clients belong to one event loop, and can't outlive it.
    """

    __slots__ = ("is_async", "options", "site")

    def __init__(self, options: dict[str, Value], site: CallSite, is_async: bool = False) -> None:
        self.options = options
        self.site = site
        self.is_async = is_async


class Client:
    """An SDK client, or boto3's service resource. ``options`` are those that it was made with.

    ``session`` is what it was made from, where that is not the default session. ``is_async``: as a session's.
    ``is_document``: DynamoDB's document client of JavaScript.
    Without ``site`` it is not seen where it is made: an annotation tells what it is.
    """

    __slots__ = ("is_async", "is_document", "is_resource", "options", "service", "session", "site")

    def __init__(
        self,
        service: str,
        options: dict[str, Value],
        site: CallSite | None,
        is_resource: bool = False,
        session: Session | None = None,
        is_async: bool = False,
        is_document: bool = False,
    ) -> None:
        self.service = service
        self.options = options
        self.site = site
        self.is_resource = is_resource
        self.session = session
        self.is_async = is_async
        self.is_document = is_document


class SdkObject:
    """An object of boto3's resource API, or a collection of such objects (then ``collection`` names it)."""

    __slots__ = ("client", "collection", "identifiers", "service", "type")

    def __init__(
        self,
        service: str,
        kind: str,
        identifiers: dict[str, Value],
        client: Client,
        collection: str = "",
    ) -> None:
        self.service = service
        self.type = kind
        self.identifiers = identifiers
        self.client = client
        self.collection = collection


class Operation:
    """A method that calls an operation: with arguments already known, and names for positional ones.

    ``input`` says that the operation takes one map of arguments (JavaScript) rather than keywords; ``is_open`` that
    there may be others than those known.
    """

    __slots__ = ("arguments", "client", "gives", "input", "is_open", "name", "positional", "service")

    def __init__(
        self,
        service: str,
        name: str,
        client: Client,
        arguments: dict[str, Value] | None = None,
        positional: tuple[str, ...] = (),
        gives: Thing | None = None,
        takes_input: bool = False,
        is_open: bool = False,
    ) -> None:
        self.service = service
        self.name = name
        self.client = client
        self.arguments = arguments or {}
        self.positional = positional
        self.gives = gives
        self.input = takes_input
        self.is_open = is_open


class Command:
    """A request that is yet to be sent (JavaScript): the operation with its arguments, None where not known.

    ``client`` is what sends it, where it brings its own.
    """

    __slots__ = ("arguments", "client", "name", "service")

    def __init__(self, service: str, name: str, arguments: MapOf | None, client: Client | None = None) -> None:
        self.service = service
        self.name = name
        self.arguments = arguments
        self.client = client


class Native:
    """A method or function whose effect is known here: ``path`` names it, ``run`` gives what a call of it gives."""

    __slots__ = ("path", "run")

    def __init__(self, path: str, run: Callable[[Call, Activation, Span], Thing]) -> None:
        self.path = path
        self.run = run


class Held:
    """A map or list that holds things which are no plain values; ``value`` is what it is without them."""

    __slots__ = ("items", "keys", "value")

    def __init__(self, value: MapOf | ListOf, items: tuple[Thing, ...]) -> None:
        self.value = value
        self.items = items
        self.keys = tuple(entry.key for entry in value.entries) if isinstance(value, MapOf) else ()

    @property
    def span(self) -> Span:
        """Where it is made."""
        return self.value.span

    def get(self, key: str) -> Thing | None:
        """What is held under a key of a map."""
        for known, item in zip(reversed(self.keys), reversed(self.items)):
            if known == key:
                return item
        return None


class Several:
    """One of several things."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[Thing, ...]) -> None:
        self.options = options


class CallSite:
    """A call where it stands, with the activation it is made in."""

    __slots__ = ("activation", "call", "module")

    def __init__(self, module: ModuleIndex, call: Call, activation: Activation) -> None:
        self.module = module
        self.call = call
        self.activation = activation

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.module.at(self.call.span)


Thing = (
    Value
    | External
    | ModuleThing
    | FunctionThing
    | ClassThing
    | Instance
    | Super
    | Session
    | Client
    | SdkObject
    | Operation
    | Command
    | Native
    | Held
    | Several
)

Collection = MapOf | ListOf | Held


_SEVERAL = frozenset((Several, OneOf))


def is_value(thing: object) -> TypeGuard[Value]:
    """Whether a thing is a plain value."""
    return type(thing) in _VALUES


def is_several(thing: Thing) -> bool:
    """Whether a thing may be one of several."""
    return type(thing) in _SEVERAL


def alternatives(thing: Thing) -> tuple[Thing, ...]:
    """The things that a thing may be."""
    if type(thing) is Several or type(thing) is OneOf:
        return thing.options
    return (thing,)


def several(things: list[Thing], span: Span) -> Thing:
    """One of ``things``; plain values stay a value."""
    if len(things) == 1:
        only = things[0]
        return OneOf(only.options, span) if type(only) is OneOf else only
    distinct = {id(option): option for thing in things for option in alternatives(thing)}
    flat = list(distinct.values())
    if len(flat) == 1:
        return flat[0]
    values = [option for option in flat if is_value(option)]
    if len(values) == len(flat):
        return one_of(values, span)
    return Several(tuple(flat[:24]))


def holding(value: MapOf | ListOf, items: tuple[Thing, ...]) -> MapOf | ListOf | Held:
    """A map or list with what it holds, in the order of its entries or items."""
    return Held(value, items) if any(_is_held(item) for item in items) else value


def items_of(thing: Collection) -> tuple[Thing, ...]:
    """What a map or list holds, in the order of its entries or items."""
    if isinstance(thing, Held):
        return thing.items
    return thing.items if isinstance(thing, ListOf) else tuple(entry.value for entry in thing.entries)


def _is_held(thing: Thing) -> bool:
    return not (is_value(thing) or isinstance(thing, External)) and (
        not isinstance(thing, Several) or any(_is_held(option) for option in thing.options)
    )


def as_value(thing: Thing, span: Span = NOWHERE) -> Value:
    """The plain value of a thing; what is no value is unknown."""
    if is_value(thing):
        return thing
    if isinstance(thing, Held):
        return thing.value
    if isinstance(thing, Several):
        return one_of([as_value(option, span) for option in thing.options], span)
    return Unknown(getattr(thing, "span", span))
