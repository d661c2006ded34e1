"""The command line: everything the window imports or shows, without a window. `main` is the console script."""

from __future__ import annotations

from ui.cli.program import main

__all__ = ["main"]
