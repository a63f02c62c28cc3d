"""Slack's deliveries over HTTP, to stand behind a proxy that speaks TLS."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"

MOST_BYTES = 1_000_000
"""Of one delivery; Slack's are a few thousand."""

SECONDS = 10.0
"""How long a connection may be silent."""


class HttpFront:
    """Serves Slack's deliveries, and the pages of an installation.

    Args:
        app: Bolt's app; it checks the signatures.
        flow: The pages of an installation, if there are any.
        host: Where to listen.
        port: The same; 0 for any free port.
    """

    def __init__(self, app: App, flow: OAuthFlow | None, host: str, port: int) -> None:
        self._server = _Server((host, port), app, flow)
        self._thread = threading.Thread(target=self._server.serve_forever, name="http", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more, and wait for what is being served."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App, flow: OAuthFlow | None) -> None:
        self.app = app
        self.flow = flow
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # Not the one of HTTPServer, which asks for this machine's name: that may take seconds.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: an address may hold the code of an installation."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        flow = self.server.flow
        if path == HEALTH_PATH:
            self._send(BoltResponse(status=200, body="ok"))
        elif flow is not None and path == flow.install_path:
            self._send(flow.handle_installation(self._request("", query)))
        elif flow is not None and path == flow.redirect_uri_path:
            self._send(flow.handle_callback(self._request("", query)))
        else:
            self._send(BoltResponse(status=404))

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        length = self.headers.get("Content-Length", "")
        if path != EVENTS_PATH or not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._send(BoltResponse(status=404 if path != EVENTS_PATH else 413))
            return
        try:
            body = self.rfile.read(int(length)).decode("utf-8")
        except UnicodeDecodeError:
            self._send(BoltResponse(status=400))
            return
        self._send(self.server.app.dispatch(self._request(body, query)))

    def _request(self, body: str, query: str) -> BoltRequest:
        headers: dict[str, str | Sequence[str]] = dict(self.headers.items())
        return BoltRequest(body=body, query=query, headers=headers)

    def _send(self, response: BoltResponse) -> None:
        body = response.body if isinstance(response.body, str) else json.dumps(response.body)
        sent = body.encode("utf-8")
        self.send_response(response.status)
        for name, values in response.headers.items():
            for value in values:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)
