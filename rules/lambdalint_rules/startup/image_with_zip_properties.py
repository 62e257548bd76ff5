"""LL116."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.model import Function, Setting
from lambdalint.project.template_edits import without_property
from lambdalint.rule import ERROR, REGULAR, SAFE, rule
from lambdalint.values import Absent, ListOf, Literal, options

_INSTEAD = {
    "Handler": "name the command in the image, or in `ImageConfig`",
    "Runtime": "choose it by the image's base",
    "Layers": "copy their content into the image's `/opt`",
}


@rule("LL116", severity=ERROR, level=REGULAR, fix=SAFE, needs=("PackageType",))
def image_with_zip_properties(function: Function) -> Iterator[Finding]:
    """Container image with `Handler`, `Runtime` or `Layers`.

    ## Why
    An image brings its runtime, its command and its libraries. Lambda and SAM's transform refuse a function with
    `PackageType: Image` that sets one of the three, also where SAM's `Globals` set it for every function.

    ## Fix
    Remove the property. If `Globals` sets it, set it on each zip function instead, or list it under the image
    function's `IgnoreGlobals`. `--fix` removes `Handler` and `Runtime`; removing `Layers` needs `--unsafe-fixes`, as
    the image may lack what they hold.

    ## When this is wrong
    Never: the three are refused. Properties that a condition may leave out are not reported.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Reports:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:3
          Handler: app.lambda_handler
    ```

    From `Globals`:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
    Resources:
      Reports:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:3
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
    Conditions:
      AsImage: !Equals [!Ref AWS::Region, eu-west-1]
    Resources:
      Reports:
        Type: AWS::Serverless::Function
        IgnoreGlobals: [Runtime]
        Properties:
          PackageType: Image
          ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:3
          ImageConfig:
            Command: [app.lambda_handler]
      Either:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: !If [AsImage, Image, Zip]
          Handler: app.lambda_handler
          CodeUri: s3://artifacts/orders.zip
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    """
    package = function.get("PackageType")
    if package is None or not isinstance(package.value, Literal) or package.value.value != "Image":
        return
    for name, instead in _INSTEAD.items():
        setting = function.get(name)
        if setting is None or not _is_set(setting):
            continue
        if function.is_global(name):
            message = (
                f"{function.display} is a container image, for which `{name}` is refused, also from `Globals`: "
                f"set it on the zip functions alone, or list it in {function.display}'s `IgnoreGlobals`"
            )
        else:
            message = f"{function.display} is a container image, for which `{name}` is refused: {instead}"
        yield finding(
            setting.key_span, message, related=[related(package, "the image")], fix=_fix(function, name, setting)
        )


def _fix(function: Function, name: str, setting: Setting) -> Fix | None:
    """Takes the property away. What is in layers the image may still lack, so that theirs is not safe."""
    is_certain = name == "Layers" or isinstance(setting.value, Literal)
    edit = without_property(function, name) if is_certain and not function.is_global(name) else None
    return Fix(f"Remove `{name}`", (edit,), safe=name != "Layers") if edit is not None else None


def _is_set(setting: Setting) -> bool:
    for option in options(setting.value):
        if isinstance(option, Absent) or (isinstance(option, ListOf) and not option.items):
            return False
        if isinstance(option, Literal) and not option.value:
            return False
    return True
