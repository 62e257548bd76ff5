"""How long callers wait, and what else may run a function."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.callers import longest_patience, outlived
from lambdalint.project.model import Function
from tests.project.test_link import project

SAM = """
    Transform: AWS::Serverless-2016-10-31
    Parameters: {{Wait: {{Type: Number, Default: 7000}}, Open: {{Type: Number}}}}
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Timeout: 60
          Events: {{Event: {event}}}
    """
PLAIN = """
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Code: {{S3Bucket: artifacts, S3Key: orders.zip}}
          Timeout: 60
      Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
      {more}
    """
URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations'"
INTEGRATION = "Integration: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationUri: %s}}"


def orders(tmp_path: Path, template: str, **code: str) -> Function:
    made = project(tmp_path, {"template.yaml": template, **{f"{name}.py": text for name, text in code.items()}})
    return next(function for function in made.functions if function.name == "Orders")


@pytest.mark.parametrize(
    ("event", "seconds"),
    [
        ("{Type: Api, Properties: {Path: /, Method: get}}", 29),
        ("{Type: HttpApi, Properties: {Path: /, Method: get}}", 30),
        ("{Type: HttpApi}", 30),
        ("{Type: Api, Properties: {Path: /, Method: get, TimeoutInMillis: 100000}}", 100),
        ("{Type: HttpApi, Properties: {Path: /, Method: get, TimeoutInMillis: 100000}}", 30),
        ("{Type: Api, Properties: {Path: /, Method: get, TimeoutInMillis: !Ref Wait}}", 7),
        ("{Type: Api, Properties: {Path: /, Method: get, TimeoutInMillis: !Ref Open}}", None),
        ("{Type: Api, Properties: {Path: /, Method: get, ResponseTransferMode: STREAM}}", None),
        ("{Type: Api, Properties: {Path: /, Method: get, RestApiId: !ImportValue api}}", None),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", None),
        ("{Type: AlexaSkill}", None),
    ],
)
def test_sam_events(event: str, seconds: float | None, tmp_path: Path) -> None:
    patience = longest_patience(orders(tmp_path, SAM.format(event=event)))
    assert (patience.seconds if patience else None) == seconds


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        (INTEGRATION % "!GetAtt Orders.Arn", 30),
        (f"Method: {{Type: AWS::ApiGateway::Method, Properties: {{Integration: {{Uri: {URI}}}}}}}", 29),
        (
            "Method: {Type: AWS::ApiGateway::Method, Properties: {Integration: {TimeoutInMillis: '5000', "
            f"Uri: {URI}}}}}}}",
            5,
        ),
        (f"A: {{Type: AWS::ApiGateway::Authorizer, Properties: {{RestApiId: x, AuthorizerUri: {URI}}}}}", 29),
        (f"A: {{Type: AWS::ApiGatewayV2::Authorizer, Properties: {{ApiId: !Ref Api, AuthorizerUri: {URI}}}}}", 10),
        (f"A: {{Type: AWS::ApiGatewayV2::Authorizer, Properties: {{ApiId: other, AuthorizerUri: {URI}}}}}", None),
        ("P: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}}}", 5),
        (
            "P: {Type: AWS::Cognito::UserPool, Properties: "
            "{LambdaConfig: {CustomEmailSender: {LambdaArn: !GetAtt Orders.Arn}}}}",
            None,
        ),
        ("U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Orders, AuthType: NONE}}", None),
        ("Nothing: {Type: AWS::SNS::Topic}", None),
    ],
)
def test_other_event_sources(more: str, seconds: float | None, tmp_path: Path) -> None:
    patience = longest_patience(orders(tmp_path, PLAIN.format(more=more)))
    assert (patience.seconds if patience else None) == seconds


@pytest.mark.parametrize(
    ("more", "is_invoked"),
    [
        ("L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Orders}'}}", False),
        (
            "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Orders, Principal: s3.amazonaws.com}}",
            True,
        ),
        (
            "P: {Type: AWS::Lambda::Permission, "
            "Properties: {FunctionName: !Ref Orders, Principal: apigateway.amazonaws.com}}",
            False,
        ),
        (
            "C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Orders, Qualifier: $LATEST}}",
            True,
        ),
        ("S: {Type: AWS::SSM::Parameter, Properties: {Value: !Ref Orders}}", True),
        ("S: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Worker: !GetAtt Orders.Arn}}}", True),
        (
            "F: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {WORKER: !Ref Orders}}}}",
            True,
        ),
        (
            "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Principal: {Service: "
            "apigateway.amazonaws.com}}}, Policies: [{PolicyDocument: {Statement: {Resource: !GetAtt Orders.Arn}}}]}}",
            False,
        ),
        (
            "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Principal: {Service: "
            "lambda.amazonaws.com}}}, Policies: [{PolicyDocument: {Statement: {Resource: !GetAtt Orders.Arn}}}]}}",
            True,
        ),
    ],
)
def test_who_else_may_run_it(more: str, is_invoked: bool, tmp_path: Path) -> None:
    function = orders(tmp_path, PLAIN.format(more=f"{INTEGRATION % '!GetAtt Orders.Arn'}\n      {more}"))
    assert function.is_invoked_otherwise == is_invoked
    assert bool(outlived(function)) != is_invoked


@pytest.mark.parametrize(
    ("call", "is_invoked"),
    [
        ('FunctionName="orders"', True),
        ('FunctionName=event["name"]', True),
        ('FunctionName="others"', False),
    ],
)
def test_code_that_invokes(call: str, is_invoked: bool, tmp_path: Path) -> None:
    template = """
        Resources:
          Orders:
            Type: AWS::Lambda::Function
            Properties: {FunctionName: orders, Runtime: python3.13, Timeout: 60, Code: {S3Bucket: a, S3Key: b}}
          Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Orders.Arn}}
          Front:
            Type: AWS::Serverless::Function
            Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}
        """
    code = f"import boto3\n\n\ndef handler(event, context):\n    boto3.client('lambda').invoke({call})\n"
    assert orders(tmp_path, template, app=code).is_invoked_otherwise == is_invoked
