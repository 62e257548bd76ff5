"""LL106."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Handler
from lambdalint.project.newer_syntax import Newer, newer_syntax
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL106", severity=ERROR, level=REGULAR)
def syntax_newer_than_runtime(handler: Handler) -> Iterator[Finding]:
    r"""Syntax that the runtime's version of the language can't parse.

    ## Why
    A module is parsed as a whole when it is loaded. Syntax that came with a later version stops the function at its
    start with `Runtime.UserCodeSyntaxError`, wherever it stands, and tests on a newer version don't show it.

    ## Fix
    Move the function to a runtime of the version that the message names, or write what the message says.

    ## When this is wrong
    Where what is deployed is not the file that is read. The rule looks only at modules that the handler certainly loads
    at its start: not at those that it imports under a condition, where a failure is caught, or within a function. It is
    silent where a bundler or a compiler may rewrite JavaScript, for TypeScript, for wrapper scripts and images, and
    where one of several runtimes that the function may have knows the syntax.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.9
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    def handler(event, context):
        match event["kind"]:
            case "order":
                return {"statusCode": 201}
            case _:
                return {"statusCode": 400}
    ```

    In a module that the handler imports; quotes in an f-string:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.11
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    from shared.keys import key_of

    def handler(event, context):
        return key_of(event)
    ```
    ```python src/shared/keys.py
    def key_of(event):
        return f"orders/{event["id"]}.json"
    ```

    In JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs18.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    exports.handler = async (event) => /[\p{L}--[a-z]]/v.test(event.name);
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          CodeUri: src/
      Script:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs20.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    def handler(event, context):
        match event["kind"]:
            case "order":
                return f"orders/{event["id"]}.json"
    ```
    ```javascript src/app.js
    exports.handler = async (event) => /[\p{L}--[a-z]]/v.test(event?.name ?? "");
    ```

    Modules that are not certainly loaded, and code that a bundler rewrites:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.9
          Handler: app.handler
          CodeUri: src/
      Bundled:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: esbuild
          BuildProperties:
            EntryPoints: [app.js]
        Properties:
          Runtime: nodejs18.x
          Handler: app.handler
          CodeUri: bundled/
    ```
    ```python src/app.py
    import sys

    if sys.version_info >= (3, 10):
        import newer as chosen
    else:
        import older as chosen

    try:
        import newer
    except (ImportError, SyntaxError):
        newer = None

    def handler(event, context):
        return chosen.kind_of(event)
    ```
    ```python src/newer.py
    def kind_of(event):
        match event["kind"]:
            case kind:
                return kind
    ```
    ```python src/older.py
    def kind_of(event):
        return event["kind"]
    ```
    ```javascript bundled/app.js
    exports.handler = async (event) => /[\p{L}--[a-z]]/v.test(event.name);
    ```

    ## Source
    https://docs.python.org/3/whatsnew/
    https://node.green
    """
    for item in newer_syntax(handler):
        yield _finding(item)


def _finding(item: Newer) -> Finding:
    function, runs = item.function, item.runs
    return finding(
        item.span,
        f"{function.display} runs on {runs.runtime}, which can't parse {item.syntax.words}, so that it fails at its "
        f"start: {item.syntax.instead}, or use {item.language} {item.since} or later",
        related=[related(runs.choice, f"{runs.runtime} is set here")],
        function=function.name,
        resource=function.name,
    )
