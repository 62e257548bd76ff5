"""Whole runs over projects that nobody would write, and over real-looking ones after random edits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from tests.properties import inputs, promises
from tests.support import write

few = settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
BEGINNINGS = inputs.projects_in([inputs.FIXTURES, inputs.EXAMPLES])


def is_sound(files: inputs.Files, with_fixes: bool = False) -> None:
    with TemporaryDirectory() as folder:
        promises.run_is_sound(write(Path(folder), files), with_fixes)


@few
@given(inputs.made_projects())
def test_made_projects(files: inputs.Files) -> None:
    is_sound(files)


@few
@given(inputs.mutated_projects(BEGINNINGS))
def test_edited_projects(files: inputs.Files) -> None:
    is_sound(files, with_fixes=True)
