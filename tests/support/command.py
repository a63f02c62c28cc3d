"""The command line as a user meets it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

COMMANDS = (
    "completion",
    "diff",
    "article",
    "extract",
    "chunks",
    "judge",
    "schema",
    "doctor",
    "prompts",
    "cache",
    "eval",
    "mcp",
    "stories",
    "slack",
    "watch",
)

FERRY_A = "\n".join(
    (
        "Ferry runs aground off Port Marrow",
        "",
        "The ferry Meridian ran aground off Port Marrow on Monday night with 212 people aboard, "
        "the coast guard said. All of them were taken off by dawn in two lifeboats and a boat.",
        "",
        "The captain, Ilse Varga, had asked for a pilot twice, according to the ship's log seen "
        "by this newspaper. Divers are to look at the hull on Wednesday.",
        "",
        "The harbor office expects the channel to open again by the end of the week, and two "
        "smaller boats carry passengers until then.",
        "",
    )
)
FERRY_B = "\n".join(
    (
        "Everyone safe after ferry hits sandbank",
        "",
        "The ferry Meridian ran aground off Port Marrow on Monday night with 198 people aboard, "
        "officials in the town said. All passengers were brought ashore before sunrise.",
        "",
        "The island's only baker drove bread to the school hall where the passengers slept. "
        "Nobody was badly hurt, said a nurse who met them on the pier.",
        "",
        "The ferry's owner, Marrow Lines, said that repairs would take up to three months and "
        "cost about four million crowns, most of which the insurance would pay.",
        "",
    )
)


def summarize(
    *args: str | Path,
    cwd: Path,
    stdin: str | bytes | BinaryIO = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run ``summarize`` with ``args`` in the folder ``cwd``, without any user's settings."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SUMMARIZER_") and name not in {"NO_COLOR", "FORCE_COLOR"}
    }
    # No vocabulary and no way to one: tokens are estimated, the same everywhere.
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "TIKTOKEN_CACHE_DIR": str(cwd / "none")}
    clean |= {"XDG_CONFIG_HOME": str(cwd), "PYTHONIOENCODING": "utf-8", **nowhere, **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, args)],
        cwd=cwd,
        **_standard_input(stdin),
        env=clean,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def _standard_input(stdin: str | bytes | BinaryIO) -> dict[str, Any]:
    if isinstance(stdin, str | bytes):
        return {"input": stdin.encode() if isinstance(stdin, str) else stdin}
    return {"stdin": stdin}


def write_ferry(folder: Path) -> None:
    """Write two articles of one event, ``a.txt`` and ``b.txt``."""
    (folder / "a.txt").write_text(FERRY_A, encoding="utf-8")
    (folder / "b.txt").write_text(FERRY_B, encoding="utf-8")
