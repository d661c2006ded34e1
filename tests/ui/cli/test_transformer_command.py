"""`crowdtape transformer`: naming a folder, saying which one is in use, and letting go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.cli.conftest import Result

    Cli = Callable[..., Result]


def test_that_no_transformer_is_in_use_until_one_is_named(cli: Cli) -> None:
    assert cli("transformer", "status").out.strip() == "no transformer is in use"
    assert cli("transformer", "status", "--json").json == {"folder": None}


def test_that_a_folder_without_a_model_is_refused_and_none_is_in_use(cli: Cli, tmp_path: Path) -> None:
    refused = cli("transformer", "use", str(tmp_path))
    assert refused.code != 0
    assert len(refused.err.strip().splitlines()) == 1
    assert cli("transformer", "status", "--json").json == {"folder": None}
    assert cli("transformer", "off").code == 0
