"""LL117."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.handlers import INLINE_LANGUAGES, INLINE_MODULE, handler_fault
from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.handlers import inline_code_stays
from lambdalint.project.model import Function, did_you_mean
from lambdalint.project.template_edits import rewritten_property
from lambdalint.rule import ERROR, REGULAR, SAFE, rule
from lambdalint.values import Literal, Value, options, text


@rule("LL117", severity=ERROR, level=REGULAR, fix=SAFE)
def inline_code_runtime(function: Function) -> Iterator[Finding]:
    """Inline code with a runtime that can't have it, or with a handler outside of `index`.

    ## Why
    CloudFormation takes code inline (`ZipFile`, SAM's `InlineCode`) for Python and Node.js only, and refuses it for
    other runtimes. It stores the code as `index.py` or `index.js`, whatever the handler says: a handler in any other
    module deploys, and fails when the first event comes.

    ## Fix
    Write `index.` and the function's name as the handler; `--fix` does, if the code has the function, and with
    `--unsafe-fixes` if it has one that is called otherwise. For other runtimes, put the code into a folder of its own.

    ## When this is wrong
    Where a deployment replaces the inline code before it ever runs. The rule is silent if the inline code defines
    nothing, or if the project has a file that the handler names, and where a layer or a wrapper may bring the module.

    ## Bad
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Role: arn:aws:iam::111122223333:role/orders
          Code:
            ZipFile: |
              def handler(event, context):
                  return event
    ```

    In Node.js:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: orders.handler
          Role: arn:aws:iam::111122223333:role/orders
          Code:
            ZipFile: |
              exports.handler = async (event) => event;
    ```

    A runtime that can't have it:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: ruby3.4
          Handler: index.handler
          InlineCode: |
            def handler(event:, context:)
              event
            end
    ```

    ## Good
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/orders
          Code:
            ZipFile: |
              exports.handler = async (event) => event;
    ```

    A placeholder, and code that a deployment replaces by a file of the project:
    ```yaml
    Resources:
      Empty:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Role: arn:aws:iam::111122223333:role/orders
          Code:
            ZipFile: "# replaced by the pipeline"
      Replaced:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: intake.handler
          Role: arn:aws:iam::111122223333:role/orders
          Code:
            ZipFile: |
              def handler(event, context):
                  raise NotImplementedError
    ```
    ```python intake.py
    def handler(event, context):
        return event
    ```

    ## Source
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
    """
    if function.code.kind != "inline" or function.package_type != "Zip" or len(function.languages) != 1:
        return
    language = next(iter(function.languages))
    runtime, handler = function.runtime, function.handler_setting
    if language not in INLINE_LANGUAGES:
        known = runtime is not None and all(isinstance(option, Literal) for option in options(runtime.value))
        if runtime is not None and known and language != "other":
            yield finding(
                runtime,
                f"{function.display} has inline code, which CloudFormation takes for Python and Node.js only: "
                f"package the code as a folder or an archive",
                related=[related(function.code.span, "the inline code")],
            )
        return
    written = text(handler.value) if handler is not None else None
    if handler is None or written is None or handler_fault(language, written) is not None:
        return
    if not inline_code_stays(function) or function.has_wrapper or function.get("Layers") is not None:
        return
    base = written.rpartition("/")[2]
    module, _, symbol = written.rpartition(".") if language == "python" else base.partition(".")
    if module == INLINE_MODULE and (language == "python" or base == written):
        return
    suffix = "py" if language == "python" else "js"
    wanted = written.removesuffix(f".{symbol}")
    near = [item.handler for item in function.resolution.near]
    yield finding(
        handler,
        f"{function.display} fails at its first event: inline code becomes {INLINE_MODULE}.{suffix}, but the handler "
        f"looks for `{wanted}`{did_you_mean(*(near or [f'{INLINE_MODULE}.{symbol}']))}",
        related=[related(function.code.span, "the inline code")],
        fix=_fix(function, handler.value, near[0], symbol) if len(near) == 1 else None,
    )


def _fix(function: Function, value: Value, near: str, symbol: str) -> Fix | None:
    """The one callable of the inline code that comes near; it is safe if it has the name that is looked for."""
    edit = rewritten_property(function, "Handler", value, near) if near and isinstance(value, Literal) else None
    if edit is None:
        return None
    return Fix(f"Name `{near}`", (edit,), safe=near == f"{INLINE_MODULE}.{symbol}")
