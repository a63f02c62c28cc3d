"""Slack's deliveries over HTTP, to stand behind a proxy that speaks TLS.

Tornado serves them, through Bolt's adapter for it: it has a deadline for all headers and for a
whole body, however slowly they trickle in, and no thread waits for a sender.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.tornado.handler import set_response, to_bolt_request
from slack_bolt.oauth import OAuthFlow
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"

BODY_BYTES = 1_000_000  # the largest delivery that is taken; Slack's are a few thousand bytes

WHOLE_SECONDS = 10.0
"""How long all headers of a request may take to arrive, and then its whole body. Slack's are
there in milliseconds, and Slack gives up after three seconds."""

CONNECTIONS = 100
"""Connections that are open at once. For one more, that which has been silent or slow for longest
is closed, so that whoever fills the house keeps nobody out."""

DISPATCHERS = 8  # threads that write deliveries down, each in milliseconds
PAGE_THREADS = 4  # threads for the pages of an installation, apart from those: they wait for Slack
log = logging.getLogger(__name__)


@contextmanager
def serve_http(app: App, flow: OAuthFlow | None, host: str, port: int) -> Iterator[int]:
    """Serve deliveries and an installation's pages for a ``with``, which is given the port.

    Bolt's app checks signatures. A port of 0 is any free one; an OSError says that there is none
    at the host. At the end nothing more is served, and what is being written down is waited for.
    """
    sockets = bind_sockets(port, address=host)
    deliveries = ThreadPoolExecutor(DISPATCHERS, "delivery")
    pages = ThreadPoolExecutor(PAGE_THREADS, "page")
    delivery = {"method": "POST", "answer": app.dispatch, "pool": deliveries}
    routes: list[Any] = [(HEALTH_PATH, _HealthHandler), (EVENTS_PATH, _BoltHandler, delivery)]
    if flow is not None:
        answers = {
            flow.install_path: flow.handle_installation,
            flow.redirect_uri_path: flow.handle_callback,
        }
        routes += [
            (path, _BoltHandler, {"method": "GET", "answer": answer, "pool": pages})
            for path, answer in answers.items()
        ]
    # No request is logged: an address may hold the code of an installation.
    application = Application(routes, log_function=lambda _: None)
    stopping, loop = asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        server = _BoundedServer(
            application,
            idle_connection_timeout=WHOLE_SECONDS,
            body_timeout=WHOLE_SECONDS,
            max_body_size=BODY_BYTES,
        )
        server.add_sockets(sockets)
        await stopping.wait()
        server.stop()
        await asyncio.to_thread(deliveries.shutdown)
        pages.shutdown(wait=False)
        await server.close_all_connections()

    def run_loop() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run_loop, name="http", daemon=True)
    thread.start()
    try:
        yield int(sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()


class _BoundedServer(HTTPServer):
    def initialize(self, *args: Any, **options: Any) -> None:
        super().initialize(*args, **options)
        # In the order in which they began to wait for a request, the longest wait first.
        self._waiting: dict[IOStream, None] = {}

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if len(self._waiting) >= CONNECTIONS:
            longest = next(iter(self._waiting))
            del self._waiting[longest]
            longest.close()
        self._waiting[stream] = None
        super().handle_stream(stream, address)

    def start_request(self, server_conn: Any, request_conn: Any) -> Any:
        if self._waiting.pop(server_conn.stream, self) is None:
            self._waiting[server_conn.stream] = None
        return super().start_request(server_conn, request_conn)

    def on_close(self, server_conn: Any) -> None:
        self._waiting.pop(server_conn.stream, None)
        super().on_close(server_conn)


class _QuietHandler(RequestHandler):
    """Says nothing of a request, neither to its sender nor to the log: it may hold secrets."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()

    def log_exception(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, HTTPError):
            log.error("a request failed: %s", type(error).__name__)


class _HealthHandler(_QuietHandler):
    def get(self) -> None:
        self.finish("ok")


class _BoltHandler(_QuietHandler):
    """Has a request answered by Bolt, in a thread."""

    def initialize(
        self, method: str, answer: Callable[[BoltRequest], BoltResponse], pool: Executor
    ) -> None:
        self._method, self._answer, self._pool = method, answer, pool

    async def get(self) -> None:
        if self.request.method != self._method:
            raise HTTPError(404)
        try:
            request = to_bolt_request(self.request)
        except (ValueError, RecursionError) as error:  # neither text, nor a form, nor JSON
            raise HTTPError(400) from error
        loop = asyncio.get_running_loop()
        set_response(self, await loop.run_in_executor(self._pool, self._answer, request))

    post = get
