from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.workspace import Workspace

workspaces = st.builds(
    Workspace,
    geometry=st.binary(max_size=50),
    docks=st.binary(max_size=50),
    subject=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    range=st.sampled_from(["", "1D", "Max"]),
    span=st.none() | st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)),
    opened=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)).map(tuple),
)


@given(workspaces)
def test_that_a_workspace_comes_back_as_it_was(workspace: Workspace) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new" / "workspace.json"
        workspace.save(path)
        assert Workspace.load(path) == workspace


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"span": [1]}', '{"geometry": 3}', '{"span": "ab"}'])
def test_that_a_damaged_file_is_a_fresh_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "workspace.json"
    path.write_text(text, encoding="utf-8")
    assert Workspace.load(path) == Workspace()


def test_that_a_disk_that_says_no_does_not_raise(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    Workspace().save(tmp_path / "file" / "workspace.json")
