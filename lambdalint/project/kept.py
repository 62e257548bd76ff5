"""What init code keeps for the invocations that follow, and where it comes from.

A value is kept if a variable of a module or class, or the default of a parameter, holds it when the module has been
imported, and code that runs in an invocation uses that. Where it comes from is followed through assignments, calls
of the project's functions and classes, and what writes a value in another form.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws import snapshots
from lambdalint.code.facts import (
    MODULE,
    Array,
    Binding,
    Call,
    Choice,
    Closure,
    Each,
    Environment,
    Expression,
    Format,
    Item,
    Member,
    Name,
    Object,
    Other,
    Result,
    walk,
)
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INIT, INVOKE, Activation, Interpreter
from lambdalint.project.model import Handler
from lambdalint.project.things import (
    ClassThing,
    External,
    FunctionThing,
    Instance,
    ModuleThing,
    Native,
    Operation,
    Thing,
    alternatives,
)
from lambdalint.source import Span
from lambdalint.values import Literal

UNIQUE, TIME, GENERATOR = "unique", "time", "generator"
CONNECTION, CREDENTIALS, FETCHED = "connection", "credentials", "fetched"
_WHOLE_CREDENTIALS = "whole-credentials"

MAX_DEPTH = 40


class Origin(Struct, frozen=True):
    """Where a value comes from.

    ``kind``: ``unique``, ``time``, ``generator`` (one that can be predicted), ``connection``, ``credentials`` (that
    expire) or ``fetched`` (data that others change). ``name`` is what gave it, ``call`` is its index in the module.
    """

    kind: str
    name: str
    span: Span
    module: str = ""
    call: int = -1


class Use(Struct, frozen=True):
    """A use of a variable in an invocation.

    ``how``: ``log``, ``measure`` (in a difference or comparison), ``passed`` (to a function of the project) or
    ``plain``.
    """

    span: Span
    how: str


class Kept(Struct, frozen=True):
    """A value that is kept: where it comes from, the variable that holds it, and how invocations use that."""

    origin: Origin
    name: str
    span: Span
    uses: tuple[Use, ...]


Origins = frozenset[Origin]
_NONE: Origins = frozenset()


class _Frame(Struct, frozen=True):
    """Code that runs: its activation, and where its arguments come from."""

    activation: Activation
    given: dict[str, Origins]


def kept_values(handler: Handler) -> list[Kept]:
    """The values that a handler's init code keeps, each once."""
    return _Keeping(handler.run).kept()


def has_restore_hook(handler: Handler) -> bool:
    """Whether a module that the handler loads may register something that runs after each restore."""
    for module in handler.modules:
        for imported in module.facts.imports:
            library = imported.module.partition(".")[0]
            if library == snapshots.HOOK_LIBRARY and imported.symbol in ("", "*", snapshots.RESTORE_HOOK):
                return True
    return False


class SharedGenerator(Struct, frozen=True):
    """The generator that a module of functions shares: where it is seeded, and where invocations draw from it."""

    name: str
    seed: Span | None
    draw: Span


def shared_generator(handler: Handler) -> SharedGenerator | None:
    """A generator that is seeded at init, by the system or by chance, and that invocations draw from."""
    run = handler.run
    named = [(record, record.callee) for record in run.records if record.operation is None]
    draws = [(record, path) for record, path in named if record.phase == INVOKE and path in snapshots.MODULE_DRAWS]
    if not draws:
        return None
    draw, path = draws[0]
    library = path.rpartition(".")[0]
    seeds = [record for record, path in named if path == f"{library}.seed" and path in snapshots.SEEDS]
    keeping = _Keeping(run)
    for seed in seeds:
        frame = _Frame(seed.site.activation, {})
        if seed.phase == INVOKE or not keeping.is_seeded_by_chance(seed.site.call, frame):
            return None
    return SharedGenerator(path, seeds[0].span if seeds else None, draw.span)


class _Keeping:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.uses = _uses(run)
        self.names: dict[Origin, set[str]] = {}
        self._open: set[object] = set()
        self._depth = 0
        self._running: dict[tuple[str, int], list[Activation]] = {}
        for activation in run.activations:
            self._running.setdefault((activation.module.path, activation.index), []).append(activation)
        self._invoked = {
            (record.site.module.path, id(record.site.call)) for record in run.records if record.phase == INVOKE
        }

    # --- what is kept -------------------------------------------------------------------------------------------

    def kept(self) -> list[Kept]:
        found: dict[Origin, Kept] = {}
        for item in self._held():
            known = found.get(item.origin)
            if known is None:
                found[item.origin] = item
            else:
                found[item.origin] = replace(known, uses=(*known.uses, *item.uses))
        return [self._by_member(item) for item in found.values() if not self._is_made_again(item.origin)]

    def _by_member(self, item: Kept) -> Kept:
        """What an instance keeps in a member is used where that member is."""
        others = self.names.get(item.origin, set()) - {item.name}
        uses = tuple(use for name in sorted(others) for use in self.uses.of_member(name))
        return replace(item, uses=uses) if uses else item

    def _held(self) -> Iterator[Kept]:
        for activation in list(self.run.activations):
            module, index = activation.module, activation.index
            definition = module.definition(index)
            if activation.phase != INIT or (index != MODULE and definition.kind != "class"):
                continue
            frame = _Frame(activation, {})
            for owner, name in list(module.bindings):
                bindings = module.bindings[owner, name]
                if owner != index or all(isinstance(binding.value, Closure) for binding in bindings):
                    continue
                uses = self.uses.of(module, name) if index == MODULE else self.uses.of_member(name)
                if not uses or self._is_bound_again(module, bindings, index):
                    continue
                for origin in self._variable(module, index, name, frame):
                    yield Kept(origin, name, module.at(bindings[0].span), uses)
            yield from self._defaults(frame)

    def _defaults(self, frame: _Frame) -> Iterator[Kept]:
        """Defaults of parameters are evaluated once, when the function is defined."""
        module = frame.activation.module
        for index in module.children.get(frame.activation.index, []):
            if not self._runs(module, index, INVOKE):
                continue
            for parameter in module.definition(index).parameters:
                if parameter.default is not None:
                    at = module.at(parameter.span)
                    for origin in self.origins(parameter.default, frame):
                        yield Kept(origin, parameter.name, at, (Use(at, "plain"),))

    def _runs(self, module: ModuleIndex, index: int, phase: str) -> bool:
        return any(item.phase == phase for item in self._running.get((module.path, index), []))

    def _is_bound_again(self, module: ModuleIndex, bindings: list[Binding], owner: int) -> bool:
        """Whether code that runs in an invocation gives a variable another value."""
        return any(binding.function != owner and self._runs(module, binding.function, INVOKE) for binding in bindings)

    def _is_made_again(self, origin: Origin) -> bool:
        """Whether what gave a value is called in invocations, too, or the value is looked after there."""
        module = self.run.codebase.get(origin.module)
        if module is not None and origin.call >= 0:
            if (module.path, id(module.facts.calls[origin.call])) in self._invoked:
                return True
        names = self.names.get(origin, set())
        if origin.kind == CONNECTION and any((name, member) in self.uses.asked for name in names for member in _MENDS):
            return True
        if origin.kind == GENERATOR and any((name, "seed") in self.uses.asked for name in names):
            return True
        return any(self._is_member_bound_again(name) for name in names)

    def _is_member_bound_again(self, name: str) -> bool:
        for activation in self.run.activations:
            if activation.phase == INVOKE:
                for binding in activation.module.members.get(name, []):
                    if binding.function == activation.index:
                        return True
        return False

    # --- where values come from ---------------------------------------------------------------------------------

    def origins(self, expression: Expression, frame: _Frame) -> Origins:
        """Where a value comes from."""
        if self._depth > MAX_DEPTH:
            return _NONE
        self._depth += 1
        try:
            return self._origins(expression, frame)
        finally:
            self._depth -= 1

    def _all(self, expressions: tuple[Expression, ...] | list[Expression], frame: _Frame) -> Origins:
        return frozenset().union(*(self.origins(item, frame) for item in expressions))

    def _origins(self, expression: Expression, frame: _Frame) -> Origins:
        if isinstance(expression, Name):
            return self._named(expression.id, frame)
        if isinstance(expression, Result):
            return self._result(expression.call, frame)
        if isinstance(expression, Member):
            return self._member(expression, frame)
        if isinstance(expression, (Item, Each)):
            return self.origins(expression.base, frame)
        if isinstance(expression, Format):
            return self._all(expression.parts, frame)
        if isinstance(expression, Choice):
            return self._all(expression.options, frame)
        if isinstance(expression, Array):
            return self._all(expression.items, frame)
        if isinstance(expression, Object):
            return self._all([field.value for field in expression.fields], frame)
        if isinstance(expression, Environment):
            return self._environment(expression, frame)
        if isinstance(expression, Other) and expression.kind not in _ASKS:
            found = self._all(expression.parts, frame)
            if expression.kind == "subtract" and any(
                item.kind == TIME for item in self.origins(expression.parts[-1], frame)
            ):
                return frozenset(item for item in found if item.kind != TIME)
            return found
        return _NONE

    def _environment(self, expression: Environment, frame: _Frame) -> Origins:
        module = frame.activation.module
        read = module.facts.reads[expression.read]
        name = self.run.evaluate(read.name, frame.activation)
        if isinstance(name, Literal) and name.value in snapshots.CREDENTIAL_VARIABLES and read.kind != "test":
            return frozenset((Origin(CREDENTIALS, str(name.value), module.at(read.span)),))
        return _NONE

    def _named(self, name: str, frame: _Frame) -> Origins:
        scope: Activation | None = frame.activation
        while scope is not None:
            here = scope is frame.activation
            definition = scope.module.definition(scope.index)
            if here and name in frame.given and (scope.index, name) not in scope.module.bindings:
                return frame.given[name]
            if (here or definition.kind != "class") and (
                name in definition.locals or (scope.index, name) in scope.module.bindings
            ):
                own = frame if here else _Frame(scope, {})
                return self._variable(scope.module, scope.index, name, own) | own.given.get(name, _NONE)
            if scope.index == MODULE:
                break
            scope = scope.parent or self._module(scope.module)
        return _NONE

    def _module(self, module: ModuleIndex) -> Activation | None:
        found = self._running.get((module.path, MODULE))
        return found[0] if found else None

    def _variable(self, module: ModuleIndex, index: int, name: str, frame: _Frame) -> Origins:
        """Where what a variable holds comes from, what is put into it included."""
        key = (module.path, index, name, id(frame.activation))
        if key in self._open:
            return _NONE
        self._open.add(key)
        try:
            found: Origins = _NONE
            imported = module.imports.get((index, name))
            if imported is not None:
                for target in self.run.language.modules(self.run, module, imported):
                    if (MODULE, imported.symbol) in target.bindings:
                        found |= self._in_module(target, imported.symbol)
            for binding in module.bindings.get((index, name), []):
                if not module.is_script(binding):
                    found |= self._bound(binding, index, frame)
            for change in module.changes.get((index, name), []):
                found |= self.origins(change.value, frame)
        finally:
            self._open.discard(key)
        for origin in found:
            self.names.setdefault(origin, set()).add(name)
        return found

    def _in_module(self, module: ModuleIndex, name: str) -> Origins:
        activation = self._module(module)
        return self._variable(module, MODULE, name, _Frame(activation, {})) if activation is not None else _NONE

    def _bound(self, binding: Binding, index: int, frame: _Frame) -> Origins:
        if binding.function == index:
            return self.origins(binding.value, frame)
        found = _NONE
        for activation in self._running.get((frame.activation.module.path, binding.function), []):
            if activation.phase == INIT:
                found |= self.origins(binding.value, _Frame(activation, {}))
        return found

    def _member(self, expression: Member, frame: _Frame) -> Origins:
        if isinstance(expression.base, (Name, Member)):
            for thing in alternatives(self.run.evaluate(expression.base, frame.activation)):
                if isinstance(thing, ModuleThing):
                    return self._in_module(thing.module, expression.name)
                if isinstance(thing, Instance):
                    return self._of_instance(thing, expression.name)
        return self._taken(self.origins(expression.base, frame), expression.name)

    def _taken(self, found: Origins, member: str) -> Origins:
        """What a member of something holds of where that comes from."""
        if member in snapshots.FROZEN:
            return frozenset(
                replace(item, kind=CREDENTIALS) if item.kind == _WHOLE_CREDENTIALS else item for item in found
            )
        return found

    # --- calls --------------------------------------------------------------------------------------------------

    def _result(self, index: int, frame: _Frame) -> Origins:
        call = frame.activation.module.facts.calls[index]
        key = ("call", frame.activation.module.path, index, id(frame.activation))
        if key in self._open:
            return _NONE
        self._open.add(key)
        try:
            found: Origins = _NONE
            for callee in alternatives(self.run.evaluate(call.callee, frame.activation)):
                found |= self._called(callee, call, index, frame)
            return found
        finally:
            self._open.discard(key)

    def _called(self, callee: Thing, call: Call, index: int, frame: _Frame) -> Origins:
        if isinstance(callee, FunctionThing):
            return self._returned(callee, call, frame)
        if isinstance(callee, ClassThing):
            found: Origins = _NONE
            for made in alternatives(self.run.result(index, frame.activation)):
                if isinstance(made, Instance):
                    found |= self._of_instance(made, "", self._arguments_of(made, call, frame))
            return found
        kind = self._kind(callee, call, frame)
        if kind is not None:
            span = frame.activation.module.at(call.span)
            name = kind[1]
            return frozenset((Origin(kind[0], name, span, frame.activation.module.path, index),)) if kind[0] else _NONE
        if isinstance(callee, Operation):
            return _NONE
        return self._through(callee, call, frame)

    def _kind(self, callee: Thing, call: Call, frame: _Frame) -> tuple[str, str] | None:
        """Kind and name of what a call gives: an empty kind for what is safe to keep, None if it isn't known."""
        if isinstance(callee, Operation):
            pair = (callee.service, callee.name)
            if pair in snapshots.CREDENTIALS:
                return CREDENTIALS, f"{callee.service}.{callee.name}"
            return (FETCHED, f"{callee.service}.{callee.name}") if pair in snapshots.FETCHES else None
        if not isinstance(callee, (External, Native)):
            return None
        path = callee.path
        base, _, name = path.rpartition(".")
        if path in snapshots.UNIQUE or path in snapshots.MODULE_DRAWS:
            return UNIQUE, path
        if name in snapshots.DRAWS and base.removesuffix("()") in snapshots.WEAK_GENERATORS | snapshots.SAFE_GENERATORS:
            return UNIQUE, path
        if path in snapshots.SAFE_GENERATORS:
            return "", path
        if path in snapshots.WEAK_GENERATORS:
            return (GENERATOR if self.is_seeded_by_chance(call, frame) else ""), path
        if path in snapshots.TIMES and len(call.arguments) < snapshots.TIMES[path]:
            return TIME, path
        needed = snapshots.CONNECTS.get(path)
        if needed is not None and (len(call.arguments) >= needed):
            return CONNECTION, path
        if name in snapshots.SIGNED and base.startswith("boto3"):
            return CREDENTIALS, name
        if name == snapshots.SESSION_CREDENTIALS and base.startswith("boto3"):
            return _WHOLE_CREDENTIALS, name
        return (FETCHED, path) if path in snapshots.FETCH_FUNCTIONS else None

    def is_seeded_by_chance(self, call: Call, frame: _Frame) -> bool:
        """Whether a generator is seeded by the system, the time or something unique, rather than on purpose."""
        if not call.arguments:
            return True
        first = call.arguments[0].value
        thing = self.run.evaluate(first, frame.activation)
        if isinstance(thing, Literal):
            return thing.value is None
        return any(item.kind in (UNIQUE, TIME) for item in self.origins(first, frame))

    def _through(self, callee: Thing, call: Call, frame: _Frame) -> Origins:
        """What something from outside may keep of what it is called on and with."""
        path = callee.path if isinstance(callee, (External, Native)) else ""
        method = call.callee.name if isinstance(call.callee, Member) else ""
        if path in snapshots.FORGETS or method in snapshots.LOGS or path in snapshots.LOGS:
            return _NONE
        found: Origins = _NONE
        for argument in call.arguments:
            for item in self.origins(argument.value, frame):
                if item.kind != TIME or path in snapshots.TRANSFORMS or path in snapshots.TIMES:
                    found |= {item}
        if isinstance(call.callee, Member):
            for item in self._taken(self.origins(call.callee.base, frame), method):
                if item.kind != CONNECTION or method in snapshots.CURSORS:
                    found |= {item}
                elif method.startswith("fetch"):
                    found |= {replace(item, kind=FETCHED, name=method, span=frame.activation.module.at(call.span))}
        return found

    def _returned(self, function: FunctionThing, call: Call, frame: _Frame) -> Origins:
        entered = self.run.call_function(function, call, frame.activation)
        if entered is None or function.definition.is_generator:
            return _NONE
        inner = _Frame(entered, self._given(function, call, frame))
        found: Origins = _NONE
        for item in entered.module.returns.get(entered.index, []):
            if item.value is not None:
                found |= self.origins(item.value, inner)
        return found

    def _given(self, function: FunctionThing, call: Call, frame: _Frame) -> dict[str, Origins]:
        parameters = [item for item in function.definition.parameters if item.kind == "positional"]
        if function.receiver is not None and self.run.language.has_receiver_parameter:
            parameters = parameters[1:]
        given: dict[str, Origins] = {}
        position = 0
        for argument in call.arguments:
            if argument.spread:
                break
            if argument.name:
                given[argument.name] = self.origins(argument.value, frame)
            elif position < len(parameters):
                given[parameters[position].name] = self.origins(argument.value, frame)
                position += 1
        return given

    def _arguments_of(self, made: Instance, call: Call, frame: _Frame) -> dict[str, Origins]:
        for (path, index), activation in made.activations.items():
            if activation.name == self.run.language.constructor:
                module = self.run.codebase.get(path)
                if module is not None:
                    return self._given(FunctionThing(module, index, None, made), call, frame)
        return {}

    def _of_instance(self, made: Instance, member: str, given: dict[str, Origins] | None = None) -> Origins:
        """Where what an instance has in its members comes from: in one of a name, or in all of them."""
        key = ("instance", id(made), member)
        if key in self._open:
            return _NONE
        self._open.add(key)
        found: Origins = _NONE
        try:
            for activation in list(made.activations.values()):
                if activation.phase != INIT:
                    continue
                own = given if given and activation.name == self.run.language.constructor else {}
                for binding in activation.module.facts.bindings:
                    if binding.base is None or binding.function != activation.index:
                        continue
                    if binding.name and member in ("", binding.name) and self._is_own(binding, activation):
                        origins = self.origins(binding.value, _Frame(activation, own))
                        for origin in origins:
                            self.names.setdefault(origin, set()).add(binding.name)
                        found |= origins
        finally:
            self._open.discard(key)
        return found

    def _is_own(self, binding: Binding, activation: Activation) -> bool:
        receiver = self.run.language.receiver_name(activation.module, activation.index)
        return isinstance(binding.base, Name) and binding.base.id == receiver


# --- uses ---------------------------------------------------------------------------------------------------------

_MENDS = snapshots.MENDS
_ASKS = ("compare", "is", "not", "exception")


class _Uses:
    """What code that runs in invocations uses: variables of modules, members by name, and members of what."""

    def __init__(self) -> None:
        self.variables: dict[tuple[str, str], list[Use]] = {}
        self.members: dict[str, list[Use]] = {}
        self.asked: set[tuple[str, str]] = set()

    def of(self, module: ModuleIndex, name: str) -> tuple[Use, ...]:
        """The uses of a module's variable."""
        return tuple(self.variables.get((module.path, name), ()))

    def of_member(self, name: str) -> tuple[Use, ...]:
        """The uses of members of a name."""
        return tuple(self.members.get(name, ()))


def _uses(run: Interpreter) -> _Uses:
    found = _Uses()
    seen: set[tuple[str, int]] = set()
    for activation in list(run.activations):
        key = (activation.module.path, activation.index)
        if activation.phase != INVOKE or key in seen:
            continue
        seen.add(key)
        for expression, how in _expressions(run, activation):
            _note(run, activation, expression, how, found)
    return found


def _expressions(run: Interpreter, activation: Activation) -> Iterator[tuple[Expression, str]]:
    """The expressions of a function, and what becomes of them."""
    module, index = activation.module, activation.index
    for number in module.calls.get(index, []):
        call = module.facts.calls[number]
        yield call.callee, "plain"
        how = "plain"
        name = call.callee.name if isinstance(call.callee, Member) else getattr(call.callee, "id", "")
        if name in snapshots.LOGS:
            how = "log"
        elif any(isinstance(item, FunctionThing) for item in alternatives(run.evaluate(call.callee, activation))):
            how = "passed"
        for argument in call.arguments:
            yield argument.value, how
    for binding in module.facts.bindings:
        if binding.function == index and not isinstance(binding.value, Closure):
            yield binding.value, "plain"
            if binding.base is not None:
                yield binding.base, "plain"
            if binding.key is not None:
                yield binding.key, "plain"
    for item in module.returns.get(index, []):
        if item.value is not None:
            yield item.value, "plain"
    for raised in module.raises.get(index, []):
        if raised.value is not None:
            yield raised.value, "log"
    for _, block in module.function_blocks.get(index, []):
        if block.test is not None:
            yield block.test, "measure"


def _note(run: Interpreter, activation: Activation, expression: Expression, how: str, found: _Uses) -> None:
    measured: set[int] = set()
    for part in walk(expression):
        if isinstance(part, Other) and part.kind in ("subtract", "compare", "is", "not"):
            measured.update(id(inner) for item in part.parts for inner in walk(item))
    module = activation.module
    for part in walk(expression):
        use = Use(module.at(part.span), "measure" if id(part) in measured else how)
        if isinstance(part, Name):
            target = _variable_of(run, activation, part.id)
            if target is not None:
                found.variables.setdefault(target, []).append(use)
        elif isinstance(part, Member):
            found.members.setdefault(part.name, []).append(use)
            base = part.base
            owner = base.id if isinstance(base, Name) else base.name if isinstance(base, Member) else ""
            found.asked.add((owner, part.name))
            if isinstance(base, (Name, Member)):
                for thing in alternatives(run.evaluate(base, activation)):
                    if isinstance(thing, ModuleThing):
                        found.variables.setdefault((thing.module.path, part.name), []).append(use)


def _variable_of(run: Interpreter, activation: Activation, name: str) -> tuple[str, str] | None:
    """The module and the name of a module's variable that a name in a function stands for."""
    module = activation.module
    index = activation.index
    while index != MODULE:
        definition = module.definition(index)
        if name in definition.locals and definition.kind != "class":
            imported = module.imports.get((index, name))
            return _imported(run, module, index, name) if imported is not None else None
        index = definition.parent
    if (MODULE, name) in module.imports:
        return _imported(run, module, MODULE, name)
    if (MODULE, name) in module.bindings:
        return (module.path, name)
    for star in module.stars:
        for target in run.language.modules(run, module, star):
            if (MODULE, name) in target.bindings:
                return (target.path, name)
    return None


def _imported(run: Interpreter, module: ModuleIndex, index: int, name: str) -> tuple[str, str] | None:
    imported = module.imports[index, name]
    for target in run.language.modules(run, module, imported):
        if (MODULE, imported.symbol) in target.bindings:
            return (target.path, imported.symbol)
    return None
