"""The HTTP session handed to yfinance: bounded in time, through the user's proxy and CA file, remembering answers.

yfinance hides what the service said (its rate-limit error carries no Retry-After, a 502 page becomes a JSON error),
so the session notes every answer to a data request; the feed reads the notes to tell the user what happened.
"""

from __future__ import annotations

import email.utils
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from core.feeds.base import FeedSettingsError, UnknownSymbolError

if TYPE_CHECKING:
    from collections.abc import Callable

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
UNKNOWN = "Yahoo knows no symbol '{}': check its spelling, or search by name"
_CHART = "/v8/finance/chart/"
_SEARCH = "/v1/finance/search"


@dataclass(frozen=True, slots=True)
class Limits:
    """Longest waits in seconds: `answer` for one request, `cookie` for one of its preliminaries, `call` for all."""

    answer: float = 10.0
    cookie: float = 5.0
    call: float = 30.0


@dataclass(slots=True)
class Answer:
    """What the service said to one data request."""

    symbol: str  # "" for a search
    status: int
    kind: str  # content type
    text: str
    retry_after: int | None  # ms


@dataclass(slots=True)
class Wire:
    """Settings and notes of the session. One thread uses it at a time (the feed holds a lock)."""

    limits: Limits = field(default_factory=Limits)
    deadline: float = 0.0
    answers: list[Answer] = field(default_factory=list[Answer])

    def begin(self, limits: Limits) -> None:
        """Start the clock of one call and forget earlier answers."""
        self.limits = limits
        self.deadline = time.monotonic() + self.limits.call
        self.answers.clear()


def make_session(wire: Wire) -> Any:
    """Return a curl_cffi session as yfinance makes it, that keeps `wire`'s limits and fills its notes."""
    from curl_cffi import CurlECode, requests  # noqa: PLC0415  heavy: only where prices are fetched

    class Session(requests.Session):  # pyright: ignore[reportMissingTypeArgument]  generic in its response only
        def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
            path = unquote(urlsplit(url).path)
            data = path.startswith((_CHART, _SEARCH))
            left = wire.deadline - time.monotonic()
            if left <= 0:
                raise requests.exceptions.Timeout("out of time for this call", CurlECode.OPERATION_TIMEDOUT)
            wanted = kwargs.get("timeout")
            limit = wire.limits.answer if data else wire.limits.cookie
            asked = float(wanted) if isinstance(wanted, int | float) and wanted > 0 else limit
            kwargs["timeout"] = max(0.001, min(limit, asked, left))
            send = cast("Callable[..., Any]", super().request)  # pyright: ignore[reportUnknownMemberType]
            response = send(method, url, *args, **kwargs)
            if data:
                self._note(path, response)
            return response

        def _note(self, path: str, response: Any) -> None:
            headers = response.headers
            status = int(response.status_code)
            kind = str(headers.get("content-type") or "")
            wish = retry_after(headers.get("retry-after"), headers.get("date"))
            symbol = path.removeprefix(_CHART) if path.startswith(_CHART) else ""
            wire.answers.append(Answer(symbol, status, kind, str(response.text), wish))
            if status == 404 and path.startswith(_CHART) and "json" in kind:
                # Final: yfinance would go on to ask four more addresses about a symbol that does not exist.
                raise UnknownSymbolError(UNKNOWN.format(symbol))

    return Session(impersonate="chrome")


def retry_after(value: str | None, date: str | None = None) -> int | None:
    """Read a Retry-After header (seconds, or an HTTP date measured from the answer's own Date) as ms, else None."""
    if not value:
        return None
    if value.strip().isdecimal():
        return int(value) * 1000
    try:
        then = email.utils.parsedate_to_datetime(value)
        start = email.utils.parsedate_to_datetime(date) if date else None
        wait = then.timestamp() - (start.timestamp() if start else time.time())
    except ValueError:
        return None
    return max(0, round(wait * 1000))


def check_proxy(proxy: str) -> str:
    """Return a proxy's address as curl reads it; raises FeedSettingsError where it is none."""
    text = proxy.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in text):
        raise FeedSettingsError(
            f"The proxy '{shown_proxy(text)}' is no address such as http://host:3128 or socks5://host:1080: "
            "correct it in the settings or with --proxy."
        )
    return text


def shown_proxy(proxy: str) -> str:
    """Return a proxy's address without the user name and password it may hold."""
    head, at, tail = proxy.rpartition("@")
    return f"{head.partition('://')[0]}://{tail}" if at and "://" in head else tail or proxy


def check_ca_file(path: Path | str) -> str:
    """Return the path of a file of trusted certificates (PEM); raises FeedSettingsError where it cannot serve."""
    import ssl  # noqa: PLC0415  only where a CA file is set

    name = str(Path(path).expanduser())
    cure = "name a PEM file of trusted certificates in the settings or with --ca-file."
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(name)
    except ssl.SSLError:
        raise FeedSettingsError(f"The CA file {name} holds no certificate: {cure}") from None
    except OSError as e:
        why = "does not exist" if isinstance(e, FileNotFoundError) else f"cannot be read ({e.strerror})"
        raise FeedSettingsError(f"The CA file {name} {why}: {cure}") from None
    return name
