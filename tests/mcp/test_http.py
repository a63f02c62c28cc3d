"""Streams that break off: the SDK's own client goes on with them, and the log stays bounded."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp_types import JSONRPCMessage, JSONRPCNotification, JSONRPCResponse, TextResourceContents

from summarizer.mcp import http
from summarizer.mcp.http import EventLog, SessionEvents
from tests.mcp.test_server import TEXTS, serving

pytestmark = pytest.mark.slow

LAST_EVENT = re.compile(rb"^last-event-id: *(\S+)", re.IGNORECASE | re.MULTILINE)


class Line:
    """A way to a server that breaks off once, in the answer to the first call of a tool.

    Args:
        port: Where the server listens on this machine.
        when: The words of the answer at which it breaks off.
        lost: Put in the place of the event that the client names when it comes back; b"" to
            leave it.
    """

    def __init__(self, port: int, when: bytes, lost: bytes = b"") -> None:
        self.server_port, self.when, self.lost = port, when, lost
        self.broken = threading.Event()
        self.resumed: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/mcp"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.server_port))
            calls = threading.Event()
            for work in (self._ask, self._answer):
                threading.Thread(target=work, args=(client, server, calls), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, calls: threading.Event) -> None:
        while data := _received(client):
            if b'"tools/call"' in data:
                calls.set()
            if found := LAST_EVENT.search(data):
                self.resumed.append(found[1])
                if self.lost:
                    data = data[: found.start(1)] + self.lost + data[found.end(1) :]
            if not _sent(server, data):
                break
        _close(client, server)

    def _answer(self, client: socket.socket, server: socket.socket, calls: threading.Event) -> None:
        while data := _received(server):
            if not _sent(client, data):
                break
            if calls.is_set() and self.when in data and not self.broken.is_set():
                self.broken.set()
                break
        _close(client, server)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except OSError:
        return b""


def _sent(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def _close(*connections: socket.socket) -> None:
    for connection in connections:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


PROGRAM = """
import time
from dataclasses import replace
from summarizer.cli import main
from summarizer.mcp import server

def diff(articles, settings, progress, quick=server.diff):
    outlets = {article.outlet for article in articles}
    for step in range(4 * ("Slow" in outlets)):
        progress("reading", step, 4)
        time.sleep(0.5)
    report = quick(articles, settings, progress=progress)
    if "Long" in outlets:
        report = replace(report, warnings=("\\U0001f600" * 200_000, '"' * 200_000))
    return report

server.diff = diff
main()
"""
"""A server that takes two seconds longer for the diff of an outlet called Slow (a client comes back
after one), and makes a long report, of signs that take much room, of one called Long."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(command=("-c", PROGRAM)) as address:
        yield int(address.removesuffix("/mcp").rpartition(":")[2])


@contextmanager
def line(port: int, when: bytes, lost: bytes = b"") -> Iterator[Line]:
    made = Line(port, when, lost)
    try:
        yield made
    finally:
        made.close()


async def call(address: str, articles: list[dict[str, str]]) -> Any:
    """Return what a client of the protocol of 2025 is answered."""

    async def progress(
        progress: float, total: float | None = None, message: str | None = None
    ) -> None:
        pass

    async with Client(address, mode="legacy") as client:
        with anyio.fail_after(60):
            answer = await client.call_tool(
                "diff_articles", {"articles": articles}, progress_callback=progress
            )
    assert answer.structured_content is not None
    return answer.structured_content["report"]


@pytest.mark.parametrize("outlet", ["Quick", "Slow"])
@pytest.mark.parametrize("when", [b"\r\nid: ", b"notifications/progress"])
def test_a_call_whose_stream_breaks_off_gets_its_answer(
    port: int, outlet: str, when: bytes
) -> None:
    """The client comes back after a second: a quick call has ended by then, a slow one has not."""
    texts = [{**TEXTS[0], "outlet": outlet}, *TEXTS[1:]]
    with line(port, when) as way:
        report = anyio.run(call, way.address, texts)
        assert [each["outlet"] for each in report["articles"]] == [t["outlet"] for t in texts]
        assert way.broken.is_set()
        assert way.resumed


def test_sessions_with_the_same_numbers_get_their_own_answers(port: int) -> None:
    halves = [TEXTS[:2], [{**text, "outlet": f"Other {text['outlet']}"} for text in TEXTS[:2]]]
    outlets: dict[int, list[str]] = {}

    async def ask(number: int, address: str) -> None:
        report = await call(address, halves[number])
        outlets[number] = [each["outlet"] for each in report["articles"]]

    async def run(*addresses: str) -> None:
        async with anyio.create_task_group() as group:
            for number, address in enumerate(addresses):
                group.start_soon(ask, number, address)

    with line(port, b"\r\nid: ") as one, line(port, b"\r\nid: ") as other:
        anyio.run(run, one.address, other.address)
        assert one.resumed
        assert other.resumed
    for number, half in enumerate(halves):
        assert outlets[number] == [text["outlet"] for text in half]


@pytest.mark.parametrize("lost", [b"999999", b"1", b"x"])
def test_an_event_that_is_not_kept_is_told_and_not_waited_for(port: int, lost: bytes) -> None:
    """The first event of all is another session's."""
    anyio.run(call, f"http://127.0.0.1:{port}/mcp", TEXTS[:2])

    async def run() -> None:
        async with Client(way.address, mode="legacy") as client:
            with pytest.raises(MCPError, match="not kept any more"):
                await client.call_tool("diff_articles", {"articles": TEXTS[:2]})

    with line(port, b"\r\nid: ", lost) as way:
        anyio.run(run)


def test_the_longest_part_of_a_report_fits_into_an_event(port: int) -> None:
    """Signs of four bytes, and the most that JSON makes of quotation marks, reach the client."""
    articles = [{**TEXTS[0], "outlet": "Long"}, TEXTS[1]]

    async def run() -> None:
        address = f"http://127.0.0.1:{port}/mcp"
        async with Client(address, mode="legacy") as client:
            answer = await client.call_tool("diff_articles", {"articles": articles})
            assert answer.structured_content is not None
            for resource in answer.structured_content["resources"]:
                for number in (0, 1):
                    (part,) = (await client.read_resource(f"{resource}?part={number}")).contents
                    assert isinstance(part, TextResourceContents)
                    assert part.text

    anyio.run(run)


def message(size: int = 0) -> JSONRPCMessage:
    return JSONRPCNotification(jsonrpc="2.0", method="x" * size)


async def seen(events: SessionEvents, last: str) -> list[Any]:
    """Return the messages that a client is sent, up to the end or for a moment."""
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event.message)

    with anyio.move_on_after(0.1):
        await events.replay_events_after(last, send)
    return sent


def test_the_log_forgets_the_oldest_beyond_its_events_and_bytes() -> None:
    async def run(log: EventLog, size: int, kept: int) -> None:
        events = SessionEvents(log)
        numbers = [await events.store_event("1", message(size)) for _ in range(10)]
        for number in numbers[-kept:]:
            after = 10 - int(number)
            assert [type(each) for each in await seen(events, number)] == (
                [JSONRPCNotification] * after
            )
        for number in numbers[:-kept]:
            (error,) = await seen(events, number)
            assert error.error.message == http.NOT_KEPT

    anyio.run(run, EventLog(most_events=4), 0, 4)
    one = len(message(100).model_dump_json(by_alias=True, exclude_unset=True))
    anyio.run(run, EventLog(most_bytes=3 * one), 100, 3)


def test_what_overtakes_a_waiting_client_is_told() -> None:
    async def run() -> None:
        log = EventLog(most_events=3)
        mine, others = SessionEvents(log), SessionEvents(log)
        first = await mine.store_event("1", None)
        got: list[Any] = []

        async def wait() -> None:
            got.extend(await seen(mine, first))

        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await anyio.sleep(0.02)
            await mine.store_event("1", JSONRPCResponse(jsonrpc="2.0", id=1, result={}))
            for _ in range(5):
                await others.store_event("1", message())
        (error,) = got
        assert error.error.message == http.NOT_KEPT

    anyio.run(run)


def test_a_client_that_has_the_answer_of_its_call_waits_for_nothing() -> None:
    async def run() -> None:
        log = EventLog()
        mine = SessionEvents(log)
        last = await mine.store_event("1", JSONRPCResponse(jsonrpc="2.0", id=1, result={}))
        with anyio.fail_after(5):
            assert await mine.replay_events_after(last, seen_no_event) is None

    async def seen_no_event(event: Any) -> None:
        raise AssertionError(event)

    anyio.run(run)


def test_a_session_sees_only_its_own_stream() -> None:
    async def run() -> None:
        log = EventLog()
        mine, others = SessionEvents(log), SessionEvents(log)
        first = await mine.store_event("1", None)
        foreign = await others.store_event("1", message(1))
        await mine.store_event("2", message(2))
        await mine.store_event("1", message(3))
        await mine.store_event("1", JSONRPCResponse(jsonrpc="2.0", id=1, result={}))
        methods = [getattr(each, "method", None) for each in await seen(mine, first)]
        assert methods == ["xxx", None]
        (error,) = await seen(mine, foreign)
        assert error.error.message == http.NOT_KEPT

    anyio.run(run)
