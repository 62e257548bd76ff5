"""What a handler's code has written into it that belongs into configuration: each literal once, as what it is most."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.aws import sdk
from lambdalint.aws.arns import ACCOUNT_LENGTH, Arn, account_in_piece, account_in_url, arns, is_account
from lambdalint.aws.endpoints import Endpoint, deployed, is_local, region_of_service
from lambdalint.aws.regions import is_region
from lambdalint.code.facts import MODULE, Array, Const, Item, Member, Object, String, has_parts, walk
from lambdalint.project.arguments import Named, named_resources
from lambdalint.project.codebase import ModuleIndex
from lambdalint.project.evaluate import CallRecord
from lambdalint.project.link import NAME_PROPERTIES
from lambdalint.project.model import Function, Handler, Resource
from lambdalint.project.secrets import Secret, may_have_form, named_secret, provider_secret, random_text, words_of
from lambdalint.project.things import Client, Session
from lambdalint.regex import regex
from lambdalint.source import Span
from lambdalint.values import Literal, MapOf, Value, literals, options

ARN = "arn"
CREDENTIAL = "credential"
ENDPOINT = "endpoint"
NAME = "name"
OWN = "own"
RANDOM = "random"
REGION = "region"

_SAID_NOT_USED = frozenset(("documentation", "log", "error", "compare", "default", "annotation"))
"""Roles of strings that are text about something, or that something else comes before."""

_NO_CODE = frozenset(("documentation", "annotation"))
_HOST_NAME = regex(r"(?:.*[_a-z])?(?:host|hostname|server|endpoint|broker|bootstrap_?servers?|address)\Z", re.I)
_ACCOUNT_NAME = regex(r"(?!.*(?:provider|vendor|publisher|partner)).*account.*", re.I)
_SAMPLE_NAME = regex(r"_?(?:test|sample|example|mock|dummy|fake).*|(?:.*_)?events?\Z", re.I)
MAX_LINES = 100

_CONNECTING = frozenset(
    (
        "connect",
        "create_connection",
        "StrictRedis",
        "Redis",
        "MongoClient",
        "SMTP",
        "HTTPConnection",
        "createConnection",
        "createClient",
        "createPool",
        "createTransport",
    )
)


class Hardcoded(Struct, frozen=True):
    """A literal that belongs into configuration.

    ``kind``: ``credential``, ``random``, ``arn``, ``own``, ``endpoint``, ``region`` or ``name``; ``what`` a word for
    what it names, ``value`` what is written (of a secret only its beginning). ``calls``: the calls that it is given to;
    ``resource``: the resource of that name in the function's own template; ``variable``: a variable of the function's
    environment that holds it already.
    """

    kind: str
    what: str
    value: str
    span: Span
    calls: tuple[CallRecord, ...] = ()
    resource: Resource | None = None
    variable: str = ""


class _Found:
    """The literals found so far; the first that is said of a place stays, and what lies within it is not said again."""

    def __init__(self) -> None:
        self.items: dict[Span, Hardcoded] = {}
        self._by_line: dict[tuple[str, int], list[Span]] = {}

    def add_all(self, items: tuple[Hardcoded, ...]) -> None:
        for item in items:
            self.add(item)

    def add(self, item: Hardcoded) -> None:
        span = item.span
        known = self.items.get(span)
        if known is not None:
            if known.kind == item.kind and item.calls and not any(_same_call(item, call) for call in known.calls):
                self.items[span] = replace(known, calls=(*known.calls, *item.calls))
            return
        lines = [(span.path, line) for line in range(span.line, min(span.end_line, span.line + MAX_LINES) + 1)]
        for line in lines:
            if any(other.contains(span) or span.contains(other) for other in self._by_line.get(line, ())):
                return
        self.items[span] = item
        for line in lines:
            self._by_line.setdefault(line, []).append(span)


def _same_call(item: Hardcoded, call: CallRecord) -> bool:
    return any(other.span == call.span for other in item.calls)


def hardcoded(handler: Handler) -> tuple[Hardcoded, ...]:
    """The literals of a handler's code that belong into configuration, each once."""
    found = _Found()
    for module in handler.modules:
        found.add_all(module.told(_default_credentials))
    for module in handler.modules:
        found.add_all(module.told(_credentials))
    if handler.is_at_edge:
        return tuple(found.items.values())
    for module in handler.modules:
        found.add_all(module.told(_arns))
    for record in handler.calls:
        names = list(named_resources(record))
        if names and not _is_for_tests(record):
            _add_names(found, handler, record, names)
    for module in handler.modules:
        found.add_all(module.told(_endpoints))
    _add_regions(found, handler)
    return tuple(found.items.values())


def _is_default(handler: Handler, span: Span, text: str) -> bool:
    """Whether a literal stands as the default of something."""
    return any((span, text) in module.told(_defaults) for module in handler.modules)


def _defaults(module: ModuleIndex) -> frozenset[tuple[Span, str]]:
    """The literals of a module that stand as the default of something."""
    if not any(item.role == "default" for item in module.strings):
        return frozenset()
    roles = {(module.at(item.span), item.value): item.role for item in module.strings}
    return frozenset(place for place, role in roles.items() if role == "default")


def _is_used(module: ModuleIndex, item: String) -> bool:
    """Whether a string of a module is used as it is."""
    return item.role not in _SAID_NOT_USED and not any(at.contains(item.span) for at in module.told(_apart))


def _apart(module: ModuleIndex) -> tuple[Span, ...]:
    """The places of a module whose strings are not used, or stand for what others have."""
    return (*_samples(module), *_of_others(module))


def _samples(module: ModuleIndex) -> list[Span]:
    """The places of maps and lists that are kept as sample events or for tests, told by their variable's name."""
    return [
        binding.span
        for binding in module.facts.bindings
        if isinstance(binding.value, (Object, Array)) and binding.owner == MODULE and _SAMPLE_NAME.match(binding.name)
    ]


def _of_others(module: ModuleIndex) -> list[Span]:
    """The places of maps that give an account for each Region: whoever has one in each offers something to all.

    AWS's own services are such, as the accounts that deliver the logs of load balancers. A project has one account
    for all Regions of a stage.
    """
    return [table.span for table in module.maps if len(_accounts_by_region(table)) > 1]


def _accounts_by_region(table: Object) -> set[str]:
    """The accounts in the values of a map that has a Region's name for each key."""
    accounts: set[str] = set()
    for field in table.fields:
        if not isinstance(field.key, Const):
            return set()
        if field.key.value is not None and not (isinstance(field.key.value, str) and is_region(field.key.value)):
            return set()
        for part in walk(field.value):
            if isinstance(part, Const) and isinstance(part.value, str):
                if is_account(part.value):
                    accounts.add(part.value)
                accounts.update(arn.account for arn in arns(part.value) if is_account(arn.account))
    return accounts


def is_at_edge(handler: Handler) -> bool:
    """Whether a handler runs at CloudFront's edge, where functions have no environment variables."""
    if any(True for function in handler.functions for _ in function.triggered_by("edge")):
        return True
    facts = handler.module.facts
    if facts.language == "python" and not any(item.value == "cf" for item in facts.strings):
        return False  # its events are dictionaries
    for binding in facts.bindings:
        for part in walk(binding.value) if has_parts(binding.value) else ():
            if isinstance(part, Member) and part.name == "cf" and isinstance(part.base, Item):
                return True
            if isinstance(part, Item) and isinstance(part.key, Const) and part.key.value == "cf":
                return True
    return False


# --- credentials ----------------------------------------------------------------------------------------------------


def _credentials(module: ModuleIndex) -> tuple[Hardcoded, ...]:
    """The strings of a module that are secrets, or look random."""
    found: list[Hardcoded] = []
    has_form = may_have_form("\n".join(item.value for item in module.strings))
    for item in module.strings:
        if item.role in _NO_CODE:
            continue
        secret = provider_secret(item.value) if has_form else None
        is_value = not item.partial and item.role in ("value", "default")
        if secret is None and is_value and item.label:
            secret = named_secret(item.label, item.value)
        if secret is not None:
            found.append(_secret(CREDENTIAL, secret, module.at(item.span)))
        elif is_value:
            random = random_text(item.value)
            if random is not None:
                found.append(_secret(RANDOM, random, module.at(item.span)))
    return tuple(found)


def _default_credentials(module: ModuleIndex) -> tuple[Hardcoded, ...]:
    """Passwords that stand as the default of a variable whose name says that it is one."""
    found: list[Hardcoded] = []
    for read in module.facts.reads:
        if isinstance(read.name, Const) and isinstance(read.default, Const) and not module.is_script(read):
            if isinstance(read.default.value, str):
                secret = named_secret(str(read.name.value), read.default.value)
                if secret is not None:
                    found.append(_secret(CREDENTIAL, secret, module.at(read.default.span)))
    return tuple(found)


def _secret(kind: str, secret: Secret, span: Span) -> Hardcoded:
    return Hardcoded(kind, secret.what, secret.hint, span)


# --- ARNs and account ids -------------------------------------------------------------------------------------------


def _arns(module: ModuleIndex) -> tuple[Hardcoded, ...]:
    found = ((item, _arn(module, item)) for item in module.strings)
    return tuple(arn for item, arn in found if arn is not None and _is_used(module, item))


def _arn(module: ModuleIndex, item: String) -> Hardcoded | None:
    if ":" not in item.value and ".dkr.ecr." not in item.value and len(item.value) != ACCOUNT_LENGTH:
        return None
    for arn in arns(item.value):
        if _belongs_to_account(arn, item.value, item.partial):
            shown = f"arn:{arn.partition}:{arn.service}:{arn.region}:{arn.account}:{arn.resource}"
            return Hardcoded(ARN, "ARN", shown, module.at(item.span))
    account = account_in_url(item.value) or (account_in_piece(item.value) if item.partial else "")
    if account:
        return Hardcoded(ARN, "account id", account, module.at(item.span))
    if is_account(item.value) and _ACCOUNT_NAME.match(item.label) and not item.partial:
        return Hardcoded(ARN, "account id", item.value, module.at(item.span))
    return None


def _belongs_to_account(arn: Arn, text: str, partial: bool) -> bool:
    return arn.has_account or (bool(arn.bucket) and not partial and text.startswith("arn:"))


# --- names ----------------------------------------------------------------------------------------------------------


def _add_names(found: _Found, handler: Handler, record: CallRecord, names: list[Named]) -> None:
    for named in names:
        known = list(options(named.value))
        if not all(isinstance(option, Literal) and isinstance(option.value, str) for option in known):
            continue
        for option in known:
            assert isinstance(option, Literal)
            text = str(option.value)
            if text.strip() and not _is_default(handler, option.span, text):
                _add_name(found, handler, record, named, text, option.span)


def _is_for_tests(record: CallRecord) -> bool:
    if record.operation is not None:
        return _leads_nowhere(record.operation.client.options)
    endpoint = record.keyword("endpoint_url")
    return endpoint is not None and _leads_nowhere({"endpoint_url": endpoint})


def _add_name(found: _Found, handler: Handler, record: CallRecord, named: Named, text: str, span: Span) -> None:
    if text in sdk.DEFAULT_NAMES.get(named.what, ()) or text.startswith(sdk.AWS_NAMES.get(named.what, ("\0",))):
        return
    if text.startswith("arn:"):
        return
    if "://" in text:
        if not is_local(text):
            found.add(Hardcoded(ENDPOINT, named.what, text, span, (record,)))
        return
    for function in handler.functions:
        resource = own_resource(function, named.what, text)
        if resource is not None:
            variable = _variable_for(function, text, resource)
            found.add(Hardcoded(OWN, named.what, text, span, (record,), resource, variable))
            return
    variable = next((name for function in handler.functions if (name := _variable_for(function, text, None))), "")
    found.add(Hardcoded(NAME, named.what, text, span, (record,), None, variable))


def own_resource(function: Function, what: str, name: str) -> Resource | None:
    """The resource of a function's own template that has a name, or may have it by a parameter's default."""
    for resource in function.template.of_type(*sdk.RESOURCE_TYPES.get(what, ())):
        value = resource.value(NAME_PROPERTIES[resource.type])
        if value is not None and any(item.value == name for item in literals(function.project.linker.join(value))):
            return resource
    return None


def _variable_for(function: Function, text: str, resource: Resource | None) -> str:
    """The variable of the function's environment that holds a text or refers to a resource."""
    for name, variable in function.environment.items():
        if any(item.value == text for item in literals(variable.value)):
            return name
        if resource is not None:
            linked = function.project.linker.resource(function.template, variable.value, resource.type)
            if linked is resource:
                return name
    return ""


# --- endpoints ------------------------------------------------------------------------------------------------------


def _endpoints(module: ModuleIndex) -> tuple[Hardcoded, ...]:
    found: list[Hardcoded] = []
    for item in module.strings:
        if item.role in _SAID_NOT_USED or len(item.value) < 6 or not ("." in item.value or "://" in item.value):
            continue
        names_host = _HOST_NAME.match(item.label) is not None or _last(item.callee) in _CONNECTING
        endpoint: Endpoint | None = next(deployed(item.value, not item.partial, names_host), None)
        if endpoint is not None and _is_used(module, item):
            found.append(Hardcoded(ENDPOINT, endpoint.what, endpoint.address, module.at(item.span)))
    return tuple(found)


def _last(callee: str) -> str:
    return callee.rpartition(".")[2]


# --- Regions --------------------------------------------------------------------------------------------------------


def _add_regions(found: _Found, handler: Handler) -> None:
    of_clients: set[Span] = set()
    of_sessions: list[tuple[CallRecord, Literal, str]] = []
    for record in handler.calls:
        for value, service in _regions_given(record):
            for option, region in _literal_regions(value, handler):
                if isinstance(record.made, Session):
                    of_sessions.append((record, option, region))
                    continue
                of_clients.add(option.span)
                if _is_regional(service, region):
                    found.add(Hardcoded(REGION, "Region", region, option.span, (record,)))
    for record, option, region in of_sessions:
        if option.span not in of_clients:
            found.add(Hardcoded(REGION, "Region", region, option.span, (record,)))


def _literal_regions(value: Value, handler: Handler) -> Iterator[tuple[Literal, str]]:
    """The Regions that a value certainly names, each with the literal."""
    known = [option for option in options(value) if isinstance(option, Literal) and isinstance(option.value, str)]
    if len(known) != sum(1 for _ in options(value)) or len({option.value for option in known}) > 1:
        return  # chosen at run time: by partition, by stage, or all of a list
    for option in known:
        text = str(option.value)
        region = text if is_region(text) else region_of_service(text)
        if region and not _is_default(handler, option.span, text):
            yield option, region


def _regions_given(record: CallRecord) -> Iterator[tuple[Value, str]]:
    """The Regions that a call gives to what it makes, each with the service; ``*`` for all services."""
    if record.made is not None:
        given = record.made.options
        value = given.get("region_name") or given.get("region") or _endpoint(given)
        if value is not None and not _leads_nowhere(given):
            yield value, record.made.service if isinstance(record.made, Client) else "*"
        return
    known = sdk.REGION_ARGUMENTS.get(record.callee)
    if known is not None:
        position, name = known
        value = record.keyword(name) or (record.positional(position) if position >= 0 else None)
        if value is not None:
            yield value, "*"
    elif record.callee.endswith("config.update"):
        first = record.positional(0)
        region = first.get("region") if isinstance(first, MapOf) else None
        if region is not None:
            yield region, "*"


def _endpoint(given: dict[str, Value]) -> Value | None:
    return given.get("endpoint_url") or given.get("endpoint")


def _leads_nowhere(given: dict[str, Value]) -> bool:
    """Whether the options of a client may lead it to an emulator on the same machine."""
    return any(isinstance(item.value, str) and is_local(item.value) for item in literals(_endpoint(given)))


def _is_regional(service: str, region: str) -> bool:
    if not service or service in sdk.GLOBAL_SERVICES:
        return False
    return not (region == "us-east-1" and service in sdk.GLOBAL_IN_US_EAST_1)


# --- words for messages ---------------------------------------------------------------------------------------------


def reading(handler: Handler, variable: str) -> str:
    """How the handler's language reads an environment variable."""
    if handler.language == "python":
        return f'os.environ["{variable}"]'
    if handler.language == "javascript":
        return f"process.env.{variable}"
    return f"the environment variable {variable}"


def variable_name(resource: Resource, what: str) -> str:
    """A name for a variable that holds a resource's name: ``ORDERS_TABLE``."""
    name = "_".join(words_of(resource.logical_id)).upper()
    kind = what.replace(" ", "_").upper()
    return name if name.endswith(kind) else f"{name}_{kind}"


def shorten(text: str, length: int = 60) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
