"""Handler strings are judged by each runtime's own rules."""

from __future__ import annotations

import pytest

from lambdalint.aws.handlers import handler_fault


@pytest.mark.parametrize(
    ("language", "handler"),
    [
        ("python", "app.lambda_handler"),
        ("python", "src/app.handler"),
        ("python", "src.pkg.app.handler"),
        ("python", "my-module.handler"),
        ("python", "pyapp.py_handler"),
        ("python", "times.handler"),
        ("python", "datadog_lambda.handler.handler"),
        ("nodejs", "index.handler"),
        ("nodejs", "dist/orders/index.v2.handler"),
        ("nodejs", "./src/index.handler"),
        ("nodejs", "/opt/nodejs/node_modules/tracer/handler.handler"),
        ("nodejs", "main.jshandler"),
        ("java", "com.example.Orders::handleRequest"),
        ("java", "com.example.Orders"),
        ("java", "Orders"),
        ("java", "com.example.Outer$Inner::handle"),
        ("dotnet", "Orders::Orders.Function::FunctionHandler"),
        ("dotnet", "Orders"),
        ("dotnet", "Orders.Executable"),
        ("dotnet", "Orders::Orders.Functions_Get_Generated::Get"),
        ("ruby", "app.handler"),
        ("ruby", "lib/app.Orders::Intake.process"),
        ("go", "main"),
        ("provided", "bootstrap"),
        ("provided", "not.used"),
        ("provided", "module.ps1::handler"),
        ("other", "anything::at/all"),
        ("python", "{{ cookiecutter.module }}.handler"),
        ("nodejs", "%%HANDLER%%"),
        ("python", "<your handler>"),
    ],
)
def test_good(language: str, handler: str) -> None:
    assert handler_fault(language, handler) is None


@pytest.mark.parametrize(
    ("language", "handler", "instead"),
    [
        ("python", "app.py", ""),
        ("python", "src/app.py", ""),
        ("python", "app.py.handler", "app.handler"),
        ("python", "app.py:handler", "app.handler"),
        ("python", "app.lambda_handler.py", ""),
        ("python", "lambda_handler", ""),
        ("python", "app:handler", "app.handler"),
        ("python", "app::handler", "app.handler"),
        ("python", "src/app/handler", ""),
        ("python", "src.app/handler", ""),
        ("python", ".handler", ""),
        ("python", "app.", ""),
        ("python", "./app.handler", "app.handler"),
        ("python", "/src/app.handler", "src/app.handler"),
        ("python", "../app.handler", "app.handler"),
        ("python", "src//app.handler", "src/app.handler"),
        ("python", "app.handler()", "app.handler"),
        ("python", "app.lambda-handler", ""),
        ("python", "time.handler", ""),
        ("python", "app. handler", "app.handler"),
        ("nodejs", "handler", ""),
        ("nodejs", "src/handler", ""),
        ("nodejs", "index.js", "index.handler"),
        ("nodejs", "src/index.mjs", "src/index.handler"),
        ("nodejs", "index.ts.handler", "index.handler"),
        ("nodejs", "../index.handler", "index.handler"),
        ("nodejs", "src/.handler", ""),
        ("nodejs", "index.", ""),
        ("nodejs", "index::handler", "index.handler"),
        ("nodejs", "index.handler()", "index.handler"),
        ("java", "com.example.Orders::", ""),
        ("java", "::handle", ""),
        ("java", "com.example.Orders:handle", "com.example.Orders::handle"),
        ("java", "com.example.Orders#handle", "com.example.Orders::handle"),
        ("java", "com/example/Orders::handle", "com.example.Orders::handle"),
        ("java", "com.example.Orders.java", "com.example.Orders"),
        ("java", "com.example.Orders::handle()", "com.example.Orders::handle"),
        ("dotnet", "Orders::Orders.Function", ""),
        ("dotnet", "Orders:Orders.Function:Handle", ""),
        ("dotnet", "Orders::::Handle", ""),
        ("ruby", "handler", ""),
        ("ruby", "app.rb", "app.handler"),
        ("ruby", "app.rb.process", "app.process"),
        ("ruby", ".process", ""),
        ("provided", "boot strap", "bootstrap"),
        ("go", "", ""),
        ("python", "a" * 120 + ".handler_1", ""),
    ],
)
def test_bad(language: str, handler: str, instead: str) -> None:
    fault = handler_fault(language, handler)
    assert fault is not None
    assert fault.instead == instead
    assert not fault.reason.endswith(".")
    if instead and language != "provided":
        assert handler_fault(language, instead) is None
