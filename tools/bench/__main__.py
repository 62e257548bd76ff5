"""``python tools/bench``: measures lambdalint beside a parse floor and its peers. See docs/bench.md."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tools.bench.app import main

    sys.exit(main())
