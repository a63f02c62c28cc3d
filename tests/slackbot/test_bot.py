from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from summarizer.slackbot.jobs import DOCUMENTS, Ask, Job, Kind, Place
from summarizer.slackbot.runner import ProgressMessage
from tests.support.command import FERRY_A, FERRY_B
from tests.support.slack_bots import Running, ferry, running, workspace_of
from tests.support.slack_server.blocks import text_of
from tests.support.slack_server.deliveries import (
    DIRECT,
    click,
    command,
    event,
    shortcut,
    submission,
)
from tests.support.slack_server.faults import Fault
from tests.support.slack_server.http import SlackServer
from tests.support.slack_server.world import BOT_TOKEN, TEAM

pytestmark = pytest.mark.slow


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
    for line in ("Both report", "The ferry Meridian ran aground", "Only in", "Where they differ"):
        assert line in text, text
    slack.wait_for(lambda: [each for each in slack.world.messages if each.get("files")])
    (shared,) = [each for each in slack.world.messages if each.get("files") and "bot_id" in each]
    assert shared["thread_ts"] == message["ts"]
    assert [each["name"].rpartition(".")[2] for each in shared["files"]] == [
        each for each in DOCUMENTS
    ]
    assert set(slack.alive()) <= {first, second}


def test_one_link_is_summarized(bot: Running) -> None:
    first, _ = ferry(bot.slack)
    bot.mention(f"<{first}>")
    (answer,) = bot.slack.wait(1)
    assert answer["text"].startswith("Summary: ")
    assert "212 people aboard" in text_of(answer)
    assert "Only in" not in text_of(answer)


def test_shared_files_are_read_and_called_by_their_names(bot: Running) -> None:
    world = bot.slack.world
    files = [
        world.share("gazette.txt", FERRY_A.encode()),
        world.share("../courier.md", FERRY_B.encode()),
        world.share("photo.png", b"\x89PNG"),
    ]
    bot.mention("compare", files=files)
    (answer,) = bot.slack.wait(1)
    text = text_of(answer)
    assert "Only in Gazette" in text
    assert "Only in Courier" in text
    assert "/tmp" not in str(world.messages)


def test_a_file_that_is_not_at_slack_is_not_fetched_with_the_token(bot: Running) -> None:
    world = bot.slack.world
    file = world.share("gazette.txt", FERRY_A.encode())
    elsewhere = {**file, "url_private_download": "http://127.0.0.2:9/x"}
    bot.mention("", files=[elsewhere])
    (answer,) = bot.slack.wait(1)
    assert "not kept at Slack" in text_of(answer)


def test_a_slash_command_opens_a_thread(bot: Running) -> None:
    first, second = ferry(bot.slack)
    response = bot.dispatch(command(f"{first} {second}"))
    assert response.status == 200
    assert "On it." in response.body
    (answer,) = bot.slack.wait(1)
    (root,) = [each for each in bot.slack.world.messages if "thread_ts" not in each]
    assert "News diff of 2 articles" in root["text"]
    assert answer["thread_ts"] == root["ts"]


def test_a_slash_command_ends_addresses_where_its_sentence_does(bot: Running) -> None:
    first, second = ferry(bot.slack)
    bot.dispatch(command(f"{first}, and ({second})."))
    assert "Both report" in text_of(bot.slack.wait(1)[0])


def test_a_slash_command_that_comes_too_late_is_told_so(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path, queue=0) as bot:
        told = [bot.dispatch(command(" ".join(ferry(slack)))).body for _ in range(2)]
    assert "On it." in told[0]
    assert "I am busy" in told[1]


def test_a_slash_command_without_links_is_helped_at_once(bot: Running) -> None:
    response = bot.dispatch(command("hello"))
    assert "Give me links" in response.body
    assert not bot.slack.world.messages


def test_where_the_bot_may_not_write_whoever_asked_is_told(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    slack.world.foreign.add("C0SECRET")
    where = f"{slack.world.base}/response/1"
    bot.dispatch(command(f"{first} {second}", where, channel="C0SECRET"))
    assert "Invite me" in slack.wait_for(lambda: slack.world.statuses)[0]


def test_the_shortcut_compares_the_links_of_a_thread(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    root = slack.world.say("C0NEWS", f"look: <{first}>")
    reply = slack.world.say("C0NEWS", f"and <{second}>", thread=root["ts"])
    assert bot.dispatch(shortcut(reply)).status == 200
    (answer,) = slack.wait(1)
    assert answer["thread_ts"] == root["ts"]
    assert "Both report" in text_of(answer)


def test_a_thread_without_links_is_told_apart(bot: Running) -> None:
    root = bot.slack.world.say("C0NEWS", "nothing here")
    bot.dispatch(shortcut(root))
    (answer,) = bot.slack.wait(1)
    assert "no links" in text_of(answer)


def test_a_direct_message_needs_no_mention(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    message = slack.world.say(DIRECT, f"<{first}> <{second}>")
    bot.dispatch(event(message, kind="message"))
    (answer,) = slack.wait(1)
    assert (answer["channel"], answer["thread_ts"]) == (DIRECT, message["ts"])
    follow = slack.world.say(DIRECT, "only Courier", thread=message["ts"])
    bot.dispatch(event(follow, kind="message"))
    assert "Only in Courier" in text_of(slack.wait(2)[1])
    below = slack.world.say(DIRECT, "json")
    bot.dispatch(event(below, kind="message"))
    assert text_of(slack.wait(3)[2]) == "The report as JSON:"


def test_the_bot_does_not_answer_itself_nor_edits(bot: Running) -> None:
    slack = bot.slack
    own = slack.world.say(DIRECT, "help")
    bot.dispatch(event({**own, "bot_id": "B0BOT", "user": "U0BOT"}, kind="message"))
    edited = event(own, kind="message")
    edited["event"]["subtype"] = "message_changed"
    bot.dispatch(edited)
    bot.dispatch(event(own, kind="message"))
    assert len(slack.wait(1)) == 1


def test_what_is_asked_afterwards_is_answered_from_the_stored_report(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    thread = bot.mention(f"<{first}> <{second}>")["ts"]
    slack.wait(1)
    slack.pages.clear()  # nothing is fetched again
    told = []
    for number, word in enumerate(("only gazette", "only in The Moon", "json", "more"), start=2):
        bot.mention(word, thread=thread)
        told.append(text_of(slack.wait(number)[-1]))
    assert "Only in Gazette" in told[0]
    assert "There are: Gazette, Courier" in told[1]
    assert told[2] == "The report as JSON:"
    assert "That was all" in told[3]
    shared = [each for each in slack.world.messages if each.get("files") and "bot_id" in each]
    assert len(slack.wait_for(lambda: shared if len(shared) == 2 else None)) == 2


def test_without_a_report_follow_ups_say_so(bot: Running) -> None:
    root = bot.slack.world.say("C0NEWS", "hello")
    bot.mention("json", thread=root["ts"])
    assert "no report in this thread" in text_of(bot.slack.wait(1)[0])


def test_buttons_and_the_form_of_a_mistake(bot: Running, tmp_path: Path) -> None:
    import json

    slack = bot.slack
    first, second = ferry(slack)
    bot.mention(f"<{first}> <{second}>")
    (answer,) = slack.wait(1)
    actions = {
        each["action_id"]: each
        for block in answer["blocks"]
        if block["type"] in {"actions", "context_actions"}
        for each in block["elements"]
    }
    bot.dispatch(click(answer, {**actions["document_json"], "type": "button"}))
    assert text_of(slack.wait(2)[1]) == "The report as JSON:"
    wrong = actions["vote"]["negative_button"]
    vote = {"type": "feedback_buttons", "action_id": "vote", "value": wrong["value"]}
    assert bot.dispatch(click(answer, vote)).status == 200
    mistake = {**actions["mistake"], "type": "button"}
    assert bot.dispatch(click(answer, mistake)).status == 200
    form = slack.wait_for(lambda: slack.world.views)[0]
    fact = form["blocks"][0]["element"]["options"][0]
    sent = submission(form, {"fact": fact["value"], "wrong": "others_report_it"}, "the Star has it")
    assert bot.dispatch(sent).status == 200
    rows = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
    assert [row["label"] for row in rows] == ["wrong", "others_report_it"]
    assert rows[1]["text"].startswith(fact["text"]["text"].rstrip("…"))
    assert rows[1]["note"] == "the Star has it"
    assert "U0PERSON" not in json.dumps(rows)


def test_problems_are_told_in_plain_words(bot: Running) -> None:
    slack = bot.slack
    first, _ = ferry(slack)
    gone = f"{slack.world.base}/news/gone"
    bot.mention(f"<{first}> <{gone}>")
    text = text_of(slack.wait(1)[0])
    assert "A comparison takes two articles" in text
    assert "--" not in text


def test_three_inputs_of_which_one_fails_are_compared(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    bot.mention(f"<{first}> <{second}> <{slack.world.base}/news/gone>")
    text = text_of(slack.wait(1)[0])
    assert "Both report" in text
    assert "Left out: " in text


def test_what_is_not_compared_is_told(bot: Running) -> None:
    slack = bot.slack
    links = [slack.page(f"Paper{number}", FERRY_A) for number in range(23)]
    paper = slack.world.share("minutes.pdf", b"%PDF")
    photo = {**slack.world.share("photo.png", b"x"), "mimetype": "image/png"}
    bot.mention(" ".join(f"<{each}>" for each in links), files=[paper, photo])
    text = text_of(slack.wait(1)[0])
    assert "Left out: minutes.pdf is no .txt, .md or .html file." in text
    assert "Left out: 3 of 23 articles; I compare at most 20." in text
    assert "photo" not in text


def _reports(slack: SlackServer, count: int) -> bool:
    found = [each for each in slack.world.messages if "bot_id" in each and each.get("files")]
    return len(found) == count


def test_links_of_a_feed_are_compared_and_the_own_reports_are_not(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    root = slack.world.say("C0NEWS", f"<{first}>")
    root["bot_id"] = "B0FEED"
    reply = slack.world.say("C0NEWS", f"and <{second}>", thread=root["ts"])
    for count in (1, 2):
        bot.dispatch(shortcut(reply))
        text = text_of(slack.wait(count)[-1])
        assert "2 outlets · 2 articles" in text
        slack.wait_for(partial(_reports, slack, count))


def test_what_libraries_say_of_articles_is_not_logged() -> None:
    code = (
        "import logging, warnings, summarizer.slackbot.compare as compare\n"
        "from multiprocessing import Pipe\n"
        "def run_order(order, send):\n"
        "    logging.getLogger('a.library').error('password1234')\n"
        "    warnings.warn('password1234')\n"
        "    return {}\n"
        "compare.run_order = run_order\n"
        "ours, theirs = Pipe()\n"
        "compare.serve_order({}, theirs)\n"
        "print(ours.recv_bytes().decode())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert '{"result": {}}' in done.stdout
    assert "password1234" not in done.stdout + done.stderr


def test_a_long_thread_is_read_to_its_end(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    root = slack.world.say("C0NEWS", f"look: <{first}>")
    for number in range(120):
        slack.world.say("C0NEWS", f"reply {number}", thread=root["ts"])
    reply = slack.world.say("C0NEWS", f"and <{second}>", thread=root["ts"])
    bot.dispatch(shortcut(reply))
    assert "Both report" in text_of(slack.wait(1)[0])


def test_where_the_thread_may_not_be_read_whoever_asked_is_told(bot: Running) -> None:
    slack = bot.slack
    root = slack.world.say("C0NEWS", "look")
    slack.faults.order("conversations.replies", Fault(200, error="missing_scope"))
    bot.mention("", thread=root["ts"])
    assert "I cannot read this thread (Slack says missing_scope)" in text_of(slack.wait(1)[0])


def test_addresses_within_the_network_are_refused(slack: SlackServer, tmp_path: Path) -> None:
    with running(slack, tmp_path, allow_private_urls=False) as bot:
        first, second = ferry(slack)
        bot.mention(f"<{first}> <{second}>")
        text = text_of(slack.wait(1)[0])
    assert "leads to a loopback address" in text
    assert "Its address is" not in text
    assert "None of it could be read" in text


def test_paths_are_no_links(bot: Running, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(FERRY_A)
    bot.mention(f"{tmp_path}/secret.txt file://{tmp_path}/secret.txt Gazette={tmp_path}/secret.txt")
    assert "Give me links" in text_of(bot.slack.wait(1)[0])


def test_hostile_articles_stay_text(bot: Running) -> None:
    slack = bot.slack
    trap = (
        "&lt;!channel&gt; &lt;@U0PERSON&gt; said on Monday that &lt;https://evil.example|this&gt; "
        "and https://evil.example/a and @here were to be read by everyone in the office."
    )
    first = slack.page("Gazette", f"{FERRY_A}\n\n{trap}")
    second = slack.page("Courier", f"{FERRY_B}\n\n{trap}")
    bot.mention(f"<{first}> <{second}>")
    slack.wait(1)
    assert "<!channel>" in str(slack.world.messages)
    assert set(slack.alive()) <= {first, second}


def test_a_message_says_how_far_a_job_is_until_it_is_done(slack: SlackServer) -> None:
    root = slack.world.say("C0NEWS", "look")
    place = Place(team=TEAM, channel="C0NEWS", thread=root["ts"], user="U0PERSON")
    job = Job(id="j", ask=Ask(kind=Kind.HELP), place=place, at=0.0)
    now = [0.0]
    with ProgressMessage(workspace_of(BOT_TOKEN, slack.url), job, lambda: now[0]) as progress:
        for done in (1, 2, 3):
            now[0] += 5
            progress.tell("verifying", done, 12)
        progress.tell("verifying", 4, 12)
        _, shown = slack.world.messages
        assert shown["thread_ts"] == root["ts"]
        assert shown["text"] == "Checking each fact against the others… 3 of 12"
    assert slack.world.messages == [root]


def test_an_answer_stands_without_the_progress_before_it(bot: Running) -> None:
    slack = bot.slack
    first, second = ferry(slack)
    bot.mention(f"<{first}> <{second}>")
    slack.wait(1)
    slack.wait_for(lambda: [call for call in slack.calls if call.method == "chat.delete"])
    assert not [each for each in slack.world.messages if "Fetching" in each["text"]]


def test_nothing_of_a_message_or_an_article_is_logged(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "summarizer")
    first, second = ferry(bot.slack)
    bot.mention(f"password1234 <{first}> <{second}>")
    bot.slack.wait(1)
    bot.dispatch({"type": "event_callback", "event": {"type": "other", "text": "password1234"}})
    for secret in ("password1234", "Meridian", "xoxb-test", "xapp-test", "ferry-gazette"):
        assert secret not in caplog.text
