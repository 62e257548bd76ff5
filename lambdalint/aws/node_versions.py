"""Syntax of JavaScript by the version of Node.js that first parses it.

Only what is certain: versions are those of the engine (V8) in the last release of each version, which is what Lambda's
runtimes run: each kind was tried on Node.js 10, 12, 14, 16, 18, 20, 22 and 24. Sources: https://node.green and the
change logs of Node.js, read in November 2026.
"""

from __future__ import annotations

from lambdalint.aws.versions import Syntax

_GREEN = "https://node.green"
_LOGS = "https://github.com/nodejs/node/blob/main/doc/changelogs"

SYNTAX: dict[str, Syntax] = {
    "class-field": Syntax((12,), "a class field", "set it in the constructor", f"{_GREEN}/#ES2022"),
    "optional-chaining": Syntax((14,), "optional chaining (`?.`)", "test with `&&`", f"{_GREEN}/#ES2020"),
    "nullish-coalescing": Syntax((14,), "the operator `??`", "compare with `null`", f"{_GREEN}/#ES2020"),
    "private-method": Syntax((14,), "a private method (`#name()`)", "use a plain method", f"{_GREEN}/#ES2022"),
    "logical-assignment": Syntax(
        (15,), "logical assignment (`??=`, `||=`, `&&=`)", "assign under a condition", f"{_GREEN}/#ES2021"
    ),
    "private-in": Syntax((16,), "the test `#name in object`", "catch the error of an access", f"{_GREEN}/#ES2022"),
    "static-block": Syntax((16,), "a `static` block in a class", "run the code after the class", f"{_GREEN}/#ES2022"),
    "regex-indices": Syntax((16,), "the flag `d` of a regular expression", "search again", f"{_GREEN}/#ES2022"),
    "import-attributes": Syntax(
        (18,), "import attributes (`with { type: … }`)", "read the file", f"{_LOGS}/CHANGELOG_V18.md#18.20.0"
    ),
    "regex-sets": Syntax((20,), "the flag `v` of a regular expression", "use the flag `u`", f"{_GREEN}/#ES2024"),
    "using": Syntax((24,), "a `using` declaration", "close it in `finally`", f"{_LOGS}/CHANGELOG_V24.md#24.0.0"),
}
"""By the names that the reader of JavaScript gives to syntax."""
