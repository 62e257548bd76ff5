"""Work that a handler begins and never waits for: threads, tasks, promises.

Lambda freezes an execution environment when its handler has given an answer. What still runs then stops in the
middle; it goes on in a later invocation, or never. What is stored, handed on or given back may be waited for
elsewhere, so it counts as waited for; so does everything where the handler asks whether something is done.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.code.facts import Block, Call, Const, Expression, Member, Name, Result, Statement, walk
from lambdalint.project import promises
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, CallRecord
from lambdalint.project.model import Handler
from lambdalint.project.reuse import is_kept
from lambdalint.project.things import Client, External, FunctionThing, Thing, alternatives
from lambdalint.source import Span
from lambdalint.values import Env, Literal, Text

THREAD, PROCESS, EXECUTOR, TASK, COROUTINE = "thread", "process", "executor", "task", "coroutine"
PROMISE, ITERATION, IDLE_ITERATION = "promise", "iteration", "idle-iteration"
CALLBACK, UNSENT = "callback", "unsent"

_STARTS = {
    "threading.Thread().start": THREAD,
    "_thread.start_new_thread": THREAD,
    "multiprocessing.Process().start": PROCESS,
    "multiprocessing.context.Process().start": PROCESS,
}
_EXECUTORS = (
    "concurrent.futures.ThreadPoolExecutor()",
    "concurrent.futures.ProcessPoolExecutor()",
    "concurrent.futures.thread.ThreadPoolExecutor()",
    "concurrent.futures.process.ProcessPoolExecutor()",
)
_LOOPS = ("asyncio.get_event_loop()", "asyncio.get_running_loop()", "asyncio.new_event_loop()")
_TASKS = frozenset(
    (
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.gather",
        "asyncio.tasks.create_task",
        *(f"{loop}.{method}" for loop in _LOOPS for method in ("create_task", "run_in_executor")),
    )
)
_COROUTINES = frozenset(("asyncio.sleep", "asyncio.wait", "asyncio.wait_for", "asyncio.to_thread"))
_SIGNALS = ("threading.", "queue.", "multiprocessing.", "asyncio.")
_ASKS = frozenset(
    ("wait", "get", "set", "acquire", "recv", "poll", "is_alive", "task_done", "put", "notify", "release")
)
"""Methods of what threads and tasks share to tell each other that they are done."""

_WAITS = frozenset(
    (
        "threading.enumerate",
        "threading._shutdown",
        "multiprocessing.active_children",
        "multiprocessing.connection.wait",
        "concurrent.futures.wait",
        "concurrent.futures.as_completed",
    )
)
_WAITS_FOR_TASKS = frozenset(
    (
        "asyncio.all_tasks",
        "asyncio.Task.all_tasks",
        "asyncio.wait",
        "asyncio.as_completed",
        *(f"{loop}.{method}" for loop in _LOOPS for method in ("run_forever", "shutdown_default_executor")),
    )
)


class Unawaited(Struct, frozen=True):
    """Work that nothing waits for. ``kind`` says what it is, ``name`` what is called, ``record`` is where.

    ``iteration``: an async function that is called for each item; ``idle-iteration``: one that awaits nothing.
    ``callback``: a request of the SDK whose answer goes to one; ``unsent``: one that is only made, and never sent.
    """

    kind: str
    name: str
    record: CallRecord

    @property
    def span(self) -> Span:
        """The place of the call."""
        return self.record.span


def unawaited(handler: Handler) -> tuple[Unawaited, ...]:
    """The work that a handler begins and certainly does not wait for, each place once."""
    found: dict[Span, Unawaited] = {}
    if handler.language == "python":
        items = _of_python(handler)
    else:
        items = _of_javascript(handler)
    for item in items:
        found.setdefault(item.span, item)
    return tuple(found.values())


def _of_javascript(handler: Handler) -> Iterator[Unawaited]:
    if not promises.ends_with_promise(handler):
        return
    for record in handler.calls:
        if record.phase != INVOKE or not record.site.call.dropped or not promises.is_in_sight(record):
            continue
        function = promises.iterates_async(record)
        if function is not None:
            kind = ITERATION if promises.waits_within(function, record) else IDLE_ITERATION
            yield Unawaited(kind, record.callee.rpartition(".")[2], record)
        elif not record.site.call.awaited:
            call, activation, run = record.site.call, record.site.activation, record.interpreter
            if name := promises.promise(call, activation, run):
                yield Unawaited(PROMISE, name, record)
            elif name := promises.called_back(record):
                yield Unawaited(CALLBACK, name, record)
            elif name := promises.unsent_request(record):
                yield Unawaited(UNSENT, name, record)


def _of_python(handler: Handler) -> Iterator[Unawaited]:
    for record in handler.calls:
        call, name = record.site.call, record.callee
        if not (call.dropped or name in _STARTS) or call.awaited or record.phase != INVOKE:
            continue
        if name in _STARTS:
            if _is_lost(record) and not _is_endless(record) and not is_kept(record) and not _waits(handler):
                yield Unawaited(_STARTS[name], name.removesuffix(".start").removesuffix("()"), record)
        elif name.startswith(_EXECUTORS) and name.endswith((".submit", ".map")):
            if not _shuts_down(handler) and not _waits(handler) and not _is_closed(record):
                yield Unawaited(EXECUTOR, name.rpartition(".")[2], record)
        elif name in _TASKS:
            if _is_in_coroutine(record) and not (_signals(handler) or handler.callees & _WAITS_FOR_TASKS):
                yield Unawaited(TASK, name.rpartition(".")[2], record)
        elif name in _COROUTINES or _is_coroutine(record):
            yield Unawaited(COROUTINE, name.removeprefix("?."), record)


def _signals(handler: Handler) -> bool:
    """Whether a handler uses what threads and tasks share to tell each other that they are done."""
    return any(name.startswith(_SIGNALS) and name.rpartition(".")[2] in _ASKS for name in handler.callees)


def _waits(handler: Handler) -> bool:
    """Whether a handler may wait for threads or processes."""
    return _signals(handler) or bool(handler.callees & _WAITS) or any(_may_join(record) for record in handler.calls)


def _shuts_down(handler: Handler) -> bool:
    """Whether a handler waits for its executors."""
    return any(name.startswith(_EXECUTORS) and name.endswith(".shutdown") for name in handler.callees)


def _is_in_coroutine(record: CallRecord) -> bool:
    return record.site.module.definition(record.site.activation.index).is_async


def _is_coroutine(record: CallRecord) -> bool:
    """Whether a call gives a coroutine, which does nothing until it is awaited."""
    if record.target is not None:
        definition = record.target.definition
        return definition.is_async and not definition.is_generator and not definition.decorators
    if record.operation is None or not record.operation.client.is_async:
        return False
    callee = record.site.call.callee
    things = alternatives(record.thing(callee.base)) if isinstance(callee, Member) else ()
    return bool(things) and all(isinstance(thing, Client) and not thing.is_resource for thing in things)


# --- threads --------------------------------------------------------------------------------------------------------


def _may_join(record: CallRecord) -> bool:
    """Whether a call may wait for a thread: ``join`` of what is no string."""
    callee = record.site.call.callee
    if not isinstance(callee, Member) or callee.name != "join" or record.callee.startswith("os.path"):
        return False
    return not all(isinstance(item, (Literal, Text, Env)) for item in alternatives(record.thing(callee.base)))


def _is_lost(record: CallRecord) -> bool:
    """Whether nothing but the call itself, or a variable that is used for nothing else, holds a thread."""
    callee = record.site.call.callee
    if isinstance(callee, Name) or not isinstance(callee, Member):
        return isinstance(callee, Name)
    base = callee.base
    if isinstance(base, Result):
        return True
    module, function = record.site.module, record.site.activation.index
    if not isinstance(base, Name) or base.id not in module.definition(function).locals:
        return not isinstance(base, (Name, Member)) or _is_global(record, callee)
    things = alternatives(record.thing(base))
    if len(things) != 1 or not isinstance(things[0], External):
        return False
    return not _is_handed_on(base.id, function, module)


def _is_global(record: CallRecord, callee: Member) -> bool:
    """Whether a name leads to a function of a module, as ``_thread.start_new_thread`` does."""
    return any(isinstance(thing, External) and "()" not in thing.path for thing in alternatives(record.thing(callee)))


def _is_handed_on(name: str, function: int, module: ModuleIndex) -> bool:
    """Whether a function stores a variable, gives it back or hands it to something."""
    inside = {function}
    for index, definition in enumerate(module.facts.definitions):
        if definition.parent in inside:
            inside.add(index)
    values: list[Expression] = []
    for call in module.facts.calls:
        if call.function in inside:
            values.extend(argument.value for argument in call.arguments)
            if call.function != function:
                values.append(call.callee)
    values.extend(binding.value for binding in module.facts.bindings if binding.function in inside)
    values.extend(item.value for item in module.facts.returns if item.function in inside and item.value is not None)
    return any(isinstance(part, Name) and part.id == name for value in values for part in walk(value))


def _is_endless(record: CallRecord) -> bool:
    """Whether a thread is made to run as long as its environment does, or can't be looked into."""
    callee = record.site.call.callee
    made: Call = record.site.call
    activation = record.site.activation
    if isinstance(callee, Member) and callee.name == "start":
        things = alternatives(record.thing(callee.base))
        thing = things[0] if len(things) == 1 else None
        if not isinstance(thing, External) or thing.site is None:
            return True
        made, activation = thing.site.call, thing.site.activation
        target = made.keyword("target") or made.positional(1)
    else:
        target = made.positional(0)
    if target is None:
        return True
    found = alternatives(record.interpreter.evaluate(target, activation))
    return not all(isinstance(thing, (FunctionThing, External)) and not _never_ends(thing) for thing in found)


def _never_ends(thing: Thing) -> bool:
    if isinstance(thing, External):
        return thing.path.rpartition(".")[2] in ("serve_forever", "run_forever", "run")
    if not isinstance(thing, FunctionThing):
        return True
    blocks = thing.module.function_blocks.get(thing.index, [])
    return any(_is_forever(block) for _, block in blocks)


def _is_forever(block: Block) -> bool:
    return block.kind == "loop" and isinstance(block.test, Const) and bool(block.test.value)


# --- executors ------------------------------------------------------------------------------------------------------


def _is_closed(record: CallRecord) -> bool:
    """Whether a ``with`` statement may wait for all that an executor was given."""
    callee = record.site.call.callee
    if not isinstance(callee, Member):
        return True
    things = alternatives(record.thing(callee.base))
    thing = things[0] if len(things) == 1 else None
    if not isinstance(thing, External) or thing.site is None:
        return True
    module = thing.site.module
    index = next(number for number, call in enumerate(module.facts.calls) if call is thing.site.call)
    if any(_opens(statement, index) for statement in module.facts.statements):
        return True
    return any(block.kind == "with" and _tests(block, callee.base) for block in record.blocks)


def _opens(statement: Statement, call: int) -> bool:
    return statement.kind == "with" and statement.first_call <= call < statement.end_call


def _tests(block: Block, base: Expression) -> bool:
    return not isinstance(block.test, Result) or not isinstance(base, Name)
