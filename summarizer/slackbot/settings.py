"""What is chosen for the bot: its settings, the tokens that Slack gave it, the app's manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError
from summarizer.settings import (
    amount,
    load_extra,
    or_unset,
    setting,
    text,
    user_configuration,
    whole,
)
from summarizer.text.data import load, load_text

COMMAND, SHORTCUT = "/newsdiff", "compare_thread"  # as manifest.json has them
NAME_CHARACTERS = 35  # the longest name of an app that Slack's schema of manifests takes

SCOPES: dict[str, str] = load("words", __package__)["scopes"]
_RUNS, _COST = or_unset(whole(0, 1_000_000)), or_unset(amount(0, 100_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """Every choice that is the bot's alone; those of a run are in the core's ``Settings``."""

    workers: int = setting(2, whole(1, 64), "comparisons under way at once")
    queue: int = setting(10, whole(0, 1000), "requests that may wait for their turn")
    minutes: float = setting(15.0, amount(0.1, 600), "minutes one request may take")
    keep_hours: float = setting(
        168.0, amount(0, 8760), "hours a report is kept for what is asked afterwards"
    )
    runs_a_day: float | None = setting(None, _RUNS, "requests worked on in a day, at most")
    channel_runs_a_day: float | None = setting(None, _RUNS, "the same for one channel")
    cost_a_day: float | None = setting(None, _COST, "dollars that all requests of a day may cost")
    channel_cost_a_day: float | None = setting(None, _COST, "the same for one channel")
    folder: str = setting(
        "", text, "where the bot keeps its state; empty: beside the user's configuration"
    )
    api_url: str = setting(
        "https://slack.com/api/", text, "where Slack's Web API is; GovSlack has another"
    )

    def state_folder(self, env: Mapping[str, str]) -> Path:
        """Return where the bot keeps what has to outlive a restart."""
        if self.folder:
            return Path(os.path.expanduser(self.folder))  # noqa: PTH111 - Path.expanduser raises for an unknown user
        return user_configuration(env).parent / "slack"


def load_slack_settings() -> SlackSettings:
    """Return the bot's settings; raises UsageError as ``settings.load`` does."""
    return load_extra(SlackSettings, "slack")


def _token(name: str, beginning: str = "") -> Any:
    """Return the field of a token: the variable it is in, and how it begins."""
    return field(default="", repr=False, metadata={"name": name, "beginning": beginning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What Slack gave us. Nothing of it is in its ``repr``, so no log can hold it."""

    bot_token: str = _token("SLACK_BOT_TOKEN", "xoxb-")
    app_token: str = _token("SLACK_APP_TOKEN", "xapp-")
    signing_secret: str = _token("SLACK_SIGNING_SECRET")
    client_id: str = _token("SLACK_CLIENT_ID")
    client_secret: str = _token("SLACK_CLIENT_SECRET")

    @property
    def many_workspaces(self) -> bool:
        """Whether the app is installed by each workspace for itself."""
        return bool(self.client_id and self.client_secret)

    def need(self, *names: str) -> None:
        """Check that some are there; a UsageError names those that are not."""
        wanted = {each.metadata["name"]: each.name for each in fields(self) if each.name in names}
        missing = [variable for variable, name in wanted.items() if not getattr(self, name)]
        if missing:
            raise UsageError(
                f"Not set: {', '.join(missing)}.",
                "Put it into the environment; docs/slack.md says where Slack shows it.",
            )


def load_tokens(env: Mapping[str, str]) -> Tokens:
    """Return what the environment holds; a UsageError says what cannot be right."""
    return Tokens(**{each.name: _load_token(env, **each.metadata) for each in fields(Tokens)})


def _load_token(env: Mapping[str, str], name: str, beginning: str) -> str:
    """Return the token in a variable, or in the file that ``NAME_FILE`` names."""
    value = env.get(name, "").strip()
    path = env.get(f"{name}_FILE", "").strip()
    if not value and path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{name}_FILE cannot be read.", "Check the path.") from error
    if value and not value.startswith(beginning):
        raise UsageError(
            f"{name} does not begin with {beginning}, so it is another kind of token.",
            "docs/slack.md says where Slack shows it.",
        )
    return value


def manifest(name: str, address: str = "") -> dict[str, Any]:
    """Return the manifest of a bot of that name; its public address is empty for Socket Mode."""
    made: dict[str, Any] = json.loads(load_text("manifest.json", __package__ or ""))
    features, settings = made["features"], made["settings"]
    made["display_information"]["name"] = features["bot_user"]["display_name"] = name
    made["oauth_config"] = {"scopes": {"bot": list(SCOPES)}}
    if address:
        base = address.rstrip("/")
        for part in (settings["event_subscriptions"], settings["interactivity"]):
            part["request_url"] = f"{base}/slack/events"
        features["slash_commands"][0]["url"] = f"{base}/slack/events"
        made["oauth_config"]["redirect_urls"] = [f"{base}/slack/oauth_redirect"]
        settings["socket_mode_enabled"] = False
    return made
