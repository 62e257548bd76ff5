"""Python while it is followed: imports, a little of the standard library, and boto3."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable

from lambdalint.aws import sdk
from lambdalint.aws.handler_decorators import BATCH_PROCESSORS, METHODS, ROUTERS
from lambdalint.code.facts import (
    MODULE,
    Argument,
    Array,
    Binding,
    Call,
    Const,
    Each,
    Expression,
    Import,
    Item,
    Other,
)
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import REST, Activation, Interpreter, Language
from lambdalint.project.things import (
    CallSite,
    ClassThing,
    Client,
    Command,
    External,
    FunctionThing,
    Held,
    Instance,
    ModuleThing,
    Native,
    Operation,
    SdkObject,
    Session,
    Super,
    Thing,
    alternatives,
    as_value,
    holding,
    items_of,
    several,
)
from lambdalint.source import NOWHERE, Span
from lambdalint.values import (
    Absent,
    Context,
    Entry,
    Env,
    Event,
    ListOf,
    Literal,
    MapOf,
    OneOf,
    Text,
    Unknown,
    Value,
    concatenate,
    member,
    one_of,
    options,
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
        "copy.copy",
        "copy.deepcopy",
        "os.fspath",
        "typing.cast",
        "aws_lambda_powertools.utilities.parser.parse",
    )
)
_LISTS = frozenset(("list", "tuple", "iter", "sorted", "set", "frozenset"))
_ENTERING = frozenset(("enter_context", "enter_async_context"))
_PLAIN_BASES = frozenset(
    (
        "object",
        "abc.ABC",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "str",
        "Exception",
        "typing.NamedTuple",
        "typing.Protocol",
        "typing.TypedDict",
        "typing_extensions.TypedDict",
        "typing_extensions.Protocol",
        "pydantic.BaseModel",
        "aws_lambda_powertools.utilities.parser.BaseModel",
    )
)
"""Classes from outside that leave the attributes of their subclasses as they are written."""
_KEEPING = frozenset(
    (
        "functools.wraps",
        "functools.update_wrapper",
        "functools.partial",
        "functools.cache",
        "functools.lru_cache",
        "callable",
        "isinstance",
        "setattr",
        "inspect.signature",
        "inspect.iscoroutinefunction",
        "asyncio.iscoroutinefunction",
    )
)
_TEXTUAL = (Literal, Text, Env, Event, Context, OneOf)
_MAX_ELEMENTS = 24
_STUBS = ("mypy_boto3_", "types_boto3_", "types_aiobotocore_", "types_aioboto3_")
_PATHS = frozenset(("os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePosixPath", "pathlib.PosixPath"))
_DECODING = frozenset(("unquote_plus", "unquote"))
_KNOWN = frozenset(
    (
        *_CLIENTS,
        *SESSIONS,
        *_PATHS,
        *_SAME,
        *_LISTS,
        *_PARSERS,
        "str",
        "type",
        "importlib.import_module",
        "__import__",
        "dataclasses.field",
        "next",
        "dict",
        "getattr",
        "super",
        "functools.partial",
        "contextlib.closing",
        "os.environ.get",
        "os.getenv",
        "os.environ.copy",
    )
)
_KNOWN_NAMES = _ENTERING | _DECODING
"""What is known of calls of something from outside: by path, and by name alone. All others give what is not known."""
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
    keeping = _KEEPING

    # --- modules ------------------------------------------------------------------------------------------------

    def modules(self, run: Interpreter, module: ModuleIndex, imported: Import) -> list[ModuleIndex]:
        targets = run.codebase.python_targets(module, imported, run.roots)
        return [target for target in targets if target is not None and target.path != module.path]

    def imported(self, run: Interpreter, module: ModuleIndex, imported: Import) -> Thing:
        span = module.at(imported.span)
        target, submodule = run.codebase.python_targets(module, imported, run.roots)
        if not imported.symbol:
            if target is not None:
                run.start(target)
                return ModuleThing(target)
            folders = self._folders(run, module)
            if run.codebase.is_python_namespace(imported.module, folders):
                return _Namespace(imported.module, folders, span)
            return External(imported.module, span)
        if target is not None and target is not module:
            run.start(target)
            if submodule is None or (MODULE, imported.symbol) in target.bindings:
                return self.module_attribute(run, target, imported.symbol, span)
        if submodule is not None:
            run.start(submodule)
            return ModuleThing(submodule)
        if target is not None or imported.level:
            return Unknown(span)
        name, folders = f"{imported.module}.{imported.symbol}", self._folders(run, module)
        if run.codebase.is_python_namespace(name, folders):
            return _Namespace(name, folders, span)
        return External(name, span)

    def _folders(self, run: Interpreter, module: ModuleIndex) -> tuple[str, ...]:
        folder = posixpath.dirname(module.facts.file)
        return run.roots if folder in run.roots else (*run.roots, folder)

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
        if isinstance(base, _Namespace):
            inner = f"{base.path}.{name}"
            path = run.codebase.python_module(inner, base.folders)
            target = run.codebase.get(path) if path is not None else None
            if target is not None:
                run.start(target)
                return ModuleThing(target)
            return _Namespace(inner, base.folders, span)
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
        if expression.kind in ("comprehension", "generator", "set-comprehension", "map-comprehension"):
            return self._comprehension(run, expression, activation, span)
        if expression.kind == "set":
            return ListOf(tuple(run.value(part, activation) for part in parts), span, True)
        if expression.kind == "add":
            return self._add([run.evaluate(part, activation) for part in parts], span)
        if expression.kind == "merge" and len(parts) == 2:
            return self._merge([run.evaluate(part, activation) for part in parts], span)
        if expression.kind == "slice":
            base = run.evaluate(parts[0], activation)
            return base if isinstance(base, Event) else Unknown(span)
        if expression.kind == "and":
            return run.evaluate(parts[-1], activation)
        return Unknown(span)

    def _comprehension(self, run: Interpreter, expression: Other, activation: Activation, span: Span) -> Thing:
        """The list or map that a comprehension makes: element by element, where what it goes over is known."""
        is_map = expression.kind == "map-comprehension"
        made = expression.parts[: 2 if is_map else 1]
        filtered = len(expression.parts) > len(made)
        bindings = activation.module.scoped.get((expression.span.line, expression.span.column), [])
        rounds = self._rounds(run, bindings, activation) if expression.kind != "set-comprehension" else None
        results: list[list[Thing]] = []
        for known in rounds if rounds is not None else [None]:
            scope = activation
            if known is not None:
                scope = Activation(
                    activation.module,
                    activation.index,
                    activation.parent,
                    activation.phase,
                    activation.arguments,
                    activation.receiver,
                    activation.caller,
                    activation.possible,
                )
                scope.known = {**activation.known, **known}
            results.append([run.evaluate(part, scope) for part in made])
        is_open = filtered or rounds is None
        if not is_map:
            items = tuple(item[0] for item in results)
            return holding(ListOf(tuple(as_value(item, span) for item in items), span, is_open), items)
        entries: list[Entry] = []
        held: list[Thing] = []
        for key, value in results:
            if isinstance(key, Literal):
                shown = as_value(value, span)
                entries.append(Entry(str(key.value), one_of([shown, Unknown(span)], span) if filtered else shown, span))
                held.append(value)
            else:
                is_open = True
        return holding(MapOf(tuple(entries), span, is_open), tuple(held))

    def _rounds(
        self, run: Interpreter, bindings: list[Binding], activation: Activation
    ) -> list[dict[int, Thing]] | None:
        """What a comprehension's variables are in each round, by binding; None where that is not known."""
        sources = [binding.value for binding in bindings]
        if not sources or not all(isinstance(source, Each) for source in sources):
            return None
        bases = [source.base for source in sources if isinstance(source, Each)]
        if len(bases) > 2 or any(base != bases[0] for base in bases):
            return None
        whole = run.evaluate(bases[0], activation)
        value = as_value(whole)
        if not isinstance(whole, (MapOf, ListOf, Held)) or not isinstance(value, (MapOf, ListOf)) or value.open:
            return None
        elements = items_of(whole)
        if len(elements) > _MAX_ELEMENTS or (len(bases) == 2 and not isinstance(value, MapOf)):
            return None
        found: list[dict[int, Thing]] = []
        for index, element in enumerate(elements):
            known: dict[int, Thing] = {}
            for binding, source in zip(bindings, sources):
                by_key = isinstance(source, Each) and source.key and isinstance(value, MapOf)
                key = value.entries[index].key if isinstance(value, MapOf) else ""
                known[id(binding)] = Literal(key, value.span) if by_key else element
            found.append(known)
        return found

    def _add(self, things: list[Thing], span: Span) -> Thing:
        """What ``+`` makes: of lists a list, of numbers a number, else a string."""
        values = [as_value(thing) for thing in things]
        if any(isinstance(value, ListOf) for value in values):
            items: list[Thing] = []
            for thing in things:
                items.extend(items_of(thing) if isinstance(thing, (ListOf, Held)) else (Unknown(span),))
            is_open = any(not isinstance(value, ListOf) or value.open for value in values)
            return holding(ListOf(tuple(as_value(item) for item in items), span, is_open), tuple(items))
        for value in values:
            for option in value.options if isinstance(value, OneOf) else (value,):
                if isinstance(option, MapOf) or (isinstance(option, Literal) and not isinstance(option.value, str)):
                    return Unknown(span)
        return concatenate(values, span)

    def _merge(self, things: list[Thing], span: Span) -> Thing:
        """What ``|`` makes of maps."""
        entries: list[Entry] = []
        held: list[Thing] = []
        is_open = False
        for thing in things:
            value = as_value(thing)
            if isinstance(thing, (MapOf, Held)) and isinstance(value, MapOf):
                entries.extend(value.entries)
                held.extend(items_of(thing))
                is_open = is_open or value.open
            else:
                return Unknown(span)
        return holding(MapOf(tuple(entries), span, is_open), tuple(held))

    def shown(self, value: Value) -> Value:
        if isinstance(value, Literal) and not isinstance(value.value, str):
            return Literal(str(value.value), value.span)
        if isinstance(value, OneOf):
            return one_of([self.shown(option) for option in value.options], value.span)
        return value

    def held_attribute(self, run: Interpreter, base: Held, name: str, span: Span) -> Thing:
        if name in ("get", "pop", "setdefault") and isinstance(base.value, MapOf):

            def find(call: Call, activation: Activation, at: Span) -> Thing:
                key = run.argument(call, activation, 0)
                default = run.argument(call, activation, 1)
                other = default if default is not None else Literal(None, at)
                if not isinstance(key, Literal):
                    return several([*base.items, other], at)
                found = base.get(str(key.value))
                if found is not None:
                    return found
                return Unknown(at) if base.value.open and default is None else other

            return Native(f"?.{name}", find)
        if name == "pop":
            return Native("?.pop", lambda _call, _activation, at: several(list(base.items), at))
        if name == "copy":
            return Native("?.copy", lambda _call, _activation, _at: base)
        return self.value_attribute(run, base.value, name, span)

    def annotated(self, run: Interpreter, annotation: Expression, scope: Activation) -> Thing | None:
        if isinstance(annotation, Const) and isinstance(annotation.value, str):
            name = annotation.value.strip()
            things = alternatives(run.lookup(name, scope, None)) if name.isidentifier() else ()
        elif isinstance(annotation, Other) and annotation.kind == "merge":
            return next((item for part in annotation.parts if (item := self.annotated(run, part, scope))), None)
        elif isinstance(annotation, Item):
            return self.annotated(run, annotation.key, scope)
        elif isinstance(annotation, Array):
            return None
        else:
            things = alternatives(run.evaluate(annotation, scope))
        for thing in things:
            module, _, name = thing.path.rpartition(".") if isinstance(thing, External) else ("", "", "")
            package = module.partition(".")[0]
            stub = next((start for start in _STUBS if package.startswith(start)), None)
            if stub is not None and name.endswith(("Client", "ServiceResource")):
                service = package[len(stub) :].replace("_", "-")
                if sdk.service(service) is not None:
                    return Client(service, {REST: Unknown()}, None, name.endswith("ServiceResource"))
        return None

    def fills_attributes(self, run: Interpreter, kind: ClassThing) -> bool:
        for item in run.lineage(kind):
            scope = item.scope or run.start(item.module)
            for base in item.definition.bases:
                for thing in alternatives(run.evaluate(base, scope)):
                    if isinstance(thing, External) and thing.path not in _PLAIN_BASES:
                        return True
        return False

    def call(self, run: Interpreter, callee: External, call: Call, activation: Activation, span: Span) -> Thing:
        path = callee.path
        if path not in _KNOWN and path.rpartition(".")[2] not in _KNOWN_NAMES:
            return External(f"{path}()", span, CallSite(activation.module, call, activation))
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
        if path == "str" and first is not None:
            return self.shown(first) if isinstance(first, _TEXTUAL) else Unknown(span)
        if path in _LISTS and first is not None:
            return self._list(run, path, first, call, span)
        if path == "type" and isinstance(first, Instance):
            return first.kind
        if path in ("importlib.import_module", "__import__") and isinstance(first, Literal):
            imported = Import("", str(first.value), "", 0, call.span, activation.index)
            return self.imported(run, activation.module, imported)
        if path == "dataclasses.field":
            return self._field(run, call, activation, span)
        name = path.rpartition(".")[2]
        if name in _ENTERING and first is not None:
            return first
        if path == "next" and first is not None:
            return run.item(first, Unknown(span), span)
        if path in _PARSERS:
            return several([_parsed(option, span) for option in alternatives(first)], span) if first else Unknown(span)
        if name in _DECODING and first is not None:
            return _decoded(first, name, span)
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

    def _list(self, run: Interpreter, path: str, first: Thing, call: Call, span: Span) -> Thing:
        value = as_value(first)
        if isinstance(value, MapOf):
            first = value = ListOf(
                tuple(Literal(entry.key, entry.key_span) for entry in value.entries), span, value.open
            )
        if not isinstance(first, (ListOf, Held)) or not isinstance(value, ListOf):
            return first if path in ("list", "tuple", "iter", "sorted") else Unknown(span)
        if path in ("list", "tuple", "iter") or len(value.items) < 2:
            return first
        return holding(ListOf(value.items, span, True), items_of(first))

    def _field(self, run: Interpreter, call: Call, activation: Activation, span: Span) -> Thing:
        given = call.keyword("default")
        if given is not None:
            return run.evaluate(given, activation)
        factory = call.keyword("default_factory")
        made = run.evaluate(factory, activation) if factory is not None else None
        if isinstance(made, FunctionThing):
            site = CallSite(activation.module, call, activation)
            return run.returned(run.enter(made, [], {}, site, activation.phase))
        if isinstance(made, External) and made.path == "dict":
            return MapOf((), span, True)
        return Unknown(span)

    def _partial(self, run: Interpreter, call: Call, activation: Activation, first: Thing | None, span: Span) -> Thing:
        if isinstance(first, Operation):
            fixed = dict(first.arguments)
            for argument in call.arguments:
                if argument.spread:
                    return Unknown(span)
                if argument.name:
                    fixed[argument.name] = run.value(argument.value, activation)
            return Operation(first.service, first.name, first.client, fixed, first.positional, first.gives)
        if isinstance(first, FunctionThing):
            given: list[Thing] = []
            index = 1
            while (found := run.argument(call, activation, index)) is not None:
                given.append(found)
                index += 1
            arguments = (*first.arguments, *given)
            named = {
                argument.name: run.evaluate(argument.value, activation)
                for argument in call.arguments
                if argument.name and not argument.spread
            }
            named = {**first.named, **named}
            return FunctionThing(first.module, first.index, first.scope, first.receiver, arguments, True, named)
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
        base = as_value(first) if first is not None else None
        entries: list[Entry] = list(base.entries) if isinstance(base, MapOf) else []
        things: list[Thing] = list(items_of(first)) if isinstance(first, (MapOf, Held)) and entries else []
        is_open = first is not None and (not isinstance(base, MapOf) or base.open)
        if isinstance(first, External) and first.path == "os.environ" and not call.keyword("x"):
            return first
        for argument in call.arguments:
            if argument.name and not argument.spread:
                thing = run.evaluate(argument.value, activation)
                value = as_value(thing, activation.module.at(argument.value.span))
                entries.append(Entry(argument.name, value, value.span))
                things.append(thing)
            elif argument.spread:
                is_open = True
        return holding(MapOf(tuple(entries), span, is_open), tuple(things))

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
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        name = path.rpartition(".")[2]
        rest: list[Thing | None] = []
        index = 1
        while (found := run.argument(call, activation, index)) is not None:
            rest.append(found)
            index += 1
        at = activation.module.at(call.span)
        if any(item.spread for item in call.arguments):
            return [None], {}
        if name == "submit":
            named = {item.name: run.evaluate(item.value, activation) for item in call.arguments if item.name}
            return rest, named
        if name in ("map", "imap", "filter"):
            return [run.each(thing, at, True) if thing is not None else None for thing in rest], {}
        if name == "Thread":
            given = call.keyword("args")
            value = run.evaluate(given, activation) if given is not None else None
            named_given = call.keyword("kwargs")
            if named_given is None and (given is None or isinstance(value, (ListOf, Held))):
                return list(items_of(value)) if isinstance(value, (ListOf, Held)) else [], {}
        return [None], {}

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
        super().__init__("boto3.resource().meta", client.site.span if client.site is not None else NOWHERE)
        self.client = Client(client.service, client.options, client.site)


class _Namespace(External):
    """A folder of modules without ``__init__.py``."""

    __slots__ = ("folders",)

    def __init__(self, path: str, folders: tuple[str, ...], span: Span) -> None:
        super().__init__(path, span)
        self.folders = folders


_ATTRIBUTES = {
    "name": "Name",
    "table_name": "Name",
    "key": "Key",
    "bucket_name": "BucketName",
    "url": "Url",
    "arn": "Arn",
}


def _decoded(thing: Thing, how: str, span: Span) -> Thing:
    """What URL-decoding gives."""
    found = [
        Event((*option.path, f"@{how}"), span) if isinstance(option, Event) else option
        for option in alternatives(thing)
    ]
    return several(found, span)


def xform(name: str) -> str:
    """``BucketName`` as ``bucket_name``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _parsed(thing: Thing, span: Span) -> Value:
    """What a JSON text says."""
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


def _get(base: Value, arguments: list[Value], span: Span) -> Value:
    key = arguments[0] if arguments else None
    known = key.value if isinstance(key, Literal) else None
    if isinstance(base, Event):
        return Event((*base.path, known if isinstance(known, str) else "*"), span)
    if isinstance(base, MapOf):
        other = arguments[1] if len(arguments) > 1 else Literal(None, span)
        if not isinstance(known, str):
            return one_of(
                [*(entry.value for entry in base.entries), other, *([Unknown(span)] if base.open else [])], span
            )
        found = member(base, known)
        if found is None:
            return other
        kept = [other if isinstance(option, Absent) else option for option in options(found)]
        return one_of(kept, span) if len(kept) > 1 else kept[0]
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
