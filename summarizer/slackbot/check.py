"""Whether a bot could run: each thing it needs, looked at before anybody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.database import DatabaseInUse
from summarizer.errors import SlackFailed, SummarizerError, UsageError
from summarizer.pipeline import open_desk
from summarizer.settings import Settings
from summarizer.slackbot.settings import SCOPES, SlackSettings, Tokens
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
    looks: dict[str, Callable[[], str]] = {
        "HTTP" if http else "Socket Mode": lambda: _check_way_in(slack, tokens, http=http),
        "state": lambda: _check_state(folder),
        "model": lambda: _check_model(settings, slack),
        "budget": lambda: _describe_budget(slack),
    }
    if not (http and tokens.many_workspaces):
        bot: dict[str, object] = {}
        looks = {
            "bot token": lambda: _check_bot(slack, tokens, bot),
            "scopes": lambda: _check_scopes(bot),
            **looks,
        }
    for what, look in looks.items():
        try:
            if state := look():
                yield Finding(what, state)
        except SummarizerError as problem:
            yield Finding(what, "", problem)


def _check_bot(slack: SlackSettings, tokens: Tokens, bot: dict[str, object]) -> str:
    """Return who the bot is, and put what Slack says of it into ``bot``."""
    tokens.need("bot_token")
    bot |= identify(tokens.bot_token, slack.api_url, retries=RETRIES)
    return f"{bot.get('user')} in {bot.get('team')}"


def _check_scopes(bot: dict[str, object]) -> str:
    """Return whether Slack gave the bot its scopes; nothing where it does not know the bot."""
    if not bot:
        return ""
    if bot.get("scopes") is None:
        return "Slack did not say"
    granted = str(bot["scopes"]).split(",")
    missing = [f"{scope} ({why})" for scope, why in SCOPES.items() if scope not in granted]
    if missing:
        raise UsageError(
            f"Missing: {', '.join(missing)}.",
            "Put the manifest into the app's settings (`summarize slack manifest`), and install "
            "the app again.",
        )
    return "all there"


def _check_way_in(slack: SlackSettings, tokens: Tokens, *, http: bool) -> str:
    tokens.need("signing_secret" if http else "app_token")
    if http:
        return "the signing secret is set"
    try:
        client = patient_client(tokens.app_token, slack.api_url, retries=RETRIES)
        client.apps_connections_open(app_token=tokens.app_token)
    except ERRORS as error:
        raise failure("The app's token was not taken", error) from error
    return "Slack opens a connection"


def _check_state(folder: Path) -> str:
    try:
        Store(folder).close()
    except DatabaseInUse:
        return f"{folder}, in use by a bot that runs"
    return str(folder)


def _check_model(settings: Settings, slack: SlackSettings) -> str:
    with open_desk(settings) as desk:
        how = f"{desk.engine.name} engine, {desk.judge.name} judge"
        if desk.session is None:
            return f"{how}, offline"
        if desk.session.price is None and slack.limits_cost:
            raise UsageError(
                f"The price of {desk.session.model} is unknown, so no budget in dollars holds.",
                'Set prices = "input/cached/output" in dollars per million tokens.',
            )
        return f"{how}: {desk.described()}"


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
    codes = {finding.problem.exit_code for finding in findings if finding.problem}
    return SlackFailed.exit_code if SlackFailed.exit_code in codes else max(codes, default=0)
