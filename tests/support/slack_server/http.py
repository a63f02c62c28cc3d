"""The server: Slack's Web API, its files, its socket, and news pages to be linked to."""

from __future__ import annotations

import itertools
import json
import socketserver
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.support.slack_server.blocks import alive
from tests.support.slack_server.faults import Faults
from tests.support.slack_server.websocket import Socket, accepted
from tests.support.slack_server.world import BOT_TOKEN, Json, Refused, World

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API, as it came."""

    method: str
    arguments: Json
    status: int


class SlackServer:
    """A workspace with a Web API and a socket, to be used as a context manager."""

    def __init__(self) -> None:
        self.world = World()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.pages: dict[str, bytes] = {}
        self.sockets: list[Socket] = []
        self.connected = threading.Event()
        self.acks: dict[str, tuple[float, Json]] = {}
        self._acked = threading.Condition()
        self._numbers = itertools.count(1)
        self._listener = _Listener(self)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,))
        self.world.base = f"http://127.0.0.1:{self._listener.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        if error is None:
            assert not self.world.refused, self.world.refused

    @property
    def url(self) -> str:
        """The address of its Web API."""
        return f"{self.world.base}/api/"

    def page(self, name: str, text: str) -> str:
        """Publish an article of the outlet of that name, and return its address."""
        body = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        site = f'<meta property="og:site_name" content="{name}"><title>{name}</title>'
        html = f"<html><head>{site}</head><body><article>{body}</article></body></html>"
        self.pages[f"/news/{name}"] = html.encode()
        return f"{self.world.base}/news/{name}"

    def answers(self, channel: str | None = None) -> list[Json]:
        """Return the answers that were posted, those to comparisons and all others."""
        with self.world.guard:
            return [
                each
                for each in self.world.messages
                if str(key_of(each)).endswith(":answer") and channel in (None, each["channel"])
            ]

    def wait(self, count: int, seconds: float = SECONDS) -> list[Json]:
        """Return the answers as soon as there are so many."""
        end = time.monotonic() + seconds
        while len(found := self.answers()) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} answers after {seconds} s")
            time.sleep(0.02)
        return found

    def wait_for(self, found: Any, seconds: float = SECONDS) -> Any:
        """Return what a function finds as soon as it finds something."""
        end = time.monotonic() + seconds
        while not (result := found()):
            if time.monotonic() > end:
                raise AssertionError("it did not come")
            time.sleep(0.02)
        return result

    def deliver(
        self, kind: str, payload: Json, *, again: int = 0, seconds: float = 3.0
    ) -> float | None:
        """Send a delivery through the socket; return the seconds to its ack, None without one."""
        envelope = f"envelope-{next(self._numbers)}"
        message = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **({"retry_attempt": again, "retry_reason": "timeout"} if again else {}),
        }
        began = time.monotonic()
        try:
            self.sockets[-1].send(json.dumps(message))
        except (OSError, ValueError):
            return None
        with self._acked:
            self._acked.wait_for(lambda: envelope in self.acks, seconds)
        return self.acks[envelope][0] - began if envelope in self.acks else None

    def acknowledge(self, told: Json) -> None:
        """Take note of an ack."""
        with self._acked:
            self.acks[told["envelope_id"]] = (time.monotonic(), told)
            self._acked.notify_all()

    def alive(self) -> list[str]:
        """Return all mentions and links in what the bot has posted."""
        return [found for each in self.world.messages if "bot_id" in each for found in alive(each)]


def key_of(message: Json) -> str | None:
    """Return the key that a message carries."""
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key")


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, owner: SlackServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may hang up, and are killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        owner, path = self.server.owner, self.path.partition("?")[0]
        if path == "/socket":
            self._socket()
        elif path.startswith("/files/"):
            shown = self.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
            kept = owner.world.files.get(path.removeprefix("/files/"))
            self._send(200 if shown and kept else 302, kept["content"] if shown and kept else b"")
        elif path in owner.pages:
            self._send(200, owner.pages[path], "text/html; charset=utf-8")
        elif path.startswith("/api/"):
            self._api(dict(parse_qsl(self.path.partition("?")[2])))
        else:
            self._send(404, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/upload/"):
            kept = self.server.owner.world.files[self.path.removeprefix("/upload/")]
            kept["content"] = body
            self._send(200, b"OK")
            return
        if self.path.startswith("/response/"):
            self.server.owner.world.statuses.append(json.loads(body)["text"])
            self._send(200, b"ok")
            return
        self._api(self._arguments(body))

    def _arguments(self, body: bytes) -> Json:
        if "json" in self.headers.get("Content-Type", ""):
            found: Json = json.loads(body or b"{}")
            return found
        fields: Json = dict(parse_qsl(body.decode()))
        for name in ("blocks", "metadata"):
            if name in fields:
                fields[name] = json.loads(fields[name])
        return fields

    def _api(self, arguments: Json) -> None:
        owner = self.server.owner
        method = self.path.partition("?")[0].removeprefix("/api/")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = owner.faults.next(method)
        answer: Json = {"ok": False, "error": fault.error if fault else ""}
        if fault is None or fault.done:
            try:
                answer = {"ok": True, **owner.world.call(method, token, arguments)}
            except Refused as error:
                answer = {"ok": False, "error": str(error)}
        status = fault.status if fault else 200
        if fault and fault.status == 200:
            answer = {"ok": False, "error": fault.error}
        owner.calls.append(Call(method, arguments, status))
        headers = {"x-oauth-scopes": owner.world.scopes}
        if fault and fault.status != 200:
            headers["Retry-After"] = str(fault.retry_after)
            answer = {"ok": False, "error": "ratelimited" if status == 429 else "internal_error"}
        if status == 502:  # as a proxy before Slack does it
            self._send(status, b"<html>Bad gateway</html>", "text/html", headers)
            return
        self._send(status, json.dumps(answer).encode(), "application/json", headers)

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _socket(self) -> None:
        owner = self.server.owner
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accepted(self.headers["Sec-WebSocket-Key"]))
        self.end_headers()
        self.close_connection = True
        socket = Socket(self.rfile, self.wfile)  # type: ignore[arg-type]
        socket.send(json.dumps({"type": "hello", "num_connections": 1}))
        owner.sockets.append(socket)
        owner.connected.set()
        try:
            while (text := socket.receive()) is not None:
                owner.acknowledge(json.loads(text))
        except OSError:
            pass
        finally:
            owner.sockets.remove(socket)
            if not owner.sockets:
                owner.connected.clear()
