"""A Yahoo on this machine: a proxy that accepts CONNECT, ends TLS with a certificate of its own, and answers.

It replays recorded chart answers, computes others in Yahoo's form from rows a test gives, and can misbehave in every
way Yahoo and networks do. yfinance itself, unpatched, talks to it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import email.utils
import ipaddress
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 86_400

HOSTS = ("fc.yahoo.com", "query1.finance.yahoo.com", "query2.finance.yahoo.com", "guce.yahoo.com", "consent.yahoo.com")


@dataclass
class Reply:
    """One answer; `cut` closes the connection in the middle of it, `delay` waits (s) before it."""

    status: int = 200
    body: str = ""
    kind: str = "application/json;charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    delay: float = 0.0


@dataclass
class Request:
    host: str
    path: str
    query: dict[str, str]

    @property
    def symbol(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def span(self) -> tuple[int, int] | None:
        """Start and end asked for (s), None for yfinance's question of the zone."""
        return (int(self.query["period1"]), int(self.query["period2"])) if "period1" in self.query else None


@dataclass
class Market:
    """A symbol in Yahoo's form: rows of (stamp s, open, high, low, close, adjusted close, volume), None for null."""

    symbol: str
    zone: str
    rows: list[tuple[Any, ...]]
    granularity: str = "1d"
    currency: str = "USD"
    name: str = "Test Company"
    market_time: int | None = None
    hours: tuple[int, int] = (34_200, 57_600)  # open and close of the regular session, s after local midnight
    splits: list[tuple[int, int, int]] = field(default_factory=list)  # (stamp, numerator, denominator)
    dividends: list[tuple[int, float]] = field(default_factory=list)  # (stamp, amount)
    ends_with_quote: bool = False  # the last row comes whatever the end asked for, as Yahoo's live quote does

    def chart(self, start: int, end: int) -> dict[str, Any]:
        rows = [r for r in self.rows if start <= r[0] < end]
        if self.ends_with_quote and self.rows[-1] not in rows and start <= self.rows[-1][0]:
            rows.append(self.rows[-1])
        meta: dict[str, Any] = {
            "currency": self.currency, "symbol": self.symbol, "exchangeName": "TST", "instrumentType": "EQUITY",
            "firstTradeDate": self.rows[0][0] if self.rows else 0, "gmtoffset": 0, "timezone": "T",
            "exchangeTimezoneName": self.zone, "longName": self.name, "priceHint": 2,
            "currentTradingPeriod": {n: self._period(rows[-1][0] if rows else end) for n in ("pre", "regular", "post")},
            "dataGranularity": self.granularity, "range": "", "validRanges": ["1d", "5d", "1mo", "max"],
        }  # fmt: skip
        if self.market_time is not None:
            meta["regularMarketTime"] = self.market_time
        if self.granularity != "1d":
            days = sorted(
                {self._period(r[0])["start"]: self._period(r[0]) for r in rows}.values(), key=lambda p: p["start"]
            )
            meta["tradingPeriods"] = [[p] for p in days]
        columns = list(zip(*rows, strict=True)) if rows else [()] * 7
        names = ("open", "high", "low", "close")
        indicators: dict[str, Any] = {"quote": [{n: list(c) for n, c in zip(names, columns[1:5], strict=True)}]}
        indicators["quote"][0]["volume"] = list(columns[6])
        if self.granularity == "1d":
            indicators["adjclose"] = [{"adjclose": list(columns[5])}]
        result: dict[str, Any] = {"meta": meta, "timestamp": list(columns[0]), "indicators": indicators}
        if not rows:
            del result["timestamp"]
            result["indicators"] = {"quote": [{}], "adjclose": [{}]}
        events: dict[str, Any] = {}
        dividends = [(t, a) for t, a in self.dividends if start <= t < end]
        splits = [s for s in self.splits if start <= s[0] < end]
        if dividends:
            events["dividends"] = {str(t): {"amount": a, "date": t} for t, a in dividends}
        if splits:
            events["splits"] = {
                str(t): {"date": t, "numerator": n, "denominator": d, "splitRatio": f"{n}:{d}"} for t, n, d in splits
            }
        if events:
            result["events"] = events
        return {"chart": {"result": [result], "error": None}}

    def _period(self, stamp: int) -> dict[str, Any]:
        local = dt.datetime.fromtimestamp(stamp, ZoneInfo(self.zone))
        midnight = int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
        return {"timezone": "T", "start": midnight + self.hours[0], "end": midnight + self.hours[1], "gmtoffset": 0}


def stamp(zone: str, *when: int) -> int:
    """Seconds since 1970 of a local date and time."""
    return int(dt.datetime(*when, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[arg-type]


def daily(symbol: str, zone: str, first: dt.date, last: dt.date, open_at: tuple[int, int] = (9, 30)) -> Market:
    """A market with a row each weekday, stamped at the open, whose prices tell the date: open = days since 1970."""
    rows: list[tuple[Any, ...]] = []
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        if day.weekday() < 5:
            price = float((day - dt.date(1970, 1, 1)).days)
            rows.append(
                (
                    stamp(zone, day.year, day.month, day.day, *open_at),
                    price,
                    price + 2,
                    price - 2,
                    price + 1,
                    price + 1,
                    1000,
                )
            )
    return Market(symbol, zone, rows)


def intraday(
    symbol: str, zone: str, granularity: str, stamps: list[int], hours: tuple[int, int] = (34_200, 57_600)
) -> Market:
    """A market with a row at each stamp (s), whose open is the row's number from 100."""
    rows = [(t, 100.0 + n, 102.0 + n, 98.0 + n, 101.0 + n, None, 10) for n, t in enumerate(stamps)]
    return Market(symbol, zone, rows, granularity, hours=hours)


def error(status: int, code: str, description: str) -> Reply:
    """An error in Yahoo's own form."""
    body = {"chart": {"result": None, "error": {"code": code, "description": description}}}
    return Reply(status, json.dumps(body))


TOO_MANY = Reply(429, "Edge: Too Many Requests", "text/plain")
NOT_FOUND = error(404, "Not Found", "No data found, symbol may be delisted")
HTML = Reply(200, "<!DOCTYPE html><html><body>Yahoo</body></html>", "text/html")
MARK = "loopback"


class LoopbackYahoo:
    """The server. `requests` are the data requests seen, `answers` what to say: by symbol, or to all by `always`."""

    def __init__(self, folder: Path) -> None:
        self.markets: dict[tuple[str, str], Market] = {}
        self.bodies: dict[str, str] = {}  # symbol -> recorded answer, given whatever span is asked for
        self.always: Reply | Callable[[Request], Reply | None] | None = None
        self.crumb: Reply = Reply(200, MARK, "text/plain")
        self.cookie_expires = True
        self.found: list[dict[str, Any]] = []
        self.refuse_connect = ""
        self.requests: list[Request] = []
        self.others: list[Request] = []  # cookies and crumbs
        self.ca_file = folder / "ca.pem"
        self._context = _certificates(folder, self.ca_file)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def reset(self) -> None:
        """Forget everything that a test set or saw."""
        self.markets.clear()
        self.bodies.clear()
        self.found.clear()
        self.requests.clear()
        self.others.clear()
        self.always, self.refuse_connect, self.cookie_expires = None, "", True
        self.crumb = Reply(200, MARK, "text/plain")

    def refuse(self, status: str) -> None:
        """Answer CONNECT with this status from now on, and hang up on whoever is connected."""
        self.refuse_connect = status
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def add(self, market: Market) -> Market:
        self.markets[market.symbol, market.granularity] = market
        return market

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The spans (s) that prices were asked for, in order."""
        return [r.span for r in self.requests if r.span is not None]

    def close(self) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread that accepts
        self._server.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        self._open.add(connection)
        stream: socket.socket = connection
        try:
            line = _head(connection)[0]
            host = line.split()[1].rpartition(":")[0]
            if self.refuse_connect:
                connection.sendall(f"HTTP/1.1 {self.refuse_connect}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            stream = self._context.wrap_socket(connection, server_side=True)
            self._open.add(stream)  # wrapping takes the connection out of its own object
            while self._exchange(stream, host):
                pass
        except (OSError, EOFError, ValueError):
            pass  # the client hung up: some tests make it
        finally:
            self._open -= {connection, stream}
            for s in (stream, connection):
                with contextlib.suppress(OSError):
                    s.close()

    def _exchange(self, stream: socket.socket, host: str) -> bool:
        lines = _head(stream)
        target = urlsplit(lines[0].split()[1])
        length = next((int(h.split(":")[1]) for h in lines if h.lower().startswith("content-length:")), 0)
        while length > 0:
            length -= len(stream.recv(length))
        request = Request(host, unquote(target.path), {k: v[0] for k, v in parse_qs(target.query).items()})
        reply = self._answer(request)
        if reply.delay:
            self._closing.wait(reply.delay)
        body = reply.body.encode()
        head = {
            "Content-Type": reply.kind, "Content-Length": str(len(body)),
            "Date": email.utils.formatdate(usegmt=True), "Connection": "keep-alive", **reply.headers,
        }  # fmt: skip
        status = f"{reply.status} {HTTPStatus(reply.status).phrase}" if reply.status != 999 else "999 Denied"
        text = f"HTTP/1.1 {status}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in head.items()) + "\r\n"
        if reply.cut:
            stream.sendall(text.encode() + body[: len(body) // 2])
            return False
        stream.sendall(text.encode() + body)
        return True

    def _answer(self, request: Request) -> Reply:
        if request.host == "fc.yahoo.com":
            self.others.append(request)
            expires = email.utils.formatdate(time.time() + 300 * DAY, usegmt=True)
            when = f" Expires={expires};" if self.cookie_expires else ""
            cookie = f"A3=d={MARK};{when} Domain=.yahoo.com; Path=/; Secure"
            return Reply(404, "not here", "text/html", {"Set-Cookie": cookie})
        if request.path == "/v1/test/getcrumb":
            self.others.append(request)
            return self.crumb
        if not request.path.startswith(("/v8/finance/chart/", "/v1/finance/search")):
            self.others.append(request)
            return Reply(404, "<html>not here</html>", "text/html")
        self.requests.append(request)
        reply = self.always(request) if callable(self.always) else self.always
        if reply is not None:
            return reply
        if request.path == "/v1/finance/search":
            return Reply(200, json.dumps({"quotes": self.found, "news": []}))
        return self._chart(request)

    def _chart(self, request: Request) -> Reply:
        if request.symbol in self.bodies:
            return Reply(200, self.bodies[request.symbol])
        wanted = request.query.get("interval", "1d")
        market = self.markets.get((request.symbol, wanted))
        if market is None:
            known = [m for (s, _), m in self.markets.items() if s == request.symbol]
            if not known:
                return NOT_FOUND
            market = dataclasses.replace(known[0], rows=[], granularity=wanted)
        return Reply(200, json.dumps(market.chart(*(request.span or (0, 4_000_000_000)))))


def _head(stream: socket.socket) -> list[str]:
    """Read one request's head, byte by byte so that nothing of what follows is taken."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            raise EOFError
        data += byte
    return data.decode("latin-1").split("\r\n")


def _certificates(folder: Path, ca_file: Path) -> ssl.SSLContext:
    """Make a root and a server certificate for Yahoo's hosts, good for a day, and return the server's context."""
    from cryptography import x509  # noqa: PLC0415  slow to import
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    now = dt.datetime.now(dt.UTC)

    def make(name: str, key: Any, issuer: str, signer: Any, *, ca: bool) -> Any:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not ca:
            names = [x509.DNSName(h) for h in HOSTS] + [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(signer, hashes.SHA256())

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = make("Loopback root", root_key, "Loopback root", root_key, ca=True)
    leaf = make("yahoo.com", key, "Loopback root", root_key, ca=False)
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(root.public_bytes(pem))
    chain = folder / "server.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context
