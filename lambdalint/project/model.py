"""What rules ask about: the project, its functions, handlers and event sources."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.aws.handlers import WRAPPER_VARIABLE
from lambdalint.code.facts import Definition, Statement, String
from lambdalint.finding import Edit
from lambdalint.project.assemblies import Synthesised, is_own, is_own_function
from lambdalint.project.builds import Builds
from lambdalint.project.codebase import Codebase, ModuleIndex
from lambdalint.project.evaluate import INIT, INVOKE, CallRecord, Interpreter, Language, ReadRecord
from lambdalint.project.likeness import is_for_lambda
from lambdalint.project.python_language import Python
from lambdalint.project.things import FunctionThing, Thing
from lambdalint.project.tree import Tree
from lambdalint.source import Problem, Source, Span
from lambdalint.templates.cloudformation import Resource, Setting, Template, child, elements, entries, is_optional
from lambdalint.templates.document import get
from lambdalint.templates.events import POLL, SYNCHRONOUS, Trigger
from lambdalint.values import (
    Absent,
    Context,
    Entry,
    Env,
    ListOf,
    Literal,
    MapOf,
    Ref,
    Unknown,
    Value,
    candidates,
    literals,
    one_of,
    options,
    replace,
    text,
    written,
)

if TYPE_CHECKING:
    from lambdalint.project.binaries import Binaries
    from lambdalint.project.flow import Flow
    from lambdalint.project.hardcoded import Hardcoded
    from lambdalint.project.link import Linker
    from lambdalint.project.mentions import Mentions
    from lambdalint.project.module_systems import Loaded
    from lambdalint.project.node_packages import NodePackages
    from lambdalint.project.package import Packages
    from lambdalint.project.python_packages import PythonPackages

FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Serverless::Function")
CDK_MANIFEST = "cdk.json"
LAYER_TYPES = ("AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion")


class _Languages:
    """Languages by name. What knows JavaScript is imported when there is some."""

    def __contains__(self, name: object) -> bool:
        return name in ("javascript", "python")

    def __getitem__(self, name: str) -> Language:
        return _language(name)


@cache
def _language(name: str) -> Language:
    if name != "javascript":
        return {"python": Python}[name]()
    from lambdalint.project.javascript_language import JavaScript

    return JavaScript()


LANGUAGES = _Languages()
"""The languages whose code can be followed, by name."""


class SourceProblem(Struct, frozen=True):
    """What could not be read, or not wholly.

    ``kind``: ``template`` and ``handler`` (a module that holds handlers; ``functions`` are the names of those that it
    serves) could not be parsed; ``key`` is a key that a template gives twice in one place.
    """

    problem: Problem
    kind: str
    functions: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """Where reading stopped."""
        return self.problem.span


class Suppression(Struct, frozen=True):
    """A comment, or an entry of metadata, by which somebody suppresses findings.

    ``kind``: ``comment``, ``file``, ``noqa`` or ``metadata``. ``names`` are the codes and names of rules that it lists
    (none: all rules), ``unused`` those of them that suppress nothing, ``unknown`` those that no rule has.
    ``is_unused``: all of it suppresses nothing; ``removal`` are the edits that take it away then, if there are such.
    """

    span: Span
    kind: str
    names: tuple[str, ...]
    reason: str
    unused: tuple[str, ...]
    unknown: tuple[str, ...]
    is_unused: bool
    removal: tuple[Edit, ...]


def _as_string(value: Value) -> Value:
    """What a function finds in its environment where a template gives a value: strings only."""

    def scalar(part: Value) -> Value | None:
        is_other = isinstance(part, Literal) and not isinstance(part.value, str)
        return Literal(written(part.value), part.span) if is_other else None  # type: ignore[union-attr]

    return replace(value, scalar)


class Variable(Struct, frozen=True):
    """An environment variable that a template sets."""

    name: str
    value: Value
    key_span: Span

    @property
    def span(self) -> Span:
        """Where its name is written."""
        return self.key_span


class Code(Struct, frozen=True):
    """Where a function's or layer's code is.

    ``kind``: ``folder``, ``file`` (an archive or a single file), ``inline``, ``image``, ``s3``, ``missing`` (a local
    path at which nothing is), ``outside`` (leads out of the project) or ``unknown``. ``path`` is relative to the root,
    ``written`` is what the template says.
    """

    kind: str
    path: str
    written: str
    span: Span


class LayerUse(Struct, frozen=True):
    """One entry of a function's list of layers, with the project's layer that it refers to, if it does."""

    value: Value
    layer: Layer | None

    @property
    def span(self) -> Span:
        """The place of the entry."""
        return self.value.span


class Nearest(Struct, frozen=True):
    """A callable, or only a file, that a handler string may have meant.

    ``handler`` is the string that would name it, empty where none does (the file is outside of the function's code).
    """

    handler: str
    span: Span


class Resolution(Struct, frozen=True):
    """What became of a handler string.

    ``status``: ``found``, ``no-file``, ``no-callable``, ``malformed`` (the runtime can't take the string), ``built`` (a
    build step, a layer or a package may bring the file), ``unreadable`` (the file can't be parsed) or ``unknown``.
    ``path`` is the file, where one was found; ``symbol`` the callable's name; ``expected`` the file that was looked
    for; ``near`` what comes nearest, best first.
    """

    status: str
    path: str = ""
    symbol: str = ""
    expected: str = ""
    near: tuple[Nearest, ...] = ()

    @property
    def question(self) -> str:
        """``; did you mean `app.handler`?``, or nothing."""
        return did_you_mean(*(item.handler for item in self.near if item.handler))

    @property
    def is_only_defined(self) -> bool:
        """Whether the module has a function of the name, which it does not export; it is the only one of ``near``."""
        return self.status == "no-callable" and len(self.near) == 1 and not self.near[0].handler


def did_you_mean(*names: str) -> str:
    """The end of a message that offers names to write instead; nothing without any."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names) if name]
    if not quoted:
        return ""
    return f"; did you mean {', '.join(quoted[:-1])}{' or ' if quoted[1:] else ''}{quoted[-1]}?"


class Function:
    """A Lambda function as a template declares it. Settings that SAM's ``Globals`` give are merged in."""

    def __init__(self, project: Project, resource: Resource) -> None:
        self.project = project
        self.resource = resource
        self.template: Template = resource.template
        self.name = resource.logical_id
        self.is_sam = resource.type == "AWS::Serverless::Function"
        self.event_sources: tuple[EventSource, ...] = ()
        self.resolution = Resolution("unknown")
        self.handler: Handler | None = None

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    @property
    def span(self) -> Span:
        """Where the function is named."""
        return self.resource.key_span

    def get(self, *path: str) -> Setting | None:
        """A property by its path, as the template spells it."""
        return self.resource.get(*path)

    @property
    def runtime(self) -> Setting | None:
        """``Runtime``."""
        return self.get("Runtime")

    @cached_property
    def runtimes(self) -> tuple[Literal, ...]:
        """The runtimes that the function may have, each where it is written."""
        found = self.runtime
        return tuple(item for item in literals(found.value) if isinstance(item.value, str)) if found else ()

    @property
    def handler_setting(self) -> Setting | None:
        """``Handler``."""
        return self.get("Handler")

    @property
    def timeout(self) -> Setting | None:
        """``Timeout``, seconds."""
        return self.get("Timeout")

    @property
    def memory(self) -> Setting | None:
        """``MemorySize``, megabytes."""
        return self.get("MemorySize")

    @cached_property
    def package_type(self) -> str:
        """``Zip`` or ``Image``; empty where it can't be known."""
        found = self.get("PackageType")
        if found is not None:
            return text(found.value) or ""
        image = self.get("ImageUri") or self.get("Code", "ImageUri") or self.get("ImageConfig")
        built = text(self.resource.about("Dockerfile"))
        return "Image" if image is not None or built else "Zip"

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that its runtimes run: ``python``, ``nodejs``, ``java``, ``dotnet``, ``ruby``, ``go``…"""
        found = set()
        for item in self.runtimes:
            name = str(item.value)
            found.add(next((start for start in _RUNTIME_STARTS if name.startswith(start)), "other"))
        return frozenset(found)

    @cached_property
    def environment(self) -> dict[str, Variable]:
        """The environment variables by name."""
        found: dict[str, list[Entry]] = {}
        for option in options(self.resource.value("Environment", "Variables")):
            for entry in {entry.key: entry for entry in entries(option)}.values():
                if not isinstance(entry.value, Absent):
                    found.setdefault(entry.key, []).append(entry)
        variables: dict[str, Variable] = {}
        for name, given in found.items():
            value = one_of([_as_string(entry.value) for entry in given], given[0].value.span)
            variables[name] = Variable(name, value, given[0].key_span)
        return variables

    @cached_property
    def environment_is_known(self) -> bool:
        """Whether no other variables than those of :attr:`environment` can be set by the template."""
        for path in (("Environment",), ("Environment", "Variables")):
            value = self.resource.value(*path)
            for option in options(value):
                if not isinstance(option, (MapOf, Absent)) or (isinstance(option, MapOf) and option.open):
                    return False
        return not any(pair for pair in options(self.resource.properties) if not isinstance(pair, MapOf) or pair.open)

    @cached_property
    def layers(self) -> tuple[LayerUse, ...]:
        """The layers that the function certainly has, in order."""
        found: list[LayerUse] = []
        setting = self.get("Layers")
        for option in options(setting.value if setting else None):
            if isinstance(option, ListOf):
                for item in option.items:
                    if not is_optional(item):
                        found.append(LayerUse(item, self.project.linker.layer(self.template, item)))
                break
        return tuple(found)

    @cached_property
    def layers_are_known(self) -> bool:
        """Whether every layer that the function may have is one of the project's."""
        setting = self.get("Layers")
        if setting is None:
            return True
        for option in options(setting.value):
            if isinstance(option, Absent):
                continue
            if not isinstance(option, ListOf):
                return False
            for item in elements(option):
                layer = self.project.linker.layer(self.template, item)
                if layer is None or layer.code.kind != "folder":
                    return False
        return True

    @cached_property
    def architectures(self) -> tuple[str, ...]:
        """The architectures that the function may have; ``x86_64`` by default, empty where it can't be known."""
        setting = self.get("Architectures")
        if setting is None:
            return ("x86_64",)
        found = [item.value for element in elements(setting.value) for item in literals(element)]
        return tuple(str(item) for item in found)

    @cached_property
    def code(self) -> Code:
        """Where its code is."""
        return self.project.linker.code_of(self.resource)

    @cached_property
    def build_method(self) -> str:
        """SAM's ``Metadata.BuildMethod``, or nothing."""
        return text(self.resource.about("BuildMethod")) or ""

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of its properties are there to see: no macro or include adds others."""
        known = all(isinstance(option, MapOf) and not option.open for option in options(self.resource.properties))
        own = all(name.startswith("AWS::") and name != "AWS::Include" for name in self.template.transforms)
        root = self.template.root
        included = (self.resource.node, root, get(root, "Globals"))
        return known and own and all(get(node, "Fn::Transform") is None for node in included)

    def is_global(self, name: str) -> bool:
        """Whether a property that it has comes from ``Globals`` alone."""
        return get(self.resource.node, "Properties", name) is None

    @property
    def has_wrapper(self) -> bool:
        """Whether a wrapper script may start in the runtime's place, and read ``Handler`` in a way of its own."""
        return WRAPPER_VARIABLE in self.environment or not self.environment_is_known

    @property
    def display(self) -> str:
        """How messages call it: the logical id, or the construct path that the user of CDK knows."""
        return self.resource.display

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold its modules, where they are edited; more than one only where CDK put them together."""
        return self.project.linker.folders_of(self.code)

    @cached_property
    def is_cdk_own(self) -> bool:
        """Whether CDK made the function for its own ends, so that its code is none of the user's."""
        return is_own_function(self.resource, self.project.assembly(self.template))

    @cached_property
    def is_invoked_otherwise(self) -> bool:
        """Whether something beside its event sources may run it: code, permissions, other stacks."""
        from lambdalint.project.callers import may_be_invoked_otherwise  # only where something asks for it

        return may_be_invoked_otherwise(self)

    def triggered_by(self, *kinds: str) -> Iterator[EventSource]:
        """Its event sources of some kinds."""
        for source in self.event_sources:
            if source.kind in kinds:
                yield source

    def substitute(self, value: Value) -> Value:
        """A value from its code, with environment variables replaced by what the template sets.

        The function's own name and ARN become references to it.
        """

        def known(item: Value) -> Value | None:
            if isinstance(item, Env):
                if item.name == "AWS_LAMBDA_FUNCTION_NAME":
                    return Ref(self.name, "", self.template.path, item.span)
                if item.name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
                    return Ref("AWS::Region", "", "", item.span)
                variable = self.environment.get(item.name)
                if variable is not None:
                    return variable.value
                return item.default if self.environment_is_known and item.default is not None else Unknown(item.span)
            if isinstance(item, Context) and item.attribute in _OWN_NAMES:
                attribute = "Arn" if "arn" in item.attribute.lower() else ""
                return Ref(self.name, attribute, self.template.path, item.span)
            return None

        return replace(value, known)


_OWN_NAMES = frozenset(("function_name", "invoked_function_arn", "functionName", "invokedFunctionArn"))
_RUNTIME_STARTS = ("python", "nodejs", "java", "dotnet", "ruby", "go", "provided")


class Layer:
    """A layer that a template declares."""

    def __init__(self, project: Project, resource: Resource) -> None:
        self.project = project
        self.resource = resource
        self.template = resource.template
        self.name = resource.logical_id

    @property
    def span(self) -> Span:
        """Where the layer is named."""
        return self.resource.key_span

    @cached_property
    def code(self) -> Code:
        """Where its content is."""
        return self.project.linker.code_of(self.resource)

    @cached_property
    def build_method(self) -> str:
        """SAM's ``Metadata.BuildMethod``, or nothing."""
        return text(self.resource.about("BuildMethod")) or ""

    def compatible(self, name: str) -> tuple[str, ...] | None:
        """The known items of ``CompatibleRuntimes`` or ``CompatibleArchitectures``; None where not all are known."""
        setting = self.resource.get(name)
        if setting is None:
            return None
        found: list[str] = []
        for option in options(setting.value):
            if not isinstance(option, ListOf):
                return None
            for item in option.items:
                known = list(candidates(item))
                if not all(isinstance(value, Literal) for value in known):
                    return None
                found.extend(str(value.value) for value in known if isinstance(value, Literal))
        return tuple(found)


class EventSource:
    """What makes a function run: a declared trigger, linked to the function and, where it is known, to its source."""

    def __init__(
        self,
        project: Project,
        template: Template,
        trigger: Trigger,
        function: Function,
        source: Resource | None,
        qualifier: str,
    ) -> None:
        self.project = project
        self.template = template
        self.trigger = trigger
        self.function = function
        self.source = source
        self.qualifier = qualifier

    def __repr__(self) -> str:
        return f"<EventSource {self.kind} {self.function.name}>"

    @property
    def kind(self) -> str:
        """One word for the service: ``s3``, ``sqs``, ``sns``, ``eventbridge``, ``schedule``, ``api``, …"""
        return self.trigger.kind

    @property
    def span(self) -> Span:
        """Where it is declared."""
        return self.trigger.span

    @property
    def name(self) -> str:
        """A SAM event's name, else the logical id of the resource that declares it."""
        return self.trigger.name or self.trigger.resource

    @property
    def is_polled(self) -> bool:
        """Whether Lambda polls it: an event source mapping."""
        return self.kind in POLL

    @property
    def is_synchronous(self) -> bool:
        """Whether the caller waits for the answer."""
        return self.kind in SYNCHRONOUS

    def get(self, *path: str) -> Setting | None:
        """A property of the mapping, notification or rule, in CloudFormation's spelling."""
        found: Setting | None = Setting(self.trigger.properties, self.trigger.properties.span, self.span)
        for key in path:
            found = child(found, key) if found is not None else None
        return found

    def value(self, *path: str) -> Value | None:
        """The value of a property."""
        found = self.get(*path)
        return found.value if found is not None else None


class Handler:
    """A handler's code: the callable that ``Handler`` names, or that looks like one where no template names it.

    ``named`` are the things that the name may be bound to, decorators not applied; nothing where they aren't known.
    ``target`` is what is followed. It is the callable itself, but for a wrapper that the project has of its own and
    calls (Node.js): that is followed from the outside, while :attr:`definition` is the function within.
    ``is_wrapped``: what Lambda calls is not the callable, so that its parameters and results may be others.
    """

    def __init__(
        self,
        project: Project,
        module: ModuleIndex,
        definition: int,
        name: str,
        roots: tuple[str, ...],
        target: FunctionThing | None,
        wrapped: bool = False,
        named: tuple[Thing, ...] = (),
    ) -> None:
        self.project = project
        self.module = module
        self.index = definition
        self.name = name
        self.roots = roots
        self.target = target
        self.is_wrapped = wrapped
        self.named = named
        self.streams = False
        """Whether it writes its response to a stream, which it is called with in the second place (Node.js)."""
        self.functions: list[Function] = []

    def __repr__(self) -> str:
        return f"<Handler {self.module.path}:{self.name}>"

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.module.facts.file

    @property
    def language(self) -> str:
        """Its language."""
        return self.module.facts.language

    @property
    def definition(self) -> Definition:
        """The callable; the module itself where it is not known."""
        return self.module.definition(self.index)

    @property
    def span(self) -> Span:
        """Where the callable is named."""
        return self.module.at(self.definition.span)

    @cached_property
    def is_at_edge(self) -> bool:
        """Whether it runs at CloudFront's edge, where functions have no environment variables."""
        from lambdalint.project.hardcoded import is_at_edge  # only where something asks for it

        return is_at_edge(self)

    @property
    def display(self) -> str:
        """How messages call it: the functions that it serves, else its own name."""
        names = [function.display for function in self.functions]
        if not names:
            return self.name
        return names[0] if len(names) == 1 else f"{names[0]} (and {len(names) - 1} more)"

    @cached_property
    def run(self) -> Interpreter:
        """The handler, followed through the project's modules."""
        interpreter = Interpreter(
            self.project.codebase, self.roots, LANGUAGES[self.language], self.project.linker.placeholder
        )
        interpreter.start(self.module)
        if self.target is not None:
            interpreter.invoke(self.target, self.streams)
        interpreter.finish()
        return interpreter

    @cached_property
    def calls(self) -> tuple[CallRecord, ...]:
        """The calls that it reaches."""
        return tuple(self.run.records)

    @cached_property
    def callees(self) -> frozenset[str]:
        """What it calls, each once."""
        return frozenset(record.callee for record in self.calls)

    @property
    def operations(self) -> Iterator[CallRecord]:
        """The SDK operations that it reaches."""
        return (record for record in self.calls if record.operation is not None and record.operation.name)

    @property
    def reads(self) -> tuple[ReadRecord, ...]:
        """The environment variables that it reads."""
        return tuple(self.run.reads)

    @cached_property
    def modules(self) -> tuple[ModuleIndex, ...]:
        """The project's modules that it loads, its own first."""
        found: dict[str, ModuleIndex] = {}
        for activation in self.run.activations:
            found.setdefault(activation.module.path, activation.module)
        return tuple(found.values())

    @cached_property
    def certain_modules(self) -> tuple[ModuleIndex, ...]:
        """The modules that it loads at its start whatever happens, its own first."""
        from lambdalint.project.loading import certain_modules  # only where something asks for it

        return certain_modules(self)

    @cached_property
    def certain_imports(self) -> tuple[Loaded, ...]:
        """What it imports whatever happens, and that nothing catches."""
        from lambdalint.project.module_systems import certain_imports  # only where something asks for it

        return tuple(certain_imports(self))

    @cached_property
    def is_for_lambda(self) -> bool:
        """Whether it is certainly Lambda that it is for, not another cloud whose handlers look the same."""
        has_templates = self.project.templates or self.project.around.has_templates
        if self.functions or has_templates or is_for_lambda(self.name, self.modules):
            return True
        folder = folder_of(self.path)
        while folder and not self.project.tree.is_file(posixpath.join(folder, CDK_MANIFEST)):
            folder = folder_of(folder)
        return self.project.tree.is_file(posixpath.join(folder, CDK_MANIFEST))

    @property
    def strings(self) -> Iterator[tuple[ModuleIndex, String]]:
        """The string literals of its modules, without those that only run as a script."""
        for module in self.modules:
            for item in module.strings:
                yield module, item

    @cached_property
    def hardcoded(self) -> tuple[Hardcoded, ...]:
        """The literals of its modules that belong into configuration, each once."""
        from lambdalint.project.hardcoded import hardcoded  # only where something asks for it

        return hardcoded(self)

    @property
    def statements(self) -> Iterator[Statement]:
        """The statements of the handler itself, those of functions within it included."""
        inside = {self.index}
        for index, definition in enumerate(self.module.facts.definitions):
            if definition.parent in inside:
                inside.add(index)
        for statement in self.module.facts.statements:
            if statement.function in inside:
                yield statement


def _no_source(path: str) -> Source | None:
    """No text at all, whatever the path."""
    del path
    return None


class Surroundings(Struct, frozen=True):
    """What is around a part of a project that has nothing else to do with it.

    ``has_templates``: whether there are templates; ``publishes``: whether one of them publishes versions of functions,
    or has aliases of them, that can't be told. ``linked`` are the callables, by module and index, that are handlers of
    functions there, ``named`` the files that they are named in.
    """

    has_templates: bool = False
    publishes: bool = False
    linked: frozenset[tuple[str, int]] = frozenset()
    named: frozenset[str] = frozenset()


class Project:
    """Everything under one root, or a part of it that the rest has nothing to do with, linked."""

    linker: Linker

    def __init__(
        self, tree: Tree, codebase: Codebase, templates: list[Template], assemblies: Iterable[Synthesised] = ()
    ) -> None:
        self.tree = tree
        self.codebase = codebase
        self.templates = tuple(templates)
        self.assemblies: dict[str, Synthesised] = {item.assembly.folder: item for item in assemblies}
        self.problems: list[SourceProblem] = []
        self.suppressions: list[Suppression] = []
        self.around = Surroundings()
        self.source: Callable[[str], Source | None] = _no_source
        """The text of a file by its path, for those who make edits."""
        self.handlers: list[Handler] = []
        self.functions: tuple[Function, ...] = tuple(
            Function(self, resource) for template in templates for resource in template.of_type(*FUNCTION_TYPES)
        )
        self.layers: tuple[Layer, ...] = tuple(
            Layer(self, resource) for template in templates for resource in template.of_type(*LAYER_TYPES)
        )
        self.event_sources: tuple[EventSource, ...] = ()

    def let_go(self, with_templates: bool = True) -> None:
        """Frees memory: all things of a project refer to each other. Nothing can be asked afterwards."""
        for handler in self.handlers:
            run = handler.__dict__.get("run")
            if run is not None:
                run.let_go()
            handler.__dict__.clear()
        for thing in (*self.functions, *self.layers, *self.event_sources):
            thing.__dict__.clear()
        for template in self.templates if with_templates else ():
            template.let_go()
        for module in self.codebase.loaded():
            module.__dict__.clear()
        self.linker.__dict__.clear()
        self.__dict__.clear()

    @cached_property
    def builds(self) -> Builds:
        """What build steps may bring."""
        return Builds(self.tree)

    @cached_property
    def flow(self) -> Flow:
        """What triggers what, and what writes where."""
        from lambdalint.project.flow import Flow  # only where something asks for it

        return Flow(self)

    @cached_property
    def packages(self) -> Packages:
        """What functions and layers ship."""
        from lambdalint.project.package import Packages  # only where something asks for it

        return Packages(self)

    @cached_property
    def binaries(self) -> Binaries:
        """For which machines the binary files of packages are."""
        from lambdalint.project.binaries import Binaries  # only where something asks for it

        return Binaries(self)

    @cached_property
    def node_packages(self) -> NodePackages:
        """What the manifests of Node.js packages say."""
        from lambdalint.project.node_packages import NodePackages  # only where something asks for it

        return NodePackages(self)

    @cached_property
    def python_packages(self) -> PythonPackages:
        """What Python functions find beside their own modules."""
        from lambdalint.project.python_packages import PythonPackages  # only where something asks for it

        return PythonPackages(self)

    @cached_property
    def mentions(self) -> Mentions:
        """What the code of functions mentions, in any language."""
        from lambdalint.project.mentions import Mentions  # only where something asks for it

        return Mentions(self)

    @cached_property
    def templates_with_edge_roles(self) -> frozenset[Template]:
        """The templates with a role that functions at the edge may have."""
        from lambdalint.project.architectures import templates_with_edge_roles  # only where something asks for it

        return templates_with_edge_roles(self.templates)

    @property
    def cdk_own_functions(self) -> list[Function]:
        """The functions that CDK made for its own ends; rules about functions are not asked about them."""
        return [function for function in self.functions if function.is_cdk_own]

    def is_cdk_own(self, resource: Resource) -> bool:
        """Whether CDK made a resource for its own ends."""
        if resource.type in FUNCTION_TYPES:
            return is_own_function(resource, self.assembly(resource.template))
        return is_own(resource)

    def assembly(self, template: Template) -> Synthesised | None:
        """The CDK assembly that a template belongs to."""
        return self.assemblies.get(template.assembly) if template.assembly is not None else None

    def template(self, path: str) -> Template | None:
        """The template at a path."""
        return next((template for template in self.templates if template.path == path), None)


def folder_of(path: str) -> str:
    """The folder of a path."""
    return posixpath.dirname(path)


__all__ = [
    "FUNCTION_TYPES",
    "INIT",
    "INVOKE",
    "LAYER_TYPES",
    "Code",
    "EventSource",
    "Function",
    "Handler",
    "Layer",
    "LayerUse",
    "Nearest",
    "Project",
    "Resolution",
    "Resource",
    "Setting",
    "SourceProblem",
    "Suppression",
    "Surroundings",
    "Template",
    "Variable",
    "did_you_mean",
]
