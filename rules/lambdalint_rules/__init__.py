"""The built-in rule pack: one file a rule, in a folder a family."""
