"""Whether a bot could run: each thing it needs, looked at before anybody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import SlackFailed, SummarizerError, UsageError
from summarizer.settings import Settings
from summarizer.slackbot.manifest import SCOPES
from summarizer.slackbot.settings import SlackSettings, Tokens
from summarizer.slackbot.slack_api import ERRORS, failure, identify, patient_client
from summarizer.slackbot.store import Store

RETRIES = 1
"""Times that a request is sent again: somebody waits for what is found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, or what is wrong with it."""

    what: str
    state: str
    problem: SummarizerError | None = None


def examine(
    settings: Settings, slack: SlackSettings, tokens: Tokens, folder: Path, *, http: bool
) -> Iterator[Finding]:
    """Yield what was found out about tokens, scopes, the state in a folder, and the model.

    No token is ever part of a finding; ``http`` is whether the bot is to be run over HTTP.
    """
    if not (http and tokens.many_workspaces):
        yield from _check_bot(slack, tokens)
    yield _check_way_in(slack, tokens, http=http)
    yield _check_state(folder)
    yield _check_model(settings, slack)
    yield Finding("budget", _describe_budget(slack))


def _check_bot(slack: SlackSettings, tokens: Tokens) -> Iterator[Finding]:
    try:
        tokens.need("bot_token")
        bot = identify(tokens.bot_token, slack.api_url, retries=RETRIES)
    except SummarizerError as problem:
        yield Finding("bot token", "", problem)
        return
    yield Finding("bot token", f"{bot.get('user')} in {bot.get('team')}")
    granted = str(bot.get("scopes") or "").split(",")
    missing = [f"{scope} ({SCOPES[scope]})" for scope in SCOPES if scope not in granted]
    if bot.get("scopes") is None:
        yield Finding("scopes", "Slack did not say")
    elif missing:
        lacking = UsageError(
            f"Missing: {', '.join(missing)}.",
            "Put the manifest into the app's settings (`summarize slack manifest`), and install "
            "the app again.",
        )
        yield Finding("scopes", "", lacking)
    else:
        yield Finding("scopes", "all there")


def _check_way_in(slack: SlackSettings, tokens: Tokens, *, http: bool) -> Finding:
    what = "HTTP" if http else "Socket Mode"
    try:
        tokens.need("signing_secret" if http else "app_token")
        if not http:
            client = patient_client(tokens.app_token, slack.api_url, retries=RETRIES)
            client.apps_connections_open(app_token=tokens.app_token)
    except ERRORS as error:
        return Finding(what, "", failure("The app's token was not taken", error))
    except UsageError as problem:
        return Finding(what, "", problem)
    return Finding(what, "the signing secret is set" if http else "Slack opens a connection")


def _check_state(folder: Path) -> Finding:
    try:
        Store(folder).close()
    except UsageError as problem:
        if "Another process" in problem.message:
            return Finding("state", f"{folder}, in use by a bot that runs")
        return Finding("state", "", problem)
    return Finding("state", str(folder))


def _check_model(settings: Settings, slack: SlackSettings) -> Finding:
    from summarizer.pipeline import open_desk

    try:
        with open_desk(settings) as desk:
            how = f"{desk.engine.name} engine, {desk.judge.name} judge"
            if desk.session is None:
                return Finding("model", f"{how}, offline")
            if desk.session.price is None and slack.limits_cost:
                raise UsageError(
                    f"The price of {desk.session.model} is unknown, so no budget in dollars holds.",
                    'Set prices = "input/cached/output" in dollars per million tokens.',
                )
            return Finding("model", f"{how}: {desk.described()}")
    except SummarizerError as problem:
        return Finding("model", "", problem)


def _describe_budget(slack: SlackSettings) -> str:
    limits = {
        "requests a day": slack.runs_a_day,
        "of one channel": slack.channel_runs_a_day,
        "dollars a day": slack.cost_a_day,
        "dollars a day of one channel": slack.channel_cost_a_day,
    }
    shown = [f"{limit:g} {what}" for what, limit in limits.items() if limit is not None]
    return ", ".join(shown) or "no limit is set"


def worst(findings: list[Finding]) -> int:
    """Return the exit code: that of a failure of Slack or a server before that of a setting."""
    problems = [finding.problem for finding in findings if finding.problem]
    codes = {problem.exit_code for problem in problems}
    return SlackFailed.exit_code if SlackFailed.exit_code in codes else max(codes, default=0)
