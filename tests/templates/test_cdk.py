"""CDK assemblies: small apps, synthesised by aws-cdk-lib 2.150.0, 2.275.0 (Python) and 2.276.0, and trimmed.

Their traces name ``/home/dev/…``, where they were synthesised, so every project here is one that has moved.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint import discovery
from lambdalint.cli import main
from lambdalint.finding import Finding
from lambdalint.project.model import Function, Project
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from lambdalint.templates.cdk import read_assembly
from tests.support import FIXTURES, findings, report, write

SHOP = ("2.150", "2.150-debug", "2.276", "2.276-debug", "2.276-bare")
PLACE = "lib/orders-stack.ts:28:7"
OVERRIDE = "lib/orders-stack.ts:30:53"


def copy(folder: Path, fixture: str, assembly: str, output: str = "cdk.out") -> Path:
    shutil.copytree(FIXTURES / fixture / "app", folder, dirs_exist_ok=True)
    shutil.copytree(FIXTURES / fixture / assembly, folder / output)
    return folder


def shop(folder: Path, version: str = "2.276") -> Path:
    return copy(folder, "cdk-shop", f"assemblies/{version}")


def intake(folder: Path, version: str = "plain") -> Path:
    return copy(folder, "cdk-intake-python", f"assemblies/{version}")


def fleet(folder: Path) -> Path:
    write(folder, {".gitignore": "generated/\n"})
    return copy(folder, "cdk-fleet", "assembly", "generated/cdk.out")


def project(folder: Path) -> Project:
    return Reading(str(folder.resolve()), Settings()).project()


def functions(folder: Path) -> dict[str, Function]:
    return {function.display: function for function in project(folder).functions}


def notes(folder: Path, *shown: Path) -> list[str]:
    return [f"{path}: {text}" for path, text in report(folder, shown=shown).notes]


def places(found: list[Finding]) -> list[str]:
    return [f"{item.span.path}:{item.span.line}:{item.span.column}" for item in found]


def edit(path: Path, change: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content, indent=1))


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", SHOP)
def test_functions_of_stacks_stages_and_nested_stacks(tmp_path: Path, version: str) -> None:
    found = functions(shop(tmp_path, version))
    handler = "BucketNotificationsHandler050a0587b7544547bf325f094a3db834"
    assert set(found) == {
        "OrdersStack/PlaceOrder",
        "OrdersStack/OnReceipt",
        "OrdersStack/Ping",
        f"OrdersStack/{handler}",
        "MailStack/Render",
        "MailStack/Sending/Send",
        "Prod/Shop/Mailer",
    }
    assert [name for name, function in found.items() if function.is_cdk_own] == [f"OrdersStack/{handler}"]
    resolved = {name: item.resolution.path for name, item in found.items() if item.resolution.status == "found"}
    assert resolved == {
        "OrdersStack/PlaceOrder": "lambda/orders/app.py",
        "OrdersStack/OnReceipt": "lambda/receipts/receipts.py",
        "OrdersStack/Ping": "cdk.out/OrdersStack.template.json#PingD2DB0D42",
        "MailStack/Render": "lambda/mailer/render.ts",
        "MailStack/Sending/Send": "lambda/mailer/send.py",
        "Prod/Shop/Mailer": "lambda/mailer/send.py",
    }
    assert found["Prod/Shop/Mailer"].handler is found["MailStack/Sending/Send"].handler
    place = found["OrdersStack/PlaceOrder"]
    assert place.name == "PlaceOrderC1FF4CFE"
    assert place.code.kind == "folder" and place.code.path.startswith("cdk.out/asset.d36b49")
    assert [source.kind for source in place.event_sources] == ["sqs"]
    assert [source.kind for source in found["OrdersStack/OnReceipt"].event_sources] == ["s3"]


@pytest.mark.parametrize("version", SHOP)
def test_exports_join_the_stacks_of_an_assembly(tmp_path: Path, version: str) -> None:
    found = functions(shop(tmp_path, version))
    send = found["MailStack/Sending/Send"]
    queue = send.project.linker.resource(send.template, send.environment["QUEUE_URL"].value)
    assert queue is not None and queue.display == "OrdersStack/Queue"


def test_exports_of_other_assemblies_and_templates_are_others(tmp_path: Path) -> None:
    one, two = shop(tmp_path / "one"), shop(tmp_path / "two", "2.150")
    export = """
        Resources:
          Other: {Type: AWS::SQS::Queue}
        Outputs:
          Url: {Value: !Ref Other, Export: {Name: "OrdersStack:ExportsOutputRefQueue4A7E3555425E8BD3"}}
    """
    write(tmp_path, {"template.yaml": export})
    found = project(tmp_path)
    for folder in (one, two):
        send = next(
            item for item in found.functions if item.name == "Send46722DF3" and folder.name in item.template.path
        )
        queue = found.linker.resource(send.template, send.environment["QUEUE_URL"].value)
        assert queue is not None and queue.template.path == f"{folder.name}/cdk.out/OrdersStack.template.json"


def test_parameters_of_nested_stacks_without_metadata(tmp_path: Path) -> None:
    shop(tmp_path, "2.276-bare")
    folder = tmp_path / "cdk.out"

    def take(content: dict) -> None:  # type: ignore[type-arg]
        content["Parameters"] = {"Url": {"Type": "String"}}
        content["Resources"]["Send46722DF3"]["Properties"]["Environment"] = {"Variables": {"Q": {"Ref": "Url"}}}

    def give(content: dict) -> None:  # type: ignore[type-arg]
        nested = content["Resources"]["SendingNestedStackSendingNestedStackResource9DE8F2F6"]
        nested["Properties"]["Parameters"] = {"Url": {"Fn::GetAtt": ["Own", "QueueUrl"]}}
        content["Resources"]["Own"] = {"Type": "AWS::SQS::Queue"}

    edit(folder / "MailStackSending1CF57C87.nested.template.json", take)
    edit(folder / "MailStack.template.json", give)
    send = functions(tmp_path)["MailStack/Sending/Send"]
    queue = send.project.linker.resource(send.template, send.environment["Q"].value)
    assert queue is not None and queue.logical_id == "Own"


def test_same_physical_name_in_another_stack(tmp_path: Path) -> None:
    shop(tmp_path)
    folder = tmp_path / "cdk.out"
    edit(
        folder / "OrdersStack.template.json",
        lambda content: content["Resources"]["Queue4A7E3555"].update(Properties={"QueueName": "orders"}),
    )
    edit(
        folder / "MailStackSending1CF57C87.nested.template.json",
        lambda content: content["Resources"]["Send46722DF3"]["Properties"]["Environment"]["Variables"].update(
            QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
        ),
    )
    send = functions(tmp_path)["MailStack/Sending/Send"]
    queue = send.project.linker.resource(send.template, send.environment["QUEUE_URL"].value)
    assert queue is not None and queue.logical_id == "Queue4A7E3555"


def test_only_what_the_manifest_names_is_read(tmp_path: Path) -> None:
    shop(tmp_path)
    stale = (tmp_path / "cdk.out/OrdersStack.template.json").read_text()
    write(tmp_path, {"cdk.out/RenamedStack.template.json": stale})
    assert {template.path for template in project(tmp_path).templates} == {
        "cdk.out/OrdersStack.template.json",
        "cdk.out/MailStack.template.json",
        "cdk.out/MailStackSending1CF57C87.nested.template.json",
        "cdk.out/assembly-Prod/ProdShop82526E42.template.json",
    }


def test_images_are_no_folders_and_layers_bring_modules(tmp_path: Path) -> None:
    found = functions(fleet(tmp_path))
    assert found["Dev/Fleet/Image"].code.kind == "image"
    layered = found["Dev/Fleet/Layered"]
    assert layered.handler is not None
    assert layered.handler.roots == ("functions/south", "layers/common/python")
    assert "layers/common/python/shared/sending.py" in {module.path for module in layered.handler.modules}


# --- discovery ----------------------------------------------------------------------------------------------------


def test_cdk_out_is_read_although_git_ignores_it(tmp_path: Path) -> None:
    write(shop(tmp_path), {".gitignore": "cdk.out\n*.js\n"})
    assert discovery.discover(str(tmp_path)).assemblies == ("cdk.out",)


def test_output_folder_of_cdk_json(tmp_path: Path) -> None:
    assert discovery.discover(str(fleet(tmp_path))).assemblies == ("generated/cdk.out",)
    shutil.move(tmp_path / "generated", tmp_path / "synth")
    write(tmp_path, {"cdk.json": '{"output": "synth/cdk.out"}', ".gitignore": "synth/\n"})
    assert discovery.discover(str(tmp_path)).assemblies == ("synth/cdk.out",)


def test_assembly_is_known_by_its_files_not_its_name(tmp_path: Path) -> None:
    shop(tmp_path)
    shutil.move(tmp_path / "cdk.out", tmp_path / "synthesised")
    files = discovery.discover(str(tmp_path))
    assert files.assemblies == ("synthesised",)
    assert not [path for path in files.templates if path.startswith("synthesised")]
    write(tmp_path, {"cdk.out/asset.1/app.py": "x = 1\n"})
    files = discovery.discover(str(tmp_path))
    assert files.assemblies == ("synthesised",)
    assert not [path for path in files.code if path.startswith("cdk.out")]


def test_excluded_assembly(tmp_path: Path) -> None:
    files = discovery.discover(str(shop(tmp_path)), ["cdk.out"])
    assert files.assemblies == ()


@pytest.mark.parametrize("argument", ["cdk.out", "cdk.out/assembly-Prod", "cdk.out/manifest.json"])
def test_root_of_an_assembly_is_that_of_its_app(tmp_path: Path, argument: str) -> None:
    shop(tmp_path)
    assert discovery.find_root(str(tmp_path / argument)) == str(tmp_path.resolve())


def test_assembly_without_an_app_is_a_root(tmp_path: Path) -> None:
    shop(tmp_path / "app")
    shutil.move(tmp_path / "app/cdk.out", tmp_path / "passed-on")
    shutil.rmtree(tmp_path / "app")
    folder = tmp_path / "passed-on"
    assert discovery.find_root(str(folder)) == str(folder.resolve())
    assert discovery.discover(str(folder)).assemblies == ("",)
    found = functions(folder)
    assert found["OrdersStack/PlaceOrder"].resolution.path.startswith("asset.d36b49")
    assert [item.span.path for item in findings(folder, "LL501")] == ["OrdersStack.template.json"]


def test_app_without_output_is_noted_in_one_line(tmp_path: Path) -> None:
    shop(tmp_path)
    shutil.rmtree(tmp_path / "cdk.out")
    (note,) = notes(tmp_path)
    assert "cdk.json" in note and "`cdk synth`" in note
    write(tmp_path, {"cdk.out/asset.1/app.py": ""})
    assert len(notes(tmp_path)) == 1
    assert notes(tmp_path, tmp_path / "lambda") == []
    write(tmp_path, {"second/cdk.json": "{}", "third/cdk.json": '{"output": "../elsewhere"}'})
    (note,) = notes(tmp_path)
    assert "3 CDK apps" in note


def test_app_without_output_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"cdk.json": "{}", "app.py": ""})
    main([str(tmp_path)])
    assert "cdk.json: no synthesised output; run `cdk synth`" in capsys.readouterr().err


def test_synthesised_app_is_not_noted(tmp_path: Path) -> None:
    assert notes(shop(tmp_path)) == []


# --- damage and attacks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"artifacts": 7}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"artifacts": {"A": ',
        b"null",
        b"1" * 9000,
    ],
)
@pytest.mark.parametrize("name", ["manifest.json", "OrdersStack.metadata.json", "OrdersStack.assets.json"])
def test_damaged_files_are_noted_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    shop(tmp_path)
    (tmp_path / "cdk.out" / name).write_bytes(content)
    shown = notes(tmp_path)
    assert len(shown) <= 1
    assert all(f"cdk.out/{name}" in line for line in shown)
    if name == "manifest.json" or content in (b"", b"{"):
        assert shown


def test_manifest_cut_off_anywhere(tmp_path: Path) -> None:
    shop(tmp_path, "2.150-debug")
    data = (tmp_path / "cdk.out/manifest.json").read_bytes()
    for length in range(0, len(data), 997):
        assembly = read_assembly("cdk.out", lambda path, length=length: data[:length] if "manifest" in path else None)
        assert len(assembly.problems) == 1


def test_odd_types_in_metadata(tmp_path: Path) -> None:
    odd = [None, 7, [], {}, "", [None], [{"type": "aws:cdk:logicalId", "data": 7, "trace": {"a": 1}}]]
    odd.append([{"type": "aws:cdk:creationStack", "data": "no list"}, {"type": "aws:cdk:propertyAssignment"}])
    artifacts = {
        f"S{index}": {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": value if index % 2 else "S.template.json"},
            "metadata": {"/S/A": value, "": value},
            "additionalMetadataFile": value,
            "displayName": value,
        }
        for index, value in enumerate(odd)
    }
    artifacts["N"] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    artifacts["T"] = {"type": "cdk:tree", "properties": {"file": 3}}
    artifacts["X"] = "text"
    data = json.dumps({"artifacts": artifacts}).encode()
    read_assembly("cdk.out", lambda path: data)


def test_missing_template_is_noted(tmp_path: Path) -> None:
    shop(tmp_path)
    (tmp_path / "cdk.out/MailStack.template.json").unlink()
    (note,) = notes(tmp_path)
    assert "cdk.out/MailStack.template.json" in note


def test_missing_assets_are_no_fault(tmp_path: Path) -> None:
    shop(tmp_path)
    for folder in (tmp_path / "cdk.out").glob("asset.*"):
        shutil.rmtree(folder)
    found = functions(tmp_path)
    assert found["OrdersStack/PlaceOrder"].code.kind == "unknown"
    assert found["OrdersStack/PlaceOrder"].resolution.status == "unknown"
    assert places(findings(tmp_path, "LL501")) == [PLACE]


def test_nothing_outside_of_the_project_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shop(tmp_path / "root")
    secret = (root / "cdk.out/OrdersStack.template.json").read_text()
    write(tmp_path, {"secret/OrdersStack.template.json": secret, "secret/app.py": "def handler(event, context): 1\n"})
    (root / "cdk.out/linked").symlink_to(tmp_path / "secret")
    (root / "lib/linked.ts").symlink_to(tmp_path / "secret/OrdersStack.template.json")

    def manifest(content: dict) -> None:  # type: ignore[type-arg]
        stacks = {
            "absolute": f"{tmp_path}/secret/OrdersStack.template.json",
            "above": "../../secret/OrdersStack.template.json",
            "linked": "linked/OrdersStack.template.json",
            "windows": "..\\..\\secret\\OrdersStack.template.json",
            "project": "../package.json",
        }
        for name, file in stacks.items():
            content["artifacts"][name] = {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}
        for name, folder in {"out": "..", "up": "../../secret", "self": "."}.items():
            content["artifacts"][name] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": folder}}

    def template(content: dict) -> None:  # type: ignore[type-arg]
        metadata = content["Resources"]["PlaceOrderC1FF4CFE"]["Metadata"]
        metadata["aws:asset:path"] = "linked"
        content["Resources"]["OnReceipt2DE8B657"]["Metadata"]["aws:asset:path"] = f"{tmp_path}/secret"

    def traces(content: dict) -> None:  # type: ignore[type-arg]
        for name, file in (("PlaceOrder", f"{tmp_path}/secret/app.py"), ("Queue", "../../secret/app.py")):
            content[f"/OrdersStack/{name}/Resource"][1]["data"] = [
                f"new A ({file}:1:1)",
                "b (/home/dev/shop/lib/linked.ts:1:1)",
            ]

    edit(root / "cdk.out/manifest.json", manifest)
    edit(root / "cdk.out/OrdersStack.template.json", template)
    edit(root / "cdk.out/OrdersStack.metadata.json", traces)
    opened: list[str] = []

    def watching(original):  # type: ignore[no-untyped-def]
        def watched(file, *arguments, **options):  # type: ignore[no-untyped-def]
            opened.append(os.path.realpath(os.fspath(file)) if isinstance(file, (str, os.PathLike)) else "")
            return original(file, *arguments, **options)

        return watched

    monkeypatch.setattr("builtins.open", watching(open))
    monkeypatch.setattr("os.open", watching(os.open))
    found = report(root)
    monkeypatch.undo()
    assert str((root / "cdk.out/manifest.json").resolve()) in opened
    assert not [path for path in opened if path.startswith(str((tmp_path / "secret").resolve()))]
    assert all(".." not in item.span.path and not item.span.path.startswith("/") for item in found.findings)
    kinds = {item.display: item.code.kind for item in project(root).functions}
    assert kinds["OrdersStack/PlaceOrder"] == kinds["OrdersStack/OnReceipt"] == "unknown"


# --- originals ----------------------------------------------------------------------------------------------------


def test_findings_in_code_are_about_the_source(tmp_path: Path) -> None:
    found = findings(shop(tmp_path), "LL601")
    assert places(found) == ["lambda/orders/app.py:12:9", "lambda/receipts/receipts.py:11:9"]
    assert found[0].function == "PlaceOrderC1FF4CFE"
    assert found[0].message.startswith("OrdersStack/PlaceOrder ")
    assert [part.span.path for part in found[0].related] == ["lib/orders-stack.ts"]


MINIFIED = (
    "var o=Object.defineProperty;var m=Object.getOwnPropertyDescriptor;var p=Object.getOwnPropertyNames;"
    "var c=t=>t.length;var f=async t=>c(t.name);module.exports={handler:f};"
)
SOURCES = ["../../lib/names.ts", "../../lambda/mailer/render.ts"]
MAPPED = json.dumps({"version": 3, "sources": SOURCES, "mappings": "AAAA;ACAA,IAAI"})


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({}, "found"),
        ({"index.js": MINIFIED}, "built"),
        ({"index.js": MINIFIED + "\n//# sourceMappingURL=index.js.map", "index.js.map": MAPPED}, "found"),
        (
            {
                "index.js": MINIFIED
                + "\n//# sourceMappingURL=data:application/json;base64,"
                + base64.b64encode(MAPPED.encode()).decode()
            },
            "found",
        ),
        ({"index.js": MINIFIED + "\n//# sourceMappingURL=index.js.map", "index.js.map": "{}"}, "built"),
        ({"index.js": "// lambda/mailer/gone.ts\nmodule.exports = __toCommonJS(x);"}, "built"),
        ({"index.js": "// lambda/mailer/render.ts\nvar x;\n// node_modules/a/b.js\nvar y;"}, "found"),
        ({"index.js": None, "index.mjs": "// lambda/mailer/render.ts\nexport { handler };"}, "found"),
    ],
)
def test_node_bundles_lead_to_their_source(tmp_path: Path, files: dict[str, str | None], status: str) -> None:
    asset = next(path.parent for path in shop(tmp_path).glob("cdk.out/asset.a14*/index.js"))
    for name, text in files.items():
        if text is None:
            (asset / name).unlink()
        else:
            (asset / name).write_text(text)
    render = next(item for name, item in functions(tmp_path).items() if name.endswith("Render"))
    assert render.resolution.status == status
    assert render.resolution.path == ("lambda/mailer/render.ts" if status == "found" else "")


def test_node_source_that_has_changed_since_is_not_missing(tmp_path: Path) -> None:
    shop(tmp_path)
    (tmp_path / "lambda/mailer/render.ts").write_text("export const render = async () => 1;")
    render = next(item for name, item in functions(tmp_path).items() if name.endswith("Render"))
    assert render.resolution.status == "unknown"


def test_python_bundle_leaves_packages_aside(tmp_path: Path) -> None:
    monthly = functions(intake(tmp_path))["Report/Monthly"]
    assert monthly.resolution.path == "lambda/report/monthly.py"
    assert monthly.handler is not None and monthly.handler.roots == ("lambda/report",)


def test_files_from_several_folders(tmp_path: Path) -> None:
    intake(tmp_path)
    write(tmp_path, {"shared/rows.py": (tmp_path / "lambda/report/rows.py").read_text()})
    (tmp_path / "lambda/report/rows.py").unlink()
    monthly = functions(tmp_path)["Report/Monthly"]
    assert monthly.resolution.path == "lambda/report/monthly.py"
    assert monthly.handler is not None
    assert set(monthly.handler.roots) == {"lambda/report", "shared"}


def test_files_that_only_the_bundle_has(tmp_path: Path) -> None:
    intake(tmp_path)
    (tmp_path / "lambda/report/rows.py").unlink()
    monthly = functions(tmp_path)["Report/Monthly"]
    assert monthly.handler is not None
    assert monthly.handler.roots == ("lambda/report", monthly.code.path)
    assert f"{monthly.code.path}/rows.py" in {module.path for module in monthly.handler.modules}


def test_two_copies_of_a_folder_leave_the_asset(tmp_path: Path) -> None:
    shop(tmp_path)
    shutil.copytree(tmp_path / "lambda/orders", tmp_path / "lambda/orders-copy")
    place = functions(tmp_path)["OrdersStack/PlaceOrder"]
    assert place.resolution.path == f"{place.code.path}/app.py"


def test_copy_outside_of_the_app_does_not_count(tmp_path: Path) -> None:
    app = shop(tmp_path / "app")
    shutil.copytree(app / "lambda/orders", tmp_path / "other/orders")
    place = next(item for item in project(tmp_path).functions if item.display == "OrdersStack/PlaceOrder")
    assert place.resolution.path == "app/lambda/orders/app.py"


def test_edited_source_is_still_the_one_that_is_judged(tmp_path: Path) -> None:
    shop(tmp_path)
    path = tmp_path / "lambda/orders/app.py"
    path.write_text("# orders\n" + path.read_text().replace("import boto3", "import boto3  # the SDK"))
    found = functions(tmp_path)["OrdersStack/PlaceOrder"]
    assert found.resolution.path == "lambda/orders/app.py"
    (note,) = notes(tmp_path)
    assert note.endswith("so that templates and code are those of one state") and "lambda/orders;" in note
    assert "lambda/orders/app.py:13:9" in places(findings(tmp_path, "LL601"))


def test_rewritten_or_missing_source_leaves_the_asset(tmp_path: Path) -> None:
    shop(tmp_path)
    shutil.rmtree(tmp_path / "lambda/orders")
    write(tmp_path, {"lambda/new/app.py": "def handler(event, context):\n    return 1\n"})
    place = functions(tmp_path)["OrdersStack/PlaceOrder"]
    assert place.resolution.path == f"{place.code.path}/app.py"
    assert places(findings(tmp_path, "LL601"))[0].startswith("cdk.out/asset.d36b49")


def test_handler_that_moved_since_is_not_missing(tmp_path: Path) -> None:
    shop(tmp_path)
    (tmp_path / "lambda/orders/app.py").rename(tmp_path / "lambda/orders/main.py")
    assert functions(tmp_path)["OrdersStack/PlaceOrder"].resolution.status in ("unknown", "found")


def test_assets_that_are_not_staged(tmp_path: Path) -> None:
    shop(tmp_path)
    root = str(tmp_path.resolve())

    def template(content: dict) -> None:  # type: ignore[type-arg]
        content["Resources"]["PlaceOrderC1FF4CFE"]["Metadata"]["aws:asset:path"] = f"{root}/lambda/orders"
        content["Resources"]["OnReceipt2DE8B657"]["Metadata"]["aws:asset:path"] = "/elsewhere/lambda/receipts"

    edit(tmp_path / "cdk.out/OrdersStack.template.json", template)
    found = functions(tmp_path)
    assert found["OrdersStack/PlaceOrder"].code.path == "lambda/orders"
    assert found["OrdersStack/PlaceOrder"].resolution.path == "lambda/orders/app.py"
    assert found["OrdersStack/OnReceipt"].code.kind == "unknown"


# --- places -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", SHOP)
def test_finding_points_to_the_construct(tmp_path: Path, version: str) -> None:
    (found,) = findings(shop(tmp_path, version), "LL501")
    assert places([found]) == [OVERRIDE if version == "2.276-debug" else PLACE]
    assert found.message.startswith("OrdersStack/PlaceOrder has 6 layers")
    assert found.function == "PlaceOrderC1FF4CFE"
    made = found.related[-1]
    assert (made.span.path, made.label) == ("cdk.out/OrdersStack.template.json", "synthesised here")
    line = (tmp_path / made.span.path).read_text().splitlines()[made.span.line - 1]
    assert "layer:six:1" in line


def test_property_that_is_assigned_later(tmp_path: Path) -> None:
    fleet(tmp_path)
    frames = ["...layers in aws-cdk-lib...", "new FleetFunction (/home/dev/fleet/compiled/fleet-stack.js:40:43)"]
    entry = {"type": "aws:cdk:propertyAssignment", "data": {"propertyName": "Layers", "stackTrace": frames}}
    for stage in ("Dev", "Prod"):
        (path,) = (tmp_path / f"generated/cdk.out/assembly-{stage}").glob("*.metadata.json")
        edit(path, lambda content, stage=stage: content[f"/{stage}/Fleet/Fn-north/Resource"].append(entry))
    found = findings(tmp_path, "LL501")
    assert "src/fleet-stack.ts:19:62" in places(found)


@pytest.mark.parametrize(
    "prefix",
    ["C:\\Users\\dev\\shop\\", "file:///home/dev%20machine/shop/", "file:///D:/shop/", "/builds/0/orders/", ""],
)
def test_paths_of_other_machines(tmp_path: Path, prefix: str) -> None:
    shop(tmp_path)
    for path in (tmp_path / "cdk.out").rglob("*.metadata.json"):
        path.write_text(path.read_text().replace("/home/dev/shop/", json.dumps(prefix)[1:-1]))
    lines = (tmp_path / "lib/orders-stack.ts").read_text()
    write(tmp_path, {"lib/orders-stack.ts": lines.replace("'PlaceOrder'", "'Place' + 'Order'")})
    assert places(findings(tmp_path, "LL501")) == [PLACE]


@pytest.mark.parametrize("version", ["plain", "host-traces"])
def test_python_app(tmp_path: Path, version: str) -> None:
    (found,) = findings(intake(tmp_path, version), "LL501")
    assert (found.span.path, found.span.line) == ("stacks/intake.py", 16)


def test_app_on_the_machine_that_synthesised_it(tmp_path: Path) -> None:
    shop(tmp_path)
    for path in (tmp_path / "cdk.out").rglob("*.json"):
        path.write_text(path.read_text().replace("/home/dev/shop", str(tmp_path.resolve())))
    assert places(findings(tmp_path, "LL501")) == [PLACE]


def test_app_within_a_larger_repository(tmp_path: Path) -> None:
    shop(tmp_path / "services/shop")
    write(tmp_path, {"lib/orders-stack.ts": "\n" * 40})
    assert places(findings(tmp_path, "LL501")) == [f"services/shop/{PLACE}"]


def test_compiled_app_leads_to_typescript(tmp_path: Path) -> None:
    fleet(tmp_path)
    found = findings(tmp_path, "LL501")
    assert places(found) == ["src/fleet-stack.ts:14:5", "src/fleet-stack.ts:55:7"]
    assert "Dev/Fleet/Fn-north" in found[0].message and found[0].message.endswith("(and 3 more functions)")
    labels = [(part.span.path, part.span.line, part.label) for part in found[0].related]
    assert ("src/fleet-stack.ts", 32, "made here") in labels
    assert ("src/fleet-stack.ts", 32, "also Prod/Fleet/Fn-south") in labels


def test_compiled_app_without_maps_is_searched(tmp_path: Path) -> None:
    fleet(tmp_path)
    for path in (tmp_path / "compiled").glob("*.map"):
        path.write_text("{damaged")
    for path in (tmp_path / "compiled").glob("*.js"):
        shutil.copy(path, tmp_path / "src")
    for path in (tmp_path / "generated").rglob("*.metadata.json"):
        path.write_text(path.read_text().replace("/home/dev/fleet/compiled/", "/home/dev/fleet/src/"))
    assert "src/fleet-stack.ts:55:7" in places(findings(tmp_path, "LL501"))


def test_source_edited_since_is_searched(tmp_path: Path) -> None:
    shop(tmp_path)
    path = tmp_path / "lib/orders-stack.ts"
    path.write_text(path.read_text().replace("    const bucket =", "    // Receipts are kept.\n\n    const bucket ="))
    assert places(findings(tmp_path, "LL501")) == ["lib/orders-stack.ts:30:7"]


def test_parents_answer_for_what_has_no_trace(tmp_path: Path) -> None:
    shop(tmp_path)
    reading = Reading(str(tmp_path.resolve()), Settings())
    found = reading.project()
    template = found.template("cdk.out/OrdersStack.template.json")
    assert template is not None

    def place(logical_id: str) -> str:
        item = Finding("", template.resources[logical_id].span)
        return "{0.path}:{0.line}".format(reading.synthesis.move(item).finding.span)

    assert place("PlaceOrderServiceRoleDefaultPolicy0D1A4871") == "lib/orders-stack.ts:22"
    assert place("PlaceOrderSqsEventSourceOrdersStackQueue1A83F5DAD13214D8") == "lib/orders-stack.ts:34"
    assert place("CDKMetadata") == "bin/shop.ts:7"
    assert place("Receipts59C0D3E0") == "lib/orders-stack.ts:17"


def test_without_any_trace_the_line_of_the_template_stays(tmp_path: Path) -> None:
    intake(tmp_path)
    shutil.rmtree(tmp_path / "stacks")
    (tmp_path / "app.py").unlink()
    (found,) = findings(tmp_path, "LL501")
    assert (found.span.path, found.span.line) == ("cdk.out/Intake.template.json", 99)
    assert [part.label for part in found.related] == []


def test_ids_written_twice_are_not_guessed(tmp_path: Path) -> None:
    intake(tmp_path)
    path = tmp_path / "stacks/intake.py"
    path.write_text(path.read_text() + '\n\ndef again(scope):\n    return lambda_.Function(scope, "Receive")\n')
    (found,) = findings(tmp_path, "LL501")
    assert (found.span.path, found.span.line) == ("app.py", 7)


def test_inline_code_leads_to_the_construct(tmp_path: Path) -> None:
    found = findings(fleet(tmp_path), "LL601")
    assert "src/fleet-stack.ts:54:7" in places(found)


# --- suppression, selection, output -------------------------------------------------------------------------------


def test_metadata_and_comments_suppress(tmp_path: Path) -> None:
    result = report(fleet(tmp_path), "LL501")
    shown = " ".join(part.label for item in result.findings for part in item.related)
    assert "Quiet" not in shown and "Hushed" not in shown
    assert result.suppressed


def test_comment_at_the_construct_suppresses(tmp_path: Path) -> None:
    shop(tmp_path)
    path = tmp_path / "lib/orders-stack.ts"
    lines = path.read_text().splitlines(keepends=True)
    lines[20] = "    // lambdalint: ignore[LL501] for now\n"
    path.write_text("".join(lines))
    assert findings(tmp_path, "LL501") == []


@pytest.mark.parametrize("argument", ["cdk.out", "."])
def test_naming_the_assembly_shows_its_app(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    shop(tmp_path)
    write(tmp_path, {"other/template.yaml": (FIXTURES / "too-many-layers/template.yaml").read_text()})
    monkeypatch.chdir(tmp_path)
    main([argument, "--select", "LL501,LL601"])
    shown = capsys.readouterr().out
    assert PLACE in shown and "lambda/orders/app.py:12:9" in shown
    assert ("other/template.yaml" in shown) == (argument == ".")


def test_naming_a_source_shows_what_was_moved_there(tmp_path: Path) -> None:
    shop(tmp_path)
    assert places(list(report(tmp_path, "LL501", shown=[tmp_path / "lib"]).findings)) == [PLACE]
    assert not report(tmp_path, "LL501", shown=[tmp_path / "bin"]).findings


# --- CDK's own functions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2.150", "2.276"])
@pytest.mark.parametrize("tree", [True, False])
def test_helper_functions_of_cdk(tmp_path: Path, version: str, tree: bool) -> None:
    shutil.copytree(FIXTURES / "cdk-helpers" / version, tmp_path / "cdk.out")
    if not tree:
        (tmp_path / "cdk.out/tree.json").unlink()
    found = project(tmp_path)
    theirs = {item.display for item in found.functions if not item.is_cdk_own}
    assert theirs == {
        "Own/Mine",
        "Own/Trigger",
        "Own/SingletonLambdaf7d4f7304ee111e89c2dfa7ae01bbebc",
        "Own/Custom::MyOwnCustomResourceProvider/Handler",
        "Far/Farfn",
    }
    assert len(found.cdk_own_functions) == len(found.functions) - len(theirs) == 20
    roles = [resource for template in found.templates for resource in template.of_type("AWS::IAM::Role")]
    assert all(found.is_cdk_own(role) for role in roles)


def test_new_provider_of_cdk_is_known_by_its_class(tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out"
    shutil.copytree(FIXTURES / "cdk-helpers/2.276", folder)
    for path in folder.glob("*.json"):
        path.write_text(path.read_text().replace("CrossRegionExportReader", "SomethingNew"))
    found = functions(tmp_path)
    assert found["Far/Custom::SomethingNewCustomResourceProvider/Handler"].is_cdk_own


def test_helpers_on_old_runtimes_are_one_finding_an_app(tmp_path: Path) -> None:
    for app in ("one", "two"):
        shutil.copytree(FIXTURES / "cdk-helpers/2.150", tmp_path / app / "cdk.out")
    shutil.copytree(FIXTURES / "cdk-helpers/2.276", tmp_path / "new/cdk.out")
    found = [item for item in findings(tmp_path, "LL301") if "CDK added" in item.message]
    assert [item.span.path.partition("/")[0] for item in found] == ["one", "two"]
    assert found[0].message.startswith("Own/Custom::CDKBucketDeployment")
    assert "update aws-cdk-lib" in found[0].message
