"""LL506."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding
from lambdalint.project.junk import Junk, junk
from lambdalint.project.model import Function
from lambdalint.rule import INFO, PEDANTIC, RuleContext, rule

_SHOWN = 3
_KILOBYTE = 1_024


@rule("LL506", severity=INFO, level=PEDANTIC, options={"kilobytes": 100})
def package_junk(function: Function, context: RuleContext) -> Iterator[Finding]:
    """Package with files that the function doesn't need.

    ## Why
    Tests, caches, documentation and tools for development are uploaded with each deployment, count against the limit of
    250 MB, and make cold starts slower. The SDK that the runtime has need not be shipped either, unless a newer version
    is wanted.

    ## Fix
    Keep what is for development out of the code folder, install without development dependencies (`npm install
    --omit=dev`, a list of requirements of its own), and let the build leave the rest out: `.npmignore`, `exclude` of
    CDK's assets, or a bundler.

    ## When this is wrong
    Where a library needs its tests or texts at run time, which is rare, or the SDK is shipped for a version that the
    runtime doesn't have yet: AWS advises that for production, ignore the rule there. Only what certainly ships is
    looked at: build output, archives, and code folders that are deployed as they are.

    ## Options
    `kilobytes`: what is smaller altogether is not told (100).

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.py 2000 bytes
    boto3/session.py 400000 bytes
    botocore/client.py 14000000 bytes
    numpy/core.so 4000000 bytes
    numpy/tests/test_core.py 900000 bytes
    _pytest/main.py 600000 bytes
    ```

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.js 2000 bytes
    node_modules/typescript/lib/tsc.js 9000000 bytes
    node_modules/@aws-sdk/client-s3/dist/index.js 2000000 bytes
    .git/objects/pack/pack-1.pack 300000 bytes
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
          CodeUri: orders.zip
      Old:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: old.zip
      Elsewhere:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
    ```
    ```text orders.zip
    app.py 2000 bytes
    numpy/core.so 4000000 bytes
    numpy/testing/utils.py 900000 bytes
    tests/test_app.py 2000 bytes
    ```
    ```text old.zip
    app.js 2000 bytes
    node_modules/aws-sdk/lib/aws.js 9000000 bytes
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
    """
    found = junk(function)
    size = sum(item.size for item in found)
    if size < context.integer("kilobytes") * _KILOBYTE:
        return
    yield finding(
        function.code,
        f"{function.display} ships {_size(size)} that it doesn't need at run time: {_listed(found)}; leave that out of "
        "the package",
    )


def _listed(found: tuple[Junk, ...]) -> str:
    parts = [f"{_short(item.name)} {_size(item.size)} ({item.why})" for item in found[:_SHOWN]]
    return ", ".join(parts) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"…{name[-39:]}"


def _size(size: int) -> str:
    megabytes = size / (_KILOBYTE * _KILOBYTE)
    return f"{megabytes:.1f} MB" if megabytes >= 0.95 else f"{max(size / _KILOBYTE, 1):.0f} kB"
