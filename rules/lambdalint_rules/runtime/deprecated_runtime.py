"""LL301."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from lambdalint.aws.runtimes import MANAGED, Runtime, advice, runtime
from lambdalint.finding import Finding, Fix, Severity, finding, related
from lambdalint.project.choices import ALLOWED, DEFAULT, WRITTEN, Choice, choices, use
from lambdalint.project.model import Function, Project
from lambdalint.project.template_edits import rewritten
from lambdalint.rule import ERROR, INFO, PEDANTIC, REGULAR, UNSAFE, WARNING, RuleContext, rule
from lambdalint.values import Parameter, options

_NEEDS_MORE_THAN_A_NAME = ("go", "dotnet")


@rule("LL301", severity=WARNING, level=REGULAR, fix=UNSAFE)
def deprecated_runtime(project: Project, context: RuleContext) -> Iterator[Finding]:
    """Runtime that AWS has deprecated, or soon will.

    ## Why
    A runtime ends in three steps. From its deprecation date on it gets no more security patches or support. From the
    second date on AWS refuses to create functions with it, so that a new stage, account or Region, or a stack that has
    to be replaced, fails to deploy: an error here. From the third date on functions can't be updated either, until
    their runtime is changed. Functions that exist keep running all the time. A runtime that will be deprecated within
    180 days is announced as info.

    ## Fix
    Move to the runtime that the message names, and test there. `--fix --unsafe-fixes` changes the identifier, where
    the code can stay as it is.

    ## When this is wrong
    The dates are AWS's own, taken from cfn-lint's data, and AWS postpones them now and then: with a newer cfn-lint
    installed beside lambdalint, its dates are used. The default of a parameter counts like a value that is set;
    other deprecated values that the parameter allows are shown at the pedantic level only. Functions from container
    images, whose base image the template doesn't tell, and the compatible runtimes of layers are not judged. Of the
    helper functions that CDK adds, one an app is shown, as they all move with the version of `aws-cdk-lib`.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Runtime:
        Type: String
        Default: python3.8
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: !Ref Runtime
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
    ```

    A helper function of CDK in a synthesised template.
    ```yaml
    Resources:
      LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs14.x
          Handler: index.handler
          Code: {S3Bucket: assets, S3Key: retention.zip}
          Role: arn:aws:iam::123456789012:role/retention
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Runtime:
        Type: String
        Default: python3.14
        AllowedValues: [python3.14, python3.13]
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: !Ref Runtime
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
      Report:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          Runtime: python3.8
          ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/report:7
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: s3://artifacts/common.zip
          CompatibleRuntimes: [python3.8]
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    """
    helpers: dict[str, list[Function]] = {}
    for function in project.functions:
        if not function.is_cdk_own:
            yield from _judged(function, context.today)
        else:
            app = function.template.path if function.template.assembly is None else function.template.assembly
            helpers.setdefault(app, []).append(function)
    for group in helpers.values():
        yield from _helpers_of_cdk(group, context.today)


def _judged(function: Function, today: date) -> Iterator[Finding]:
    setting = function.runtime
    if setting is None or function.package_type == "Image":
        return
    for choice, found in _deprecated(function, today):
        only_allowed = choice.how == ALLOWED
        used = use(choice, setting, function.resource)
        yield finding(
            choice,
            _message(function, choice, found, today),
            related=[related(used, f"{function.display} uses it")] if used else (),
            function=function.name,
            resource=function.name,
            fix=_fix(function, choice, found),
            severity=INFO if only_allowed else _severity(found, today),
            level=PEDANTIC if only_allowed else REGULAR,
        )


def _helpers_of_cdk(functions: list[Function], today: date) -> Iterator[Finding]:
    """One finding for all the helper functions that CDK added to an app: about the one whose runtime ended first."""
    ended = [
        (found, choice, function)
        for function in functions
        if function.runtime is not None
        for choice, found in _deprecated(function, today)
        if choice.how != ALLOWED and found.is_deprecated(today)
    ]
    if not ended:
        return
    found, choice, function = min(ended, key=lambda item: (item[0].deprecated or date.min, item[2].name))
    others = len({item.name for _, _, item in ended}) - 1
    more = f" (and {others} more)" if others else ""
    blocks = _blocks(found, today)
    yield finding(
        choice,
        f"{function.display}{more}, which CDK added, runs on {found.name}, {_ends(found, today)}"
        f"{f': AWS {blocks}' if blocks else ''}; update aws-cdk-lib and synthesise again",
        function=function.name,
        resource=function.name,
        severity=_severity(found, today),
    )


def _deprecated(function: Function, today: date) -> Iterator[tuple[Choice, Runtime]]:
    """The runtimes that deserve a finding among those that the function may have."""
    assert function.runtime is not None
    given = list(choices(function.project.linker.join(function.runtime.value)))
    judged = [(choice, runtime(str(choice.literal.value))) for choice in given]
    if judged and all(
        choice.how == ALLOWED and item is not None and item.is_deprecated(today) for choice, item in judged
    ):
        # Whatever is chosen is deprecated: the one that lasts longest counts like a value that is set.
        last = max(range(len(judged)), key=lambda index: _deprecation(judged[index][1]))
        judged[last] = (replace(judged[last][0], how=WRITTEN), judged[last][1])
    for choice, item in judged:
        if item is None or item.kind != MANAGED or _severity(item, today) is None:
            continue
        if choice.how != ALLOWED or item.is_deprecated(today):
            yield choice, item


def _deprecation(item: Runtime | None) -> date:
    return item.deprecated if item is not None and item.deprecated is not None else date.min


def _severity(item: Runtime, today: date) -> Severity | None:
    if item.is_blocked(today):
        return ERROR
    if item.is_deprecated(today):
        return WARNING
    return INFO if item.is_ending(today) else None


def _message(function: Function, choice: Choice, item: Runtime, today: date) -> str:
    uses = f"{function.display} runs on {item.name}"
    if choice.how == ALLOWED:
        uses = f"{function.display} can be given {item.name} through {choice.parameter}"
    blocks = _blocks(item, today)
    return f"{uses}, {_ends(item, today)}{f': AWS {blocks}' if blocks else ''}; {advice(item)}"


def _ends(item: Runtime, today: date) -> str:
    if item.deprecated is None:
        return "no longer supported"
    if item.deprecated <= today:
        return f"deprecated on {item.deprecated}"
    return f"to be deprecated on {item.deprecated}, in {(item.deprecated - today).days} days"


def _blocks(item: Runtime, today: date) -> str:
    parts: list[str] = []
    before = ""
    for doing, day in (("create functions with it", item.create_block), ("update them", item.update_block)):
        if day is None:
            continue
        past = day <= today
        verb = "has refused to" if past else "will refuse to"
        parts.append(f"{'to' if verb == before else verb} {doing} {'since' if past else 'from'} {day}")
        before = verb
    return " and ".join(parts)


def _fix(function: Function, choice: Choice, item: Runtime) -> Fix | None:
    if not item.successor or not choice.is_whole or item.family in _NEEDS_MORE_THAN_A_NAME:
        return None
    if choice.parameter and (choice.how != DEFAULT or not _is_allowed(function, choice.parameter, item.successor)):
        return None
    edit = rewritten(function.project, choice.literal, item.successor)
    return Fix(f"Use {item.successor}", (edit,)) if edit is not None else None


def _is_allowed(function: Function, parameter: str, name: str) -> bool:
    assert function.runtime is not None
    given = options(function.project.linker.join(function.runtime.value))
    known = [option for option in given if isinstance(option, Parameter) and option.name == parameter]
    return all(not option.allowed or name in [item.value for item in option.allowed] for option in known)
