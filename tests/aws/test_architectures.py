"""For which machine a file is by its first bytes, and which runtimes run on arm64."""

from __future__ import annotations

import struct

import pytest

from lambdalint.aws.architectures import has_arm, machine_of
from tests.support import binary

ELF = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (binary("(ELF x86_64)"), ("Linux", "x86_64")),
        (binary("(ELF aarch64)"), ("Linux", "arm64")),
        (b"\x7fELF\x02\x02\x01".ljust(16, b"\0") + struct.pack(">HH", 3, 183), ("Linux", "arm64")),
        (ELF + struct.pack("<HH", 3, 40), ("Linux", "arm")),
        (ELF + struct.pack("<HH", 3, 3), None),  # 32 bits: may run on x86_64
        (ELF + struct.pack("<HH", 1, 247), None),  # eBPF
        (b"\x7fELF\x02\x01", None),
        (binary("(Mach-O arm64)"), ("macOS", "arm64")),
        (binary("(Mach-O x86_64)"), ("macOS", "x86_64")),
        (b"\xca\xfe\xba\xbe" + struct.pack(">L", 2), ("macOS", "")),
        (b"\xca\xfe\xba\xbe" + struct.pack(">HH", 0, 65), None),  # a class of Java
        (binary("(PE)"), ("Windows", "")),
        (b"version https://git-lfs.github.com/spec/v1\n", None),
        (b"#!/bin/sh\n", None),
        (b"", None),
    ],
)
def test_headers(header: bytes, expected: tuple[str, str] | None) -> None:
    assert machine_of(header) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python3.13", True),
        ("nodejs22.x", True),
        ("provided.al2023", True),
        ("python3.7", False),
        ("go1.x", False),
        ("python3.15", False),
        ("python9.9", False),
    ],
)
def test_runtimes_on_arm(name: str, expected: bool) -> None:
    assert has_arm(name) is expected
