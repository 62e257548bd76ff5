"""LL6: events and invocation."""
