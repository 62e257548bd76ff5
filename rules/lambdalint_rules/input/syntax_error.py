"""LL001."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import SourceProblem
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL001", severity=ERROR, level=REGULAR)
def syntax_error(problem: SourceProblem) -> Iterator[Finding]:
    """Template or handler module that cannot be parsed.

    ## Why
    A template that is not well-formed YAML or JSON is refused before anything is deployed. A handler module that does
    not parse deploys without complaint, and then every invocation fails with `Runtime.UserCodeSyntaxError`. A key that
    a template gives twice in one place is refused by some tools; the others keep only one of the two without a word.

    Nothing else can be said of a file that can't be read, so that other rules are silent about it.

    ## Fix
    Correct the text at the place that the parser names, or a little before it. Of two keys with the same name, keep
    one, or give the other one the name that it should have.

    ## When this is wrong
    A file that Jinja, cookiecutter or another tool fills in before it is used is passed over if its placeholders can be
    told. Where they can't, exclude the file: `extend-exclude = ["scaffold/"]`. A broken YAML or JSON file counts as a
    template only if it has `Resources` at its top level and names CloudFormation or a resource type of AWS; a broken
    Python or JavaScript file counts as a handler if a template names it, or if it defines (in JavaScript: exports) a
    function that takes an event and a context. Syntax that only a newer Python than the one that runs lambdalint can
    read is left alone, as is JavaScript and TypeScript that may be newer than what lambdalint knows.

    ## Bad
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
           CodeUri: src
    ```

    A module that ends too soon:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
    ```
    ```python
    def handler(event, context):
        return {"statusCode": 200
    ```

    A comma too few, in JavaScript:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: .
    ```
    ```javascript
    exports.handler = async (event) => ({
      statusCode: 200
      body: event.body,
    });
    ```

    The same key twice:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Timeout: 3
          Timeout: 30
    ```

    ## Good
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Timeout: 30
    ```
    ```python
    def handler(event, context):
        return {"statusCode": 200}
    ```

    A file that is filled in first:
    ```yaml
    Resources:
      {{ cookiecutter.function_name }}:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {{ cookiecutter.runtime }}
          Handler: app.handler
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    what, first = problem.problem.message, problem.problem.first
    if problem.kind == "key":
        ends = [related(first, "first here")] if first is not None else []
        yield finding(problem, f"{what}: only one of the two counts; remove or rename one", related=ends)
    elif problem.kind == "handler":
        more = len(problem.functions) - 1
        names = "".join(problem.functions[:1]) + (
            f" (and {more} more function{'s' if more > 1 else ''})" if more > 0 else ""
        )
        yield finding(problem, f"{names or 'the handler'} cannot start, its module cannot be parsed: {what}")
    else:
        ends = [related(first, "begins here")] if first is not None else []
        yield finding(problem, f"template cannot be parsed: {what}", related=ends)
