"""Which functions receive the event and the context when Lambda calls a handler: decorators seen through."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from lambdalint.aws.handler_decorators import LIBRARIES, MAY_AWAIT, METHODS, PASSES_ON
from lambdalint.code.facts import Call, Expression, Member, Name, Result
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INIT, Activation, Interpreter
from lambdalint.project.model import LANGUAGES, Handler
from lambdalint.project.things import ClassThing, External, FunctionThing, Instance, Thing, alternatives

ARGUMENTS = 2
"""How many arguments Lambda calls a handler with: the event and the context, by position."""


MAX_MODULES_ASKED = 40

_OF_PYTHON = frozenset(("staticmethod", "classmethod", "functools.wraps"))


class Receiver(Struct, frozen=True):
    """A function that certainly receives event and context. ``is_result``: what it gives is what Lambda gets."""

    function: FunctionThing
    is_result: bool


def receivers(handler: Handler) -> tuple[Receiver, ...]:
    """The functions that receive event and context, outermost first; none where a decorator can't be followed."""
    target = _only(handler.named)
    if isinstance(target, Instance):
        target = handler.target
    if not isinstance(target, FunctionThing) or target.is_partial:
        return ()
    if not target.definition.decorators:
        return (Receiver(target, True),)
    return tuple(_through_decorators(target, _interpreter(handler)))


def never_callable(handler: Handler) -> str:
    """Why a handler can't be called to any use although it is there: it is a class, or an instance; else nothing."""
    thing = _only(handler.named)
    kind = thing.kind if isinstance(thing, Instance) else thing
    if not isinstance(kind, ClassThing):
        return ""
    run = _interpreter(handler)
    wanted = "__call__" if isinstance(thing, Instance) else "__new__"
    lineage = list(run.lineage(kind))
    if run.has_foreign_base(kind) or any(item.definition.decorators for item in lineage):
        return ""
    if any(wanted in item.definition.locals or item.module.child(item.index, wanted) is not None for item in lineage):
        return ""
    return "instance" if isinstance(thing, Instance) else "class"


def arguments_fault(function: FunctionThing) -> str:
    """Why a function can't be called with event and context, as what it takes; nothing if it can."""
    bound = (1 if function.receiver is not None else 0) + len(function.arguments)
    positional = [parameter for parameter in function.definition.parameters if parameter.kind == "positional"][bound:]
    required = [parameter for parameter in positional if parameter.default is None]
    named = [
        parameter
        for parameter in function.definition.parameters
        if parameter.kind == "keyword" and parameter.default is None
    ]
    has_rest = any(parameter.kind == "rest" for parameter in function.definition.parameters)
    if len(required) > ARGUMENTS:
        return f"needs {len(required)} arguments"
    if len(positional) < ARGUMENTS and not has_rest:
        return "takes no arguments" if not positional else "takes only one argument"
    if named:
        return f"needs the keyword argument `{named[0].name}`"
    return ""


def _only(things: tuple[Thing, ...]) -> Thing | None:
    return things[0] if len(things) == 1 else None


def _interpreter(handler: Handler) -> Interpreter:
    return Interpreter(
        handler.project.codebase, handler.roots, LANGUAGES[handler.language], handler.project.linker.placeholder, True
    )


def _through_decorators(target: FunctionThing, run: Interpreter) -> list[Receiver]:
    scope = target.scope or run.start(target.module)
    found: list[Receiver] = []
    is_result = True
    for decorator in target.definition.decorators:
        name = _passes_on(decorator, scope, run)
        if name:
            is_result = is_result and name not in MAY_AWAIT
            continue
        wrapper = _wrapper(decorator, target, scope, run)
        if wrapper is None:
            return found
        if wrapper.index == target.index and wrapper.module is target.module:
            continue
        found.append(Receiver(wrapper, is_result))
        if not _hands_on(wrapper):
            return found
        is_result = False
    found.append(Receiver(target, is_result))
    return found


def _passes_on(decorator: Expression, scope: Activation, run: Interpreter) -> str:
    """The name of a decorator that is known to call what it decorates with event and context; else nothing."""
    things = alternatives(run.evaluate(decorator, scope))
    thing = things[0] if len(things) == 1 else None
    if isinstance(thing, External):
        path = thing.path.removesuffix("()")
        name = path.rpartition(".")[2]
        known = name in METHODS or (name in PASSES_ON and path.startswith(LIBRARIES))
        return name if known or path in _OF_PYTHON else ""
    name = _written_name(decorator, scope.module)
    return name if name in METHODS else ""


def _written_name(expression: Expression, module: ModuleIndex) -> str:
    if isinstance(expression, Result):
        expression = module.facts.calls[expression.call].callee
    return expression.name if isinstance(expression, Member) else ""


def _wrapper(decorator: Expression, target: FunctionThing, scope: Activation, run: Interpreter) -> FunctionThing | None:
    """The function that a decorator of the project puts in a handler's place."""
    things = alternatives(run.evaluate(decorator, scope))
    maker = things[0] if len(things) == 1 else None
    if not isinstance(maker, FunctionThing) or maker.definition.decorators or maker.is_partial:
        return None
    made = alternatives(run.returned(run.enter(maker, [target], {}, None, INIT)))
    wrapper = made[0] if len(made) == 1 else None
    if not isinstance(wrapper, FunctionThing) or wrapper.is_partial:
        return None
    if wrapper.index == target.index and wrapper.module is target.module:
        return wrapper
    for other in wrapper.definition.decorators:
        if not _is_wraps(other, wrapper.module):
            return None
    return wrapper


def _is_wraps(decorator: Expression, module: ModuleIndex) -> bool:
    if not isinstance(decorator, Result):
        return False
    callee = module.facts.calls[decorator.call].callee
    return (callee.name if isinstance(callee, Member) else getattr(callee, "id", "")) == "wraps"


def _hands_on(wrapper: FunctionThing) -> bool:
    """Whether a wrapper calls what it wraps with just the two arguments that it received itself."""
    module = wrapper.module
    outer = module.definition(wrapper.definition.parent)
    if outer.kind != "function" or not outer.parameters:
        return False
    wrapped = outer.parameters[0].name
    calls = [
        call
        for call in module.facts.calls
        if call.function == wrapper.index and isinstance(call.callee, Name) and call.callee.id == wrapped
    ]
    return bool(calls) and all(_takes_both(call, wrapper) for call in calls)


def _takes_both(call: Call, wrapper: FunctionThing) -> bool:
    spreads = {argument.value.id for argument in call.arguments if argument.spread and isinstance(argument.value, Name)}
    if spreads:
        parameters = wrapper.definition.parameters
        rest = {parameter.name for parameter in parameters if parameter.kind == "rest"}
        rests = rest | {parameter.name for parameter in parameters if parameter.kind == "keyword-rest"}
        named = [parameter for parameter in parameters if parameter.kind == "positional"]
        plain = [argument for argument in call.arguments if not argument.spread]
        same = len(plain) == len(named) and not any(argument.name for argument in plain)
        return rest <= spreads <= rests and same and (bool(rest) or len(named) == ARGUMENTS)
    return len(call.arguments) == ARGUMENTS and not any(item.name or item.spread for item in call.arguments)


def is_used_by_code(handler: Handler) -> bool:
    """Whether its module or one beside it calls a handler, hands it on or imports it, so that it may be none at all."""
    module, name = handler.module, handler.definition.name
    for call in module.facts.calls:
        used = [call.callee, *(argument.value for argument in call.arguments)]
        if any(isinstance(item, Name) and item.id == name for item in used) and not module.is_script(call):
            return True
    for binding in module.facts.bindings:
        if isinstance(binding.value, Name) and binding.value.id == name:
            return True
    stem = posixpath.basename(module.path).partition(".")[0]
    codebase = handler.project.codebase
    for path in codebase.beside(module.path)[:MAX_MODULES_ASKED]:
        other = codebase.get(path)
        for imported in other.facts.imports if other is not None and other is not module else ():
            if imported.symbol == name and imported.module.rpartition(".")[2] == stem:
                return True
            if not imported.symbol and imported.module == stem:
                return True
    return False
