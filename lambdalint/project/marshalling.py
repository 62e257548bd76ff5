"""What a handler gives back that its runtime can't write as JSON.

A value counts only where it is certain on the way to a ``return``: written there, or kept in a variable that nothing
else is assigned to, through maps, lists and functions of the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from lambdalint.aws import marshalling, snapshots
from lambdalint.aws.marshalling import Unwritable
from lambdalint.aws.promises import canonical
from lambdalint.code.facts import (
    MODULE,
    Array,
    Binding,
    Call,
    Choice,
    Closure,
    Const,
    Expression,
    Member,
    Name,
    Object,
    Other,
    Result,
    dotted,
)
from lambdalint.project.answers import given_back
from lambdalint.project.codebase import Change, ModuleIndex
from lambdalint.project.evaluate import Activation, Interpreter, reaching
from lambdalint.project.model import Handler
from lambdalint.project.promises import sdk_version
from lambdalint.project.receivers import is_used_by_code
from lambdalint.project.things import (
    ClassThing,
    Client,
    External,
    FunctionThing,
    Held,
    Native,
    Operation,
    SdkObject,
    Session,
    Thing,
    alternatives,
)
from lambdalint.source import Span
from lambdalint.values import MapOf

MAX_DEPTH = 16


class Unwritten(Struct, frozen=True):
    """Something that can't be written. ``path`` are the keys that lead to it, ``given`` is the way out that it
    takes.
    """

    what: Unwritable
    path: tuple[str, ...]
    span: Span
    given: Span


def unwritten(handler: Handler) -> tuple[Unwritten, ...]:
    """What a handler certainly gives back and can't be written, each place once."""
    if any(function.has_wrapper for function in handler.functions):
        return ()
    if not handler.functions and (not handler.is_for_lambda or is_used_by_code(handler)):
        return ()
    if handler.language == "javascript" and handler.is_wrapped:
        return ()
    reader: _Reader = _Python(handler) if handler.language == "python" else _JavaScript(handler)
    found: dict[Span, Unwritten] = {}
    for given in given_back(handler):
        reader.is_handed = given.is_handed
        for what, path, span in reader.read(given.expression, given.activation, (), 0):
            found.setdefault(span, Unwritten(what, path, span, given.span))
    return tuple(found.values())


_Found = tuple[Unwritable, tuple[str, ...], Span]


class _Reader:
    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.run: Interpreter = handler.run
        self.is_handed = False

    def read(self, expression: Expression, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        """What an expression holds that can't be written."""
        if depth > MAX_DEPTH:
            return
        if isinstance(expression, Object):
            yield from self._object(expression, at, path, depth)
        elif isinstance(expression, Array):
            for item in expression.items:
                yield from self.read(item, at, (*path, "[]"), depth + 1)
        elif isinstance(expression, Choice):
            for option in expression.options:
                yield from self.read(option, at, path, depth + 1)
        elif isinstance(expression, Name):
            yield from self._name(expression, at, path, depth)
        elif isinstance(expression, Result):
            yield from self._result(expression, at, path, depth)
        else:
            yield from self._other(expression, at, path, depth)

    def _object(self, expression: Object, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        values: dict[str, Expression] = {}
        for number, field in enumerate(expression.fields):
            if field.key is None:
                values.clear()  # what is spread into it may come in the place of what was there
                continue
            shown = str(field.key.value) if isinstance(field.key, Const) else f"\0{number}"
            values[shown] = field.value
            yield from self._key(field.key, at, path)
        for key, value in values.items():
            yield from self.read(value, at, (*path, "" if key.startswith("\0") else key), depth + 1)

    def _key(self, key: Expression, at: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        return iter(())

    def _other(self, expression: Expression, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        return iter(())

    def _call(self, callee: Thing, call: Call, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        return iter(())

    # --- variables ----------------------------------------------------------------------------------------------

    def _name(self, name: Name, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        scope = _scope(name.id, at)
        if scope is None:
            return
        module = scope.module
        bindings = module.bindings.get((scope.index, name.id), [])
        if not bindings:
            yield from self._parameter(name, scope, path, depth)
            return
        caught = [item for item in bindings if scope is at and _is_caught(item, name)]
        if caught:
            yield from self._exception(caught[-1], name, scope, path)
            return
        if scope is at:
            found, is_certain = reaching(module, bindings, scope.index, name.span)
            if not is_certain and name.id in scope.arguments:
                return
        else:
            found = bindings
        if len(found) != 1 or found[0].augmented or any(item.function != scope.index for item in bindings):
            return
        if found[0].key is not None or found[0].base is not None:
            return
        changes = module.changes.get((scope.index, name.id), [])
        for what, inner, span in self.read(found[0].value, scope, path, depth + 1):
            if not any(self._may_mend(change, inner[len(path) :], scope) for change in changes):
                yield what, inner, span
        if scope is at:
            yield from self._put_in(name, found[0], changes, scope, path, depth)

    def _exception(self, binding: Binding, name: Name, scope: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        """What a variable is that an ``except`` binds."""
        return iter(())

    def _parameter(self, name: Name, scope: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        caller, module = scope.caller, scope.module
        names = [item.name for item in module.definition(scope.index).parameters]
        if caller is None or name.id not in names or module.changes.get((scope.index, name.id)):
            return
        skipped = 1 if scope.receiver is not None and self.run.language.has_receiver_parameter else 0
        position = names.index(name.id) - skipped
        given = caller.call.keyword(name.id) or (caller.call.positional(position) if position >= 0 else None)
        if given is not None:
            yield from self.read(given, caller.activation, path, depth + 1)

    def _may_mend(self, change: Change, path: tuple[str, ...], scope: Activation) -> bool:
        """Whether a change of a variable may take away what stands at a path of it."""
        if change.passed is not None:
            return not self._leaves_alone(change.passed, scope)
        if not path:
            return change.kind not in ("append", "extend") and not self._is_of_set(change)
        if change.kind in ("append", "extend"):
            return False
        key = change.path[0] if change.path else change.key
        return not isinstance(key, Const) or str(key.value) == path[0]

    @staticmethod
    def _is_of_set(change: Change) -> bool:
        return change.kind in ("update", "other", "keyword")

    def _leaves_alone(self, call: Call, scope: Activation) -> bool:
        """Whether something that a variable is handed to can't change what it holds."""
        things = alternatives(self.run.evaluate(call.callee, scope))
        return all(isinstance(thing, (Native, Operation)) or _only_reads(thing) for thing in things)

    def _put_in(
        self, name: Name, binding: Binding, changes: list[Change], scope: Activation, path: tuple[str, ...], depth: int
    ) -> Iterator[_Found]:
        """What is put under a key of a map before it is given back, whatever the way."""
        module = scope.module
        if not self._is_map(binding.value):
            return
        for change in changes:
            if change.kind != "item" or change.path or change.function != scope.index:
                continue
            block = module.facts.blocks[change.block]
            key = change.key.value if isinstance(change.key, Const) else None
            if (
                not isinstance(key, str)
                or block.kind not in ("body", "try", "with")
                or not change.span.before(name.span)
            ):
                continue
            if change.span.before(binding.span):
                continue
            later = [item for item in changes if item is not change]
            for what, inner, span in self.read(change.value, scope, (*path, key), depth + 1):
                if not any(self._may_mend(item, inner[len(path) :], scope) for item in later):
                    yield what, inner, span

    @staticmethod
    def _is_map(expression: Expression) -> bool:
        return isinstance(expression, Object)

    # --- calls --------------------------------------------------------------------------------------------------

    def _result(self, expression: Result, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        call = at.module.facts.calls[expression.call]
        callees = self.run.callees(call, at)
        if len(callees) != 1:
            return
        callee = callees[0]
        if isinstance(callee, FunctionThing):
            yield from self._function(callee, call, at, path, depth)
        else:
            yield from self._call(callee, call, at, path, depth)

    def _function(
        self, function: FunctionThing, call: Call, at: Activation, path: tuple[str, ...], depth: int
    ) -> Iterator[_Found]:
        definition = function.definition
        if definition.decorators or call.new or (definition.is_async and not self._is_settled(call, path)):
            return
        if definition.is_generator:
            yield from self._generator(call, at, path)
            return
        entered = self.run.call_function(function, call, at)
        if entered is None:
            return
        for item in entered.module.returns.get(entered.index, []):
            if item.value is not None:
                yield from self.read(item.value, entered, path, depth + 1)

    def _generator(self, call: Call, at: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        return iter(())

    def _is_settled(self, call: Call, path: tuple[str, ...]) -> bool:
        return call.awaited


def _scope(name: str, at: Activation) -> Activation | None:
    """The activation whose variable a name is, of the function that uses it or of its module."""
    definition = at.module.definition(at.index)
    if name in definition.locals or (at.index, name) in at.module.bindings:
        return at
    scope = at.parent
    while scope is not None and scope.index != MODULE:
        if name in scope.module.definition(scope.index).locals:
            return None
        scope = scope.parent
    return scope if scope is not None and (MODULE, name) in scope.module.bindings else None


_READS = frozenset(("JSON.stringify", "console.table", "copy.deepcopy", "json.dumps", "pprint.pprint", "repr", "str"))


def _is_caught(binding: Binding, name: Name) -> bool:
    """Whether an assignment is that of an ``except`` in which a variable is used."""
    is_exception = isinstance(binding.value, Other) and binding.value.kind == "exception"
    return is_exception and binding.span.contains(name.span)


def _only_reads(thing: Thing) -> bool:
    path = thing.path if isinstance(thing, External) else ""
    return path in _READS or path in snapshots.FORGETS or path.rpartition(".")[2] in snapshots.LOGS


# --- Python -----------------------------------------------------------------------------------------------------------


class _Python(_Reader):
    def _key(self, key: Expression, at: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        if isinstance(key, Array):
            yield marshalling.TUPLE_KEY, path, at.module.at(key.span)

    def _other(self, expression: Expression, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        span = at.module.at(expression.span)
        if isinstance(expression, Closure):
            definition = at.module.definition(expression.definition)
            if not definition.decorators:
                yield marshalling.CLASS if definition.kind == "class" else marshalling.FUNCTION, path, span
        if not isinstance(expression, Other):
            return
        if expression.kind in ("set", "set-comprehension"):
            yield marshalling.SET, path, span
        elif expression.kind == "generator":
            yield marshalling.GENERATOR, path, span
        elif expression.kind == "comprehension":
            yield from self.read(expression.parts[0], at, (*path, "[]"), depth + 1)
        elif expression.kind == "map-comprehension":
            if isinstance(expression.parts[0], Array):
                yield marshalling.TUPLE_KEY, path, at.module.at(expression.parts[0].span)
            yield from self.read(expression.parts[1], at, (*path, ""), depth + 1)

    def _exception(self, binding: Binding, name: Name, scope: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        parts = binding.value.parts if isinstance(binding.value, Other) else ()
        caught = [item for part in parts for item in (part.items if isinstance(part, Array) else (part,))]
        things = [thing for part in caught for thing in alternatives(self.run.evaluate(part, scope))]
        if all(_is_plain_exception(thing, self.run) for thing in things):
            yield marshalling.EXCEPTION, path, scope.module.at(name.span)

    def _generator(self, call: Call, at: Activation, path: tuple[str, ...]) -> Iterator[_Found]:
        yield marshalling.GENERATOR, path, at.module.at(call.span)

    def _call(self, callee: Thing, call: Call, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        span = at.module.at(call.span)
        if isinstance(callee, External):
            if callee.path == "dict" and not any(item.spread for item in call.arguments):
                for argument in call.arguments:
                    if argument.name:
                        yield from self.read(argument.value, at, (*path, argument.name), depth + 1)
                return
            what = marshalling.PYTHON.get(callee.path) or self._of_method(call, at)
            if what is None and callee.path in marshalling.RESPONSES:
                what = marshalling.OTHER
        elif isinstance(callee, Operation):
            what = self._answer(callee, call)
        elif isinstance(callee, ClassThing):
            what = marshalling.OTHER if _is_unknown_to_json(callee, self.run) else None
        else:
            what = self._of_method(call, at)
        if what is None:
            made = alternatives(self.run.evaluate(Result(at.module.facts.calls.index(call), call.span), at))
            if made and all(isinstance(thing, (Client, Session, SdkObject)) for thing in made):
                what = marshalling.SDK_OBJECT
        if what is not None:
            yield what, path, span

    def _of_method(self, call: Call, at: Activation) -> Unwritable | None:
        """What a method gives of something that itself can't be written, or of a dict."""
        callee = call.callee
        if not isinstance(callee, Member):
            return None
        if callee.name in marshalling.VIEWS and not call.arguments and self._is_dict(callee.base, at):
            return marshalling.VIEW
        base = next((what for what, path, _ in self.read(callee.base, at, (), MAX_DEPTH // 2) if not path), None)
        if base is None:
            return None
        if callee.name in marshalling.SAME_AGAIN.get(base.kind, ()):
            return base
        return marshalling.OF_DATETIME.get(callee.name) if base is marshalling.DATETIME else None

    def _is_dict(self, expression: Expression, at: Activation) -> bool:
        things = alternatives(self.run.evaluate(expression, at))
        return all(isinstance(item.value if isinstance(item, Held) else item, MapOf) for item in things)

    def _answer(self, operation: Operation, call: Call) -> Unwritable | None:
        client = operation.client
        if operation.gives is not None or client.is_resource or (client.is_async and not call.awaited):
            return None
        name = call.callee.name if isinstance(call.callee, Member) else ""
        if name.replace("_", "").lower() != operation.name.lower():
            return None
        return marshalling.output(operation.service, operation.name)


def _is_unknown_to_json(kind: ClassThing, run: Interpreter) -> bool:
    """Whether the runtime knows no way to write instances of a class."""
    for item in run.lineage(kind):
        definition = item.definition
        scope = item.scope or run.start(item.module)
        if definition.metaclass is not None or _has_way_out(item.module, item.index):
            return False
        for base in definition.bases:
            for thing in alternatives(run.evaluate(base, scope)):
                if not isinstance(thing, ClassThing) and not _is_path(thing, marshalling.PLAIN_BASES):
                    return False
        for decorator in definition.decorators:
            for thing in alternatives(run.evaluate(decorator, scope)):
                if not isinstance(thing, External):
                    return False
                if thing.path.removesuffix("()") not in marshalling.PLAIN_DECORATORS:
                    return False
    return True


def _has_way_out(module: ModuleIndex, index: int) -> bool:
    names = {module.definition(child).name for child in module.children.get(index, [])}
    names |= module.definition(index).locals
    return bool(names & {marshalling.AS_DICT, "__getattr__", "__getattribute__", "__new__"})


def _is_plain_exception(thing: Thing, run: Interpreter) -> bool:
    if isinstance(thing, ClassThing):
        return not any(_has_way_out(item.module, item.index) for item in run.lineage(thing))
    return not isinstance(thing, FunctionThing)


def _is_path(thing: Thing, paths: frozenset[str]) -> bool:
    return isinstance(thing, External) and thing.path in paths


# --- JavaScript -------------------------------------------------------------------------------------------------------


class _JavaScript(_Reader):
    @cached_property
    def writes_big_integers(self) -> bool:
        """Whether the code gives big integers a form of its own in JSON."""
        return any(marshalling.WRITING_BIG_INTEGERS in module.members for module in self.handler.modules)

    @cached_property
    def changes_axios(self) -> bool:
        """Whether the code may change what calls of axios give."""
        modules = self.handler.modules
        members = {name for module in modules for name in module.members}
        strings = {item.value for _, item in self.handler.strings}
        mentioned = strings | members | {_last(call.callee) for module in modules for call in module.facts.calls}
        inner = {
            call.callee.base.base.name
            for module in modules
            for call in module.facts.calls
            if isinstance(call.callee, Member)
            and isinstance(call.callee.base, Member)
            and isinstance(call.callee.base.base, Member)
        }
        return bool(marshalling.AXIOS_CHANGES & (mentioned | inner))

    def _call(self, callee: Thing, call: Call, at: Activation, path: tuple[str, ...], depth: int) -> Iterator[_Found]:
        span = at.module.at(call.span)
        if isinstance(callee, Operation):
            pair = (callee.service, callee.name)
            if pair in marshalling.NODE_STREAMS and sdk_version(callee.client, self.run) == VERSION_OF_STREAMS:
                if self._is_settled(call, path):
                    yield marshalling.NODE_STREAM, path, span
            return
        if not isinstance(callee, (External, Native)):
            return
        name = canonical(callee.path)
        if name == "BigInt" and not call.new and not self.writes_big_integers:
            yield marshalling.BIG_INTEGER, path, span
        elif name in marshalling.AXIOS and not self.changes_axios and self._is_settled(call, path):
            yield marshalling.RESPONSE, path, span

    def _is_settled(self, call: Call, path: tuple[str, ...]) -> bool:
        """Whether what a promise results in is given back: it is awaited, or the handler's own result."""
        return call.awaited or (not path and not self.is_handed)


VERSION_OF_STREAMS = "3"


def _last(expression: Expression) -> str:
    return dotted(expression).rpartition(".")[2]


__all__ = ["Unwritten", "unwritten"]
