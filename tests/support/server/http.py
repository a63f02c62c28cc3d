"""The server: HTTP/1.1 on the loopback, many requests at once, and closed without a trace."""

from __future__ import annotations

import select
import socket
import socketserver
import sys
import threading
import time
import traceback
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.server.answers import Model
from tests.support.server.asked import Asked
from tests.support.server.batches import Batches
from tests.support.server.desk import Desk, Manner, Sending
from tests.support.server.faults import Fault
from tests.support.server.kinds import Kind, Kinds
from tests.support.server.model import RuleModel
from tests.support.server.orders import Order, Trouble

GLANCE = 0.02
"""Seconds between looks at whether a client is still there, or the server is to stop."""

PIECES = 40
"""Pieces of an answer that trickles."""


@dataclass(slots=True)
class Received:
    """One request, as it came.

    ``stage`` is the name of the schema it asks for ("reading", "alignment", "findings", …),
    "decisions", or "". ``headers`` have names in lower case. ``status`` is 0 and ``at_end``
    None until the answer goes out; the times are ``time.monotonic`` seconds.
    """

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    stage: str
    status: int
    at_start: float
    at_end: float | None


class ModelServer:
    """A server with a model, to be used as a context manager.

    It serves GET /v1/models and POST /v1/responses, /v1/chat/completions and /v1/decisions.
    Whoever leaves the context learns there of a mistake in the server itself.

    Args:
        model: Who knows the answers.
        delay: Seconds before each answer to a POST.
        names: The models there are, by name; all of them are ``model``.
        apis: Which of "responses", "chat" and "decisions" there are; 404 at the others.
        enforces: Which of them hold the model to a schema. The others take it, and ignore it.
        key: The key to be shown; any, or none, where it is None.
        context: The most tokens of a prompt, if there is a limit.
        kinds: How it differs from OpenAI's; see ``tests.support.server.kinds``.
        port: Where to listen; 0 for any free port.
        batches: Its files and batches, if it has any.
    """

    def __init__(
        self,
        model: Model | None = None,
        *,
        delay: float = 0.0,
        names: Sequence[str] = ("rule-1",),
        apis: Collection[str] = frozenset({"responses", "chat", "decisions"}),
        enforces: Collection[str] = frozenset({"responses", "chat"}),
        key: str | None = None,
        context: int | None = None,
        kinds: Sequence[Kind] = (),
        port: int = 0,
        batches: Batches | None = None,
    ) -> None:
        self.delay = delay
        self.batches = batches
        self.stopping = threading.Event()
        self.desk = Desk(
            model=model if model is not None else RuleModel(),
            names=tuple(names),
            apis=frozenset(apis),
            enforces=frozenset(enforces),
            key=key,
            context=context,
            kinds=Kinds(tuple(kinds)),
        )
        self._received: list[Received] = []
        self._mistakes: list[str] = []
        self._lock = threading.Lock()
        self._listener = _Listener(self, port)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(GLANCE,), name="model-server"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        if self._mistakes and error is None:
            raise AssertionError(f"the test server itself failed:\n{self._mistakes[0]}")

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(self._listener.server_address[1])

    @property
    def url(self) -> str:
        """Its address, as a client's base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def requests(self) -> list[Received]:
        """All requests so far, in the order they came; those to /v1/models, too."""
        with self._lock:
            return list(self._received)

    def count(self, *, stage: str | None = None, path: str = "") -> int:
        """Return how many requests came, of a stage or to a path (or the end of one)."""
        return sum(
            stage in {None, received.stage} and received.path.endswith(path)
            for received in self.requests
        )

    def reset(self) -> None:
        """Forget all requests, orders and cached prompts."""
        self.desk.orders.clear()
        self.desk.prefixes.forget()
        with self._lock:
            self._received.clear()

    def order(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        stage: str | None = None,
        path: str | None = None,
        after: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Let answers go wrong: the next ones of those that the fault can happen to.

        Args:
            fault: What goes wrong.
            times: How many answers; None for all of them.
            stage: Only answers of this stage: "reading", "findings", "probe", …
            path: Only answers at this path, or one that ends like this. Those of /v1/models go
                wrong only where it is named.
            after: How many of these answers go well before.
            seconds: See ``Fault``.
        """
        trouble = Trouble(fault, seconds)
        self.desk.orders.add(Order(trouble, times, stage, path, after))

    def order_at_random(
        self,
        faults: Sequence[Fault],
        share: float,
        seed: int,
        *,
        stages: Collection[str] | None = None,
    ) -> None:
        """Let a share of all answers go wrong, all of them or those of some stages.

        The lot falls by the seed, the prompt and how often it came, so that runs repeat.
        """
        self.desk.orders.draw(faults, share, seed, stages)

    def receive(self, received: Received) -> None:
        """Take note of a request."""
        with self._lock:
            self._received.append(received)

    def mistaken(self, told: str) -> None:
        """Take note of a mistake in the server itself."""
        with self._lock:
            self._mistakes.append(told)


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 128

    def __init__(self, owner: ModelServer, port: int) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # Not the one of HTTPServer, which asks for this machine's name: that may take seconds.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # clients may hang up
            self.owner.mistaken(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        owner = self.server.owner
        path = self.path.partition("?")[0].rstrip("/")
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = self._content(headers)
        if owner.batches and path.startswith(("/v1/files", "/v1/batches")):
            self._serve_batches(owner.batches, path, headers, sent)
            return
        body, asked = owner.desk.read(self.command, path, sent)
        stage = asked.stage if isinstance(asked, Asked) else ""
        received = Received(path, body, headers, stage, 0, time.monotonic(), None)
        owner.receive(received)
        if self.command == "POST" and owner.delay:
            owner.stopping.wait(owner.delay)
        sending = owner.desk.answer(self.command, path, headers, asked)
        if sending.manner is Manner.NEVER:
            self._hold(sending.seconds)
            received.at_end = time.monotonic()
            return
        # Before it goes out, so that whoever has the answer finds it written down.
        received.status, received.at_end = sending.status, time.monotonic()
        self._send(sending)

    def _content(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(headers.get("content-length", "0")))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _serve_batches(
        self, batches: Batches, path: str, headers: dict[str, str], sent: bytes
    ) -> None:
        owner = self.server.owner
        sending = batches.serve(owner.desk, self.command, self.path, headers, sent)
        # What goes wrong does so when the work is done: the client does not know that it is.
        trouble = owner.desk.orders.next(path, "", "")
        sending = owner.desk.gone_wrong(sending, trouble) if trouble else sending
        now = time.monotonic()
        owner.receive(Received(path, {}, headers, "", sending.status, now, now))
        if sending.manner is Manner.NEVER:
            self._hold(sending.seconds)
            return
        self._send(sending)

    def _hold(self, seconds: float | None) -> None:
        """Wait until the client hangs up, the time is over, or the server is to stop."""
        self.close_connection = True
        end = time.monotonic() + seconds if seconds is not None else None
        while end is None or time.monotonic() < end:
            if self.server.owner.stopping.wait(GLANCE) or self._is_alone():
                return

    def _is_alone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _send(self, sending: Sending) -> None:
        body, pause, step = sending.body, 0.0, len(sending.body)
        self.send_response(sending.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in sending.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if sending.manner is Manner.CUT:
            self.close_connection = True
            body = body[: len(body) // 2]
        elif sending.manner is Manner.TRICKLE:
            step, pause = max(1, len(body) // PIECES), (sending.seconds or 0.0) / PIECES
        for start in range(0, len(body), max(1, step)):
            if start and self.server.owner.stopping.wait(pause):
                self.close_connection = True
                return
            self.wfile.write(body[start : start + step])
