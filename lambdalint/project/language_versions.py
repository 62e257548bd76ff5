"""Which versions of its language a function runs on, and whether all of them lack something."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.aws.node import node_version
from lambdalint.aws.python_versions import python_version
from lambdalint.aws.versions import Version
from lambdalint.project.choices import ALLOWED, Choice, choices
from lambdalint.project.model import Function
from lambdalint.values import Literal, Parameter, options


class LanguageVersion(Struct, frozen=True):
    """A version that a function runs on, with where its runtime is set."""

    version: Version
    choice: Choice

    @property
    def runtime(self) -> str:
        """The runtime's identifier."""
        return str(self.choice.literal.value)


def language_versions(function: Function, language: str) -> tuple[LanguageVersion, ...]:
    """The versions of ``python`` or ``javascript`` that a function may run on, the lowest first.

    What a parameter merely allows is left out. Nothing where another language, or none that is known, is possible.
    """
    setting = function.runtime
    if setting is None or function.package_type != "Zip":
        return ()
    value = function.project.linker.join(setting.value)
    for option in options(value):
        if not isinstance(option, Literal) and not (isinstance(option, Parameter) and option.default is not None):
            return ()
    found: list[LanguageVersion] = []
    for choice in choices(value):
        if choice.how == ALLOWED:
            continue
        version = _version(str(choice.literal.value), language)
        if version is None:
            return ()
        found.append(LanguageVersion(version, choice))
    return tuple(sorted(found, key=lambda item: item.version))


def _version(runtime: str, language: str) -> Version | None:
    if language == "python":
        return python_version(runtime)
    node = node_version(runtime)
    return (node,) if node is not None else None
