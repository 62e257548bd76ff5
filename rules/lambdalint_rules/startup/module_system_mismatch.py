"""LL110."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lambdalint.finding import Finding, Related, finding, related
from lambdalint.project.model import Function, Handler
from lambdalint.project.module_systems import Mismatch, mismatches
from lambdalint.project.node_packages import COMMONJS
from lambdalint.rule import ERROR, REGULAR, rule


@rule("LL110", severity=ERROR, level=REGULAR)
def module_system_mismatch(handler: Handler) -> Iterator[Finding]:
    """ES module syntax in a CommonJS file, or the reverse.

    ## Why
    Node.js takes a `.js` file for CommonJS unless the nearest `package.json` says `"type": "module"`; `.mjs` is always
    an ES module, `.cjs` always CommonJS. `import` and `export` in a CommonJS file are a syntax error, `require` and
    `module.exports` are not defined in an ES module: the function fails at its start. Lambda switches off that Node.js
    recognises ES modules by their syntax.

    ## Fix
    Rename the file to `.mjs` (`Handler` stays as it is), or put a `package.json` with `"type": "module"` into the code
    folder. The other way round, use `import`, or rename the file to `.cjs`. Inline code is always CommonJS.

    ## When this is wrong
    Where something rewrites the code before it is deployed. The rule is silent for TypeScript, where a bundler or
    compiler is at work, and where `NODE_OPTIONS` changes how modules are loaded. A `package.json` outside of the code
    folder is not shipped, and doesn't count. `require` that comes from `createRequire`, or is asked for with `typeof`,
    is fine.

    ## Bad
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
    import { S3Client } from "@aws-sdk/client-s3";

    const s3 = new S3Client({});

    export const handler = async () => s3.config.region();
    ```
    ```json package.json
    {"type": "module"}
    ```

    The reverse:
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
    ```javascript src/app.mjs
    const { S3Client } = require("@aws-sdk/client-s3");

    const s3 = new S3Client({});

    export const handler = async () => s3.config.region();
    ```

    Inline code:
    ```yaml
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: nodejs22.x
          Handler: index.handler
          Role: arn:aws:iam::123456789012:role/orders
          Code:
            ZipFile: |
              export const handler = async (event) => event.id;
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
      Old:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: old/
    ```
    ```javascript src/app.js
    import { createRequire } from "node:module";

    const require = createRequire(import.meta.url);
    const settings = require("./settings.json");

    export const handler = async () => settings;
    ```
    ```json src/package.json
    {"type": "module"}
    ```
    ```javascript old/app.js
    exports.handler = async () => {
      const { greeting } = await import("./greeting.mjs");
      return greeting;
    };
    ```
    ```javascript old/greeting.mjs
    export const greeting = "hello";
    ```

    Bundled, or loaded in another way:
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
          CodeUri: src/
      Detected:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: nodejs22.x
          Handler: app.handler
          CodeUri: src/
          Environment:
            Variables:
              NODE_OPTIONS: --experimental-detect-module
    ```
    ```javascript src/app.js
    export const handler = async (event) => event.id;
    ```

    ## Source
    https://nodejs.org/api/packages.html#determining-module-system
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
    """
    reported = set()
    for function in handler.functions:
        for found in mismatches(handler, function):
            if found.span not in reported:
                reported.add(found.span)
                yield _finding(function, found)


def _finding(function: Function, found: Mismatch) -> Finding:
    name = posixpath.basename(found.module.path)
    stem = posixpath.splitext(name)[0]
    others: list[Related] = []
    if "#" in found.module.path:
        message = (
            f"the inline code of {function.display} uses `{found.syntax}`, but it is always a CommonJS module, so that "
            f"this is a syntax error: use `require` and `exports`"
        )
    elif found.system == COMMONJS:
        why = (
            "as its extension says" if name.endswith(".cjs") else 'as no package.json in its code has "type": "module"'
        )
        if found.manifest is not None:
            others.append(related(found.manifest, 'has no "type": "module"'))
        if found.left_out is not None:
            others.append(related(found.left_out, "outside of the code folder, so that it is not shipped"))
        message = (
            f"{function.display} loads {name} as a CommonJS module, {why}, so that `{found.syntax}` is a syntax error: "
            f"rename it to {stem}.mjs, or ship such a package.json"
        )
    else:
        why = "as its extension says" if name.endswith(".mjs") else 'as its package.json has "type": "module"'
        if found.manifest is not None:
            others.append(related(found.manifest, 'has "type": "module"'))
        instead = "`import`" if found.syntax == "require" else "`export`"
        message = (
            f"{function.display} loads {name} as an ES module, {why}, where `{found.syntax}` is not defined: "
            f"use {instead}, or rename it to {stem}.cjs"
        )
    setting = function.handler_setting
    if setting is not None:
        others.append(related(setting, "named as handler here"))
    return finding(found.span, message, related=others, function=function.name, resource=function.name)
