"""LL401."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.snapstart import DISPUTED, RUNTIMES, has_snapstart
from lambdalint.finding import Finding, finding, related
from lambdalint.project.choices import use
from lambdalint.project.model import Function
from lambdalint.project.snapstart import least, snapstart, usual
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, rule


@rule("LL401", severity=ERROR, level=REGULAR, needs=("SnapStart",))
def snapstart_unsupported_runtime(function: Function) -> Iterator[Finding]:
    """SnapStart on a runtime that doesn't have it.

    ## Why
    Of the managed runtimes, Java 11 and later, Python 3.12 and later and .NET 8 and later have SnapStart. With another
    one, Lambda refuses to create the function, and the deployment is rolled back.

    ## Fix
    Use a runtime that has it, or take `SnapStart` out. Where `Globals` switch it on, a function of another language
    says `SnapStart: {ApplyOn: None}`.

    ## When this is wrong
    Container images are not judged: there, SnapStart depends on the image. Nor are runtimes that aren't certain or
    not known. Where a parameter switches SnapStart on or off, its default counts, with less confidence. Whether Java 8
    on Amazon Linux 2023 has it, sources disagree, so that this is only likely.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Language:
        Type: String
    Globals:
      Function:
        AutoPublishAlias: live
        SnapStart:
          ApplyOn: PublishedVersions
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
      Receipts:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: s3://artifacts/receipts.zip
          SnapStart:
            ApplyOn: None
      Chosen:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: !Ref Language
          Handler: app.handler
          CodeUri: s3://artifacts/chosen.zip
      Pictures:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/pictures:3
    ```

    A parameter that switches it off:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      SnapStart:
        Type: String
        Default: None
        AllowedValues: [None, PublishedVersions]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs24.x
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: !Ref SnapStart
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    on, setting = snapstart(function), function.runtime
    if on is None or setting is None or function.package_type != "Zip":
        return
    runtimes = usual(function, "Runtime")
    if not runtimes or any(has_snapstart(str(item.literal.value)) is not False for item in runtimes):
        return
    name = str(runtimes[0].literal.value)
    is_own = function.is_global("SnapStart") and not function.is_global("Runtime")
    used = use(runtimes[0], setting, function.resource)
    ends = [related(setting, f"{function.display} runs on {name}")]
    place = on.span
    if is_own:
        place, ends = runtimes[0].span, [related(on, "SnapStart is switched on here")]
        if used is not None:
            ends.append(related(used, f"{function.display} uses it"))
    yield finding(
        place,
        f"{function.display} switches SnapStart on, which {name} doesn't have, so that the deployment fails: "
        f"{'set `SnapStart: {ApplyOn: None}` for it' if is_own else 'take it out'}, or use {RUNTIMES}",
        related=ends,
        confidence=least(on.confidence, LIKELY if name in DISPUTED else CERTAIN),
    )
