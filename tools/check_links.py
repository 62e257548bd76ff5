"""Asks for every external link of the documentation and of the rules, and lists those that fail. Needs the network."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
OWN = ("https://lambdalint.dev/", "https://github.com/OWNER/")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]]+")
_FENCED = re.compile(r"^[ \t]*```.*?^[ \t]*```$", re.MULTILINE | re.DOTALL)
_SOURCE = re.compile(r"^ {4}## Source\n(.*?)\"\"\"", re.MULTILINE | re.DOTALL)


def texts() -> Iterator[tuple[Path, str]]:
    """What may hold links: pages without their examples, and the sources that rules name."""
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))):
        yield path, _FENCED.sub("", path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "rules").rglob("*.py")):
        for match in _SOURCE.finditer(path.read_text(encoding="utf-8")):
            yield path, match.group(1)


def links() -> dict[str, list[Path]]:
    """The files that hold a link, by the link without its fragment."""
    found: dict[str, list[Path]] = {}
    for path, text in texts():
        for address in _ADDRESS.findall(text):
            bare = urldefrag(address.rstrip(".,;:"))[0]
            if not bare.startswith(OWN):
                found.setdefault(bare, []).append(path)
    return found


def trouble(address: str) -> str:
    """Why a link can't be followed; empty if it can."""
    request = Request(address, headers={"User-Agent": "Mozilla/5.0 (link check)"})
    try:
        with urlopen(request, timeout=30):
            return ""
    except HTTPError as error:
        return "" if error.code in (403, 429) else f"{error.code} {error.reason}"  # there, but not for programs
    except (URLError, OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def main() -> int:
    found = links()
    with ThreadPoolExecutor(8) as pool:
        failures = {address: why for address, why in zip(found, pool.map(trouble, found)) if why}
    for address, why in failures.items():
        names = ", ".join(sorted({path.relative_to(ROOT).as_posix() for path in found[address]}))
        print(f"{names}: {address}: {why}")
    print(f"{len(found)} links, {len(failures)} failed", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
