"""Streamable HTTP: a call whose stream breaks off gets its answer on a new one.

A client of the protocol of 2025 asks for what it missed by the number of the last event that it
got (``Last-Event-ID``). The events of all sessions are in one log, so that memory has one bound.
The SDK names a stream by the number of its request, which other sessions use as well; so each
session sees its own part of the log only.
"""

from __future__ import annotations

from dataclasses import dataclass
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

LARGEST_REQUEST = 64_000_000  # bytes; a text too long for a tool is refused by the tool, in words

MOST_EVENTS = 2_000  # kept of all sessions: a call has some ten, and fifty calls may be under way
MOST_BYTES = 32_000_000  # bytes of the events that are kept: thirty of the longest answers
NOT_KEPT = "The answer of this call is not kept any more. Make the call again."


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a session's stream; its message is empty where it only begins a stream."""

    session: object
    stream: str
    message: bytes
    is_last: bool


class EventLog:
    """The last events of all sessions, by number. Used in the event loop only."""

    def __init__(self, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_events, self._most_bytes = most_events, most_bytes
        self._bytes = 0
        self.events: dict[int, StoredEvent] = {}
        self.newest = 0
        self.added = anyio.Event()  # set, and replaced, with each new event

    @property
    def oldest(self) -> int:
        """The number of the oldest event that is kept, or else that of the next one."""
        return next(iter(self.events), self.newest + 1)

    def add(self, event: StoredEvent) -> int:
        """Keep an event, forget the oldest ones beyond the bounds, and return its number."""
        self.newest += 1
        self.events[self.newest] = event
        self._bytes += len(event.message)
        while len(self.events) > self._most_events or self._bytes > self._most_bytes:
            self._bytes -= len(self.events.pop(self.oldest).message)
        self.added.set()
        self.added = anyio.Event()
        return self.newest


class SessionEvents(EventStore):
    """The part of one session in the log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keep an event and return its number."""
        text = message.model_dump_json(by_alias=True, exclude_unset=True) if message else ""
        # An error without a number is the answer of no call.
        is_last = isinstance(message, JSONRPCResponse | JSONRPCError) and message.id is not None
        return str(self._log.add(StoredEvent(self, stream_id, text.encode(), is_last)))

    async def replay_events_after(
        self, last_event_id: str, send_callback: EventCallback
    ) -> str | None:
        """Send what a client missed and what comes, to the end of the stream; None is left to send.

        The SDK would lose what came between the last event that it asked for and the moment at
        which it listens again; and it would wait for more of a call whose answer the client has.
        """
        log = self._log
        seen = int(last_event_id) if last_event_id.isascii() and last_event_id.isdecimal() else 0
        begin = log.events.get(seen)
        if begin is not None and begin.session is self and begin.is_last:
            return None
        while begin is not None and begin.session is self and log.oldest <= seen + 1:
            added, later = log.added, [each for each in log.events.items() if each[0] > seen]
            seen = log.newest
            for number, event in later:
                if (event.session, event.stream) != (self, begin.stream):
                    continue
                if event.message:
                    message = jsonrpc_message_adapter.validate_json(event.message)
                    await send_callback(EventMessage(message, str(number)))
                if event.is_last:
                    return None
            await added.wait()
        # The session has no such event, or what came after it is not kept any more.
        error = ErrorData(code=INVALID_REQUEST, message=NOT_KEPT)
        await send_callback(EventMessage(JSONRPCError(jsonrpc="2.0", id=None, error=error)))
        return None


class Sessions(StreamableHTTPSessionManager):
    """The SDK's sessions, each with its own part of one log."""

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
        routes=[Route("/mcp", StreamableHTTPASGIApp(sessions))], lifespan=lambda _: sessions.run()
    )
    uvicorn.run(app, host=host, port=port, log_level="warning")
