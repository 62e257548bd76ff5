"""JavaScript while it is followed: modules, names, callbacks. Values and the SDKs are beside it."""

from __future__ import annotations

from collections.abc import Callable

from lambdalint.aws.handler_decorators import METHODS
from lambdalint.code.facts import (
    Argument,
    Call,
    Export,
    Expression,
    Import,
    Member,
    Name,
    Other,
)
from lambdalint.project import javascript_sdk, javascript_values
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INIT, INVOKE, Activation, Interpreter, Language
from lambdalint.project.javascript_values import FOLDING, ITERATING, SETTLING, SORTING
from lambdalint.project.things import (
    CallSite,
    ClassThing,
    Client,
    Command,
    External,
    FunctionThing,
    Held,
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
    Context,
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
    one_of,
)

OF_OPERATION = "sdk"
"""What stands for an SDK operation where callbacks are handed to one."""

_GLOBALS = frozenset(("global", "globalThis"))
_CALLING_BACK = frozenset((*ITERATING, *FOLDING, *SORTING, "then", "finally"))
_CALLERS = frozenset(("Promise", "Array.from", OF_OPERATION))
_TRACING = frozenset(("captureAsyncFunc", "captureFunc"))
_MIDDY = "@middy/core"
_MIDDY_METHODS = frozenset(("after", "before", "handler", "onError", "use"))
_INTEROP = frozenset(
    ("__importDefault", "__importStar", "__toESM", "_interopRequireDefault", "_interopRequireWildcard")
)
"""Functions of compilers that give the module they are given, with its default at ``default``."""

_DEPENDS_ON_ARGUMENTS = frozenset(
    (
        "Boolean",
        "Number",
        "String",
        "parseFloat",
        "parseInt",
        "http.Agent",
        "https.Agent",
        "@aws-sdk/node-http-handler.NodeHttpHandler",
        "@smithy/node-http-handler.NodeHttpHandler",
        "@smithy/util-retry.ConfiguredRetryStrategy",
    )
)
_PLAIN_DECORATORS = frozenset(("staticmethod", "property"))
_RUNNING_DECORATORS = frozenset(
    ("captureLambdaHandler", "captureMethod", "injectLambdaContext", "logMetrics", *METHODS)
)


class JavaScript(Language):
    """JavaScript and TypeScript."""

    omits_arguments = True
    constructor = "constructor"
    depends_on_arguments = _DEPENDS_ON_ARGUMENTS
    default_session = frozenset(("aws-sdk.config.update",))
    has_instance_fields = True
    keeping = frozenset((_MIDDY, *(f"{_MIDDY}().{name}" for name in _MIDDY_METHODS)))

    def __init__(self) -> None:
        self._asked: set[tuple[int, str, str]] = set()

    def handler_arguments(self) -> list[Thing]:
        return [Event(), Context(), External("callback")]

    # --- modules ------------------------------------------------------------------------------------------------

    def _target(self, run: Interpreter, module: ModuleIndex, specifier: str) -> ModuleIndex | None:
        path = run.codebase.resolve_javascript(module, specifier, run.roots)
        return run.codebase.get(path) if path is not None and path != module.path else None

    def modules(self, run: Interpreter, module: ModuleIndex, imported: Import) -> list[ModuleIndex]:
        target = self._target(run, module, imported.module)
        return [target] if target is not None else []

    def imported(self, run: Interpreter, module: ModuleIndex, imported: Import) -> Thing:
        span = module.at(imported.span)
        return self._loaded(run, module, imported.module, imported.symbol, span)

    def _loaded(self, run: Interpreter, module: ModuleIndex, specifier: str, symbol: str, span: Span) -> Thing:
        """What a module offers under a name, or the module itself."""
        target = self._target(run, module, specifier)
        if target is None:
            if specifier.startswith((".", "/")):
                return Unknown(span)
            found = _external(specifier, span)
            return found if symbol in ("", "default") else self.external_attribute(run, found, symbol, span)
        run.start(target)
        if not symbol:
            return self.module_value(run, target, span)
        return self.module_attribute(run, target, symbol, span)

    def module_value(self, run: Interpreter, module: ModuleIndex, span: Span) -> Thing:
        """What ``require`` gives for a module: what it assigns to ``module.exports``, else the module."""
        wholes = [export for export in module.facts.exports if export.name == ""]
        if not wholes or any(export.name not in ("", "*") for export in module.facts.exports):
            return ModuleThing(module)
        found = self._guarded(run, module, "", lambda: self._whole(run, module, wholes, span))
        return ModuleThing(module) if isinstance(found, Unknown) else found

    def _guarded(self, run: Interpreter, module: ModuleIndex, name: str, ask: Callable[[], Thing]) -> Thing:
        """The answer to a question that modules which import each other may ask in a circle."""
        key = (id(run), module.path, name)
        if key in self._asked:
            return Unknown()
        self._asked.add(key)
        try:
            return ask()
        finally:
            self._asked.discard(key)

    def _whole(self, run: Interpreter, module: ModuleIndex, wholes: list[Export], span: Span) -> Thing:
        found: list[Thing] = []
        for export in reversed(wholes):
            found.append(self._export(run, module, export, span))
            if not _is_conditional(module, export):
                break
        return several(found, span)

    def module_attribute(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing:
        found = self._guarded(run, module, name, lambda: self._exported(run, module, name, span) or Unknown(span))
        return Unknown(span) if isinstance(found, Unknown) else found

    def _exported(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing | None:
        """What a module exports under a name; None if it does not."""
        exports = module.facts.exports
        run.start(module)
        found: list[Thing] = []
        for export in reversed(exports):
            if export.name == name:
                found.append(self._export(run, module, export, span))
                if not _is_conditional(module, export):
                    break
        if found:
            return several(found, span)
        wholes = [export for export in exports if export.name == ""]
        if wholes:
            whole = self._whole(run, module, wholes, span)
            of_whole = run.attribute(whole, name, span)
            if not isinstance(of_whole, Unknown):
                return of_whole
            if name == "default":
                return whole
        elif name == "default" and exports and all(export.system == "commonjs" for export in exports):
            return ModuleThing(module)
        for export in exports:
            if export.name == "*" and export.module and name != "default":
                target = self._target(run, module, export.module)
                if target is not None:
                    inner = self.module_attribute(run, target, name, span)
                    if not isinstance(inner, Unknown):
                        return inner
        outside = [item for item in exports if item.name == "*" and item.module and item.module[0] not in "./"]
        if len(outside) == 1 and name != "default" and self._target(run, module, outside[0].module) is None:
            return self.external_attribute(run, _external(outside[0].module, span), name, span)
        return None

    def _export(self, run: Interpreter, module: ModuleIndex, export: Export, span: Span) -> Thing:
        if export.module:
            return self._loaded(run, module, export.module, export.symbol, span)
        if export.value is None:
            return Unknown(span)
        if isinstance(export.value, Name) and export.system == "es":
            return run.lookup(export.value.id, run.start(module), None)  # exported as it is when the module has run
        found = run.evaluate(export.value, run.activation_of(module, export.function))
        if isinstance(export.value, Name) and isinstance(found, External) and found.path == export.value.id:
            return run.lookup(export.value.id, run.start(module), None)  # bundlers export before they define
        return found

    # --- names --------------------------------------------------------------------------------------------------

    def builtin(self, run: Interpreter, name: str, activation: Activation) -> Thing:
        if name == "this":
            return self._receiver(activation) or Unknown()
        if name == "super":
            return self._super(activation)
        if name == "exports":
            return ModuleThing(activation.module)
        if name == "module":
            return _ModuleObject(activation.module)
        if name == "undefined":
            return Literal(None)
        return External(name)

    def receiver_name(self, module: ModuleIndex, method: int) -> str:
        return "this"

    @staticmethod
    def _receiver(activation: Activation) -> Thing | None:
        """What ``this`` is: arrow functions have that of what is around them."""
        scope: Activation | None = activation
        while scope is not None:
            if scope.receiver is not None:
                return scope.receiver
            definition = scope.module.definition(scope.index)
            if definition.kind == "class":
                return ClassThing(scope.module, scope.index, scope.parent)
            if not definition.is_arrow:
                return None
            scope = scope.parent
        return None

    def _super(self, activation: Activation) -> Thing:
        scope: Activation | None = activation
        while scope is not None:
            parent = scope.module.definition(scope.index).parent
            if scope.receiver is not None and parent >= 0 and scope.module.definition(parent).kind == "class":
                return Super(scope.receiver, ClassThing(scope.module, parent, scope.parent))
            scope = scope.parent
        return Unknown()

    # --- things from outside ------------------------------------------------------------------------------------

    def external_attribute(self, run: Interpreter, base: External, name: str, span: Span) -> Thing:
        if base.path == "process.env":
            return Env(name, None, span)
        if isinstance(base, _ModuleObject):
            return ModuleThing(base.module) if name == "exports" else Unknown(span)
        if base.path in _GLOBALS:
            return _external(name, span)
        if name == "default":
            return base
        found = _external(f"{base.path}.{name}", span)
        return found if found.path != base.path else base

    def external_item(self, run: Interpreter, base: External, key: Thing, span: Span) -> Thing:
        if base.path == "process.env":
            return Env(str(key.value), None, span) if isinstance(key, Literal) else Unknown(span)
        if isinstance(key, Literal) and isinstance(key.value, str):
            return self.external_attribute(run, base, key.value, span)
        return External(f"{base.path}[]", span)

    def call(self, run: Interpreter, callee: External, call: Call, activation: Activation, span: Span) -> Thing:
        path = callee.path
        made = javascript_sdk.made(run, path, call, activation)
        if made is not None:
            return made
        if path in ("require", "import"):
            first = run.argument(call, activation, 0)
            if not isinstance(first, Literal):
                return Unknown(span)
            return self._loaded(run, activation.module, str(first.value), "", span)
        if path.startswith(f"{_MIDDY}()") and path.rpartition(".")[2] in _MIDDY_METHODS:
            return External(f"{_MIDDY}()", span, callee.site)
        if path.rpartition(".")[2] in _TRACING:
            return self._called_back(run, call, activation, span)
        found = javascript_values.of_function(run, path, call, activation, span)
        return (
            found if found is not None else External(f"{path}()", span, CallSite(activation.module, call, activation))
        )

    def _called_back(self, run: Interpreter, call: Call, activation: Activation, span: Span) -> Thing:
        """What the functions give that are handed to a call."""
        found: list[Thing] = []
        for argument in call.arguments:
            for thing in alternatives(run.evaluate(argument.value, activation)):
                if isinstance(thing, FunctionThing):
                    found.append(run.given_by(thing, [None], call, activation))
        return several(found, span) if found else Unknown(span)

    # --- values -------------------------------------------------------------------------------------------------

    def other(self, run: Interpreter, expression: Expression, activation: Activation, span: Span) -> Thing:
        if not isinstance(expression, Other) or not expression.parts:
            return Unknown(span)
        parts = expression.parts
        if expression.kind == "and":
            return several([run.evaluate(parts[-1], activation), Literal(None, span)], span)
        if expression.kind in ("spread", "yield"):
            return run.evaluate(parts[0], activation)
        if expression.kind == "rest":
            return self._rest(run.evaluate(parts[0], activation), span)
        if expression.kind == "add":
            return self._added([run.value(part, activation) for part in parts], span)
        return Unknown(span)

    @staticmethod
    def _rest(thing: Thing, span: Span) -> Thing:
        """What is left of something when parts of it are taken apart."""
        if isinstance(thing, Event):
            return Event(thing.path, span)
        value = as_value(thing)
        if isinstance(thing, (ListOf, Held)) and isinstance(value, ListOf):
            return holding(ListOf(value.items, span, True), items_of(thing))
        return Unknown(span)

    def _added(self, values: list[Value], span: Span) -> Value:
        for value in values:
            for option in value.options if isinstance(value, OneOf) else (value,):
                if isinstance(option, (MapOf, ListOf)):
                    return Unknown(span)
                if isinstance(option, Literal) and not isinstance(option.value, str):
                    return Unknown(span)
        return concatenate(values, span)

    def shown(self, value: Value) -> Value:
        if isinstance(value, OneOf):
            return one_of([self.shown(option) for option in value.options], value.span)
        return Unknown(value.span) if isinstance(value, (MapOf, ListOf)) else javascript_values.shown(value)

    def value_attribute(self, run: Interpreter, base: Value, name: str, span: Span) -> Thing:
        if isinstance(base, MapOf):
            return base.get(name) or Unknown(span)
        if isinstance(base, Context):
            return Context(f"{base.attribute}.{name}", span)
        return Event((*base.path, name), span) if isinstance(base, Event) else Unknown(span)

    def held_attribute(self, run: Interpreter, base: Held, name: str, span: Span) -> Thing:
        found = base.get(name) if isinstance(base.value, MapOf) else None
        if found is None:
            return Unknown(span)
        bound: list[Thing] = []
        for thing in alternatives(found):
            if isinstance(thing, FunctionThing) and thing.receiver is None and _has_receiver(thing):
                thing = FunctionThing(thing.module, thing.index, thing.scope, base, thing.arguments, thing.is_partial)
            bound.append(thing)
        return several(bound, span)

    def sdk_attribute(
        self, run: Interpreter, base: Client | SdkObject | Session | Operation | Command, name: str, span: Span
    ) -> Thing:
        return javascript_sdk.attribute(base, name, span)

    # --- methods and callbacks ----------------------------------------------------------------------------------

    def method(self, run: Interpreter, base: Thing, name: str, span: Span) -> Thing | None:
        if isinstance(base, FunctionThing):
            return self._method_of_function(run, base, name)
        if isinstance(base, Operation):
            return Native("?.bind", lambda _call, _activation, _span: base) if name == "bind" else None
        value = base.value if isinstance(base, Held) else base
        if isinstance(value, MapOf) and value.get(name) is not None:
            return None
        path = f"{base.path}.{name}" if isinstance(base, External) else f"?.{name}"
        if name in SETTLING and not isinstance(base, (ModuleThing, ClassThing)):

            def settle(call: Call, activation: Activation, at: Span) -> Thing:
                return javascript_values.settled(run, base, name, call, activation, at)

            return Native(path, settle)
        if isinstance(base, External):
            if not _is_made(base.path):
                return None
        elif not isinstance(value, (Event, ListOf, MapOf, Literal, Text, Env, Context, Unknown)):
            return None
        if name in ITERATING or name in FOLDING or name in SORTING:

            def iterate(call: Call, activation: Activation, at: Span) -> Thing:
                return javascript_values.iterated(run, base, name, call, activation, at)

            return Native(path, iterate)
        if isinstance(base, (External, Unknown)):
            return None
        return self._method_of_value(run, base, name)

    @staticmethod
    def _method_of_value(run: Interpreter, base: Thing, name: str) -> Thing | None:
        value = as_value(base)
        method = javascript_values.of_value(name)
        of_list = javascript_values.is_list_method(name)
        if method is None and not of_list:
            return None

        def apply(call: Call, activation: Activation, at: Span) -> Thing:
            given = [run.evaluate(item.value, activation) for item in call.arguments if not item.spread]
            if of_list:
                return javascript_values.of_list(base, name, given, at)
            arguments = [as_value(item) for item in given]
            decoded = javascript_values.replaced(value, call, arguments, at) if name.startswith("replace") else None
            assert method is not None
            return decoded or method(value, arguments, at)

        return Native(f"?.{name}", apply)

    @staticmethod
    def _method_of_function(run: Interpreter, function: FunctionThing, name: str) -> Thing | None:
        if name in ("call", "apply"):
            return FunctionThing(
                function.module,
                function.index,
                function.scope,
                function.receiver,
                function.arguments,
                function.is_partial,
                function.named,
                skipped=1 if name == "call" else 2,
            )
        if name != "bind":
            return None

        def bind(call: Call, activation: Activation, at: Span) -> Thing:
            receiver = run.argument(call, activation, 0)
            given = [run.evaluate(item.value, activation) for item in call.arguments[1:] if not item.spread]
            known = receiver if not isinstance(receiver, (Unknown, Literal)) else None
            return FunctionThing(
                function.module,
                function.index,
                function.scope,
                function.receiver or known,
                (*function.arguments, *given),
                bool(given) or function.is_partial,
            )

        return Native("?.bind", bind)

    def callees(self, run: Interpreter, callee: Thing, call: Call, activation: Activation) -> tuple[Thing, ...]:
        if isinstance(callee, javascript_sdk.Sender):
            return javascript_sdk.sent(run, callee, call, activation)
        if isinstance(callee, External) and javascript_sdk.is_paginator(callee.path):
            return (javascript_sdk.paginated(run, callee.path, call, activation) or callee,)
        name = callee.definition.name if isinstance(callee, FunctionThing) else ""
        name = callee.path.rpartition(".")[2] if isinstance(callee, External) else name
        if name in _INTEROP:
            return (Native(name, lambda given, within, at: run.argument(given, within, 0) or Unknown(at)),)
        return (callee,)

    def calls_back(self, path: str) -> bool:
        base, _, name = path.rpartition(".")
        if path in _CALLERS or name in _TRACING:
            return True
        return name in _CALLING_BACK and (base == "?" or _is_made(base))

    def callback_phase(self, path: str, phase: str) -> str:
        # What module code hands to something from outside is called later: middleware, routes, listeners.
        return INVOKE if phase == INIT and not self.calls_back(path) else phase

    def callback_arguments(
        self, run: Interpreter, path: str, call: Call, argument: Argument, activation: Activation
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        span = activation.module.at(call.span)
        name = path.rpartition(".")[2]
        is_first = bool(call.arguments) and argument is call.arguments[0]
        if path == OF_OPERATION:
            return [Unknown(span), Unknown(span)], {}
        if path == "Promise":
            return [External("resolve", span), External("reject", span)], {}
        base = run.evaluate(call.callee.base, activation) if isinstance(call.callee, Member) else None
        if path == "Array.from" or (name in ITERATING and not is_first):
            items = run.argument(call, activation, 0)
            return [run.each(items, span), None] if items is not None else [None], {}
        if base is not None and name in ITERATING:
            return javascript_values.item_arguments(base, run.each(base, span)), {}
        if base is not None and name in FOLDING:
            return [Unknown(span), run.each(base, span), None], {}
        if base is not None and name in SORTING:
            return [run.each(base, span), run.each(base, span)], {}
        if base is not None and name == "then":
            return [base if is_first else Unknown(span)], {}
        if name == "finally":
            return [], {}
        return [None], {}

    def runs_each_time(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        for thing in alternatives(run.evaluate(decorator, scope)):
            path = thing.path.removesuffix("()") if isinstance(thing, External) else ""
            if path not in _PLAIN_DECORATORS and path.rpartition(".")[2] not in _RUNNING_DECORATORS:
                return False
        return True


class _ModuleObject(External):
    """``module`` within a CommonJS module."""

    __slots__ = ("module",)

    def __init__(self, module: ModuleIndex) -> None:
        super().__init__("module", NOWHERE)
        self.module = module


def _external(path: str, span: Span) -> External:
    """Something from a package or from Node.js, by the one path that it goes by here."""
    path = path.removeprefix("node:")
    if path == "fs.promises" or path.startswith("fs.promises."):
        path = f"fs/promises{path.removeprefix('fs.promises')}"
    return External(javascript_sdk.canonical(path), span)


def _is_made(path: str) -> bool:
    """Whether a path is that of what a call gives, or of a part of it, rather than of a module or class."""
    return "()" in path or "[]" in path


def _is_conditional(module: ModuleIndex, export: Export) -> bool:
    """Whether an export is only made under a condition."""
    inside = [
        block
        for _, block in module.function_blocks.get(export.function, [])
        if (block.span.line, block.span.column) <= (export.span.line, export.span.column)
        and (export.span.end_line, export.span.end_column) <= (block.span.end_line, block.span.end_column)
    ]
    return any(block.kind in ("then", "else", "case", "try", "except") for block in inside)


def _has_receiver(function: FunctionThing) -> bool:
    """Whether a function asks for what it is called on."""
    return not function.definition.is_arrow and function.index in function.module.asking_for_receiver
