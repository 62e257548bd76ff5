"""LL107."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.aws.versions import Offer, written
from lambdalint.finding import Finding, finding, related
from lambdalint.project.language_versions import LanguageVersion
from lambdalint.project.model import Function, Handler
from lambdalint.project.standard_library import Used, lacking, may_be_brought, used_of_library
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL107", severity=ERROR, level=REGULAR)
def module_not_in_runtime(handler: Handler) -> Iterator[Finding]:
    """Import from the standard library that the runtime's version of Python lacks.

    ## Why
    Versions of Python drop modules and names from the standard library, such as `imp` and `distutils` in Python 3.12
    or `telnetlib` in Python 3.13, and add others, such as `tomllib` in Python 3.11. Such an import fails with
    `ModuleNotFoundError` or `ImportError`: at its start if it stands at the top of a module, else when the function
    that it stands in runs.

    ## Fix
    Use what the message names instead, or a runtime whose version has the module.

    ## When this is wrong
    Where something else brings the module. The rule is silent where the project has a module of that name, where a
    package that the function declares is or is named after it (`setuptools` for `distutils`, `legacy-cgi`,
    `standard-imghdr`), where a script mentions it, where a layer's content isn't known, where the code changes
    `sys.path`, and for wrapper scripts, archives, images and own build methods. Imports whose failure is caught, that
    stand under a condition, or that only type checkers see are not judged, nor is code that is only called where errors
    are caught or a version is asked for.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import imp

    def handler(event, context):
        return imp.find_module("orders")
    ```

    Not yet there, a name in a module, and an import within a function:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.10
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    from collections import Mapping

    def settings():
        import tomllib
        with open("settings.toml", "rb") as file:
            return tomllib.load(file)

    def handler(event, context):
        return isinstance(settings(), Mapping)
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.11
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import imp
    import tomllib
    from collections.abc import Mapping

    def handler(event, context):
        return isinstance(tomllib.loads(event["settings"]), Mapping)
    ```

    Guarded by a test of the version or by catching the error, or for type checkers alone:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.10
          Handler: app.handler
          CodeUri: src/
    ```
    ```python src/app.py
    import sys
    from contextlib import suppress
    from typing import TYPE_CHECKING

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        tomllib = None

    try:
        from enum import StrEnum
    except ImportError:
        StrEnum = str

    with suppress(ImportError):
        from datetime import UTC

    if TYPE_CHECKING:
        from typing import Self

    def newer():
        from itertools import batched
        return batched

    def handler(event, context):
        if sys.version_info >= (3, 12):
            return newer()
        return None
    ```

    Brought by the function itself, by a package that it declares, by a script, or perhaps by a layer:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Handler: app.handler
    Resources:
      Own:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: own/
      Declared:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: declared/
      Copied:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: copied/
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: layered/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:old-modules:1"]
      Found:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: found/
    ```
    ```python own/app.py
    import pipes

    def handler(event, context):
        return pipes.quote(event["name"])
    ```
    ```python own/pipes.py
    def quote(text):
        return repr(text)
    ```
    ```python declared/app.py
    import cgi
    import distutils.util
    import imghdr

    def handler(event, context):
        return imghdr.what(event["name"])
    ```
    ```text declared/requirements.txt
    setuptools==80.9.0
    legacy-cgi==2.6.4
    standard-imghdr==3.13.0
    ```
    ```python copied/app.py
    import telnetlib

    def handler(event, context):
        return telnetlib.TELNET_PORT
    ```
    ```text copied/build.sh
    cp ../old/telnetlib.py .
    ```
    ```python layered/app.py
    import crypt

    def handler(event, context):
        return crypt.crypt(event["word"])
    ```
    ```python found/app.py
    import sys

    sys.path.append("/mnt/modules")

    import uu

    def handler(event, context):
        return uu.encode(event["in"], event["out"])
    ```

    ## Source
    https://peps.python.org/pep-0594/
    https://docs.python.org/3/whatsnew/3.12.html
    """
    for used in used_of_library(handler, lambda offer: any(lacking(item, offer) for item in handler.functions)):
        for function in handler.functions:
            runs = lacking(function, used.offer)
            if runs is not None and not may_be_brought(function, used):
                yield _finding(function, runs, used)
                break


def _finding(function: Function, runs: LanguageVersion, used: Used) -> Finding:
    offer, reached = used.offer, used.reached
    effect = f"`{reached.function}` fails when it runs" if reached.function else "it fails at its start"
    return finding(
        reached.loaded.span,
        f"{function.display} imports `{offer.name}`, {_why(offer, runs)}, so that {effect}: {_advice(offer)}",
        related=[related(runs.choice, f"{runs.runtime} is set here")],
        function=function.name,
        resource=function.name,
    )


def _why(offer: Offer, runs: LanguageVersion) -> str:
    if offer.until is not None:
        return f"which Python {written(offer.until)} removed and {runs.runtime} doesn't have"
    assert offer.since is not None
    return f"which came with Python {written(offer.since)} and which {runs.runtime} doesn't have yet"


def _advice(offer: Offer) -> str:
    if offer.since is None:
        return f"use {offer.instead}"
    newer = f"use Python {written(offer.since)} or later"
    return f"{newer}, or {offer.instead}" if offer.instead else newer
