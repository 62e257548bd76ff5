"""LL2: environment variables, hard-coded values and secrets."""
