"""Environment variables that a handler's code counts on, and which of them its functions don't set.

In Python ``os.environ["X"]`` fails where the variable is not set. ``os.environ.get("X")`` and ``process.env.X`` give
nothing; they count on the variable only where what they give is used in a way that needs a value: as an argument of an
SDK operation, in a string, as the object of a method. A variable that the code asks for anywhere is optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from lambdalint.aws import keeping
from lambdalint.aws.environment import LOADERS, OPTIONAL, is_provided
from lambdalint.code.facts import (
    Array,
    Block,
    Choice,
    Const,
    Environment,
    Expression,
    Member,
    Name,
    Object,
    Other,
    Result,
    has_parts,
    walk,
)
from lambdalint.finding import Edit
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import Activation, CallRecord, ReadRecord
from lambdalint.project.model import Function, Handler, Variable
from lambdalint.project.names import expressions
from lambdalint.project.things import as_value
from lambdalint.project.timeouts import CALLS
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.spelling import likeness
from lambdalint.values import Env, ListOf, Literal, MapOf, Text, Value

REQUIRED, PASSED, INSERTED, CALLED, COMPARED, MISNAMED = (
    "required",
    "passed",
    "inserted",
    "called",
    "compared",
    "misnamed",
)
"""Why a read counts on its variable: it fails by itself; what it gives goes to the SDK, into a string, has a method
called, is compared with the empty string; or only the name differs from one that is set and never read."""

_SMALL_TRY = 3
"""Statements up to which what a ``try`` guards is the read itself, so that what catches gives another value."""

_CATCHES = frozenset(("Exception", "BaseException", "KeyError", "LookupError"))
_LEAVING = frozenset(("sys.exit", "exit", "quit", "process.exit"))
_LOGGING = regex(
    r"(^|\.)(console|log\w*|_?logger|logging|tracer|metrics|print|pprint)(\(\))?(\.\w+)*$|(^|\.)(debug|info|warn|warning|error"
    r"|exception|critical|trace)$",
    re.IGNORECASE,
)
_METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "urlopen", "fetch", "axios"))


def _asks_an_address(name: str) -> bool:
    """Whether a call of HTTP begins with an address, which clients that are made first may have been told already."""
    return name.rpartition(".")[2] in _METHODS and "()" not in name


_NEEDING = {
    **{name: 0 for calls in CALLS.values() for name in calls if _asks_an_address(name)},
    "urllib.request.Request": 0,
    "json.loads": 0,
    "JSON.parse": 0,
    "int": 0,
    "float": 0,
    "base64.b64decode": 0,
    "URL": 0,
}
"""Calls that fail, or give nothing of use, without a value: the position of the argument. Those of HTTP are known."""

_SERVERS = frozenset(("PostgreSQL connection", "MySQL connection", "SQL Server connection", "Oracle connection"))
_CONNECTING = frozenset(
    name for name, kept in keeping.PYTHON.items() if kept.name in _SERVERS and name.endswith(".connect")
)
_CONNECTED_BY = frozenset(("host", "user", "password", "passwd", "db", "database", "dbname", "dsn", "server"))
"""Connections to databases, and the arguments that tell to which."""

_NAME = regex(r"[A-Za-z_]\w*\Z")
_NEAR = 0.82
_SHORTEST_NEAR = 4


class Need(Struct, frozen=True):
    """A variable that the code counts on.

    ``span`` is the read, ``key`` the place of the name in it, ``use`` where what it gives is needed, ``what`` says to
    what it goes. ``is_conditional``: only under some condition, or in code of which it is not certain that it runs.
    """

    name: str
    reason: str
    span: Span
    key: Span
    use: Span | None = None
    what: str = ""
    is_conditional: bool = False


class Unset(Struct, frozen=True):
    """A variable that the code counts on and that a function doesn't set; ``near`` is the one that may be meant."""

    need: Need
    function: Function
    near: Variable | None


def unset(handler: Handler) -> Iterator[Unset]:
    """The variables that a handler counts on and that one of its functions doesn't set, the first need of each."""
    functions = [function for function in handler.functions if _is_judged(function)]
    names = {name for record in handler.reads for name in _names_of(record)}
    if not functions or all(names <= function.environment.keys() for function in functions):
        return
    reader = _Reader(handler)
    missing = [
        name
        for name in sorted(names - reader.written)
        if reader.may_count_on(name)
        and not is_provided(name)
        and any(name not in function.environment for function in functions)
    ]
    if not missing or reader.may_be_set_otherwise:
        return
    needs: dict[str, Need] = {}
    for need in reader.needs(frozenset(missing)):
        known = needs.get(need.name)
        if known is None or (known.is_conditional and not need.is_conditional):
            needs[need.name] = need
    for name in missing:
        for function in functions:
            if name in function.environment:
                continue
            found = needs.get(name)
            near = _near(name, function, names)
            if found is None and near is not None and _same_words(name, near.name):
                found = reader.plain(name)
            if found is not None and not (found.is_conditional and _is_shared(name, function, handler)):
                yield Unset(found, function, near)


def renamed(found: Unset) -> Edit | None:
    """The edit that reads the variable that is set instead; None where the name isn't written as it is."""
    key, name = found.need.key, found.need.name
    if found.near is None or key.line != key.end_line:
        return None
    width = key.end_column - key.column
    if width == len(name):
        return Edit(key, found.near.name)
    if width == len(name) + 2:
        inside = Span(key.path, key.line, key.column + 1, key.end_line, key.end_column - 1)
        return Edit(inside, found.near.name)
    return None


def _is_judged(function: Function) -> bool:
    """Whether all that sets a function's variables is there to see."""
    return (
        function.environment_is_known
        and function.is_whole
        and not function.has_wrapper
        and function.package_type == "Zip"
    )


def _is_shared(name: str, function: Function, handler: Handler) -> bool:
    """Whether a variable that is read under a condition is meant for another function that runs the same code."""
    others = [item for item in handler.functions if item is not function]
    return bool(others) or any(
        name in item.environment for item in function.project.functions if item.template is function.template
    )


def _names_of(record: ReadRecord) -> Iterator[str]:
    if isinstance(record.name, Literal) and isinstance(record.name.value, str) and _NAME.match(record.name.value):
        yield record.name.value


def _near(name: str, function: Function, read: set[str]) -> Variable | None:
    """The variable of a function that a name may mean: spelt nearly so, and never read."""
    found: list[tuple[float, str]] = []
    for other in function.environment:
        if other in read or is_provided(other):
            continue
        if _same_words(name, other):
            found.append((2.0, other))
        elif min(len(name), len(other)) >= _SHORTEST_NEAR:
            ratio = likeness(name.lower(), other.lower())
            if ratio >= _NEAR or (other.lower().endswith(f"_{name.lower()}") and ratio > 0.5):
                found.append((ratio, other))
    found.sort(reverse=True)
    if not found or (len(found) > 1 and found[1][0] == found[0][0]):
        return None
    return function.environment[found[0][1]]


def _same_words(name: str, other: str) -> bool:
    return name.replace("_", "").lower() == other.replace("_", "").lower()


class _Reader:
    """What one handler's code does with environment variables."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.modules = handler.modules
        self.written = frozenset(
            str(write.name.value)
            for module in self.modules
            for write in module.facts.writes
            if isinstance(write.name, Const)
        )

    @property
    def may_be_set_otherwise(self) -> bool:
        """Whether the code itself may set variables whose names it doesn't tell: from files, from secrets."""
        return any(module.told(_may_set_others) for module in self.modules)

    def may_count_on(self, name: str) -> bool:
        """Whether the code may count on a variable: it is read without default, or nothing gives it one anywhere."""
        return name in self.required or name not in self.optional

    @cached_property
    def required(self) -> frozenset[str]:
        """The variables that some read of Python fails without."""
        return frozenset(
            name
            for record in self.handler.reads
            if record.read.kind == "required" and record.activation.module.facts.language == "python"
            for name in _names_of(record)
        )

    @cached_property
    def optional(self) -> frozenset[str]:
        """The variables that the code asks for, or that it reads with a default."""
        return frozenset(
            str(read.name.value)
            for module in self.modules
            for read in module.facts.reads
            if read.kind in ("test", "default") and isinstance(read.name, Const)
        )

    def plain(self, name: str) -> Need | None:
        """The first read of a variable that the code doesn't ask for, whatever it is used for."""
        if name in self.tested:
            return None
        for record in self.handler.reads:
            if name in _names_of(record) and record.read.kind in ("required", "optional"):
                conditional = record.activation.possible or bool(self._guard(record.activation, record.read.block))
                return None if conditional else self._need(record, MISNAMED)
        return None

    def needs(self, names: frozenset[str]) -> Iterator[Need]:
        """Where the code counts on some variables."""
        for record in self.handler.reads:
            if record.read.kind == "required" and record.activation.module.facts.language == "python":
                for name in _names_of(record):
                    if name not in names or name in self.asked:
                        continue
                    guard = self._guard(record.activation, record.read.block)
                    if guard not in ("configuration", "caught"):
                        yield self._need(record, REQUIRED, bool(guard) or record.activation.possible)
        wanted = names - self.tested
        if not wanted:
            return
        first = {
            name: record
            for record in reversed(self.handler.reads)
            for name in _names_of(record)
            if name in wanted and record.read.kind != "test"
        }
        for call in self.handler.calls if first else ():
            for name, reason, what in self._used(call):
                if name not in first:
                    continue
                guard = self._guard(call.site.activation, call.site.call.block)
                if guard != "configuration":
                    conditional = guard == "condition" or call.possible
                    yield self._need(first[name], reason, conditional, call.span, what)
        for name, span in self._compared_with_nothing():
            if name in first:
                yield self._need(first[name], COMPARED, False, span)

    def _need(
        self, record: ReadRecord, reason: str, conditional: bool = False, use: Span | None = None, what: str = ""
    ) -> Need:
        name = next(_names_of(record))
        if isinstance(record.read.name, Const):
            return Need(
                name, reason, record.span, record.activation.module.at(record.read.name.span), use, what, conditional
            )
        return Need(name, reason, record.name.span, record.name.span, use or record.span, what, conditional)

    # --- uses ---------------------------------------------------------------------------------------------------

    def _used(self, record: CallRecord) -> Iterator[tuple[str, str, str]]:
        """The variables that a call needs a value of."""
        operation = record.operation
        if operation is not None and operation.name:
            for entry in record.arguments.entries:
                if entry.key in OPTIONAL:
                    continue
                for name, reason in _counted_on(entry.value):
                    yield name, reason, f"{record.callee}({entry.key})"
            return
        if record.target is not None or _LOGGING.search(record.callee.removeprefix("?.")):
            return
        call = record.site.call
        if isinstance(call.callee, Member) and _is_asked_itself(record.site.module, call.callee.base):
            base = as_value(record.thing(call.callee.base))
            if isinstance(base, Env) and _has_no_default(base):
                yield base.name, CALLED, call.callee.name
        needing = _NEEDING.get(record.callee)
        connects = record.callee in _CONNECTING
        for position, argument in enumerate(call.arguments):
            if isinstance(argument.value, Const):
                continue
            for name, reason in _counted_on(as_value(record.thing(argument.value))):
                is_asked = connects and argument.name in _CONNECTED_BY
                if reason == INSERTED or position == needing or is_asked:
                    yield name, reason, f"{record.callee}()"

    def _compared_with_nothing(self) -> Iterator[tuple[str, Span]]:
        for module in self.modules:
            if module.facts.language != "javascript":
                continue
            for block in module.facts.blocks:
                if isinstance(block.test, Other) and _compares_with_nothing(block.test):
                    for name in self._mentioned(module, block.test):
                        yield name, module.at(block.test.span)

    # --- what is asked for ----------------------------------------------------------------------------------------

    @cached_property
    def asked(self) -> frozenset[str]:
        """The variables that the code asks whether they are set."""
        return frozenset(
            name for record in self.handler.reads if record.read.kind == "test" for name in _names_of(record)
        )

    @cached_property
    def tested(self) -> frozenset[str]:
        """The variables that are asked for, or whose value decides something."""
        found = {*self.asked, *self.optional}
        for module in self.modules:
            variables, names = module.told(_asked_in_tests)
            found |= variables
            for name in names:
                found.update(self.aliases.get(name, ()))
        return frozenset(found)

    @cached_property
    def aliases(self) -> dict[str, frozenset[str]]:
        """What code calls the values of variables: names of bindings, keys of maps, parameters."""
        found: dict[str, set[str]] = {}
        for module in self.modules:
            for name, names in module.told(_aliases_in).items():
                found.setdefault(name, set()).update(names)
        return {name: frozenset(names) for name, names in found.items()}

    def _mentioned(self, module: ModuleIndex, expression: Expression | None) -> set[str]:
        """The variables that an expression tells of, by themselves or by what their values are called."""
        found, names = _told_of(module, expression)
        for name in names:
            found.update(self.aliases.get(name, ()))
        return found

    def _guard(self, activation: Activation, block: int) -> str:
        """Under what something runs, that of the calls which lead there included.

        ``configuration``: a condition on the environment; ``caught``: what fails is caught; ``condition``: another.
        """
        found = ""
        while True:
            module = activation.module
            index = block
            for item in module.blocks(block):
                if item.kind in ("then", "else", "case", "loop"):
                    if item.kind != "loop" and (isinstance(item.test, Const) or self._mentioned(module, item.test)):
                        return "configuration"
                    found = found or ("condition" if item.kind != "loop" else "")
                elif item.kind == "except":
                    found = found or "condition"
                elif item.kind == "try" and module.facts.language == "python" and _is_caught(module, index):
                    return "caught"
                index = item.parent
            if activation.caller is None:
                return found
            block = activation.caller.call.block
            activation = activation.caller.activation


# --- expressions ----------------------------------------------------------------------------------------------------


def _deep(module: ModuleIndex, expression: Expression | None) -> Iterator[Expression]:
    """An expression with all its parts, those of calls included."""
    pending = [expression]
    seen: set[int] = set()
    while pending:
        for part in walk(pending.pop()):
            yield part
            if isinstance(part, Result) and part.call not in seen:
                seen.add(part.call)
                call = module.facts.calls[part.call]
                pending.extend((call.callee, *(argument.value for argument in call.arguments)))


def _told_of(module: ModuleIndex, expression: Expression | None) -> tuple[set[str], set[str]]:
    """The variables in an expression, and the names by which it may tell of others."""
    variables: set[str] = set()
    names: set[str] = set()
    for part in _deep(module, expression):
        if isinstance(part, Name):
            names.add(part.id)
        elif isinstance(part, Member):
            names.add(part.name)
        elif isinstance(part, Environment):
            name = module.facts.reads[part.read].name
            if isinstance(name, Const):
                variables.add(str(name.value))
    return variables, names


def _environment_in(module: ModuleIndex, expression: Expression | None) -> set[str]:
    found = set()
    for part in _deep(module, expression):
        if isinstance(part, Environment):
            name = module.facts.reads[part.read].name
            if isinstance(name, Const):
                found.add(str(name.value))
    return found


class _Parts(Struct, frozen=True):
    """The maps that stand anywhere in a module, and what decides something: comparisons, conditions, alternatives."""

    maps: tuple[Object, ...]
    tests: tuple[Expression, ...]


def _parts_of(module: ModuleIndex) -> _Parts:
    maps: list[Object] = []
    tests = [block.test for block in module.facts.blocks if block.test is not None and block.kind != "loop"]
    for expression in expressions(module):
        for part in walk(expression) if has_parts(expression) else ():
            if isinstance(part, Object):
                maps.append(part)
            elif isinstance(part, Choice):
                tests.extend(part.options[:-1] if part.test is None else (part.test,))
            elif isinstance(part, Other) and part.kind in ("compare", "not", "and", "is"):
                tests.append(part)
    return _Parts(tuple(maps), tuple(tests))


def _asked_in_tests(module: ModuleIndex) -> tuple[frozenset[str], frozenset[str]]:
    """The variables in what decides something in a module, and the names by which it may tell of others."""
    variables: set[str] = set()
    names: set[str] = set()
    for test in module.told(_parts_of).tests:
        if not (isinstance(test, Other) and _compares_with_nothing(test)):
            more = _told_of(module, test)
            variables |= more[0]
            names |= more[1]
    return frozenset(variables), frozenset(names)


def _may_set_others(module: ModuleIndex) -> bool:
    """Whether a module may set variables whose names it doesn't tell."""
    if any(not isinstance(write.name, Const) for write in module.facts.writes):
        return True
    if any(item.module.partition("/")[0].partition(".")[0] in LOADERS for item in module.facts.imports):
        return True
    return any(
        isinstance(field.key, Const) and field.key.value == "setToEnv"
        for item in module.told(_parts_of).maps
        for field in item.fields
    )


def _aliases_in(module: ModuleIndex) -> dict[str, set[str]]:
    """What a module calls the values of variables: names of bindings, keys of maps, parameters."""
    found: dict[str, set[str]] = {}
    if not module.facts.reads:
        return found
    for binding in module.facts.bindings:
        names = _environment_in(module, binding.value)
        if names and binding.name:
            found.setdefault(binding.name, set()).update(names)
    for item in module.told(_parts_of).maps:
        for field in item.fields:
            if isinstance(field.key, Const):
                found.setdefault(str(field.key.value), set()).update(_environment_in(module, field.value))
    for definition in module.facts.definitions:
        for parameter in definition.parameters:
            found.setdefault(parameter.name, set()).update(_environment_in(module, parameter.default))
    return {name: names for name, names in found.items() if names}


def _compares_with_nothing(test: Other) -> bool:
    """Whether something is only compared with the empty string."""
    return test.kind == "compare" and any(isinstance(part, Const) and part.value == "" for part in test.parts)


def _is_caught(module: ModuleIndex, index: int) -> bool:
    """Whether what fails in a ``try`` gets another value where it is caught, as far as that shows."""
    facts = module.facts
    catching = [number for number, block in module.catchers(index) if _catches_key_error(block)]
    if not catching:
        return False
    catcher = catching[0]
    if any(catcher in _chain(module, item.block) for item in facts.raises):
        return False
    if any(catcher in _chain(module, call.block) and _called(call.callee) in _LEAVING for call in facts.calls):
        return False
    inside = sum(1 for statement in facts.statements if index in _chain(module, statement.block))
    return inside <= _SMALL_TRY


def _catches_key_error(block: Block) -> bool:
    if block.test is None:
        return True
    parts = block.test.items if isinstance(block.test, Array) else (block.test,)
    return any(isinstance(part, Name) and part.id in _CATCHES for part in parts)


def _chain(module: ModuleIndex, index: int) -> Iterator[int]:
    while index >= 0:
        yield index
        index = module.facts.blocks[index].parent


def _called(callee: Expression) -> str:
    if isinstance(callee, Member) and isinstance(callee.base, Name):
        return f"{callee.base.id}.{callee.name}"
    return callee.id if isinstance(callee, Name) else ""


# --- values ---------------------------------------------------------------------------------------------------------


def _is_asked_itself(module: ModuleIndex, base: Expression) -> bool:
    """Whether a method is called whatever the variable gives, as far as that shows: ``name?.split()`` looks alike."""
    if module.facts.language == "python":
        return isinstance(base, (Environment, Name, Member))
    return isinstance(base, Environment) and module.facts.reads[base.read].kind == "required"


def _has_no_default(value: Env) -> bool:
    return value.default is None or (isinstance(value.default, Literal) and value.default.value is None)


def _counted_on(value: Value) -> Iterator[tuple[str, str]]:
    """The variables that a value certainly needs, itself or within strings, lists and maps."""
    pending: list[tuple[Value, bool]] = [(value, False)]
    while pending:
        item, is_part = pending.pop()
        if isinstance(item, Env) and _has_no_default(item):
            yield item.name, INSERTED if is_part else PASSED
        elif isinstance(item, Text):
            pending.extend((part, True) for part in item.parts)
        elif isinstance(item, ListOf):
            pending.extend((part, is_part) for part in item.items)
        elif isinstance(item, MapOf):
            pending.extend((entry.value, is_part) for entry in item.entries)


def why(need: Need) -> str:
    """What comes of it where the variable is not set, for messages."""
    return {
        REQUIRED: "so that it fails with a KeyError",
        PASSED: f"so that {need.what} gets nothing",
        INSERTED: "so that the text made of it is wrong",
        CALLED: f"so that `.{need.what}` fails",
        COMPARED: "so that it is not the empty string either, which it is compared with",
        MISNAMED: "so that it gets nothing",
    }[need.reason]
