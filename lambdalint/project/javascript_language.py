"""JavaScript while it is followed: modules, a little of the standard library, callbacks. The SDKs are beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lambdalint.code.facts import MODULE, Argument, Call, Const, Export, Expression, Import, Member, Name, Object, Other
from lambdalint.project import javascript_sdk
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, Activation, Interpreter, Language
from lambdalint.project.things import (
    VALUE_TYPES,
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

EXPORTS = frozenset(("exports", "module.exports"))

_ITERATING = frozenset(
    ("map", "forEach", "filter", "find", "findIndex", "some", "every", "flatMap", "sort", "findLast", "each")
)
_FOLDING = frozenset(("reduce", "reduceRight"))
_SETTLING = frozenset(("then", "catch", "finally"))
_CALLS_BACK = frozenset((*(f"?.{name}" for name in (*_ITERATING, *_FOLDING, *_SETTLING)), "Promise", "sdk"))
_TOGETHER = frozenset(("Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"))
_SAME = frozenset(
    (
        "String",
        "Promise.resolve",
        "Array.from",
        "Object.freeze",
        "structuredClone",
        "Buffer.from",
        "util.promisify",
        "decodeURI",
        "Object.fromEntries",
    )
)
_PATHS = frozenset(("path.join", "path.resolve", "path.posix.join", "path.default.join"))
_DEPENDS_ON_ARGUMENTS = frozenset(
    (
        "Number",
        "parseInt",
        "String",
        "Boolean",
        "https.Agent",
        "http.Agent",
        "@smithy/node-http-handler.NodeHttpHandler",
        "@aws-sdk/node-http-handler.NodeHttpHandler",
        "@smithy/util-retry.ConfiguredRetryStrategy",
    )
)


class JavaScript(Language):
    """JavaScript and TypeScript."""

    constructor = "constructor"
    depends_on_arguments = _DEPENDS_ON_ARGUMENTS
    default_session = frozenset(("aws-sdk.config.update",))

    def __init__(self) -> None:
        self._asked: set[tuple[int, str, str]] = set()

    # --- modules ------------------------------------------------------------------------------------------------

    def _target(self, run: Interpreter, module: ModuleIndex, specifier: str) -> ModuleIndex | None:
        path = run.codebase.resolve_javascript(module, specifier, run.roots)
        return run.codebase.get(path) if path is not None and path != module.path else None

    def modules(self, run: Interpreter, module: ModuleIndex, imported: Import) -> list[ModuleIndex]:
        target = self._target(run, module, imported.module)
        return [target] if target is not None else []

    def imported(self, run: Interpreter, module: ModuleIndex, imported: Import) -> Thing:
        span = module.at(imported.span)
        target = self._target(run, module, imported.module)
        if target is None:
            if imported.module.startswith((".", "/")):
                return Unknown(span)
            path = imported.module.removeprefix("node:")
            return External(path if imported.symbol in ("", "default") else f"{path}.{imported.symbol}", span)
        run.start(target)
        if not imported.symbol:
            return self.module_value(run, target, span)
        return self.module_attribute(run, target, imported.symbol, span)

    def module_value(self, run: Interpreter, module: ModuleIndex, span: Span) -> Thing:
        """What ``require`` gives for a module: what it assigns to ``module.exports``, else the module."""
        for export in reversed(module.facts.exports):
            if export.name == "" and export.value is not None and not isinstance(export.value, Object):
                key = (id(run), module.path, "")
                if key in self._asked:
                    break
                self._asked.add(key)
                try:
                    found = run.evaluate(export.value, run.start(module))
                finally:
                    self._asked.discard(key)
                if not isinstance(found, (Unknown, MapOf)):
                    return found
        return ModuleThing(module)

    def module_attribute(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing:
        key = (id(run), module.path, name)
        if key in self._asked:
            return Unknown(span)
        self._asked.add(key)
        try:
            return self._exported(run, module, name, span) or Unknown(span)
        finally:
            self._asked.discard(key)

    def _exported(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing | None:
        """What a module exports under a name; None if it does not."""
        exports = module.facts.exports
        activation = run.start(module)
        for export in reversed(exports):
            if export.name == name:
                return self._export(run, module, activation, export, span)
        for export in reversed(exports):
            if export.name == "" and export.value is not None:
                found = self.field(run, export.value, name, activation, span)
                if found is not None:
                    return found
                if name == "default":
                    return self.module_value(run, module, span)
        if name == "default" and exports and all(export.system == "commonjs" for export in exports):
            return ModuleThing(module)
        for export in exports:
            if export.name == "*" and export.module and name != "default":
                target = self._target(run, module, export.module)
                found = self._exported(run, target, name, span) if target is not None else None
                if found is not None:
                    return found
        return None

    def _export(
        self, run: Interpreter, module: ModuleIndex, activation: Activation, export: Export, span: Span
    ) -> Thing | None:
        if export.module:
            target = self._target(run, module, export.module)
            if target is None:
                path = export.module.removeprefix("node:")
                return External(f"{path}.{export.symbol}" if export.symbol else path, span)
            if not export.symbol:
                return ModuleThing(target)
            return self.module_attribute(run, target, export.symbol, span)
        return run.evaluate(export.value, activation) if export.value is not None else Unknown(span)

    def field(
        self, run: Interpreter, value: Expression, name: str, activation: Activation, span: Span, depth: int = 0
    ) -> Thing | None:
        """What an object has under a name, functions included; None if it certainly has nothing."""
        if isinstance(value, Object):
            for field in reversed(value.fields):
                if field.key is None:
                    found = self.field(run, field.value, name, activation, span, depth)
                    if found is not None:
                        return found
                elif isinstance(field.key, Const) and str(field.key.value) == name:
                    return run.evaluate(field.value, activation)
            return None
        if isinstance(value, Name) and depth < 8:
            bindings = activation.module.bindings.get((MODULE, value.id), [])
            if len(bindings) == 1 and isinstance(bindings[0].value, (Object, Name)):
                for binding in reversed(activation.module.members.get(name, [])):
                    if isinstance(binding.base, Name) and binding.base.id == value.id:
                        return run.evaluate(binding.value, activation)
                return self.field(run, bindings[0].value, name, activation, span, depth + 1)
        found = run.attribute(run.evaluate(value, activation), name, span)
        return None if isinstance(found, Unknown) else found

    # --- names --------------------------------------------------------------------------------------------------

    def builtin(self, run: Interpreter, name: str, activation: Activation) -> Thing:
        if name == "this":
            return self._receiver(activation) or Unknown()
        if name == "super":
            return self._super(activation)
        return External(name)

    def receiver_name(self, module: ModuleIndex, method: int) -> str:
        return "this"

    @staticmethod
    def _receiver(activation: Activation) -> Thing | None:
        scope: Activation | None = activation
        while scope is not None:
            if scope.receiver is not None:
                return scope.receiver
            scope = scope.parent
        return None

    def _super(self, activation: Activation) -> Thing:
        scope: Activation | None = activation
        while scope is not None:
            parent = scope.module.definition(scope.index).parent
            if scope.receiver is not None and parent >= 0 and scope.module.definition(parent).kind == "class":
                return Super(scope.receiver, ClassThing(scope.module, parent, None))
            scope = scope.parent
        return Unknown()

    # --- things from outside ------------------------------------------------------------------------------------

    def external_attribute(self, run: Interpreter, base: External, name: str, span: Span) -> Thing:
        if base.path == "process.env":
            return Env(name, None, span)
        if base.path in EXPORTS:
            module = run.codebase.get(span.path)
            if module is not None and not (base.path == "module" and name == "exports"):
                return self.module_attribute(run, module, name, span)
        path = base.path.removesuffix(".default") if name != "default" else base.path
        return External(path if name == "default" else f"{path}.{name}", span)

    def external_item(self, run: Interpreter, base: External, key: Thing, span: Span) -> Thing:
        if isinstance(key, Literal) and isinstance(key.value, str):
            return self.external_attribute(run, base, key.value, span)
        return External(f"{base.path}[]", span)

    def other(self, run: Interpreter, expression: Expression, activation: Activation, span: Span) -> Thing:
        if isinstance(expression, Other) and expression.parts:
            if expression.kind == "and":
                return run.evaluate(expression.parts[-1], activation)
            if expression.kind == "spread":
                return run.evaluate(expression.parts[0], activation)
        return Unknown(span)

    def call(self, run: Interpreter, callee: External, call: Call, activation: Activation, span: Span) -> Thing:
        path = callee.path
        first = run.argument(call, activation, 0)
        made = javascript_sdk.made(run, path, call, activation)
        if made is not None:
            return made
        if path in ("require", "import") and isinstance(first, Literal):
            return self._required(run, str(first.value), activation.module, span)
        if path in _SAME and first is not None:
            return first
        if path == "JSON.parse":
            return Event((*first.path, "@json"), span) if isinstance(first, Event) else Unknown(span)
        if path in ("decodeURIComponent", "unescape") and first is not None:
            return Event((*first.path, "@unquote"), span) if isinstance(first, Event) else first
        if path in _TOGETHER and first is not None:
            return first
        if path in ("Object.values", "Object.keys", "Object.entries") and first is not None:
            each = as_value(run.each(first, span, path.endswith("keys")))
            return Unknown(span) if path.endswith("entries") else ListOf((each,), span, True)
        if path == "Object.assign":
            return self._merged([run.value(item.value, activation) for item in call.arguments], span)
        if path in _PATHS:
            return self._path(run, call, activation, span)
        return External(f"{path}()", span, CallSite(activation.module, call, activation))

    def _required(self, run: Interpreter, specifier: str, module: ModuleIndex, span: Span) -> Thing:
        target = self._target(run, module, specifier)
        if target is not None:
            run.start(target)
            return self.module_value(run, target, span)
        return Unknown(span) if specifier.startswith((".", "/")) else External(specifier.removeprefix("node:"), span)

    def _merged(self, values: list[Value], span: Span) -> Value:
        entries: list[Entry] = []
        is_open = False
        for value in values:
            if isinstance(value, MapOf):
                entries.extend(value.entries)
                is_open = is_open or value.open
            else:
                is_open = True
        return MapOf(tuple(entries), span, is_open)

    def _path(self, run: Interpreter, call: Call, activation: Activation, span: Span) -> Value:
        parts: list[Value] = []
        for argument in call.arguments:
            if parts and not (isinstance(parts[-1], Literal) and str(parts[-1].value).endswith("/")):
                parts.append(Literal("/", span))
            parts.append(Unknown(span) if argument.spread else run.value(argument.value, activation))
        return concatenate(parts, span) if parts else Literal(".", span)

    # --- values and callbacks -----------------------------------------------------------------------------------

    def value_attribute(self, run: Interpreter, base: Value, name: str, span: Span) -> Thing:
        if isinstance(base, MapOf):
            known = base.get(name)
            if known is not None:
                return known
        method = _METHODS.get(name)
        if method is not None or name in _ITERATING or name in _FOLDING:

            def apply(call: Call, activation: Activation, at: Span) -> Thing:
                if name in _ITERATING or name in _FOLDING:
                    return self._iterated(run, base, name, call, activation, at)
                arguments = [run.value(item.value, activation) for item in call.arguments if not item.spread]
                assert method is not None
                return method(base, arguments, at)

            return Native(f"?.{name}", apply)
        if isinstance(base, Context):
            return Context(f"{base.attribute}.{name}", span)
        if isinstance(base, Event):
            return Event((*base.path, name), span)
        if name in _SETTLING:
            return External(f"?.{name}", span)
        return Unknown(span)

    def _iterated(
        self, run: Interpreter, base: Value, name: str, call: Call, activation: Activation, span: Span
    ) -> Thing:
        """What ``map`` and its like give."""
        if name in ("filter", "sort"):
            return base
        if name in ("find", "findLast"):
            return run.each(base, span)
        if name not in ("map", "flatMap"):
            return Unknown(span)
        given = call.positional(0)
        if given is None:
            return Unknown(span)
        found: list[Value] = []
        for function in alternatives(run.evaluate(given, activation)):
            if isinstance(function, FunctionThing):
                site = CallSite(activation.module, call, activation)
                entered = run.enter(function, [run.each(base, span)], {}, site, activation.phase)
                found.append(as_value(run.returned(entered), span))
            elif isinstance(function, External) and function.path == "JSON.parse":
                found.append(Unknown(span))
        return ListOf(tuple(found), span, True) if found else Unknown(span)

    def calls_back(self, path: str) -> bool:
        return path in _CALLS_BACK

    def callback_arguments(
        self, run: Interpreter, path: str, call: Call, argument: Argument, activation: Activation
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        span = activation.module.at(call.span)
        name = path.rpartition(".")[2]
        base = run.evaluate(call.callee.base, activation) if isinstance(call.callee, Member) else None
        if base is not None and name in _ITERATING:
            return [run.each(base, span)], {}
        if base is not None and name in _FOLDING:
            return [Unknown(span), run.each(base, span)], {}
        if base is not None and name == "then":
            return [base], {}
        if path == "sdk":
            return [Literal(None, span), Unknown(span)], {}
        return [None], {}

    def callees(self, run: Interpreter, callee: Thing, call: Call, activation: Activation) -> tuple[Thing, ...]:
        if isinstance(callee, javascript_sdk.Sender):
            return javascript_sdk.sent(run, callee, call, activation)
        if isinstance(callee, External) and javascript_sdk.is_paginator(callee.path):
            return (javascript_sdk.paginated(run, callee.path, call, activation) or callee,)
        if isinstance(callee, Unknown) and isinstance(call.callee, Member) and call.callee.name in _CALLING_AS_METHODS:
            return (External(f"?.{call.callee.name}", activation.module.at(call.span)),)
        if isinstance(call.callee, Member) and call.callee.name in ("call", "apply", "bind"):
            return tuple(self._called_through(run, call.callee, callee, activation))
        return (callee,)

    def _called_through(
        self, run: Interpreter, member: Member, callee: Thing, activation: Activation
    ) -> Iterator[Thing]:
        """``f.call(x)`` and ``f.bind(x)``."""
        for thing in alternatives(run.evaluate(member.base, activation)):
            if isinstance(thing, FunctionThing):

                def give(call: Call, activation: Activation, at: Span, function: FunctionThing = thing) -> Thing:
                    return function

                yield Native("?.bind", give) if member.name == "bind" else callee
            else:
                yield callee

    def sdk_attribute(
        self, run: Interpreter, base: Client | SdkObject | Session | Operation | Command, name: str, span: Span
    ) -> Thing:
        return javascript_sdk.attribute(base, name, span)

    def runs_each_time(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        last = decorator.name if isinstance(decorator, Member) else getattr(decorator, "id", "")
        return last in ("staticmethod", "property")


_CALLING_AS_METHODS = frozenset((*_ITERATING, *_FOLDING, *_SETTLING))


def _event_step(step: str) -> Callable[[Value, list[Value], Span], Value]:
    def apply(base: Value, arguments: list[Value], span: Span) -> Value:
        if isinstance(base, Literal) and isinstance(base.value, str) and not arguments:
            changed = {"lower": base.value.lower(), "upper": base.value.upper(), "strip": base.value.strip()}
            return Literal(changed[step], base.span)
        if isinstance(base, Event):
            return Event((*base.path, f"@{step}"), span)
        return base if isinstance(base, Text) and step == "strip" else Unknown(span)

    return apply


def _replace(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Event):
        return Event((*base.path, "@replace"), span)
    if isinstance(base, Literal) and isinstance(base.value, str) and len(arguments) == 2:
        old, new = arguments
        if isinstance(old, Literal) and isinstance(new, Literal) and isinstance(old.value, str):
            return Literal(base.value.replace(old.value, str(new.value), 1), base.span)
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
    if isinstance(base, ListOf) and not base.open and arguments:
        parts: list[Value] = []
        for item in base.items:
            if parts:
                parts.append(arguments[0])
            parts.append(item)
        return concatenate(parts, span)
    return Unknown(span)


def _concat(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, ListOf):
        items = [item for value in arguments for item in (value.items if isinstance(value, ListOf) else (value,))]
        return ListOf((*base.items, *items), span, True)
    return concatenate([base, *arguments], span)


def _same(base: Value, arguments: list[Value], span: Span) -> Value:
    return base


def _element(base: Value, arguments: list[Value], span: Span) -> Value:
    if isinstance(base, Event):
        return Event((*base.path, "*"), span)
    if isinstance(base, ListOf) and len(base.items) == 1:
        return base.items[0]
    return Unknown(span)


_METHODS: dict[str, Callable[[Value, list[Value], Span], Value]] = {
    "replace": _replace,
    "replaceAll": _replace,
    "split": _split,
    "join": _join,
    "concat": _concat,
    "toString": _same,
    "slice": _same,
    "reverse": _same,
    "valueOf": _same,
    "flat": _same,
    "pop": _element,
    "shift": _element,
    "at": _element,
    "trim": _event_step("strip"),
    "toLowerCase": _event_step("lower"),
    "toUpperCase": _event_step("upper"),
}
__all__ = ["INVOKE", "VALUE_TYPES", "JavaScript", "several"]
