"""The command line as a user meets it: a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import BinaryIO

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
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder, name) for name in ("in", "out", "err"))
        if isinstance(stdin, str | bytes):
            given.write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
            code = _run_forked([*map(str, args)], cwd, clean, (given, out, err), timeout)
        else:
            done = subprocess.run(
                [sys.executable, "-m", "summarizer", *map(str, args)],
                cwd=cwd,
                stdin=stdin,
                env=clean,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
            code = done.returncode
            out.write_bytes(done.stdout)
            err.write_bytes(done.stderr)
        return subprocess.CompletedProcess(
            args, code, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _run_forked(
    args: list[str],
    cwd: Path,
    env: Mapping[str, str],
    streams: tuple[Path, Path, Path],
    timeout: float,
) -> int:
    """Run the command in a process forked from one that has the libraries loaded.

    A process as good as any, with its own folder, environment and streams, in a tenth of the time.
    """
    process = _forkserver().Process(target=_command, args=(args, cwd, dict(env), streams))
    process.start()
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(args, timeout)
    return process.exitcode


@cache
def _forkserver() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "tests.support.warm"])
    return context


def _command(
    args: list[str], cwd: Path, env: dict[str, str], streams: tuple[Path, Path, Path]
) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, (path, mode) in enumerate(
        zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)
    ):
        os.dup2(os.open(path, mode), number)
    encoding, _, errors = env["PYTHONIOENCODING"].partition(":")
    # These three stay open as long as the process lives.
    sys.stdin = open(0, encoding=encoding, errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["summarizer", *args]
    runpy.run_module("summarizer", run_name="__main__", alter_sys=True)


def write_ferry(folder: Path) -> None:
    """Write two articles of one event, ``a.txt`` and ``b.txt``."""
    (folder / "a.txt").write_text(FERRY_A, encoding="utf-8")
    (folder / "b.txt").write_text(FERRY_B, encoding="utf-8")
