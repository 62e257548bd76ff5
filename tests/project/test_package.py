"""What a function ships, as far as it can be seen."""

from __future__ import annotations

import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from lambdalint.finding import Severity
from lambdalint.project import package
from lambdalint.project.model import Project
from lambdalint.project.package import ARCHIVE, BUILT, SOURCE, Package
from lambdalint.reading import Reading
from lambdalint.settings import Settings
from tests.support import archive, findings, write

MEGABYTE = 1_048_576
SAM = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          CodeUri: {code}
      Billing:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: billing.handler
          CodeUri: {code}
    """


def read(folder: Path) -> Project:
    return Reading(str(folder.resolve()), Settings()).project()


def of(folder: Path, name: str = "Orders") -> Package | None:
    project = read(folder)
    return project.packages.of(next(item for item in project.functions if item.name == name))


def sparse(path: Path, size: int) -> None:
    """A file that claims a size without taking it on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(size)


def sam(folder: Path, code: str = "src/", runtime: str = "python3.13") -> Path:
    return write(folder, {"template.yaml": SAM.format(code=code, runtime=runtime), "src/app.py": "x = 1\n"})


def test_build_output_comes_before_the_source(tmp_path: Path) -> None:
    sam(tmp_path)
    sparse(tmp_path / ".aws-sam/build/Orders/numpy/core.so", 7000)
    found = of(tmp_path)
    assert found is not None
    assert (found.kind, found.path, found.size) == (BUILT, ".aws-sam/build/Orders", 7000)


def test_functions_with_the_same_code_share_a_build(tmp_path: Path) -> None:
    sam(tmp_path)
    sparse(tmp_path / ".aws-sam/build/Orders/core.so", 7000)
    found = of(tmp_path, "Billing")
    assert found is not None and found.path == ".aws-sam/build/Orders"


def test_a_build_of_a_missing_folder_counts_too(tmp_path: Path) -> None:
    sam(tmp_path, code="target/classes", runtime="java21")
    assert of(tmp_path) is None
    sparse(tmp_path / ".aws-sam/build/Orders/lib/library.jar", 7000)
    found = of(tmp_path)
    assert found is not None and [part.name for part in found.parts] == ["library.jar"]


def test_code_from_elsewhere_has_no_build(tmp_path: Path) -> None:
    sam(tmp_path, code="s3://artifacts/orders.zip")
    sparse(tmp_path / ".aws-sam/build/Orders/core.so", 7000)
    assert of(tmp_path) is None


def test_source_without_what_is_not_shipped(tmp_path: Path) -> None:
    sam(tmp_path)
    for name in (".git/objects/pack", ".venv/lib/x.so", "__pycache__/app.pyc", "env/lib/y.so", "env/pyvenv.cfg"):
        sparse(tmp_path / "src" / name, 1000)
    sparse(tmp_path / "src" / "model.bin", 50)
    found = of(tmp_path)
    assert found is not None and found.kind == SOURCE
    assert [file.path for file in found.files] == ["app.py", "model.bin"]


@pytest.mark.parametrize(
    ("runtime", "extra", "kind"),
    [
        ("python3.13", "requirements.txt", SOURCE),
        ("nodejs22.x", "index.js", SOURCE),
        ("nodejs22.x", "package.json", None),
        ("nodejs22.x", "tsconfig.json", None),
        ("java21", "pom.xml", None),
        ("provided.al2023", "main.go", None),
    ],
)
def test_source_that_a_build_replaces_says_nothing(runtime: str, extra: str, kind: str | None, tmp_path: Path) -> None:
    sam(tmp_path, runtime=runtime)
    (tmp_path / "src" / extra).write_text("{}")
    found = of(tmp_path)
    assert (found.kind if found else None) == kind


def test_assets_of_cdk(tmp_path: Path) -> None:
    template = """{"Resources": {
      "Named": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "asset.aa"},
                "Properties": {"Code": {"S3Bucket": "b", "S3Key": "aa.zip"}}},
      "ByKey": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": "b", "S3Key": "bb.zip"}}},
      "Gone": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "asset.cc"},
               "Properties": {"Code": {"S3Bucket": "b", "S3Key": "cc.zip"}}},
      "Outside": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "../../elsewhere"},
                  "Properties": {"Code": {"S3Bucket": "b", "S3Key": "dd.zip"}}}}}"""
    write(tmp_path, {"stack.json": template})
    sparse(tmp_path / "asset.aa" / "index.js", 10)
    write(tmp_path, {"asset.bb.zip": "node_modules/@aws-sdk/client-s3/index.js 20 bytes"})
    named, by_key = of(tmp_path, "Named"), of(tmp_path, "ByKey")
    assert named is not None and (named.kind, named.size) == (BUILT, 10)
    assert by_key is not None and [(part.name, part.size) for part in by_key.parts] == [("@aws-sdk/client-s3", 20)]
    assert of(tmp_path, "Gone") is None and of(tmp_path, "Outside") is None


def test_an_archive_is_measured_without_unpacking(tmp_path: Path) -> None:
    sam(tmp_path, code="orders.zip")
    with ZipFile(tmp_path / "orders.zip", "w", ZIP_DEFLATED) as made:
        made.writestr("numpy/core.so", b"\0" * 3_000_000)
        made.writestr("app.py", b"x = 1\n")
    found = of(tmp_path)
    assert found is not None and found.kind == ARCHIVE
    assert found.size == 3_000_006 and (tmp_path / "orders.zip").stat().st_size < 10_000
    assert [part.name for part in found.parts] == ["numpy", "app.py"]


def test_a_file_that_is_no_archive_is_shipped_alone(tmp_path: Path) -> None:
    sam(tmp_path, code="src/app.py")
    found = of(tmp_path)
    assert found is not None and [(file.path, file.size) for file in found.files] == [("app.py", 6)]


def damaged(whole: bytes) -> list[bytes]:
    end = whole.rfind(b"PK\x05\x06")
    start = whole.find(b"PK\x01\x02")
    return [
        b"",
        whole[:end] + whole[end : end + 10],
        whole[: start + 20] + whole[end:],
        whole[: end + 12] + struct.pack("<L", 0xFFFFFFF0) + whole[end + 16 :],
        whole[: end + 16] + struct.pack("<L", 0xFFFFFFF0) + whole[end + 20 :],
        whole[:start] + b"PK\x01\x02" + b"\xff" * (end - start - 4) + whole[end:],
        whole[: end + 10] + b"\xff\xff" + whole[end + 12 :],
    ]


@pytest.mark.parametrize("number", range(7))
def test_damaged_archives_do_no_harm(number: int, tmp_path: Path) -> None:
    sam(tmp_path, code="orders.zip")
    (tmp_path / "orders.zip").write_bytes(damaged(archive("app.py 300000000 bytes"))[number])
    of(tmp_path)
    findings(tmp_path, "LL502")


def test_a_huge_directory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sam(tmp_path, code="orders.zip")
    write(tmp_path, {"orders.zip": "\n".join(f"file{number} 9 bytes" for number in range(100))})
    monkeypatch.setattr(package, "MAX_DIRECTORY", 1_000)
    assert of(tmp_path) is None


def test_counting_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sam(tmp_path)
    for number in range(300):
        (tmp_path / "src" / f"file{number}").write_text("x")
    monkeypatch.setattr(package, "MAX_FILES", 100)
    found = of(tmp_path)
    assert found is not None and len(found.files) <= 400


def test_size_of_code_and_layers(tmp_path: Path) -> None:
    template = (
        SAM.format(code="src/", runtime="python3.13").rstrip() + "\n          Layers: [!Ref Science, !Ref Fonts]\n"
    )
    for name in ("Science", "Fonts"):
        template += f"      {name}:\n        Type: AWS::Serverless::LayerVersion\n"
        template += f"        Properties: {{ContentUri: {name.lower()}/}}\n"
    write(tmp_path, {"template.yaml": template, "src/app.py": ""})
    sparse(tmp_path / "src" / "model.bin", 90 * MEGABYTE)
    sparse(tmp_path / "science/python/lib/python3.13/site-packages/scipy/lib.so", 100 * MEGABYTE)
    assert findings(tmp_path, "LL502") == []
    sparse(tmp_path / "fonts/fonts/noto.ttf", 30 * MEGABYTE)
    (item,) = findings(tmp_path, "LL502")
    assert (item.function, item.severity) == ("Billing", Severity.WARNING)
    assert item.message == (
        "Billing takes 220 MB unpacked with its layers Science, Fonts; near Lambda's limit of 250 MB: leave out what "
        "it doesn't need, or use a container image; largest: scipy 100 MB (in Science), model.bin 90 MB, "
        "fonts 30 MB (in Fonts)"
    )
    assert [part.label for part in item.related] == ["Science: 100 MB", "Fonts: 30 MB"]
    sparse(tmp_path / "fonts/fonts/noto.ttf", 61 * MEGABYTE)
    (item,) = findings(tmp_path, "LL502")
    assert item.severity == Severity.ERROR and "251 MB unpacked" in item.message
    assert "Lambda allows 250 MB" in item.message


def test_images_are_not_measured(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": SAM.format(code="src/\n          PackageType: Image", runtime="python3.13")})
    sparse(tmp_path / "src/model.bin", 300 * MEGABYTE)
    assert findings(tmp_path, "LL502") == []
