"""What triggers what, and what writes where: the directed graph of resources and functions.

*Routes* come from templates: a bucket notifies a queue, a topic feeds a function. *Writes* come from code. A loop is a
way from a function's write back to the function. Whether something passes a filter is told with three answers
(:class:`~lambdalint.project.patterns.Match`); a loop is as sure as its least sure step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws.sdk import EFFECTS, Effect
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import INVOKE, CallRecord
from lambdalint.project.link import NAME_PROPERTIES, name_in
from lambdalint.project.model import EventSource, Function, Handler, Project
from lambdalint.project.patterns import Match, is_event_key, key_passes, kind_passes, value_passes
from lambdalint.source import Span
from lambdalint.templates.cloudformation import Resource, Template, elements, entries
from lambdalint.values import (
    Context,
    Env,
    Event,
    ListOf,
    Literal,
    MapOf,
    Text,
    Unknown,
    Value,
    identity,
    literals,
    member,
    options,
    text,
)

MAX_FUNCTIONS_IN_LOOP = 6
MAX_STEPS = 2_000
MAX_STEPS_UPSTREAM = 5
"""Resources between the one whose events reach a function and that function."""

Node = tuple[object, ...]
"""A resource: its kind, and what tells it from others of that kind."""

DETECTED = frozenset(("bucket", "queue", "topic", "function"))
"""What AWS's own detection of recursive loops sees: Lambda, SQS, SNS and S3."""

_TYPES = {
    "bucket": ("AWS::S3::Bucket",),
    "queue": ("AWS::SQS::Queue",),
    "topic": ("AWS::SNS::Topic",),
    "stream": ("AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer"),
    "table": ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"),
    "bus": ("AWS::Events::EventBus",),
    "function": ("AWS::Lambda::Function", "AWS::Serverless::Function"),
    "log group": ("AWS::Logs::LogGroup",),
    "delivery stream": ("AWS::KinesisFirehose::DeliveryStream",),
    "state machine": ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
}
_KIND_OF_SERVICE = {
    "s3": "bucket",
    "sqs": "queue",
    "sns": "topic",
    "kinesis": "stream",
    "firehose": "delivery stream",
    "events": "bus",
    "dynamodb": "table",
    "lambda": "function",
    "stepfunctions": "state machine",
    "iot-data": "iot topic",
}
KIND_OF_TYPE = {kind_type: kind for kind, types in _TYPES.items() for kind_type in types}
"""What resources are in the graph, by their types."""


class Payload(Struct, frozen=True):
    """What is written: an object with its key, an event with source and type, an item, a message.

    ``event`` names the kind of event where a resource has several. ``guarded``: the code looks at what a table's stream
    tells it before it writes, which may be what ends a loop.
    """

    event: str = ""
    key: Value | None = None
    source: Value | None = None
    detail_type: Value | None = None
    guarded: bool = False


class Step(Struct, frozen=True):
    """One hop of a way: a place, what happens there, and how sure it is."""

    span: Span
    label: str
    match: Match


class Route(Struct, frozen=True):
    """From a resource to a function or another resource, as a template says."""

    target: Function | Node
    passes: Callable[[Payload], Match]
    span: Span
    label: str


class Write(Struct, frozen=True):
    """What a function does to a resource. ``record`` is None for what Lambda does for it (logs, destinations)."""

    node: Node
    payload: Payload
    span: Span
    label: str
    record: CallRecord | None
    match: Match = Match.YES


class Loop(Struct, frozen=True):
    """A way from a function's write back to it. ``nodes`` are the resources on the way, ``functions`` start with it."""

    functions: tuple[Function, ...]
    nodes: tuple[Node, ...]
    write: Write
    steps: tuple[Step, ...]

    @property
    def match(self) -> Match:
        """How sure it is."""
        return min(step.match for step in self.steps)

    @property
    def is_detected(self) -> bool:
        """Whether AWS stops it by itself after some sixteen rounds."""
        return all(node[0] in DETECTED for node in self.nodes)


class Flow:
    """The graph of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._names: dict[Node, str] = {}
        self._routes: dict[Node, list[Route]] = {}
        self._writes: dict[int, tuple[Write, ...]] = {}
        self._unknown: set[int] = set()
        self._reached_from: dict[tuple[Node, int], frozenset[Function]] = {}
        for source in project.event_sources:
            self._add_event_source(source)
        for template in project.templates:
            for resource in template.resources.values():
                reader = _ROUTES.get(resource.type)
                if reader is not None:
                    reader(self, resource)

    # --- nodes --------------------------------------------------------------------------------------------------

    def nodes(self, template: Template, value: Value | None, kind: str) -> Iterator[Node]:
        """The resources of a kind that a value may name."""
        if value is None:
            return
        for option in options(self.project.linker.join(value)):
            resource = self.project.linker.resource(template, option, *_TYPES.get(kind, ()))
            if resource is not None and kind in _TYPES:
                yield self.node_of(resource)
                continue
            name = name_in(option)
            if isinstance(name, Literal) and isinstance(name.value, str) and name.value:
                yield self._named((kind, "name", name.value), name.value)
            elif not isinstance(name, (Event, Unknown, Context, Env)):
                key = identity(name)
                if key is not None and not _mentions_event(name):
                    label = name.name if hasattr(name, "name") else kind
                    yield self._named((kind, "value", template.path, key), str(label))

    def node_of(self, resource: Resource) -> Node:
        """The node of a declared resource; those of one physical name are the same."""
        kind = KIND_OF_TYPE[resource.type]
        name = text(resource.value(NAME_PROPERTIES[resource.type])) if resource.type in NAME_PROPERTIES else None
        if name:
            return self._named((kind, "name", name), resource.display)
        return self._named((kind, "resource", resource.template.path, resource.logical_id), resource.display)

    def _named(self, node: Node, name: str) -> Node:
        self._names.setdefault(node, name)
        return node

    def name(self, node: Node) -> str:
        """How messages call a node."""
        return f"{node[0]} {self._names.get(node, '')}".strip()

    # --- routes -------------------------------------------------------------------------------------------------

    def routes(self, node: Node) -> list[Route]:
        """Where what arrives at a resource goes on to."""
        return self._routes.get(node, [])

    def _add(self, node: Node, route: Route) -> None:
        self._routes.setdefault(node, []).append(route)

    def _add_event_source(self, source: EventSource) -> None:
        kind = source.kind
        if kind == "eventbridge":
            self._add_rule(source.template, source.trigger.properties, source.function, source.span)
            return
        value = _iot_topic(source) if kind == "iot" else source.trigger.source
        if kind == "sqs" and source.get("SqsSubscription") is not None:
            kind, value = "sns", source.value("Topic")
        if kind == "pipe" and source.source is not None:
            node_kind = KIND_OF_TYPE.get(source.source.type)
        else:
            node_kind = _NODE_OF_EVENT_SOURCE.get(kind)
        if node_kind is None:
            return
        passes, note = self._filter_of(source)
        for node in self.nodes(source.template, value, node_kind):
            label = f"{self.name(node)} triggers {source.function.display} here{note}"
            self._add(node, Route(source.function, passes, source.span, label))

    def _filter_of(self, source: EventSource) -> tuple[Callable[[Payload], Match], str]:
        if source.kind == "s3":
            return _notification_filter(source.trigger.properties)
        if source.kind == "dynamodb":
            return _stream_filter(source.value("FilterCriteria"))
        if source.kind == "logs":
            pattern = text(source.value("FilterPattern"))
            return (_always, "") if not pattern else (_perhaps, f", filter {pattern!r}")
        if source.kind == "pipe":
            filtered = source.get("SourceParameters", "FilterCriteria") is not None
            return (_perhaps, " through a filter") if filtered else (_always, "")
        if source.get("FilterCriteria") is not None or source.get("FilterPolicy") is not None:
            return _perhaps, " through a filter"
        return _always, ""

    def _add_rule(self, template: Template, properties: MapOf, target: Function | Node, span: Span) -> None:
        """An EventBridge rule: from its bus, and from the buckets whose events it asks for."""
        pattern = properties.get("EventPattern")
        bus = properties.get("EventBusName")
        name = target.display if isinstance(target, Function) else self.name(target)
        wants_s3 = value_passes(member(pattern, "source"), Literal("aws.s3")) is Match.YES
        if wants_s3 and pattern is not None:
            for node, passes in self._buckets_of(template, pattern):
                label = f"this rule passes events of {self.name(node)} on to {name}"
                self._add(node, Route(target, passes, span, label))
            return
        for node in self._buses(template, bus):
            label = f"this rule passes events of {self.name(node)} on to {name}"
            self._add(node, Route(target, _event_filter(pattern), span, label))

    def _buses(self, template: Template, bus: Value | None) -> Iterator[Node]:
        if bus is None:
            yield self._named(("bus", "name", "default"), "default")
        else:
            yield from self.nodes(template, bus, "bus")

    def _buckets_of(self, template: Template, pattern: Value) -> Iterator[tuple[Node, Callable[[Payload], Match]]]:
        detail = member(pattern, "detail")
        named = member(member(detail, "bucket"), "name") or member(member(detail, "requestParameters"), "bucketName")
        keys = member(member(detail, "object"), "key") or member(member(detail, "requestParameters"), "key")
        kinds = member(pattern, "detail-type")

        def passes(payload: Payload) -> Match:
            if not payload.event.startswith("s3:"):
                return Match.MAYBE
            found = Match.YES
            if kinds is not None:
                kind = "Object Created" if "ObjectCreated" in payload.event else "Object Deleted"
                trail = value_passes(kinds, Literal("AWS API Call via CloudTrail"))
                found = max(value_passes(kinds, Literal(kind)), Match.YES if trail is Match.YES else Match.NO)
            return min(found, value_passes(keys, payload.key)) if keys is not None else found

        for alternative in elements(named) if named is not None else ():
            for node in self.nodes(template, alternative, "bucket"):
                yield node, passes

    def _queue(self, resource: Resource) -> None:
        policy = resource.value("RedrivePolicy")
        for node in self.nodes(resource.template, member(policy, "deadLetterTargetArn"), "queue"):
            label = f"messages that fail too often move to {self.name(node)} here"
            self._add(self.node_of(resource), Route(node, _perhaps, resource.key_span, label))

    def _bucket(self, resource: Resource) -> None:
        own = self.node_of(resource)
        for name, key, kind in (("QueueConfigurations", "Queue", "queue"), ("TopicConfigurations", "Topic", "topic")):
            for item in elements(resource.value("NotificationConfiguration", name)):
                properties = item if isinstance(item, MapOf) else MapOf(())
                passes, note = _notification_filter(properties)
                for node in self.nodes(resource.template, properties.get(key), kind):
                    label = f"{self.name(own)} notifies {self.name(node)} here{note}"
                    self._add(own, Route(node, passes, item.span, label))

    def _subscription(self, resource: Resource) -> None:
        if text(resource.value("Protocol")) != "sqs":
            return
        passes = _perhaps if resource.get("FilterPolicy") is not None else _always
        for topic in self.nodes(resource.template, resource.value("TopicArn"), "topic"):
            for queue in self.nodes(resource.template, resource.value("Endpoint"), "queue"):
                label = f"{self.name(topic)} feeds {self.name(queue)} here"
                self._add(topic, Route(queue, passes, resource.key_span, label))

    def _topic(self, resource: Resource) -> None:
        for item in elements(resource.value("Subscription")):
            if text(member(item, "Protocol")) == "sqs":
                for queue in self.nodes(resource.template, member(item, "Endpoint"), "queue"):
                    own = self.node_of(resource)
                    self._add(own, Route(queue, _always, item.span, f"{self.name(own)} feeds {self.name(queue)} here"))

    def _rule(self, resource: Resource) -> None:
        if resource.get("EventPattern") is None:
            return
        properties = resource.properties if isinstance(resource.properties, MapOf) else MapOf(())
        for item in elements(resource.value("Targets")):
            arn = member(item, "Arn")
            for kind in ("queue", "topic", "stream", "bus", "state machine", "delivery stream"):
                target = self.project.linker.resource(resource.template, arn, *_TYPES[kind])
                if target is not None:
                    self._add_rule(resource.template, properties, self.node_of(target), resource.key_span)

    def _delivery_stream(self, resource: Resource) -> None:
        own = self.node_of(resource)
        for name in ("S3DestinationConfiguration", "ExtendedS3DestinationConfiguration"):
            for node in self.nodes(resource.template, resource.value(name, "BucketARN"), "bucket"):
                label = f"{self.name(own)} delivers to {self.name(node)} here"
                self._add(own, Route(node, _perhaps, resource.key_span, label))

    # --- writes -------------------------------------------------------------------------------------------------

    def writes(self, function: Function) -> tuple[Write, ...]:
        """What a function does to resources: its code's calls, its destinations and its own log."""
        key = id(function)
        if key not in self._writes:
            found = [*self._code_writes(function), *self._destinations(function), *self._own_log(function)]
            self._writes[key] = tuple(found)
        return self._writes[key]

    def has_unknown_writes(self, function: Function) -> bool:
        """Whether the code is not known, or writes to something that can't be told."""
        if function.handler is None or function.handler.target is None:
            return True
        self.writes(function)
        return id(function) in self._unknown

    def _code_writes(self, function: Function) -> Iterator[Write]:
        if function.handler is None:
            return
        guarded: bool | None = None
        for record in function.handler.operations:
            operation = record.operation
            effect = EFFECTS.get((operation.service, operation.name)) if operation is not None else None
            if operation is None or effect is None or record.phase != INVOKE:
                continue
            if guarded is None:
                guarded = _looks_at_records(function.handler)
            arguments = function.substitute(record.arguments)
            match = Match.MAYBE if record.possible and operation.service not in ("s3", "lambda") else Match.YES
            for target, payload in self._targets(function, operation.service, arguments, effect, guarded):
                label = f"{function.display} calls {operation.name} on {self.name(target)}"
                yield Write(target, payload, record.span, label, record, match)

    def _targets(
        self, function: Function, service: str, arguments: Value, effect: Effect, guarded: bool
    ) -> Iterator[tuple[Node, Payload]]:
        kind = _KIND_OF_SERVICE[service]
        if service == "events":
            for entry in elements(member(arguments, "Entries")):
                bus = member(entry, "EventBusName")
                payload = Payload("", None, member(entry, "Source"), member(entry, "DetailType"))
                if isinstance(entry, MapOf):
                    yield from ((node, payload) for node in self._buses(function.template, bus))
                else:
                    self._unknown.add(id(function))
            return
        key = next(at_path(arguments, effect.key), None) if effect.key else None
        payload = Payload(effect.event, key, None, None, guarded)
        known = False
        for path in effect.targets:
            for value in at_path(arguments, path):
                for option in options(value):
                    nodes = list(self._node_of_argument(function, option, kind))
                    known = known or bool(nodes)
                    yield from ((node, payload) for node in nodes)
        if not known:
            self._unknown.add(id(function))

    def _node_of_argument(self, function: Function, value: Value, kind: str) -> Iterator[Node]:
        if isinstance(value, Event):
            steps = tuple(step for step in value.path if not step.startswith("@"))
            if kind == "bucket" and names_bucket(steps):
                yield from self.upstream(function, "bucket")
            return
        if kind == "function":
            found, _ = self.project.linker.function(function.template, value)
            if found is not None:
                yield self.node_of(found.resource)
                return
        yield from self.nodes(function.template, value, kind)

    def upstream(self, function: Function, kind: str) -> Iterator[Node]:
        """The resources of a kind whose events reach a function, directly or over queues, topics and rules."""
        for node in self._routes:
            if node[0] == kind and function in self._reached(node, 0):
                yield node

    def _reached(self, node: Node, depth: int) -> frozenset[Function]:
        """The functions that events of a resource reach over so many others at most."""
        if depth > MAX_STEPS_UPSTREAM:
            return frozenset()
        if (node, depth) not in self._reached_from:
            found: set[Function] = set()
            for route in self.routes(node):
                if isinstance(route.target, Function):
                    found.add(route.target)
                else:
                    found |= self._reached(route.target, depth + 1)
            self._reached_from[node, depth] = frozenset(found)
        return self._reached_from[node, depth]

    def _destinations(self, function: Function) -> Iterator[Write]:
        configurations: list[tuple[Value | None, Span]] = []
        own = function.get("EventInvokeConfig", "DestinationConfig")
        if own is not None:
            configurations.append((own.value, own.key_span))
        for resource in function.template.of_type("AWS::Lambda::EventInvokeConfig"):
            target, _ = self.project.linker.function(function.template, resource.value("FunctionName"))
            if target is function:
                configurations.append((resource.value("DestinationConfig"), resource.key_span))
        asynchronous = any(not source.is_polled and not source.is_synchronous for source in function.event_sources)
        for value, span in configurations:
            for entry in entries(value):
                destination = member(entry.value, "Destination")
                match = Match.YES if entry.key == "OnSuccess" and asynchronous else Match.MAYBE
                for kind in ("queue", "topic", "bus", "function", "bucket"):
                    for resource in self.project.linker.resources(function.template, destination, *_TYPES[kind]):
                        node = self.node_of(resource)
                        label = f"{entry.key} of {function.display} goes to {self.name(node)} here"
                        yield Write(node, Payload(), span, label, None, match)

    def _own_log(self, function: Function) -> Iterator[Write]:
        label = f"{function.display} writes its log to this group"
        group = function.get("LoggingConfig", "LogGroup")
        if group is not None:
            for node in self.nodes(function.template, group.value, "log group"):
                yield Write(node, Payload(), group.span, label, None)
            return
        for node in self._log_groups:
            if self._is_log_of(node, function):
                yield Write(node, Payload(), function.span, label, None)

    @cached_property
    def _log_groups(self) -> list[Node]:
        return [node for node in self._routes if node[0] == "log group"]

    def _is_log_of(self, node: Node, function: Function) -> bool:
        name = text(function.resource.value("FunctionName"))
        if node[1] == "name":
            return name is not None and node[2] == f"/aws/lambda/{name}"
        if node[1] == "resource":
            template = self.project.template(str(node[2]))
            resource = template.resources.get(str(node[3])) if template is not None else None
            value = resource.value("LogGroupName") if resource is not None else None
            return template is function.template and _is_log_name(value, function)
        own = ("text", ("literal", "/aws/lambda/"), ("ref", function.template.path, function.name, ""))
        return node[2] == function.template.path and node[3] == own

    # --- loops --------------------------------------------------------------------------------------------------

    def loops(self, function: Function) -> list[Loop]:
        """The ways from a function's writes back to it, the surest first; one for each write."""
        found: list[Loop] = []
        for write in self.writes(function):
            best: Loop | None = None
            first = Step(write.span, write.label, write.match)
            budget = [MAX_STEPS]
            for loop in self._ways(function, (function,), write, write, (write.node,), (first,), budget):
                if best is None or (loop.match, -len(loop.steps)) > (best.match, -len(best.steps)):
                    best = loop
            if best is not None:
                found.append(best)
        return sorted(found, key=lambda loop: (-loop.match, len(loop.functions), len(loop.steps)))

    def _ways(
        self,
        start: Function,
        functions: tuple[Function, ...],
        first: Write,
        current: Write,
        nodes: tuple[Node, ...],
        steps: tuple[Step, ...],
        budget: list[int],
    ) -> Iterator[Loop]:
        if nodes[-1][0] == "function":
            target = self._functions.get(nodes[-1])
            if target is not None:
                yield from self._arrive(start, target, functions, first, nodes, steps, budget)
            return
        for route in self.routes(nodes[-1]):
            budget[0] -= 1
            if budget[0] < 0:
                return
            match = route.passes(current.payload)
            if match is Match.NO:
                continue
            step = Step(route.span, route.label, match)
            if isinstance(route.target, Function):
                yield from self._arrive(start, route.target, functions, first, nodes, (*steps, step), budget)
            elif route.target not in nodes:
                onward = replace(current, payload=Payload())
                yield from self._ways(start, functions, first, onward, (*nodes, route.target), (*steps, step), budget)

    def _arrive(
        self,
        start: Function,
        target: Function,
        functions: tuple[Function, ...],
        first: Write,
        nodes: tuple[Node, ...],
        steps: tuple[Step, ...],
        budget: list[int],
    ) -> Iterator[Loop]:
        if target is start:
            yield Loop(functions, nodes, first, steps)
            return
        if target in functions or len(functions) >= MAX_FUNCTIONS_IN_LOOP:
            return
        for write in self.writes(target):
            budget[0] -= 1
            if budget[0] < 0:
                return
            if write.record is None and write.node[0] == "log group":
                continue
            step = Step(write.span, write.label, write.match)
            yield from self._ways(
                start, (*functions, target), first, write, (*nodes, write.node), (*steps, step), budget
            )

    @cached_property
    def _functions(self) -> dict[Node, Function]:
        found: dict[Node, Function] = {}
        for function in self.project.functions:
            found.setdefault(self.node_of(function.resource), function)
        return found


def at_path(value: Value | None, path: tuple[str, ...]) -> Iterator[Value]:
    """The values at a path of keys; ``*`` for each item of a list, ``?`` for each key of a map."""
    if value is None:
        return
    if not path:
        yield value
        return
    step, rest = path[0], path[1:]
    for option in options(value):
        if step == "*":
            if isinstance(option, ListOf):
                for item in option.items:
                    yield from at_path(item, rest)
        elif step == "?":
            for entry in entries(option):
                key: Value = Env(entry.key[1:], None, entry.key_span)
                yield key if entry.key.startswith("\0") else Literal(entry.key, entry.key_span)
        else:
            yield from at_path(member(option, step), rest)


def names_bucket(steps: tuple[str, ...]) -> bool:
    """Whether a path into an event leads to the name of the bucket that the event is about."""
    return steps[-2:] == ("bucket", "name") or steps[-1:] in (("bucket_name",), ("bucketName",), ("s3Bucket",))


_NODE_OF_EVENT_SOURCE = {
    "s3": "bucket",
    "sqs": "queue",
    "sns": "topic",
    "kinesis": "stream",
    "dynamodb": "table",
    "logs": "log group",
    "iot": "iot topic",
}
_STREAM_WORDS = frozenset(("eventName", "INSERT", "MODIFY", "REMOVE"))


def _looks_at_records(handler: Handler) -> bool:
    """Whether a handler's code asks for the kind of change, or decides anything at all while it runs."""
    decides = any(
        activation.index in activation.module.told(_branching)
        for activation in handler.run.activations
        if activation.phase == INVOKE
    )
    return decides or any(module.told(_has_stream_words) for module in handler.modules)


def _has_stream_words(module: ModuleIndex) -> bool:
    return any(item.value in _STREAM_WORDS for item in module.strings)


def _branching(module: ModuleIndex) -> frozenset[int]:
    """The functions of a module that decide something."""
    return frozenset(block.function for block in module.facts.blocks if block.kind in ("then", "case"))


def _always(payload: Payload) -> Match:
    return Match.YES


def _perhaps(payload: Payload) -> Match:
    return Match.MAYBE


def _notification_filter(properties: MapOf) -> tuple[Callable[[Payload], Match], str]:
    wanted = [kind.value for item in elements(properties.get("Event")) for kind in literals(item)]
    rules: dict[str, str | None] = {}
    found = properties.get("Filter")
    listed = member(member(found, "S3Key"), "Rules") or member(member(found, "Key"), "FilterRules")
    for rule in elements(listed):
        rules[(text(member(rule, "Name")) or "").lower()] = text(member(rule, "Value"))
    unsure = (found is not None and not rules) or None in rules.values()
    start, end = rules.get("prefix") or "", rules.get("suffix") or ""

    def passes(payload: Payload) -> Match:
        kinds = max((kind_passes(payload.event, str(kind)) for kind in wanted), default=Match.MAYBE)
        keys = key_passes(payload.key, start, end)
        return min(kinds, keys, Match.MAYBE if unsure else Match.YES)

    shown = [f"prefix {start!r}" if start else "", f"suffix {end!r}" if end else ""]
    note = " and ".join(part for part in shown if part)
    return passes, f" ({note})" if note else ", whatever the key" if not unsure else ""


def _stream_filter(criteria: Value | None) -> tuple[Callable[[Payload], Match], str]:
    """Filters of a table's stream, as far as they ask for the kind of change."""

    def passes(payload: Payload) -> Match:
        if payload.guarded or criteria is not None:
            return Match.MAYBE
        return Match.YES

    return passes, " through a filter" if criteria is not None else ""


def _event_filter(pattern: Value | None) -> Callable[[Payload], Match]:
    def passes(payload: Payload) -> Match:
        if pattern is None or not isinstance(pattern, MapOf):
            return Match.MAYBE
        found = Match.YES
        for entry in pattern.entries:
            if entry.key == "source":
                found = min(found, value_passes(entry.value, payload.source))
            elif entry.key == "detail-type":
                found = min(found, value_passes(entry.value, payload.detail_type))
            elif entry.key in ("account", "region"):
                continue
            else:
                found = min(found, Match.MAYBE)
        return found

    return passes


def _iot_topic(source: EventSource) -> Value | None:
    query = text(source.trigger.source)
    if query is None:
        return None
    _, found, rest = query.partition(" FROM ")
    topic = rest.strip().split(" ")[0].strip("'\"")
    return Literal(topic, source.span) if found and topic and not set(topic) & set("+#") else None


def _is_log_name(value: Value | None, function: Function) -> bool:
    key = identity(value)
    name = text(function.resource.value("FunctionName"))
    if name is not None and key == ("literal", f"/aws/lambda/{name}"):
        return True
    return key == ("text", ("literal", "/aws/lambda/"), ("ref", function.template.path, function.name, ""))


def _mentions_event(value: Value) -> bool:
    return isinstance(value, Text) and any(isinstance(part, (Event, Unknown, Env, Context)) for part in value.parts)


def invokes_itself(record: CallRecord) -> bool:
    """Whether a call invokes the very function that it runs in, by the name that Lambda tells it."""
    operation = record.operation
    if operation is None or operation.service != "lambda" or "Invoke" not in operation.name:
        return False
    for option in options(record.arguments.get("FunctionName")):
        if isinstance(option, Env) and option.name == "AWS_LAMBDA_FUNCTION_NAME":
            return True
        if isinstance(option, Context) and option.attribute in OWN_NAMES:
            return True
    return False


OWN_NAMES = frozenset(("function_name", "invoked_function_arn", "functionName", "invokedFunctionArn"))

_ROUTES: dict[str, Callable[[Flow, Resource], None]] = {
    "AWS::SQS::Queue": Flow._queue,
    "AWS::S3::Bucket": Flow._bucket,
    "AWS::SNS::Subscription": Flow._subscription,
    "AWS::SNS::Topic": Flow._topic,
    "AWS::Events::Rule": Flow._rule,
    "AWS::KinesisFirehose::DeliveryStream": Flow._delivery_stream,
}


def rewrites_event_object(record: CallRecord) -> bool:
    """Whether a call writes the very object that the S3 event is about, so that the event comes again."""
    operation = record.operation
    effect = EFFECTS.get((operation.service, operation.name)) if operation is not None else None
    if effect is None or not effect.event.startswith("s3:ObjectCreated"):
        return False
    bucket, key = record.arguments.get("Bucket"), record.arguments.get("Key")
    return (
        is_event_key(key)
        and isinstance(key, Event)
        and isinstance(bucket, Event)
        and key.path[-3:-1] == ("s3", "object")
        and bucket.path[-3:] == ("s3", "bucket", "name")
    )
