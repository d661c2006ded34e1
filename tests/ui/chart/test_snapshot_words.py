from __future__ import annotations

from typing import TYPE_CHECKING

from ui.chart.snapshot_spec import SnapshotSpec
from ui.chart.snapshot_words import describe, footer_lines

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = SnapshotSpec(width=800, height=600, made=1_737_000_000_000)


def test_that_simulated_data_is_marked_everywhere(tapes: Callable, lay: Callable) -> None:
    shown = lay(tapes(simulated=True))
    assert footer_lines(shown, SPEC)[0].startswith("SIMULATED")
    facts = describe(shown, SPEC)
    assert facts["Simulated"] == "SIMULATED"
    assert "SIMULATED" in facts["Description"]
    assert "Simulated" not in describe(lay(tapes()), SPEC)
