"""LL306."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Related, finding, related
from lambdalint.project.callers import Outlived, longest_patience, outlived
from lambdalint.project.choices import use
from lambdalint.project.model import Function
from lambdalint.rule import CERTAIN, LIKELY, PEDANTIC, REGULAR, WARNING, rule

_HARDLY = 1
"""Seconds over the caller's time that hardly matter: an answer in the last second helps nobody."""


@rule("LL306", severity=WARNING, level=REGULAR)
def timeout_exceeds_trigger(function: Function) -> Iterator[Finding]:
    """Function that may run longer than its caller waits.

    ## Why
    REST APIs wait 29 s for an answer, HTTP APIs 30 s, or as long as the integration says; Cognito user pools wait 5 s.
    Then the client gets an error, while the function runs on, is billed, and does work whose result nobody gets. The
    client tries again meanwhile, and the same work is done several times.

    ## Fix
    Set `Timeout` to no more than the caller waits. Work that takes longer is better done asynchronously: answer at
    once, and hand the work on to a queue, a state machine or an asynchronous invocation. Regional and private REST APIs
    can have more than 29 s by a quota, if the integration asks for it (`TimeoutInMillis`).

    ## When this is wrong
    Where something else runs the same function, and doesn't wait. The rule is silent for functions with any other event
    source, permission or configuration for asynchronous invocations, that other functions or state machines invoke or
    know by name, that stream their response, or whose API calls them asynchronously; and where an integration's own
    timeout can't be known. A second more than the caller's time is shown at the pedantic level only.

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
          Timeout: 60
          Events:
            Order:
              Type: Api
              Properties: {Path: /orders, Method: post}
    ```

    By a parameter's default, and shorter than the integration allows:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Timeout:
        Type: Number
        Default: 15
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Timeout: !Ref Timeout
          Events:
            Order:
              Type: HttpApi
              Properties: {Path: /orders, Method: post, TimeoutInMillis: 5000}
    ```

    A trigger of a user pool:
    ```yaml
    Resources:
      Greeting:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: greeting.zip}
          Role: arn:aws:iam::123456789012:role/greeting
          Timeout: 30
      Pool:
        Type: AWS::Cognito::UserPool
        Properties:
          LambdaConfig:
            PostConfirmation: !GetAtt Greeting.Arn
      Permission:
        Type: AWS::Lambda::Permission
        Properties:
          FunctionName: !Ref Greeting
          Action: lambda:InvokeFunction
          Principal: cognito-idp.amazonaws.com
          SourceArn: !GetAtt Pool.Arn
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
          CodeUri: s3://artifacts/orders.zip
          Timeout: 29
          Events:
            Order:
              Type: Api
              Properties: {Path: /orders, Method: post}
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/report.zip
          Timeout: 120
          Events:
            Report:
              Type: Api
              Properties: {Path: /report, Method: get, TimeoutInMillis: 120000}
    ```

    Other event sources, and others that may run it:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Nightly:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/nightly.zip
          Timeout: 300
          Events:
            Now:
              Type: Api
              Properties: {Path: /reports, Method: post}
            EveryNight:
              Type: Schedule
              Properties: {Schedule: cron(0 3 * * ? *)}
      Worker:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/worker.zip
          Timeout: 300
          Events:
            Now:
              Type: Api
              Properties: {Path: /work, Method: post}
      Front:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/front.zip
          Timeout: 10
          Environment:
            Variables:
              WORKER: !Ref Worker
          Events:
            Now:
              Type: Api
              Properties: {Path: /front, Method: post}
      Mails:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/mails.zip
          Timeout: 300
          DeadLetterQueue:
            Type: SQS
            TargetArn: arn:aws:sqs:eu-west-1:123456789012:failed-mails
          Events:
            Now:
              Type: Api
              Properties: {Path: /mails, Method: post}
    ```

    A method that calls its function asynchronously, one that streams, and an integration whose timeout isn't known:
    ```yaml
    Parameters:
      Patience:
        Type: Number
    Resources:
      Import:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: import.zip}
          Role: arn:aws:iam::123456789012:role/import
          Timeout: 300
      ImportMethod:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: POST
          AuthorizationType: AWS_IAM
          Integration:
            Type: AWS
            IntegrationHttpMethod: POST
            Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Import.Arn}/invocations
            RequestParameters:
              integration.request.header.X-Amz-Invocation-Type: "'Event'"
      Story:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: story.zip}
          Role: arn:aws:iam::123456789012:role/story
          Timeout: 300
      StoryMethod:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: GET
          AuthorizationType: AWS_IAM
          Integration:
            Type: AWS_PROXY
            IntegrationHttpMethod: POST
            ResponseTransferMode: STREAM
            Uri: !Sub
              - arn:aws:apigateway:${AWS::Region}:lambda:path/2021-11-15/functions/${Arn}/response-streaming-invocations
              - {Arn: !GetAtt Story.Arn}
      Search:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {S3Bucket: artifacts, S3Key: search.zip}
          Role: arn:aws:iam::123456789012:role/search
          Timeout: 60
      SearchMethod:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: PUT
          AuthorizationType: AWS_IAM
          Integration:
            Type: AWS_PROXY
            IntegrationHttpMethod: POST
            TimeoutInMillis: !Ref Patience
            Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Search.Arn}/invocations
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties: {Name: imports}
    ```

    ## Source
    https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    """
    for item in outlived(function):
        limit = item.patience.seconds
        yield finding(
            item.choice,
            _message(function, item),
            related=_related(function, item),
            confidence=CERTAIN if item.is_certain else LIKELY,
            level=PEDANTIC if item.seconds - limit <= _HARDLY else REGULAR,
        )


def _message(function: Function, item: Outlived) -> str:
    caller, limit = item.patience.caller, item.patience.seconds
    others = ", and give functions that need longer a Timeout of their own" if _is_shared(function) else ""
    return (
        f"{function.display} may run {item.seconds:g} s, but {caller.name} waits {limit:g} s: then {caller.then}, "
        f"while the function runs on and bills up to {item.seconds:g} s; lower Timeout to {max(int(limit), 1)}"
        f"{others}, or answer early and work on asynchronously"
    )


def _is_shared(function: Function) -> bool:
    """Whether functions that nobody waits for have the same timeout from ``Globals``."""
    if not function.is_global("Timeout"):
        return False
    return any(
        other.template is function.template
        and other.is_sam
        and other.timeout is not None
        and other.is_global("Timeout")
        and longest_patience(other) is None
        for other in function.project.functions
    )


def _related(function: Function, item: Outlived) -> list[Related]:
    setting, patience = function.timeout, item.patience
    used = use(item.choice, setting, function.resource) if setting is not None else None
    found = [related(used, f"{function.display} uses it")] if used is not None else []
    if patience.setting is not None:
        found.append(related(patience.setting, f"waits {patience.seconds:g} s here"))
    found.append(related(patience.source, f"{patience.caller.name} calls it here"))
    return found
