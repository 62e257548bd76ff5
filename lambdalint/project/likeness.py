"""Functions that look like handlers by their names and parameters."""

from __future__ import annotations

from collections.abc import Iterable

from lambdalint.code.facts import Parameter
from lambdalint.project.codebase import ModuleIndex
from lambdalint.regex import regex

USUAL_NAMES = frozenset(("handler", "lambda_handler"))
USUAL_NODE_NAMES = frozenset(("handler", "lambdaHandler", "lambda_handler"))

_EVENT_NAMES = frozenset(
    f"{prefix}{word}{end}"
    for prefix in ("", "_", "lambda", "lambda_", "_lambda", "_lambda_")
    for word in ("event", "evt", "event_data", "event_dict", "raw_event", "payload")
    for end in ("", "s", "_", "s_")
)
_CONTEXT_NAMES = frozenset(
    f"{prefix}{word}{end}"
    for prefix in ("", "lambda", "lambda_")
    for word in ("context", "ctx", "cntxt", "contexts", "_context")
    for end in ("", "_")
)
_HANDLER_NAMES = regex(r"(lambda_?)?handler\Z|.*_handler\Z|handler_.*|lambda_.*|main\Z|handle\Z|run\Z|.*Handler\Z")
_NO_CONTEXT_NAMES = regex(r"_?(err|error|exception|res|response|next)_?\Z")
_CALLBACK_NAMES = regex(r"_?(callback|cb|done|next)_?\Z")


def is_event(parameter: Parameter) -> bool:
    """Whether a parameter is named as an event."""
    return parameter.name.lower() in _EVENT_NAMES


def is_context(parameter: Parameter) -> bool:
    """Whether a parameter is named as a context, or as one that isn't used."""
    name = parameter.name.lower()
    return name.startswith("_") or name in _CONTEXT_NAMES


def looks_like_handler(module: ModuleIndex, index: int) -> bool:
    """Whether a Python function at module level has a handler's parameters and is not called by its own module."""
    definition = module.definition(index)
    if definition.kind != "function" or definition.is_generator:
        return False
    positional = [parameter for parameter in definition.parameters if parameter.kind == "positional"]
    if len(positional) != 2 or len(definition.parameters) != 2:
        return False
    if not is_event(positional[0]) or not is_context(positional[1]):
        return False
    if definition.name in USUAL_NAMES:
        return True
    return is_handler_name(definition.name) and not is_called(module, definition.name)


def is_called(module: ModuleIndex, name: str) -> bool:
    """Whether a module itself calls something of a name, not only when it is run as a script."""
    return any(getattr(call.callee, "id", "") == name and not module.is_script(call) for call in module.facts.calls)


def is_handler_name(name: str) -> bool:
    """Whether handlers are often called so."""
    return _HANDLER_NAMES.match(name) is not None


def looks_like_node_handler(module: ModuleIndex, name: str, index: int) -> bool:
    """Whether a function of a JavaScript module that is exported under a name takes what Lambda gives to a handler."""
    definition = module.definition(index)
    parameters = definition.parameters
    if definition.kind == "class" or len(parameters) > 3 or "error" in name.lower():
        return False
    if len(parameters) > 1 and _NO_CONTEXT_NAMES.match(parameters[1].name.lower()):
        return False
    if name in USUAL_NODE_NAMES:
        if not parameters or parameters[0].name.startswith("\0"):
            return _is_for_lambda(module)
        if is_event(parameters[0]):
            return True
        return len(parameters) > 1 and _takes_other(parameters[0]) and is_context(parameters[1])
    if len(parameters) < 2 or not is_event(parameters[0]) or not is_context(parameters[1]):
        return False
    if is_called(module, definition.name):
        return False
    third = parameters[2] if len(parameters) == 3 else None
    return is_handler_name(name) or (third is not None and bool(_CALLBACK_NAMES.match(third.name)))


def _takes_other(parameter: Parameter) -> bool:
    return parameter.name.lower() in ("request", "req", "input", "data", "message")


_FOR_LAMBDA = regex(
    r"(aws-sdk|aws-lambda|aws-xray-sdk.*|@aws-sdk/.*|@aws-lambda-powertools/.*|@middy/.*"
    r"|(boto3|botocore|aws_lambda_powertools|aws_lambda_typing|aws_xray_sdk)(\..*)?)\Z"
)


def _is_for_lambda(module: ModuleIndex) -> bool:
    """Whether a module uses what code for Lambda uses."""
    return any(_FOR_LAMBDA.match(imported.module) for imported in module.facts.imports)


def is_for_lambda(name: str, modules: Iterable[ModuleIndex]) -> bool:
    """Whether what looks like a handler is certainly Lambda's: other clouds have functions of the same look."""
    return "lambda" in name.lower() or any(_is_for_lambda(module) for module in modules)
