"""What triggers what, and what writes where: the directed graph of resources and functions."""

from __future__ import annotations

from lambdalint.project.model import Project


class Flow:
    """The graph of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
