"""Instruction set architectures: which Lambda has, which runtimes run on which, and how binary files tell theirs.

Sources, read in November 2026: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html,
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html (x86_64
only); the headers of ELF (``elf.h``), Mach-O (``mach-o/loader.h``, ``mach-o/fat.h``) and PE files.
"""

from __future__ import annotations

import struct

from lambdalint.aws.runtimes import MANAGED, runtime

X86, ARM = "x86_64", "arm64"

DEFAULT_ARCHITECTURE = X86
"""The architecture of functions that set none."""

LINUX, MACOS, WINDOWS = "Linux", "macOS", "Windows"

HEADER = 64
"""Bytes at the beginning of a file that tell for which machine it is."""

_ELF_MACHINES = {62: X86, 183: ARM, 40: "arm"}
_MACH_MACHINES = {0x01000007: X86, 0x0100000C: ARM}
_MACH = {b"\xcf\xfa\xed\xfe": "<", b"\xce\xfa\xed\xfe": "<", b"\xfe\xed\xfa\xcf": ">", b"\xfe\xed\xfa\xce": ">"}
_MOST_SLICES = 20
"""Machines that a Mach-O file for several has at most; in Java's classes, which begin alike, a larger number stands."""


def has_arm(name: str) -> bool:
    """Whether a runtime that AWS manages runs on arm64 too: all but those on Amazon Linux 1 and Go's own."""
    found = runtime(name)
    return found is not None and found.kind == MANAGED and found.system not in ("", "al1") and found.family != "go"


def machine_of(header: bytes) -> tuple[str, str] | None:
    """The system and machine that a file is for by its first bytes; None where it is for none, or for one not known.

    The machine is empty where it can't be told, or is one of several.
    """
    if header[:4] == b"\x7fELF" and len(header) >= 20:
        order = ">" if header[5] == 2 else "<"
        machine = _ELF_MACHINES.get(struct.unpack_from(f"{order}H", header, 18)[0])
        return (LINUX, machine) if machine is not None else None
    if header[:4] in _MACH and len(header) >= 8:
        number = struct.unpack_from(f"{_MACH[header[:4]]}L", header, 4)[0]
        return (MACOS, _MACH_MACHINES.get(number, ""))
    if header[:4] == b"\xca\xfe\xba\xbe" and len(header) >= 8:
        return (MACOS, "") if struct.unpack_from(">L", header, 4)[0] < _MOST_SLICES else None
    return (WINDOWS, "") if header[:2] == b"MZ" else None
