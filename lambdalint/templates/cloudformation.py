"""A template: its parameters, its resources, and their properties as values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lambdalint.source import NOWHERE, Data, Span
from lambdalint.templates import sam
from lambdalint.templates.document import Document, Mapping, Node, Pair, Scalar, get, items, scalar_text
from lambdalint.templates.intrinsics import Evaluator
from lambdalint.values import (
    Absent,
    Entry,
    ListOf,
    Literal,
    MapOf,
    OneOf,
    Parameter,
    Unknown,
    Value,
    member,
    options,
    text,
)


class Setting(Data, frozen=True):
    """A property as a template sets it: its value, the place of the value and of its key."""

    value: Value
    span: Span
    key_span: Span


class Resource:
    """A template's resource: logical id, type, properties, each with its place."""

    __slots__ = (
        "_has_functions",
        "_properties",
        "condition",
        "depends_on",
        "key_span",
        "logical_id",
        "metadata",
        "node",
        "properties_node",
        "template",
        "type",
        "type_span",
    )

    def __init__(self, template: Template, pair: Pair) -> None:
        self.template = template
        self.logical_id = pair.key
        self.key_span = pair.key_span
        self.node = pair.value
        kind = get(pair.value, "Type")
        self.type = scalar_text(kind)
        self.type_span = kind.span if kind else pair.key_span
        self.properties_node = get(pair.value, "Properties")
        self._has_functions: bool | None = None
        self.metadata = get(pair.value, "Metadata")
        self.condition = scalar_text(get(pair.value, "Condition"))
        self.depends_on = tuple(scalar_text(item) for item in items(get(pair.value, "DependsOn")))
        self._properties: dict[str, Setting | None] = {}

    def __repr__(self) -> str:
        return f"<{self.type} {self.logical_id}>"

    @property
    def span(self) -> Span:
        """Where the resource is named: its logical id."""
        return self.key_span

    @property
    def construct(self) -> str:
        """The path of the CDK construct that made it, or nothing."""
        return text(self.about("aws:cdk:path")) or self.template.constructs.get(self.logical_id, "")

    @property
    def display(self) -> str:
        """How messages call it: the logical id, or what the user of CDK knows it by."""
        path, _, last = self.construct.rpartition("/")
        return path if path and last in ("Resource", "Default") else self.construct or self.logical_id

    @property
    def body(self) -> Span:
        """From the logical id to the resource's end."""
        return self.key_span.to(self.node.span) if self.key_span.line else self.node.span

    @property
    def properties(self) -> Value:
        """All properties as one value."""
        return self.template.value(self.properties_node)

    def get(self, *path: str) -> Setting | None:
        """The property under a path of keys, or None where it is certainly not set.

        A property that a condition may leave out has :class:`~lambdalint.values.Absent` among its options.
        """
        name = path[0]
        if name not in self._properties:
            self._properties[name] = self._top(name)
        found = self._properties[name]
        for key in path[1:]:
            if found is None:
                return None
            found = child(found, key)
        return found

    def value(self, *path: str) -> Value | None:
        """The value of the property under a path of keys, or None where it is certainly not set."""
        found = self.get(*path)
        return found.value if found else None

    def about(self, *keys: str) -> Value | None:
        """The value under a path of keys in ``Metadata``, or None."""
        node = get(self.metadata, *keys) if self.metadata is not None else None
        return self.template.value(node) if node is not None else None

    def _top(self, name: str) -> Setting | None:
        node = self.properties_node
        if isinstance(node, Mapping):
            pair = node.pair(name)
            if pair is not None:
                return setting(self.template.value(pair.value), pair.key_span)
            if self._has_functions is None:
                self._has_functions = any(pair.key.startswith("Fn::") for pair in node.pairs)
            if not self._has_functions:
                return None
        if node is None:
            return None
        value = member(self.template.value(node), name)
        return setting(value, node.span) if value is not None else None


def setting(value: Value, key_span: Span) -> Setting | None:
    """The setting of a value under a key; None for ``AWS::NoValue``."""
    if isinstance(value, Absent):
        return None
    return Setting(value, value.span if value.span != NOWHERE else key_span, key_span)


def child(parent: Setting, key: str) -> Setting | None:
    """The setting under a key of another one."""
    value = member(parent.value, key)
    if value is None:
        return None
    key_span = parent.key_span
    for option in options(parent.value):
        entry = option.entry(key) if isinstance(option, MapOf) else None
        if entry is not None:
            key_span = entry.key_span
            break
    return setting(value, key_span)


class Template:
    """A CloudFormation or SAM document. ``path`` is its source's.

    ``assembly`` is the folder of the CDK assembly that it belongs to, or None. ``constructs`` gives the construct path
    for logical ids of resources, outputs and parameters, where the assembly tells it.
    """

    def __init__(self, path: str, root: Mapping) -> None:
        self.path = path
        self.root = root
        self.assembly: str | None = None
        self.constructs: dict[str, str] = {}
        self.parameters = _parameters(path, get(root, "Parameters"))
        self.evaluator = Evaluator(path, self.parameters, get(root, "Mappings"))
        resources = get(root, "Resources")
        pairs = resources.pairs if isinstance(resources, Mapping) else ()
        self.resources: dict[str, Resource] = {
            pair.key: Resource(self, pair)
            for pair in pairs
            if isinstance(pair.value, Mapping) and not pair.key.startswith("Fn::")
        }
        sam.apply_globals(self.root, self.resources.values())
        self.metadata = get(root, "Metadata")
        self.transforms = tuple(scalar_text(item) for item in items(get(root, "Transform")))

    def __repr__(self) -> str:
        return f"<Template {self.path}>"

    @cached_property
    def is_sam(self) -> bool:
        """Whether SAM transforms it."""
        return any("Serverless" in name for name in self.transforms) or any(
            resource.type.startswith("AWS::Serverless::") for resource in self.resources.values()
        )

    @property
    def is_complete(self) -> bool:
        """Whether all of its resources are there to see: no macro, include or loop adds others."""
        resources = get(self.root, "Resources")
        keys = [pair.key for pair in resources.pairs] if isinstance(resources, Mapping) else []
        if any(key.startswith("Fn::") for key in keys):
            return False
        return all(name.startswith("AWS::") and name != "AWS::Include" for name in self.transforms)

    def let_go(self) -> None:
        """Frees memory: resources and templates refer to each other. Nothing can be asked afterwards."""
        self.__dict__.clear()

    def value(self, node: Node | None) -> Value:
        """The value of a node of this template."""
        return self.evaluator.value(node)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of some types, in the order of the document."""
        if len(types) == 1:
            yield from self._by_type.get(types[0], ())
            return
        for resource in self.resources.values():
            if resource.type in types:
                yield resource

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            found.setdefault(resource.type, []).append(resource)
        return found

    def outputs(self) -> Iterator[tuple[str, Value, Value | None]]:
        """Name, value and export name of each output."""
        node = get(self.root, "Outputs")
        if isinstance(node, Mapping):
            for pair in node.pairs:
                export = get(pair.value, "Export", "Name")
                yield pair.key, self.value(get(pair.value, "Value")), self.value(export) if export else None


def _parameters(path: str, node: Node | None) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    if not isinstance(node, Mapping):
        return found
    for pair in node.pairs:
        default = get(pair.value, "Default")
        allowed = get(pair.value, "AllowedValues")
        kind = scalar_text(get(pair.value, "Type")) or "String"
        known = not kind.startswith("AWS::SSM::Parameter::Value")  # there the values are names of parameters
        several = kind.startswith(("List<", "CommaDelimitedList")) and "," in scalar_text(default)
        found[pair.key] = Parameter(
            pair.key,
            path,
            Literal(default.value, default.span) if known and not several and isinstance(default, Scalar) else None,
            tuple(Literal(item.value, item.span) for item in items(allowed) if known and isinstance(item, Scalar)),
            scalar_text(get(pair.value, "NoEcho")).lower() == "true",
            kind,
            pair.key_span,
        )
    return found


def templates_in(document: Document) -> list[Template]:
    """The templates that a document holds, told by content: resources with a type of the form ``A::B::C``."""
    found = []
    for root in document.roots:
        if isinstance(root, Mapping) and is_template(root):
            found.append(Template(root.span.path, root))
    return found


def is_template(root: Mapping) -> bool:
    """Whether a mapping is a template."""
    resources = root.get("Resources")
    if not isinstance(resources, Mapping):
        return False
    return any(_is_type(scalar_text(get(pair.value, "Type"))) for pair in resources.pairs)


def _is_type(text: str) -> bool:
    """Whether a text has the form of a resource type, such as ``AWS::Lambda::Function``."""
    parts = text.split("::")
    return len(parts) > 2 and all(part.isascii() and part.isalnum() for part in parts)


def entries(value: Value | None) -> Iterator[Entry]:
    """The entries of a map, those of all its branches."""
    for option in options(value):
        if isinstance(option, MapOf):
            yield from option.entries


def elements(value: Value | None) -> Iterator[Value]:
    """The items of a list, those of all its branches; what is no list counts as its own only item."""
    for option in options(value):
        if isinstance(option, ListOf):
            for item in option.items:
                yield from (option for option in options(item) if not isinstance(option, Absent))
        elif not isinstance(option, (Absent, Unknown)):
            yield option


def is_optional(value: Value | None) -> bool:
    """Whether a condition may leave the value out."""
    return (
        value is None
        or isinstance(value, Absent)
        or (isinstance(value, OneOf) and any(isinstance(option, Absent) for option in options(value)))
    )
