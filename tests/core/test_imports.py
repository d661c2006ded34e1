"""core reaches no Qt: whatever it computes can be computed without a screen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# In a process of its own, where nothing has imported Qt before. A module that cannot be imported fails too.
CHECK = """
import importlib, pathlib, sys

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root))
FORBIDDEN = {"PySide6", "shiboken6", "pyqtgraph", "ui"}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise SystemExit(f"core imports {name}")

sys.meta_path.insert(0, Refuse())
count = 0
for file in sorted(root.glob("core/**/*.py")):
    parts = file.relative_to(root).with_suffix("").parts
    module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    assert pathlib.Path(module.__file__).resolve() == file.resolve(), module.__file__
    count += 1
loaded = FORBIDDEN.intersection(name.partition(".")[0] for name in sys.modules)
print(count) if not loaded else sys.exit(f"core loads {sorted(loaded)}")
"""


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHECK, str(root)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_that_core_does_not_import_qt_later_inside_a_function_either() -> None:
    statement = re.compile(r"^\s*(from|import) +(PySide6|shiboken6|pyqtgraph|ui)\b", re.MULTILINE)
    found = [str(file) for file in ROOT.glob("core/**/*.py") if statement.search(file.read_text(encoding="utf-8"))]
    assert found == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of core in which something may be planted."""
    shutil.copytree(ROOT / "core", tmp_path / "core", ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / "resources").is_dir():
        (tmp_path / "resources").symlink_to(ROOT / "resources")
    return tmp_path


def test_that_no_module_of_core_reaches_qt() -> None:
    done = check(ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(list(ROOT.glob("core/**/*.py")))


@pytest.mark.parametrize(
    "planted",
    [
        "from PySide6.QtCore import QObject",
        "import pyqtgraph",
        "import ui",
        "try:\n    import shiboken6\nexcept ImportError:\n    shiboken6 = None",
    ],
)
def test_that_a_planted_import_is_found(copy: Path, planted: str) -> None:
    module = copy / "core" / "model.py"
    text = module.read_text(encoding="utf-8").replace("import enum\n", f"import enum\n{planted}\n", 1)
    module.write_text(text, encoding="utf-8")
    done = check(copy)
    assert done.returncode != 0
    assert "core imports" in done.stderr
