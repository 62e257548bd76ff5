"""What anybody may call."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.exposure import open_to_all
from tests.project.test_link import project

URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"
METHOD = "M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, Integration: {Uri: %s}, %s}}"
ROUTES = (
    "I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref A, IntegrationUri: !GetAtt F.Arn}}\n"
    "  R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, Target: !Sub 'integrations/${I}' %s}}\n"
    "  A: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}"
)


@pytest.mark.parametrize(
    ("properties", "more", "kind"),
    [
        ("FunctionUrlConfig: {AuthType: NONE}", "", "url"),
        ("FunctionUrlConfig: {AuthType: AWS_IAM}", "", ""),
        ("FunctionUrlConfig: {AuthType: !Ref Kind}", "", ""),
        ("Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}", "", "api"),
        ("Events: {E: {Type: Api, Properties: {Path: /, Method: get, Auth: {ApiKeyRequired: true}}}}", "", ""),
        (
            "Events: {E: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref A}}}",
            "A: {Type: AWS::Serverless::Api, Properties: {StageName: live, EndpointConfiguration: {Type: REGIONAL}}}",
            "api",
        ),
        (
            "Events: {E: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref A}}}",
            "A: {Type: AWS::Serverless::Api, Properties: {StageName: live, EndpointConfiguration: {Type: PRIVATE}}}",
            "",
        ),
        (
            "Events: {E: {Type: HttpApi, Properties: {Path: /, Method: get, ApiId: !Ref A}}}",
            "A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: Own}}}",
            "",
        ),
        (
            "Handler: app.handler",
            f"A: {{Type: AWS::ApiGateway::RestApi}}\n  {METHOD % (URI, 'AuthorizationType: NONE')}",
            "api",
        ),
        (
            "Handler: app.handler",
            f"A: {{Type: AWS::ApiGateway::RestApi}}\n  {METHOD % (URI, 'AuthorizationType: AWS_IAM')}",
            "",
        ),
        (
            "Handler: app.handler",
            "A: {Type: AWS::ApiGateway::RestApi, Properties: {Policy: {}}}\n"
            f"  {METHOD % (URI, 'AuthorizationType: NONE')}",
            "",
        ),
        ("Handler: app.handler", ROUTES % "", "http-api"),
        ("Handler: app.handler", ROUTES % ", AuthorizationType: JWT", ""),
        ("Events: {E: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}", "", ""),
    ],
)
def test_open_to_all(properties: str, more: str, kind: str, tmp_path: Path) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nParameters: {Kind: {Type: String}}\nResources:\n"
        f"  F: {{Type: AWS::Serverless::Function, Properties: {{Runtime: python3.13, {properties}}}}}\n  {more}\n"
    )
    made = project(tmp_path, {"template.yaml": template})
    found = open_to_all(made.functions[0])
    assert (found.kind if found else "") == kind


def test_shared_settings_of_the_api_that_sam_makes(tmp_path: Path) -> None:
    template = """
        Transform: AWS::Serverless-2016-10-31
        Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}
        """
    assert open_to_all(project(tmp_path, {"template.yaml": template}).functions[0]) is None
