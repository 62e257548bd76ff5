"""LL108."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.missing_packages import Missing, missing_packages
from lambdalint.project.model import Handler
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL108", severity=ERROR, level=REGULAR)
def import_not_packaged(handler: Handler) -> Iterator[Finding]:
    """Import of a package that neither the function, its layers nor the runtime bring.

    ## Why
    Lambda's runtimes bring the SDK and hardly anything else. What is installed on a developer's machine is not
    there: the function stops at its start with `Runtime.ImportModuleError: Unable to import module 'app': No module
    named 'requests'`.

    ## Fix
    Add the package to the `requirements.txt` in the function's code folder, or to the `dependencies` of its
    `package.json`, and build with `sam build`, or put it into a layer. Code given inline can't have packages.

    ## When this is wrong
    Where a step of the deployment installs the package. The rule is silent where a list of requirements, a lock
    file, a manifest, a vendored copy or a layer may bring the package, be it through another one; where a layer's
    content isn't known; where a script or the documentation around the code installs packages; under a bundler, for
    TypeScript, for images, archives and own build methods; for imports whose failure is caught, that stand under a
    condition, or that only type checkers see; and where the project has a module of that name anywhere.

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
    import requests

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```text src/requirements.txt
    boto3==1.40.0
    ```

    In JavaScript, and inline:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Inline:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          InlineCode: |
            import yaml

            def handler(event, context):
                return yaml.safe_load(event["body"])
    ```
    ```javascript src/app.js
    const axios = require("axios");

    exports.handler = async () => (await axios.get("https://example.com", { timeout: 3000 })).data;
    ```
    ```json src/package.json
    {"dependencies": {}, "devDependencies": {"axios": "1.13.0"}}
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
    import boto3
    import requests
    import yaml
    from vendored import tool

    try:
        import ujson as json
    except ImportError:
        import json

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```python src/vendored/tool.py
    NAME = "tool"
    ```
    ```text src/requirements.txt
    requests==2.32.5
    PyYAML
    ```

    Through another package, by a project file above, or from a layer of the project:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: report/
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: layered/
          Layers: [!Ref Libraries]
      Libraries:
        Type: AWS::Serverless::LayerVersion
        Metadata:
          BuildMethod: python3.13
        Properties:
          ContentUri: libraries/
    ```
    ```python report/app.py
    import numpy

    def handler(event, context):
        return float(numpy.mean(event["values"]))
    ```
    ```text report/requirements.txt
    pandas==2.3.3
    ```
    ```python layered/app.py
    import requests

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```text libraries/requirements.txt
    requests
    ```

    A layer whose content isn't known, packages that a script installs, a build method of one's own:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Layered:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: layered/
          Layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:requests:1"]
      Made:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: makefile
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: made/
      Scripted:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: scripted/
    ```
    ```python layered/app.py
    import requests

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```python made/app.py
    import requests

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```python scripted/app.py
    import requests

    def handler(event, context):
        return requests.get("https://example.com", timeout=3).text
    ```
    ```text scripted/build.sh
    pip install requests --target .
    ```

    Under a bundler, in TypeScript, shipped as a dependency, or by the runtime:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Bundled:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: esbuild
          BuildProperties:
            EntryPoints: [app.js]
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: bundled/
      Shipped:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: shipped/
    ```
    ```javascript bundled/app.js
    import axios from "axios";

    export const handler = async () => (await axios.get("https://example.com", { timeout: 3000 })).data;
    ```
    ```javascript shipped/app.js
    const axios = require("axios");
    const { S3Client } = require("@aws-sdk/client-s3");
    const { readFile } = require("fs/promises");

    exports.handler = async () => [axios, S3Client, readFile].length;
    ```
    ```json shipped/package.json
    {"dependencies": {"axios": "1.13.0"}}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    """
    for item in missing_packages(handler):
        yield _finding(item)


def _finding(item: Missing) -> Finding:
    function = item.function
    where = "its `requirements.txt`" if item.loaded.module.facts.language == "python" else "the `dependencies`"
    advice = f"add it to {where}, or to a layer"
    if function.code.kind == "inline":
        advice = "put the code into a folder that ships it, or use a layer"
    why = "is only installed for development" if item.for_development else "nothing brings"
    others = [related(item.manifest, "it is not among these")] if item.manifest is not None else []
    setting = function.code.span
    return finding(
        item.loaded.span,
        f"{function.display} imports `{item.package}`, which {why}, so that it fails at its start: {advice}",
        related=[*others, related(setting, f"the code of {function.display}")],
        function=function.name,
        resource=function.name,
    )
