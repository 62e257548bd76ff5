"""What tests of the interpreter share: a handler followed through a few modules, and what it does in short form."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from lambdalint.code.javascript import read_javascript
from lambdalint.code.python import read_python
from lambdalint.project.codebase import Codebase
from lambdalint.project.evaluate import Interpreter
from lambdalint.project.javascript_language import JavaScript
from lambdalint.project.python_language import Python
from lambdalint.project.things import FunctionThing, alternatives
from lambdalint.source import NOWHERE, Source
from lambdalint.values import Context, Env, Event, ListOf, Literal, MapOf, OneOf, Ref, Text, Value


def follow(
    files: Mapping[str, str] | str, symbol: str = "handler", path: str = "app.py", roots: tuple[str, ...] = ("",)
) -> Interpreter:
    """A handler, followed through the modules of a project. One text alone is ``app.py``, or what ``path`` says."""
    given = {path: files} if isinstance(files, str) else files
    texts = {name: dedent(text) for name, text in given.items()}
    is_python = path.endswith(".py")
    read = read_python if is_python else read_javascript
    codebase = Codebase(texts, lambda name: read(Source(name, texts[name])), texts.get)
    run = Interpreter(codebase, roots, Python() if is_python else JavaScript())
    module = codebase.get(path)
    assert module is not None
    run.start(module)
    for thing in alternatives(run.module_attribute(module, symbol, NOWHERE)):
        if isinstance(thing, FunctionThing):
            run.invoke(thing)
    run.finish()
    return run


def operations(run: Interpreter) -> list[str]:
    """The operations that are called: ``s3.PutObject(Bucket=$BUCKET)``, at import with ``init:`` before."""
    found = []
    for record in run.records:
        if record.operation is not None:
            arguments = record.arguments
            shown = [f"{entry.key}={show(entry.value)}" for entry in arguments.entries]
            shown.extend(["..."] if arguments.open else [])
            found.append(f"{_when(record.phase, record.possible)}{record.callee}({', '.join(shown)})")
    return found


def calls(run: Interpreter) -> list[str]:
    """What is called, by path."""
    return [f"{_when(record.phase, record.possible)}{record.callee}" for record in run.records]


def given(run: Interpreter, name: str = "print") -> list[str]:
    """The first arguments of the calls of a function."""
    return [show(record.positional(0)) for record in run.records if record.callee == name]


def _when(phase: str, possible: bool) -> str:
    return ("init: " if phase == "init" else "") + ("possible: " if possible else "")


def show(value: Value | None) -> str:
    """A value in short form: ``$NAME`` is a variable with ``|`` its default, ``?`` is not known."""
    if isinstance(value, Literal):
        return repr(value.value)
    if isinstance(value, Env):
        return f"${value.name}" + (f"|{show(value.default)}" if value.default is not None else "")
    if isinstance(value, Event):
        return ".".join(("event", *value.path))
    if isinstance(value, Context):
        return f"context.{value.attribute}" if value.attribute else "context"
    if isinstance(value, Text):
        return (
            "<"
            + "".join(str(part.value) if isinstance(part, Literal) else f"{{{show(part)}}}" for part in value.parts)
            + ">"
        )
    if isinstance(value, OneOf):
        return "(" + " or ".join(sorted(show(option) for option in value.options)) + ")"
    if isinstance(value, ListOf):
        return f"[{', '.join([*map(show, value.items), *(['...'] if value.open else [])])}]"
    if isinstance(value, MapOf):
        entries = [f"{entry.key}: {show(entry.value)}" for entry in value.entries]
        return "{" + ", ".join([*entries, *(["..."] if value.open else [])]) + "}"
    if isinstance(value, Ref):
        return f"Ref({value.name})"
    return "?"
