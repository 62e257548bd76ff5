"""LL502."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.quotas import MAX_UNZIPPED
from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Function
from lambdalint.project.package import SOURCE, Package
from lambdalint.rule import CERTAIN, ERROR, LIKELY, REGULAR, WARNING, rule

_MEGABYTE = 1_048_576
_NEAR = 0.8
_SHOWN_PARTS = 5
_SHOWN_NAME = 32


@rule("LL502", severity=ERROR, level=REGULAR)
def package_too_large(function: Function) -> Iterator[Finding]:
    """Function whose code and layers are too large together.

    ## Why
    Lambda refuses a function whose code and layers together take more than 250 MB unpacked. A large package also makes
    every cold start slower. From 80 % of the limit on it is a warning, since the next update of a library may pass it.

    ## Fix
    Leave out what the function doesn't need: tests, documentation, unused libraries, the SDK that the runtime has
    anyway. The message names the largest parts. What is still too large fits a container image (10 GB), or can be read
    from EFS or S3 when it is needed.

    ## When this is wrong
    Counted is what is there to see: SAM's build output beside the template, the assets of a CDK assembly, an archive's
    own directory, else a code folder that is deployed as it is. Build output that is older than the code is counted as
    it stands. Layers from elsewhere are not counted. A code folder that a build step replaces, such as one with a
    `package.json`, says nothing. The limit of 50 MB for archives that are uploaded directly doesn't matter here: SAM,
    CDK and CloudFormation upload to S3.

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
    torch/lib/libtorch_cpu.so 240000000 bytes
    numpy/core.so 40000000 bytes
    app.py 2000 bytes
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
    ```
    ```text orders.zip
    numpy/core.so 40000000 bytes
    app.py 2000 bytes
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    if function.package_type != "Zip":
        return
    packages = function.project.packages
    code = packages.of(function)
    known = [("", code)] if code is not None else []
    seen: set[str] = set()
    ends = []
    for use in function.layers:
        layer = packages.of(use.layer) if use.layer is not None else None
        if use.layer is not None and layer is not None and layer.path not in seen:
            seen.add(layer.path)
            known.append((use.layer.name, layer))
            ends.append(related(use, f"{use.layer.name}: {_megabytes(layer.size)}"))
    size = sum(package.size for _, package in known)
    if size <= MAX_UNZIPPED * _NEAR:
        return
    too_large = size > MAX_UNZIPPED
    layers = f" with its layers {_joined(known)}" if ends else ""
    says = "Lambda allows" if too_large else "near Lambda's limit of"
    yield finding(
        function.code if code is not None else function.layers[0],
        f"{function.display} takes {_megabytes(size)} unpacked{layers}; {says} {_megabytes(MAX_UNZIPPED)}: "
        f"leave out what it doesn't need, or use a container image; largest: {_largest(known)}",
        related=ends,
        severity=ERROR if too_large else WARNING,
        confidence=LIKELY if any(package.kind == SOURCE for _, package in known) else CERTAIN,
    )


def _joined(known: list[tuple[str, Package]]) -> str:
    return ", ".join(_short(name) for name, _ in known if name)


def _largest(known: list[tuple[str, Package]]) -> str:
    parts = [(part.size, part.name, layer) for layer, package in known for part in package.parts[:_SHOWN_PARTS]]
    parts = sorted((part for part in parts if part[0] >= _MEGABYTE), key=lambda item: (-item[0], item[1]))
    return ", ".join(
        f"{_short(name)} {_megabytes(size)}{f' (in {_short(layer)})' if layer else ''}"
        for size, name, layer in parts[:_SHOWN_PARTS]
    )


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME - 1]}…"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.0f} MB"
