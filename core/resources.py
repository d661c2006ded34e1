"""Where the files that come with the program lie: themes, icons, translations, the sample."""

from __future__ import annotations

from pathlib import Path

from core.errors import CrowdtapeError

# `resources` stands beside `core` in a checkout, in an installed wheel and in a frozen bundle alike.
_ROOT = Path(__file__).resolve().parent.parent / "resources"


def resource_path(name: str) -> Path:
    """Return the path of a shipped file or folder such as `themes/dark.json`.

    Raises CrowdtapeError where it is missing, for then the installation is incomplete.
    """
    path = _ROOT / name
    if not path.exists():
        raise CrowdtapeError(f"The program's own file {name} is missing; please install Crowdtape again.")
    return path
