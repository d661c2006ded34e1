"""The modules of `packaging/` (a folder of scripts, no package), and a made-up checkout they can be tried on."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[2] / "packaging"
MODULES = ("commands", "dev", "environment", "failures", "machine")


class Tools:
    """The scripts as modules."""

    def __init__(self) -> None:
        sys.path.insert(0, str(SCRIPTS))
        try:
            modules = {name: importlib.import_module(name) for name in MODULES}
        finally:
            sys.path.remove(str(SCRIPTS))
        self.commands: ModuleType = modules["commands"]
        self.dev: ModuleType = modules["dev"]
        self.environment: ModuleType = modules["environment"]
        self.failures: ModuleType = modules["failures"]
        self.machine: ModuleType = modules["machine"]


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with our scripts, a lock and a project file, and nothing else."""
    root = (tmp_path / "a checkout").resolve()
    (root / "packaging").mkdir(parents=True)
    for name in MODULES:
        shutil.copy(SCRIPTS / f"{name}.py", root / "packaging")
    (root / "packaging" / "requirements.lock").write_text("one==1 --hash=sha256:00\n")
    (root / "pyproject.toml").write_text("[project]\nname = 'crowdtape'\n")
    return root
