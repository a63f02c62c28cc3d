"""A real HTTP server on loopback that gives exactly the answers it was handed, in order."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol, Self

from summarizer.llm.client import open_client
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI


@dataclass(frozen=True)
class Answer:
    """One answer: a JSON value, or the bytes themselves."""

    body: object = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int = 0
    """Bytes more than are sent: the connection is cut when the rest is due."""

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class ScriptedServer:
    """Answers the first requests from its script, and every later one like the last of it."""

    def __init__(self, *script: Answer) -> None:
        self._script = list(script)
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def say(self, *script: Answer) -> None:
        """Start anew with another script."""
        with self._lock:
            self._script = list(script)
            self.asked.clear()

    def take(self, asked: Asked) -> Answer:
        """Note a request and return its answer."""
        with self._lock:
            self.asked.append(asked)
            return self._script[min(len(self.asked), len(self._script)) - 1]

    def __enter__(self) -> Self:
        # A short poll, so that leaving does not take half a second.
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = server.take(Asked(self.command, self.path, headers, body))
            self.send_response(answer.status)
            given = {"content-type": "application/json", **answer.headers}
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content) + answer.promised))
            self.end_headers()
            self.wfile.write(answer.content)
            self.close_connection = self.close_connection or answer.promised > 0

    return Handler


class Listening(Protocol):
    """A server, as far as a client has to know it."""

    @property
    def url(self) -> str:
        """Its address."""


@contextmanager
def client_of(
    server: Listening, *, key: str = "", retries: int = 0, **chosen: Any
) -> Iterator[OpenAI]:
    """Open a client for a server, and close it."""
    env = {"OPENAI_BASE_URL": server.url} | ({"OPENAI_API_KEY": key} if key else {})
    client = open_client(Settings(retries=retries, **chosen), env)
    try:
        yield client
    finally:
        client.close()


def response_of(text: str, **fields: Any) -> dict[str, Any]:
    """Return the JSON of a finished answer of the Responses API that says ``text``."""
    content = {"type": "output_text", "text": text, "annotations": []}
    message = {"type": "message", "role": "assistant", "content": [content]}
    usage = {"input_tokens": 90, "output_tokens": 7, "input_tokens_details": {"cached_tokens": 64}}
    return {
        "model": "rule-1-snapshot",
        "status": "completed",
        "output": [{"type": "reasoning", "summary": []}, message],
        "usage": usage,
    } | fields


def completion_of(text: str | None, finish: str | None = "stop", **message: Any) -> dict[str, Any]:
    """Return the JSON of an answer of the Chat Completions API that says ``text``."""
    choice = {"index": 0, "finish_reason": finish, "message": {"content": text} | message}
    usage = {
        "prompt_tokens": 90,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 64},
    }
    return {"model": "rule-1-snapshot", "choices": [choice], "usage": usage}
