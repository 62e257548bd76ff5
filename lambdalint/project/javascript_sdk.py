"""AWS's SDKs for JavaScript while code is followed: clients, commands, operations."""

from __future__ import annotations

from lambdalint.aws import sdk
from lambdalint.aws.javascript_sdk import (
    CLIENTS_OF_V2,
    CLIENTS_OF_V3,
    DOCUMENT_METHODS,
    DOCUMENTS_OF_V3,
    LOCAL_METHODS,
    SDK_V2,
    TRACERS,
    UPLOAD,
    UPLOADS_OF_V3,
    service_of_class,
    service_of_package,
)
from lambdalint.code.facts import Call
from lambdalint.project.evaluate import Activation, Interpreter
from lambdalint.project.things import (
    CallSite,
    Client,
    Command,
    External,
    Held,
    Operation,
    SdkObject,
    Session,
    Thing,
    alternatives,
)
from lambdalint.source import Span
from lambdalint.values import ListOf, MapOf, Unknown, Value, member, one_map

_REST = "**"


class Sender(External):
    """``client.send``: which operation it calls is told by its argument."""

    __slots__ = ("client",)

    def __init__(self, client: Client, span: Span) -> None:
        super().__init__("client.send", span)
        self.client = client


def canonical(path: str) -> str:
    """The path of something in version 2 of the SDK, however it is imported: ``aws-sdk.S3``."""
    if not path.startswith("aws-sdk/"):
        return path
    if not path.startswith(CLIENTS_OF_V2):
        module, dot, rest = path.partition(".")
        return f"{SDK_V2}{dot}{rest}" if module in ("aws-sdk/global", "aws-sdk/lib/aws") else path
    module, _, rest = path.removeprefix(CLIENTS_OF_V2).partition(".")
    if module in ("all", "browser_default"):
        return f"{SDK_V2}.{rest}" if rest else SDK_V2
    if rest and rest.lower() == module:
        rest = ""
    return f"{SDK_V2}.{module}.{rest}" if rest else f"{SDK_V2}.{module}"


def made(run: Interpreter, path: str, call: Call, activation: Activation) -> Thing | None:
    """The client or command that a call builds, or None if it builds neither."""
    package, _, name = path.rpartition(".")
    if name in TRACERS:
        return run.argument(call, activation, 0)
    if package.startswith(CLIENTS_OF_V3) and call.new:
        return _made_of_version_3(run, package, name, call, activation)
    if package.startswith(DOCUMENTS_OF_V3):
        return _document(run, path.removeprefix(f"{DOCUMENTS_OF_V3}."), call, activation)
    if path == f"{UPLOADS_OF_V3}.Upload" and call.new:
        service, operation = UPLOAD
        given = one_map(member(_value(run, call, activation, 0), "params"))
        client = _given_client(run, call, activation, service)
        return Command(service, operation, given, client)
    if path.startswith(f"{SDK_V2}.") and call.new:
        return _made_of_version_2(run, path.removeprefix(f"{SDK_V2}."), call, activation)
    return None


def _made_of_version_3(run: Interpreter, package: str, name: str, call: Call, activation: Activation) -> Thing | None:
    service = service_of_package(package)
    if not service:
        return None
    if name.endswith("Command"):
        operation = sdk.operation(service, name.removesuffix("Command"))
        return Command(service, operation, _input(run, call, activation, 0)) if operation else None
    is_client = name.endswith("Client") or service_of_class(name) == service
    return _client(run, service, call, activation) if is_client else None


def _made_of_version_2(run: Interpreter, rest: str, call: Call, activation: Activation) -> Thing | None:
    name, _, inner = rest.partition(".")
    service = service_of_class(name)
    if not service or inner not in ("", "DocumentClient"):
        return None
    if inner:
        for thing in _field(run.argument(call, activation, 0), "service"):
            if isinstance(thing, Client):
                return _as_document(thing)
    return _client(run, service, call, activation, is_document=bool(inner))


def _document(run: Interpreter, name: str, call: Call, activation: Activation) -> Thing | None:
    if name.endswith("Command") and call.new:
        operation = DOCUMENT_METHODS.get(name[0].lower() + name[1:].removesuffix("Command"), "")
        return Command("dynamodb", operation, _input(run, call, activation, 0)) if operation else None
    if name in ("DynamoDBDocumentClient.from", "DynamoDBDocument.from"):
        for thing in alternatives(run.argument(call, activation, 0) or Unknown()):
            if isinstance(thing, Client):
                return _as_document(thing)
        return _as_document(_unknown_client("dynamodb", activation.module.at(call.span)))
    return None


def _as_document(client: Client) -> Client:
    """DynamoDB's document client over another one, which is the one that is built."""
    return Client("dynamodb", client.options, client.site, session=client.session, is_document=True)


def _client(run: Interpreter, service: str, call: Call, activation: Activation, is_document: bool = False) -> Client:
    found: dict[str, Value] = {}
    given = _value(run, call, activation, 0)
    known = one_map(given) if given is not None else None
    if known is not None:
        found.update({entry.key: entry.value for entry in known.entries})
    if given is not None and (known is None or known.open):
        found[_REST] = given
    return Client(service, found, CallSite(activation.module, call, activation), is_document=is_document)


def _unknown_client(service: str, span: Span) -> Client:
    """A client of which only the service is known."""
    return Client(service, {_REST: Unknown(span)}, None)


def _given_client(run: Interpreter, call: Call, activation: Activation, service: str) -> Client:
    """The client in ``{client}``, the first argument of a call."""
    for thing in _field(run.argument(call, activation, 0), "client"):
        if isinstance(thing, Client):
            return thing
    return _unknown_client(service, activation.module.at(call.span))


def _field(thing: Thing | None, name: str) -> tuple[Thing, ...]:
    for option in alternatives(thing) if thing is not None else ():
        if isinstance(option, Held):
            return alternatives(option.get(name) or Unknown(option.span))
    return ()


def _value(run: Interpreter, call: Call, activation: Activation, index: int) -> Value | None:
    if any(argument.spread for argument in call.arguments):
        return Unknown(activation.module.at(call.span))
    expression = call.positional(index)
    return run.value(expression, activation) if expression is not None else None


def _input(run: Interpreter, call: Call, activation: Activation, index: int) -> MapOf | None:
    given = _value(run, call, activation, index)
    return one_map(given) if given is not None else MapOf((), activation.module.at(call.span))


def attribute(base: Client | SdkObject | Session | Operation | Command, name: str, span: Span) -> Thing:
    """An attribute of a client or command."""
    if isinstance(base, Command):
        if name == "done" and base.client is not None:
            return _operation(base, base.client)
        if name == "input" and base.arguments is not None:
            return base.arguments
        return Unknown(span)
    if not isinstance(base, Client):
        return Unknown(span)
    if name == "send":
        return Sender(base, span)
    if name in LOCAL_METHODS:
        return External(f"aws-sdk.{name}", span)
    if base.is_document:
        known = DOCUMENT_METHODS.get(name)
        return Operation(base.service, known, base, takes_input=True) if known else Unknown(span)
    if base.service == "s3" and name == "upload":
        return Operation(*UPLOAD, base, takes_input=True)
    operation = sdk.operation(base.service, name)
    if operation and operation.lower() == name.lower():
        return Operation(base.service, operation, base, takes_input=True)
    return External(f"aws-sdk.client().{name}", span)


def sent(run: Interpreter, sender: Sender, call: Call, activation: Activation) -> tuple[Thing, ...]:
    """The operations that ``client.send(command)`` may call."""
    found: list[Thing] = []
    for command in alternatives(run.argument(call, activation, 0) or Unknown()):
        if isinstance(command, Command):
            found.append(_operation(command, sender.client))
    return tuple(found) or (sender,)


def _operation(command: Command, client: Client, gives: Thing | None = None) -> Operation:
    known = command.arguments
    given = {entry.key: entry.value for entry in known.entries} if known is not None else {}
    return Operation(command.service, command.name, client, given, gives=gives, is_open=known is None or known.open)


def is_paginator(path: str) -> bool:
    """Whether a function of version 3 calls an operation page by page."""
    package, _, name = path.rpartition(".")
    return package.startswith((CLIENTS_OF_V3, DOCUMENTS_OF_V3)) and name.startswith("paginate")


def paginated(run: Interpreter, path: str, call: Call, activation: Activation) -> Operation | None:
    """The operation that ``paginateListObjectsV2({client}, {…})`` calls."""
    package, _, name = path.rpartition(".")
    service = "dynamodb" if package == DOCUMENTS_OF_V3 else service_of_package(package)
    operation = sdk.operation(service, name.removeprefix("paginate")) if service else ""
    if not operation:
        return None
    command = Command(service, operation, _input(run, call, activation, 1))
    span = activation.module.at(call.span)
    pages = ListOf((Unknown(span),), span, True)
    return _operation(command, _given_client(run, call, activation, service), pages)
