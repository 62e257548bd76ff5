"""CDK assemblies as the project sees them: constructs and assets by name, and which resources are CDK's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from lambdalint.aws.cdk import (
    DESCRIPTIONS,
    ENTRYPOINT,
    FRAMEWORK,
    HANDLERS,
    INTERNAL,
    PROVIDER_CLASS,
    PROVIDER_SUFFIX,
    PROVIDERS,
    SINGLETONS,
    USER_PROVIDER_CLASS,
)
from lambdalint.regex import regex
from lambdalint.templates.cdk import Assembly, Asset, Construct, Stack
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.values import Literal, Text, Value, options, prefix, suffix, text

_FOLDED = regex(r"\.\.\.(?P<call>.*) in aws-cdk-lib(?:,.*)?\.\.\.\Z")
_FRAME_IN_LIBRARY = regex(r"(?P<call>.*?) \(.*[\\/]node_modules[\\/]aws-cdk-lib[\\/]")
_NEW_FUNCTION = regex(r"new \w*Function\d*\Z")


class Synthesised:
    """One assembly, and the folder of the app that it was made from.

    ``classes`` gives the classes of constructs by their path; they are read only when they are asked for.
    """

    def __init__(self, assembly: Assembly, app: str, classes: Callable[[], dict[str, str]]) -> None:
        self.assembly = assembly
        self.app = app
        self._classes = classes
        self.stacks: dict[str, Stack] = {stack.path: stack for stack in assembly.stacks}
        self.constructs: dict[str, Construct] = {construct.path: construct for construct in assembly.constructs}

    @cached_property
    def classes(self) -> dict[str, str]:
        """The class of each construct by its path."""
        return self._classes()

    @cached_property
    def _assets(self) -> dict[str, Asset]:
        return {asset.key: asset for asset in self.assembly.assets}

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], list[Construct]]:
        found: dict[tuple[str, str], list[Construct]] = {}
        for construct in self.assembly.constructs:
            if construct.logical_id:
                found.setdefault((construct.stack, construct.logical_id), []).append(construct)
        return found

    def holds(self, path: str) -> bool:
        """Whether a path is within the assembly's folder."""
        folder = self.assembly.folder
        return not folder or path == folder or path.startswith(folder + "/")

    def asset(self, location: Value | None) -> Asset | None:
        """The asset whose object a value names: an object's key, or a URL that ends with it."""
        for option in options(location):
            if isinstance(option, (Literal, Text)):
                return self._assets.get(suffix(option).rpartition("/")[2])
        return None

    def name_constructs(self, template: Template, logical_ids: Iterable[str]) -> None:
        """Gives a template the construct paths that its own metadata may not have."""
        stack = self.stacks.get(template.path)
        if stack is None:
            return
        for logical_id in logical_ids:
            known = self._by_id.get((stack.stack, logical_id), [])
            paths = [item.path for item in known if not stack.scope or self._scope(item) in (stack.scope, "")]
            if len(paths) == 1:
                template.constructs[logical_id] = paths[0]

    def _scope(self, construct: Construct) -> str:
        """The scope of the stack, nested ones included, that a construct belongs to."""
        scopes = self._scopes.get(construct.stack, ())
        return max((scope for scope in scopes if construct.path.startswith(scope + "/")), key=len, default="")

    @cached_property
    def _scopes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for stack in self.assembly.stacks:
            if stack.scope:
                found.setdefault(stack.stack, []).append(stack.scope)
        return found


def is_own(resource: Resource) -> bool:
    """Whether a resource of any type certainly belongs to a construct that CDK made for its own ends."""
    return any(_is_own_id(step) for step in resource.construct.split("/") if step)


def is_own_function(resource: Resource, assembly: Synthesised | None) -> bool:
    """Whether CDK made a function for its own ends: by an id that only CDK gives, or by any two weaker signs."""
    path = resource.construct
    steps = path.split("/")
    if any(_is_singleton(step) or step.startswith(INTERNAL) for step in (*steps, resource.logical_id)):
        return True
    signs = [any(_is_own_id(step) for step in steps), _is_own_by_handler(resource)]
    construct = assembly.constructs.get(path) if assembly is not None else None
    if construct is not None:
        signs.append(_is_made_by_library(construct))
    if assembly is not None and any(signs) and sum(signs) < 2:
        kind, parent = assembly.classes.get(path, ""), assembly.classes.get(path.rpartition("/")[0], "")
        if parent == USER_PROVIDER_CLASS:
            return False
        signs.append(kind == "aws-cdk-lib.CfnResource" and parent in (PROVIDER_CLASS, "constructs.Construct"))
    return sum(signs) > 1


def _is_singleton(step: str) -> bool:
    return len(step) >= 32 and any(known in step.lower() for known in SINGLETONS)


def _is_own_id(step: str) -> bool:
    if step.endswith(PROVIDER_SUFFIX) and step.removesuffix(PROVIDER_SUFFIX) in PROVIDERS:
        return True
    return step in FRAMEWORK or step.startswith(INTERNAL) or _is_singleton(step)


def _is_own_by_handler(resource: Resource) -> bool:
    handler = text(resource.value("Handler"))
    if handler in HANDLERS or handler == ENTRYPOINT:
        return True
    return prefix(resource.value("Description")).startswith(DESCRIPTIONS)


def _is_made_by_library(construct: Construct) -> bool:
    """Whether the user's code called something else of the library than a function's constructor."""
    call = ""
    for frame in construct.trace:
        match = _FOLDED.match(frame) or _FRAME_IN_LIBRARY.match(frame)
        if match is None:
            break
        call = match.group("call")
    return bool(call) and not _NEW_FUNCTION.match(call) and not call.startswith("CustomResourceProvider.")
