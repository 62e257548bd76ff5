"""Holds reports against the schemas of their formats, for those that have one."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema.validators import validator_for
from xmlschema import XMLSchema

FOLDER = Path(__file__).parent
SCHEMAS = {"sarif": "sarif-schema-2.1.0.json", "gitlab": "gitlab.json", "rdjson": "rdjson.json"}


@lru_cache
def validator(name: str) -> Any:
    schema = json.loads((FOLDER / SCHEMAS[name]).read_text(encoding="utf-8"))
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@lru_cache
def junit() -> XMLSchema:
    return XMLSchema(str(FOLDER / "junit-10.xsd"))


def hold(name: str, text: str) -> None:
    """Raises if a report in a format is not what the schema of the format says."""
    if name in SCHEMAS:
        validator(name).validate(json.loads(text))
    if name == "sarif":
        hold_sarif(json.loads(text))
    if name == "junit":
        junit().validate(text)


def hold_sarif(log: Any) -> None:
    """What the standard and code scanning ask beyond the schema."""
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
        assert all(len(rule["fullDescription"]["text"]) <= 1_024 for rule in rules)
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert len(result["locations"]) == 1
            links = set(re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"]))
            assert links == {str(place["id"]) for place in result.get("relatedLocations", ())}
        for location in artifacts(run):
            parts = urlsplit(location["uri"])
            assert re.fullmatch(r"(?:[A-Za-z0-9._~/!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+", location["uri"])
            assert (parts.scheme == "file") != ("uriBaseId" in location)
            assert ".." not in parts.path.split("/")
            assert location.get("uriBaseId", "%SRCROOT%") in run["originalUriBaseIds"]


def artifacts(node: Any) -> list[dict[str, str]]:
    """The places of files within a part of a log."""
    if isinstance(node, list):
        return [found for item in node for found in artifacts(item)]
    if not isinstance(node, dict):
        return []
    own = [node["artifactLocation"]] if "artifactLocation" in node else []
    return [*own, *(found for item in node.values() for found in artifacts(item))]
