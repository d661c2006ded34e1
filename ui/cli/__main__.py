"""`python -m ui.cli` is the same as `crowdtape`."""

from __future__ import annotations

import sys

from ui.cli.program import main

if __name__ == "__main__":  # worker processes that are spawned import this module again
    sys.exit(main())
