"""LL112."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.binaries import of_other_python, python_version
from lambdalint.project.model import Function
from lambdalint.rule import ERROR, REGULAR, rule

_SHOWN = 3


@rule("LL112", severity=ERROR, level=REGULAR)
def wrong_python_abi(function: Function) -> Iterator[Finding]:
    """Extension module in the package or in a layer that is built for another version of Python.

    ## Why
    `_native.cpython-39-x86_64-linux-gnu.so` can be loaded by Python 3.9 alone. Other versions don't even look at it:
    `No module named '_native'`, at the first import.

    ## Fix
    Install the packages with the version of Python that the function runs on, or with `pip install
    --python-version 3.13 --platform manylinux2014_x86_64 --only-binary=:all:`; `sam build --use-container` does it.

    ## When this is wrong
    Where the module is optional and its package falls back to Python code. The rule is silent about modules with
    the stable ABI (`.abi3.so`) or without a tag, where a copy for the right version is in the same package, about
    folders for other versions (`python/lib/python3.9/site-packages`), where the runtime isn't certain, for images,
    and where the package isn't there to see.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    from native import add

    def handler(event, context):
        return add(event["a"], event["b"])
    ```
    ```text src/native.cpython-39-x86_64-linux-gnu.so
    (ELF x86_64)
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
          CodeUri: src/
    ```
    ```python src/app.py
    from native import add

    def handler(event, context):
        return add(event["a"], event["b"])
    ```
    ```text src/native.cpython-39-x86_64-linux-gnu.so
    (ELF x86_64)
    ```
    ```text src/native.cpython-313-x86_64-linux-gnu.so
    (ELF x86_64)
    ```
    ```text src/stable.abi3.so
    (ELF x86_64)
    ```
    ```text src/untagged.so
    (ELF x86_64)
    ```

    A layer for several versions, and a runtime that a parameter gives:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Runtime:
        Type: String
        AllowedValues: [python3.12, python3.13]
    Resources:
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Layers: [!Ref Libraries]
      Either:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: !Ref Runtime
          Handler: app.handler
          CodeUri: either/
      Libraries:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: layer/
    ```
    ```python src/app.py
    def handler(event, context):
        return event
    ```
    ```text layer/python/lib/python3.9/site-packages/native.cpython-39-x86_64-linux-gnu.so
    (ELF x86_64)
    ```
    ```python either/app.py
    def handler(event, context):
        return event
    ```
    ```text either/native.cpython-312-x86_64-linux-gnu.so
    (ELF x86_64)
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    """
    for found in of_other_python(function):
        first = found.files[0]
        names = ", ".join(item.path for item in found.files[:_SHOWN])
        more = f" and {len(found.files) - _SHOWN} more" if len(found.files) > _SHOWN else ""
        holder = f" in its layer {found.layer.name}" if found.layer is not None else ""
        runtime = function.runtimes[0]
        yield finding(
            runtime,
            f"{function.display} runs Python 3.{python_version(function)}, but {names}{more}{holder} "
            f"{'is' if len(found.files) == 1 else 'are'} for Python 3.{first.python} and can't be loaded: install the "
            "packages for the version that it runs on",
            related=[related(item.span, f"for Python 3.{item.python}") for item in found.files[:_SHOWN]],
        )
