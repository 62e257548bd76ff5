"""LL309."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.architectures import ARM, X86
from lambdalint.finding import Edit, Finding, Fix, finding
from lambdalint.project.architectures import could_be_arm, written_architecture
from lambdalint.project.edits import property_before
from lambdalint.project.model import Function
from lambdalint.rule import INFO, LIKELY, PEDANTIC, UNSAFE, rule


@rule("LL309", severity=INFO, level=PEDANTIC, confidence=LIKELY, fix=UNSAFE)
def x86_architecture(function: Function) -> Iterator[Finding]:
    """Function on x86_64 that could run on arm64 as it is.

    ## Why
    On arm64 a second costs about a fifth less than on x86_64, and most code runs there as fast or faster. Code in
    Python and JavaScript runs on both as it is, unless something that it ships was built for one of them.

    ## Fix
    Set `Architectures: [arm64]`, for all functions of a SAM template in `Globals`. It is an update in place; deploy to
    a test stage first.

    ## When this is wrong
    Where x86_64 is wanted, for instance since code loads something of its own accord: write `Architectures: [x86_64]`
    and ignore this rule there. It is silent where anything that is shipped is not known: requirements that may bring
    native code, layers from elsewhere, code in S3, other languages; and at CloudFront's edge, which has no arm64.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import requests


    def handler(event, context):
        return requests.get(event["url"], timeout=3).text
    ```
    ```text src/requirements.txt
    requests==2.32.5
    ```

    Written out:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: index.handler
          Architectures: [x86_64]
          Role: !GetAtt Role.Arn
          Code:
            ZipFile: "exports.handler = async () => 'hello';"
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Architectures: [arm64]
          CodeUri: src/
    ```
    ```python src/app.py
    def handler(event, context):
        return "hello"
    ```

    Native code, what a build may bring, layers from elsewhere, and code that isn't there:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Native:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: native.zip
      Built:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: built/
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: layered/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:drivers:3"]
      Elsewhere:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
    ```
    ```text native.zip
    app.py 2000 bytes
    drivers/core.so 20000 bytes (ELF x86_64)
    ```
    ```python built/app.py
    def handler(event, context):
        return "hello"
    ```
    ```text built/requirements.txt
    someones-drivers==1.0
    ```
    ```python layered/app.py
    def handler(event, context):
        return "hello"
    ```

    At CloudFront's edge:
    ```yaml
    Resources:
      Edge:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: index.handler
          Role: !GetAtt EdgeRole.Arn
          Code:
            ZipFile: "exports.handler = async (event) => event.Records[0].cf.request;"
      EdgeRole:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Principal: {Service: [lambda.amazonaws.com, edgelambda.amazonaws.com]}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
    """
    if not could_be_arm(function):
        return
    written = written_architecture(function)
    yield finding(
        written or function,
        f"{function.display} runs on {X86}{'' if written else ' by default'}, though nothing that it ships needs that: "
        f"{ARM} costs about a fifth less, set `Architectures: [{ARM}]`",
        fix=_fix(function),
    )


def _fix(function: Function) -> Fix | None:
    written = written_architecture(function)
    if written is None:
        if function.get("Architectures") is not None:
            return None
        edits = property_before(function.resource, ("Runtime", "Handler", "CodeUri", "Code"), f"Architectures: [{ARM}]")
        return Fix(f"Run on {ARM}", edits) if edits else None
    if function.is_sam and function.is_global("Architectures"):
        return None
    at = written.span
    is_plain = at.line > 0 and at.end_column - at.column == len(X86)
    return Fix(f"Run on {ARM}", (Edit(at, ARM if is_plain else f'"{ARM}"'),))
