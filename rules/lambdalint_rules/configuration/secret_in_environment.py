"""LL207."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.finding import Finding, finding, related
from lambdalint.project.model import Function, Variable
from lambdalint.project.secrets import named_secret, provider_secret, random_text
from lambdalint.project.variables import exposes
from lambdalint.rule import AUDITOR, ERROR, LIKELY, POSSIBLE, REGULAR, rule
from lambdalint.values import Literal, candidates


@rule("LL207", severity=ERROR, level=REGULAR, confidence=LIKELY)
def secret_in_environment(function: Function) -> Iterator[Finding]:
    """Secret in an environment variable.

    ## Why
    Environment variables are part of the function's configuration: whoever may call `GetFunctionConfiguration` or open
    the console reads them in clear, and many tools log them. `{{resolve:secretsmanager:…}}` and `NoEcho` parameters do
    not help: CloudFormation puts the plain value into the configuration, where it stays until the next deployment even
    after the secret is rotated.

    ## Fix
    Pass the secret's ARN or the parameter's name, allow the function to read it, and fetch the value at run time (with
    the Parameters and Secrets extension or Powertools' `parameters`, which cache it).

    ## When this is wrong
    Where a `NoEcho` parameter or a part of a secret holds nothing secret. Names, ARNs, paths, ids and user names, told
    by the variable's name or by the part of the secret, are not reported.

    ## Bad
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      DatabasePassword: {Type: String, NoEcho: true}
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Environment:
            Variables:
              DATABASE_PASSWORD: !Ref DatabasePassword
              API_KEY: "{{resolve:secretsmanager:orders/api:SecretString:key}}"
              DATABASE_URL: !Sub "postgresql://shop:${DatabasePassword}@db.mycompany.io/orders"
    ```

    ## Good
    ```yaml
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      DatabaseUser: {Type: String, NoEcho: true}
    Resources:
      Secret:
        Type: AWS::SecretsManager::Secret
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: s3://artifacts/orders.zip
          Environment:
            Variables:
              SECRET_ARN: !Ref Secret
              PASSWORD_PARAMETER: /orders/database/password
              DATABASE_USER: !Ref DatabaseUser
              DATABASE_HOST: "{{resolve:secretsmanager:orders/database:SecretString:host}}"
              POWERTOOLS_SERVICE_NAME: orders
    ```

    ## Source
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/cfn-example_reference-secret.html
    """
    for variable in function.environment.values():
        joined = function.project.linker.join(variable.value)
        found = exposes(variable.name, variable.value)
        if found is None and joined is not variable.value:
            found = exposes(variable.name, joined)
        if found is not None:
            template = function.project.template(found.template)
            parameter = template.parameters.get(found.parameter) if template is not None else None
            yield finding(
                variable,
                f"{function.display} gets {found.what} in the environment variable {variable.name}, where everybody "
                "who can read its configuration has it in clear: pass the name or ARN and fetch the value at run time",
                related=[related(parameter, "declared here")] if parameter is not None else [],
            )
        else:
            yield from _written(function, variable)


def _written(function: Function, variable: Variable) -> Iterator[Finding]:
    """Secrets that stand in the template as they are."""
    for option in candidates(variable.value):
        if not isinstance(option, Literal) or not isinstance(option.value, str):
            continue
        secret = provider_secret(option.value) or named_secret(variable.name, option.value)
        if secret is not None:
            yield finding(
                variable,
                f"{function.display} gets {secret.what} ({secret.hint}) in the environment variable {variable.name}, "
                "and the template shows it: revoke it, keep the new one in Secrets Manager, and pass its ARN",
                related=[related(option, "written here")] if option.span.line != variable.span.line else [],
            )
            return
        random = random_text(option.value)
        if random is not None:
            yield finding(
                variable,
                f"{function.display} gets {random.what} ({random.hint}) in the environment variable {variable.name}: "
                "if it is a secret, revoke it, keep the new one in Secrets Manager, and pass its ARN",
                level=AUDITOR,
                confidence=POSSIBLE,
            )
            return
