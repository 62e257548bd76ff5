"""Follows a handler through the project's modules, with known arguments, and says what it calls.

It starts where Lambda starts: the module is imported (*init*), then the handler runs with an event and a context
(*invoke*). Project functions are entered with the arguments of the call; what is not known stays unknown. Nothing is
decided: both branches of a condition are followed. Work is bounded; beyond the bounds, values are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lambdalint.code.facts import (
    MODULE,
    Argument,
    Array,
    Binding,
    Block,
    Call,
    Choice,
    Closure,
    Const,
    Each,
    Environment,
    Expression,
    Format,
    Import,
    Item,
    Member,
    Name,
    Object,
    Other,
    Placeholder,
    Read,
    Result,
    has_parts,
    walk,
)
from lambdalint.project.codebase import Change, Codebase, ModuleIndex
from lambdalint.project.things import (
    CallSite,
    ClassThing,
    Client,
    Collection,
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
    is_several,
    is_value,
    items_of,
    several,
)
from lambdalint.source import Span
from lambdalint.values import (
    Absent,
    Context,
    Entry,
    Env,
    Event,
    ListOf,
    Literal,
    MapOf,
    Ref,
    Unknown,
    Value,
    concatenate,
    identity,
    member,
    one_map,
    one_of,
)

MAX_ACTIVATIONS = 2_000
MAX_CALL_DEPTH = 24
MAX_ACTIVATIONS_OF_ONE = 50
"""How many activations a function gets for what it is called with; all further calls share one."""
MAX_RECURSION = 3
"""How often a function is entered from within itself: what its arguments grow to tells nothing new."""
MAX_EVALUATION_DEPTH = 60
MAX_STEPS = 300_000
MAX_ENTRIES = 200
MAX_ACTIVATIONS_ASKED = 8

REST = "**"
"""The name of an argument that stands for further ones, whose names are not known."""

RETURNED = -1
"""The index under which an activation keeps what its function gives back; others are those of calls."""

INIT = "init"
INVOKE = "invoke"


class Activation:
    """A function (or a module's own code) that runs with some arguments.

    ``caller`` is the call that entered it first; equal calls share one activation. ``parent`` is the scope around it.
    """

    __slots__ = (
        "arguments",
        "caller",
        "chain",
        "definition",
        "depth",
        "index",
        "known",
        "module",
        "parent",
        "phase",
        "possible",
        "receiver",
        "results",
        "walked",
    )

    def __init__(
        self,
        module: ModuleIndex,
        index: int,
        parent: Activation | None,
        phase: str,
        arguments: dict[str, Thing],
        receiver: Thing | None = None,
        caller: CallSite | None = None,
        possible: bool = False,
    ) -> None:
        self.module = module
        self.index = index
        self.definition = module.facts.definitions[index]
        self.parent = parent
        self.phase = phase
        self.arguments = arguments
        self.receiver = receiver
        self.caller = caller
        self.chain: tuple[Span, ...] = (*caller.activation.chain, caller.span) if caller is not None else ()
        self.depth = len(self.chain)
        self.possible = possible
        self.known: dict[int, Thing] = {}
        self.results: dict[int, Thing] = {}
        self.walked = False

    @property
    def name(self) -> str:
        """The function's name; empty for a module's own code."""
        return self.definition.name


class CallRecord:
    """A call that the handler reaches: what is called, with which arguments, where, and when."""

    __slots__ = ("_arguments", "callee", "interpreter", "made", "operation", "phase", "site", "target")

    def __init__(
        self,
        interpreter: Interpreter,
        site: CallSite,
        callee: str,
        operation: Operation | None = None,
        made: Client | Session | None = None,
        target: FunctionThing | None = None,
    ) -> None:
        self.interpreter = interpreter
        self.site = site
        self.callee = callee
        self.operation = operation
        self.made = made
        self.target = target
        self.phase = site.activation.phase
        """``init`` or ``invoke``."""
        self._arguments: MapOf | None = None

    def __repr__(self) -> str:
        return f"<Call {self.callee} {self.span.path}:{self.span.line}>"

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.site.span

    @property
    def possible(self) -> bool:
        """Whether it is not certain that the handler reaches it (callbacks, registered functions)."""
        return self.site.activation.possible

    @property
    def chain(self) -> tuple[Span, ...]:
        """The calls that lead here from the handler."""
        return self.site.activation.chain

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks around the call, innermost first."""
        return iter(self.site.module.blocks(self.site.call.block))

    def positional(self, index: int) -> Value | None:
        """The value of the argument at a position, or None if there is none."""
        expression = self.site.call.positional(index)
        return None if expression is None else self._value(expression)

    def keyword(self, name: str) -> Value | None:
        """The value of a named argument, or None if there is none."""
        expression = self.site.call.keyword(name)
        return None if expression is None else self._value(expression)

    def thing(self, expression: Expression) -> Thing:
        """What an expression that stands at the call evaluates to."""
        return self.interpreter.evaluate(expression, self.site.activation)

    def _value(self, expression: Expression) -> Value:
        return as_value(self.thing(expression), self.site.module.at(expression.span))

    @property
    def has_spread(self) -> bool:
        """Whether arguments are spread into the call, so that others than those written may be there."""
        return any(argument.spread for argument in self.site.call.arguments)

    @property
    def arguments(self) -> MapOf:
        """The named arguments of an operation, those that its resource object fixes included."""
        if self._arguments is None:
            self._arguments = self._named()
        return self._arguments

    def _named(self) -> MapOf:
        entries: dict[str, Entry] = {}
        is_open = self.operation is not None and self.operation.is_open
        if self.operation is not None:
            for name, value in self.operation.arguments.items():
                entries[name] = Entry(name, value, value.span)
        position = 0
        names = self.operation.positional if self.operation is not None else ()
        for argument in self.site.call.arguments:
            value = self._value(argument.value)
            if argument.spread:
                is_open = not self._spread(value, entries) or is_open
            elif argument.name:
                entries[argument.name] = Entry(argument.name, value, self.site.module.at(argument.value.span))
            else:
                if position < len(names):
                    entries[names[position]] = Entry(names[position], value, value.span)
                elif self.operation is not None and self.operation.input and position == 0:
                    is_open = not self._spread(value, entries) or is_open
                position += 1
        return MapOf(tuple(entries.values()), self.span, is_open)

    def _spread(self, value: Value, entries: dict[str, Entry]) -> bool:
        if isinstance(value, ListOf) and not value.items:
            return not value.open
        known = one_map(value)
        if known is None:
            return False
        for entry in known.entries:
            entries[entry.key] = entry
        return not known.open


class ReadRecord:
    """A read of an environment variable that the handler reaches."""

    __slots__ = ("activation", "name", "read")

    def __init__(self, read: Read, name: Value, activation: Activation) -> None:
        self.read = read
        self.name = name
        self.activation = activation

    @property
    def span(self) -> Span:
        """The place of the read."""
        return self.activation.module.at(self.read.span)


class Interpreter:
    """Runs one handler over the facts of the project's modules.

    With ``only_asked``, nothing runs by itself: it tells what expressions are, and reads no more for that than it must.
    """

    def __init__(
        self,
        codebase: Codebase,
        roots: tuple[str, ...],
        language: Language,
        placeholders: Callable[[str, str], Value] | None = None,
        only_asked: bool = False,
    ) -> None:
        self.codebase = codebase
        self.roots = roots
        self.language = language
        self.placeholders = placeholders
        self.only_asked = only_asked
        self.records: list[CallRecord] = []
        self.reads: list[ReadRecord] = []
        self.activations: list[Activation] = []
        self._by_function: dict[tuple[str, int], list[Activation]] = {}
        self._modules: dict[str, Activation] = {}
        self._entered: dict[object, Activation] = {}
        self._pending: list[FunctionThing] = []
        self._referenced: set[tuple[str, int]] = set()
        self._changing: set[object] = set()
        self._open: set[tuple[int, int]] = set()
        self._guesses = 0
        """How often something was unknown only because it is being found out."""
        self._starring: set[tuple[str, str]] = set()
        self._wrapping: dict[tuple[str, int], list[FunctionThing]] = {}
        self._times: dict[tuple[str, int], int] = {}
        self._bindings: dict[tuple[str, int], Thing] = {}
        self._steps = 0
        self._depth = 0

    # --- running ------------------------------------------------------------------------------------------------

    def start(self, module: ModuleIndex) -> Activation:
        """Imports a module: its own code and that of the project's modules that it imports."""
        known = self._modules.get(module.path)
        if known is not None:
            return known
        activation = Activation(module, MODULE, None, INIT, {})
        self._modules[module.path] = activation
        self._add(activation)
        if self.only_asked:
            return activation
        self._import_modules(activation)
        self._visit_calls(activation)
        for index in self._class_bodies(module, MODULE):
            body = Activation(module, index, activation, INIT, {})
            self._add(body)
            self._visit_calls(body)
            self._decorate(module, index, body)
        self._decorate(module, MODULE, activation)
        self._note_references(activation)
        return activation

    def _add(self, activation: Activation) -> None:
        self.activations.append(activation)
        self._by_function.setdefault((activation.module.path, activation.index), []).append(activation)

    def invoke(self, handler: FunctionThing, streams: bool = False) -> Activation:
        """Runs a handler with an event and a context, and with a stream between them if it ``streams``."""
        given: list[Thing] = [Event(), Unknown(), Context()] if streams else self.language.handler_arguments()
        activation = self.enter(handler, given, {}, None, INVOKE)
        self._walk(activation)
        for wrapper in self._wrappers(handler):
            self._walk(self.enter(wrapper, given, {}, None, INVOKE))
        return activation

    def let_go(self) -> None:
        """Frees memory: what was found out refers to itself in many ways. Nothing can be asked afterwards."""
        for activation in (*self.activations, *self._entered.values(), *self._modules.values()):
            activation.known.clear()
            activation.results.clear()
            activation.arguments.clear()
        self.__dict__.clear()

    def _decorate(self, module: ModuleIndex, parent: int, scope: Activation) -> None:
        for index in module.decorated.get(parent, ()):
            self._wrappers(FunctionThing(module, index, scope))

    def _wrappers(self, function: FunctionThing) -> list[FunctionThing]:
        """The project's functions that decorators put around a function; decorators run when it is defined."""
        key = (function.module.path, function.index)
        if key in self._wrapping or not function.definition.decorators:
            return self._wrapping.get(key, [])
        found = self._wrapping[key] = []
        module = function.module
        scope = function.scope or self._modules.get(module.path) or self.start(module)
        raw = FunctionThing(module, function.index, scope)
        for decorator in function.definition.decorators:
            for thing in alternatives(self.evaluate(decorator, scope)):
                if isinstance(thing, FunctionThing):
                    made = self.enter(thing, [raw], {}, None, scope.phase)
                    self._walk(made)
                    for wrapper in alternatives(self.returned(made)):
                        if isinstance(wrapper, FunctionThing) and (wrapper.module.path, wrapper.index) != key:
                            found.append(wrapper)
        return found

    def finish(self) -> None:
        """Runs what may run although no call of it is seen: callbacks and registered functions."""
        seen: set[tuple[str, int]] = set()
        while self._pending and len(self.activations) < MAX_ACTIVATIONS:
            function = self._pending.pop()
            key = (function.module.path, function.index)
            if key in seen or any(item.walked for item in self._by_function.get(key, ())):
                continue
            seen.add(key)
            activation = self.enter(function, [], {}, None, INVOKE, possible=True)
            self._walk(activation)

    def _class_bodies(self, module: ModuleIndex, parent: int) -> Iterator[int]:
        for index in module.classes.get(parent, ()):
            yield index
            yield from self._class_bodies(module, index)

    def _import_modules(self, activation: Activation) -> None:
        for imported in activation.module.imports_in.get(activation.index, ()):
            if not imported.type_only:
                for target in self.language.modules(self, activation.module, imported):
                    self.start(target)

    def _walk(self, activation: Activation) -> None:
        """Visits the calls of a function and of what it calls."""
        if activation.walked:
            return
        activation.walked = True
        self._import_modules(activation)
        self._visit_calls(activation)
        self._note_references(activation)

    def _visit_calls(self, activation: Activation) -> None:
        module = activation.module
        script = module.script
        for read in module.reads.get(activation.index, ()):
            if read.block not in script and not self._is_left_to(read.block, activation):
                name = as_value(self.evaluate(read.name, activation))
                self.reads.append(ReadRecord(read, name, activation))
        may_leave = self.language.has_instance_fields
        for index in module.calls.get(activation.index, ()):
            call = module.facts.calls[index]
            if call.block in script or (may_leave and self._is_left_to(call.block, activation)):
                continue
            self._visit(call, index, activation)

    def _is_left_to(self, block: int, activation: Activation) -> bool:
        """Whether something in a class's body runs when the other is made: the class, or an instance of it."""
        if not self.language.has_instance_fields or activation.definition.kind != "class":
            return False
        is_static = activation.module.in_block(block, "static")
        return is_static == isinstance(activation.receiver, Instance)

    def _visit(self, call: Call, index: int, activation: Activation) -> None:
        site = CallSite(activation.module, call, activation)
        called: list[tuple[Thing, Activation | None]] | None = None
        if index in activation.results:
            given = activation.results[index]
        else:
            given, called = self._outcome(index, activation)
        if called is None:
            called = [(callee, None) for callee in self.callees(call, activation)]
        for callee, entered in called:
            if isinstance(callee, FunctionThing):
                entered = entered or self.call_function(callee, call, activation)
                self.records.append(CallRecord(self, site, callee.definition.name, target=callee))
                if entered is not None:
                    self._walk(entered)
                for wrapper in self._wrappers(callee):
                    around = self.call_function(wrapper, call, activation)
                    if around is not None:
                        self._walk(around)
            elif isinstance(callee, ClassThing):
                for made in alternatives(given):
                    if isinstance(made, Instance):
                        for started in list(made.activations.values()):
                            self._walk(started)
                self.records.append(CallRecord(self, site, callee.definition.name))
            elif isinstance(callee, Operation):
                self.records.append(CallRecord(self, site, f"{callee.service}.{callee.name}", operation=callee))
                self._callbacks("sdk", call, activation)
            else:
                name = call.callee.name if isinstance(call.callee, Member) else ""
                path = callee.path if isinstance(callee, (External, Native)) else f"?.{name}" if name else "?"
                self.records.append(CallRecord(self, site, path, made=_made(given, call)))
                self._callbacks(path, call, activation)

    def callees(self, call: Call, activation: Activation) -> list[Thing]:
        """What a call may call."""
        called = call.callee
        if isinstance(called, Member):
            span = activation.module.at(called.span)
            name, method = called.name, self.language.method
            methods = [
                method(self, base, name, span) or self._attribute(base, name, span)
                for base in alternatives(self.evaluate(called.base, activation))
            ]
            if len(methods) > 1:
                methods = [item for item in methods if not isinstance(item, Unknown)] or methods[:1]
                things = alternatives(several(methods, span))
            else:
                things = alternatives(methods[0] if not is_several(methods[0]) else several(methods, span))
        else:
            things = alternatives(self.evaluate(called, activation))
        found: list[Thing] = []
        for thing in things:
            if isinstance(thing, Super):
                thing = self._attribute(thing, self.language.constructor, activation.module.at(called.span))
            found.extend(self.language.callees(self, thing, call, activation))
        return found

    def _callbacks(self, path: str, call: Call, activation: Activation) -> None:
        """Enters functions that are handed to something that is no function of the project."""
        if path in self.language.keeping:
            return
        for argument in call.arguments:
            if not isinstance(argument.value, (Name, Member, Closure, Result)):
                continue
            for thing in alternatives(self.evaluate(argument.value, activation)):
                if isinstance(thing, FunctionThing):
                    values, named = self.language.callback_arguments(self, path, call, argument, activation)
                    site = CallSite(activation.module, call, activation)
                    possible = not self.language.calls_back(path)
                    phase = self.language.callback_phase(path, activation.phase)
                    if not self._is_beyond(thing, activation):
                        self._walk(self.enter(thing, values, named, site, phase, possible=possible))

    def _note_references(self, activation: Activation) -> None:
        """Notes the project functions that are used as values, in tables or as attributes."""
        module = activation.module
        key = (module.path, activation.index)
        if key in self._referenced:
            return
        self._referenced.add(key)
        if activation.index not in module.mentioned:
            module.mentioned[activation.index] = _mentioned(module, activation.index)
        closures, names = module.mentioned[activation.index]
        self._pending.extend(FunctionThing(module, index, activation) for index in closures)
        for name in names:
            for thing in alternatives(self.lookup(name, activation, None)):
                if isinstance(thing, FunctionThing):
                    self._pending.append(thing)
        if activation.index == MODULE:
            for index in module.decorated.get(MODULE, ()):
                self._pending.append(FunctionThing(module, index, activation))

    # --- entering functions -------------------------------------------------------------------------------------

    def call_function(self, function: FunctionThing, call: Call, activation: Activation) -> Activation | None:
        """The activation that a call of a project function makes, or None beyond the bounds."""
        if self._is_beyond(function, activation):
            return None
        positional, named = self._arguments(call.arguments, activation)
        site = CallSite(activation.module, call, activation)
        return self.enter(function, positional, named, site, activation.phase, complete=True)

    def given_by(
        self, function: FunctionThing, positional: Sequence[Thing | None], call: Call, activation: Activation
    ) -> Thing:
        """What a function gives that a call hands to something which calls it at once with some arguments."""
        if self._is_beyond(function, activation):
            return Unknown(activation.module.at(call.span))
        site = CallSite(activation.module, call, activation)
        return self.returned(self.enter(function, positional, {}, site, activation.phase))

    def _is_beyond(self, function: FunctionThing, activation: Activation) -> bool:
        """Whether a function is entered no more from an activation."""
        if activation.depth >= MAX_CALL_DEPTH or len(self._entered) >= MAX_ACTIVATIONS:
            return True
        return _is_deep(function, activation)

    def _arguments(
        self, arguments: tuple[Argument, ...], activation: Activation
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        positional: list[Thing | None] = []
        named: dict[str, Thing] = {}
        for argument in arguments:
            thing = self.evaluate(argument.value, activation)
            if argument.spread:
                value = as_value(thing)
                if isinstance(thing, (MapOf, Held)) and isinstance(value, MapOf):
                    named.update(zip((entry.key for entry in value.entries), items_of(thing)))
                    if value.open:
                        named[REST] = Unknown()
                elif isinstance(thing, (ListOf, Held)) and not (isinstance(value, ListOf) and value.open):
                    positional.extend(items_of(thing))
                else:
                    positional.append(None)
                    named[REST] = Unknown()
            elif argument.name:
                named[argument.name] = thing
            else:
                positional.append(thing)
        return positional, named

    def enter(
        self,
        function: FunctionThing,
        positional: Sequence[Thing | None],
        named: dict[str, Thing],
        site: CallSite | None,
        phase: str,
        possible: bool = False,
        complete: bool = False,
    ) -> Activation:
        """The activation of a function with some arguments; equal calls share one.

        ``complete``: no others are given.
        """
        definition = function.definition
        values: list[Thing | None] = [*function.arguments, *positional[function.skipped :]]
        if function.named:
            named = {**function.named, **named}
        arguments: dict[str, Thing] = {}
        parameters = definition.parameters
        if function.receiver is not None and parameters and self.language.has_receiver_parameter:
            arguments[parameters[0].name] = function.receiver
            parameters = parameters[1:]
        rest_unknown = False
        values.reverse()
        for parameter in parameters:
            if parameter.kind == "positional":
                if parameter.name in named:
                    arguments[parameter.name] = named[parameter.name]
                elif values and not rest_unknown:
                    value = values.pop()
                    if value is None:
                        rest_unknown = True
                    else:
                        arguments[parameter.name] = value
            elif parameter.kind == "rest":
                rest = tuple(value for value in reversed(values) if value is not None)
                arguments[parameter.name] = (
                    Unknown()
                    if None in values or rest_unknown
                    else holding(ListOf(tuple(as_value(value) for value in rest), parameter.span), rest)
                )
                rest_unknown = rest_unknown or None in values
                values = []
            elif parameter.kind == "keyword" and parameter.name in named:
                arguments[parameter.name] = named[parameter.name]
        given = bool(values) or bool(named)
        supplied = arguments.keys()
        caller = site.activation if site is not None else None
        missing_unknown = rest_unknown or None in values or REST in named or (site is None and not given)
        for parameter in parameters:
            if parameter.name in supplied:
                continue
            if parameter.kind == "keyword-rest":
                arguments[parameter.name] = self._named_rest(function, named, missing_unknown)
            elif parameter.default is not None and not missing_unknown:
                arguments[parameter.name] = self._default(function, parameter.default)
            elif complete and not missing_unknown and self.language.omits_arguments and parameter.kind == "positional":
                arguments[parameter.name] = Literal(None, function.module.at(parameter.span))
            else:
                arguments[parameter.name] = Unknown(function.module.at(parameter.span))
        for parameter in parameters:
            if parameter.annotation is not None and isinstance(arguments.get(parameter.name), (Unknown, External)):
                scope = function.scope or self._modules.get(function.module.path) or self.start(function.module)
                told = self.language.annotated(self, parameter.annotation, scope)
                arguments[parameter.name] = told or arguments[parameter.name]
        common = (
            function.module.path,
            function.index,
            id(function.scope) if function.scope is not None and function.scope.index != MODULE else 0,
            id(function.receiver) if function.receiver is not None else 0,
            phase,
            possible and (caller is None or not caller.possible),
        )
        key: tuple[object, ...] = (*common, tuple([(name, _key(thing)) for name, thing in arguments.items()]))
        times = self._times.get(common[:2], 0)
        if times >= MAX_ACTIVATIONS_OF_ONE and key not in self._entered:
            unknown = {item.name: Unknown(function.module.at(item.span)) for item in parameters}
            arguments, key = {**arguments, **unknown}, common
        known = self._entered.get(key)
        if known is not None:
            return known
        self._times[common[:2]] = times + 1
        activation = Activation(
            function.module,
            function.index,
            function.scope or self._modules.get(function.module.path),
            phase,
            arguments,
            function.receiver,
            site,
            possible or (caller is not None and caller.possible),
        )
        if isinstance(function.receiver, Instance):
            function.receiver.activations.setdefault((function.module.path, function.index), activation)
        self._entered[key] = activation
        if len(self._entered) > MAX_ACTIVATIONS:
            activation.walked = True
        else:
            self._add(activation)
        return activation

    def _named_rest(self, function: FunctionThing, named: dict[str, Thing], is_open: bool) -> Thing:
        taken = {item.name for item in function.definition.parameters}
        rest = {name: thing for name, thing in named.items() if name not in taken and name != REST}
        entries = tuple(Entry(name, as_value(thing), as_value(thing).span) for name, thing in rest.items())
        return holding(MapOf(entries, function.module.at(function.definition.span), is_open), tuple(rest.values()))

    def _default(self, function: FunctionThing, default: Expression) -> Thing:
        scope = function.scope or self._modules.get(function.module.path) or self.start(function.module)
        return self.evaluate(default, scope)

    def returned(self, activation: Activation) -> Thing:
        """What a function gives back, all its returns taken together."""
        opened = (id(activation), RETURNED)
        known = activation.results.get(RETURNED)
        if known is not None:
            if opened in self._open:
                self._guesses += 1
            return known
        at = activation.module.at(activation.definition.span)
        activation.results[RETURNED] = Unknown(at)
        self._open.add(opened)
        given = activation.results[RETURNED] = self._returned(activation, at)
        self._open.discard(opened)
        return given

    def _returned(self, activation: Activation, at: Span) -> Thing:
        definition = activation.definition
        found: list[Thing] = []
        if definition.is_generator:
            for item in activation.module.yields.get(activation.index, []):
                if item.value is not None:
                    found.append(self.evaluate(item.value, activation))
            given = several(found, at) if found else Unknown(at)
            if not any(_last_name(item) in _CONTEXT_MANAGERS for item in definition.decorators):
                given = holding(ListOf((as_value(given),), at, True), (given,))
            return given
        for item in activation.module.returns.get(activation.index, []):
            if item.value is not None:
                found.append(self.evaluate(item.value, activation))
        found = [item for item in found if not (isinstance(item, Literal) and item.value is None)] or found
        return several(found, at) if found else Literal(None, at)

    # --- evaluating ---------------------------------------------------------------------------------------------

    def evaluate(self, expression: Expression, activation: Activation) -> Thing:
        """What an expression may be in an activation."""
        self._steps += 1
        if self._steps > MAX_STEPS or self._depth > MAX_EVALUATION_DEPTH:
            self._guesses += 1
            return Unknown(activation.module.at(expression.span))
        if type(expression) is Const:
            return Literal(expression.value, activation.module.at(expression.span))
        self._depth += 1
        try:
            if type(expression) is Name:
                return self.lookup(expression.id, activation, expression.span)
            return _EVALUATING[type(expression)](self, expression, activation)
        finally:
            self._depth -= 1

    def value(self, expression: Expression, activation: Activation) -> Value:
        """As :meth:`evaluate`, as a plain value."""
        return as_value(self.evaluate(expression, activation), activation.module.at(expression.span))

    def _member(self, member: Member, activation: Activation) -> Thing:
        span = activation.module.at(member.span)
        return self.attribute(self.evaluate(member.base, activation), member.name, span)

    def _result(self, result: Result, activation: Activation) -> Thing:
        return self.result(result.call, activation)

    def _item_of(self, item: Item, activation: Activation) -> Thing:
        base = self.evaluate(item.base, activation)
        return self.item(base, self.evaluate(item.key, activation), activation.module.at(item.span))

    def _format(self, text: Format, activation: Activation) -> Thing:
        parts = [self.language.shown(self.value(part, activation)) for part in text.parts]
        return concatenate(parts, activation.module.at(text.span))

    def _each(self, each: Each, activation: Activation) -> Thing:
        return self.each(self.evaluate(each.base, activation), activation.module.at(each.span), each.key)

    def _closure_of(self, closure: Closure, activation: Activation) -> Thing:
        return self._closure(activation.module, closure.definition, activation)

    def _other(self, other: Other, activation: Activation) -> Thing:
        return self.language.other(self, other, activation, activation.module.at(other.span))

    def _closure(self, module: ModuleIndex, index: int, scope: Activation) -> Thing:
        definition = module.definition(index)
        if definition.kind == "class":
            return ClassThing(module, index, scope)
        return FunctionThing(module, index, scope)

    def _placeholder(self, placeholder: Placeholder, activation: Activation) -> Value:
        if self.placeholders is not None:
            return self.placeholders(activation.module.path, placeholder.name)
        return Ref(placeholder.name, "", "", activation.module.at(placeholder.span))

    def _environment(self, environment: Environment, activation: Activation) -> Value:
        span = activation.module.at(environment.span)
        read = activation.module.facts.reads[environment.read]
        if read.kind == "test":
            return Unknown(span)
        name = as_value(self.evaluate(read.name, activation))
        if not isinstance(name, Literal) or not isinstance(name.value, str):
            return Unknown(span)
        default = as_value(self.evaluate(read.default, activation)) if read.default is not None else None
        if read.kind == "optional":
            default = Literal(None, span)
        return Env(name.value, default, span)

    def _choice(self, expression: Choice, activation: Activation) -> Thing:
        things = [self.evaluate(option, activation) for option in expression.options]
        first = things[0] if things else None
        if expression.test is None and isinstance(first, Env) and len(things) == 2:
            return Env(first.name, as_value(things[1]), first.span)
        kept = [thing for thing in things if not (isinstance(thing, Literal) and thing.value in (None, "", False))]
        return several(kept or things, activation.module.at(expression.span))

    def _array(self, expression: Array, activation: Activation) -> Thing:
        span = activation.module.at(expression.span)
        items: list[Thing] = []
        is_open = False
        for item in expression.items:
            if expression.open and isinstance(item, Other) and item.kind == "spread" and item.parts:
                thing = self.evaluate(item.parts[0], activation)
                value = as_value(thing)
                if isinstance(thing, (ListOf, Held)) and isinstance(value, ListOf):
                    items.extend(items_of(thing))
                    is_open = is_open or value.open
                else:
                    items.append(self.each(thing, span, True))
                    is_open = True
            else:
                items.append(self.evaluate(item, activation))
        has_spread = any(isinstance(item, Other) and item.kind == "spread" for item in expression.items)
        is_open = is_open or (expression.open and not has_spread)
        return holding(ListOf(tuple(as_value(item) for item in items), span, is_open), tuple(items))

    def _object(self, expression: Object, activation: Activation) -> Thing:
        span = activation.module.at(expression.span)
        entries: list[Entry] = []
        things: list[Thing] = []
        is_open = False
        for field in expression.fields:
            thing = self.evaluate(field.value, activation)
            value = thing if is_value(thing) else as_value(thing, activation.module.at(field.value.span))
            if type(field.key) is Const:
                entries.append(Entry(str(field.key.value), value, activation.module.at(field.key.span)))
                things.append(thing)
                continue
            if field.key is None:
                whole = merged(holding(MapOf(tuple(entries), span, is_open), tuple(things)), thing)
                known = as_value(whole)
                if isinstance(known, MapOf):
                    entries, things, is_open = list(known.entries), list(items_of(whole)), known.open
                continue
            key = as_value(self.evaluate(field.key, activation))
            if isinstance(key, Literal):
                entries.append(Entry(str(key.value), value, activation.module.at(field.key.span)))
                things.append(thing)
            elif isinstance(key, Env):
                entries.append(Entry("\0" + key.name, value, activation.module.at(field.key.span)))
                things.append(thing)
                is_open = True
            else:
                is_open = True
        return holding(MapOf(tuple(entries), span, is_open), tuple(things))

    def each(self, base: Thing, span: Span, keys: bool = False) -> Thing:
        """Any element of what is iterated over."""
        found: list[Thing] = []
        for option in alternatives(base):
            if isinstance(option, Held):
                has_keys = keys and isinstance(option.value, MapOf)
                found.append(self.each(option.value, span, True) if has_keys else several(list(option.items), span))
            elif isinstance(option, ListOf):
                found.extend(option.items)
            elif isinstance(option, MapOf):
                found.extend(Literal(entry.key, entry.key_span) for entry in option.entries if keys)
                found.extend(entry.value for entry in option.entries if not keys)
                if option.open:
                    found.append(Unknown(span))
            elif isinstance(option, Event):
                found.append(Event((*option.path, "*"), span))
            elif isinstance(option, SdkObject) and option.collection:
                found.append(SdkObject(option.service, option.type, option.identifiers, option.client))
            else:
                found.append(Unknown(span))
        return several(found, span) if found else Unknown(span)

    def lookup(self, name: str, activation: Activation, at: Span | None) -> Thing:
        """What a variable may be where it is used; without place, when its function has run."""
        scope: Activation | None = activation
        here = True
        while scope is not None:
            definition = scope.definition
            if (here or definition.kind != "class") and (
                name in definition.locals or (scope.index == MODULE and (MODULE, name) in scope.module.bindings)
            ):
                found = self._variable(name, scope, at if here else None)
                if found is not None:
                    return found
            if scope.index == MODULE:
                break
            scope = scope.parent or self._modules.get(scope.module.path)
            here = False
        if scope is not None and scope.module.stars:
            found = self._starred(scope.module, name)
            if found is not None:
                return found
        return self.language.builtin(self, name, activation)

    def _starred(self, module: ModuleIndex, name: str) -> Thing | None:
        """What ``import *`` binds; modules may import all of each other in a circle."""
        key = (module.path, name)
        if key in self._starring:
            self._guesses += 1
            return None
        self._starring.add(key)
        try:
            for star in module.stars:
                found = self.language.star(self, module, star, name)
                if found is not None:
                    return found
            return None
        finally:
            self._starring.discard(key)

    def _variable(self, name: str, scope: Activation, at: Span | None) -> Thing | None:
        module = scope.module
        key = (scope.index, name, id(at))
        use: _Use | None = module.uses.get(key)
        if use is None:
            use = module.uses[key] = _Use(module, scope.index, name, at)
        assigned = use.assigned
        if assigned is None:
            if use.imported is not None:
                return self._imported(module, use.imported)
            given = scope.arguments.get(name)
            if given is None:
                return None
            thing = self._changed(given, use, scope, None) if use.changes else given
            return several([thing], module.at(module.definition(0).span)) if is_several(thing) else thing
        if len(assigned) == 1 and use.is_certain and not use.changes:
            thing = self._bound(assigned[0], scope)
            return several([thing], module.at(assigned[0].span)) if is_several(thing) else thing
        if use.changes:
            found = [self._changed(self._bound(item, scope), use, scope, item) for item in assigned]
        else:
            found = [self._bound(binding, scope) for binding in assigned]
        if not use.is_certain:
            if use.imported is not None:
                found.append(self._imported(module, use.imported))
            elif name in scope.arguments:
                found.append(self._changed(scope.arguments[name], use, scope, None))
        if not found:
            return None
        if len(found) > 1:
            found = [item for item in found if not (isinstance(item, Literal) and item.value is None)] or found
        if len(found) == 1 and not is_several(found[0]):
            return found[0]
        return several(found, module.at(assigned[0].span if assigned else module.definition(0).span))

    def _changed(self, thing: Thing, use: _Use, scope: Activation, since: Binding | None) -> Thing:
        """A list or map with what is put into it before a place, ``since`` it was assigned."""
        if not use.changes or not any(isinstance(item, (MapOf, ListOf, Held)) for item in alternatives(thing)):
            return thing
        key = (id(scope), use.name)
        if key in self._changing:
            self._guesses += 1
            return several([_opened(item) for item in alternatives(thing)], _span_of(thing))
        self._changing.add(key)
        try:
            for change, is_sure in use.made(scope.module, since):
                makers = [scope] if change.function == scope.index else self._activations_of(scope.module, change)
                for maker in makers:
                    thing = several(
                        [self._change(item, change, change.path, maker, is_sure) for item in alternatives(thing)],
                        _span_of(thing),
                    )
            return thing
        finally:
            self._changing.discard(key)

    def _activations_of(self, module: ModuleIndex, change: Change) -> list[Activation]:
        found = self._by_function.get((module.path, change.function))
        return found[:MAX_ACTIVATIONS_ASKED] if found else [self._generic(module, change.function)]

    def _change(
        self, thing: Thing, change: Change, path: tuple[Expression, ...], maker: Activation, sure: bool
    ) -> Thing:
        if not isinstance(thing, (MapOf, ListOf, Held)) or len(items_of(thing)) >= MAX_ENTRIES:
            return thing
        if change.passed is not None:
            return _opened(thing) if self._may_change(change.passed, maker) else thing
        value = thing.value if isinstance(thing, Held) else thing
        if path:
            step = self.value(path[0], maker)
            known = step.value if isinstance(step, Literal) else None
            if not isinstance(value, MapOf) or not isinstance(known, str):
                return _opened(thing)
            inner = thing.get(known) if isinstance(thing, Held) else value.get(known)
            if inner is None:
                return _opened(thing)
            changed = [self._change(item, change, path[1:], maker, sure) for item in alternatives(inner)]
            return _with(thing, known, several(changed, value.span), maker.module.at(path[0].span), True)
        if isinstance(value, ListOf):
            if change.kind in ("append", "extend", "item"):
                given = self.evaluate(change.value, maker)
                if change.kind == "extend":
                    given = self.each(given, value.span, True)
                items = (*items_of(thing), given)
                return holding(ListOf((*value.items, as_value(given)), value.span, True), items)
            return _opened(thing)
        return self._change_map(thing, value, change, maker, sure)

    def _change_map(self, thing: Collection, value: MapOf, change: Change, maker: Activation, sure: bool) -> Thing:
        if change.kind == "update":
            given = self.evaluate(change.value, maker)
            more = as_value(given)
            if not isinstance(given, (MapOf, Held)) or not isinstance(more, MapOf):
                return _opened(thing)
            for entry, item in zip(more.entries, items_of(given)):
                thing = _with(thing, entry.key, item, entry.key_span, sure)
            return _opened(thing) if more.open else thing
        key = self.value(change.key, maker) if change.key is not None else None
        if not isinstance(key, Literal) or change.key is None:
            return _opened(thing)
        name = str(key.value)
        if change.kind == "pop" or (isinstance(change.value, Other) and change.value.kind == "deleted"):
            return _with(thing, name, Absent(value.span), key.span, sure) if value.get(name) is not None else thing
        if change.kind == "default":
            if value.get(name) is not None:
                return thing
            if value.open:
                return _with(thing, name, Unknown(value.span), key.span, sure)
        given = self.evaluate(change.value, maker)
        return _with(thing, name, given, maker.module.at(change.key.span), sure)

    def _may_change(self, call: Call, maker: Activation) -> bool:
        """Whether a call of the project's functions may change a list or map that is handed to it."""
        for callee in alternatives(self.evaluate(call.callee, maker)):
            if isinstance(callee, FunctionThing):
                for parameter in callee.definition.parameters:
                    changes = callee.module.changes.get((callee.index, parameter.name), [])
                    if any(change.passed is None for change in changes):
                        return True
        return False

    def _imported(self, module: ModuleIndex, imported: Import) -> Thing:
        key = (module.path, id(imported))
        known = self._bindings.get(key)
        if known is None:
            known = self.language.imported(self, module, imported)
            if not isinstance(known, Unknown):  # modules that import each other may know more later
                self._bindings[key] = known
        return known

    def _bound(self, binding: Binding, scope: Activation) -> Thing:
        key = id(binding)
        known = scope.known.get(key)
        if known is not None:
            return known
        opened = (id(scope), key)
        if opened in self._open:
            self._guesses += 1
            return Unknown(scope.module.at(binding.span))
        activation = scope
        if binding.function != scope.index and scope.module.definition(binding.function).kind != "class":
            activation = self._generic(scope.module, binding.function)
        self._open.add(opened)
        try:
            found = self.evaluate(binding.value, activation)
        finally:
            self._open.discard(opened)
        scope.known[key] = found
        return found

    def activation_of(self, module: ModuleIndex, index: int) -> Activation:
        """An activation of a function, or of a module's own code, that expressions in it can be evaluated in."""
        return self.start(module) if index == MODULE else self._generic(module, index)

    def _generic(self, module: ModuleIndex, index: int, receiver: Thing | None = None) -> Activation:
        """An activation of a function of which nothing is known; it is only for evaluating, never walked."""
        for activation in self._by_function.get((module.path, index), ()):
            if activation.receiver is receiver:
                return activation
        key = ("generic", module.path, index, id(receiver))
        if key not in self._entered:
            definition = module.definition(index)
            arguments: dict[str, Thing] = {
                parameter.name: Unknown(module.at(parameter.span)) for parameter in definition.parameters
            }
            if receiver is not None and definition.parameters and self.language.has_receiver_parameter:
                arguments[definition.parameters[0].name] = receiver
            self._entered[key] = Activation(module, index, self._modules.get(module.path), INVOKE, arguments, receiver)
        return self._entered[key]

    def attribute(self, base: Thing, name: str, span: Span) -> Thing:
        """``base.name``."""
        possible = alternatives(base)
        if len(possible) == 1:
            return several([self._attribute(possible[0], name, span)], span)
        found = [self._attribute(option, name, span) for option in possible]
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        return several(found, span)

    def _attribute(self, base: Thing, name: str, span: Span) -> Thing:
        if is_value(base):
            if isinstance(base, Context) and not base.attribute:
                return Context(name, span)
            return self.language.value_attribute(self, base, name, span)
        if isinstance(base, ModuleThing):
            return self.module_attribute(base.module, name, span)
        if isinstance(base, External):
            return self.language.external_attribute(self, base, name, span)
        if isinstance(base, Instance):
            if name == "__class__":
                return base.kind
            return self._instance_attribute(base, base.kind, name, span) or Unknown(span)
        if isinstance(base, Super):
            for parent in self._bases(base.kind):
                found = self._class_attribute(parent, name, base.instance)
                if found is not None:
                    return found
            return Unknown(span)
        if isinstance(base, ClassThing):
            return self._class_attribute(base, name, None) or Unknown(span)
        if isinstance(base, (Client, SdkObject, Session, Operation, Command)):
            return self.language.sdk_attribute(self, base, name, span)
        if isinstance(base, Held):
            return self.language.held_attribute(self, base, name, span)
        return Unknown(span)

    def module_attribute(self, module: ModuleIndex, name: str, span: Span) -> Thing:
        """What a module offers under a name."""
        return self.language.module_attribute(self, module, name, span)

    def _bases(self, kind: ClassThing) -> list[ClassThing]:
        if not kind.definition.bases:
            return []
        scope = kind.scope or self._modules.get(kind.module.path) or self.start(kind.module)
        found = []
        for base in kind.definition.bases:
            for thing in alternatives(self.evaluate(base, scope)):
                if isinstance(thing, ClassThing) and thing.definition is not kind.definition:
                    found.append(thing)
        return found

    def lineage(self, kind: ClassThing, depth: int = 0) -> Iterator[ClassThing]:
        """A class and its bases in the project, nearest first."""
        yield kind
        if depth < 8:
            for base in self._bases(kind):
                yield from self.lineage(base, depth + 1)

    def has_foreign_base(self, kind: ClassThing) -> bool:
        """Whether a class inherits from something outside the project."""
        for item in self.lineage(kind):
            scope = item.scope or self._modules.get(item.module.path) or self.start(item.module)
            for base in item.definition.bases:
                for thing in alternatives(self.evaluate(base, scope)):
                    if not isinstance(thing, ClassThing) and not (
                        isinstance(thing, External) and thing.path in ("object", "abc.ABC", "enum.Enum")
                    ):
                        return True
        return False

    def _class_attribute(self, kind: ClassThing, name: str, receiver: Thing | None) -> Thing | None:
        for item in self.lineage(kind):
            index = item.module.child(item.index, name)
            scope = item.scope or self._modules.get(item.module.path)
            if index is not None:
                definition = item.module.definition(index)
                if definition.kind == "class":
                    return ClassThing(item.module, index, scope)
                if not definition.decorators:
                    return FunctionThing(item.module, index, scope, receiver)
                names = {_last_name(decorator) for decorator in definition.decorators}
                bound: Thing | None = receiver
                if "staticmethod" in names:
                    bound = None if self.language.has_receiver_parameter else item
                elif "classmethod" in names:
                    bound = item
                method = FunctionThing(item.module, index, scope, bound)
                if names & {"property", "cached_property"} and receiver is not None:
                    return self.returned(self.enter(method, [], {}, None, INVOKE))
                return method
            bindings = item.module.bindings.get((item.index, name))
            if bindings:
                body = (
                    receiver.activations.get((item.module.path, item.index)) if isinstance(receiver, Instance) else None
                )
                body = body or Activation(item.module, item.index, scope, INIT, {})
                return several([self._bound(binding, body) for binding in bindings], item.module.at(bindings[0].span))
        return None

    def _instance_attribute(self, instance: Instance, kind: ClassThing, name: str, span: Span) -> Thing | None:
        found: list[Thing] = []
        for item in self.lineage(kind):
            for binding in item.module.members.get(name, []):
                method = binding.function
                if item.module.definition(method).parent != item.index:
                    continue
                receiver_name = self.language.receiver_name(item.module, method)
                if not isinstance(binding.base, Name) or binding.base.id != receiver_name:
                    continue
                activation = instance.activations.get((item.module.path, method)) or self._generic(
                    item.module, method, instance
                )
                found.append(self._bound_in(binding, activation))
            if found:
                break
        if found:
            kept = [thing for thing in found if not (isinstance(thing, Literal) and thing.value is None)]
            return several(kept or found, span)
        if name in instance.keywords:
            return instance.keywords[name]
        given = self._class_attribute(kind, name, instance)
        if is_value(given) and self.language.fills_attributes(self, kind):
            return Unknown(span)
        return given

    def _bound_in(self, binding: Binding, activation: Activation) -> Thing:
        key = id(binding)
        if key in activation.known:
            return activation.known[key]
        opened = (id(activation), key)
        if opened in self._open:
            self._guesses += 1
            return Unknown(activation.module.at(binding.span))
        self._open.add(opened)
        try:
            found = self.evaluate(binding.value, activation)
        finally:
            self._open.discard(opened)
        activation.known[key] = found
        return found

    def item(self, base: Thing, key: Thing, span: Span) -> Thing:
        """``base[key]``."""
        possible = alternatives(base)
        if len(possible) == 1:
            return several([self._item(possible[0], key, span)], span)
        found = [self._item(option, key, span) for option in possible]
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        return several(found, span)

    def _item(self, base: Thing, key: Thing, span: Span) -> Thing:
        known = key.value if isinstance(key, Literal) else None
        if isinstance(base, Held):
            if isinstance(base.value, MapOf):
                found = base.get(str(known)) if isinstance(known, str) else several(list(base.items), span)
                return found if found is not None else Unknown(span)
            if isinstance(known, int) and not base.value.open:
                return base.items[known] if -len(base.items) <= known < len(base.items) else Unknown(span)
            return several(list(base.items), span)
        if isinstance(base, Event):
            return Event((*base.path, known if isinstance(known, str) else "*"), span)
        if isinstance(base, (ModuleThing, Instance, ClassThing)) and isinstance(known, str):
            return self._attribute(base, known, span)
        if isinstance(base, MapOf):
            if isinstance(known, str):
                return member(base, known) or Unknown(span)
            if isinstance(key, Env) and any(entry.key.startswith("\0") for entry in base.entries):
                return member(base, "\0" + key.name) or Unknown(span)
            return self.each(base, span)
        if isinstance(base, ListOf):
            if isinstance(known, int) and not base.open:
                return base.items[known] if -len(base.items) <= known < len(base.items) else Unknown(span)
            return one_of(list(base.items), span) if base.items else Unknown(span)
        if isinstance(base, External):
            return self.language.external_item(self, base, key, span)
        if isinstance(base, Context) and base.attribute in _SPLIT_ARNS and known == 6:
            return Context("function_name", span)
        return Unknown(span)

    def result(self, index: int, activation: Activation) -> Thing:
        """What a call gives."""
        known = activation.results.get(index)
        if known is None:
            return self._outcome(index, activation)[0]
        if (id(activation), index) in self._open:
            self._guesses += 1
        return known

    def _outcome(
        self, index: int, activation: Activation
    ) -> tuple[Thing, list[tuple[Thing, Activation | None]] | None]:
        """What a call gives that has not been asked for, and what it calls with what that enters.

        What it calls is None where there is only a guess at it.
        """
        call = activation.module.facts.calls[index]
        span = activation.module.at(call.span)
        activation.results[index] = Unknown(span)
        opened = (id(activation), index)
        self._open.add(opened)
        guesses = self._guesses
        called: list[tuple[Thing, Activation | None]] = []
        found: list[Thing] = []
        callees = self.callees(call, activation)
        is_sure = guesses == self._guesses
        for callee in callees:
            entered: Activation | None = None
            if isinstance(callee, FunctionThing):
                guesses = self._guesses
                entered = self.call_function(callee, call, activation)
                is_sure = is_sure and guesses == self._guesses
                found.append(self.returned(entered) if entered is not None and not call.new else Unknown(span))
            else:
                found.append(self._call(callee, call, activation, span))
            called.append((callee, entered))
        self._open.discard(opened)
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        given = activation.results[index] = several(found, span)
        return given, called if is_sure else None

    def _call(self, callee: Thing, call: Call, activation: Activation, span: Span) -> Thing:
        """What a call of something else than a function of the project gives."""
        if isinstance(callee, External):
            return self.language.call(self, callee, call, activation, span)
        if isinstance(callee, ClassThing):
            return self._construct(callee, call, activation)
        if isinstance(callee, Instance):
            method = self._class_attribute(callee.kind, "__call__", callee)
            if isinstance(method, FunctionThing):
                entered = self.call_function(method, call, activation)
                return self.returned(entered) if entered is not None else Unknown(span)
            return Unknown(span)
        if isinstance(callee, Native):
            return callee.run(call, activation, span)
        if isinstance(callee, Operation):
            return callee.gives if callee.gives is not None else Unknown(span)
        return Unknown(span)

    def _construct(self, kind: ClassThing, call: Call, activation: Activation) -> Thing:
        positional, named = self._arguments(call.arguments, activation)
        instance = Instance(kind, {name: thing for name, thing in named.items() if name != REST})
        site = CallSite(activation.module, call, activation)
        if self.language.has_instance_fields:
            for item in reversed(list(self.lineage(kind))):
                scope = item.scope or self._modules.get(item.module.path)
                body = Activation(item.module, item.index, scope, activation.phase, {}, instance, site)
                instance.activations[(item.module.path, item.index)] = body
        constructor = self._class_attribute(kind, self.language.constructor, instance)
        if isinstance(constructor, FunctionThing):
            if activation.depth < MAX_CALL_DEPTH and len(self._entered) < MAX_ACTIVATIONS:
                self.enter(constructor, positional, named, site, activation.phase, complete=True)
        else:
            fields = [name for item in reversed(list(self.lineage(kind))) for name in item.definition.fields]
            for name, given in zip(dict.fromkeys(fields), positional):
                instance.keywords[name] = given if given is not None else Unknown()
        return instance

    def argument(self, call: Call, activation: Activation, index: int, name: str = "") -> Thing | None:
        """An argument of a call by position or name."""
        expression = call.positional(index)
        if expression is None and name:
            expression = call.keyword(name)
        return None if expression is None else self.evaluate(expression, activation)


_EVALUATING: dict[type, Callable[[Interpreter, Any, Activation], Thing]] = {
    Array: Interpreter._array,
    Choice: Interpreter._choice,
    Closure: Interpreter._closure_of,
    Each: Interpreter._each,
    Environment: Interpreter._environment,
    Format: Interpreter._format,
    Item: Interpreter._item_of,
    Member: Interpreter._member,
    Object: Interpreter._object,
    Other: Interpreter._other,
    Placeholder: Interpreter._placeholder,
    Result: Interpreter._result,
}


class Language:
    """What differs between languages while code is followed. The base class knows nothing."""

    has_receiver_parameter = False
    omits_arguments = False
    """Whether a function may be called with fewer arguments than it names."""
    constructor = "constructor"
    allocator = ""
    """The method that gives an instance, perhaps not a new one."""
    depends_on_arguments: frozenset[str] = frozenset()
    """Things from outside that give the same whenever they are called with the same arguments."""
    default_session: frozenset[str] = frozenset()
    """Calls that change what SDK clients are built from."""
    asks_for_attributes: frozenset[str] = frozenset()
    """Functions that tell whether something is there already."""
    has_instance_fields = False
    """Whether what stands in a class's body runs for each instance, except in blocks of kind ``static``."""
    keeping: frozenset[str] = frozenset()
    """What takes functions without calling them."""

    def modules(self, run: Interpreter, module: ModuleIndex, imported: Import) -> list[ModuleIndex]:
        """The project's modules that an import loads."""
        return []

    def imported(self, run: Interpreter, module: ModuleIndex, imported: Import) -> Thing:
        """What an import binds."""
        return Unknown(module.at(imported.span))

    def star(self, run: Interpreter, module: ModuleIndex, imported: Import, name: str) -> Thing | None:
        """What ``import *`` binds under a name, if anything."""
        return None

    def module_attribute(self, run: Interpreter, module: ModuleIndex, name: str, span: Span) -> Thing:
        """What a module offers under a name."""
        return Unknown(span)

    def builtin(self, run: Interpreter, name: str, activation: Activation) -> Thing:
        """A name that nothing in the module binds."""
        return External(name)

    def runs_each_time(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        """Whether what is decorated certainly runs on every call of it."""
        return False

    def answers_requests(self, run: Interpreter, decorator: Expression, scope: Activation) -> bool:
        """Whether a decorator registers a function with a router that calls it for requests."""
        return False

    def calls_back(self, path: str) -> bool:
        """Whether something from outside certainly calls the functions that are handed to it, in the same thread."""
        return False

    def receiver_name(self, module: ModuleIndex, method: int) -> str:
        """What a method calls its own instance."""
        return ""

    def external_attribute(self, run: Interpreter, base: External, name: str, span: Span) -> Thing:
        """An attribute of something from outside."""
        return External(f"{base.path}.{name}", span)

    def external_item(self, run: Interpreter, base: External, key: Thing, span: Span) -> Thing:
        """An item of something from outside."""
        return Unknown(span)

    def value_attribute(self, run: Interpreter, base: Value, name: str, span: Span) -> Thing:
        """An attribute of a plain value."""
        return Unknown(span)

    def sdk_attribute(
        self, run: Interpreter, base: Client | SdkObject | Session | Operation | Command, name: str, span: Span
    ) -> Thing:
        """An attribute of an SDK object."""
        return Unknown(span)

    def other(self, run: Interpreter, expression: Expression, activation: Activation, span: Span) -> Thing:
        """An expression that no other kind covers."""
        return Unknown(span)

    def call(self, run: Interpreter, callee: External, call: Call, activation: Activation, span: Span) -> Thing:
        """A call of something from outside."""
        return Unknown(span)

    def handler_arguments(self) -> list[Thing]:
        """What Lambda calls a handler with."""
        return [Event(), Context()]

    def callback_phase(self, path: str, phase: str) -> str:
        """When something from outside that is called in a phase calls the functions that are handed to it."""
        return phase

    def method(self, run: Interpreter, base: Thing, name: str, span: Span) -> Thing | None:
        """What is called as a method of a thing, where that is something else than its attribute."""
        return None

    def callees(self, run: Interpreter, callee: Thing, call: Call, activation: Activation) -> tuple[Thing, ...]:
        """What a call of a thing really calls, where its arguments tell that."""
        return (callee,)

    def callback_arguments(
        self, run: Interpreter, path: str, call: Call, argument: Argument, activation: Activation
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        """The arguments with which something from outside calls a function; None for any number of unknown ones."""
        return [None], {}

    def shown(self, value: Value) -> Value:
        """A value as part of a string."""
        return value

    def held_attribute(self, run: Interpreter, base: Held, name: str, span: Span) -> Thing:
        """An attribute of a map or list that holds more than plain values."""
        return self.value_attribute(run, base.value, name, span)

    def annotated(self, run: Interpreter, annotation: Expression, scope: Activation) -> Thing | None:
        """What a parameter is by its type alone, where that tells an SDK client."""
        return None

    def fills_attributes(self, run: Interpreter, kind: ClassThing) -> bool:
        """Whether something outside the project may give instances of a class other attributes than it has."""
        return False


def _is_deep(function: FunctionThing, activation: Activation) -> bool:
    """Whether a function runs within itself so often that another time is of no use."""
    times = 0
    current: Activation | None = activation
    while current is not None:
        times += current.index == function.index and current.module is function.module
        current = current.caller.activation if current.caller is not None else None
    return times >= MAX_RECURSION


_CONTEXT_MANAGERS = frozenset(("contextmanager", "asynccontextmanager"))


def _collection_key(thing: Collection, value: MapOf | ListOf, depth: int) -> object:
    keys = tuple(entry.key for entry in value.entries) if isinstance(value, MapOf) else ()
    return (type(value).__name__, value.open, keys, *(_key(item, depth + 1) for item in items_of(thing)))


def _key(thing: Thing, depth: int = 0) -> object:
    if type(thing) is Unknown:
        return "unknown"
    if is_value(thing):
        known = identity(thing, exact=True)
        if known is not None:
            return known
        if isinstance(thing, (MapOf, ListOf)) and depth < 4 and len(items_of(thing)) < 30:
            return _collection_key(thing, thing, depth)
        return id(thing)
    if isinstance(thing, Held) and depth < 4 and len(thing.items) < 30:
        return _collection_key(thing, thing.value, depth)
    if isinstance(thing, External):
        return ("external", thing.path)
    if isinstance(thing, FunctionThing):
        return ("function", thing.module.path, thing.index, id(thing.scope))
    if isinstance(thing, Client):
        return ("client", thing.service, thing.is_resource, id(thing.site.call) if thing.site is not None else 0)
    return id(thing)


_SPLIT_ARNS = frozenset(("invoked_function_arn.split()", "invokedFunctionArn.split()"))


def _made(given: Thing, call: Call) -> Client | Session | None:
    """The client or session that this very call builds."""
    for option in alternatives(given):
        if isinstance(option, (Client, Session)) and option.site is not None and option.site.call is call:
            return option
    return None


def _span_of(thing: Thing) -> Span:
    return as_value(thing).span


def _opened(thing: Thing) -> Thing:
    """A list or map that may have been changed in any way that leaves what it holds possible."""
    if isinstance(thing, MapOf):
        return MapOf(tuple(_maybe(entry) for entry in thing.entries), thing.span, True)
    if isinstance(thing, ListOf):
        return ListOf(thing.items, thing.span, True)
    if isinstance(thing, Held):
        value = _opened(thing.value)
        return Held(value, thing.items) if isinstance(value, (MapOf, ListOf)) else value
    return thing


def merged(thing: Collection, spread: Thing) -> Collection:
    """A map with all of another one put into it, where that may be one of several, or nothing."""
    possible = alternatives(spread)
    given = [item for item in possible if not isinstance(item, (Absent, Literal))]
    for item in given:
        value = as_value(item)
        if not isinstance(value, MapOf) or value.open:
            opened = _opened(thing)
            thing = opened if isinstance(opened, (MapOf, ListOf, Held)) else thing
        if isinstance(value, MapOf) and isinstance(item, (MapOf, Held)):
            for entry, inner in zip(value.entries, items_of(item)):
                thing = _with(thing, entry.key, inner, entry.key_span, len(possible) == 1)
    return thing


def _maybe(entry: Entry) -> Entry:
    return Entry(entry.key, one_of([entry.value, Unknown(entry.value.span)], entry.value.span), entry.key_span)


def _with(thing: Collection, key: str, given: Thing, at: Span, sure: bool) -> Collection:
    """A map with something under a key; if it is not ``sure``, what was there is possible too."""
    value = thing.value if isinstance(thing, Held) else thing
    if not isinstance(value, MapOf):
        return thing
    pairs = [(entry, item) for entry, item in zip(value.entries, items_of(thing)) if entry.key != key]
    if not sure:
        before = thing.get(key) if isinstance(thing, Held) else value.get(key)
        if before is None:
            before = Unknown(value.span) if value.open else Absent(value.span)
        given = several([before, given], value.span)
    if not isinstance(given, Absent):
        pairs.append((Entry(key, as_value(given, at), at), given))
    return holding(MapOf(tuple(entry for entry, _ in pairs), value.span, value.open), tuple(item for _, item in pairs))


def _last_name(expression: Expression) -> str:
    if isinstance(expression, Member):
        return expression.name
    return expression.id if isinstance(expression, Name) else ""


def _values_of(module: ModuleIndex, index: int) -> Iterator[Expression]:
    """The expressions in a function whose value is kept, handed on or given back."""
    for binding in module.bindings_in.get(index, ()):
        if not isinstance(binding.value, Closure):
            yield binding.value
    for item in module.returns.get(index, []):
        if item.value is not None:
            yield item.value
    for call_index in module.calls.get(index, []):
        for argument in module.facts.calls[call_index].arguments:
            yield argument.value


def _mentioned(module: ModuleIndex, index: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The functions without name, and the names of others at module level, that a function uses as values."""
    closures: list[int] = []
    names: dict[str, None] = {}
    for expression in _values_of(module, index):
        if type(expression) is Name:
            names[expression.id] = None
            continue
        if type(expression) is not Closure and not has_parts(expression):
            continue
        for part in walk(expression):
            if isinstance(part, Name):
                names[part.id] = None
            elif isinstance(part, Closure) and not module.definition(part.definition).name:
                if module.definition(part.definition).kind != "class":
                    closures.append(part.definition)
    top = (name for name in names if module.top(name) is not None or (MODULE, name) in module.imports)
    return tuple(closures), tuple(top)


class _Use:
    """What may bind a variable at a place of a function, and what changes a list or map in it.

    ``assigned`` are the assignments that may hold there, None where there is none at all; ``is_certain``: one of them
    does. The place is kept so that no other one gets its address.
    """

    __slots__ = ("_made", "assigned", "at", "changes", "function", "imported", "is_certain", "name")

    def __init__(self, module: ModuleIndex, function: int, name: str, at: Span | None) -> None:
        self.function = function
        self.name = name
        self.at = at
        self.imported = module.imports.get((function, name))
        self.changes: Sequence[Change] = module.changes.get((function, name), ())
        self.assigned: list[Binding] | None = None
        self.is_certain = False
        bindings = module.bindings.get((function, name))
        if bindings:
            self.assigned, self.is_certain = reaching(module, bindings, function, at)
        self._made: dict[int, list[tuple[Change, bool]]] | None = None

    def made(self, module: ModuleIndex, since: Binding | None) -> list[tuple[Change, bool]]:
        """The changes that may be made when the place is reached, ``since`` an assignment; whether they surely are."""
        if self._made is None:
            self._made = {}
        found = self._made.get(id(since))
        if found is None:
            told = ((change, _is_made(module, change, self.function, self.at, since)) for change in self.changes)
            found = self._made[id(since)] = [(change, made == _YES) for change, made in told if made != _NO]
        return found


def reaching(
    module: ModuleIndex, bindings: list[Binding], function: int, at: Span | None
) -> tuple[list[Binding], bool]:
    """The assignments of a variable that may hold at a place of a function, and whether one of them certainly does.

    Without place: those that may hold when the function has run, wherever they were made.
    """
    if not bindings:
        return [], False
    blocks = module.facts.blocks
    found: list[Binding] = []
    if at is None:
        for binding in reversed(bindings):
            if binding.scoped:
                continue
            found.append(binding)
            if binding.function == function and not binding.augmented:
                block = blocks[binding.block]
                if block.kind == "body" or block.function != function:
                    return found, True
        return found, False
    here = (at.line, at.column)
    use_block = _block_at(module, function, at)
    ancestors = _ancestors(module, use_block)
    loops = _loops(module, ancestors)
    later: list[Binding] = []
    for binding in reversed(bindings):
        if binding.function != function:
            found.append(binding)
            continue
        if binding.scoped and binding.block not in ancestors:
            continue
        if binding.span == at:
            found.append(binding)  # code given inline may have one place for all, which tells no order
            continue
        if (binding.span.end_line, binding.span.end_column) > here:
            later.append(binding)
            continue
        if later and loops:
            outside = loops - _loops_around(module, binding)
            found.extend(item for item in later if _loops_around(module, item) & outside)
        later.clear()
        if binding.block in ancestors:
            found.append(binding)
            return found, True
        if not _exclusive(module, binding.block, use_block):
            found.append(binding)
    if loops:
        found.extend(item for item in later if _loops_around(module, item) & loops)
    return found, False


def _loops_around(module: ModuleIndex, binding: Binding) -> set[int]:
    """The loops that bind a variable each time they run; a loop's own variable is bound by the loop itself."""
    found = _loops(module, _ancestors(module, binding.block))
    iterated = [part.base for part in walk(binding.value) if isinstance(part, Each)]
    for index, block in module.function_blocks.get(binding.function, []) if iterated else ():
        if block.kind == "loop" and block.parent == binding.block and block.test in iterated:
            found.add(index)
    return found


def _loops(module: ModuleIndex, blocks: set[int]) -> set[int]:
    """Those of some blocks that may run again."""
    return {index for index in blocks if module.facts.blocks[index].kind == "loop"}


_YES, _MAYBE, _NO = "yes", "maybe", "no"


def _is_made(module: ModuleIndex, change: Change, function: int, at: Span | None, since: Binding | None) -> str:
    """Whether a list or map, kept since an assignment, has been changed at a place of a function."""
    if change.function != function:
        return _MAYBE
    begin = (change.span.line, change.span.column)
    if since is not None and since.function == function and begin < (since.span.line, since.span.column):
        return _NO
    if at is None:
        return _YES if module.facts.blocks[change.block].kind == "body" else _MAYBE
    if change.span == at:
        return _MAYBE
    use_block = _block_at(module, function, at)
    ancestors = _ancestors(module, use_block)
    if (change.span.end_line, change.span.end_column) <= (at.line, at.column):
        if change.block in ancestors:
            return _YES
        if since is not None and since.function == function:
            if change.block in _ancestors(module, since.block):
                return _YES
            if _exclusive(module, change.block, since.block):
                return _NO
        return _NO if _exclusive(module, change.block, use_block) else _MAYBE
    again = _loops(module, ancestors) & _loops(module, _ancestors(module, change.block))
    if since is not None and since.function == function:
        again -= _ancestors(module, since.block)
    return _MAYBE if again else _NO


def _block_at(module: ModuleIndex, function: int, at: Span) -> int:
    """The innermost block of a function that holds a place."""
    best = -1
    for index, block in module.function_blocks.get(function, []):
        span = block.span
        if (
            span.line <= at.line
            and at.end_line <= span.end_line
            and (span.line, span.column) <= (at.line, at.column)
            and (at.end_line, at.end_column) <= (span.end_line, span.end_column)
        ):
            best = index
    return best


def _ancestors(module: ModuleIndex, index: int) -> set[int]:
    blocks = module.facts.blocks
    found: set[int] = set()
    while index >= 0:
        found.add(index)
        index = blocks[index].parent
    return found


def _exclusive(module: ModuleIndex, one: int, other: int) -> bool:
    """Whether two blocks are branches of one condition, so that only one of them runs."""
    blocks = module.facts.blocks
    parents = _ancestors(module, other)
    while one >= 0 and blocks[one].parent not in parents:
        one = blocks[one].parent
    if one < 0 or one in parents:
        return False
    common = blocks[one].parent
    while other >= 0 and blocks[other].parent != common:
        other = blocks[other].parent
    if other < 0:
        return False
    first, second = blocks[one], blocks[other]
    if first.test is None or first.test != second.test:
        return False
    return {first.kind, second.kind} == {"then", "else"} or first.kind == second.kind == "case"
