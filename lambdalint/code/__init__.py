"""Handler code, read into language-neutral facts, one file at a time."""
