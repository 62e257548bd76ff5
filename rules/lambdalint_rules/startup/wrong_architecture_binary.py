"""LL111."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.architectures import ARM, X86
from lambdalint.finding import Finding, finding, related
from lambdalint.project.architectures import written_architecture
from lambdalint.project.foreign import NODE, PROGRAM, PYTHON, Foreign, foreign_binaries, shown
from lambdalint.project.model import Function
from lambdalint.rule import ERROR, LIKELY, REGULAR, rule


@rule("LL111", severity=ERROR, level=REGULAR, confidence=LIKELY)
def wrong_architecture_binary(function: Function) -> Iterator[Finding]:
    """Native code for another machine than the function runs on.

    ## Why
    Lambda runs Linux, on x86_64 unless `Architectures` says arm64. Libraries with native code that were installed on a
    Mac, on Windows or for the other architecture can't be loaded there: the function fails at its start, with `invalid
    ELF header`, `cannot open shared object file` or `exec format error`.

    ## Fix
    Install the libraries for the function's system and architecture: with `sam build --use-container`, `pip install
    --platform manylinux2014_aarch64 --only-binary=:all:` (`manylinux2014_x86_64`) or `npm install --os=linux
    --cpu=arm64` (`x64`). Where the files are right, set `Architectures`.

    ## When this is wrong
    Only the first bytes of files that certainly ship are read: build output (unless it is older than the template),
    archives, and code folders that are deployed as they are, where no `requirements.txt` lets a build add to them.
    Libraries are judged as wholes: one that has files for the right machine too, or for several others, is fine. So
    are those that go on without their native code, or that are only tools. A layer that another function with the right
    architecture needs is still wrong for this one. Functions whose architecture isn't certain, in other languages than
    Python, JavaScript and custom runtimes, and container images are not judged.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Architectures: [arm64]
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.py 2000 bytes
    pydantic_core/_pydantic_core.cpython-313-x86_64-linux-gnu.so 4000000 bytes (ELF x86_64)
    ```

    In a folder that ships as it is, from a Mac:
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
    import bcrypt


    def handler(event, context):
        return bcrypt.gensalt().decode()
    ```
    ```text src/bcrypt/_bcrypt.abi3.so
    (Mach-O arm64)
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
          Architectures: [arm64]
          CodeUri: orders.zip
    ```
    ```text orders.zip
    app.py 2000 bytes
    pydantic_core/_pydantic_core.cpython-313-aarch64-linux-gnu.so 4000000 bytes (ELF aarch64)
    ```

    For several machines, among them the right one or not, and without a need for the native code:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Several:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: several.zip
      Optional:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: optional.zip
    ```
    ```text several.zip
    app.js 2000 bytes
    node_modules/bcrypt/prebuilds/darwin-arm64/bcrypt.node 60000 bytes (Mach-O arm64)
    node_modules/bcrypt/prebuilds/linux-x64/bcrypt.node 60000 bytes (ELF x86_64)
    node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node 60000 bytes (Mach-O arm64)
    node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node 60000 bytes (ELF x86_64)
    node_modules/usb/prebuilds/darwin-x64+arm64/node.napi.node 60000 bytes (Mach-O arm64)
    node_modules/usb/prebuilds/win32-x64/node.napi.node 60000 bytes (PE)
    node_modules/fsevents/fsevents.node 60000 bytes (Mach-O arm64)
    ```
    ```text optional.zip
    app.py 2000 bytes
    charset_normalizer/md.py 2000 bytes
    charset_normalizer/md.cpython-313-darwin.so 60000 bytes (Mach-O arm64)
    markupsafe/_speedups.cpython-313-darwin.so 60000 bytes (Mach-O arm64)
    ```

    An architecture that isn't certain, and a container image:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Architecture:
        Type: String
        Default: arm64
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Architectures: [!Ref Architecture]
          CodeUri: orders.zip
      Report:
        Type: AWS::Serverless::Function
        Properties:
          PackageType: Image
          ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/report:7
    ```
    ```text orders.zip
    bcrypt/_bcrypt.abi3.so 60000 bytes (ELF x86_64)
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
    """
    for found in foreign_binaries(function):
        yield _finding(function, found)


def _finding(function: Function, found: Foreign) -> Finding:
    layer = found.use.layer if found.use is not None else None
    written = written_architecture(function)
    runs = f"runs on {found.wanted}" if found.is_linux else f"runs on Linux ({found.wanted})"
    where = f" in its layer {layer.name}" if layer is not None else ""
    several = len(found.files) > 1
    ends = [related(written or function, f"{function.display} {runs}")] if layer is not None else []
    if found.wheel is not None:
        ends.append(related(found.wheel, "installed from a wheel for another system"))
    or_set = f", or set Architectures: [{found.given}]" if found.is_linux and layer is None else ""
    return finding(
        layer.code if layer is not None else written or function.code,
        f"{function.display} {runs}, but {shown(found.files)}{where} {'are' if several else 'is'} for {found.given}, "
        f"so that {'they' if several else 'it'} can't be {_fails(found)}: {_advice(found)}{or_set}",
        related=ends,
    )


def _fails(found: Foreign) -> str:
    return "run" if found.kind == PROGRAM else "loaded"


def _advice(found: Foreign) -> str:
    if found.kind == PYTHON:
        machine = {ARM: "aarch64"}.get(found.wanted, found.wanted)
        return f"install with `pip install --platform manylinux2014_{machine} --only-binary=:all:`"
    if found.kind == NODE:
        return f"install with `npm install --os=linux --cpu={'x64' if found.wanted == X86 else found.wanted}`"
    return f"build for Linux on {found.wanted}"
