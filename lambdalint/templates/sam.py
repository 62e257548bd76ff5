"""SAM's ``Globals``, merged into resources by SAM's own rules; every value keeps its place in ``Globals``.

Rules of the merge (aws-sam-translator, ``plugins/globals``): maps merge, lists append with the global items first,
everything else is overridden by the resource. An intrinsic function counts as a scalar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from lambdalint.templates.document import Mapping, Node, Pair, Sequence, get, items, scalar_text
from lambdalint.templates.intrinsics import is_intrinsic

_SECTIONS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
    "AWS::Serverless::SimpleTable": "SimpleTable",
    "AWS::Serverless::StateMachine": "StateMachine",
    "AWS::Serverless::LayerVersion": "LayerVersion",
    "AWS::Serverless::CapacityProvider": "CapacityProvider",
}


class _HasProperties(Protocol):
    type: str
    node: Node
    properties_node: Node | None


def apply_globals(root: Mapping, resources: Iterable[_HasProperties]) -> None:
    """Merges ``Globals`` of a template into the properties of its SAM resources."""
    sections = root.get("Globals")
    if not isinstance(sections, Mapping):
        return
    for resource in resources:
        section = _SECTIONS.get(resource.type)
        shared = sections.get(section) if section else None
        if not isinstance(shared, Mapping):
            continue
        shared = _without_ignored(shared, get(resource.node, "IgnoreGlobals"))
        own = resource.properties_node
        resource.properties_node = shared if own is None else merge(shared, own)


def merge(shared: Node, own: Node) -> Node:
    """The node that SAM makes of a global and a resource's own one."""
    if is_intrinsic(shared) or is_intrinsic(own):
        return own
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        pairs: list[Pair] = []
        for pair in shared.pairs:
            other = own.pair(pair.key)
            if other is None:
                pairs.append(pair)
            else:
                merged = merge(pair.value, other.value)
                pairs.append(other if merged is other.value else Pair(pair.key, other.key_span, merged))
        known = {pair.key for pair in shared.pairs}
        pairs.extend(pair for pair in own.pairs if pair.key not in known)
        return Mapping(tuple(pairs), own.span)
    if isinstance(shared, Sequence) and isinstance(own, Sequence):
        return Sequence((*shared.items, *own.items), own.span)
    return own


def _without_ignored(shared: Mapping, ignored: Node | None) -> Mapping:
    names = {scalar_text(item) for item in items(ignored)}
    if "*" in names:
        return Mapping((), shared.span)
    return Mapping(tuple(pair for pair in shared.pairs if pair.key not in names), shared.span) if names else shared
