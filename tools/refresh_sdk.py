"""Refreshes lambdalint/aws/data/sdk.tsv, sdk_resources.json and sdk_outputs.tsv from the installed botocore and boto3.

    python tools/refresh_sdk.py

sdk.tsv has a line a service: client name, service id, signing name, endpoint prefix, operations.
sdk_resources.json holds, for boto3's resource API, identifiers, actions, parts and collections of each type.
sdk_outputs.tsv has, for each service, the operations whose answer certainly holds a time or a stream, and where.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import botocore
import botocore.session
from botocore import xform_name

DATA = Path(__file__).parents[1] / "lambdalint" / "aws" / "data"


def services() -> str:
    """The text of sdk.tsv."""
    loader = botocore.session.get_session().get_component("data_loader")
    lines = [f"# botocore {botocore.__version__}"]
    for name in sorted(loader.list_available_services("service-2")):
        model = loader.load_service_model(name, "service-2")
        meta = model["metadata"]
        prefix = meta["endpointPrefix"]
        signing = meta.get("signingName", prefix)
        operations = " ".join(sorted(model["operations"]))
        lines.append("\t".join((name, meta.get("serviceId", name), signing, prefix, operations)))
    return "\n".join(lines) + "\n"


def outputs() -> str:
    """The text of sdk_outputs.tsv."""
    loader = botocore.session.get_session().get_component("data_loader")
    lines = [f"# botocore {botocore.__version__}"]
    for name in sorted(loader.list_available_services("service-2")):
        model = loader.load_service_model(name, "service-2")
        found = []
        for operation, description in sorted(model["operations"].items()):
            if "output" in description:
                found.extend(
                    f"{operation} {item}" for item in _certain(model["shapes"], description["output"]["shape"])
                )
        if found:
            lines.append("\t".join((name, *found)))
    return "\n".join(lines) + "\n"


def _certain(shapes: dict[str, Any], name: str) -> list[str]:
    """A member of an answer that is certainly there and no JSON, with its kind; at most one."""
    shape = shapes[name]
    payload = shape.get("payload")
    if payload is not None:
        body = shapes[shape["members"][payload]["shape"]]
        if body.get("eventstream"):
            return [f"events {payload}"]
        if body["type"] == "blob":
            return [f"stream {payload}"]
    times = _times(shapes, name, ())
    return [f"time {times[0]}"] if times else []


def _times(shapes: dict[str, Any], name: str, around: tuple[str, ...]) -> list[str]:
    """The required times of a structure, by their paths."""
    shape = shapes[name]
    found: list[str] = []
    for member in shape.get("required", ()) if name not in around else ():
        target = shape["members"][member]["shape"]
        if shapes[target]["type"] == "timestamp":
            found.append(member)
        elif shapes[target]["type"] == "structure":
            found.extend(f"{member}.{inner}" for inner in _times(shapes, target, (*around, name)))
    return found


def resources() -> dict[str, Any]:
    """The content of sdk_resources.json."""
    session = boto3.session.Session()
    loader = session._loader
    found: dict[str, Any] = {}
    for service in session.get_available_resources():
        model = loader.load_service_model(service, "resources-1")
        found[service] = {"": _type(model["service"])}
        for name, shape in model["resources"].items():
            found[service][name] = _type(shape)
            # As boto3 does itself: the service offers each type that is made from identifiers alone.
            given = [[item["name"], "input", ""] for item in shape.get("identifiers", [])]
            found[service][""]["parts"].setdefault(name, [name, given])
    return {"source": f"boto3 {boto3.__version__}", "services": found}


def _type(shape: dict[str, Any]) -> dict[str, Any]:
    actions = {xform_name(name): _request(action["request"]) for name, action in shape.get("actions", {}).items()}
    if "load" in shape:
        actions["load"] = actions["reload"] = _request(shape["load"]["request"])
    parts = {}
    for name, part in shape.get("has", {}).items():
        resource = part["resource"]
        identifiers = [
            [item["target"], item["source"], item.get("name", "")] for item in resource.get("identifiers", [])
        ]
        given = any(item[1] == "input" for item in identifiers)
        parts[name if given else xform_name(name)] = [resource["type"], identifiers]
    collections = {
        xform_name(name): [*_request(item["request"]), item["resource"]["type"] if "resource" in item else ""]
        for name, item in shape.get("hasMany", {}).items()
    }
    return {
        "identifiers": [item["name"] for item in shape.get("identifiers", [])],
        "actions": actions,
        "parts": parts,
        "collections": collections,
    }


def _request(request: dict[str, Any]) -> list[Any]:
    parameters = {
        item["target"]: item["name"] for item in request.get("params", []) if item.get("source") == "identifier"
    }
    return [request["operation"], parameters]


if __name__ == "__main__":
    (DATA / "sdk.tsv").write_text(services())
    (DATA / "sdk_outputs.tsv").write_text(outputs())
    (DATA / "sdk_resources.json").write_text(json.dumps(resources(), separators=(",", ":"), sort_keys=True) + "\n")
