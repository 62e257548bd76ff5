"""Readers, whatever they are given: never an exception, and every place inside its file."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties import inputs, promises

few = settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@few
@given(st.one_of(inputs.raw(), inputs.text_of_tokens().map(inputs.encoded)))
def test_any_bytes_as_a_template(data: bytes) -> None:
    promises.template_is_read(data)
    promises.template_is_read(data, "template.json")


@few
@given(inputs.templates(), st.sampled_from((inputs.as_json, inputs.as_yaml)))
def test_trees_in_the_shape_of_templates(tree: object, write: object) -> None:
    promises.template_is_read(write(tree))  # type: ignore[operator]


@few
@given(inputs.templates(10).map(inputs.as_yaml).flatmap(inputs.mutated_bytes))
def test_edited_templates(data: bytes) -> None:
    promises.template_is_read(data)


@few
@given(inputs.python_code)
def test_python(data: bytes) -> None:
    promises.python_is_read(data)


@few
@given(inputs.javascript_code, st.sampled_from(("app.js", "app.ts", "app.tsx", "app.mjs")))
def test_javascript(data: bytes, path: str) -> None:
    promises.javascript_is_read(data, path)


@few
@given(inputs.source_maps)
def test_source_maps(data: bytes) -> None:
    promises.source_map_is_read(data)


@few
@given(inputs.map_comments)
def test_addresses_of_source_maps(text: str) -> None:
    promises.map_comment_is_read(text)


@few
@given(inputs.settings)
def test_settings(text: str) -> None:
    promises.settings_are_read(text)


@few
@given(inputs.text_of_tokens(), st.sampled_from(("app.py", "app.js", "template.yaml", "template.json")))
def test_comments_that_suppress(text: str, path: str) -> None:
    promises.comments_are_read(text, path)


def test_what_was_found() -> None:
    """What these tests and tools/fuzz have come upon."""
    promises.template_is_read(b"---\n#!")
    promises.comments_are_read("x = 1\n# lambdalint: ignore[LL201]", "app.py")
