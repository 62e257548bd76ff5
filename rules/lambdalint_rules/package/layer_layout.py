"""LL505."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.layer_contents import misplaced
from lambdalint.project.model import Layer
from lambdalint.rule import LIKELY, REGULAR, WARNING, rule


@rule("LL505", severity=WARNING, level=REGULAR, confidence=LIKELY)
def layer_layout(layer: Layer) -> Iterator[Finding]:
    """Layer whose libraries stand where its functions don't look for them.

    ## Why
    Lambda unpacks layers to `/opt`. From there runtimes import only what stands in folders of fixed names: `python/`
    (or `python/lib/python3.13/site-packages/`), `nodejs/node_modules/` (or `nodejs/node22/node_modules/`). A layer that
    has its packages at the top is attached without an error, and every import from it fails.

    ## Fix
    Put the libraries into the folder that the message names, within the layer's content. Or let `sam build` do it, with
    `Metadata: {BuildMethod: python3.13}` or `nodejs22.x`: then the content is what goes into that folder.

    ## When this is wrong
    Where something brings the content into shape before it is deployed. The rule is silent for layers with a
    `BuildMethod`, and where a script mentions the folder. It is silent, too, where functions name `/opt` in their code
    or variables, for layers with programs or extensions, for those that hold no modules, and for those that no function
    of the project uses.

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
          Layers: [!Ref Common]
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: common/
    ```
    ```python src/app.py
    from shop import prices


    def handler(event, context):
        return prices.total(event["items"])
    ```
    ```python common/shop/prices.py
    def total(items):
        return sum(item["price"] for item in items)
    ```

    For another version of the language:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
          Layers: [!Ref Common]
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: common.zip
    ```
    ```javascript src/app.js
    const prices = require("prices");

    exports.handler = async (event) => prices.total(event.items);
    ```
    ```text common.zip
    nodejs/node18/node_modules/prices/index.js 2000 bytes
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
          Layers: [!Ref Common, !Ref Built, !Ref Models]
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: common/
      Built:
        Type: AWS::Serverless::LayerVersion
        Metadata:
          BuildMethod: python3.13
        Properties:
          ContentUri: built/
      Models:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: models/
      Unused:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: built/
    ```
    ```python src/app.py
    from shop import prices


    def handler(event, context):
        return prices.total(event["items"])
    ```
    ```python common/python/shop/prices.py
    def total(items):
        return sum(item["price"] for item in items)
    ```
    ```python built/rates.py
    RATE = 0.19
    ```
    ```json models/names.json
    {}
    ```

    Read by a path of its own, brought into shape by a script, or started by Lambda itself:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
          Layers: [!Ref Common]
      Report:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: report.handler
          CodeUri: report/
          Layers: [!Ref Copied, !Ref Extension]
      Common:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: common/
      Copied:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: copied/
      Extension:
        Type: AWS::Serverless::LayerVersion
        Properties:
          ContentUri: extension.zip
    ```
    ```javascript src/app.js
    const prices = require("/opt/nodejs/prices");

    exports.handler = async (event) => prices.total(event.items);
    ```
    ```javascript common/nodejs/prices.js
    exports.total = (items) => items.length;
    ```
    ```python report/report.py
    def handler(event, context):
        return "done"
    ```
    ```python copied/rates.py
    RATE = 0.19
    ```
    ```text Makefile
    layer:
        mkdir -p copied/python && cp copied/rates.py copied/python/
    ```
    ```text extension.zip
    extensions/telemetry 2000 bytes
    telemetry/main.py 2000 bytes
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
    """
    found = misplaced(layer)
    if found is None:
        return
    why = (
        f"stands where only version {found.only_for} of the language looks, not {found.runtime}"
        if found.only_for
        else f"stands outside of the folders that {found.runtime} searches"
    )
    end = "" if found.only_for else f", or let `sam build` do it with BuildMethod: {found.runtime}"
    yield finding(
        layer.code,
        f"{layer.name} has nothing that {found.function.display} can import, since `{found.example}` {why}: put it "
        f"into `{found.folder}`{end}",
        related=[related(found.function, f"{found.function.display} uses the layer")],
        function=found.function.name,
    )
