from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.charts.test_record import records
from ui.charts.arrangement import Arrangement
from ui.charts.links import LINKS
from ui.workspace import Workspace

shares = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)
workspaces = st.builds(
    Workspace,
    geometry=st.binary(max_size=50),
    docks=st.binary(max_size=50),
    sample=st.booleans(),
    charts=st.lists(records, min_size=1, max_size=4).map(tuple),
    arrangement=st.sampled_from(Arrangement).map(str),
    shares=shares,
    active=st.integers(0, 3),
    maximised=st.booleans(),
    links=st.lists(st.sampled_from(LINKS), unique=True).map(tuple),
    opened=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)).map(tuple),
)


@given(workspaces)
def test_that_a_workspace_comes_back_as_it_was(workspace: Workspace) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new" / "workspace.json"
        workspace.save(path)
        assert Workspace.load(path) == workspace


DAMAGED = (
    "", "{", "[]", "7", '{"span": [1]}', '{"geometry": 3}', '{"span": "ab"}', '{"charts": [7]}', '{"charts": "ab"}',
    '{"charts": [{"span": [1]}]}', '{"shares": [1]}', '{"active": "x"}', '{"links": 3}',
)  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED)
def test_that_a_damaged_file_is_a_fresh_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "workspace.json"
    path.write_text(text, encoding="utf-8")
    assert Workspace.load(path) == Workspace()


def test_that_a_disk_that_says_no_does_not_raise(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    Workspace().save(tmp_path / "file" / "workspace.json")
