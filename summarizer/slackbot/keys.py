"""Tokens and secrets: from the environment or a file it names, and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.errors import UsageError

NAMES = {
    "bot_token": ("SLACK_BOT_TOKEN", "xoxb-"),
    "app_token": ("SLACK_APP_TOKEN", "xapp-"),
    "signing_secret": ("SLACK_SIGNING_SECRET", ""),
    "client_id": ("SLACK_CLIENT_ID", ""),
    "client_secret": ("SLACK_CLIENT_SECRET", ""),
}
"""Each by the variable it is in and how it begins; ``NAME_FILE`` names a file that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What Slack gave us. Nothing of it is in its ``repr``, so no log can hold it."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)

    @property
    def many_workspaces(self) -> bool:
        """Whether the app is installed by each workspace for itself."""
        return bool(self.client_id and self.client_secret)

    def need(self, *names: str) -> None:
        """Check that some are there.

        Raises:
            UsageError: One is not.
        """
        missing = [NAMES[name][0] for name in names if not getattr(self, name)]
        if missing:
            raise UsageError(
                f"Not set: {', '.join(missing)}.",
                "Put it into the environment; docs/slack.md says where Slack shows it.",
            )


def load_keys(env: Mapping[str, str]) -> Keys:
    """Return what the environment holds.

    Raises:
        UsageError: One cannot be what it is to be, or its file cannot be read.
    """
    return Keys(**{name: _one(env, *NAMES[name]) for name in NAMES})


def _one(env: Mapping[str, str], name: str, beginning: str) -> str:
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
