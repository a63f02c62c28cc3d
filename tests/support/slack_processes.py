"""A bot in a process of its own, which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.slack_server.deliveries import SECRET
from tests.support.slack_server.http import SlackServer
from tests.support.slack_server.world import APP_TOKEN, BOT_TOKEN


def environment(slack: SlackServer, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a bot that keeps its state in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUMMARIZER_")}
    return {
        **kept,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SUMMARIZER_SLACK_API_URL": slack.url,
        "SUMMARIZER_SLACK_FOLDER": str(folder / "state"),
        "SUMMARIZER_ALLOW_PRIVATE_URLS": "true",
        "SUMMARIZER_ENGINE": "extractive",
        "SUMMARIZER_JUDGE": "lexical",
        "TIKTOKEN_CACHE_DIR": str(folder / "none"),
        "HTTPS_PROXY": "",  # Slack's client goes by it
        **more,
    }


class BotProcess:
    """``summarize slack run``; its log goes to a file."""

    def __init__(self, env: Mapping[str, str], folder: Path, *arguments: str) -> None:
        self.log = folder / "bot.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "summarizer", "slack", "run", *arguments],
                env=env,
                cwd=folder,
                stderr=log,
                stdout=log,
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 60) -> int:
        """Ask it to end, and return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)
