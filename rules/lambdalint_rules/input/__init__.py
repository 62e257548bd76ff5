"""LL0: input and suppression."""
