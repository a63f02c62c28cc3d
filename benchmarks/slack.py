"""How the Slack app stands load: run ``python -m benchmarks.slack``.

A Slack of our own on the loopback delivers through a real websocket to ``summarize slack run``
in a process of its own; the offline engine compares, on the bundled example. Prints a table.
"""

from __future__ import annotations

import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from summarizer.render.blocks import answer, more, only, summary
from summarizer.report.view import EVERYTHING, view
from tests.support.hostile import hostile_report
from tests.support.slack_processes import BotProcess, environment
from tests.support.slack_server.blocks import alive, check_message, text_of
from tests.support.slack_server.deliveries import CHANNEL, event, post
from tests.support.slack_server.http import SlackServer, key_of
from tests.support.slack_server.world import Json

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-bridge"
PATIENCE = 900.0
"""Seconds for a part of this: many times what it takes on two cores."""


def main() -> None:
    parts: dict[str, Callable[[], str]] = {
        "ack": ack_under_load,
        "deliveries": deliveries_and_a_kill,
        "busy": busy,
        "faults": faults,
        "senders": slow_senders,
        "reports": reports,
    }
    for name in sys.argv[1:] or parts:
        print(f"{name:<11} {parts[name]()}", flush=True)


def ack_under_load() -> str:
    """Deliver events while twenty comparisons are running."""
    with _bot(SUMMARIZER_SLACK_WORKERS="20", SUMMARIZER_SLACK_QUEUE="400") as (slack, _, _):
        links = _links(slack)
        for _ in range(60):  # enough that twenty are under way until the end
            assert slack.deliver("events_api", _asking(slack, links)) is not None
        slack.wait(1, PATIENCE)
        times = []
        for _ in range(50):
            took = slack.deliver("events_api", _asking(slack, links), seconds=10.0)
            assert took is not None
            times.append(took)
            time.sleep(0.05)
        running = 60 - len(slack.answers())
        slack.wait(110, PATIENCE)
    median = statistics.median(times)
    return (
        f"50 acks: median {median:.3f} s, slowest {max(times):.3f} s; {running}+ not answered yet"
    )


def deliveries_and_a_kill() -> str:
    """Deliver a hundred events three times each, out of order, and kill the bot once."""
    more = {"SUMMARIZER_SLACK_QUEUE": "1000"}
    with _bot(**more) as (slack, bot, restart):
        links = _links(slack)
        messages = [slack.world.say(CHANNEL, _text(links)) for _ in range(100)]
        deliveries = [event(each) for each in messages] * 3
        Random(1).shuffle(deliveries)
        for delivery in deliveries[:150]:
            slack.deliver("events_api", delivery)
        slack.wait(5, PATIENCE)
        bot.kill()
        slack.wait_for(lambda: not slack.sockets)
        restart()
        for delivery in deliveries[150:]:
            assert slack.deliver("events_api", delivery, again=1) is not None
        slack.wait(100, PATIENCE)
        time.sleep(3.0)  # one too many would come now
        threads = [each["thread_ts"] for each in slack.answers()]
    assert len(threads) == len(set(threads)) == 100, (len(threads), len(set(threads)))
    return "100 events, 300 deliveries, killed once: 100 answers, each in its own thread"


def busy() -> str:
    """Ask fifty times at once of a bot whose queue has room for ten."""
    with _bot(SUMMARIZER_SLACK_QUEUE="10") as (slack, bot, _):
        links = _links(slack)
        first = _memory(bot.pid)
        asked = [_asking(slack, links) for _ in range(50)]
        began = time.monotonic()
        threads = [
            threading.Thread(target=slack.deliver, args=("events_api", each)) for each in asked
        ]
        for thread in threads:
            thread.start()
        slack.wait_for(lambda: len(_busy(slack)) == 38, PATIENCE)
        told = time.monotonic() - began
        slack.wait(50, PATIENCE)
        after = _memory(bot.pid)
        for _ in range(4):  # and again, to see whether memory grows
            before = len(slack.answers())
            for _ in range(50):
                slack.deliver("events_api", _asking(slack, links))
            slack.wait(before + 50, PATIENCE)
        last = _memory(bot.pid)
        refused = len(_busy(slack))
    return (
        f"38 of 50 told busy within {told:.1f} s, 12 answered; memory of the bot {first} MB at "
        f"first, {after} MB after 50, {last} MB after 250 requests ({refused} refused)"
    )


def faults() -> str:
    """Let Slack fail at random, one request in five."""
    with _bot(SUMMARIZER_SLACK_QUEUE="1000") as (slack, _, _):
        slack.faults.draw(0.2, seed=3, spared=("auth.test", "apps.connections.open"))
        links = _links(slack)
        for _ in range(40):
            assert slack.deliver("events_api", _asking(slack, links)) is not None
        slack.wait(40, PATIENCE)
        time.sleep(5.0)
        keys = [key_of(each) for each in slack.answers()]
        failed = sum(call.status != 200 for call in slack.calls)
    assert len(keys) == len(set(keys)) == 40, keys
    return f"{failed} of {len(slack.calls)} requests failed: 40 answers, each once"


def slow_senders() -> str:
    """Deliver over HTTP while three hundred requests never come to an end."""
    heads = [
        b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nX-Slack-Sig",
        b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 5000\r\n\r\ntoken=",
    ]
    with tempfile.TemporaryDirectory() as name, SlackServer() as slack, ExitStack() as stack:
        folder = Path(name)
        bot = BotProcess(environment(slack, folder), folder, "--http", "--port", "0")
        ready = slack.wait_for(lambda: re.search(r"HTTP, port (\d+)", bot.log.read_text()))
        port, before = int(ready[1]), _threads(bot.pid)
        for number in range(300):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            sender.sendall(heads[number % 2])
        times = []
        for _ in range(50):
            began = time.monotonic()
            assert post(port, event(slack.world.say(CHANNEL, "<@U0BOT> help")))[0] == 200
            times.append(time.monotonic() - began)
        during = _threads(bot.pid)
        slack.wait(50, PATIENCE)
        assert bot.stop() == 0
    return (
        f"300 slow senders: {before} threads before, {during} during; 50 acks: median "
        f"{statistics.median(times):.3f} s, slowest {max(times):.3f} s"
    )


def reports() -> str:
    """Render a thousand generated reports, with hostile text in them."""
    messages = weight = 0
    for seed in range(1000):
        shown = view(hostile_report(Random(seed)), EVERYTHING)
        own = {source.source for source in shown.sources}
        for message in (answer(shown), summary(shown), only(shown, shown.outlets[0]), *more(shown)):
            assert message is not None
            payload: Json = {"text": message.text, "blocks": list(message.blocks)}
            check_message(payload)
            assert set(alive(payload)) <= own
            messages += 1
            weight = max(weight, len(message.blocks))
    return f"1000 reports, {messages} messages: all valid, nothing alive; {weight} blocks at most"


@contextmanager
def _bot(**more: str) -> Iterator[tuple[SlackServer, BotProcess, Callable[[], None]]]:
    with tempfile.TemporaryDirectory() as name, SlackServer() as slack:
        folder = Path(name)
        env = environment(slack, folder, **more)
        started = [BotProcess(env, folder)]
        slack.wait_for(slack.connected.is_set)

        def restart() -> None:
            started.append(BotProcess(env, folder))
            slack.wait_for(slack.connected.is_set)

        yield slack, started[0], restart
        assert started[-1].stop() == 0


def _links(slack: SlackServer) -> tuple[str, ...]:
    return tuple(
        slack.page(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(EXAMPLE.glob("*.txt"))
    )


def _text(links: tuple[str, ...]) -> str:
    return "<@U0BOT> " + " ".join(f"<{link}>" for link in links)


def _asking(slack: SlackServer, links: tuple[str, ...]) -> Json:
    return event(slack.world.say(CHANNEL, _text(links)))


def _busy(slack: SlackServer) -> list[Json]:
    return [each for each in slack.answers() if "I am busy" in text_of(each)]


def _threads(pid: int) -> int:
    """Return how many threads a process has (on Linux)."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _memory(pid: int) -> int:
    """Return the resident memory of a process, in MB."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) // 1000


if __name__ == "__main__":
    main()
