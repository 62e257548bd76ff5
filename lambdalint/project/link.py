"""Links what templates say to each other: names, references and ARNs to resources, locations to folders."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from lambdalint.project.model import FUNCTION_TYPES, LAYER_TYPES, Code, EventSource, Function, Layer
from lambdalint.project.originals import Originals
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.templates.cloudformation import Resource, Template
from lambdalint.templates.events import SOURCE_TYPES, triggers_of
from lambdalint.templates.intrinsics import IMPORT, export_name
from lambdalint.values import (
    Literal,
    MapOf,
    Parameter,
    Ref,
    Text,
    Unknown,
    Value,
    identity,
    literals,
    options,
    replace,
    text,
)

if TYPE_CHECKING:
    from lambdalint.project.model import Project

MAX_JOINS = 12

NAME_PROPERTIES = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Serverless::SimpleTable": "TableName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Events::EventBus": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Serverless::StateMachine": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Batch::JobQueue": "JobQueueName",
}
"""The property that gives a resource its physical name."""

_ARN = regex(r"arn:[^:]*:([a-z0-9-]+):[^:]*:[^:]*:(.*)", re.DOTALL)
_URL = regex(r"https://(?:sqs\.[^/]*|queue)\.amazonaws\.com(?:\.cn)?/[^/]*/(.+)\Z", re.DOTALL)


class Linker:
    """Answers what a value of a template or of code refers to."""

    def __init__(self, project: Project, originals: Originals | None = None) -> None:
        self.project = project
        self._originals = originals
        self._parents: dict[str, list[Resource]] | None = None
        self._exports: dict[tuple[str | None, str], tuple[Template, Value]] | None = None
        self._named: dict[str, dict[tuple[object, ...], list[Resource]]] = {}
        self._named_together: dict[str, dict[tuple[object, ...], list[Resource]]] = {}
        self.inline: dict[str, Template] = {}
        self._functions: dict[tuple[str, str], Function] = {}
        self._followed: set[tuple[str, str]] = set()
        """The versions and aliases whose function is being looked for."""
        self._layers: dict[tuple[str, str], Layer] = {}

    # --- values -------------------------------------------------------------------------------------------------

    def join(self, value: Value) -> Value:
        """The value with what templates tell of each other put in: nested stacks' parameters, outputs, imports."""
        for _ in range(MAX_JOINS):
            joined = replace(value, self._joined)
            if joined == value:
                return joined
            value = joined
        return value

    def _joined(self, value: Value) -> Value | None:
        if isinstance(value, Parameter):
            return self._given_parameter(value)
        if isinstance(value, Ref):
            if value.attribute == IMPORT:
                importing = self.project.template(value.span.path)
                export = self._exported().get((importing.assembly if importing is not None else None, value.name))
                return export[1] if export is not None else None
            if value.attribute.startswith("Outputs."):
                return self._output(value)
        return None

    def _given_parameter(self, parameter: Parameter) -> Value | None:
        parents = self._nesting().get(parameter.template, [])
        if len(parents) != 1:
            return None
        given = parents[0].value("Parameters", parameter.name)
        return given if given is not None and not isinstance(given, Unknown) else None

    def _output(self, reference: Ref) -> Value | None:
        template = self.project.template(reference.template)
        stack = template.resources.get(reference.name) if template is not None else None
        if stack is None:
            return None
        wanted = reference.attribute.partition(".")[2]
        for path, parents in self._nesting().items():
            nested = self.project.template(path)
            if nested is not None and any(parent is stack for parent in parents):
                for name, value, _ in nested.outputs():
                    if name == wanted:
                        return value
        return None

    def _nesting(self) -> dict[str, list[Resource]]:
        if self._parents is None:
            self._parents = {}
            for template in self.project.templates:
                for resource in template.of_type("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
                    name = "TemplateURL" if resource.type.endswith("Stack") else "Location"
                    written = text(resource.about("aws:asset:path")) or text(resource.value(name))
                    path = self.project.tree.join(posixpath.dirname(template.path), written) if written else None
                    assembly = self.project.assembly(template)
                    if path is None and assembly is not None:
                        asset = assembly.asset(resource.value(name))
                        path = asset.path if asset is not None else None
                    if path is not None:
                        self._parents.setdefault(path, []).append(resource)
        return self._parents

    def nested(self) -> Iterable[str]:
        """The paths of the templates that stacks of the project's templates are made from."""
        return self._nesting().keys()

    def _exported(self) -> dict[tuple[str | None, str], tuple[Template, Value]]:
        """Exports by name, within one CDK assembly or among the templates outside of assemblies."""
        if self._exports is None:
            found: dict[tuple[str | None, str], tuple[Template, Value]] = {}
            twice: set[tuple[str | None, str]] = set()
            for template in self.project.templates:
                for _, value, name in template.outputs():
                    exported = export_name(name) if name is not None else ""
                    key = (template.assembly, exported)
                    if exported and "${AWS::StackName}" not in exported:
                        if key in found:
                            twice.add(key)
                        found[key] = (template, value)
            self._exports = {key: item for key, item in found.items() if key not in twice}
        return self._exports

    def placeholder(self, module: str, name: str) -> Value:
        """What ``${name}`` in code given inline stands for."""
        template = self.inline.get(module)
        if template is None:
            return Unknown()
        return template.evaluator.substitute("${" + name + "}", {}, Span(template.path, 1, 1, 1, 1))

    # --- resources ----------------------------------------------------------------------------------------------

    def resources(self, template: Template, value: Value | None, *types: str) -> Iterator[Resource]:
        """The resources of some types that a value may refer to: by reference, ARN, URL or physical name."""
        if value is None:
            return
        seen: set[int] = set()
        for option in options(self.join(value)):
            found = self._resource(template, option, types)
            if found is not None and id(found) not in seen:
                seen.add(id(found))
                yield found

    def resource(self, template: Template, value: Value | None, *types: str) -> Resource | None:
        """The one resource that a value refers to, or None."""
        return next(self.resources(template, value, *types), None)

    def _resource(self, template: Template, value: Value, types: tuple[str, ...]) -> Resource | None:
        if isinstance(value, Ref):
            return self._referenced(template, value, types)
        if isinstance(value, Text):
            references = [part for part in value.parts if isinstance(part, Ref) and part.template]
            for part in references:
                found = self._referenced(template, part, types)
                if found is not None and _names_whole(value, part):
                    return found
        if isinstance(value, (Literal, Text, Parameter)):
            return self._by_name(template, value, types)
        return None

    def _referenced(self, template: Template, value: Ref, types: tuple[str, ...]) -> Resource | None:
        owner = template if value.template in ("", template.path) else self.project.template(value.template)
        if owner is None:
            return None
        found = owner.resources.get(value.name) or owner.resources.get(value.name.partition(".")[0])
        return found if found is not None and (not types or found.type in types) else None

    def _by_name(self, template: Template, value: Value, types: tuple[str, ...]) -> Resource | None:
        key = identity(name_in(value))
        if key is None or key == ("literal", "") or key == ("literal", "None"):
            return None
        matches = [item for item in self._names(template).get(key, []) if not types or item.type in types]
        if not matches and template.assembly is not None:
            known = self._names_in_assembly(template.assembly).get(key, [])
            matches = [item for item in known if not types or item.type in types]
        return matches[0] if len(matches) == 1 else None

    def _names_in_assembly(self, folder: str) -> dict[tuple[object, ...], list[Resource]]:
        if folder not in self._named_together:
            found: dict[tuple[object, ...], list[Resource]] = {}
            for template in self.project.templates:
                if template.assembly == folder:
                    for key, resources in self._names(template).items():
                        found.setdefault(key, []).extend(resources)
            self._named_together[folder] = found
        return self._named_together[folder]

    def _names(self, template: Template) -> dict[tuple[object, ...], list[Resource]]:
        if template.path not in self._named:
            found: dict[tuple[object, ...], list[Resource]] = {}
            for resource in template.resources.values():
                name = NAME_PROPERTIES.get(resource.type)
                value = resource.value(name) if name else None
                for option in options(value):
                    key = identity(self.join(option))
                    if key is not None:
                        found.setdefault(key, []).append(resource)
            self._named[template.path] = found
        return self._named[template.path]

    def function(self, template: Template, value: Value | None) -> tuple[Function | None, str]:
        """The function that a value refers to, with the version or alias, if it names one.

        The qualifier is an alias's or version's logical id, a literal qualifier, or empty.
        """
        for option in options(self.join(value) if value is not None else None):
            for part in (option, *(option.parts if isinstance(option, Text) else ())):
                if isinstance(part, Ref) and part.name:
                    found, qualifier = self._function_reference(template, part)
                    if found is not None:
                        return found, qualifier or _literal_qualifier(option, part)
            if isinstance(option, (Literal, Text)):
                resource = self._by_name(template, _unqualified(option), FUNCTION_TYPES)
                if resource is not None:
                    return self._function_of(resource), _qualifier_in(option)
        return None, ""

    def _function_reference(self, template: Template, value: Ref) -> tuple[Function | None, str]:
        owner = template if value.template in ("", template.path) else self.project.template(value.template)
        if owner is None:
            return None, ""
        name, _, rest = value.name.partition(".")
        resource = owner.resources.get(name)
        if resource is None:
            return self._generated_alias(owner, name)
        if resource.type in FUNCTION_TYPES:
            if rest in ("Alias", "Version"):
                return self._function_of(resource), rest
            return self._function_of(resource), "Version" if value.attribute in ("Version",) else ""
        if resource.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
            key = (owner.path, name)
            if key in self._followed:  # it names itself, or another that names it
                return None, ""
            self._followed.add(key)
            try:
                found, _ = self.function(owner, resource.value("FunctionName"))
            finally:
                self._followed.discard(key)
            return found, resource.logical_id
        return None, ""

    def _generated_alias(self, template: Template, name: str) -> tuple[Function | None, str]:
        """SAM names the alias resource that it makes after function and alias."""
        for resource in template.of_type("AWS::Serverless::Function"):
            alias = text(resource.value("AutoPublishAlias"))
            if alias and name == f"{resource.logical_id}Alias{alias}":
                return self._function_of(resource), alias
        return None, ""

    def _function_of(self, resource: Resource) -> Function | None:
        if not self._functions:
            self._functions = {(item.template.path, item.name): item for item in self.project.functions}
        return self._functions.get((resource.template.path, resource.logical_id))

    def layer(self, template: Template, value: Value) -> Layer | None:
        """The project's layer that an entry of a function's layers refers to."""
        resource = self.resource(template, value, *LAYER_TYPES)
        if resource is None:
            return None
        if not self._layers:
            self._layers = {(item.template.path, item.name): item for item in self.project.layers}
        return self._layers.get((resource.template.path, resource.logical_id))

    # --- event sources ------------------------------------------------------------------------------------------

    def event_sources(self) -> list[EventSource]:
        """All event sources of the project whose function is in it."""
        found: list[EventSource] = []
        for template in self.project.templates:
            for trigger in triggers_of(template):
                function, qualifier = self.function(template, trigger.target)
                if function is None:
                    continue
                source = self.resource(template, trigger.source)
                if trigger.kind == "mapping" and source is not None and source.template is not template:
                    trigger = structs.replace(trigger, kind=SOURCE_TYPES.get(source.type, trigger.kind))
                found.append(EventSource(self.project, template, trigger, function, source, qualifier))
        return found

    # --- code ---------------------------------------------------------------------------------------------------

    def code_of(self, resource: Resource) -> Code:
        """Where the code of a function or layer is."""
        template = resource.template
        asset = text(resource.about("aws:asset:path"))
        if "ImageUri" in (text(resource.about("aws:asset:property")) or ""):
            return Code("image", "", "", resource.key_span)
        if resource.type == "AWS::Serverless::Function":
            inline = resource.get("InlineCode")
            if inline is not None:
                return Code("inline", "", "", inline.span)
            if resource.get("ImageUri") is not None or text(resource.about("Dockerfile")):
                return Code("image", "", "", resource.key_span)
            setting = resource.get("CodeUri")
        elif resource.type == "AWS::Serverless::LayerVersion":
            setting = resource.get("ContentUri")
        elif resource.type == "AWS::Lambda::LayerVersion":
            setting = resource.get("Content")
        else:
            inline = resource.get("Code", "ZipFile")
            if inline is not None:
                return Code("inline", "", "", inline.span)
            setting = resource.get("Code")
        at = setting.span if setting is not None else resource.key_span
        if asset:
            return self._asset(template, asset, at)
        if setting is None:
            if resource.type == "AWS::Serverless::Function":
                return self._local(template, ".", at)
            return Code("unknown", "", "", at)
        for option in options(setting.value):
            if isinstance(option, MapOf):
                keys = {entry.key for entry in option.entries}
                if "ImageUri" in keys:
                    return Code("image", "", "", at)
                if keys & {"S3Bucket", "Bucket", "S3Key", "Key"}:
                    return self._bundled(template, option, at)
        known = list(literals(setting.value))
        if len(known) != 1 or not isinstance(known[0].value, str):
            return Code("unknown", "", "", at)
        written = known[0].value
        if "://" in written:
            return Code("s3", "", written, at)
        return self._local(template, written, at)

    def _bundled(self, template: Template, location: MapOf, at: Span) -> Code:
        assembly = self.project.assembly(template)
        asset = assembly.asset(location.get("S3Key")) if assembly is not None else None
        if asset is None:
            return Code("s3", "", "", at)
        from_template = posixpath.relpath(asset.path, posixpath.dirname(template.path) or ".")
        return self._asset(template, asset.path if asset.path.startswith("/") else from_template, at)

    def _asset(self, template: Template, written: str, at: Span) -> Code:
        """Code at the path of a CDK asset, which is relative to its template's folder; without staging also absolute.

        That it isn't there is no fault of the app: assemblies are passed on without their assets, too.
        """
        here = self.project.tree.relative(written) if written.startswith("/") else None
        if here is not None:
            written = posixpath.relpath(here or ".", posixpath.dirname(template.path) or ".")
        code = self._local(template, written, at)
        return Code("unknown", "", written, at) if code.kind in ("missing", "outside") else code

    def _local(self, template: Template, written: str, at: Span) -> Code:
        tree = self.project.tree
        if "{{" in written or "{%" in written or not written:
            return Code("unknown", "", written, at)
        path = tree.join(posixpath.dirname(template.path), written.rstrip("/") or "/")
        if path is None:
            return Code("outside", "", written, at)
        if tree.is_folder(path):
            return Code("folder", path, written, at)
        if tree.is_file(path):
            return Code("file", path, written, at)
        return Code("missing", path, written, at)

    def link_assets(self) -> None:
        """Looks for what the assets of functions and layers are copies of."""
        assets: dict[str, str] = {}
        items: tuple[Function | Layer, ...] = (*self.project.functions, *self.project.layers)
        for item in items:
            assembly = self.project.assembly(item.template)
            if assembly is None or self.project.is_cdk_own(item.resource):
                continue
            if item.code.kind == "folder" and assembly.holds(item.code.path):
                assets[item.code.path] = assembly.app
        if self._originals is not None:
            self.project.codebase.extend(self._originals.match(assets))

    def folders_of(self, code: Code) -> tuple[str, ...]:
        """The folders that hold the modules of a code folder: where they are edited, not where CDK copied them to."""
        return self._originals.roots(code.path) if self._originals is not None else (code.path,)

    def bundled_from(self, code: Code) -> str | None:
        """The source that a bundle was made from; empty where it is one and that can't be told, None if it is none."""
        if self._originals is None or not self._originals.is_bundle(code.path):
            return None
        return self._originals.entry(code.path) or ""


def name_in(value: Value) -> Value:
    """The name within an ARN or queue URL; the value itself if it is neither."""
    whole = _flat(value)
    match = _ARN.match(whole) or _URL.match(whole)
    if match is None:
        return value
    rest = match.group(match.lastindex or 1)
    service = match.group(1) if match.lastindex == 2 else "sqs"
    rest = rest.removesuffix("/*")
    if service in ("dynamodb", "kinesis", "firehose", "events", "kafka"):
        rest = rest.partition("/")[2].partition("/")[0]
    elif service in ("lambda", "logs", "states"):
        rest = rest.split(":")[1] if ":" in rest else rest
    elif service == "ssm":
        rest = rest.removeprefix("parameter")
    return _unflat(value, rest)


def _flat(value: Value) -> str:
    """A string with its unknown parts as private characters."""
    if isinstance(value, Literal):
        return str(value.value)
    if isinstance(value, Text):
        return "".join(
            str(part.value) if isinstance(part, Literal) else chr(0xE000 + index)
            for index, part in enumerate(value.parts)
        )
    return ""


def _unflat(value: Value, rest: str) -> Value:
    from lambdalint.values import concatenate

    if not isinstance(value, Text):
        return Literal(rest, value.span)
    parts: list[Value] = []
    for letter in rest:
        index = ord(letter) - 0xE000
        parts.append(value.parts[index] if 0 <= index < len(value.parts) else Literal(letter, value.span))
    if len(parts) == 1:
        return parts[0]
    return concatenate(parts, value.span)


def _names_whole(value: Text, part: Ref) -> bool:
    """Whether a reference in a string is the resource's name or ARN, not a piece of another name.

    In ``arn:aws:s3:::${Bucket}/*`` it is, in ``${Bucket}-resized`` it is not.
    """
    whole = _flat(value)
    letter = chr(0xE000 + value.parts.index(part))
    position = whole.find(letter)
    before, after = whole[:position], whole[position + 1 :]
    if part.attribute.endswith("Arn"):
        return not before and after[:1] in ("", "/", ":")
    return (not before or before[-1] in ":/") and (not after or after[0] in ":/")


def _literal_qualifier(value: Value, part: Ref) -> str:
    if not isinstance(value, Text):
        return ""
    whole = _flat(value)
    after = whole[whole.find(chr(0xE000 + value.parts.index(part))) + 1 :]
    match = re.match(r":([A-Za-z0-9_$-]+|[\ue000-\uf8ff])", after)
    return match.group(1) if match else ""


def _unqualified(value: Value) -> Value:
    """A function's ARN or API integration URI without path and qualifier."""
    whole = _flat(value)
    if "/functions/" in whole:
        inner = whole.partition("/functions/")[2].partition("/invocations")[0]
        return _unflat(value, inner)
    return value


_QUALIFIED = regex(r"arn:.*:function:[^:]+:([^:/]+)", re.DOTALL)


def _qualifier_in(value: Value) -> str:
    """The version or alias at the end of a function's ARN, if it has one."""
    match = _QUALIFIED.match(_flat(_unqualified(value)))
    return match.group(1) if match else ""


def same_thing(first: Value | None, second: Value | None) -> bool:
    """Whether two values certainly name the same thing."""
    one, other = identity(first), identity(second)
    return one is not None and one == other
