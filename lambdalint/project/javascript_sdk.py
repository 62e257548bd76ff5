"""AWS's SDKs for JavaScript while code is followed: clients, commands, operations."""

from __future__ import annotations

from lambdalint.aws import sdk
from lambdalint.aws.javascript_sdk import (
    DOCUMENT_METHODS,
    LOCAL_METHODS,
    SDK_V2,
    TRACERS,
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
    Operation,
    SdkObject,
    Session,
    Thing,
    alternatives,
)
from lambdalint.source import Span
from lambdalint.values import MapOf, Unknown, Value, member

_V3 = "@aws-sdk/client-"
_DOCUMENTS = "@aws-sdk/lib-dynamodb."
_UPLOAD = "@aws-sdk/lib-storage.Upload"


class Sender(External):
    """``client.send``: which operation it calls is told by its argument."""

    __slots__ = ("client",)

    def __init__(self, client: Client, span: Span) -> None:
        super().__init__("client.send", span)
        self.client = client


def made(run: Interpreter, path: str, call: Call, activation: Activation) -> Thing | None:
    """The client or command that a call builds, or None if it builds neither."""
    package, _, name = path.rpartition(".")
    if name in TRACERS:
        return run.argument(call, activation, 0)
    if path.startswith(_V3) and call.new:
        return _made_of_version_3(run, package, name, call, activation)
    if path.startswith(_DOCUMENTS):
        return _document(run, path.removeprefix(_DOCUMENTS), call, activation)
    if path == _UPLOAD and call.new:
        client = _unknown_client("s3", call, activation)
        return Command("s3", "PutObject", _map(member(_value(run, call, activation, 0), "params")), client)
    if path.startswith(SDK_V2) and call.new:
        return _made_of_version_2(run, path.removeprefix(SDK_V2), call, activation)
    return None


def _made_of_version_3(run: Interpreter, package: str, name: str, call: Call, activation: Activation) -> Thing | None:
    service = service_of_package(package)
    if name.endswith("Command"):
        operation = sdk.operation(service, name.removesuffix("Command")) if service else ""
        return Command(service, operation, _map(_value(run, call, activation, 0))) if operation else None
    if name.endswith("Exception") or not service:
        return None
    return _client(run, service, call, activation)


def _made_of_version_2(run: Interpreter, rest: str, call: Call, activation: Activation) -> Thing | None:
    is_document = rest.endswith(".DocumentClient")
    name = rest.removesuffix(".DocumentClient").rpartition(".")[2].rpartition("/")[2]
    service = service_of_class(name) if name else ""
    return _client(run, service, call, activation, is_document) if service else None


def _document(run: Interpreter, name: str, call: Call, activation: Activation) -> Thing | None:
    if name.endswith("Command"):
        operation = DOCUMENT_METHODS.get(name[0].lower() + name[1:].removesuffix("Command"), "")
        return Command("dynamodb", operation, _map(_value(run, call, activation, 0))) if operation else None
    if name in ("DynamoDBDocumentClient.from", "DynamoDBDocument.from"):
        for thing in alternatives(run.argument(call, activation, 0) or Unknown()):
            if isinstance(thing, Client):
                return Client(thing.service, thing.options, thing.site, session=thing.session, is_document=True)
        return _unknown_client("dynamodb", call, activation)
    return None


def _client(run: Interpreter, service: str, call: Call, activation: Activation, is_document: bool = False) -> Client:
    options: dict[str, Value] = {}
    given = _value(run, call, activation, 0)
    if isinstance(given, MapOf):
        options.update({entry.key: entry.value for entry in given.entries})
        if given.open:
            options["**"] = given
    elif given is not None:
        options["**"] = given
    return Client(service, options, CallSite(activation.module, call, activation), is_document=is_document)


def _value(run: Interpreter, call: Call, activation: Activation, index: int) -> Value | None:
    expression = call.positional(index)
    return run.value(expression, activation) if expression is not None else None


def _map(value: Value | None) -> MapOf | None:
    return value if isinstance(value, MapOf) else None


def attribute(base: Client | SdkObject | Session | Operation | Command, name: str, span: Span) -> Thing:
    """An attribute of a client or command."""
    if isinstance(base, Command):
        if name == "done" and base.client is not None:
            return _operation(base, base.client)
        return Unknown(span)
    if not isinstance(base, Client):
        return Unknown(span)
    if name == "send":
        return Sender(base, span)
    if name in LOCAL_METHODS:
        return External(f"aws-sdk.{name}", span)
    if base.is_document and name in DOCUMENT_METHODS:
        return Operation(base.service, DOCUMENT_METHODS[name], base, takes_input=True)
    if base.service == "s3" and name == "upload":
        return Operation("s3", "PutObject", base, takes_input=True)
    operation = sdk.operation(base.service, name)
    if operation:
        return Operation(base.service, operation, base, takes_input=True)
    return External(f"aws-sdk.client().{name}", span)


def sent(run: Interpreter, sender: Sender, call: Call, activation: Activation) -> tuple[Thing, ...]:
    """The operations that ``client.send(command)`` may call."""
    found: list[Thing] = []
    for command in alternatives(run.argument(call, activation, 0) or Unknown()):
        if isinstance(command, Command):
            found.append(_operation(command, sender.client))
    return tuple(found) or (sender,)


def _operation(command: Command, client: Client) -> Operation:
    known = command.arguments
    arguments = {entry.key: entry.value for entry in known.entries} if known is not None else {}
    return Operation(command.service, command.name, client, arguments, is_open=known is None or known.open)


def _unknown_client(service: str, call: Call, activation: Activation) -> Client:
    """A client of which only the service is known."""
    site = CallSite(activation.module, call, activation)
    return Client(service, {"**": Unknown(site.span)}, site, is_document=service == "dynamodb")


def is_paginator(path: str) -> bool:
    """Whether a function of version 3 calls an operation page by page, or waits for a state."""
    return path.startswith((_V3, _DOCUMENTS)) and path.rpartition(".")[2].startswith("paginate")


def paginated(run: Interpreter, path: str, call: Call, activation: Activation) -> Operation | None:
    """The operation that ``paginateListObjectsV2({client}, {…})`` calls."""
    package, _, name = path.rpartition(".")
    service = "dynamodb" if path.startswith(_DOCUMENTS) else service_of_package(package)
    operation = sdk.operation(service, name.removeprefix("paginate")) if service else ""
    if not operation:
        return None
    command = Command(service, operation, _map(_value(run, call, activation, 1)))
    return _operation(command, _unknown_client(service, call, activation))
