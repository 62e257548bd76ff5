"""The project: templates and code joined, for rules to ask."""
