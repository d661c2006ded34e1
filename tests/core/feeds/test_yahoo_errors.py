from __future__ import annotations

import pytest

from core.feeds import Limits, OfflineError
from core.feeds.yahoo_errors import explained


class _CurlError(OSError):
    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


@pytest.mark.parametrize(
    ("code", "proxy", "says"),
    [
        (6, None, "this machine seems to be offline"),
        (7, None, "this machine seems to be offline"),
        (5, "http://u:secret@nowhere:1", "the proxy http://nowhere:1 refuses"),
        (7, "http://u:secret@nowhere:1", "the proxy http://nowhere:1 does not answer"),
    ],
)
def test_that_no_name_and_no_route_are_the_offline_state(code: int, proxy: str | None, says: str) -> None:
    # Told from curl's codes: to make curl look up a name would reach for the network.
    error = explained(_CurlError(code), [], proxy, Limits())
    assert isinstance(error, OfflineError)
    assert says in str(error)
