"""Python while it is followed: imports, a little of the standard library, and boto3."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from lambdalint.aws import sdk
from lambdalint.aws.handler_decorators import BATCH_PROCESSORS, METHODS, ROUTERS
from lambdalint.code.facts import MODULE, Argument, Call, Expression, Import, Other
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Activation, Interpreter, Language
from lambdalint.project.things import (
    CallSite,
    ClassThing,
    Client,
    Command,
    External,
    FunctionThing,
    ModuleThing,
    Native,
    Operation,
    SdkObject,
    Session,
    Super,
    Thing,
    alternatives,
    as_value,
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
    member,
    one_of,
)

SESSIONS = frozenset(
    (
        "boto3.Session",
        "boto3.session.Session",
        "aioboto3.Session",
        "aioboto3.session.Session",
        "botocore.session.get_session",
        "botocore.session.Session",
        "aiobotocore.session.get_session",
        "aiobotocore.session.AioSession",
        "aiobotocore.get_session",
    )
)
_CLIENTS = frozenset(("boto3.client", "boto3.resource", "aioboto3.client", "aioboto3.resource"))
_ASYNC = ("aioboto3.", "aiobotocore.")
_PARSERS = frozenset(("json.loads", "ujson.loads", "orjson.loads", "simplejson.loads"))
_SAME = frozenset(
    (
        "str",
        "list",
        "tuple",
        "sorted",
        "copy.copy",
        "copy.deepcopy",
        "os.fspath",
        "typing.cast",
        "iter",
        "aws_lambda_powertools.utilities.parser.parse",
    )
)
_PATHS = frozenset(("os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePosixPath", "pathlib.PosixPath"))
_DEPENDS_ON_ARGUMENTS = frozenset(
    (
        "botocore.config.Config",
        "botocore.client.Config",
        "boto3.session.Config",
        "boto3.s3.transfer.TransferConfig",
        "int",
        "float",
        "bool",
        "str",
        "dict",
    )
)
_RUNS_EACH_TIME = frozenset(
    (
        "staticmethod",
        "classmethod",
        "functools.wraps",
        "backoff.on_exception",
        "backoff.on_predicate",
        "tenacity.retry",
        "retry.retry",
        "retrying.retry",
        "aws_xray_sdk.core.xray_recorder.capture",
        "aws_xray_sdk.core.xray_recorder.capture_async",
        "dataclasses.dataclass",
        "typing.no_type_check",
    )
)
"""Decorators that call what they decorate whenever it is called."""


class Python(Language):
    """The Python language."""

    has_receiver_parameter = True
    constructor = "__init__"
    allocator = "__new__"
    depends_on_arguments = _DEPENDS_ON_ARGUMENTS
    default_session = frozenset(("boto3.setup_default_session",))
    asks_for_attributes = frozenset(("hasattr", "getattr", "globals", "locals", "vars"))

    # --- modules ------------------------------------------------------------------------------------------------

    def modules(self, run: Interpreter, module: ModuleIndex, imported: Import) -> list[ModuleIndex]:
        found: list[ModuleIndex] = []
        for path in (
            run.codebase.resolve_python(module, imported, run.roots),
            run.codebase.resolve_python_submodule(module, imported, run.roots),
        ):
            target = run.codebase.get(path) if path is not None and path != module.path else None
            if target is not None:
                found.append(target)
        return found

    def imported(self, run: Interpreter, module: ModuleIndex, imported: Import) -> Thing:
        span = module.at(imported.span)
        path = run.codebase.resolve_python(module, imported, run.roots)
        target = run.codebase.get(path) if path is not None else None
        if not imported.symbol:
            if target is not None:
                run.start(target)
                return ModuleThing(target)
            return External(imported.module, span)
        submodule_path = run.codebase.resolve_python_submodule(module, imported, run.roots)
        submodule = run.codebase.get(submodule_path) if submodule_path is not None else None
        if target is not None and target is not module:
            run.start(target)
            if submodule is None or (MODULE, imported.symbol) in target.bindings:
                return self.module_attribute(run, target, imported.symbol, span)
        if submodule is not None:
            run.start(submodule)
            return ModuleThing(submodule)
        if target is not None or imported.level:
            return Unknown(span)
        return External(f"{imported.module}.{imported.symbol}", span)

    def star(self, run: Interpreter, module: ModuleIndex, imported: Import, name: str) -> Thing | None:
        path = run.codebase.resolve_python(module, imported, run.roots)
        target = run.codebase.get(path) if path is not None else None
        if target is None or target is module:
            return None
        if name in target.definition(MODULE).locals or target.stars:
            run.start(target)
            found = run.lookup(name, run.start(target), None)
            return None if isinstance(found, External) and found.path == name else found
        return None

    def module_attribute(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing:
        activation = run.start(module)
        if name in module.definition(MODULE).locals or (MODULE, name) in module.bindings or module.stars:
            found = run.lookup(name, activation, None)
            if not (isinstance(found, External) and found.path == name):
                return found
        folder = posixpath.dirname(module.path)
        if posixpath.basename(module.path) == "__init__.py":
            path = run.codebase.python_module(name, (folder,))
            target = run.codebase.get(path) if path is not None else None
            if target is not None:
                run.start(target)
                return ModuleThing(target)
        return Unknown(span)

    def builtin(self, run: Interpreter, name: str, activation: Activation) -> Thing:
        return External(name)

    def runs_each_time(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        for thing in alternatives(run.evaluate(decorator, scope)):
            path = thing.path.removesuffix("()") if isinstance(thing, External) else ""
            known = path in _RUNS_EACH_TIME or path.startswith(ROUTERS) or path.rpartition(".")[2] in METHODS
            if not known:
                return False
        return True

    def answers_requests(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        things = alternatives(run.evaluate(decorator, scope))
        return any(isinstance(thing, External) and thing.path.startswith(ROUTERS) for thing in things)

    def calls_back(self, path: str) -> bool:
        return path in BATCH_PROCESSORS

    def receiver_name(self, module: ModuleIndex, method: int) -> str:
        parameters = module.definition(method).parameters
        return parameters[0].name if parameters else ""

    # --- things from outside ------------------------------------------------------------------------------------

    def external_attribute(self, run: Interpreter, base: External, name: str, span: Span) -> Thing:
        if isinstance(base, _Meta) and name == "client":
            return base.client
        return External(f"{base.path}.{name}", span)

    def external_item(self, run: Interpreter, base: External, key: Thing, span: Span) -> Thing:
        if base.path == "os.environ":
            return Env(str(key.value), None, span) if isinstance(key, Literal) else Unknown(span)
        return External(f"{base.path}[]", span)

    def other(self, run: Interpreter, expression: Expression, activation: Activation, span: Span) -> Thing:
        if not isinstance(expression, Other) or not expression.parts:
            return Unknown(span)
        parts = expression.parts
        if expression.kind == "divide" and len(parts) == 2:
            left, right = (run.evaluate(part, activation) for part in parts)
            if isinstance(left, (Literal, Text, Env)) and isinstance(right, (Literal, Text, Env, Event)):
                return concatenate([left, Literal("/", span), right], span)
            return Unknown(span)
        if expression.kind in ("comprehension", "generator") and len(parts) == 1:
            return ListOf((run.value(parts[0], activation),), span, True)
        if expression.kind == "set":
            return ListOf(tuple(run.value(part, activation) for part in parts), span, True)
        if expression.kind == "slice":
            base = run.evaluate(parts[0], activation)
            return base if isinstance(base, Event) else Unknown(span)
        if expression.kind == "and":
            return run.evaluate(parts[-1], activation)
        return Unknown(span)

    def call(self, run: Interpreter, callee: External, call: Call, activation: Activation, span: Span) -> Thing:
        path = callee.path
        first = run.argument(call, activation, 0)
        if path in _CLIENTS:
            return self._client(run, call, activation, path.endswith("resource"), None, path.startswith(_ASYNC))
        if path in SESSIONS:
            site = CallSite(activation.module, call, activation)
            return Session(self._options(run, call, activation), site, path.startswith(_ASYNC))
        if path in _PATHS:
            return self._path(run, call, activation, span)
        if path in _SAME and first is not None:
            return first
        if path == "next" and first is not None:
            return run.item(first, Unknown(span), span)
        if path in _PARSERS:
            return Event((*first.path, "@json"), span) if isinstance(first, Event) else Unknown(span)
        name = path.rpartition(".")[2]
        if name in ("unquote_plus", "unquote") and first is not None:
            return Event((*first.path, f"@{name}"), span) if isinstance(first, Event) else first
        if path == "dict":
            return self._dict(run, first, call, activation, span)
        if path == "getattr":
            return self._getattr(run, call, activation, span)
        if path == "super":
            return self._super(activation, span)
        if path in ("functools.partial", "contextlib.closing"):
            return self._partial(run, call, activation, first, span)
        if path == "os.environ.get" or path == "os.getenv":
            default = run.argument(call, activation, 1, "default")
            known = first.value if isinstance(first, Literal) else None
            given = as_value(default) if default is not None else Literal(None, span)
            return Env(known, given, span) if isinstance(known, str) else Unknown(span)
        if path == "os.environ.copy":
            return External("os.environ", span)
        return External(f"{path}()", span, CallSite(activation.module, call, activation))

    def _partial(self, run: Interpreter, call: Call, activation: Activation, first: Thing | None, span: Span) -> Thing:
        if isinstance(first, FunctionThing):
            given: list[Thing] = []
            index = 1
            while (found := run.argument(call, activation, index)) is not None:
                given.append(found)
                index += 1
            arguments = (*first.arguments, *given)
            return FunctionThing(first.module, first.index, first.scope, first.receiver, arguments, True)
        return first if first is not None else Unknown(span)

    def _path(self, run: Interpreter, call: Call, activation: Activation, span: Span) -> Thing:
        parts: list[Value] = []
        for argument in call.arguments:
            value = as_value(run.evaluate(argument.value, activation), activation.module.at(argument.value.span))
            if argument.spread:
                value = Unknown(span)
            if isinstance(value, Literal) and str(value.value).startswith("/"):
                parts = []
            elif parts and not (isinstance(parts[-1], Literal) and str(parts[-1].value).endswith("/")):
                parts.append(Literal("/", span))
            parts.append(value)
        return concatenate(parts, span) if parts else Literal(".", span)

    def _dict(self, run: Interpreter, first: Thing | None, call: Call, activation: Activation, span: Span) -> Thing:
        entries: list[Entry] = list(first.entries) if isinstance(first, MapOf) else []
        is_open = first is not None and not isinstance(first, MapOf)
        if isinstance(first, External) and first.path == "os.environ" and not call.keyword("x"):
            return first
        for argument in call.arguments:
            if argument.name and not argument.spread:
                value = run.value(argument.value, activation)
                entries.append(Entry(argument.name, value, value.span))
            elif argument.spread:
                is_open = True
        return MapOf(tuple(entries), span, is_open)

    def _getattr(self, run: Interpreter, call: Call, activation: Activation, span: Span) -> Thing:
        base = run.argument(call, activation, 0)
        name = run.argument(call, activation, 1)
        if base is None or not isinstance(name, Literal) or not isinstance(name.value, str):
            return Unknown(span)
        return run.attribute(base, name.value, span)

    def _super(self, activation: Activation, span: Span) -> Thing:
        scope: Activation | None = activation
        while scope is not None:
            definition = scope.module.definition(scope.index)
            if definition.kind == "function" and definition.parent >= 0:
                parent = scope.module.definition(definition.parent)
                if parent.kind == "class" and scope.receiver is not None:
                    return Super(scope.receiver, ClassThing(scope.module, definition.parent, None))
            scope = scope.parent
        return Unknown(span)

    # --- plain values -------------------------------------------------------------------------------------------

    def value_attribute(self, run: Interpreter, base: Value, name: str, span: Span) -> Thing:
        method = _METHODS.get(name)
        if method is not None:

            def apply(call: Call, activation: Activation, at: Span) -> Thing:
                arguments = [
                    run.value(argument.value, activation)
                    for argument in call.arguments
                    if not argument.spread and not argument.name
                ]
                return method(base, arguments, at)

            return Native(f"?.{name}", apply)
        if isinstance(base, Context):
            return Context(f"{base.attribute}.{name}", span)
        return Event((*base.path, name), span) if isinstance(base, Event) else Unknown(span)

    def callback_arguments(
        self, run: Interpreter, path: str, call: Call, argument: Argument, activation: Activation
    ) -> list[Thing]:
        name = path.rpartition(".")[2]
        rest: list[Thing] = []
        index = 1
        while (found := run.argument(call, activation, index)) is not None:
            rest.append(found)
            index += 1
        if name == "submit":
            return rest
        if name in ("map", "imap", "filter", "starmap"):
            return [run.each(thing, activation.module.at(call.span)) for thing in rest]
        if name == "Thread":
            given = call.keyword("args")
            value = run.evaluate(given, activation) if given is not None else None
            return list(value.items) if isinstance(value, ListOf) else []
        return []

    # --- boto3 --------------------------------------------------------------------------------------------------

    def _options(self, run: Interpreter, call: Call, activation: Activation) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for argument in call.arguments:
            if argument.spread:
                value = run.value(argument.value, activation)
                if isinstance(value, MapOf):
                    found.update({entry.key: entry.value for entry in value.entries})
                    if value.open:
                        found["**"] = value
                else:
                    found["**"] = value
            elif argument.name:
                found[argument.name] = run.value(argument.value, activation)
        return found

    def _client(
        self,
        run: Interpreter,
        call: Call,
        activation: Activation,
        is_resource: bool,
        session: Session | None,
        is_async: bool,
    ) -> Thing:
        name = run.argument(call, activation, 0, "service_name")
        service = name.value if isinstance(name, Literal) and isinstance(name.value, str) else ""
        given = {**(session.options if session is not None else {}), **self._options(run, call, activation)}
        region = call.positional(1)
        if region is not None:
            given.setdefault("region_name", run.value(region, activation))
        site = CallSite(activation.module, call, activation)
        return Client(service, given, site, is_resource, session, is_async)

    def sdk_attribute(
        self, run: Interpreter, base: Client | SdkObject | Session | Operation | Command, name: str, span: Span
    ) -> Thing:
        if isinstance(base, Session):
            if name in ("client", "create_client", "resource"):

                def build(call: Call, activation: Activation, at: Span) -> Thing:
                    return self._client(run, call, activation, name == "resource", base, base.is_async)

                return Native(f"boto3.{'resource' if name == 'resource' else 'client'}", build)
            return External(f"boto3.session.Session().{name}", span)
        if isinstance(base, Client):
            return self._client_attribute(run, base, name, span)
        if isinstance(base, SdkObject):
            return self._object_attribute(run, base, name, span)
        return Unknown(span)

    def _client_attribute(self, run: Interpreter, base: Client, name: str, span: Span) -> Thing:
        if name == "meta":
            return External("boto3.client().meta", span) if not base.is_resource else _Meta(base)
        if base.is_resource:
            return self._part(run, base.service, "", {}, base, name, span)
        if name == "get_paginator":

            def paginate(call: Call, activation: Activation, at: Span) -> Thing:
                method = run.argument(call, activation, 0, "operation_name")
                known = sdk.operation(base.service, str(method.value)) if isinstance(method, Literal) else ""
                return SdkObject(base.service, "", {}, base, f"paginator:{known}")

            return Native("boto3.client().get_paginator", paginate)
        if name == "get_waiter":
            return External("boto3.client().get_waiter", span)
        transfer = sdk.TRANSFERS.get((base.service, name))
        if transfer is not None:
            return Operation(base.service, transfer[0], base, {}, transfer[1])
        operation = sdk.operation(base.service, name)
        if operation:
            return Operation(base.service, operation, base)
        return External(f"boto3.client().{name}", span)

    def _part(
        self,
        run: Interpreter,
        service: str,
        kind: str,
        identifiers: dict[str, Value],
        client: Client,
        name: str,
        span: Span,
    ) -> Thing:
        shape = sdk.resource_type(service, kind)
        if shape is None:
            return Unknown(span)
        if name in shape["parts"]:
            part_type, wanted = shape["parts"][name]

            def make(call: Call, activation: Activation, at: Span) -> Thing:
                given: dict[str, Value] = {}
                position = 0
                for target, source, source_name in wanted:
                    if source == "input":
                        found = run.argument(call, activation, position, xform(target))
                        given[target] = as_value(found) if found is not None else Unknown(at)
                        position += 1
                    else:
                        given[target] = identifiers.get(source_name, Unknown(at))
                return SdkObject(service, part_type, given, client)

            if any(source == "input" for _, source, _ in wanted):
                return Native(f"boto3.resource().{kind}().{name}" if kind else f"boto3.resource().{name}", make)
            known = {target: identifiers.get(source_name, Unknown(span)) for target, _, source_name in wanted}
            return SdkObject(service, part_type, known, client)
        if name in shape["actions"]:
            operation, parameters = shape["actions"][name]
            fixed = {target: identifiers.get(source, Unknown(span)) for target, source in parameters.items()}
            return Operation(service, operation, client, fixed)
        if name in shape["collections"]:
            operation, parameters, item_type = shape["collections"][name]
            fixed = {target: identifiers.get(source, Unknown(span)) for target, source in parameters.items()}
            return SdkObject(service, item_type, fixed, client, f"collection:{operation}")
        if name in shape["identifiers"]:
            return identifiers.get(name, Unknown(span))
        if name in _ATTRIBUTES:
            return identifiers.get(_ATTRIBUTES[name], identifiers.get("Name", Unknown(span)))
        return Unknown(span)

    def _object_attribute(self, run: Interpreter, base: SdkObject, name: str, span: Span) -> Thing:
        kind, _, operation = base.collection.partition(":")
        if kind == "paginator":
            gives = External("boto3.client().get_paginator().paginate()", span)
            return Operation(base.service, operation, base.client, gives=gives) if name == "paginate" else Unknown(span)
        if kind == "collection":
            if name in ("all", "filter", "limit", "page_size", "pages"):
                return Operation(base.service, operation, base.client, base.identifiers, gives=base)
            if name == "delete":
                return Operation(base.service, "DeleteObjects", base.client, base.identifiers)
            return Unknown(span)
        if kind == "batch":
            if name in ("put_item", "delete_item"):
                return Operation(base.service, "BatchWriteItem", base.client, base.identifiers)
            return base if name in ("__enter__",) else Unknown(span)
        if name == "meta":
            return _Meta(base.client)
        transfer = sdk.RESOURCE_TRANSFERS.get((base.service, base.type, name))
        if transfer is not None:
            fixed = {
                ("Bucket" if key in ("Name", "BucketName") else key): value for key, value in base.identifiers.items()
            }
            return Operation(base.service, transfer[0], base.client, fixed, transfer[1])
        if base.service == "dynamodb" and base.type == "Table" and name == "batch_writer":
            table = {"TableName": base.identifiers.get("Name", Unknown(span))}

            def write(call: Call, activation: Activation, at: Span) -> Thing:
                return SdkObject(base.service, base.type, table, base.client, "batch:")

            return Native("boto3.resource().Table().batch_writer", write)
        return self._part(run, base.service, base.type, base.identifiers, base.client, name, span)


class _Meta(External):
    """``meta`` of a resource object: it holds the client."""

    __slots__ = ("client",)

    def __init__(self, client: Client) -> None:
        super().__init__("boto3.resource().meta", client.site.span)
        self.client = Client(client.service, client.options, client.site)


_ATTRIBUTES = {
    "name": "Name",
    "table_name": "Name",
    "key": "Key",
    "bucket_name": "BucketName",
    "url": "Url",
    "arn": "Arn",
}


def xform(name: str) -> str:
    """``BucketName`` as ``bucket_name``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _get(base: Value, arguments: list[Value], span: Span) -> Value:
    key = arguments[0] if arguments else None
    known = key.value if isinstance(key, Literal) else None
    if isinstance(base, Event):
        return Event((*base.path, known if isinstance(known, str) else "*"), span)
    if isinstance(base, MapOf):
        if not isinstance(known, str):
            return one_of([entry.value for entry in base.entries], span) if base.entries else Unknown(span)
        found = member(base, known)
        if found is not None:
            return found
        return arguments[1] if len(arguments) > 1 else Literal(None, span)
    return Unknown(span)


def _case(base: Value, arguments: list[Value], span: Span, name: str) -> Value:
    if isinstance(base, Literal) and isinstance(base.value, str) and not arguments:
        return Literal(str(getattr(base.value, name)()), base.span)
    if isinstance(base, Event):
        return Event((*base.path, f"@{name}"), span)
    if isinstance(base, Text) and name in ("strip", "lstrip", "rstrip"):
        return base
    return Unknown(span)


def _replace(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Literal) and isinstance(base.value, str) and len(arguments) == 2:
        old, new = arguments
        if isinstance(old, Literal) and isinstance(new, Literal):
            return Literal(base.value.replace(str(old.value), str(new.value)), base.span)
    return Unknown(span)


def _split(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Context):
        return Context(f"{base.attribute}.split()", span)
    if isinstance(base, Literal) and isinstance(base.value, str) and arguments:
        separator = arguments[0]
        if isinstance(separator, Literal) and isinstance(separator.value, str) and separator.value:
            return ListOf(tuple(Literal(part, base.span) for part in base.value.split(separator.value)), span)
    return Unknown(span)


def _join(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Literal) and arguments and isinstance(arguments[0], ListOf) and not arguments[0].open:
        parts: list[Value] = []
        for item in arguments[0].items:
            if parts:
                parts.append(base)
            parts.append(item)
        return concatenate(parts, span)
    return Unknown(span)


def _format(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Literal) and isinstance(base.value, str):
        start = base.value.partition("{")[0]
        return Text((Literal(start, base.span), Unknown(span)), span) if start else Unknown(span)
    return Unknown(span)


def _same(base: Value, arguments: list[Value], span: Span) -> Value:
    return base


_METHODS: dict[str, Callable[[Value, list[Value], Span], Value]] = {
    "get": _get,
    "pop": _get,
    "replace": _replace,
    "split": _split,
    "join": _join,
    "format": _format,
    "encode": _same,
    "decode": _same,
    "copy": _same,
    **{
        name: (lambda base, arguments, span, name=name: _case(base, arguments, span, name))  # type: ignore[misc]
        for name in ("lower", "upper", "strip", "lstrip", "rstrip")
    },
}
