"""``python -m lambdalint``."""

import sys

from lambdalint.cli import main

if __name__ == "__main__":
    sys.exit(main())
