"""Output: one file a format."""
