"""Yahoo's stream on this machine: takes subscriptions and sends prices, packed as Yahoo packs them, or misbehaves."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import threading
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

if TYPE_CHECKING:
    from websockets.http11 import Request, Response
    from websockets.sync.server import ServerConnection


def packed(**fields: Any) -> str:
    """Return a price as Yahoo sends it: a protobuf in base64 in JSON."""
    from yfinance.pricing_pb2 import PricingData  # noqa: PLC0415  seconds

    made = PricingData(**fields).SerializeToString()  # pyright: ignore[reportAttributeAccessIssue]  made at run time
    return json.dumps({"type": "pricing", "message": base64.b64encode(made).decode()})


class LoopbackStream:
    """A server whose connections end up in `connections`; what they were told stands in `heard`."""

    def __init__(self) -> None:
        self.status: list[int] = []  # answers to the next handshakes, in place of 101
        self.heard: list[dict[str, list[str]]] = []
        self.connections: list[ServerConnection] = []
        self.changed = threading.Condition()
        self._server = serve(self._talk, "127.0.0.1", 0, process_request=self._refuse, close_timeout=0.2)
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def send(self, *messages: str | bytes) -> None:
        """Send to the newest connection."""
        for message in messages:
            self.connections[-1].send(message)

    def cut(self) -> None:
        """Close the newest connection's socket under both ends."""
        with contextlib.suppress(OSError):
            self.connections[-1].socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for connection in self.connections:
            with contextlib.suppress(Exception):
                connection.close()
        self._server.shutdown()
        self._thread.join()

    def wait_for(self, what: Any) -> None:
        """Wait until `what()` holds."""
        with self.changed:
            assert self.changed.wait_for(what, 10)

    def _refuse(self, connection: ServerConnection, _request: Request) -> Response | None:
        return connection.respond(self.status.pop(0), "no") if self.status else None

    def _talk(self, connection: ServerConnection) -> None:
        with self.changed:
            self.connections.append(connection)
            self.changed.notify_all()
        with contextlib.suppress(ConnectionClosed):
            for message in connection:
                with self.changed:
                    self.heard.append(json.loads(message))
                    self.changed.notify_all()


class SilentStream:
    """Takes one connection, shakes hands and never says anything again, not even an answer to a ping."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.taken = 0
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _ = self._listener.accept()
                self._open.append(one)
                asked = one.recv(4096).decode()
                key = next(line.split(": ")[1] for line in asked.split("\r\n") if line.startswith("Sec-WebSocket-Key"))
                magic = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                accept = base64.b64encode(hashlib.sha1(magic.encode(), usedforsecurity=False).digest()).decode()
                one.sendall(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
                )
                self.taken += 1
