"""LL507."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.layer_owners import foreign_layers
from lambdalint.project.model import Function
from lambdalint.rule import AUDITOR, INFO, POSSIBLE, RuleContext, rule


@rule("LL507", severity=INFO, level=AUDITOR, confidence=POSSIBLE, options={"accounts": ()}, needs=("Layer",))
def foreign_layer(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Layer of an account that isn't known.

    ## Why
    The code of a layer runs in the function, with all of its permissions and variables. Whoever owns the layer's
    account decides what is in it, and may delete it: then functions that use it can't be made anew.

    ## Fix
    Find out who publishes the layer. Copy its content into a layer of your own, or ship the library with the function.
    Accounts of your organisation belong into the option `accounts`.

    ## When this is wrong
    The rule is for reviews. It knows the accounts of AWS, of vendors of monitoring and of a few projects, and takes
    every account that the template, its settings or the assembly mention elsewhere for yours. Layers whose account is
    not written out say nothing.

    ## Options
    `accounts`: the ids of further accounts that are known (none).

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Layers:
            - !Sub arn:aws:lambda:${AWS::Region}:210987654321:layer:image-tools:7
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Tools:
        Type: String
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Role: arn:aws:iam::210987654321:role/orders
          Layers:
            - !Sub arn:aws:lambda:${AWS::Region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:18
            - !Sub arn:aws:lambda:${AWS::Region}:210987654321:layer:image-tools:7
            - !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:common:2
            - !Ref Tools
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
    """
    for found in foreign_layers(function, frozenset(context.texts("accounts"))):
        yield finding(
            found.span,
            f"{function.display} uses the layer {found.name} of the account {found.account}, which is neither named "
            "elsewhere nor known as a publisher's, and whose code gets all of its permissions: use a layer of your own",
        )
