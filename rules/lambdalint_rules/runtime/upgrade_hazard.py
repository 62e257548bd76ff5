"""LL303."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.aws.node import FIRST_WITHOUT_SDK_V2, node_version
from lambdalint.aws.python_versions import python_version
from lambdalint.aws.runtimes import Runtime, newest, runtime
from lambdalint.aws.versions import written
from lambdalint.finding import Finding, finding, related
from lambdalint.project.language_versions import LanguageVersion, language_versions
from lambdalint.project.model import Function, Handler
from lambdalint.project.module_systems import imports_of
from lambdalint.project.node_packages import ABSENT, DEVELOPMENT
from lambdalint.project.node_runtimes import loads_as_usual
from lambdalint.project.standard_library import may_be_brought, used_of_library
from lambdalint.rule import INFO, PEDANTIC, RuleContext, rule
from lambdalint.source import Span

_SDK = "aws-sdk"


class _Move(Struct, frozen=True):
    """A function whose runtime ends, or soon will, with the runtime that it will have to move to."""

    function: Function
    runs: LanguageVersion
    successor: Runtime


@rule("LL303", severity=INFO, level=PEDANTIC)
def upgrade_hazard(handler: Handler, context: RuleContext) -> Iterator[Finding]:
    """Code that the successor of a deprecated runtime will break.

    ## Why
    A deprecated runtime has to be left sooner or later (LL301 tells the dates), and the change of a single line in the
    template may then break the code: from nodejs18.x on there is no version 2 of the SDK, and Python 3.12 and later
    lack `distutils`, `imp` and others. That shows only when the function runs.

    ## Fix
    Change the code while the old runtime still runs it: what the message names works on both.

    ## When this is wrong
    Where the successor comes with a rewrite anyway. Only runtimes that are deprecated, or will be within 180 days, are
    looked at. The rule is silent where the function ships what its next runtime lacks, or may do so; for details see
    LL107 and LL109, which tell of the same code once the runtime is changed. Handlers with a callback, which nodejs24.x
    refuses, are shown by LL105 on every runtime.

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
    from distutils.util import strtobool

    def handler(event, context):
        return strtobool(event["paid"])
    ```

    Version 2 of the SDK:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs16.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const AWS = require("aws-sdk");

    exports.handler = async () => new AWS.S3().listBuckets().promise();
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.9
          Handler: app.handler
          CodeUri: src/
      Shipped:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs16.x
          Handler: app.handler
          CodeUri: shipped/
      Lasting:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          CodeUri: lasting/
    ```
    ```python src/app.py
    try:
        from distutils.util import strtobool
    except ImportError:
        strtobool = bool

    def handler(event, context):
        return strtobool(event["paid"])
    ```
    ```javascript shipped/app.js
    const AWS = require("aws-sdk");

    exports.handler = async () => new AWS.S3().listBuckets().promise();
    ```
    ```json shipped/package.json
    {"dependencies": {"aws-sdk": "^2.1692.0"}}
    ```
    ```python lasting/app.py
    import telnetlib

    def handler(event, context):
        return telnetlib.TELNET_PORT
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    """
    moves = [move for function in handler.functions for move in _moves(function, handler.language, context)]
    if moves and handler.language == "python":
        yield from _library(handler, moves)
    elif moves:
        yield from _sdk(handler, moves)


def _moves(function: Function, language: str, context: RuleContext) -> Iterator[_Move]:
    versions = language_versions(function, language)
    for runs in versions[:1]:
        item = runtime(runs.runtime)
        if item is None or not item.is_ending(context.today):
            continue
        successor = runtime(item.successor) or newest(item.family, context.today)
        if successor is not None and successor.version > item.version:
            yield _Move(function, runs, successor)


def _library(handler: Handler, moves: list[_Move]) -> Iterator[Finding]:
    for used in used_of_library(handler, lambda offer: offer.until is not None):
        offer = used.offer
        for move in moves:
            target = python_version(move.successor.name)
            if offer.until is None or target is None or offer.is_in(target) or not offer.is_in(move.runs.version):
                continue
            if not may_be_brought(move.function, used):
                change = f"imports `{offer.name}`, which Python {written(offer.until)} removed"
                yield _finding(used.reached.loaded.span, move, change, f"use {offer.instead}")
                break


def _sdk(handler: Handler, moves: list[_Move]) -> Iterator[Finding]:
    for loaded in imports_of(handler, _SDK):
        for move in moves:
            target = node_version(move.successor.name)
            has_it = move.runs.version < (FIRST_WITHOUT_SDK_V2,)
            if not has_it or target is None or target < FIRST_WITHOUT_SDK_V2 or not loads_as_usual(move.function):
                continue
            packages = move.function.project.node_packages
            state = packages.shipping(move.function, loaded.module.path, _SDK)
            if state in (ABSENT, DEVELOPMENT) and not packages.is_built(move.function):
                first = f"nodejs{FIRST_WITHOUT_SDK_V2}.x"
                change = f"loads `{loaded.imported.module}`, version 2 of the SDK, which {first} and later don't have"
                ship = "" if move.function.code.kind == "inline" else ", or ship it"
                yield _finding(loaded.span, move, change, f"use `@aws-sdk/client-…` of version 3{ship}")
                break


def _finding(at: Span, move: _Move, change: str, advice: str) -> Finding:
    name = move.function.display
    return finding(
        at,
        f"{name} {change}: before it moves from {move.runs.runtime} to {move.successor.name}, {advice}",
        related=[related(move.runs.choice, f"{name} runs on {move.runs.runtime}")],
        function=move.function.name,
        resource=move.function.name,
    )
