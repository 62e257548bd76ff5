"""Follows a handler through the project's modules, with known arguments, and says what it calls.

It starts where Lambda starts: the module is imported (*init*), then the handler runs with an event and a context
(*invoke*). Project functions are entered with the arguments of the call; what is not known stays unknown. Nothing is
decided: both branches of a condition are followed. Work is bounded; beyond the bounds, values are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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
    Placeholder,
    Read,
    Result,
    walk,
)
from lambdalint.project.codebase import Change, Codebase, ModuleIndex
from lambdalint.project.things import (
    VALUE_TYPES,
    CallSite,
    ClassThing,
    Client,
    Command,
    External,
    FunctionThing,
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
    OneOf,
    Ref,
    Text,
    Unknown,
    Value,
    concatenate,
    identity,
    member,
    one_of,
)

MAX_ACTIVATIONS = 2_000
MAX_CALL_DEPTH = 24
MAX_EVALUATION_DEPTH = 60
MAX_STEPS = 300_000
MAX_ENTRIES = 200

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
        "depth",
        "index",
        "known",
        "module",
        "open",
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
        self.open: set[int] = set()
        self.walked = False

    @property
    def name(self) -> str:
        """The function's name; empty for a module's own code."""
        return self.module.definition(self.index).name


class CallRecord:
    """A call that the handler reaches: what is called, with which arguments, where, and when."""

    __slots__ = ("callee", "interpreter", "made", "operation", "site", "target")

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

    def __repr__(self) -> str:
        return f"<Call {self.callee} {self.span.path}:{self.span.line}>"

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.site.span

    @property
    def phase(self) -> str:
        """``init`` or ``invoke``."""
        return self.site.activation.phase

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
        if not isinstance(value, MapOf):
            return False
        for entry in value.entries:
            entries[entry.key] = entry
        return not value.open


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
    """Runs one handler over the facts of the project's modules."""

    def __init__(
        self,
        codebase: Codebase,
        roots: tuple[str, ...],
        language: Language,
        placeholders: Callable[[str, str], Value] | None = None,
    ) -> None:
        self.codebase = codebase
        self.roots = roots
        self.language = language
        self.placeholders = placeholders
        self.records: list[CallRecord] = []
        self.reads: list[ReadRecord] = []
        self.activations: list[Activation] = []
        self._modules: dict[str, Activation] = {}
        self._entered: dict[object, Activation] = {}
        self._pending: list[FunctionThing] = []
        self._referenced: set[tuple[str, int]] = set()
        self._changing: set[object] = set()
        self._starring: set[tuple[str, str]] = set()
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
        self.activations.append(activation)
        self._import_modules(activation)
        self._visit_calls(activation)
        for index in self._class_bodies(module, MODULE):
            body = Activation(module, index, activation, INIT, {})
            self.activations.append(body)
            self._visit_calls(body)
        self._note_references(activation)
        return activation

    def invoke(self, handler: FunctionThing, streams: bool = False) -> Activation:
        """Runs a handler with an event and a context, and with a stream between them if it ``streams``."""
        given: list[Thing] = [Event(), Unknown(), Context()] if streams else [Event(), Context()]
        activation = self.enter(handler, given, {}, None, INVOKE)
        self._walk(activation)
        return activation

    def finish(self) -> None:
        """Runs what may run although no call of it is seen: callbacks and registered functions."""
        seen: set[tuple[str, int]] = set()
        while self._pending and len(self.activations) < MAX_ACTIVATIONS:
            function = self._pending.pop()
            key = (function.module.path, function.index)
            if key in seen or key in self._referenced_and_walked():
                continue
            seen.add(key)
            activation = self.enter(function, [], {}, None, INVOKE, possible=True)
            self._walk(activation)

    def _referenced_and_walked(self) -> set[tuple[str, int]]:
        return {(item.module.path, item.index) for item in self.activations if item.index != MODULE and item.walked}

    def _class_bodies(self, module: ModuleIndex, parent: int) -> Iterator[int]:
        for index in module.children.get(parent, []):
            if module.definition(index).kind == "class":
                yield index
                yield from self._class_bodies(module, index)

    def _import_modules(self, activation: Activation) -> None:
        for imported in activation.module.facts.imports:
            if imported.function == activation.index and not imported.type_only:
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
        for read in module.reads.get(activation.index, []):
            if not module.is_script(read):
                name = as_value(self.evaluate(read.name, activation))
                self.reads.append(ReadRecord(read, name, activation))
        for index in module.calls.get(activation.index, []):
            call = module.facts.calls[index]
            if module.is_script(call):
                continue
            self._visit(call, index, activation)

    def _visit(self, call: Call, index: int, activation: Activation) -> None:
        site = CallSite(activation.module, call, activation)
        given = self.result(index, activation)
        for callee in self._callees(call, activation):
            if isinstance(callee, FunctionThing):
                entered = self.call_function(callee, call, activation)
                self.records.append(CallRecord(self, site, callee.definition.name, target=callee))
                if entered is not None:
                    self._walk(entered)
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

    def _callees(self, call: Call, activation: Activation) -> list[Thing]:
        """What a call may call."""
        found: list[Thing] = []
        for callee in alternatives(self.evaluate(call.callee, activation)):
            found.extend(self.language.callees(self, callee, call, activation))
        return found

    def _callbacks(self, path: str, call: Call, activation: Activation) -> None:
        """Enters functions that are handed to something that is no function of the project."""
        for argument in call.arguments:
            if not isinstance(argument.value, (Name, Member, Closure, Array, Object, Result)):
                continue
            for thing in alternatives(self.evaluate(argument.value, activation)):
                if isinstance(thing, FunctionThing):
                    values = self.language.callback_arguments(self, path, call, argument, activation)
                    site = CallSite(activation.module, call, activation)
                    possible = not self.language.calls_back(path)
                    entered = self.enter(thing, values, {}, site, activation.phase, possible=possible)
                    self._walk(entered)

    def _note_references(self, activation: Activation) -> None:
        """Notes the project functions that are used as values, in tables or as attributes."""
        module = activation.module
        key = (module.path, activation.index)
        if key in self._referenced:
            return
        self._referenced.add(key)
        names: set[str] = set()
        for expression in _values_of(module, activation.index):
            for part in walk(expression):
                if isinstance(part, Name):
                    names.add(part.id)
                elif isinstance(part, Closure) and module.definition(part.definition).kind != "class":
                    if not module.definition(part.definition).name:
                        self._pending.append(FunctionThing(module, part.definition, activation))
        for name in names:
            if module.top(name) is not None or (MODULE, name) in module.imports:
                for thing in alternatives(self.lookup(name, activation, None)):
                    if isinstance(thing, FunctionThing):
                        self._pending.append(thing)
        if activation.index == MODULE:
            for index in module.children.get(MODULE, []):
                definition = module.definition(index)
                if definition.kind == "function" and definition.decorators:
                    self._pending.append(FunctionThing(module, index, activation))

    # --- entering functions -------------------------------------------------------------------------------------

    def call_function(self, function: FunctionThing, call: Call, activation: Activation) -> Activation | None:
        """The activation that a call of a project function makes, or None beyond the bounds."""
        if activation.depth >= MAX_CALL_DEPTH or len(self._entered) >= MAX_ACTIVATIONS:
            return None
        positional, named = self._arguments(call.arguments, activation)
        site = CallSite(activation.module, call, activation)
        return self.enter(function, positional, named, site, activation.phase)

    def _arguments(
        self, arguments: tuple[Argument, ...], activation: Activation
    ) -> tuple[list[Thing | None], dict[str, Thing]]:
        positional: list[Thing | None] = []
        named: dict[str, Thing] = {}
        for argument in arguments:
            thing = self.evaluate(argument.value, activation)
            if argument.spread:
                if isinstance(thing, MapOf):
                    named.update({entry.key: entry.value for entry in thing.entries})
                elif isinstance(thing, ListOf):
                    positional.extend(thing.items)
                else:
                    positional.append(None)
                    break
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
    ) -> Activation:
        """The activation of a function with some arguments; equal calls share one."""
        definition = function.definition
        values: list[Thing | None] = [*function.arguments, *positional]
        arguments: dict[str, Thing] = {}
        parameters = list(definition.parameters)
        if function.receiver is not None and parameters and self.language.has_receiver_parameter:
            arguments[parameters[0].name] = function.receiver
            parameters = parameters[1:]
        rest_unknown = False
        for parameter in parameters:
            if parameter.kind == "positional":
                if parameter.name in named:
                    arguments[parameter.name] = named[parameter.name]
                elif values and not rest_unknown:
                    value = values.pop(0)
                    if value is None:
                        rest_unknown = True
                    else:
                        arguments[parameter.name] = value
            elif parameter.kind == "rest":
                rest = [as_value(value) for value in values if value is not None]
                arguments[parameter.name] = (
                    Unknown() if None in values or rest_unknown else ListOf(tuple(rest), parameter.span)
                )
                values = []
            elif parameter.kind == "keyword" and parameter.name in named:
                arguments[parameter.name] = named[parameter.name]
        given = bool(values) or bool(named)
        supplied = arguments.keys()
        caller = site.activation if site is not None else None
        missing_unknown = rest_unknown or (site is None and not given)
        for parameter in parameters:
            if parameter.name in supplied:
                continue
            if parameter.default is not None and not missing_unknown:
                arguments[parameter.name] = self._default(function, parameter.default)
            else:
                arguments[parameter.name] = Unknown(function.module.at(parameter.span))
        key = (
            function.module.path,
            function.index,
            id(function.scope) if function.scope is not None and function.scope.index != MODULE else 0,
            id(function.receiver) if function.receiver is not None else 0,
            phase,
            possible and (caller is None or not caller.possible),
            tuple((name, _key(thing)) for name, thing in arguments.items()),
        )
        known = self._entered.get(key)
        if known is not None:
            return known
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
            self.activations.append(activation)
        return activation

    def _default(self, function: FunctionThing, default: Expression) -> Thing:
        scope = function.scope or self._modules.get(function.module.path) or self.start(function.module)
        return self.evaluate(default, scope)

    def returned(self, activation: Activation) -> Thing:
        """What a function gives back, all its returns taken together."""
        definition = activation.module.definition(activation.index)
        if definition.is_generator:
            return Unknown(activation.module.at(definition.span))
        key = -1
        if key in activation.results:
            return activation.results[key]
        activation.results[key] = Unknown(activation.module.at(definition.span))
        found: list[Thing] = []
        for item in activation.module.returns.get(activation.index, []):
            if item.value is not None:
                found.append(self.evaluate(item.value, activation))
        at = activation.module.at(definition.span)
        found = [item for item in found if not (isinstance(item, Literal) and item.value is None)] or found
        activation.results[key] = several(found, at) if found else Literal(None, at)
        return activation.results[key]

    # --- evaluating ---------------------------------------------------------------------------------------------

    def evaluate(self, expression: Expression, activation: Activation) -> Thing:
        """What an expression may be in an activation."""
        self._steps += 1
        span = activation.module.at(expression.span)
        if self._steps > MAX_STEPS or self._depth > MAX_EVALUATION_DEPTH:
            return Unknown(span)
        self._depth += 1
        try:
            return self._evaluate(expression, activation, span)
        finally:
            self._depth -= 1

    def value(self, expression: Expression, activation: Activation) -> Value:
        """As :meth:`evaluate`, as a plain value."""
        return as_value(self.evaluate(expression, activation), activation.module.at(expression.span))

    def _evaluate(self, expression: Expression, activation: Activation, span: Span) -> Thing:
        if isinstance(expression, Const):
            return Literal(expression.value, span)
        if isinstance(expression, Name):
            return self.lookup(expression.id, activation, expression.span)
        if isinstance(expression, Member):
            return self.attribute(self.evaluate(expression.base, activation), expression.name, span)
        if isinstance(expression, Result):
            return self.result(expression.call, activation)
        if isinstance(expression, Item):
            base = self.evaluate(expression.base, activation)
            return self.item(base, self.evaluate(expression.key, activation), span)
        if isinstance(expression, Format):
            return concatenate([as_value(self.evaluate(part, activation)) for part in expression.parts], span)
        if isinstance(expression, Environment):
            return self._environment(expression.read, activation, span)
        if isinstance(expression, Choice):
            return self._choice(expression, activation, span)
        if isinstance(expression, Each):
            return self.each(self.evaluate(expression.base, activation), span, expression.key)
        if isinstance(expression, Object):
            return self._object(expression, activation, span)
        if isinstance(expression, Array):
            items = tuple(as_value(self.evaluate(item, activation)) for item in expression.items)
            return ListOf(items, span, expression.open)
        if isinstance(expression, Closure):
            return self._closure(activation.module, expression.definition, activation)
        if isinstance(expression, Placeholder):
            return self._placeholder(expression.name, activation, span)
        return self.language.other(self, expression, activation, span)

    def _closure(self, module: ModuleIndex, index: int, scope: Activation) -> Thing:
        definition = module.definition(index)
        if definition.kind == "class":
            return ClassThing(module, index, scope)
        return FunctionThing(module, index, scope)

    def _placeholder(self, name: str, activation: Activation, span: Span) -> Value:
        if self.placeholders is not None:
            return self.placeholders(activation.module.path, name)
        return Ref(name, "", "", span)

    def _environment(self, index: int, activation: Activation, span: Span) -> Value:
        read = activation.module.facts.reads[index]
        if read.kind == "test":
            return Unknown(span)
        name = as_value(self.evaluate(read.name, activation))
        if not isinstance(name, Literal) or not isinstance(name.value, str):
            return Unknown(span)
        default = as_value(self.evaluate(read.default, activation)) if read.default is not None else None
        if read.kind == "optional":
            default = Literal(None, span)
        return Env(name.value, default, span)

    def _choice(self, expression: Choice, activation: Activation, span: Span) -> Thing:
        things = [self.evaluate(option, activation) for option in expression.options]
        first = things[0] if things else None
        if expression.test is None and isinstance(first, Env) and len(things) == 2:
            return Env(first.name, as_value(things[1]), first.span)
        kept = [thing for thing in things if not (isinstance(thing, Literal) and thing.value in (None, "", False))]
        return several(kept or things, span)

    def _object(self, expression: Object, activation: Activation, span: Span) -> Value:
        entries: list[Entry] = []
        is_open = False
        for field in expression.fields:
            value = as_value(self.evaluate(field.value, activation), activation.module.at(field.value.span))
            if field.key is None:
                if isinstance(value, MapOf):
                    entries.extend(value.entries)
                    is_open = is_open or value.open
                else:
                    is_open = True
                continue
            key = as_value(self.evaluate(field.key, activation))
            if isinstance(key, Literal):
                entries.append(Entry(str(key.value), value, activation.module.at(field.key.span)))
            elif isinstance(key, Env):
                entries.append(Entry("\0" + key.name, value, activation.module.at(field.key.span)))
                is_open = True
            else:
                is_open = True
        return MapOf(tuple(entries), span, is_open)

    def each(self, base: Thing, span: Span, keys: bool = False) -> Thing:
        """Any element of what is iterated over."""
        found: list[Thing] = []
        for option in alternatives(base):
            if isinstance(option, ListOf):
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
            definition = scope.module.definition(scope.index)
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
        if scope is not None:
            found = self._starred(scope.module, name)
            if found is not None:
                return found
        return self.language.builtin(self, name, activation)

    def _starred(self, module: ModuleIndex, name: str) -> Thing | None:
        """What ``import *`` binds; modules may import all of each other in a circle."""
        key = (module.path, name)
        if key in self._starring:
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
        imported = module.imports.get((scope.index, name))
        bindings = module.bindings.get((scope.index, name), [])
        if imported is not None and not bindings:
            return self._imported(module, imported)
        reaching, certain = _reaching(module, bindings, scope.index, at)
        found = [self._bound(binding, scope) for binding in reaching]
        if not certain:
            if imported is not None:
                found.append(self._imported(module, imported))
            elif name in scope.arguments:
                found.append(scope.arguments[name])
        if not found:
            argument = scope.arguments.get(name)
            return None if argument is None else self._changed(argument, name, scope, at)
        if len(found) > 1:
            found = [item for item in found if not (isinstance(item, Literal) and item.value is None)] or found
        together = several(found, module.at(reaching[0].span if reaching else module.definition(0).span))
        return self._changed(together, name, scope, at)

    def _changed(self, thing: Thing, name: str, scope: Activation, at: Span | None) -> Thing:
        """A list or map with what is put into it before a place."""
        changes = scope.module.changes.get((scope.index, name))
        if not changes or not isinstance(thing, (MapOf, ListOf, OneOf)):
            return thing
        key = ("changed", name)
        if key in self._changing:
            return thing
        self._changing.add(key)
        try:
            for change in changes:
                if at is None or (change.span.end_line, change.span.end_column) <= (at.line, at.column):
                    thing = several([self._change(item, change, scope) for item in alternatives(thing)], thing.span)
                    if not isinstance(thing, (MapOf, ListOf, OneOf)):
                        break
        finally:
            self._changing.discard(key)
        return thing

    def _change(self, thing: Thing, change: Change, scope: Activation) -> Thing:
        value = self.value(change.value, scope)
        if isinstance(thing, MapOf) and len(thing.entries) < MAX_ENTRIES:
            if change.kind in ("item", "keyword") and change.key is not None:
                key = self.value(change.key, scope)
                if not isinstance(key, Literal):
                    return MapOf(thing.entries, thing.span, True)
                entry = Entry(str(key.value), value, scope.module.at(change.key.span))
                return MapOf((*thing.entries, entry), thing.span, thing.open)
            if change.kind == "update":
                if isinstance(value, MapOf):
                    return MapOf((*thing.entries, *value.entries), thing.span, thing.open or value.open)
                return MapOf(thing.entries, thing.span, True)
        if isinstance(thing, ListOf) and len(thing.items) < MAX_ENTRIES:
            if change.kind == "append":
                return ListOf((*thing.items, value), thing.span, True)
            if change.kind == "extend":
                return ListOf((*thing.items, *(value.items if isinstance(value, ListOf) else ())), thing.span, True)
        return thing

    def _imported(self, module: ModuleIndex, imported: Import) -> Thing:
        return self.language.imported(self, module, imported)

    def _bound(self, binding: Binding, scope: Activation) -> Thing:
        key = id(binding)
        if key in scope.known:
            return scope.known[key]
        span = scope.module.at(binding.span)
        if key in scope.open:
            return Unknown(span)
        activation = scope
        if binding.function != scope.index and scope.module.definition(binding.function).kind != "class":
            activation = self._generic(scope.module, binding.function)
        scope.open.add(key)
        try:
            found = self.evaluate(binding.value, activation)
        finally:
            scope.open.discard(key)
        scope.known[key] = found
        return found

    def _generic(self, module: ModuleIndex, index: int, receiver: Thing | None = None) -> Activation:
        """An activation of a function of which nothing is known; it is only for evaluating, never walked."""
        for activation in self.activations:
            if activation.module is module and activation.index == index and activation.receiver is receiver:
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
        found = [self._attribute(option, name, span) for option in alternatives(base)]
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        return several(found, span)

    def _attribute(self, base: Thing, name: str, span: Span) -> Thing:
        if isinstance(base, ModuleThing):
            return self.module_attribute(base.module, name, span)
        if isinstance(base, External):
            return self.language.external_attribute(self, base, name, span)
        if isinstance(base, Instance):
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
        if isinstance(base, Context) and not base.attribute:
            return Context(name, span)
        if isinstance(base, VALUE_TYPES):
            return self.language.value_attribute(self, base, name, span)
        return Unknown(span)

    def module_attribute(self, module: ModuleIndex, name: str, span: Span) -> Thing:
        """What a module offers under a name."""
        return self.language.module_attribute(self, module, name, span)

    def _bases(self, kind: ClassThing) -> list[ClassThing]:
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
                names = {_last_name(decorator) for decorator in definition.decorators}
                bound: Thing | None = receiver
                if "staticmethod" in names:
                    bound = None
                elif "classmethod" in names:
                    bound = item
                method = FunctionThing(item.module, index, scope, bound)
                if names & {"property", "cached_property"} and receiver is not None:
                    return self.returned(self.enter(method, [], {}, None, INVOKE))
                return method
            bindings = item.module.bindings.get((item.index, name))
            if bindings:
                body = Activation(item.module, item.index, scope, INIT, {})
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
        return self._class_attribute(kind, name, instance)

    def _bound_in(self, binding: Binding, activation: Activation) -> Thing:
        key = id(binding)
        if key in activation.known:
            return activation.known[key]
        if key in activation.open:
            return Unknown(activation.module.at(binding.span))
        activation.open.add(key)
        try:
            found = self.evaluate(binding.value, activation)
        finally:
            activation.open.discard(key)
        activation.known[key] = found
        return found

    def item(self, base: Thing, key: Thing, span: Span) -> Thing:
        """``base[key]``."""
        found = [self._item(option, key, span) for option in alternatives(base)]
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        return several(found, span)

    def _item(self, base: Thing, key: Thing, span: Span) -> Thing:
        known = key.value if isinstance(key, Literal) else None
        if isinstance(base, Event):
            return Event((*base.path, known if isinstance(known, str) else "*"), span)
        if isinstance(base, MapOf):
            if isinstance(known, str):
                return member(base, known) or Unknown(span)
            if isinstance(key, Env):
                return member(base, "\0" + key.name) or Unknown(span)
            return self.each(base, span)
        if isinstance(base, ListOf):
            if isinstance(known, int) and -len(base.items) <= known < len(base.items):
                return base.items[known]
            return one_of(list(base.items), span) if base.items and known is None else Unknown(span)
        if isinstance(base, External):
            return self.language.external_item(self, base, key, span)
        if isinstance(base, Context) and base.attribute in _SPLIT_ARNS and known == 6:
            return Context("function_name", span)
        return Unknown(span)

    def result(self, index: int, activation: Activation) -> Thing:
        """What a call gives."""
        if index in activation.results:
            return activation.results[index]
        call = activation.module.facts.calls[index]
        span = activation.module.at(call.span)
        activation.results[index] = Unknown(span)
        found = [self._call(callee, call, activation, span) for callee in self._callees(call, activation)]
        if len(found) > 1:
            found = [item for item in found if not isinstance(item, Unknown)] or found[:1]
        activation.results[index] = several(found, span)
        return activation.results[index]

    def _call(self, callee: Thing, call: Call, activation: Activation, span: Span) -> Thing:
        if isinstance(callee, FunctionThing):
            entered = self.call_function(callee, call, activation)
            return self.returned(entered) if entered is not None else Unknown(span)
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
        if isinstance(callee, External):
            return self.language.call(self, callee, call, activation, span)
        return Unknown(span)

    def _construct(self, kind: ClassThing, call: Call, activation: Activation) -> Thing:
        positional, named = self._arguments(call.arguments, activation)
        instance = Instance(kind, named)
        constructor = self._class_attribute(kind, self.language.constructor, instance)
        if isinstance(constructor, FunctionThing):
            site = CallSite(activation.module, call, activation)
            if activation.depth < MAX_CALL_DEPTH and len(self._entered) < MAX_ACTIVATIONS:
                self.enter(constructor, positional, named, site, activation.phase)
        return instance

    def argument(self, call: Call, activation: Activation, index: int, name: str = "") -> Thing | None:
        """An argument of a call by position or name."""
        expression = call.positional(index)
        if expression is None and name:
            expression = call.keyword(name)
        return None if expression is None else self.evaluate(expression, activation)


class Language:
    """What differs between languages while code is followed. The base class knows nothing."""

    has_receiver_parameter = False
    constructor = "constructor"
    allocator = ""
    """The method that gives an instance, perhaps not a new one."""
    depends_on_arguments: frozenset[str] = frozenset()
    """Things from outside that give the same whenever they are called with the same arguments."""
    default_session: frozenset[str] = frozenset()
    """Calls that change what SDK clients are built from."""
    asks_for_attributes: frozenset[str] = frozenset()
    """Functions that tell whether something is there already."""

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

    def callees(self, run: Interpreter, callee: Thing, call: Call, activation: Activation) -> tuple[Thing, ...]:
        """What a call of a thing really calls, where its arguments tell that."""
        return (callee,)

    def callback_arguments(
        self, run: Interpreter, path: str, call: Call, argument: Argument, activation: Activation
    ) -> list[Thing]:
        """The arguments with which something from outside calls a function that is handed to it."""
        return []


def _key(thing: Thing) -> object:
    if isinstance(thing, VALUE_TYPES):
        known = identity(thing)
        if known is not None:
            return known
        if isinstance(thing, Unknown):
            return "unknown"
        return id(thing) if isinstance(thing, (MapOf, OneOf, Text, ListOf)) else repr(thing)
    if isinstance(thing, External):
        return ("external", thing.path)
    if isinstance(thing, FunctionThing):
        return ("function", thing.module.path, thing.index, id(thing.scope))
    if isinstance(thing, Client):
        return ("client", id(thing.site.call))
    return id(thing)


_SPLIT_ARNS = frozenset(("invoked_function_arn.split()", "invokedFunctionArn.split()"))


def _made(given: Thing, call: Call) -> Client | Session | None:
    """The client or session that this very call builds."""
    for option in alternatives(given):
        if isinstance(option, (Client, Session)) and option.site.call is call:
            return option
    return None


def _last_name(expression: Expression) -> str:
    if isinstance(expression, Member):
        return expression.name
    return expression.id if isinstance(expression, Name) else ""


def _values_of(module: ModuleIndex, index: int) -> Iterator[Expression]:
    """The expressions in a function whose value is kept, handed on or given back."""
    for binding in module.facts.bindings:
        if binding.function == index and not isinstance(binding.value, Closure):
            yield binding.value
    for item in module.returns.get(index, []):
        if item.value is not None:
            yield item.value
    for call_index in module.calls.get(index, []):
        for argument in module.facts.calls[call_index].arguments:
            yield argument.value


def _reaching(
    module: ModuleIndex, bindings: list[Binding], function: int, at: Span | None
) -> tuple[list[Binding], bool]:
    """The assignments of a variable that may hold at a place, and whether one of them certainly does.

    Without place: those that may hold when the function has run, wherever they were made.
    """
    blocks = module.facts.blocks
    found: list[Binding] = []
    if at is None:
        for binding in reversed(bindings):
            found.append(binding)
            if binding.function == function and not binding.augmented:
                block = blocks[binding.block]
                if block.kind == "body" or block.function != function:
                    return found, True
        return found, False
    here = (at.line, at.column)
    use_block = _block_at(module, function, at)
    ancestors = _ancestors(module, use_block)
    for binding in reversed(bindings):
        if binding.function != function:
            found.append(binding)
            continue
        if (binding.span.end_line, binding.span.end_column) > here:
            continue
        if binding.block in ancestors:
            found.append(binding)
            return found, True
        if not _exclusive(module, binding.block, use_block):
            found.append(binding)
    return found, False


def _block_at(module: ModuleIndex, function: int, at: Span) -> int:
    """The innermost block of a function that holds a place."""
    best = -1
    for index, block in module.function_blocks.get(function, []):
        span = block.span
        if (span.line, span.column) <= (at.line, at.column) and (at.end_line, at.end_column) <= (
            span.end_line,
            span.end_column,
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
