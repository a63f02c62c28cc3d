"""One answer to each request: whatever Slack delivers twice, fails at, or we are killed in."""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from summarizer.errors import UsageError
from summarizer.report.view import dump_view, view
from summarizer.slackbot.jobs import Ask, Job, Kind, Lane, Place, Store, StoredReport
from summarizer.slackbot.replies import Feedback
from summarizer.slackbot.runner import Poster, ProgressMessage
from tests.support.reports import report
from tests.support.slack_bots import Running, bot_at, ferry, running, workspace_of
from tests.support.slack_processes import BotProcess, environment
from tests.support.slack_server.blocks import text_of
from tests.support.slack_server.deliveries import CHANNEL, command, event
from tests.support.slack_server.faults import Fault
from tests.support.slack_server.http import SlackServer, key_of

pytestmark = pytest.mark.slow


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.slackbot.runner.LONGEST_PAUSE", 0.01)
    for module in ("handler", "builtin_handlers"):
        no_time = SimpleNamespace(sleep=lambda _: None)
        monkeypatch.setattr(f"slack_sdk.http_retry.{module}.time", no_time)


def is_idle(bot: Running) -> bool:
    return not any(bot.bot.store.jobs(state) for state in ("waiting", "running"))


def asked(bot: Running, count: int) -> list[dict[str, object]]:
    """Return the deliveries of so many mentions of the same two articles."""
    first, second = ferry(bot.slack)
    return [
        event(bot.slack.world.say(CHANNEL, f"<@U0BOT> <{first}> <{second}>")) for _ in range(count)
    ]


def test_the_same_delivery_three_times_out_of_order_is_answered_once(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        deliveries = asked(bot, 4) * 3
        Random(1).shuffle(deliveries)
        for each in deliveries:
            assert bot.dispatch(each).status == 200
        slack.wait(4)
    threads = [each["thread_ts"] for each in slack.answers()]
    assert len(threads) == len(set(threads)) == 4


def test_two_events_of_one_message_are_answered_once(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path) as bot:
        message = slack.world.say("D0PERSON", "help")
        bot.dispatch(event(message, kind="message"))
        bot.dispatch(event(message, kind="app_mention"))
        slack.wait(1)
    assert len(slack.answers()) == 1


def test_deliveries_are_remembered_over_a_restart(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path) as bot:
        (delivery,) = asked(bot, 1)
        bot.dispatch(delivery)
        slack.wait(1)
    with running(slack, tmp_path) as bot:
        bot.dispatch(delivery)
        bot.mention("help")
        slack.wait(2)
    assert [key_of(each) for each in slack.answers()] == list(
        dict.fromkeys(key_of(each) for each in slack.answers())
    )
    assert len(slack.answers()) == 2


def test_who_comes_when_the_queue_is_full_is_told_at_once(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path, queue=2) as bot:
        for delivery in asked(bot, 9):
            bot.dispatch(delivery)
        found = slack.wait(9)
    busy = [each for each in found if "I am busy" in text_of(each)]
    assert len(found) == 9
    assert len(busy) == 6
    assert len({each["thread_ts"] for each in found}) == 9


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429),
        Fault(500),
        Fault(500, done=True),
        Fault(502),
        Fault(502, done=True),
        Fault(503, done=True),
        Fault(200, error="internal_error"),
        Fault(200, error="internal_error", done=True),
    ],
)
def test_a_failed_post_is_made_up_for_and_never_doubled(
    slack: SlackServer, tmp_path: Path, fault: Fault
) -> None:
    with running(slack, tmp_path) as bot:
        slack.faults.order("chat.postMessage", fault, fault)
        bot.mention("help")
        slack.wait(1)
        bot.mention("help")
        slack.wait(2)
    assert len(slack.answers()) == 2


def test_a_failed_upload_is_made_up_for_and_never_doubled(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        slack.faults.order("files.completeUploadExternal", Fault(500, done=True))
        slack.faults.order("files.getUploadURLExternal", Fault(500))
        for delivery in asked(bot, 1):
            bot.dispatch(delivery)
        slack.wait(1)
    shared = [each for each in slack.world.messages if each.get("files")]
    assert len(shared) == 1


def test_where_the_thread_may_not_be_read_it_is_answered_all_the_same(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        slack.faults.order("chat.postMessage", Fault(500))
        slack.faults.order("conversations.replies", Fault(200, error="missing_scope"))
        bot.mention("help")
        slack.wait(1)
    assert len(slack.answers()) == 1


def test_a_root_message_that_failed_after_it_was_posted_is_found(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        slack.faults.order("chat.postMessage", Fault(500, done=True))
        first, second = ferry(slack)
        bot.dispatch(command(f"{first} {second}"))
        slack.wait(1)
    assert len([each for each in slack.world.messages if "thread_ts" not in each]) == 1


def test_with_slack_failing_at_random_every_answer_comes_once(
    slack: SlackServer, tmp_path: Path
) -> None:
    slack.faults.draw(0.2, seed=7, spared=("auth.test",))
    with running(slack, tmp_path, queue=50) as bot:
        for delivery in asked(bot, 8):
            bot.dispatch(delivery)
        slack.wait(8)
    keys = [key_of(each) for each in slack.answers()]
    assert len(keys) == len(set(keys)) == 8


def test_what_slack_refuses_is_not_tried_again(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path) as bot:
        slack.faults.order("chat.postMessage", Fault(200, error="is_archived"))
        bot.mention("help")
        bot.mention("help")
        slack.wait(1)
        slack.wait_for(lambda: is_idle(bot))
    assert len(slack.answers()) == 1


def test_a_killed_bot_finishes_at_its_next_start(slack: SlackServer, tmp_path: Path) -> None:
    env = environment(slack, tmp_path, SUMMARIZER_SLACK_WORKERS="1")
    first, second = ferry(slack)
    messages = [slack.world.say(CHANNEL, f"<@U0BOT> <{first}> <{second}>") for _ in range(6)]
    deliveries = [event(each) for each in messages]
    bot = BotProcess(env, tmp_path)
    slack.wait_for(slack.connected.is_set)
    for delivery in deliveries:
        assert slack.deliver("events_api", delivery) is not None
    slack.wait(1)
    bot.kill()
    slack.wait_for(lambda: not slack.sockets)
    bot = BotProcess(env, tmp_path)
    slack.wait_for(slack.connected.is_set)
    for delivery in reversed(deliveries):
        assert slack.deliver("events_api", delivery, again=1) is not None
    slack.wait(6)
    assert bot.stop() == 0
    threads = [each["thread_ts"] for each in slack.answers()]
    assert sorted(threads) == sorted(each["ts"] for each in messages)
    log = bot.log.read_text()
    assert "The bot is ready (Socket Mode)" in log
    for secret in ("xoxb-", "xapp-", "Meridian", "news/Gazette"):
        assert secret not in log


def test_a_job_that_was_posted_before_the_kill_is_not_posted_again(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        bot.mention("help")
        slack.wait(1)
    # As if the process had been killed between the posting and the note of it.
    store = Store(tmp_path)
    done = slack.answers()[0]
    place = Place(team="T0TEAM", channel=CHANNEL, thread=done["thread_ts"], user="U0PERSON")
    name = str(key_of(done)).partition(":")[0]
    job = Job(id=name, ask=Ask(kind=Kind.HELP), place=place, at=float(done["ts"]))
    store.connection.execute("DELETE FROM jobs")
    store.accept(["another key"], job, 9)
    assert store.claim(Lane.QUICK) is not None
    store.close()
    with running(slack, tmp_path) as bot:
        slack.wait_for(lambda: is_idle(bot))
    assert len(slack.answers()) == 1


def test_a_job_that_was_begun_too_often_is_given_up_in_its_thread(
    slack: SlackServer, tmp_path: Path
) -> None:
    message = slack.world.say(CHANNEL, "<@U0BOT> compare")
    place = Place(team="T0TEAM", channel=CHANNEL, thread=message["ts"], user="U0PERSON")
    ask = Ask(kind=Kind.COMPARE, links=("https://news.example/a", "https://news.example/b"))
    store = Store(tmp_path)
    store.accept(["key"], Job(id="j1", ask=ask, place=place, at=float(message["ts"])), 9)
    for _ in range(3):
        claimed = store.claim(Lane.SLOW)
        assert claimed is not None
        store.save(claimed, "waiting")
    store.claim(Lane.SLOW)
    store.close()
    with running(slack, tmp_path):
        (answer,) = slack.wait(1)
    assert answer["thread_ts"] == message["ts"]
    assert "I was interrupted" in text_of(answer)


def test_budgets_hold_over_a_restart(slack: SlackServer, tmp_path: Path) -> None:
    limit = {"channel_runs_a_day": 2}
    with running(slack, tmp_path, **limit) as bot:
        for delivery in asked(bot, 2):
            bot.dispatch(delivery)
        slack.wait(2)
    with running(slack, tmp_path, **limit) as bot:
        for delivery in asked(bot, 1):
            bot.dispatch(delivery)
        told = text_of(slack.wait(3)[2])
        bot.mention("only gazette", thread=slack.answers()[0]["thread_ts"])
        slack.wait(4)
    assert "The 2 requests that I may work on for this channel today are used up." in told
    assert "Only in Gazette" in text_of(slack.answers()[3])


def test_a_budget_in_dollars_is_booked_before_it_is_spent(tmp_path: Path) -> None:
    from summarizer.errors import BudgetReached
    from summarizer.settings import Settings
    from summarizer.slackbot.runner import book
    from summarizer.slackbot.settings import SlackSettings

    settings, slack = Settings(max_cost=1.0), SlackSettings(cost_a_day=2.5)
    store = Store(tmp_path)
    jobs = [
        Job(
            id=f"j{n}",
            ask=Ask(kind=Kind.COMPARE),
            place=Place(team="T", channel="C", thread="1", user="U"),
            at=0.0,
        )
        for n in range(5)
    ]
    assert [book(store, job, settings, slack) for job in jobs[:3]] == [1.0, 1.0, 0.5]
    with pytest.raises(BudgetReached):
        book(store, jobs[3], settings, slack)
    assert book(store, jobs[0], settings, slack) == 1.0  # begun again after a kill
    store.settle(jobs[0], 0.25)
    store.close()
    store = Store(tmp_path)
    assert book(store, jobs[4], settings, slack) == 0.75
    store.close()


def test_what_could_not_be_read_costs_no_budget(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path, cost_a_day=1.0) as bot:
        first, second = ferry(slack)
        bot.mention(f"<{slack.world.base}/gone> <{slack.world.base}/lost>")
        assert "None of it could be read" in text_of(slack.wait(1)[0])
        bot.mention(f"<{first}> <{second}>")
        assert "Both report" in text_of(slack.wait(2)[1])


def test_a_model_that_cannot_be_asked_costs_no_budget(slack: SlackServer, tmp_path: Path) -> None:
    asked_of = {"engine": "openai", "judge": "lexical", "model": "m", "prices": "1/1/1"}
    away = "http://127.0.0.1:9/v1"  # nobody listens on the port for what is thrown away
    with running(slack, tmp_path, cost_a_day=1.0, base_url=away, **asked_of) as bot:
        first, second = ferry(slack)
        for number in (1, 2):
            bot.mention(f"<{first}> <{second}>")
            assert "There is no connection" in text_of(slack.wait(number)[number - 1])


def test_reports_are_kept_as_long_as_is_set(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path, keep_hours=0.0) as bot:
        (delivery,) = asked(bot, 1)
        bot.dispatch(delivery)
        thread = slack.wait(1)[0]["thread_ts"]
        bot.mention("json", thread=thread)
        assert "I have no report" in text_of(slack.wait(2)[1])
    assert b"Meridian" not in (tmp_path / "state.db").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")
def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store = Store(tmp_path)
    job = Job(id="j", ask=Ask(kind=Kind.HELP), place=Place(team="T", channel="C", thread="1",
              user="U"), at=0.0)  # fmt: skip
    store.accept(["key"], job, 1)
    Feedback(store, tmp_path / "labels.jsonl").vote(
        StoredReport(id="r", kind="diff", view=dump_view(view(report())), documents="{}"),
        right=True,
        by="T:U",
    )
    kept = [path for path in tmp_path.iterdir() if "running.lock" not in path.name]
    assert len(kept) >= 2
    assert not [path.name for path in kept if path.stat().st_mode & 0o077]
    store.close()


def test_a_state_that_fails_for_a_while_ends_no_worker(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.slackbot.workers.GLANCE", 0.01)
    failing = threading.Event()
    bot = bot_at(slack, tmp_path)
    failures = 0

    def claim(lane: Lane, whole: Callable[[Lane], Job | None] = bot.store.claim) -> Job | None:
        nonlocal failures
        if failing.is_set():
            failures += 1
            raise sqlite3.OperationalError("database or disk is full")
        return whole(lane)

    monkeypatch.setattr(bot.store, "claim", claim)
    failing.set()
    bot.workers.start()
    slack.wait_for(lambda: failures > 10)
    failing.clear()
    Running(bot, slack).mention("help")
    slack.wait(1)
    assert bot.stop()


def test_a_change_that_the_disk_does_not_take_is_undone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    job = Job(
        id="j",
        ask=Ask(kind=Kind.HELP),
        place=Place(team="T", channel="C", thread="1", user="U"),
        at=0.0,
    )
    (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    large = replace(job, ask=Ask(kind=Kind.ONLY, word="x" * 100_000))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.accept(["key"], large, 1)
    store.connection.execute("PRAGMA max_page_count = 100000")
    assert store.accept(["key"], large, 1) == large
    store.close()


def test_a_state_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"no database" * 1_000)
    with pytest.raises(UsageError, match="file is not a database"):
        Store(tmp_path)


def test_two_processes_do_not_share_a_folder(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(UsageError, match="another bot"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def test_old_things_are_forgotten(tmp_path: Path) -> None:
    now = [1_000_000.0]
    store = Store(tmp_path, clock=lambda: now[0])
    place = Place(team="T", channel="C", thread="1", user="U")
    job = Job(id="j", ask=Ask(kind=Kind.HELP), place=place, at=now[0])
    assert store.accept(["key"], job, 1) == job
    assert store.accept(["key"], job, 1) is None
    claimed = store.claim(Lane.QUICK)
    assert claimed is not None
    store.finish(claimed)
    now[0] += 600
    store.purge()
    assert store.accept(["key"], job, 1) is None
    now[0] += 100_000
    store.purge()
    assert store.accept(["key"], job, 1) == job
    store.close()


def test_a_comparison_that_takes_too_long_is_ended(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path, minutes=0.0001) as bot:
        (delivery,) = asked(bot, 1)
        bot.dispatch(delivery)
        assert "took longer than" in text_of(slack.wait(1)[0])


def test_a_process_that_is_killed_costs_its_own_job_alone(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(slack, tmp_path) as bot:
        first, second = asked(bot, 2)
        tell = ProgressMessage.tell

        def kill_and_tell(progress: ProgressMessage, *stage: Any) -> None:
            for process in multiprocessing.active_children():
                process.kill()
            tell(progress, *stage)

        with monkeypatch.context() as patched:
            patched.setattr(ProgressMessage, "tell", kill_and_tell)
            bot.dispatch(first)
            assert "Something went wrong" in text_of(slack.wait(1)[0])
        bot.dispatch(second)
        assert "Both report" in text_of(slack.wait(2)[1])


def test_stopping_leaves_what_is_not_done_to_the_next_start(
    slack: SlackServer, tmp_path: Path
) -> None:
    bot = bot_at(slack, tmp_path)
    bot.workers.start()
    first, second = ferry(slack)
    Running(bot, slack).mention(f"<{first}> <{second}>")
    bot.stop(grace=0.0)
    for thread in threading.enumerate():
        if thread.name in ("slow", "quick", "purge"):
            thread.join(30)
    bot.store.close()
    assert not slack.answers()
    with running(slack, tmp_path):
        slack.wait(1)
    assert len(slack.answers()) == 1


def test_a_thread_of_many_messages_is_searched_to_its_end(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(slack, tmp_path) as bot:
        root = slack.world.say(CHANNEL, "root")
        slack.faults.order("chat.postMessage", Fault(500, done=True))
        for number in range(250):
            slack.world.say(CHANNEL, f"reply {number}", thread=root["ts"])
        bot.mention("help", thread=root["ts"])
        slack.wait(1)
    assert len(slack.answers()) == 1


def test_pauses_grow_and_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from summarizer.errors import SlackFailed
    from summarizer.render.block_kit import Message

    monkeypatch.setattr("summarizer.slackbot.runner.LONGEST_PAUSE", 60.0)
    pauses: list[float] = []
    workspaces = workspace_of("xoxb-x", "http://127.0.0.1:9/")
    place = Place(team="T", channel="C", thread="1", user="U")
    job = Job(id="j", ask=Ask(kind=Kind.HELP), place=place, at=0.0)
    monkeypatch.setattr("summarizer.slackbot.slack_api.RETRIES", 0)
    with pytest.raises(SlackFailed, match="again and again"):
        Poster(workspaces, pauses.append).message(job, "answer", Message("x", ()))
    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(pauses) == 60.0
    assert sum(pauses) < 900
