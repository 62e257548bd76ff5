"""Whose layers a function uses: the account in each layer's ARN, and whether it is one of the project's own."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.layers import PLACEHOLDERS, PUBLISHERS
from lambdalint.project.model import Function, LayerUse, Project
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import Literal, Parameter, Text, Value, candidates, options, strings

MAX_BYTES = 4_000_000

_OPEN = "\0"
_ARN = regex(r"arn:[^:]*:lambda:[^:]*:(?P<account>\d{12}):layer:(?P<name>[\w\0-]+)(:[\w\0$]+)?\Z")
_ACCOUNT = regex(r"(?<!\d)\d{12}(?!\d)")
_LAYER = regex(r":\d{12}:layer:")
_SETTINGS = ("samconfig.toml", "cdk.json", "cdk.context.json")


class ForeignLayer(Struct, frozen=True):
    """A layer of an account that is neither the project's nor a known publisher's."""

    use: LayerUse
    span: Span
    account: str
    name: str


def foreign_layers(function: Function, own: frozenset[str]) -> Iterator[ForeignLayer]:
    """A function's layers from accounts that are not known. ``own`` are further accounts that are."""
    for use in function.layers:
        if use.layer is not None:
            continue
        for option in _choices(function.project.linker.join(use.value)):
            match = _ARN.match(_flat(option))
            if match is None:
                continue
            account = match.group("account")
            if account in PUBLISHERS or account in PLACEHOLDERS or account in own:
                continue
            if account not in _accounts_of(function.project, function):
                yield ForeignLayer(use, option.span, account, match.group("name").replace(_OPEN, "…"))
                break


def _choices(value: Value) -> Iterator[Value]:
    for option in options(value):
        if isinstance(option, Parameter):
            yield from candidates(option)
        else:
            yield option


def _flat(value: Value) -> str:
    """A string with its unknown parts as a mark."""
    if isinstance(value, Literal):
        return str(value.value)
    if isinstance(value, Text):
        return "".join(str(part.value) if isinstance(part, Literal) else _OPEN for part in value.parts)
    return ""


def _accounts_of(project: Project, function: Function) -> frozenset[str]:
    """The account ids in the function's template and in what configures its deployment, those of layers left out."""
    tree, template = project.tree, function.template
    folder = posixpath.dirname(template.path)
    texts = [_LAYER.sub(":", tree.text(template.path, MAX_BYTES))]
    places = {folder, posixpath.dirname(folder), ""}
    texts.extend(
        _LAYER.sub(":", tree.text(posixpath.join(place, name), MAX_BYTES)) for place in places for name in _SETTINGS
    )
    if template.assembly is not None:
        texts.append(tree.text(posixpath.join(template.assembly, "manifest.json"), MAX_BYTES))
    for variable in function.environment.values():
        texts.extend(_LAYER.sub(":", word) for word in strings(variable.value))
    return frozenset(account for text in texts for account in _ACCOUNT.findall(text))
