"""The built-in rule pack: one file a rule, in a folder a family."""

FAMILIES = {
    "LL0": "input and suppression",
    "LL1": "does it start: handler, package and runtime agree",
    "LL2": "configuration: environment, hard-coded values, secrets",
    "LL3": "runtime, size and time",
    "LL4": "SnapStart, versions and cold starts",
    "LL5": "packages and layers",
    "LL6": "events and invocation",
    "LL7": "permissions and exposure",
    "LL8": "failures, state and observability",
    "LL9": "handler design",
}
"""What the rules are about whose codes begin so."""
