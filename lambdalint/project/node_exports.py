"""Node.js: what a module exports, and which function is within what wraps a handler."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.handler_decorators import NODE_CHAINED, NODE_NO_HANDLERS, NODE_SERVERS, STREAMING
from lambdalint.code.facts import (
    MODULE,
    Call,
    Choice,
    Closure,
    Const,
    Export,
    Expression,
    Item,
    Member,
    Name,
    Object,
    Other,
    Result,
)
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INIT, INVOKE, Activation, Interpreter
from lambdalint.project.likeness import is_event
from lambdalint.project.model import Handler, Project
from lambdalint.project.things import ClassThing, External, FunctionThing, alternatives
from lambdalint.source import Span
from lambdalint.values import Context, Event

MAX_DEPTH = 12
_NO_DECORATORS = frozenset(("staticmethod", "property"))


# --- names ------------------------------------------------------------------------------------------------------------


class Names(Struct, frozen=True):
    """The names that a module exports, each with its place and value. ``is_open``: there may be others."""

    places: dict[str, tuple[Span, Expression | None]]
    is_open: bool = False


_OPEN = Names({}, True)


def exported_names(module: ModuleIndex, run: Interpreter | None = None, depth: int = 0) -> Names:
    """What a module exports. Without ``run``, what it takes from other modules is not looked for."""
    exports = module.facts.exports
    if depth > MAX_DEPTH or module.facts.problem is not None:
        return _OPEN
    places: dict[str, tuple[Span, Expression | None]] = {}
    is_open = _hands_on_exports(module)
    for export in exports:
        if export.name == "*":
            found = _names_of_module(_target(module, export.module, run), run, depth) if export.module else _OPEN
        elif export.name == "":
            found = _names_in(module, export.value, run, depth)
        else:
            places[export.name] = (module.at(export.span), export.value)
            continue
        for name, place in found.places.items():
            if name != "default" or export.name == "":
                places.setdefault(name, place)
        is_open = is_open or found.is_open
    return Names(places, is_open)


def _names_of_module(target: ModuleIndex | None, run: Interpreter | None, depth: int) -> Names:
    return exported_names(target, run, depth + 1) if target is not None else _OPEN


def _names_in(module: ModuleIndex, value: Expression | None, run: Interpreter | None, depth: int) -> Names:
    """The names that a value has when it is all that a module exports."""
    if depth > MAX_DEPTH:
        return _OPEN
    if isinstance(value, Const) or (isinstance(value, Closure) and _is_function(module, value)):
        return Names({})
    if isinstance(value, Object):
        alias = alias_of(module, value)
        if alias is None:
            return _names_in_object(module, value, run, depth)
        return _names_in_variable(module, alias, run, depth)
    if isinstance(value, Name):
        return _names_in_variable(module, value, run, depth)
    if isinstance(value, Result):
        required = _required(module, module.facts.calls[value.call])
        return _names_of_module(_target(module, required, run), run, depth) if required else _OPEN
    return _OPEN


def _names_in_object(module: ModuleIndex, value: Object, run: Interpreter | None, depth: int) -> Names:
    places: dict[str, tuple[Span, Expression | None]] = {}
    is_open = False
    for field in value.fields:
        if field.key is None:
            found = _names_in(module, field.value, run, depth + 1)
            places.update(found.places)
            is_open = is_open or found.is_open
        elif isinstance(field.key, Const):
            places[str(field.key.value)] = (module.at(field.key.span), field.value)
        else:
            is_open = True
    return Names(places, is_open)


def _names_in_variable(module: ModuleIndex, value: Name, run: Interpreter | None, depth: int) -> Names:
    bindings = module.bindings.get((MODULE, value.id), [])
    if len(bindings) != 1 or (MODULE, value.id) in module.imports:
        return _OPEN
    given = bindings[0].value
    whole = _names_in_object if isinstance(given, Object) else _names_in
    found = whole(module, given, run, depth + 1)  # type: ignore[arg-type]
    places = dict(found.places)
    is_open = found.is_open
    for binding in module.facts.bindings:
        if isinstance(binding.base, Name) and binding.base.id == value.id:
            if binding.name:
                places[binding.name] = (module.at(binding.span), binding.value)
            elif not isinstance(binding.key, Const):
                is_open = True
    passed = (change.kind not in ("item",) for change in module.changes.get((MODULE, value.id), []))
    return Names(places, is_open or any(passed))


def alias_of(module: ModuleIndex, value: Object) -> Name | None:
    """The variable that an object is given to as well: ``const api = module.exports = {}``."""
    for binding in module.facts.bindings:
        if binding.owner == MODULE and binding.value == value:
            return Name(binding.name, binding.span)
    return None


def _is_function(module: ModuleIndex, value: Closure) -> bool:
    return module.definition(value.definition).kind != "class"


def _target(module: ModuleIndex, specifier: str, run: Interpreter | None) -> ModuleIndex | None:
    if not specifier or run is None:
        return None
    path = run.codebase.resolve_javascript(module, specifier, run.roots)
    return run.codebase.get(path) if path is not None else None


def _required(module: ModuleIndex, call: Call) -> str:
    """The specifier of a call of ``require`` or ``import``; nothing for others."""
    first = call.positional(0)
    if isinstance(call.callee, Name) and call.callee.id in ("require", "import") and isinstance(first, Const):
        return str(first.value)
    return ""


def _hands_on_exports(module: ModuleIndex) -> bool:
    """Whether a module gives its exports away as a whole, so that names may be put into them elsewhere.

    ``this`` at module level is the same object. Code that is made at run time may do anything.
    """
    facts = module.facts
    values: list[tuple[Expression, int]] = []
    for call in facts.calls:
        if isinstance(call.callee, Name) and call.callee.id in ("eval", "Function"):
            return True
        values.extend((argument.value, call.function) for argument in call.arguments)
    for binding in facts.bindings:
        if binding.base is not None and _is_exports(binding.base, binding.function):
            return True
        values.append((binding.value, binding.function))
    values.extend((item.value, item.function) for item in facts.returns if item.value is not None)
    return any(_is_exports(part, function) for value, function in values for part in _wholes(value))


def _wholes(value: Expression) -> Iterator[Expression]:
    """An expression and those within it that are handed on as they are."""
    yield value
    if isinstance(value, Object):
        for field in value.fields:
            yield from _wholes(field.value)
    elif isinstance(value, Choice):
        for option in value.options:
            yield from _wholes(option)
    elif isinstance(value, Other):
        for part in value.parts[-1:] if value.kind == "and" else value.parts:
            yield from _wholes(part)


def _is_exports(value: Expression, function: int) -> bool:
    if isinstance(value, Member):
        return value.name == "exports" and isinstance(value.base, Name) and value.base.id == "module"
    if not isinstance(value, Name):
        return False
    return value.id in ("exports", "module") or (value.id == "this" and function == MODULE)


def may_export(module: ModuleIndex, symbol: str, run: Interpreter) -> bool:
    """Whether a module exports a name, or may do so in a way that can't be followed."""
    names = exported_names(module, run)
    return names.is_open or symbol.partition(".")[0] in names.places


# --- handlers ---------------------------------------------------------------------------------------------------------


def node_handler(
    project: Project, module: ModuleIndex, symbol: str, roots: tuple[str, ...], run: Interpreter
) -> Handler | None:
    """The handler that a module exports under a name; None if it certainly exports nothing callable there.

    Lambda calls what a wrapper gives. Where the project itself has the wrapper, that is followed, and the handler's own
    code is the function within; of other wrappers only the function within can be followed.
    """
    plain = plain_function(module, symbol)
    if plain is not None:
        target = FunctionThing(module, plain, None)
        return Handler(project, module, plain, symbol, roots, target, _is_decorated(target), (target,))
    at = module.at(module.definition(MODULE).span)
    first, *further = symbol.split(".")
    thing = run.module_attribute(module, first, at)
    for name in further:
        thing = run.attribute(thing, name, at)
    named = alternatives(thing)
    inner = inner_function(run, module, symbol)
    for option in named:
        if isinstance(option, FunctionThing):
            wraps = inner is not None and inner.is_wrapped and _hands_event_to(run, option, inner.function)
            function = inner.function if inner is not None and wraps else option
            wrapped = _is_decorated(function) or not _is_same(function, option)
            handler = Handler(project, function.module, function.index, symbol, roots, _kept(option), wrapped, named)
            handler.streams = inner is not None and inner.streams
            return handler
        if isinstance(option, ClassThing):
            return Handler(project, option.module, option.index, symbol, roots, None, False, named)
    if inner is not None:
        target = _kept(inner.function)
        wrapped = inner.is_wrapped or _is_decorated(target)
        handler = Handler(project, target.module, target.index, symbol, roots, target, wrapped, named)
        handler.streams = inner.streams
        return handler
    if not may_export(module, symbol, run):
        return None
    return Handler(project, module, MODULE, symbol, roots, None, wrapped=True)


def plain_function(module: ModuleIndex, symbol: str) -> int | None:
    """The function that a module exports under a name, where nothing has to be followed to tell it."""
    exports = [item for item in module.facts.exports if item.name in (symbol, "", "*")]
    if len(exports) != 1 or exports[0].name == "*":
        return None
    value = exports[0].value
    if exports[0].name == "":
        if not isinstance(value, Object):
            return None
        keys = [field for field in value.fields if not isinstance(field.key, Const) or field.key.value == symbol]
        value = keys[0].value if len(keys) == 1 and keys[0].key is not None else None
    if isinstance(value, Name):
        bindings = module.bindings.get((MODULE, value.id), [])
        is_one = len(bindings) == 1 and (MODULE, value.id) not in module.imports
        value = bindings[0].value if is_one else None
    return value.definition if isinstance(value, Closure) and _is_function(module, value) else None


def _hands_event_to(run: Interpreter, wrapper: FunctionThing, inner: FunctionThing) -> bool:
    """Whether a function that is called with an event hands it on to another; an event's name is enough."""
    if inner.definition.parameters and is_event(inner.definition.parameters[0]):
        return True
    activation = run.enter(wrapper, [Event(), Context()], {}, None, INVOKE)
    for index in wrapper.module.calls.get(wrapper.index, []):
        call = wrapper.module.facts.calls[index]
        first = run.argument(call, activation, 0)
        if isinstance(first, Event) and not first.path:
            for thing in alternatives(run.evaluate(call.callee, activation)):
                if isinstance(thing, FunctionThing) and _is_same(thing, inner):
                    return True
    return False


def _is_same(one: FunctionThing, other: FunctionThing) -> bool:
    return one.module is other.module and one.index == other.index


def _is_decorated(function: FunctionThing) -> bool:
    return any(getattr(item, "id", "") not in _NO_DECORATORS for item in function.definition.decorators)


def _kept(function: FunctionThing) -> FunctionThing:
    """A function to start from in a run of its own: what is at module level is found anew there."""
    if function.scope is None or function.scope.index != MODULE:
        return function
    found = copy.copy(function)
    found.scope = None
    return found


class Inner(Struct, frozen=True):
    """A handler's own function, whether anything wraps it, and whether it is called with a stream in second place."""

    function: FunctionThing
    is_wrapped: bool = False
    streams: bool = False


def inner_function(run: Interpreter, module: ModuleIndex, symbol: str) -> Inner | None:
    """The function of the handler that a module exports, within what wraps it; None where it can't be told."""
    first, *further = symbol.split(".")
    found = _exported_value(run, module, first, 0)
    for name in further:
        found = _field(run, found[1].module, found[0], name, 0) if found is not None else None
    return _unwrapped(run, found[0], found[1], 0) if found is not None else None


def _exported_value(
    run: Interpreter, module: ModuleIndex, symbol: str, depth: int
) -> tuple[Expression, Activation] | None:
    """The expression that a module exports under a name, through modules that hand it on."""
    if depth > MAX_DEPTH:
        return None
    for export in reversed(module.facts.exports):
        if export.name == symbol:
            if export.module:
                target = _target(module, export.module, run)
                known = target is not None and export.symbol
                return _exported_value(run, target, export.symbol, depth + 1) if known and target is not None else None
            return (export.value, run.start(module)) if export.value is not None else None
    for export in module.facts.exports:
        found = None
        if export.name == "" and export.value is not None:
            found = _field(run, module, export.value, symbol, depth + 1)
        elif export.name == "*" and export.module:
            found = _of_target(run, module, export, symbol, depth)
        if found is not None:
            return found
    return None


def _of_target(
    run: Interpreter, module: ModuleIndex, export: Export, symbol: str, depth: int
) -> tuple[Expression, Activation] | None:
    target = _target(module, export.module, run)
    return _exported_value(run, target, symbol, depth + 1) if target is not None else None


def _field(
    run: Interpreter, module: ModuleIndex, value: Expression, name: str, depth: int
) -> tuple[Expression, Activation] | None:
    """The expression that an object at module level has under a name."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Object):
        for field in reversed(value.fields):
            if field.key is None:
                found = _field(run, module, field.value, name, depth + 1)
                if found is not None:
                    return found
            elif isinstance(field.key, Const) and str(field.key.value) == name:
                return field.value, run.start(module)
        alias = alias_of(module, value)
        if alias is None:
            return None
        value = alias
    if isinstance(value, Name):
        for binding in reversed(module.members.get(name, [])):
            if isinstance(binding.base, Name) and binding.base.id == value.id and binding.function == MODULE:
                return binding.value, run.start(module)
        bindings = module.bindings.get((MODULE, value.id), [])
        if not bindings:
            return _imported_value(run, module, value.id, name, depth + 1)
        return _field(run, module, bindings[-1].value, name, depth + 1)
    if isinstance(value, Result):
        target = _target(module, _required(module, module.facts.calls[value.call]), run)
        return _exported_value(run, target, name, depth + 1) if target is not None else None
    return None


def _unwrapped(run: Interpreter, value: Expression, activation: Activation, depth: int) -> Inner | None:
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Closure):
        return _function(run, value, activation)
    if isinstance(value, Name):
        return _unwrapped_variable(run, value, activation, depth)
    if isinstance(value, Member):
        found = _field(run, activation.module, value.base, value.name, depth) if activation.index == MODULE else None
        if found is None and isinstance(value.base, Name):
            found = _imported_value(run, activation.module, value.base.id, value.name, depth)
        return _unwrapped(run, *found, depth + 1) if found is not None else _function(run, value, activation)
    if isinstance(value, Choice):
        options = (_unwrapped(run, option, activation, depth + 1) for option in value.options)
        return next((option for option in options if option is not None), None)
    if isinstance(value, Item):
        return _function(run, value, activation)
    return _unwrapped_call(run, value, activation, depth) if isinstance(value, Result) else None


def _unwrapped_variable(run: Interpreter, value: Name, activation: Activation, depth: int) -> Inner | None:
    module = activation.module
    imported = _imported_value(run, module, value.id, "", depth)
    if imported is not None:
        return _unwrapped(run, *imported, depth + 1)
    bindings = module.bindings.get((module.owner(value.id, activation.index), value.id), [])
    at = (value.span.line, value.span.column)
    before = [item for item in bindings if (item.span.end_line, item.span.end_column) <= at]
    last = (before or bindings)[-1] if bindings else None
    if last is not None and last.base is None and not isinstance(last.value, (Closure, Name)):
        return _unwrapped(run, last.value, activation, depth + 1)
    if last is not None and isinstance(last.value, Name) and last.value.id != value.id:
        return _unwrapped(run, last.value, activation, depth + 1)
    if last is not None and isinstance(last.value, Closure) and last.function in (MODULE, activation.index):
        return _function(run, last.value, run.start(module) if last.function == MODULE else activation)
    return _function(run, value, activation)


def _imported_value(
    run: Interpreter, module: ModuleIndex, name: str, symbol: str, depth: int
) -> tuple[Expression, Activation] | None:
    """What an import at module level brings under a name, or a name within it."""
    imported = module.imports.get((MODULE, name))
    target = _target(module, imported.module, run) if imported is not None else None
    if imported is None or target is None or (imported.symbol and symbol):
        return None
    return _exported_value(run, target, imported.symbol or symbol, depth + 1)


def _unwrapped_call(run: Interpreter, value: Result, activation: Activation, depth: int) -> Inner | None:
    call = activation.module.facts.calls[value.call]
    callees = alternatives(run.evaluate(call.callee, activation))
    paths = [thing.path for thing in callees if isinstance(thing, External)]
    name = call.callee.name if isinstance(call.callee, Member) else ""
    if any(path in NODE_SERVERS or path.startswith(NODE_SERVERS_START) for path in paths):
        return None
    if name in ("bind", "call", "apply"):
        return _function(run, value, activation)
    if name in NODE_CHAINED:
        return _unwrapped(run, call.callee.base, activation, depth + 1) if isinstance(call.callee, Member) else None
    streams = any(path in STREAMING for path in paths)
    for argument in call.arguments:
        found = None if argument.spread else _unwrapped(run, argument.value, activation, depth + 1)
        if found is not None:
            return Inner(found.function, True, found.streams or streams)
    if isinstance(call.callee, Result):
        return _unwrapped(run, call.callee, activation, depth + 1)
    return None


NODE_SERVERS_START = tuple(f"{path}." for path in sorted(NODE_SERVERS))


def _function(run: Interpreter, value: Expression, activation: Activation) -> Inner | None:
    for thing in alternatives(run.evaluate(value, activation)):
        if isinstance(thing, FunctionThing):
            function = _innermost(run, thing)
            return Inner(function) if _may_be_handler(function) else None
    return None


def _may_be_handler(function: FunctionThing) -> bool:
    """Whether a function may take an event: what serves requests or handles errors is told by its parameters."""
    names = [parameter.name.lower() for parameter in function.definition.parameters]
    return len(names) <= 3 and not (names and names[0] in NODE_NO_HANDLERS)


def _innermost(run: Interpreter, function: FunctionThing) -> FunctionThing:
    """A function that gives the handler, as ``metrics => async event => …``, is seen through."""
    returns = function.module.returns.get(function.index, [])
    if len(returns) == 1 and isinstance(returns[0].value, Closure) and not function.definition.is_async:
        inner = function.module.definition(returns[0].value.definition)
        if inner.kind != "class":
            scope = function.scope or run.start(function.module)
            entered = run.enter(FunctionThing(function.module, function.index, scope), [], {}, None, INIT)
            return FunctionThing(function.module, returns[0].value.definition, entered)
    return function
