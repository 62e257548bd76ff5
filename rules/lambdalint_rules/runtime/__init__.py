"""LL3: runtime, size and time."""
