"""A file of Slack that breaks off is never read as if it were whole, and ends no job."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from summarizer.slackbot.jobs import SharedFile
from summarizer.slackbot.slack_api import FOLDER, fetch_files
from tests.support.command import FERRY_A
from tests.support.slack_bots import bot_at, ferry, running
from tests.support.slack_server.blocks import text_of
from tests.support.slack_server.deliveries import CHANNEL, shortcut
from tests.support.slack_server.http import SlackServer

pytestmark = pytest.mark.slow

TEXT = FERRY_A.encode()
HALF = TEXT[: len(TEXT) // 2]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as started:
        yield started


@contextmanager
def answering(*answers: bytes) -> Iterator[str]:
    """Answer each connection with these bytes and close it; yield the server's address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(30)


def answer_of(head: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


def shared(base: str, size: int = len(TEXT)) -> SharedFile:
    return SharedFile(id="F1", name="gazette.txt", url=f"{base}files/F1", size=size)


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        (answer_of(f"Content-Length: {len(TEXT)}\r\n", HALF), len(TEXT)),
        (answer_of(f"Content-Length: {len(TEXT)}\r\n", HALF), 0),
        (answer_of("Connection: close\r\n", HALF), len(TEXT)),
        (answer_of("Transfer-Encoding: chunked\r\n", b"400\r\n" + HALF[:99]), len(TEXT)),
        (answer_of("Transfer-Encoding: chunked\r\n", b"5\r\n" + HALF[:5] + b"\r\n"), 0),
        (b"this is not HTTP\r\n\r\n", len(TEXT)),
        (b"", len(TEXT)),
    ],
)
def test_half_a_file_is_no_file(tmp_path: Path, answer: bytes, size: int) -> None:
    with (
        answering(answer) as base,
        fetch_files([shared(base, size)], "xoxb-t", base, tmp_path) as files,
    ):
        assert not files.names
        assert files.problems == ("gazette.txt could not be fetched from Slack in full.",)


def test_one_file_that_breaks_off_costs_only_itself(tmp_path: Path) -> None:
    whole = answer_of(f"Content-Length: {len(TEXT)}\r\n", TEXT)
    with (
        answering(answer_of("Content-Length: 9999\r\n", HALF), whole) as base,
        fetch_files([shared(base), shared(base)], "xoxb-t", base, tmp_path) as files,
    ):
        assert [(files.folder / name).read_bytes() for name in files.names] == [TEXT]
        assert len(files.problems) == 1


def test_what_a_killed_bot_had_fetched_is_removed_at_the_next_start(
    slack: SlackServer, tmp_path: Path
) -> None:
    left = tmp_path / FOLDER / "tmpabc" / "gazette.txt"
    left.parent.mkdir(parents=True)
    left.write_bytes(TEXT)
    bot = bot_at(slack, tmp_path)
    assert not left.exists()
    bot.store.close()


def test_a_thread_whose_reading_breaks_off_is_told_and_ends_no_job(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise http.client.IncompleteRead(b"")

    monkeypatch.setattr("slack_sdk.WebClient.conversations_replies", broken)
    with running(slack, tmp_path) as bot:
        first, _ = ferry(slack)
        bot.dispatch(shortcut(slack.world.say(CHANNEL, f"<{first}>")))
        (answer,) = slack.wait(1)
    assert "I cannot read this thread" in text_of(answer)
    assert "interrupted" not in text_of(answer)
