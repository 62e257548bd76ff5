"""LL405."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.kept import GENERATOR, TIME, UNIQUE, Kept, has_restore_hook, kept_values, shared_generator
from lambdalint.project.model import Function
from lambdalint.project.snapstart import SnapStart, may_be_restored, snapstart
from lambdalint.rule import LIKELY, PEDANTIC, POSSIBLE, REGULAR, WARNING, rule

_CURE = "or in a function that snapshot_restore_py's `register_after_restore` registers"


@rule("LL405", severity=WARNING, level=REGULAR, confidence=LIKELY, needs=("SnapStart",))
def snapstart_unique_value(function: Function) -> Iterator[Finding]:
    """Value that is the same in every restored environment.

    ## Why
    With SnapStart, init code runs once, when a version is published. Every environment is restored from that snapshot:
    an id, token or random number that init code keeps is the same in all of them, a time is that of the deployment,
    and a generator of random numbers goes on with the same sequence everywhere.

    ## Fix
    Make the value in the handler, or in a function that `register_after_restore` registers. Draw random numbers from
    `secrets` or `random.SystemRandom`, whose source is reseeded on restore.

    ## When this is wrong
    A value that needs not be unique, such as a choice that may well be the same everywhere. The rule is silent where a
    restore hook is registered, where the handler gives the variable a new value, for values that init code uses itself,
    for `SystemRandom` and generators with a seed of their own, and for times that are only subtracted or compared: a
    cache then simply is too old. Times that are only logged, and drawing from `random` itself, which is seeded when it
    is imported, are reported at the pedantic level.

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
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import uuid

    WRITER = str(uuid.uuid4())

    def handler(event, context):
        return {"order": event["id"], "writer": WRITER}
    ```

    A generator that goes on with the same sequence

    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Coupons:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import random

    generator = random.Random()

    def handler(event, context):
        return {"coupon": generator.randrange(10**9)}
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
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import random
    import time
    import uuid

    generator = random.SystemRandom()
    sampler = random.Random(42)
    loaded = time.time()
    rates = {}

    print("snapshot", uuid.uuid4())

    def handler(event, context):
        global loaded
        if time.time() - loaded > 300:
            rates.clear()
            loaded = time.time()
        return {"order": str(uuid.uuid4()), "coupon": generator.randrange(10**9), "sample": sampler.random()}
    ```

    A restore hook:
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src/
          AutoPublishAlias: live
          SnapStart:
            ApplyOn: PublishedVersions
    ```
    ```python src/app.py
    import uuid
    from snapshot_restore_py import register_after_restore

    WRITER = str(uuid.uuid4())

    @register_after_restore
    def renew():
        global WRITER
        WRITER = str(uuid.uuid4())

    def handler(event, context):
        return {"order": event["id"], "writer": WRITER}
    ```

    Without SnapStart:
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
    import uuid

    WRITER = str(uuid.uuid4())

    def handler(event, context):
        return {"order": event["id"], "writer": WRITER}
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
    """
    on, handler = snapstart(function), function.handler
    if on is None or handler is None or not may_be_restored(function) or has_restore_hook(handler):
        return
    for item in kept_values(handler):
        if item.origin.kind == UNIQUE:
            yield _finding(function, on, item, "a value that is the same in every restored environment")
        elif item.origin.kind == GENERATOR:
            yield _finding(function, on, item, "whose sequence is the same in every restored environment")
        elif item.origin.kind == TIME and any(use.how == "plain" for use in item.uses):
            yield _finding(function, on, item, "which is the time of the snapshot in every restored environment")
        elif item.origin.kind == TIME and any(use.how == "log" for use in item.uses):
            yield _finding(function, on, item, "which is the time of the snapshot in every restored environment", True)
    shared = shared_generator(handler)
    if shared is not None:
        yield finding(
            shared.seed or shared.draw,
            f"{function.display} draws from `{shared.name}`, which is seeded at init: with SnapStart every restored "
            "environment draws the same numbers; use `random.SystemRandom` or `secrets`",
            related=[
                *([related(shared.draw, "drawn from here")] if shared.seed else []),
                related(on, f"SnapStart of {function.display} is switched on here"),
            ],
            confidence=LIKELY if shared.seed else POSSIBLE,
            level=None if shared.seed else PEDANTIC,
        )


def _finding(function: Function, on: SnapStart, item: Kept, what: str, is_logged: bool = False) -> Finding:
    use = next((use for use in item.uses if use.how != "measure"), item.uses[0])
    instead = "use `random.SystemRandom`" if item.origin.kind == GENERATOR else f"make it in the handler, {_CURE}"
    kept = [related(item.span, f"kept as `{item.name}`")] if item.span.line != item.origin.span.line else []
    return finding(
        item.origin.span,
        f"{function.display} keeps `{item.origin.name}` of init in `{item.name}`, {what} under SnapStart: {instead}",
        related=[
            *kept,
            related(use.span, "used in invocations here"),
            related(on, f"SnapStart of {function.display} is switched on here"),
        ],
        confidence=POSSIBLE if is_logged else LIKELY,
        level=PEDANTIC if is_logged else None,
    )
