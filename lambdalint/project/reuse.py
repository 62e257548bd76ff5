"""What a handler builds anew on every invocation although it could be built once and kept.

Three questions, each answered by silence where that can't be known: is it built while the handler runs; is it built of
things that are the same in every invocation; and does nothing keep it from one invocation to the next. Caches, lazy
singletons and arguments that are only given sometimes are told by the conditions around the construction, and around
each call that leads there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.aws import keeping
from lambdalint.aws.custom_resources import REQUEST_KEYS
from lambdalint.code.facts import (
    MODULE,
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
    Item,
    Member,
    Name,
    Object,
    Other,
    Placeholder,
    Result,
    walk,
)
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, Activation, CallRecord, Interpreter
from lambdalint.project.model import Handler
from lambdalint.project.things import (
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
    Thing,
    alternatives,
)
from lambdalint.source import Span
from lambdalint.values import Absent, Env, ListOf, Literal, MapOf, Parameter, Ref, Text

MAX_DEPTH = 12
MAX_DEPTH_OF_FETCHES = 30

_COMPUTED = frozenset(
    ("compare", "is", "not", "and", "or", "typeof", "add", "arithmetic", "divide", "constant", "number", "bytes")
)
"""Expressions that give the same for the same parts."""


class Rebuilt(Struct, frozen=True):
    """An SDK client or session that is built on every invocation.

    ``clients`` are what is built from a session; ``services`` boto3's names of the clients, nothing where one isn't
    known. ``callers`` are the calls that lead there from the handler, outermost first.
    """

    record: CallRecord
    clients: tuple[CallRecord, ...]
    services: tuple[str, ...]
    callers: tuple[CallSite, ...]

    @property
    def span(self) -> Span:
        """The place of the construction."""
        return self.record.span

    @property
    def is_session(self) -> bool:
        """Whether it is a session rather than a client or resource."""
        return isinstance(self.record.made, Session)

    @property
    def is_resource(self) -> bool:
        """Whether it is boto3's service resource."""
        return isinstance(self.record.made, Client) and self.record.made.is_resource

    @property
    def within(self) -> str:
        """The function or class that builds it, where that is not the handler itself."""
        return within(self.record)


def within(record: CallRecord) -> str:
    """The function or class that makes a call, where that is not the handler itself."""
    activation = record.site.activation
    if activation.caller is None:
        return ""
    definition = activation.module.definition(activation.index)
    owner = activation.module.definition(definition.parent)
    if owner.kind == "class" and definition.name == record.interpreter.language.constructor:
        return owner.name
    return definition.name


def rebuilt(handler: Handler) -> tuple[Rebuilt, ...]:
    """The SDK clients and sessions that a handler builds on every invocation, each place once."""
    places: dict[Span, list[CallRecord]] = {}
    for record in handler.calls:
        if record.phase == INVOKE and record.made is not None:
            places.setdefault(record.span, []).append(record)
    if not places or serves_custom_resource(handler):
        return ()
    run = handler.run
    if any(record.callee in run.language.default_session and record.phase == INVOKE for record in handler.calls):
        return ()
    found: dict[Span, CallRecord] = {}
    for span, records in places.items():
        shown = _rebuilt(records)
        if shown is not None:
            found[span] = shown
    taken: set[Span] = set()
    result: list[Rebuilt] = []
    for record in found.values():
        if isinstance(record.made, Session):
            site = record.made.site
            made = [item for records in places.values() for item in records if _is_of(item, site)]
            clients = tuple(item for span, item in found.items() if any(other.span == span for other in made))
            if made and not clients:
                continue
            taken.update(item.span for item in clients)
            result.append(Rebuilt(record, clients, _services(clients), callers(record)))
    for span, record in found.items():
        if isinstance(record.made, Client) and span not in taken:
            result.append(Rebuilt(record, (), _services(tuple(places[span])), callers(record)))
    return tuple(result)


def serves_custom_resource(handler: Handler) -> bool:
    """Whether a handler answers CloudFormation, so that it runs once or twice a deployment."""
    if any(True for function in handler.functions for _ in function.triggered_by("custom-resource")):
        return True
    if any(not module.attributes.isdisjoint(REQUEST_KEYS) for module in handler.modules):
        return True
    return any(item.value in REQUEST_KEYS for _, item in handler.strings)


def _is_of(record: CallRecord, session: CallSite) -> bool:
    made = record.made
    return isinstance(made, Client) and made.session is not None and made.session.site.call is session.call


def _services(records: tuple[CallRecord, ...]) -> tuple[str, ...]:
    names = [item.made.service for item in records if isinstance(item.made, Client)]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def callers(record: CallRecord) -> tuple[CallSite, ...]:
    """The calls that lead from the handler to a call, outermost first."""
    return tuple(reversed(list(_sites(record.site))))[:-1]


def _sites(site: CallSite | None) -> Iterator[CallSite]:
    """A call and those that lead to it, innermost first."""
    while site is not None:
        yield site
        site = site.activation.caller


def _rebuilt(records: list[CallRecord]) -> CallRecord | None:
    """The record that shows best that a place builds the same thing on every invocation, or None."""
    return shown_best(records, is_same_each_time)


def shown_best(records: list[CallRecord], is_same: Callable[[CallRecord], bool]) -> CallRecord | None:
    """Of the records of one place, that which shows best that the same is done there on every invocation, or None."""
    certain = sorted((record for record in records if _is_reached(record)), key=lambda record: len(record.chain))
    if not certain or not all(is_same(record) for record in records):
        return None
    return next((record for record in certain if not is_kept(record)), None)


def _is_reached(record: CallRecord) -> bool:
    """Whether a handler certainly reaches a call, through a router or batch processor that is known as well."""
    run, activation = record.interpreter, record.site.activation
    while activation.possible:
        caller = activation.caller
        if caller is None:
            scope = activation.parent or activation
            decorators = activation.module.definition(activation.index).decorators
            return any(run.language.answers_requests(run, decorator, scope) for decorator in decorators)
        called = run.callees(caller.call, caller.activation)
        if not any(isinstance(thing, (FunctionThing, ClassThing, Instance)) for thing in called):
            if not any(
                isinstance(thing, (External, Native)) and run.language.calls_back(thing.path) for thing in called
            ):
                return False
        activation = caller.activation
    return True


# --- is it the same every time? -------------------------------------------------------------------------------------


def is_same_each_time(record: CallRecord) -> bool:
    """Whether what a call builds depends on nothing that changes from one invocation to the next."""
    made = record.made
    return made is not None and Sameness(record.interpreter).of_thing(made, 0)


class Sameness:
    """Tells what is the same in every invocation of a handler.

    With ``follows_fetches``, secrets and parameters that are read under a name which stays the same count as well, for
    what can be kept until they are rotated; ``fetches`` are the calls by which those met so far are read.
    """

    def __init__(self, run: Interpreter, follows_fetches: bool = False) -> None:
        self.run = run
        self.follows_fetches = follows_fetches
        self.fetches: list[CallSite] = []
        self.max_depth = MAX_DEPTH_OF_FETCHES if follows_fetches else MAX_DEPTH

    def of_arguments(self, site: CallSite, depth: int = 0) -> bool:
        """Whether all arguments of a call are."""
        return all(self.of(argument.value, site.activation, depth + 1) for argument in site.call.arguments)

    def of(self, expression: Expression, activation: Activation, depth: int = 0) -> bool:
        """Whether an expression gives the same in every invocation."""
        if depth > self.max_depth:
            return False
        parts: tuple[Expression, ...]
        if isinstance(expression, (Const, Placeholder, Closure)):
            return True
        if isinstance(expression, Name):
            return self._of_name(expression, activation, depth)
        if isinstance(expression, Environment):
            read = activation.module.facts.reads[expression.read]
            parts = (read.name,) if read.default is None else (read.name, read.default)
        elif isinstance(expression, Format):
            parts = expression.parts
        elif isinstance(expression, Choice):
            parts = expression.options if expression.test is None else (*expression.options, expression.test)
        elif isinstance(expression, Array):
            parts = expression.items
        elif isinstance(expression, Object):
            keys = tuple(field.key for field in expression.fields if field.key is not None)
            parts = (*keys, *(field.value for field in expression.fields))
        elif isinstance(expression, Other) and expression.kind in _COMPUTED:
            parts = expression.parts
        elif isinstance(expression, (Member, Item, Result)):
            if self.of_thing(self.run.evaluate(expression, activation), depth + 1):
                return True
            return self.follows_fetches and self._of_fetched(expression, activation, depth)
        else:
            return False
        return all(self.of(part, activation, depth + 1) for part in parts)

    def _of_name(self, name: Name, activation: Activation, depth: int) -> bool:
        scope = _scope_of(name.id, activation)
        if scope is None:
            return self.of_thing(self.run.evaluate(name, activation), depth + 1)
        module = scope.module
        bindings = module.bindings.get((scope.index, name.id), [])
        if scope.phase != INVOKE:
            if bindings and not _changes_later(module, scope.index, name.id):
                return True
            return not bindings and self.of_thing(self.run.evaluate(name, activation), depth + 1)
        if not all(self._of_binding(binding, scope, depth) for binding in bindings):
            return False
        given = scope.arguments.get(name.id)
        if given is not None:
            return self.of_thing(given, depth + 1) or (self.follows_fetches and self._of_given(name.id, scope, depth))
        return bool(bindings) or self.of_thing(self.run.evaluate(name, activation), depth + 1)

    def _of_given(self, name: str, scope: Activation, depth: int) -> bool:
        """As :meth:`of`, of what a call gives for a parameter."""
        caller = scope.caller
        parameters = [item.name for item in scope.module.definition(scope.index).parameters]
        if caller is None or name not in parameters:
            return False
        skipped = 1 if scope.receiver is not None and self.run.language.has_receiver_parameter else 0
        position = parameters.index(name) - skipped
        given = caller.call.keyword(name) or (caller.call.positional(position) if position >= 0 else None)
        return given is not None and self.of(given, caller.activation, depth + 1)

    def _of_binding(self, binding: Binding, scope: Activation, depth: int) -> bool:
        if binding.augmented or binding.function != scope.index:
            return False
        for block in scope.module.blocks(binding.block):
            if block.test is None and block.kind == "else":
                continue  # of a ``try``
            if block.kind in ("then", "else", "case"):
                if block.test is None or not self.of(block.test, scope, depth + 1):
                    return False
            elif block.kind in ("loop", "except"):
                return False
        return self.of(binding.value, scope, depth + 1)

    def of_thing(self, thing: Thing, depth: int = 0) -> bool:
        """Whether a thing, wherever it came from, is the same in every invocation."""
        if depth > self.max_depth:
            return False
        if isinstance(thing, (Literal, Ref, Parameter, Absent, ModuleThing, FunctionThing, ClassThing)):
            return True
        if isinstance(thing, Env):
            return thing.default is None or self.of_thing(thing.default, depth + 1)
        if isinstance(thing, Text):
            return all(self.of_thing(part, depth + 1) for part in thing.parts)
        if isinstance(thing, ListOf):
            return not thing.open and all(self.of_thing(item, depth + 1) for item in thing.items)
        if isinstance(thing, MapOf):
            return not thing.open and all(self.of_thing(entry.value, depth + 1) for entry in thing.entries)
        if isinstance(thing, (Client, Session)):
            if thing.is_async or thing.site is None:
                return False
            session = thing.session if isinstance(thing, Client) else None
            if session is not None and not self.of_thing(session, depth + 1):
                return False
            return thing.site.activation.phase != INVOKE or self.of_arguments(thing.site, depth)
        if isinstance(thing, External):
            return self._of_external(thing, depth)
        return False

    def _of_external(self, thing: External, depth: int) -> bool:
        if thing.path.startswith("?"):
            return False
        if "()" not in thing.path:
            return True
        if thing.site is None or not self._depends_on_arguments(thing.path.removesuffix("()")):
            return False
        return thing.site.activation.phase != INVOKE or self.of_arguments(thing.site, depth)

    def _depends_on_arguments(self, path: str) -> bool:
        return path in self.run.language.depends_on_arguments or (self.follows_fetches and path in keeping.SAME)

    # --- secrets and parameters ---------------------------------------------------------------------------------

    def _of_fetched(self, expression: Member | Item | Result, activation: Activation, depth: int) -> bool:
        """Whether an expression gives what is fetched under the same name each time, or a part of it."""
        if isinstance(expression, Member):
            return self.of(expression.base, activation, depth + 1)
        if isinstance(expression, Item):
            return self.of(expression.base, activation, depth + 1) and self.of(expression.key, activation, depth + 1)
        call = activation.module.facts.calls[expression.call]
        callees = self.run.callees(call, activation)
        return bool(callees) and all(self._gives_fetched(callee, call, activation, depth) for callee in callees)

    def _gives_fetched(self, callee: Thing, call: Call, activation: Activation, depth: int) -> bool:
        site = CallSite(activation.module, call, activation)
        if isinstance(callee, Operation):
            if (callee.service, callee.name) not in keeping.FETCHES or not self.of_request(callee, site, depth):
                return False
            self.fetches.append(site)
            return True
        if isinstance(callee, FunctionThing):
            return self._of_returned(callee, call, activation, depth)
        path = callee.path if isinstance(callee, (External, Native)) else ""
        if path in keeping.TRANSFORMS or path in keeping.CACHED_FETCHES:
            return self.of_arguments(site, depth)
        if isinstance(call.callee, Member) and call.callee.name in keeping.TRANSFORMING_METHODS:
            return self.of(call.callee.base, activation, depth + 1) and self.of_arguments(site, depth)
        return False

    def of_request(self, operation: Operation, site: CallSite, depth: int = 0) -> bool:
        """Whether an operation is called with the same arguments in every invocation."""
        if operation.is_open or not all(self.of_thing(value, depth + 1) for value in operation.arguments.values()):
            return False
        given = (argument.value for argument in site.call.arguments)
        return all(
            isinstance(self.run.evaluate(item, site.activation), Command) or self.of(item, site.activation, depth + 1)
            for item in given
        )

    def _of_returned(self, function: FunctionThing, call: Call, activation: Activation, depth: int) -> bool:
        entered = self.run.call_function(function, call, activation)
        if entered is None or function.definition.is_generator or function.definition.decorators:
            return False
        given = [item.value for item in entered.module.returns.get(entered.index, []) if item.value is not None]
        return bool(given) and all(self.of(item, entered, depth + 1) for item in given)


def _scope_of(name: str, activation: Activation) -> Activation | None:
    """The activation whose variable a name is; None where nothing in the module binds it."""
    scope: Activation | None = activation
    here = True
    while scope is not None:
        definition = scope.module.definition(scope.index)
        if (here or definition.kind != "class") and (
            name in definition.locals or (scope.index == MODULE and (MODULE, name) in scope.module.bindings)
        ):
            return scope
        scope = scope.parent
        here = False
    return None


def _changes_later(module: ModuleIndex, owner: int, name: str) -> bool:
    """Whether a function sets a variable that is not its own, or changes what it holds."""
    for binding in module.bindings.get((owner, name), []):
        if binding.function != owner and module.definition(binding.function).kind != "class":
            return True
    return any(change.function != owner and change.passed is None for change in module.changes.get((owner, name), ()))


# --- is it kept? ----------------------------------------------------------------------------------------------------


def is_kept(record: CallRecord) -> bool:
    """Whether what a call builds may be kept from one invocation to the next, or is not built in most of them."""
    run = record.interpreter
    return any(_is_conditional(site, run) or _is_decorated(site.activation, run) for site in _sites(record.site))


def _is_decorated(activation: Activation, run: Interpreter) -> bool:
    """Whether something may stand between a function and its calls: a cache, a registry, a metaclass."""
    if activation.caller is None:
        return False
    scope = activation.parent or activation
    module = activation.module
    definition = module.definition(activation.index)
    decorators = list(definition.decorators)
    owner = definition.parent
    if module.definition(owner).kind == "class" and definition.name == run.language.constructor:
        decorators.extend(module.definition(owner).decorators)
        if module.definition(owner).metaclass is not None or module.child(owner, run.language.allocator) is not None:
            return True
    return not all(run.language.runs_each_time(run, decorator, scope) for decorator in decorators)


def _is_conditional(site: CallSite, run: Interpreter) -> bool:
    """Whether a call is made only where something is not there yet, was not given, or went wrong."""
    module, activation = site.module, site.activation
    for index, block in _blocks_around(module, site.call.block):
        if block.kind == "except":
            return True
        if block.kind in ("then", "else", "case") and block.test is not None:
            if any(raised.block == index for raised in module.facts.raises):
                return True
            if asks_for_state(block.test, activation, run):
                return True
            if not _is_run(block.test, block.kind != "else", activation, run):
                return True
    own = next(index for index, call in enumerate(module.facts.calls) if call is site.call)
    if any(not _is_chosen(choice, own, activation, run) for choice in _choices(module, activation.index)):
        return True
    if _is_default_of_given(site, own):
        return True
    return _is_asked_for(site, own, run) or _is_over_before(site, run)


def _is_default_of_given(site: CallSite, own: int) -> bool:
    """Whether a call is the default of a parameter that is given, or may be, so that it is not made then."""
    caller = site.activation.caller
    for position, parameter in enumerate(site.module.definition(site.activation.index).parameters):
        if parameter.default is not None and _holds(parameter.default, own):
            arguments = caller.call.arguments if caller is not None else ()
            return caller is None or len(arguments) > position or any(argument.spread for argument in arguments)
    return False


def _is_over_before(site: CallSite, run: Interpreter) -> bool:
    """Whether a function gives back before the call where something is there already."""
    module = site.module
    before = (site.call.span.line, site.call.span.column)
    for item in module.returns.get(site.activation.index, []):
        block = module.facts.blocks[item.block]
        if block.kind == "then" and block.test is not None and (item.span.line, item.span.column) < before:
            if asks_for_state(block.test, site.activation, run):
                return True
    return False


def _blocks_around(module: ModuleIndex, index: int) -> Iterator[tuple[int, Block]]:
    blocks = module.facts.blocks
    function = blocks[index].function
    while index >= 0 and blocks[index].function == function:
        yield index, blocks[index]
        index = blocks[index].parent


def asks_for_state(test: Expression, activation: Activation, run: Interpreter) -> bool:
    """Whether a condition depends on something that outlives a call: a variable that functions set, an attribute."""
    module = activation.module
    for part in _parts(test, module):
        if isinstance(part, Name):
            if part.id in run.language.asks_for_attributes and _scope_of(part.id, activation) is None:
                return True
            scope = _scope_of(part.id, activation)
            if scope is not None and scope is not activation and _changes_later(module, scope.index, part.id):
                return True
        elif isinstance(part, Member):
            if any(binding.function != MODULE for binding in module.members.get(part.name, [])):
                return True
            for base in alternatives(run.evaluate(part.base, activation)):
                if isinstance(base, ModuleThing) and _changes_later(base.module, MODULE, part.name):
                    return True
    return False


def _parts(expression: Expression, module: ModuleIndex, depth: int = 0) -> Iterator[Expression]:
    """An expression and its parts, those of the calls in it included."""
    for part in walk(expression):
        yield part
        if isinstance(part, Result) and depth < MAX_DEPTH:
            call = module.facts.calls[part.call]
            yield from _parts(call.callee, module, depth + 1)
            for argument in call.arguments:
                yield from _parts(argument.value, module, depth + 1)


def _is_run(test: Expression, wanted: bool, activation: Activation, run: Interpreter) -> bool:
    """Whether a branch is not known, or likely, to be passed by: its condition asks whether an argument was given."""
    if isinstance(test, Other) and test.kind == "is":
        things = [run.evaluate(part, activation) for part in test.parts if not isinstance(part, Const)]
        if things and all(_is_nothing(thing) for thing in things):
            return True
    known = _truth(test, activation, run)
    if known is not None:
        return known is wanted
    return not _asks_for_argument(test, activation)


def _is_nothing(thing: Thing) -> bool:
    return isinstance(thing, Literal) and thing.value is None


def _asks_for_argument(test: Expression, activation: Activation) -> bool:
    """Whether a condition is no more than the question whether a parameter has a value."""
    if isinstance(test, Other) and test.kind in ("not", "is") and test.parts:
        return all(isinstance(part, Const) or _asks_for_argument(part, activation) for part in test.parts)
    return isinstance(test, Name) and activation.caller is not None and test.id in activation.arguments


def _truth(test: Expression, activation: Activation, run: Interpreter) -> bool | None:
    """Whether a condition holds, where that is known."""
    if isinstance(test, Other) and test.kind == "not" and len(test.parts) == 1:
        inner = _truth(test.parts[0], activation, run)
        return None if inner is None else not inner
    if isinstance(test, (Name, Const)):
        return _thing_truth(run.evaluate(test, activation))
    return None


def _thing_truth(thing: Thing) -> bool | None:
    if isinstance(thing, Literal):
        return bool(thing.value)
    if isinstance(thing, (Client, Session, SdkObject, Instance, FunctionThing, ClassThing, Operation, Native)):
        return True
    return None


def _choices(module: ModuleIndex, function: int) -> Iterator[Choice]:
    expressions: list[Expression] = [item.value for item in module.facts.bindings if item.function == function]
    expressions.extend(item.value for item in module.returns.get(function, []) if item.value is not None)
    for index in module.calls.get(function, []):
        call = module.facts.calls[index]
        expressions.append(call.callee)
        expressions.extend(argument.value for argument in call.arguments)
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Choice):
                yield part


def _is_chosen(choice: Choice, call: int, activation: Activation, run: Interpreter) -> bool:
    """Whether a choice, where it is about a call at all, doesn't keep it from being made."""
    at = next((index for index, option in enumerate(choice.options) if _holds(option, call)), None)
    if at is None:
        return True
    if choice.test is not None:
        if asks_for_state(choice.test, activation, run):
            return False
        return _is_run(choice.test, at == 0, activation, run)
    return all(_truth(option, activation, run) is False for option in choice.options[:at])


def _holds(expression: Expression, call: int) -> bool:
    return any(isinstance(part, Result) and part.call == call for part in walk(expression))


def _is_asked_for(site: CallSite, own: int, run: Interpreter) -> bool:
    """Whether a function asks for, or gives back, the variable that holds a call's result before it makes the call."""
    module, function = site.module, site.activation.index
    names: set[str] = set()
    for binding in module.facts.bindings:
        if binding.function == function and _holds(binding.value, own):
            names.update(part for part in (binding.name, _root(binding.base)) if part)
    names -= {run.language.receiver_name(module, function)}
    names -= {name for name, thing in site.activation.arguments.items() if _is_nothing(thing)}
    if not names:
        return False
    before = (site.call.span.line, site.call.span.column)
    for _, block in module.function_blocks.get(function, []):
        if block.test is not None and (block.span.line, block.span.column) <= before:
            if _mentions(block.test, names, module):
                return True
    for item in module.returns.get(function, []):
        if item.value is not None and (item.span.line, item.span.column) < before:
            if _mentions(item.value, names, module):
                return True
    return False


def _root(expression: Expression | None) -> str:
    while isinstance(expression, (Member, Item, Each)):
        expression = expression.base
    return expression.id if isinstance(expression, Name) else ""


def _mentions(expression: Expression, names: set[str], module: ModuleIndex) -> bool:
    for part in _parts(expression, module):
        if isinstance(part, Name) and part.id in names:
            return True
        if isinstance(part, Member) and part.name in names:
            return True
        if isinstance(part, Const) and part.value in names:
            return True
    return False


__all__ = [
    "Rebuilt",
    "Sameness",
    "asks_for_state",
    "callers",
    "is_kept",
    "is_same_each_time",
    "rebuilt",
    "serves_custom_resource",
    "shown_best",
    "within",
]
