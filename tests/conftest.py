"""What every test shares: no display, no network, and the folder of real data where there is one."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

_real_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}:
        return _real_connect(self, address)
    raise AssertionError(f"a test reached for the network: {address!r}")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any connection that leaves this machine."""
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture
def shared() -> Path:
    """Give the folder of real data, or skip the test and say so."""
    if not SHARED.is_dir():
        pytest.skip(f"the real data is not beside this checkout ({SHARED.name} folder absent)")
    return SHARED
