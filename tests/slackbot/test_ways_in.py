"""Socket Mode over a real websocket, HTTP with real signatures, OAuth, and the commands."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse

from summarizer.cli.app import run
from summarizer.slackbot.http import DISPATCHERS, serve_http
from summarizer.slackbot.jobs import Store
from summarizer.slackbot.settings import COMMAND, SCOPES, SHORTCUT, manifest
from tests.support.slack_bots import TOKENS, Running, bot_at, ferry, running
from tests.support.slack_processes import BotProcess, environment
from tests.support.slack_server.blocks import text_of
from tests.support.slack_server.deliveries import CHANNEL, command, encoded, event, post, signed
from tests.support.slack_server.http import SlackServer
from tests.support.slack_server.world import BOT_TOKEN, TEAM

pytestmark = pytest.mark.slow


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as started:
        yield started


@pytest.fixture
def port(slack: SlackServer, tmp_path: Path) -> Iterator[int]:
    with (
        running(slack, tmp_path) as bot,
        serve_http(bot.bot.app, None, "127.0.0.1", 0) as port,
    ):
        yield port


def test_socket_mode_from_start_to_end(slack: SlackServer, tmp_path: Path) -> None:
    bot = BotProcess(environment(slack, tmp_path), tmp_path)
    slack.wait_for(slack.connected.is_set)
    first, second = ferry(slack)
    message = slack.world.say(CHANNEL, f"<@U0BOT> <{first}> <{second}>")
    assert slack.deliver("events_api", event(message)) is not None
    assert slack.deliver("slash_commands", command("hello")) is not None
    told = [told for _, told in slack.acks.values() if "payload" in told]
    assert "Give me links" in told[0]["payload"]["text"]
    assert "Both report" in text_of(slack.wait(1)[0])
    assert bot.stop() == 0
    assert "Stopping" in bot.log.read_text()


def test_http_deliveries_are_acknowledged_and_answered(slack: SlackServer, port: int) -> None:
    first, second = ferry(slack)
    message = slack.world.say(CHANNEL, f"<@U0BOT> <{first}> <{second}>")
    delivery = event(message)
    assert post(port, delivery)[0] == 200
    assert post(port, delivery, again=1)[0] == 200
    assert post(port, command("hello"))[0] == 200
    slack.wait(1)
    status, body = post(port, {"type": "url_verification", "challenge": "c4"})
    assert (status, "c4" in body) == (200, True)


def test_http_refuses_what_is_not_signed(slack: SlackServer, port: int) -> None:
    delivery = event(slack.world.say(CHANNEL, "<@U0BOT> help"))
    body, _ = encoded(delivery)
    bad = [
        signed(body, secret="another"),
        signed(body, at=time.time() - 301),
        signed(body, at=time.time() + 360),
        signed(body + " "),
        {},
        {"X-Slack-Signature": "v0=", "X-Slack-Request-Timestamp": "now"},
    ]
    for headers in bad:
        assert post(port, delivery, headers)[0] in {401, 500}, headers
    assert post(port, {"type": "url_verification", "challenge": "c"}, bad[0])[0] == 401
    assert not slack.answers()


def test_a_replayed_request_is_answered_once(slack: SlackServer, port: int) -> None:
    for payload in (
        event(slack.world.say(CHANNEL, "<@U0BOT> help")),
        command(" ".join(ferry(slack))),
    ):
        headers = signed(encoded(payload)[0])
        for _ in range(3):
            assert post(port, payload, headers)[0] == 200
    slack.wait(2)
    time.sleep(0.2)
    assert len(slack.answers()) == 2


def test_other_paths_and_large_bodies(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    with urllib.request.urlopen(f"{base}/healthz") as answer:
        assert answer.read() == b"ok"
    for path, data in (("/", None), ("/slack/events", b"x" * 1_000_001), ("/other", b"x")):
        with pytest.raises((urllib.error.HTTPError, OSError)):
            urllib.request.urlopen(base + path, data=data)


def begun(port: int, head: str) -> socket.socket:
    """Return a connection on which a request was begun."""
    sender = socket.create_connection(("127.0.0.1", port), timeout=30)
    sender.sendall(head.encode())
    return sender


SLOW_HEAD = "POST /slack/events HTTP/1.1\r\nHost: bot\r\nX-Slack-Sig"
SLOW_BODY = "POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 5000\r\n\r\ntoken="


def healthy(connection: socket.socket) -> bool:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
    return b"200 OK" in connection.recv(1_000)


def test_slow_senders_hold_no_threads_and_keep_nobody_out(slack: SlackServer, port: int) -> None:
    before = threading.active_count()
    senders = [begun(port, (SLOW_HEAD, SLOW_BODY)[number % 2]) for number in range(300)]
    assert post(port, event(slack.world.say(CHANNEL, "<@U0BOT> help")))[0] == 200
    assert threading.active_count() - before <= DISPATCHERS
    slack.wait(1)
    for sender in senders:
        sender.close()


@pytest.mark.parametrize("head", [SLOW_HEAD, SLOW_BODY])
def test_a_request_that_trickles_in_has_an_end(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str
) -> None:
    monkeypatch.setattr("summarizer.slackbot.http.WHOLE_SECONDS", 0.3)
    with running(slack, tmp_path) as bot, ExitStack() as stack:
        port = stack.enter_context(serve_http(bot.bot.app, None, "127.0.0.1", 0))
        sender = begun(port, head)
        sender.settimeout(0.02)
        for _ in range(1_000):  # twenty seconds at most, and a byte each time
            try:
                sender.sendall(b"a")
                assert sender.recv(100) == b""
                break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("the connection was kept open")
        sender.close()


def test_one_connection_too_many_costs_the_one_that_was_silent_longest(
    slack: SlackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.slackbot.http.CONNECTIONS", 3)
    with running(slack, tmp_path) as bot, ExitStack() as stack:
        port = stack.enter_context(serve_http(bot.bot.app, None, "127.0.0.1", 0))
        kept = begun(port, "")
        senders = [begun(port, SLOW_BODY) for _ in range(2)]
        for _ in range(2):  # with the second answer the server surely waits for a new request
            assert healthy(kept)
        fourth = begun(port, SLOW_BODY)
        assert senders[0].recv(100) == b""
        assert healthy(kept)
        for each in (kept, *senders, fourth):
            each.close()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe", "application/json"),
        (b"{no JSON", "application/json"),
        (b"[" * 500_000, "application/json"),
        (b"a=b&" * 200_000, "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=y"),
    ],
)
def test_a_delivery_that_slack_would_never_send_is_refused(
    port: int, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slack/events", body, {"Content-Type": kind}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert 400 <= refused.value.code < 500
    refused.value.close()
    assert "Traceback" not in caplog.text


def test_many_workspaces_each_with_its_token(slack: SlackServer, tmp_path: Path) -> None:
    from slack_sdk.oauth.installation_store import Installation

    tokens = replace(TOKENS, bot_token="", client_id="1.2", client_secret="secret")
    bot = bot_at(slack, tmp_path, tokens)
    flow = bot.workspaces.flow
    assert flow is not None
    assert flow.settings.installation_store is not None
    flow.settings.installation_store.save(
        Installation(
            app_id="A", team_id=TEAM, user_id="U", bot_token=BOT_TOKEN, bot_id="B0BOT",
            bot_user_id="U0BOT", bot_scopes=list(SCOPES),
        )
    )  # fmt: skip
    bot.workers.start()
    with serve_http(bot.app, flow, "127.0.0.1", 0) as port:
        assert post(port, event(slack.world.say(CHANNEL, "<@U0BOT> help")))[0] == 200
        stranger = event(slack.world.say(CHANNEL, "<@U0BOT> help")) | {"team_id": "T0OTHER"}
        assert post(port, stranger) == (200, "")
        slack.wait(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/slack/install") as page:
            text = page.read().decode()
        assert "client_id=1.2" in text
        assert "secret" not in text
    assert bot.stop()
    assert len(slack.answers()) == 1


def test_pages_of_an_installation_that_wait_for_slack_hold_up_no_delivery(
    slack: SlackServer, tmp_path: Path
) -> None:
    waiting = threading.Event()

    def wait_for_slack(request: BoltRequest) -> BoltResponse:
        waiting.wait(10)
        return BoltResponse(status=200)

    flow: Any = SimpleNamespace(
        install_path="/slack/install",
        redirect_uri_path="/slack/oauth_redirect",
        handle_installation=wait_for_slack,
        handle_callback=wait_for_slack,
    )
    head = "GET /slack/install HTTP/1.1\r\nHost: bot\r\n\r\n"
    with running(slack, tmp_path) as bot, ExitStack() as stack:
        port = stack.enter_context(serve_http(bot.bot.app, flow, "127.0.0.1", 0))
        for _ in range(2 * DISPATCHERS):
            stack.enter_context(begun(port, head))
        try:
            assert post(port, event(slack.world.say(CHANNEL, "<@U0BOT> help")))[0] == 200
        finally:
            waiting.set()


def test_the_manifest_asks_for_little_and_says_where() -> None:
    made = manifest("News diff", "https://bot.example/")
    assert set(made["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    assert made["settings"]["event_subscriptions"]["request_url"] == (
        "https://bot.example/slack/events"
    )
    assert not made["settings"]["socket_mode_enabled"]
    assert manifest("x")["settings"]["socket_mode_enabled"]
    assert "assistant_view" not in json.dumps(made)
    assert made["features"]["slash_commands"][0]["command"] == COMMAND
    assert made["features"]["shortcuts"][0]["callback_id"] == SHORTCUT
    assert len(made["features"]["shortcuts"][0]["name"]) <= 24


@pytest.fixture
def command_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return what runs ``summarize slack`` in this process: its exit code and what it wrote."""
    monkeypatch.setattr("summarizer.cli.services._configure_log", lambda verbose: None)

    def run_slack(env: dict[str, str], *arguments: str) -> tuple[int, str, str]:
        with monkeypatch.context() as patched:
            for name in [name for name in os.environ if name.startswith(("SLACK_", "SUMMARIZER_"))]:
                patched.delenv(name)
            for name, value in env.items():
                patched.setenv(name, value)
            code = run(["slack", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run_slack


Command = Callable[..., tuple[int, str, str]]


def test_a_name_that_slack_would_refuse_is_refused_before(command_in: Command) -> None:
    assert command_in({}, "manifest", "--name", "n" * 35)[0] == 0
    code, out, err = command_in({}, "manifest", "--name", "n" * 36)
    assert (code, out) == (2, "")
    assert "1 to 35" in err


def test_check_says_what_is_there_and_what_to_do(
    slack: SlackServer, tmp_path: Path, command_in: Command
) -> None:
    env = environment(slack, tmp_path)
    code, fine, err = command_in(env, "check")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in fine.splitlines()] == ["ok"] * 4
    slack.world.scopes = "chat:write"
    code, lacking, _ = command_in(env, "check")
    assert code == 2
    assert "files:read (to read files" in lacking
    code, wrong, _ = command_in({**env, "SLACK_BOT_TOKEN": "xoxb-bad"}, "check")
    assert code == 4
    assert "Slack says invalid_auth" in wrong
    assert "xoxb" not in fine + lacking + wrong


def test_what_is_not_set_is_named(tmp_path: Path, command_in: Command) -> None:
    code, out, err = command_in({}, "run")
    assert (code, out) == (2, "")
    assert "Not set: SLACK_BOT_TOKEN." in err
    err = command_in({"SLACK_BOT_TOKEN": "xapp-1-secret"}, "run")[2]
    assert "does not begin with xoxb-" in err
    assert "secret" not in err
    (tmp_path / "token").write_text("xoxb-from-file\n")
    err = command_in({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}, "run")[2]
    assert "Not set: SLACK_APP_TOKEN." in err


# Tornado does not close the socket that it cannot bind.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")
def test_a_bot_that_cannot_start_says_why_and_ends(
    slack: SlackServer, tmp_path: Path, command_in: Command
) -> None:
    envs = [environment(slack, tmp_path / name) for name in ("one", "two", "three")]
    code, out, told = command_in({**envs[0], "SLACK_APP_TOKEN": "xapp-bad"}, "run")
    assert code == 4
    assert "Socket Mode does not start: Slack says invalid_auth." in told
    taken = slack.url.rpartition(":")[2].partition("/")[0]
    code, _, err = command_in(envs[1], "run", "--http", "--port", taken)
    assert code == 2
    assert "Cannot listen on 127.0.0.1" in err
    store = Store(tmp_path / "three" / "state")
    code, _, in_use = command_in(envs[2], "run")
    store.close()
    assert code == 2
    assert "in use by another bot" in in_use
    assert "Traceback" not in out + told + err + in_use


def test_socket_mode_is_for_the_one_workspace_whatever_else_is_set(
    slack: SlackServer, tmp_path: Path, command_in: Command
) -> None:
    more = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "secret"}
    env = environment(slack, tmp_path, **more)
    assert "ok    bot token" in command_in(env, "check")[1]
    bot = BotProcess(env, tmp_path)
    slack.wait_for(slack.connected.is_set)
    assert slack.deliver("events_api", event(slack.world.say(CHANNEL, "<@U0BOT> help"))) is not None
    slack.wait(1)
    assert bot.stop() == 0


def test_http_runs_as_a_process_too(slack: SlackServer, tmp_path: Path) -> None:
    bot = BotProcess(environment(slack, tmp_path), tmp_path, "--http", "--port", "0")
    ready = slack.wait_for(lambda: re.search(r"HTTP, port (\d+)", bot.log.read_text()))
    message = slack.world.say(CHANNEL, "<@U0BOT> help")
    assert post(int(ready[1]), event(message))[0] == 200
    slack.wait(1)
    assert bot.stop() == 0


def test_without_the_extra_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['slack_bolt'] = None\n"
        "import importlib.util as util; found = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if 'bolt' in name else found(name, *more)\n"
        "from summarizer.cli.app import run\n"
        "assert run(['slack', 'manifest', '-o', 'manifest.json']) == 0\n"
        "sys.exit(run(['slack', 'run']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 2
    assert "pip install 'newsdiff[slack]'" in done.stderr


def test_deliveries_at_once_are_all_taken_on(slack: SlackServer, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with running(slack, tmp_path) as bot, ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: Running(bot.bot, slack).mention("help"), range(20)))
        slack.wait(20)
    assert len(slack.answers()) == 20
