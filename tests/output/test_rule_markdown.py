from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding
from lambdalint.output.rule_markdown import rule_markdown
from lambdalint.output.rule_page import rule_data, rule_page
from lambdalint.output.text import Style
from lambdalint.project.model import Function
from lambdalint.rule import PEDANTIC, SAFE, WARNING, rule

EXPECTED = """\
# LL999 some-rule

Function of some kind.

| Severity | Level | Confidence | Fix | Reads |
|---|---|---|---|---|
| `warning` | `pedantic`, shown with `--level pedantic` or if selected | certain | safe, where there is one: `--fix` | \
templates, JavaScript, TypeScript |

## Why

It costs.

## Options

`words`: some words.

```toml
[tool.lambdalint.rules.some-rule]
words = ["a", "b"]
limit = 3
strict = false
```

## Bad

```yaml
Resources: {}
```

`src/app.js`:

```javascript
exports.handler = () => {};

```

Another one:

```yaml
Resources: {}
```

## Source

* <https://example.com/a>
* <https://example.com/b>, the second part
"""


@rule("LL999", severity=WARNING, level=PEDANTIC, fix=SAFE, options={"words": ("a", "b"), "limit": 3, "strict": False})
def some_rule(function: Function) -> Iterator[Finding]:
    """Function of some kind.

    ## Why
    It costs.

    ## Options
    `words`: some words.

    ## Bad
    ```yaml
    Resources: {}
    ```
    ```javascript src/app.js
    exports.handler = () => {};

    ```

    Another one:
    ```yaml
    Resources: {}
    ```

    ## Source
    https://example.com/a
    https://example.com/b, the second part
    """
    yield from ()


RULE = some_rule.__rule__  # type: ignore[attr-defined]


def test_markdown() -> None:
    assert "\n".join(rule_markdown(RULE)) + "\n" == EXPECTED


def test_others_say_that_there_is_a_fix() -> None:
    assert next(rule_page(RULE, Style())) == "LL999 some-rule (warning, level pedantic, safe fix)"
    data = rule_data(RULE)
    assert (data["fix"], data["reads"]) == ("safe", ["templates", "JavaScript", "TypeScript"])
