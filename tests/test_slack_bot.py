from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import FERRY_A, FERRY_B
from tests.slack_bots import Running, ferry, running
from tests.slack_server.blocks import text_of
from tests.slack_server.deliveries import DIRECT, click, command, event, shortcut, submission
from tests.slack_server.http import SlackServer


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as started:
        yield started


@pytest.fixture
def bot(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    with running(slack, tmp_path) as started:
        yield started


def test_a_mention_with_links_is_answered_in_its_thread(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    message = bot.mention(f"<{first}> and <{second}|the other>")
    (answer,) = slack.wait(1)
    assert answer["thread_ts"] == message["ts"]
    text = text_of(answer)
    for line in ("Both report", "The ferry Meridian ran aground", "Only in", "Conflicts"):
        assert line in text, text
    slack.wait_for(lambda: [each for each in slack.world.messages if each.get("files")])
    (shared,) = [each for each in slack.world.messages if each.get("files") and "bot_id" in each]
    assert shared["thread_ts"] == message["ts"]
    assert [each["name"].rpartition(".")[2] for each in shared["files"]] == ["json"]
    (cards,) = [each for each in slack.world.messages if "tasks" in each]
    assert set(cards["tasks"].values()) == {"complete"}
    assert cards["stream"] == "closed"
    assert set(slack.alive()) <= {first, second}
