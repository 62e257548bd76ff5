"""Templates that are generated: SAM with globals, events and intrinsics, and CloudFormation with inline code."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

PYTHON, NODE = "python3.13", "nodejs24.x"


class Declared(NamedTuple):
    """A function that a template declares: its logical id, folder, handler string, runtime and what calls it."""

    name: str
    folder: str
    handler: str
    runtime: str
    event: str


def sam(service: str, functions: Sequence[Declared], layer: str, random: Random) -> str:
    """A SAM template with a table, a topic, a bucket, a layer, and functions."""
    text = [
        f"""AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: {service}

Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues: [dev, test, prod]
  LogLevel:
    Type: String
    Default: INFO

Mappings:
  Capacity:
    dev: {{Memory: 256}}
    test: {{Memory: 256}}
    prod: {{Memory: 512}}

Conditions:
  IsProd: !Equals [!Ref Stage, prod]

Globals:
  Function:
    Runtime: {PYTHON}
    Timeout: {random.choice((10, 15, 20, 29))}
    MemorySize: 256
    Tracing: Active
    Environment:
      Variables:
        STAGE: !Ref Stage
        LOG_LEVEL: !Ref LogLevel
        TABLE_NAME: !Ref Table
        TOPIC_ARN: !Ref Topic

Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {{AttributeName: pk, AttributeType: S}}
        - {{AttributeName: sk, AttributeType: S}}
      KeySchema:
        - {{AttributeName: pk, KeyType: HASH}}
        - {{AttributeName: sk, KeyType: RANGE}}

  Topic:
    Type: AWS::SNS::Topic

  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub '{service}-inbox-${{Stage}}-${{AWS::AccountId}}'

  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties:
      LayerName: !Sub '{service}-shared-${{Stage}}'
      ContentUri: {layer}
      CompatibleRuntimes:
        - {PYTHON}

  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: !Ref Stage
"""
    ]
    text.extend(_sam_function(service, item) for item in functions)
    text.append(
        f"""
Outputs:
  TableName:
    Value: !Ref Table
    Export:
      Name: !Sub '{service}-${{Stage}}-table'
  Address:
    Value: !Sub 'https://${{Api}}.execute-api.${{AWS::Region}}.amazonaws.com/${{Stage}}'
"""
    )
    return "".join(text)


def _sam_function(service: str, item: Declared) -> str:
    text = f"""
  {item.name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {item.folder}
      Handler: {item.handler}
"""
    if item.runtime == PYTHON:
        text += "      Layers:\n        - !Ref Shared\n"
    else:
        text += f"      Runtime: {item.runtime}\n"
    text += f"""      Environment:
        Variables:
          FUNCTION_KIND: !Sub '${{AWS::StackName}}-{item.name}'
          IS_PROD: !If [IsProd, 'yes', 'no']
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Table
        - SNSPublishMessagePolicy:
            TopicName: !GetAtt Topic.TopicName
"""
    if item.event == "bucket":
        text += (
            f"        - S3ReadPolicy:\n            BucketName: !Sub '{service}-inbox-${{Stage}}-${{AWS::AccountId}}'\n"
        )
    text += "      Events:\n"
    if item.event == "api":
        return (
            text
            + f"""        Request:
          Type: HttpApi
          Properties:
            ApiId: !Ref Api
            Path: /{item.name.lower()}
            Method: POST
"""
        )
    if item.event == "queue":
        return (
            text
            + f"""        Messages:
          Type: SQS
          Properties:
            Queue: !GetAtt {item.name}Queue.Arn
            BatchSize: 10
            FunctionResponseTypes:
              - ReportBatchItemFailures

  {item.name}Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 180
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt {item.name}Failed.Arn
        maxReceiveCount: 5

  {item.name}Failed:
    Type: AWS::SQS::Queue
    Properties:
      MessageRetentionPeriod: 1209600
"""
        )
    if item.event == "bucket":
        return (
            text
            + f"""        Laid:
          Type: S3
          Properties:
            Bucket: !Ref Inbox
            Events: s3:ObjectCreated:*
            Filter:
              S3Key:
                Rules:
                  - {{Name: prefix, Value: {item.name.lower()}/}}
"""
        )
    return (
        text
        + """        Daily:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
            RetryPolicy:
              MaximumRetryAttempts: 2
"""
    )


_INLINE = """          import json
          import os

          import boto3

          QUEUE_URL = os.environ["QUEUE_URL"]
          SQS = boto3.client("sqs")


          def handler(event, context):
              detail = event.get("detail", {{}})
              if detail.get("state") not in ("{one}", "{two}"):
                  print("nothing to do", json.dumps(detail))
                  return
              body = {{"id": event["id"], "state": detail["state"], "region": event.get("region")}}
              SQS.send_message(QueueUrl=QUEUE_URL, MessageBody=json.dumps(body))
"""

_INLINE_NODE = """          const {{ SQSClient, SendMessageCommand }} = require('@aws-sdk/client-sqs');
          const sqs = new SQSClient({{}});

          exports.handler = async (event) => {{
            const {{ state }} = event.detail ?? {{}};
            if (!['{one}', '{two}'].includes(state)) return;
            const MessageBody = JSON.stringify({{ id: event.id, state }});
            await sqs.send(new SendMessageCommand({{ QueueUrl: process.env.QUEUE_URL, MessageBody }}));
          }};
"""


def cloudformation(name: str, functions: Sequence[Declared], random: Random) -> str:
    """A CloudFormation template whose functions are written inline."""
    text = [
        f"""AWSTemplateFormatVersion: '2010-09-09'
Description: {name}

Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: alias/aws/sqs

  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{Service: lambda.amazonaws.com}}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub 'arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
      Policies:
        - PolicyName: send
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: sqs:SendMessage
                Resource: !GetAtt Queue.Arn
"""
    ]
    for item in functions:
        code = _INLINE if item.runtime == PYTHON else _INLINE_NODE
        one, two = random.sample(("running", "stopped", "failed", "ready", "gone"), 2)
        text.append(
            f"""
  {item.name}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {item.runtime}
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: {random.choice((5, 10, 30))}
      MemorySize: 256
      Environment:
        Variables:
          QUEUE_URL: !Ref Queue
      Code:
        ZipFile: |
{code.format(one=one, two=two)}
  {item.name}Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.ec2]
        detail-type: [EC2 Instance State-change Notification]
      Targets:
        - Id: function
          Arn: !GetAtt {item.name}.Arn

  {item.name}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref {item.name}
      Principal: events.amazonaws.com
      SourceArn: !GetAtt {item.name}Rule.Arn
"""
        )
    return "".join(text)
