"""Streamable HTTP: a call whose stream breaks off gets its answer on a new one.

A client of the protocol of 2025 asks for what it missed by the number of the last event that it
got (``Last-Event-ID``). The events of all sessions are in one log, so that memory has one bound.
The SDK names a stream by the number of its request, which other sessions use as well; so each
session sees its own part of the log only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import anyio
import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.middleware.bearer_auth import AuthorizationContext
from mcp.server.streamable_http import (
    EventCallback,
    EventMessage,
    EventStore,
    StreamableHTTPServerTransport,
)
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp_types import (
    INVALID_REQUEST,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCResponse,
    jsonrpc_message_adapter,
)
from starlette.applications import Starlette
from starlette.routing import Route

LARGEST_REQUEST = 64_000_000
"""Bytes of one request; a longer text than a tool takes is refused by the tool, in words, and not
by the connection."""

MOST_EVENTS = 2_000
"""Events that are kept, of all sessions: a call has some ten, and fifty calls may be under way."""

MOST_BYTES = 32_000_000
"""Bytes of the events that are kept: thirty of the longest answers."""


NOT_KEPT = "The answer of this call is not kept any more. Make the call again."


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    session: object
    stream: str
    message: bytes
    """The JSON of the message; empty for an event that only begins a stream."""
    is_last: bool


class EventLog:
    """The last events of all sessions. Used in the event loop only, by one task at a time.

    Args:
        most_events: How many are kept.
        most_bytes: How many bytes they may have together.
    """

    def __init__(self, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_events, self._most_bytes = most_events, most_bytes
        self._events: deque[_Event] = deque()
        self._bytes = 0
        self._newest = 0
        self._waiting: set[anyio.Event] = set()

    def add(self, session: object, stream: str, message: JSONRPCMessage | None) -> int:
        """Keep an event, forget the oldest ones beyond the bounds, and return its number."""
        text = (
            b""
            if message is None
            else message.model_dump_json(by_alias=True, exclude_unset=True).encode()
        )
        is_last = isinstance(message, JSONRPCResponse | JSONRPCError)
        self._newest += 1
        self._events.append(_Event(self._newest, session, stream, text, is_last))
        self._bytes += len(text)
        while len(self._events) > self._most_events or self._bytes > self._most_bytes:
            self._bytes -= len(self._events.popleft().message)
        for waiting in self._waiting:
            waiting.set()
        self._waiting.clear()
        return self._newest

    async def follow(self, session: object, number: str) -> AsyncIterator[_Event]:
        """Yield what came after an event in its stream, and what comes, to the stream's last.

        Args:
            session: Whose event it is.
            number: The number of the event, as a client names it.

        Raises:
            LookupError: The session has no such event, or what came after it is not kept any more.
        """
        place = self._place(int(number)) if number.isascii() and number.isdecimal() else -1
        if not 0 <= place < len(self._events) or self._events[place].session is not session:
            raise LookupError(number)
        stream, seen = self._events[place].stream, int(number)
        while (place := self._place(seen)) >= -1:
            later, seen = tuple(islice(self._events, place + 1, None)), self._newest
            for event in later:
                if event.session is session and event.stream == stream:
                    yield event
                    if event.is_last:
                        return
            if seen == self._newest:
                await self._wait()
        raise LookupError(number)

    async def _wait(self) -> None:
        waiting = anyio.Event()
        self._waiting.add(waiting)
        try:
            await waiting.wait()
        finally:
            self._waiting.discard(waiting)

    def _place(self, number: int) -> int:
        """Return where an event is among those kept; numbers have no gaps."""
        return number - (self._newest - len(self._events)) - 1


class SessionEvents(EventStore):
    """The part of one session in the log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keep an event and return its number."""
        return str(self._log.add(self, stream_id, message))

    async def replay_events_after(
        self, last_event_id: str, send_callback: EventCallback
    ) -> str | None:
        """Send what a client missed and what comes, to the end of the stream.

        Returns:
            None: nothing is left for the SDK to send. (It would lose what came between the last
            event that it asked for and the moment at which it listens again.)
        """
        try:
            async for event in self._log.follow(self, last_event_id):
                if event.message:
                    message = jsonrpc_message_adapter.validate_json(event.message)
                    await send_callback(EventMessage(message, str(event.number)))
        except LookupError:
            error = ErrorData(code=INVALID_REQUEST, message=NOT_KEPT)
            await send_callback(EventMessage(JSONRPCError(jsonrpc="2.0", id=None, error=error)))
        return None


class Sessions(StreamableHTTPSessionManager):
    """The SDK's sessions, each with its own part of one log.

    Args:
        plain: Sessions without a log; these are for the same server and the same host names.
    """

    def __init__(self, plain: StreamableHTTPSessionManager) -> None:
        super().__init__(
            plain.app,
            security_settings=plain.security_settings,
            max_request_body_size=LARGEST_REQUEST,
        )
        self._log = EventLog()

    def _admit_session(
        self, requestor: AuthorizationContext | None
    ) -> StreamableHTTPServerTransport | None:
        self.event_store = SessionEvents(self._log)
        return super()._admit_session(requestor)


def serve_http(server: MCPServer[Any], host: str, port: int) -> None:
    """Serve on an address until the process is told to end."""
    server.streamable_http_app(host=host)  # makes sessions, which check the names of hosts
    sessions = Sessions(server.session_manager)
    app = Starlette(
        routes=[Route("/mcp", StreamableHTTPASGIApp(sessions))],
        lifespan=lambda _: sessions.run(),
    )
    uvicorn.run(app, host=host, port=port, log_level="warning")
