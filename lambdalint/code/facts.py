"""What one code file says, in the same words for every language.

Facts are flat tables that refer to each other by index, so that they can be written to a cache and read in a worker.
Expressions keep just what values flow through; everything else is :class:`Other`, with its parts. Nothing here is
resolved beyond the file: that is the project's work.

Spans in facts have no path, so that equal files have equal facts; :meth:`Module.at` completes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lambdalint.source import NOWHERE, Data, Problem, Span

MODULE = 0
"""Index of the definition that is the module itself."""


class Const(Data, frozen=True, tag="const"):
    """A string, number, boolean or null."""

    value: str | int | float | bool | None
    span: Span


class Name(Data, frozen=True, tag="name"):
    """A variable."""

    id: str
    span: Span


class Member(Data, frozen=True, tag="member"):
    """``base.name``."""

    base: Expression
    name: str
    span: Span


class Item(Data, frozen=True, tag="item"):
    """``base[key]``."""

    base: Expression
    key: Expression
    span: Span


class Each(Data, frozen=True, tag="each"):
    """Any element of what is iterated over; with ``key``, of a map its keys (else its values)."""

    base: Expression
    span: Span
    key: bool = False


class Result(Data, frozen=True, tag="result"):
    """What a call gives; ``call`` is its index in :attr:`Module.calls`."""

    call: int
    span: Span


class Format(Data, frozen=True, tag="format"):
    """A string made of parts: interpolation and concatenation."""

    parts: tuple[Expression, ...]
    span: Span


class Choice(Data, frozen=True, tag="choice"):
    """One of several: conditional expressions, ``or``, ``??``. ``test`` is the condition, where there is one."""

    options: tuple[Expression, ...]
    span: Span
    test: Expression | None = None


class Array(Data, frozen=True, tag="array"):
    """A list, tuple or set as written; ``open`` where something is spread into it."""

    items: tuple[Expression, ...]
    span: Span
    open: bool = False


class Field(Data, frozen=True):
    """A key of an object as written, with its value. Without key, ``value`` is spread into the object."""

    key: Expression | None
    value: Expression


class Object(Data, frozen=True, tag="object"):
    """A map as written."""

    fields: tuple[Field, ...]
    span: Span


class Closure(Data, frozen=True, tag="closure"):
    """A function or class as value; ``definition`` is its index in :attr:`Module.definitions`."""

    definition: int
    span: Span


class Environment(Data, frozen=True, tag="environment"):
    """A read of the environment; ``read`` is its index in :attr:`Module.reads`."""

    read: int
    span: Span


class Placeholder(Data, frozen=True, tag="placeholder"):
    """``${Name}`` in code that a template gives inline through ``Fn::Sub``."""

    name: str
    span: Span


class Other(Data, frozen=True, tag="other"):
    """Any other expression, with its parts. ``kind`` names it where somebody asks: ``compare``, ``not``, ``slice``…

    ``operator`` is that of a comparison of two things: ``==``, ``!=``, ``in``, ``not in``; empty for all others.
    """

    kind: str
    parts: tuple[Expression, ...]
    span: Span
    operator: str = ""


Expression = (
    Const
    | Name
    | Member
    | Item
    | Each
    | Result
    | Format
    | Choice
    | Array
    | Object
    | Closure
    | Environment
    | Placeholder
    | Other
)


class Import(Data, frozen=True):
    """A name that an import binds. ``name`` is empty where it binds none.

    ``symbol`` is what is taken from the module: empty for the module itself, ``*`` for all, ``default`` for what a
    JavaScript module exports by default. ``level`` counts leading dots (Python). ``guarded``: a failure is caught, or
    it is for type checkers only. ``system`` is JavaScript's: ``es``, ``commonjs`` (``require``) or ``dynamic``
    (``import()``).
    """

    name: str
    module: str
    symbol: str
    level: int
    span: Span
    function: int
    guarded: bool = False
    type_only: bool = False
    system: str = ""


class Export(Data, frozen=True):
    """What a JavaScript module offers under a name: ``default``, empty for all of it (``module.exports = …``) or ``*``.

    With ``module``, ``symbol`` of that module is handed on (empty: the module itself, ``*``: all that it exports).
    ``*`` without module: anything, as it can't be told. ``system`` is ``es`` or ``commonjs``.
    """

    name: str
    value: Expression | None
    module: str
    symbol: str
    system: str
    span: Span
    function: int


class Parameter(Data, frozen=True):
    """A formal parameter. ``kind``: ``positional``, ``rest``, ``keyword`` (by name only) or ``keyword-rest``."""

    name: str
    kind: str
    default: Expression | None
    span: Span
    annotation: Expression | None = None


class Definition(Data, frozen=True):
    """A function or class; the first definition is the module itself.

    ``kind``: ``module``, ``function``, ``class`` or ``lambda``. ``locals`` are the names that belong to it. ``span`` is
    where it is named, ``body`` all of it. ``metaclass`` is what makes a class, where the code says so. ``awaits``: it
    waits for something (``await``, ``for await``, ``async with``). ``fields`` are the names that the body of a class
    declares with a type, in order.
    """

    name: str
    kind: str
    parent: int
    parameters: tuple[Parameter, ...]
    decorators: tuple[Expression, ...]
    bases: tuple[Expression, ...]
    span: Span
    body: Span
    locals: frozenset[str]
    is_async: bool = False
    is_generator: bool = False
    metaclass: Expression | None = None
    is_arrow: bool = False
    awaits: bool = False
    fields: tuple[str, ...] = ()


class Block(Data, frozen=True):
    """What statements stand in. ``kind``: ``body``, ``then``, ``else``, ``loop``, ``try``, ``except``, ``finally``,
    ``with``, ``case``, ``main`` (run as a script only), ``typing`` (for type checkers only) or ``static`` (what a
    JavaScript class runs once, not for each instance).

    ``test`` is the condition (of an ``else``, the one that failed), or what is iterated over.
    """

    kind: str
    parent: int
    function: int
    span: Span
    test: Expression | None = None


class Argument(Data, frozen=True):
    """An argument of a call: by ``name``, or by position where that is empty. ``spread``: ``*x``, ``**x``, ``...x``."""

    name: str
    value: Expression
    spread: bool = False


class Call(Data, frozen=True):
    """A call. ``function`` and ``block`` tell where it stands.

    ``dropped``: nobody looks at what it gives, and nothing says that this is meant (``void``).
    """

    callee: Expression
    arguments: tuple[Argument, ...]
    span: Span
    function: int
    block: int
    awaited: bool = False
    new: bool = False
    dropped: bool = False

    def positional(self, index: int) -> Expression | None:
        """The argument at a position, None if there is none or a spread hides it."""
        seen = 0
        for argument in self.arguments:
            if argument.spread:
                return None
            if not argument.name:
                if seen == index:
                    return argument.value
                seen += 1
        return None

    def keyword(self, name: str) -> Expression | None:
        """The argument of a name."""
        for argument in self.arguments:
            if argument.name == name and not argument.spread:
                return argument.value
        return None


class Binding(Data, frozen=True):
    """An assignment. ``owner`` is the definition whose variable it is (``function`` is where the assignment stands).

    With ``base``, a member (``base.name = value``) or, where ``key`` is given, an item (``base[key] = value``) is set.
    A value of kind ``deleted`` takes it away. ``scoped``: the variable lives in its block alone (comprehensions).
    """

    name: str
    value: Expression
    owner: int
    function: int
    block: int
    span: Span
    base: Expression | None = None
    key: Expression | None = None
    augmented: bool = False
    scoped: bool = False


class Return(Data, frozen=True):
    """A return statement, or the body of a lambda; among :attr:`Module.yields`, a value that a generator gives."""

    value: Expression | None
    function: int
    block: int
    span: Span


class Raise(Data, frozen=True):
    """A raise or throw."""

    value: Expression | None
    function: int
    block: int
    span: Span


class Read(Data, frozen=True):
    """A read of an environment variable.

    ``kind``: ``required`` (fails when it is not set), ``optional`` (gives nothing), ``default`` (has one) or
    ``test`` (asks whether it is set).
    """

    name: Expression
    kind: str
    default: Expression | None
    span: Span
    function: int
    block: int


class Write(Data, frozen=True):
    """An environment variable that the code sets or removes. ``name`` is :class:`Other` where it may be any."""

    name: Expression
    value: Expression | None
    span: Span
    function: int
    block: int


class String(Data, frozen=True):
    """A string literal, or a known piece of a string that is made at run time (then ``partial``).

    ``role`` tells what it stands for: ``documentation``, ``log``, ``error``, ``compare``, ``key``, ``default`` (of an
    environment variable or parameter), ``annotation``, ``decorator``, or ``value``. ``label`` is the name that it is
    given to: variable, keyword or key. ``callee`` is the dotted text of the call whose argument it is.
    """

    value: str
    span: Span
    function: int
    block: int
    role: str
    label: str = ""
    callee: str = ""
    partial: bool = False


class Statement(Data, frozen=True):
    """A statement, for judging the shape of a function.

    ``kind``: ``assign``, ``call`` (an expression), ``return``, ``raise``, ``if``, ``loop``, ``try``, ``with``,
    ``case``, ``other``. ``calls`` is the range of calls that stand in the statement itself, not in its blocks;
    ``lines`` counts the lines of the statement without its blocks, ``literal_lines`` those of them that only
    spell out literals.
    """

    kind: str
    function: int
    block: int
    span: Span
    first_call: int
    end_call: int
    lines: int
    literal_lines: int = 0


class Feature(Data, frozen=True):
    """Syntax that not all versions of a language have, where it first stands in a file.

    ``name`` is one of :data:`lambdalint.aws.python_versions.SYNTAX` or :data:`lambdalint.aws.node_versions.SYNTAX`.
    A file that a version can't parse fails wherever that syntax stands, so that neither function nor block matters.
    """

    name: str
    span: Span


class Module(Data, frozen=True):
    """The facts of one file. ``path`` names it: its path, or ``template#LogicalId`` for code given inline."""

    path: str
    language: str
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...] = ()
    calls: tuple[Call, ...] = ()
    bindings: tuple[Binding, ...] = ()
    returns: tuple[Return, ...] = ()
    raises: tuple[Raise, ...] = ()
    reads: tuple[Read, ...] = ()
    writes: tuple[Write, ...] = ()
    strings: tuple[String, ...] = ()
    blocks: tuple[Block, ...] = ()
    statements: tuple[Statement, ...] = ()
    exports: tuple[Export, ...] = ()
    problem: Problem | None = None
    yields: tuple[Return, ...] = ()
    features: tuple[Feature, ...] = ()

    @property
    def file(self) -> str:
        """The path of the file that the code stands in."""
        return self.path.partition("#")[0]

    def at(self, span: Span) -> Span:
        """The complete span of something in these facts."""
        return Span(self.file, span.line, span.column, span.end_line, span.end_column, span.pointer)


def unreadable(path: str, language: str, problem: Problem | None) -> Module:
    """The facts of a file that could not be read."""
    root = Definition("", "module", -1, (), (), (), problem.span if problem else NOWHERE, NOWHERE, frozenset())
    return Module(path, language, (root,), problem=problem)


def walk(expression: Expression | None) -> Iterator[Expression]:
    """The expression and all its parts. Calls are not entered: their parts are in :attr:`Module.calls`."""
    if expression is None:
        return iter(())
    if type(expression) not in _PARTS:
        return iter((expression,))
    found: list[Expression] = []
    pending = [expression]
    while pending:
        item = pending.pop()
        found.append(item)
        while type(item) is Member:
            item = item.base
            found.append(item)
        parts = _PARTS.get(type(item))
        if parts is not None:
            pending.extend(parts(item))
    return iter(found)


def has_parts(expression: Expression | None) -> bool:
    """Whether an expression is of a kind that is made of others: what has none, :func:`walk` gives alone."""
    return type(expression) in _PARTS


def _parts_of_choice(choice: Choice) -> tuple[Expression, ...]:
    return choice.options if choice.test is None else (*choice.options, choice.test)


def _parts_of_object(table: Object) -> Iterator[Expression]:
    for field in table.fields:
        if field.key is not None:
            yield field.key
        yield field.value


_PARTS: dict[type, Callable[[Any], Iterable[Expression]]] = {
    Member: lambda member: (member.base,),
    Item: lambda item: (item.base, item.key),
    Each: lambda each: (each.base,),
    Format: lambda text: text.parts,
    Other: lambda other: other.parts,
    Choice: _parts_of_choice,
    Array: lambda array: array.items,
    Object: _parts_of_object,
}
"""What expressions are made of, by their class; what is missing here has no parts."""


def dotted(expression: Expression) -> str:
    """``a.b.c`` as text, or the empty string for anything else."""
    if isinstance(expression, Name):
        return expression.id
    names: list[str] = []
    while isinstance(expression, Member):
        names.append(expression.name)
        expression = expression.base
    if not isinstance(expression, Name):
        return ""
    names.append(expression.id)
    return ".".join(reversed(names))
