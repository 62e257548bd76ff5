"""LL109."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.node import FIRST_WITHOUT_SDK_V2
from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Function, Handler
from lambdalint.project.module_systems import Loaded, imports_of
from lambdalint.project.node_packages import ABSENT, DEVELOPMENT
from lambdalint.project.node_runtimes import NodeRuntime, loads_as_usual, node_runtimes
from lambdalint.rule import ERROR, REGULAR, rule

_SDK = "aws-sdk"


@rule("LL109", severity=ERROR, level=REGULAR)
def sdk_not_in_runtime(handler: Handler) -> Iterator[Finding]:
    """Version 2 of the AWS SDK for JavaScript on a runtime that does not bring it.

    ## Why
    Up to nodejs16.x the runtime came with `aws-sdk`, so that code could load it without shipping it. From nodejs18.x on
    the runtime brings version 3 only, `@aws-sdk/client-…`. What loads `aws-sdk` then fails at its start, with
    `Runtime.ImportModuleError: Cannot find module 'aws-sdk'`. Version 2 is out of support since September 2025.

    ## Fix
    Use the clients of version 3: `const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3")`. Until then,
    add `aws-sdk` to the `dependencies` in the `package.json` beside the code; those for development are not shipped.

    ## When this is wrong
    Where a build puts the package into the code. The rule is silent where a bundler is at work, where the package is
    installed or is a dependency of a `package.json` around the code, where another dependency may bring it, where a
    script mentions it, and where the content of a layer isn't known. So it is for imports of types alone, and for those
    whose failure is caught.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const AWS = require("aws-sdk");

    const s3 = new AWS.S3();

    exports.handler = async (event) => s3.getObject({ Bucket: event.bucket, Key: event.key }).promise();
    ```

    Only there for development, in TypeScript that is compiled but not bundled:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```typescript src/app.ts
    import { S3 } from "aws-sdk";

    const s3 = new S3();

    export const handler = async (event: { bucket: string; key: string }) =>
      s3.getObject({ Bucket: event.bucket, Key: event.key }).promise();
    ```
    ```json src/package.json
    {"devDependencies": {"aws-sdk": "^2.1692.0", "typescript": "^5.9.0"}}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");

    const s3 = new S3Client({});

    exports.handler = async (event) => s3.send(new GetObjectCommand({ Bucket: event.bucket, Key: event.key }));
    ```

    Shipped as a dependency, and an import of types alone:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Types:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: types.handler
          CodeUri: types/
    ```
    ```javascript src/app.js
    const S3 = require("aws-sdk/clients/s3");

    exports.handler = async (event) => new S3().getObject({ Bucket: event.bucket, Key: event.key }).promise();
    ```
    ```json src/package.json
    {"dependencies": {"aws-sdk": "^2.1692.0"}}
    ```
    ```typescript types/types.ts
    import type { AWSError } from "aws-sdk";
    import { S3 } from "aws-sdk";

    export const handler = async (input: S3.GetObjectRequest): Promise<AWSError | undefined> => undefined;
    ```

    Bundled, from a layer that isn't known, or loaded only where it is there:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Bundled:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: esbuild
          BuildProperties:
            EntryPoints: [app.js]
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:sdk:3"]
      Guarded:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: guarded/
    ```
    ```javascript src/app.js
    const AWS = require("aws-sdk");

    exports.handler = async () => new AWS.S3().listBuckets().promise();
    ```
    ```javascript guarded/app.js
    let AWS;
    try {
      AWS = require("aws-sdk");
    } catch {
      AWS = undefined;
    }

    exports.handler = async () => (AWS ? AWS.VERSION : "none");
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
    """
    reported = set()
    for loaded in imports_of(handler, _SDK):
        for function in handler.functions:
            used = _without_sdk(function)
            if used is None or loaded.span in reported:
                continue
            state = function.project.node_packages.shipping(function, loaded.module.path, _SDK)
            if state not in (ABSENT, DEVELOPMENT) or function.project.node_packages.is_built(function):
                continue
            reported.add(loaded.span)
            yield _finding(handler, function, used, loaded, state)


def _without_sdk(function: Function) -> NodeRuntime | None:
    """The runtime of a function that certainly lacks the package, if it has such a one."""
    if not loads_as_usual(function):
        return None
    runtimes = [item for item in node_runtimes(function) if item.is_set]
    return runtimes[0] if runtimes and runtimes[0].version >= FIRST_WITHOUT_SDK_V2 else None


def _finding(handler: Handler, function: Function, used: NodeRuntime, loaded: Loaded, state: str) -> Finding:
    why = "is only a dependency for development" if state == DEVELOPMENT else "is not shipped with it"
    return finding(
        loaded.span,
        f"{function.display} loads `{loaded.imported.module}`, version 2 of the SDK, which {why} and which "
        f"{used.name} doesn't have, so that it fails at its start: use `@aws-sdk/client-…` of version 3",
        related=[related(used.choice, f"{used.name} is set here")],
        function=function.name,
        resource=function.name,
    )
