"""LL402."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.snapstart import MAX_STORAGE
from lambdalint.finding import Confidence, Finding, Place, finding, related
from lambdalint.project.model import Function
from lambdalint.project.snapstart import has_items, least, snapstart, usual
from lambdalint.project.versions import YES, aliases_of, published, version_of, versions_of
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, rule
from lambdalint.values import MapOf, number, text


@rule("LL402", severity=ERROR, level=REGULAR, needs=("SnapStart",))
def snapstart_incompatible(function: Function) -> Iterator[Finding]:
    """SnapStart together with what it excludes.

    ## Why
    A snapshot holds the memory and the disk of a function. Lambda refuses to publish versions of a function that has
    SnapStart and a file system (Amazon EFS or S3 Files), more than 512 MB of ephemeral storage or tenant isolation, and
    refuses provisioned concurrency for a version that has a snapshot. The deployment is rolled back.

    ## Fix
    Decide for one of the two. Against slow starts, provisioned concurrency and SnapStart are alternatives.

    ## When this is wrong
    Where a condition or parameter decides, the rule is silent unless every possibility is wrong; defaults of parameters
    count, with less confidence. Provisioned concurrency of an alias is only reported if the alias points to a version
    that the same templates publish: an older one may have no snapshot.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: shop.Orders::handle
          CodeUri: s3://artifacts/orders.jar
          AutoPublishAlias: live
          EphemeralStorage:
            Size: 2048
          SnapStart:
            ApplyOn: PublishedVersions
    ```

    An alias with provisioned concurrency

    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: java21
          Handler: shop.Orders::handle
          Code: {S3Bucket: artifacts, S3Key: orders.jar}
          Role: !GetAtt Role.Arn
          SnapStart: {ApplyOn: PublishedVersions}
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
      Live:
        Type: AWS::Lambda::Alias
        Properties:
          Name: live
          FunctionName: !Ref Orders
          FunctionVersion: !GetAtt OrdersVersion.Version
          ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Storage:
        Type: Number
    Conditions:
      IsFast: !Equals [!Ref AWS::Region, eu-west-1]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: shop.Orders::handle
          CodeUri: s3://artifacts/orders.jar
          AutoPublishAlias: live
          EphemeralStorage:
            Size: 512
          SnapStart:
            ApplyOn: PublishedVersions
      Reports:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: shop.Reports::handle
          CodeUri: s3://artifacts/reports.jar
          AutoPublishAlias: live
          EphemeralStorage:
            Size: !Ref Storage
          ProvisionedConcurrencyConfig: !If [IsFast, {ProvisionedConcurrentExecutions: 5}, !Ref AWS::NoValue]
          SnapStart: !If [IsFast, !Ref AWS::NoValue, {ApplyOn: PublishedVersions}]
    ```

    An alias that points to a version from before:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: java21
          Handler: shop.Orders::handle
          Code: {S3Bucket: artifacts, S3Key: orders.jar}
          Role: !GetAtt Role.Arn
          SnapStart: {ApplyOn: PublishedVersions}
      OrdersVersion:
        Type: AWS::Lambda::Version
        Properties:
          FunctionName: !Ref Orders
      Live:
        Type: AWS::Lambda::Alias
        Properties:
          Name: live
          FunctionName: !Ref Orders
          FunctionVersion: "7"
          ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    on = snapstart(function)
    if on is None:
        return
    for place, what, instead, confidence in _excluded(function):
        yield finding(
            place,
            f"{function.display} has {what}, which SnapStart excludes, so that the deployment fails: {instead}, or "
            "take SnapStart out",
            related=[related(on, "SnapStart is switched on here")],
            confidence=least(on.confidence, confidence),
        )


def _excluded(function: Function) -> Iterator[tuple[Place, str, str, Confidence]]:
    """What SnapStart excludes: its place, what it is, what to do, and how sure it is."""
    systems = function.get("FileSystemConfigs")
    if systems is not None and has_items(systems.value):
        yield systems.key_span, "a file system", "read from Amazon S3 instead of FileSystemConfigs", CERTAIN
    sizes = [(choice, number(choice.literal)) for choice in usual(function, "EphemeralStorage", "Size")]
    if sizes and all(size is not None and size > MAX_STORAGE for _, size in sizes):
        choice, size = sizes[0]
        confidence = LIKELY if choice.parameter else CERTAIN
        yield choice, f"{size:.10g} MB of ephemeral storage", f"set at most {MAX_STORAGE}", confidence
    tenancy = function.get("TenancyConfig", "TenantIsolationMode")
    if tenancy is not None and text(tenancy.value) == "PER_TENANT":
        yield tenancy, "tenant isolation", "drop TenancyConfig", CERTAIN
    provisioned = function.get("ProvisionedConcurrencyConfig") if function.is_sam else None
    if provisioned is not None and isinstance(provisioned.value, MapOf) and published(function) == YES:
        yield provisioned.key_span, "provisioned concurrency", "drop ProvisionedConcurrencyConfig", CERTAIN
    aliases = (alias for alias in aliases_of(function) if version_of(alias, function) is not None)
    for resource in (*versions_of(function), *aliases):
        setting = resource.get("ProvisionedConcurrencyConfig")
        if setting is not None and isinstance(setting.value, MapOf):
            kind = "the alias" if resource.type.endswith("Alias") else "the version"
            what = f"provisioned concurrency on {kind} {resource.display}"
            yield setting.key_span, what, "drop ProvisionedConcurrencyConfig", CERTAIN
