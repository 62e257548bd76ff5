"""LL112."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.foreign import Foreign, foreign_extensions, shown
from lambdalint.project.model import Function
from lambdalint.rule import ERROR, LIKELY, REGULAR, rule


@rule("LL112", severity=ERROR, level=REGULAR, confidence=LIKELY)
def wrong_python_abi(function: Function) -> Iterator[Finding]:
    """Extension modules for another version of Python than the runtime's.

    ## Why
    An extension module that carries the tag of one version of CPython in its name (`core.cpython-312-….so`) is found by
    that version alone. On another runtime the import fails, often with a hint at something else: `No module named
    'pydantic_core._pydantic_core'`, or numpy's `Error importing numpy`.

    ## Fix
    Install the libraries with the Python of the runtime: with `sam build`, in a container (`--use-container`), or with
    `pip install --python-version 3.13 --only-binary=:all:`. Or keep the runtime that they were built for.

    ## When this is wrong
    Modules with the stable ABI (`abi3`) or without a tag may be for any version, and so may those that stand there for
    several versions, or whose library goes on without them. Files that the runtime doesn't search, such as
    `python/lib/python3.8/site-packages` in a layer of a function on python3.13, and build output that is older than the
    template say nothing, nor do code folders with a `requirements.txt`, to which a build adds. A runtime that isn't
    certain is not compared.

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
    pydantic_core/__init__.py 2000 bytes
    pydantic_core/_pydantic_core.cpython-39-x86_64-linux-gnu.so 4000000 bytes
    ```

    In a layer:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Layers: [!Ref Science]
      Science:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: science.zip
    ```
    ```text science.zip
    python/numpy/_core/_multiarray_umath.cpython-312-x86_64-linux-gnu.so 4000000 bytes
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
          Layers: [!Ref Science]
      Science:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: science.zip
    ```
    ```text orders.zip
    app.py 2000 bytes
    pydantic_core/_pydantic_core.cpython-313-x86_64-linux-gnu.so 4000000 bytes
    bcrypt/_bcrypt.abi3.so 4000000 bytes
    regex/_regex.so 4000000 bytes
    lxml/etree.cpython-312-x86_64-linux-gnu.so 4000000 bytes
    lxml/etree.cpython-313-x86_64-linux-gnu.so 4000000 bytes
    yaml/_yaml.cpython-39-x86_64-linux-gnu.so 4000000 bytes
    ```
    ```text science.zip
    python/lib/python3.12/site-packages/numpy/_core/_multiarray_umath.cpython-312-x86_64-linux-gnu.so 4000000 bytes
    python/lib/python3.13/site-packages/numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so 4000000 bytes
    ```

    A runtime that isn't certain:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Runtime:
        Type: String
        Default: python3.13
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: !Ref Runtime
          Handler: app.handler
          CodeUri: orders.zip
    ```
    ```text orders.zip
    pydantic_core/_pydantic_core.cpython-39-x86_64-linux-gnu.so 4000000 bytes
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    """
    for found in foreign_extensions(function):
        yield _finding(function, found)


def _finding(function: Function, found: Foreign) -> Finding:
    layer = found.use.layer if found.use is not None else None
    runtime = function.runtime
    several = len(found.files) > 1
    where = f" in its layer {layer.name}" if layer is not None else ""
    runs = f"runs on Python {found.wanted}"
    place = function.code if layer is None else layer.code
    return finding(
        place,
        f"{function.display} {runs}, but {shown(found.files)}{where} {'are' if several else 'is'} for CPython "
        f"{found.given} alone, so that {'they' if several else 'it'} can't be imported: install with `pip install "
        f"--python-version {found.wanted} --only-binary=:all:`",
        related=[related(runtime.span, f"{function.display} {runs}")] if runtime is not None else (),
    )
