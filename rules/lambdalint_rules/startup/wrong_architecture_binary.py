"""LL111."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.binaries import Foreign, of_other_machine
from lambdalint.project.model import Function
from lambdalint.rule import ERROR, REGULAR, rule

_SHOWN = 3


@rule("LL111", severity=ERROR, level=REGULAR)
def wrong_architecture_binary(function: Function) -> Iterator[Finding]:
    """Native code in the package or in a layer that is built for another machine.

    ## Why
    Packages that were installed on a developer's machine bring native code for that machine. Lambda can't load it:
    `invalid ELF header`, `cannot open shared object file`, `wrong ELF class`, at the first import.

    ## Fix
    Build for the function: `sam build --use-container`, `pip install --platform manylinux2014_aarch64
    --only-binary=:all:`, `npm install --os=linux --cpu=arm64`; or change `Architectures` to what the package is for.

    ## When this is wrong
    Where the file is never loaded. The rule is silent where a copy for the right machine is in the same package, where
    the architecture isn't certain, for container images, and where the package isn't there to see: code that a build
    changes without leaving its output. Folders for other versions of Python count for nothing.

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
          Architectures: [arm64]
    ```
    ```python src/app.py
    from native import add

    def handler(event, context):
        return add(event["a"], event["b"])
    ```
    ```text src/native.abi3.so
    (ELF x86_64)
    ```

    In an archive, for a developer's own system, while the function has the default architecture:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.js 100 bytes
    node_modules/hash/build/hash.node (Mach-O)
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
          Architectures: [arm64]
    ```
    ```python src/app.py
    from native import add

    def handler(event, context):
        return add(event["a"], event["b"])
    ```
    ```text src/native.abi3.so
    (ELF aarch64)
    ```

    Copies for several machines, of which the loader takes the right one:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.js 100 bytes
    node_modules/hash/prebuilds/linux-x64/hash.node (ELF x86_64)
    node_modules/hash/prebuilds/linux-arm64/hash.node (ELF aarch64)
    node_modules/hash/prebuilds/darwin-arm64/hash.node (Mach-O)
    ```

    An architecture that a parameter gives, an image, and a folder of another version of Python:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Machine:
        Type: String
        AllowedValues: [arm64, x86_64]
    Resources:
      Either:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          Architectures: [!Ref Machine]
      Image:
        Type: AWS::Serverless::Function
        Metadata:
          Dockerfile: Dockerfile
          DockerContext: src/
        Properties:
          PackageType: Image
          Architectures: [arm64]
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: plain/
          Architectures: [arm64]
          Layers: [!Ref Libraries]
      Libraries:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: layer/
    ```
    ```python src/app.py
    from native import add

    def handler(event, context):
        return add(event["a"], event["b"])
    ```
    ```text src/native.abi3.so
    (ELF x86_64)
    ```
    ```python plain/app.py
    def handler(event, context):
        return event
    ```
    ```text layer/python/lib/python3.9/site-packages/native.so
    (ELF x86_64)
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
    """
    for found in of_other_machine(function):
        yield _finding(function, found)


def _finding(function: Function, found: Foreign) -> Finding:
    setting = function.get("Architectures")
    wanted = function.architectures[0]
    names = ", ".join(item.path for item in found.files[:_SHOWN])
    more = f" and {len(found.files) - _SHOWN} more" if len(found.files) > _SHOWN else ""
    for_what = found.files[0].shown
    holder = f" in its layer {found.layer.name}" if found.layer is not None else ""
    return finding(
        setting.span if setting is not None else function.span,
        f"{function.display} runs on {wanted}, but {names}{more}{holder} "
        f"{'is' if len(found.files) == 1 else 'are'} for {for_what} and can't be loaded: build for {wanted}, or change "
        "Architectures",
        related=[related(item.span, f"for {item.shown}") for item in found.files[:_SHOWN]],
    )
