"""Which versions of Node.js a function runs on."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.aws.node import CHANGES_LOADING, node_version
from lambdalint.project.choices import ALLOWED, Choice, choices
from lambdalint.project.model import Function
from lambdalint.values import candidates, text


class NodeRuntime(Struct, frozen=True):
    """A version that a function may have. ``is_set``: not only one of the values that a parameter allows."""

    version: int
    choice: Choice

    @property
    def name(self) -> str:
        """The runtime's identifier."""
        return str(self.choice.literal.value)

    @property
    def is_set(self) -> bool:
        """Whether it is written in place, or a parameter's default."""
        return self.choice.how != ALLOWED


def node_runtimes(function: Function) -> tuple[NodeRuntime, ...]:
    """The versions of Node.js that a function may have, the newest first, those that are set before the others."""
    setting = function.runtime
    if setting is None or function.package_type == "Image":
        return ()
    found: list[NodeRuntime] = []
    for choice in choices(function.project.linker.join(setting.value)):
        version = node_version(str(choice.literal.value))
        if version is not None:
            found.append(NodeRuntime(version, choice))
    return tuple(sorted(found, key=lambda item: (not item.is_set, -item.version)))


def loads_as_usual(function: Function) -> bool:
    """Whether nothing is known, or likely, to change how Node.js loads the function's modules."""
    variable = function.environment.get("NODE_OPTIONS")
    written = [text(value) for value in candidates(variable.value)] if variable is not None else []
    if any(value is None or CHANGES_LOADING.search(value) for value in written):
        return False
    return not function.has_wrapper and "NODE_PATH" not in function.environment
