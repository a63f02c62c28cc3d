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


class ForkedCommand:
    """A Python module run as a command, in a process forked from one that has the libraries.

    A process as good as any, with its own folder, environment and streams, in a tenth of the time.

    Args:
        module: The module: "summarizer", as in ``python -m summarizer``.
        args: Its arguments.
        cwd: The folder it runs in.
        env: Its whole environment.
        stdin: What it reads.
    """

    def __init__(
        self, module: str, args: list[str], cwd: Path, env: Mapping[str, str], stdin: bytes = b""
    ) -> None:
        self._args = args
        self._folder = tempfile.TemporaryDirectory()
        streams = tuple(Path(self._folder.name, name) for name in ("in", "out", "err"))
        given, self._out, self._err = streams
        given.write_bytes(stdin)
        self._process = _forkserver().Process(
            target=_run_module, args=(module, args, cwd, dict(env), streams)
        )
        self._process.start()

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def communicate(self, timeout: float) -> tuple[bytes, bytes]:
        """Wait for its end, and return what it wrote on its two streams.

        Raises:
            TimeoutExpired: It did not end within so many seconds, and is ended now.
        """
        self._process.join(timeout)
        late = self._process.exitcode is None
        if late:
            self._process.kill()
            self._process.join()
        written = [path.read_bytes() if path.exists() else b"" for path in (self._out, self._err)]
        self._folder.cleanup()
        if late:
            raise subprocess.TimeoutExpired(self._args, timeout)
        return written[0], written[1]


def run_module(
    module: str,
    *args: str | Path,
    cwd: Path,
    env: Mapping[str, str],
    stdin: bytes = b"",
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a module as a command, ``env`` being its whole environment."""
    given = [*map(str, args)]
    command = ForkedCommand(module, given, cwd, env, stdin)
    out, err = command.communicate(timeout)
    code = command.poll()
    assert code is not None
    return subprocess.CompletedProcess(given, code, out.decode(), err.decode())


def without_settings(cwd: Path, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this environment without any user's settings, and with those of ``env``."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SUMMARIZER_") and name not in {"NO_COLOR", "FORCE_COLOR"}
    }
    # No vocabulary and no way to one: tokens are estimated, the same everywhere.
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "TIKTOKEN_CACHE_DIR": str(cwd / "none")}
    utf8 = {"XDG_CONFIG_HOME": str(cwd), "PYTHONIOENCODING": "utf-8"}
    return clean | utf8 | nowhere | dict(env or {})


def summarize(
    *args: str | Path,
    cwd: Path,
    stdin: str | bytes | BinaryIO = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run ``summarize`` with ``args`` in the folder ``cwd``, without any user's settings."""
    clean = without_settings(cwd, env)
    if isinstance(stdin, str | bytes):
        given = stdin.encode() if isinstance(stdin, str) else stdin
        return run_module("summarizer", *args, cwd=cwd, env=clean, stdin=given, timeout=timeout)
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, args)],
        cwd=cwd,
        stdin=stdin,
        env=clean,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


@cache
def _forkserver() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "tests.support.warm"])
    return context


def _run_module(
    module: str, args: list[str], cwd: Path, env: dict[str, str], streams: tuple[Path, Path, Path]
) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, (path, mode) in enumerate(
        zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)
    ):
        os.dup2(os.open(path, mode), number)
    encoding, _, errors = env.get("PYTHONIOENCODING", "utf-8").partition(":")
    # These three stay open as long as the process lives.
    sys.stdin = open(0, encoding=encoding, errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.path[:0] = env.get("PYTHONPATH", "").split(os.pathsep) if env.get("PYTHONPATH") else []
    sys.argv = [module, *args]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def write_ferry(folder: Path) -> None:
    """Write two articles of one event, ``a.txt`` and ``b.txt``."""
    (folder / "a.txt").write_text(FERRY_A, encoding="utf-8")
    (folder / "b.txt").write_text(FERRY_B, encoding="utf-8")
