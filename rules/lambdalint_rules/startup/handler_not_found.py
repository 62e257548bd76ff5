"""LL101."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lambdalint.finding import Finding, Fix, finding, related
from lambdalint.project.model import Function, Nearest, Resolution
from lambdalint.project.template_edits import rewritten_property
from lambdalint.rule import ERROR, REGULAR, SAFE, rule
from lambdalint.values import Literal


@rule("LL101", severity=ERROR, level=REGULAR, fix=SAFE)
def handler_not_found(function: Function) -> Iterator[Finding]:
    """Handler that names a file or a callable which is not there.

    ## Why
    Lambda imports the module and looks the callable up when the first event comes. Nothing checks it before: the
    deployment succeeds, and every invocation fails with `Runtime.ImportModuleError` or `Runtime.HandlerNotFound`.

    ## Fix
    Write the module's path below the function's code folder, a dot, and the name of a function of that module; for
    Node.js, one that the module exports. `--fix` does it where one name alone comes near; if neither file nor function
    is called as written, with `--unsafe-fixes` only.

    ## When this is wrong
    Where the handler is brought by something that the project doesn't show. The rule is silent for container images and
    code in S3, where a layer's content is unknown or `AWS_LAMBDA_EXEC_WRAPPER` is set, where a build method other than
    SAM's own for the language makes the code, where git ignores the file or a script names it, and where the module's
    package is among the requirements. A module that assigns names at run time (`globals()`, `setattr`, `import *` from
    outside; in JavaScript `exports[name]`, `Object.assign(exports, …)`, `module.exports = build()`) may define
    anything. A folder without any file of the language is taken for a placeholder.

    TypeScript counts for the JavaScript that it is compiled to. A missing file is not reported where a folder has
    TypeScript, settings of a bundler, or a build script in its `package.json`.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: orders.handler
          CodeUri: src/
    ```
    ```python src/orders.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    A file of another name:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.lambda_handler
          CodeUri: src/
    ```
    ```python src/orders/app.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    A function that isn't exported:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const handler = async (event) => ({ order: event.id });
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: orders.lambda_handler
          CodeUri: src/
    ```
    ```python src/orders.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    Slashes and dots both separate folders, and the name may be bound in any way:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: functions/order-intake.handler
          CodeUri: src/
    ```
    ```python src/functions/order-intake.py
    from mangum import Mangum

    from api import application

    handler = Mangum(application)
    ```

    A layer whose content isn't known:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: tracing_wrapper.handler
          CodeUri: src/
          Layers: [!Sub "arn:aws:lambda:${AWS::Region}:111122223333:layer:tracing:7"]
    ```
    ```python src/orders.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    A wrapper script, and a build method of the project's own:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: run.sh
          CodeUri: src/
          Environment:
            Variables:
              AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap
      Reports:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: makefile
        Properties:
          Runtime: python3.13
          Handler: reports.handler
          CodeUri: src/
    ```
    ```python src/orders.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    A file that a script copies, and one that a requirement installs:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: shared_handler.handler
          CodeUri: src/
      Relay:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: event_relay.entry.handler
          CodeUri: src/
    ```
    ```text deploy.sh
    cp ../common/shared_handler.py src/
    ```
    ```text src/requirements.txt
    event-relay==2.1
    ```
    ```python src/orders.py
    def lambda_handler(event, context):
        return {"order": event["id"]}
    ```

    TypeScript, what other modules hand on, what wraps it, and a file that a bundler makes:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Metadata:
          BuildMethod: esbuild
          BuildProperties:
            EntryPoints: [src/orders.ts]
        Properties:
          Runtime: nodejs22.x
          Handler: orders.handler
          CodeUri: .
      Prices:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: dist/prices.handler
          CodeUri: .
      Reports:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: reports.handler
          CodeUri: bundled/
    ```
    ```typescript src/orders.ts
    import middy from "@middy/core";
    import { intake } from "./intake";

    export const handler = middy(intake);
    ```
    ```typescript src/intake.ts
    export const intake = async (event: { id: string }) => ({ order: event.id });
    ```
    ```typescript src/prices.ts
    export * from "./handlers";
    ```
    ```typescript src/handlers.ts
    export async function handler(event: unknown) {}
    ```
    ```javascript bundled/webpack.config.js
    module.exports = { entry: "../src/orders.ts" };
    ```
    ```javascript bundled/other.js
    exports.handler = async () => {};
    ```

    Exports that can't be followed:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
    ```
    ```javascript src/app.js
    const { routes } = require("@orders/routes");

    for (const name of Object.keys(routes)) {
      exports[name] = routes[name];
    }
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    """
    found = function.resolution
    setting = function.handler_setting
    if setting is None or (function.code.kind == "inline" and found.status == "no-file"):
        return
    if found.status == "no-callable":
        where = "its inline code" if function.code.kind == "inline" else _seen_from(function, found.path)
        is_node = "nodejs" in function.languages
        wrong = f"{where} {'exports' if is_node else 'defines'} no callable `{found.symbol}`"
        if found.is_only_defined:
            wrong = f"{where} defines `{found.symbol}`, but does not export it"
    elif found.status == "no-file":
        wrong = f"there is no {_seen_from(function, found.expected)}"
    else:
        return
    places = [related(item.span, _label(item, found)) for item in found.near]
    yield finding(
        setting,
        f"{function.display} fails at its first event: {wrong}{found.question}",
        related=places,
        fix=_fix(function, found),
    )


def _fix(function: Function, found: Resolution) -> Fix | None:
    """The one name that comes near. It is safe where only the file or only the callable was written otherwise."""
    setting = function.handler_setting
    if setting is None or not isinstance(setting.value, Literal) or len(found.near) != 1:
        return None
    near = found.near[0].handler
    edit = rewritten_property(function, "Handler", setting.value, near) if near else None
    if edit is None:
        return None
    module, _, symbol = str(setting.value.value).rpartition(".")
    near_module, _, near_symbol = near.rpartition(".")
    is_safe = symbol == near_symbol or _slashed(module) == _slashed(near_module)
    return Fix(f"Name `{near}`", (edit,), safe=is_safe)


def _slashed(module: str) -> str:
    return module.replace(".", "/")


def _label(item: Nearest, found: Resolution) -> str:
    if item.handler:
        return f"`{item.handler.rpartition('.')[2]}` is here"
    return "defined here" if found.is_only_defined else "a file of this name"


def _seen_from(function: Function, path: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(function.template.path) or ".")
