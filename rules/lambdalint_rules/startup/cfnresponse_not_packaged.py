"""LL114."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.inline_modules import lacking_inline_modules
from lambdalint.project.model import Handler
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL114", severity=ERROR, level=REGULAR)
def cfnresponse_not_packaged(handler: Handler) -> Iterator[Finding]:
    """Import of CloudFormation's response module in code that doesn't ship it.

    ## Why
    CloudFormation adds `cfnresponse` (Python) and `cfn-response` (Node.js) to code that a template gives inline, and to
    nothing else. In a package the import fails, the custom resource never gets an answer, and the stack waits for an
    hour before it fails.

    ## Fix
    Copy the module beside the code: its source is in the CloudFormation User Guide. Or declare the package
    `cfnresponse` (PyPI) or `cfn-response` (npm), or use crhelper.

    ## When this is wrong
    Where a step of the deployment adds the module. The rule is silent where the project has a module of that name,
    where a list of requirements, a manifest or a script names it, where a layer's content isn't known, under a
    bundler, for wrapper scripts, archives, images and own build methods, where the code changes `sys.path`, and for
    imports whose failure is caught or that stand under a condition.

    ## Bad
    ```yaml
    Resources:
      Setup:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: src/
          Role: arn:aws:iam::123456789012:role/setup
    ```
    ```python src/app.py
    import cfnresponse

    def handler(event, context):
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```

    In JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Setup:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const response = require("cfn-response");

    exports.handler = (event, context) => response.send(event, context, response.SUCCESS, {});
    ```

    ## Good
    ```yaml
    Resources:
      Setup:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::123456789012:role/setup
          Code:
            ZipFile: |
              import cfnresponse

              def handler(event, context):
                  cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```

    Shipped: beside the code, or as a package that is declared.
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Beside:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: beside/
      Declared:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: declared/
      Script:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          CodeUri: script/
    ```
    ```python beside/app.py
    import response

    def handler(event, context):
        response.succeed(event, context)
    ```
    ```python beside/response.py
    from vendored import cfnresponse

    def succeed(event, context):
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```
    ```python beside/vendored/cfnresponse.py
    SUCCESS = "SUCCESS"

    def send(event, context, status, data):
        print(status)
    ```
    ```python declared/app.py
    import cfnresponse

    def handler(event, context):
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```
    ```text declared/requirements.txt
    cfnresponse==1.1.5
    ```
    ```javascript script/app.js
    const response = require("cfn-response");

    exports.handler = (event, context) => response.send(event, context, response.SUCCESS, {});
    ```
    ```json script/package.json
    {"dependencies": {"cfn-response": "^1.0.1"}}
    ```

    A layer whose content isn't known, and an import whose failure is caught:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: layered/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:1"]
      Caught:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: caught/
    ```
    ```python layered/app.py
    import cfnresponse

    def handler(event, context):
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    ```
    ```python caught/app.py
    try:
        import cfnresponse
    except ImportError:
        cfnresponse = None

    def handler(event, context):
        return cfnresponse is not None
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
    """
    for item in lacking_inline_modules(handler):
        effect = f"`{item.when}` fails when it runs" if item.when else "it fails at its start"
        yield finding(
            item.span,
            f"{item.function.display} imports `{item.name}`, which only code given inline has, so that {effect} and "
            f"CloudFormation waits for an answer: copy its source beside the code, or declare the package {item.name}",
            related=[related(item.function.code.span, f"the code of {item.function.display}")],
            function=item.function.name,
            resource=item.function.name,
        )
