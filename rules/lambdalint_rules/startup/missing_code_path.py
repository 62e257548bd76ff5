"""LL113."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding
from lambdalint.project.model import Project, did_you_mean
from lambdalint.project.paths import LocalPath, local_paths
from lambdalint.project.template_edits import is_written_in, rewritten
from lambdalint.rule import ERROR, REGULAR, SAFE, rule
from lambdalint.values import Literal


@rule("LL113", severity=ERROR, level=REGULAR, fix=SAFE)
def missing_code_path(project: Project) -> Iterator[Finding]:
    """Local path of code, layer content or definition that does not exist.

    ## Why
    `sam build`, `sam package` and `aws cloudformation package` take the path from disk, and stop where nothing is. A
    path that differs from the disk in letter case only works on macOS and Windows, and fails in most pipelines.

    ## Fix
    Correct the path; it is relative to the template's folder. If a build step makes it, let git ignore it.
    `--fix` corrects letter case.

    ## When this is wrong
    Where something makes the path before the template is packaged. The rule is silent for archives, for names of build
    outputs (`dist`, `target`, `build`, `.aws-sam` and the like), for what git ignores, submodules, what a script or
    the README copies or creates, and where the path exists as seen from a folder above the template (`--base-dir`).

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: order/
    ```
    ```python orders/app.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    Other letter case:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: Orders/
    ```
    ```python orders/app.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: orders/
      Shipping:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java21
          Handler: com.example.Shipping
          CodeUri: shipping/target/shipping.jar
      Returns:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: returns-package/
      Stock:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: collected/
    ```
    ```text Makefile
    collected:
        mkdir -p collected && cp stock/*.py collected/
    ```
    ```python orders/app.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    ## Source
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    """
    for path in local_paths(project):
        if path.is_there or path.may_be_made:
            continue
        where = f"`{path.name}` of {path.resource.logical_id} is `{path.written}`"
        if path.other_case:
            on_disk = posixpath.relpath(path.other_case, posixpath.dirname(path.resource.template.path) or ".")
            message = f"{where}, but on disk it is `{on_disk}`: that works on macOS and Windows only"
        else:
            message = f"{where}, where nothing is, so packaging stops{did_you_mean(path.near)}"
        resource = path.resource.logical_id
        is_function = path.resource.type.endswith("::Function")
        yield finding(
            path, message, function=resource if is_function else "", resource=resource, fix=_fix(project, path)
        )


def _fix(project: Project, path: LocalPath) -> Fix | None:
    right = path.in_right_case
    if not right or not is_written_in(path.resource, path.span):
        return None
    edit = rewritten(project, Literal(path.written, path.span), right)
    return Fix(f"Write `{right}`, as on disk", (edit,), safe=True) if edit is not None else None
