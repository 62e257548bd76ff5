"""LL611."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws import responses
from lambdalint.finding import Edit, Finding, Fix, Related, finding, related
from lambdalint.project.answers import Answer, Answers, answers
from lambdalint.project.contracts import agreed, contract
from lambdalint.project.edits import python_name, wrapped
from lambdalint.project.model import EventSource, Handler
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, SAFE, rule
from lambdalint.source import Span
from lambdalint.values import Entry, Event, ListOf, Literal, MapOf, Value

_SENDERS = {
    "api": "the REST API",
    "http-api": "the HTTP API",
    "alb": "the load balancer",
    "url": "the function URL",
    "authorizer": "the API",
    "cognito": "the user pool",
}


@rule("LL611", severity=ERROR, level=REGULAR, fix=SAFE)
def response_shape(handler: Handler) -> Iterator[Finding]:
    """Answer that what calls the function can't take.

    ## Why
    Through a proxy integration an API takes nothing but a map with `statusCode` and, where there is one, a `body` that
    is a string. For anything else its client gets 502 or 500, "Internal server error", though the function has
    succeeded. In the same way Cognito refuses a sign-in or sign-up when its trigger doesn't give the event back, and an
    API denies every request when its authorizer gives no policy.

    ## Fix
    Return `{"statusCode": 200, "body": json.dumps(result)}`, in JavaScript with `JSON.stringify(result)`. Return
    `event` from triggers of Cognito on every way. Return `principalId` and `policyDocument` from authorizers, or
    `isAuthorized` where simple responses are enabled.

    ## When this is wrong
    Only what is written out is judged: maps, lists and strings that are returned, or handed to the callback, as they
    stand or through functions of the project. HTTP APIs with payload format 2.0 and function URLs take bare values,
    which become the body. Functions that other event sources call as well, or whose code asks for the kind of event,
    answers of frameworks, integrations that are no proxies, WebSocket routes and streams are left alone.

    ## Bad
    A body that is no string, and a way that gives no status code:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            List:
              Type: Api
              Properties:
                Path: /orders
                Method: get
    ```
    ```python
    def handler(event, context):
        if not event["queryStringParameters"]:
            return {"error": "customer is missing"}
        return {"statusCode": 200, "body": {"orders": []}}
    ```

    The same in JavaScript:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Events:
            List:
              Type: Api
              Properties:
                Path: /orders
                Method: get
    ```
    ```javascript
    exports.handler = async (event) => {
      if (!event.queryStringParameters) {
        return { error: "customer is missing" };
      }
      return { statusCode: 200, body: { orders: [] } };
    };
    ```

    A trigger of Cognito that returns nothing:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Users:
        Type: AWS::Cognito::UserPool
      Confirm:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            SignUp:
              Type: Cognito
              Properties:
                UserPool: !Ref Users
                Trigger: PreSignUp
    ```
    ```python
    def handler(event, context):
        event["response"]["autoConfirmUser"] = True
    ```

    A simple response of an authorizer for which they are not enabled:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::HttpApi
        Properties:
          Auth:
            Authorizers:
              Token:
                AuthorizerPayloadFormatVersion: "2.0"
                FunctionArn: !GetAtt Authorize.Arn
      Authorize:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
    ```
    ```python
    def handler(event, context):
        return {"isAuthorized": event["headers"].get("authorization") == "secret"}
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
          Events:
            List:
              Type: Api
              Properties:
                Path: /orders
                Method: get
    ```
    ```python
    import json


    def answer(status, result):
        return {"statusCode": status, "body": json.dumps(result)}


    def handler(event, context):
        if event.get("source") == "warmer":
            return {"warm": True}
        if not event["queryStringParameters"]:
            return answer(400, {"error": "customer is missing"})
        response = {"headers": {}}
        response["statusCode"] = 200
        response["body"] = json.dumps({"orders": []})
        return response
    ```

    The same in JavaScript, and a callback:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          Events:
            List:
              Type: Api
              Properties:
                Path: /orders
                Method: get
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.report
          Events:
            Get:
              Type: Api
              Properties:
                Path: /report
                Method: get
    ```
    ```javascript
    const answer = (statusCode, result) => ({ statusCode, body: JSON.stringify(result) });

    exports.handler = async (event) => {
      if (!event.queryStringParameters) return answer(400, { error: "customer is missing" });
      const response = { headers: {} };
      response.statusCode = 200;
      response.body = JSON.stringify({ orders: [] });
      return response;
    };

    exports.report = (event, context, callback) => {
      callback(null, answer(200, {}));
    };
    ```

    Bare values for an HTTP API, and a function that a queue calls too:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Events:
            List:
              Type: HttpApi
              Properties:
                Path: /orders
                Method: get
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: report.handler
          Events:
            Get:
              Type: Api
              Properties:
                Path: /report
                Method: get
            Ordered:
              Type: SQS
              Properties:
                Queue: arn:aws:sqs:eu-west-1:123456789012:ordered
    ```
    ```python
    def handler(event, context):
        return {"orders": []}
    ```
    ```python report.py
    def handler(event, context):
        return {"batchItemFailures": []}
    ```

    The answer of a framework, and an integration that makes the response itself:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Role: arn:aws:iam::123456789012:role/orders
          Code: src
      Plain:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: plain.handler
          Role: arn:aws:iam::123456789012:role/orders
          Code: src
      List:
        Type: AWS::ApiGateway::Method
        Properties:
          HttpMethod: GET
          Integration:
            Type: AWS_PROXY
            Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          HttpMethod: GET
          Integration:
            Type: AWS
            Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Plain.Arn}/invocations
    ```
    ```python src/app.py
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver

    app = APIGatewayRestResolver()


    @app.get("/orders")
    def orders():
        return {"orders": []}


    def handler(event, context):
        return app.resolve(event, context)
    ```
    ```python src/plain.py
    def handler(event, context):
        return {"orders": []}
    ```

    ## Source
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    """
    if not any(function.event_sources for function in handler.functions):
        return
    wanted, sources = agreed(handler)
    checks = [check for check, allowed in _CHECKS if sources and wanted.issubset(allowed)]
    given = answers(handler) if checks else None
    if given is not None:
        for check in checks:
            yield from check(handler, given, sources)


# --- APIs -----------------------------------------------------------------------------------------------------------


def _status(handler: Handler, given: Answers, sources: tuple[EventSource, ...]) -> Iterator[Finding]:
    """What gives no status code to what infers none."""
    source = sources[0]
    wanted = f"return {_proxy_answer(handler)}"
    for answer in given.answers:
        if not answer.is_certain or answer.is_foreign:
            continue
        value = answer.value
        if isinstance(value, MapOf) and value.get("statusCode") is None:
            what = "a map without `statusCode`"
        elif isinstance(value, MapOf) or (isinstance(value, Literal) and value.value is None):
            continue
        elif isinstance(value, (Literal, ListOf)):
            what = _kind(value)
        else:
            continue
        at = value.span if isinstance(value, MapOf) else answer.span
        yield _finding(
            handler,
            at,
            f"returns {what} to {_sender(source)}, whose client gets an error instead: {wanted}",
            [*_on_the_way(answer, at), *_trigger(source)],
        )
    nothing = [answer for answer in given.answers if answer.is_certain and _is_nothing(answer.value)]
    end = given.open_end
    if end is not None and not nothing and not any(answer.is_foreign for answer in given.answers):
        what = "may end without `return`" if given.answers else "returns nothing"
        yield _finding(
            handler,
            end if given.answers else handler.span,
            f"{what}, so that the client of {_sender(source)} gets an error: {wanted}",
            _trigger(source),
            likely=bool(given.answers),
        )


def _body(handler: Handler, given: Answers, sources: tuple[EventSource, ...]) -> Iterator[Finding]:
    """Bodies that are no strings."""
    strict = [source for source in sources if contract(source) in (responses.PROXY, responses.INFERRED)]
    if not strict:
        return
    for answer in given.answers:
        value = answer.value
        entry = value.entry("body") if isinstance(value, MapOf) else None
        if entry is None or not isinstance(value, MapOf) or value.get("statusCode") is None:
            continue
        if not isinstance(entry.value, (MapOf, ListOf)) or not answer.is_put_in_directly("body", handler.run):
            continue
        dumps = "JSON.stringify" if handler.language == "javascript" else "json.dumps"
        at = entry.key_span
        shown = [] if value.span.contains(entry.value.span) else [related(entry.value, "the body is made here")]
        yield _finding(
            handler,
            at,
            f"gives {_sender(strict[0])} {_kind(entry.value)} as `body`, which has to be a string, so that its client "
            f"gets an error: use `{dumps}`",
            [*shown, *_on_the_way(answer, at), *_trigger(strict[0])],
            fix=_serialised(handler, answer, entry),
        )


def _serialised(handler: Handler, answer: Answer, entry: Entry) -> Fix | None:
    written = answer.object
    if written is None or "#" in answer.module.path:
        return None
    for item in written.fields:
        if item.key is None or answer.module.at(item.key.span) != entry.key_span:
            continue
        at = answer.module.at(item.value.span)
        if at.before(entry.key_span) or at == entry.key_span:
            return None
        if handler.language == "javascript":
            return Fix("Serialise the body", wrapped(at, "JSON.stringify(", ")"), safe=True)
        found = python_name(answer.module, "json", "dumps")
        edits: tuple[Edit, ...] = ()
        name, edits = found if found is not None else ("", ())
        return Fix("Serialise the body", (*edits, *wrapped(at, f"{name}(", ")")), safe=True) if name else None
    return None


# --- authorizers and Cognito ----------------------------------------------------------------------------------------


def _policy(handler: Handler, given: Answers, sources: tuple[EventSource, ...]) -> Iterator[Finding]:
    for answer in given.answers:
        value = answer.value
        if not answer.is_certain or not isinstance(value, MapOf) or value.get("policyDocument") is not None:
            continue
        simple = value.get("isAuthorized") is not None
        is_http = any(source.value("AuthorizerPayloadFormatVersion") is not None for source in sources)
        advice = "return `principalId` and `policyDocument`"
        if simple and is_http:
            advice += ", or set `EnableSimpleResponses: true`"
        yield _finding(
            handler,
            value.span,
            f"authorizes requests and returns a map without `policyDocument`, so that the API answers 500: {advice}",
            [*_on_the_way(answer, value.span), *_trigger(sources[0])],
        )


def _simple(handler: Handler, given: Answers, sources: tuple[EventSource, ...]) -> Iterator[Finding]:
    for answer in given.answers:
        value = answer.value
        if not answer.is_certain or not isinstance(value, MapOf) or value.get("isAuthorized") is not None:
            continue
        yield _finding(
            handler,
            answer.span,
            "authorizes requests with simple responses and returns a map without `isAuthorized`, so that the API "
            'answers 500: return {"isAuthorized": …}',
            _trigger(sources[0]),
        )


def _cognito(handler: Handler, given: Answers, sources: tuple[EventSource, ...]) -> Iterator[Finding]:
    name = handler.definition.parameters[0].name if handler.definition.parameters else "event"
    for answer in given.answers:
        value = answer.value
        if not answer.is_certain or isinstance(value, Event):
            continue
        if isinstance(value, MapOf) and value.get("response") is not None:
            continue
        if isinstance(value, (MapOf, ListOf, Literal)):
            yield _finding(
                handler,
                answer.span,
                f"returns {_kind(value)} to the user pool, which fails as it wants the event back: return `{name}`",
                _trigger(sources[0]),
            )
    if given.open_end is not None:
        way = "may end" if given.answers else "ends"
        yield _finding(
            handler,
            given.open_end if given.answers else handler.span,
            f"{way} without `return`, but the user pool wants the event back and fails without it: return `{name}`",
            _trigger(sources[0]),
            likely=bool(given.answers),
        )


_CHECKS = (
    (_status, (responses.PROXY,)),
    (_body, (responses.PROXY, responses.INFERRED, responses.URL, responses.IGNORED)),
    (_policy, (responses.POLICY,)),
    (_simple, (responses.SIMPLE,)),
    (_cognito, (responses.COGNITO,)),
)


# --- words ----------------------------------------------------------------------------------------------------------


def _finding(
    handler: Handler,
    at: Span,
    message: str,
    others: list[Related],
    *,
    likely: bool = False,
    fix: Fix | None = None,
) -> Finding:
    return finding(
        at, f"{handler.display} {message}", related=others, confidence=LIKELY if likely else CERTAIN, fix=fix
    )


def _kind(value: Value) -> str:
    if isinstance(value, MapOf):
        return "a map"
    if isinstance(value, ListOf):
        return "a list"
    if isinstance(value, Literal) and isinstance(value.value, str):
        return "a string"
    return "nothing" if _is_nothing(value) else "a bare value"


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _sender(source: EventSource) -> str:
    return _SENDERS.get(source.kind, "its caller")


def _proxy_answer(handler: Handler) -> str:
    if handler.language == "javascript":
        return "`{statusCode: 200, body: JSON.stringify(result)}`"
    return '`{"statusCode": 200, "body": json.dumps(result)}`'


def _on_the_way(answer: Answer, at: Span) -> list[Related]:
    return [] if answer.span.contains(at) else [related(answer.span, "given back here")]


def _trigger(source: EventSource) -> list[Related]:
    return [related(source, f"{source.name} calls it here" if source.name else "called by this")]
