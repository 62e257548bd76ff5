"""LL9: the design of handlers."""
