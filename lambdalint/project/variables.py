"""What can be told of environment variables: their size, what they expose, which of Lambda's own code assigns."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.environment import REGION_VARIABLES, RESERVED
from lambdalint.code.facts import Const, Environment, Expression, Write
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.model import Handler
from lambdalint.project.secrets import words_of
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import Literal, OneOf, Parameter, Ref, Text, Value, options, written

_SET_BY_RUNTIMES = frozenset(("_X_AMZN_TRACE_ID",))
"""Reserved names that custom runtimes and tracers have to assign."""

_RESOLVE = regex(r"\{\{resolve:secretsmanager:[^{}]*\}\}")
_KEY = regex(r":SecretString:([^:{}]*)")
_HARMLESS = frozenset(
    (
        "arn",
        "name",
        "names",
        "path",
        "prefix",
        "id",
        "user",
        "username",
        "login",
        "host",
        "hostname",
        "port",
        "dbname",
        "database",
        "engine",
        "region",
        "bucket",
        "table",
        "domain",
        "version",
        "stage",
        "tenant",
        "email",
    )
)
"""Last words of names of what is no secret."""


class Exposed(Struct, frozen=True):
    """What a variable's value exposes: a phrase, and the parameter's name and template where it is one."""

    what: str
    parameter: str = ""
    template: str = ""


def known_bytes(value: Value) -> int:
    """How many bytes (UTF-8) a value certainly takes; what is not known counts nothing, of branches the shortest."""
    if isinstance(value, Literal):
        return len(written(value.value).encode())
    if isinstance(value, Text):
        return sum(known_bytes(part) for part in value.parts)
    if isinstance(value, OneOf):
        return min(known_bytes(option) for option in value.options)
    return 0


def exposes(name: str, value: Value) -> Exposed | None:
    """What the value of an environment variable exposes that the template keeps secret elsewhere, if anything."""
    for option in options(value):
        parts = option.parts if isinstance(option, Text) else (option,)
        for part in parts:
            if isinstance(part, Parameter) and part.no_echo and not (_is_harmless(part.name) or _is_harmless(name)):
                return Exposed(f"the NoEcho parameter {part.name}", part.name, part.template)
        for match in _RESOLVE.finditer("".join(_shown(part) for part in parts)):
            key = _KEY.search(match.group(0))
            if not (_is_harmless(name) or (key is not None and _is_harmless(key.group(1)))):
                return Exposed("a secret of Secrets Manager")
    return None


def _shown(part: Value) -> str:
    if isinstance(part, Ref) and part.name.startswith("resolve:"):
        return "{{" + part.name + "}}"
    return str(part.value) if isinstance(part, Literal) else "?"


def _is_harmless(name: str) -> bool:
    words = words_of(name)
    if not words:
        return False
    if words[-1] == "url":
        return words[-2:-1] in (["base"], ["api"], ["service"])
    return words[-1] in _HARMLESS and words[-2:] != ["key", "id"]


def overwritten_reserved(handler: Handler) -> Iterator[tuple[str, Span]]:
    """Lambda's own variables that code which the handler certainly runs assigns, each with the place."""
    seen: set[Span] = set()
    for activation in handler.run.activations:
        if activation.possible:
            continue
        for write in activation.module.facts.writes:
            if write.function == activation.index and isinstance(write.name, Const):
                name = str(write.name.value)
                span = activation.module.at(write.span)
                if name in RESERVED and span not in seen and _really_changes(activation.module, write, name):
                    seen.add(span)
                    yield name, span


def _really_changes(module: ModuleIndex, write: Write, name: str) -> bool:
    if write.value is None or name in _SET_BY_RUNTIMES:
        return False
    if module.in_block(write.block, "main", "typing", "then", "else", "except", "case", "loop"):
        return False
    read = _read_of(module, write.value)
    return read != name and not (name in REGION_VARIABLES and read in REGION_VARIABLES)


def _read_of(module: ModuleIndex, value: Expression) -> str:
    """The name of the variable that a value is read from, or nothing."""
    if isinstance(value, Environment):
        name = module.facts.reads[value.read].name
        return str(name.value) if isinstance(name, Const) else ""
    return ""
