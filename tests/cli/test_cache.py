"""``summarize cache`` on a store of invented answers."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from summarizer.cli.cache import app
from summarizer.errors import UsageError
from summarizer.llm.cache import CachedChat
from summarizer.llm.request import Message, Reply, Request, answer_key
from summarizer.llm.store import Store
from summarizer.schemas import REPLIES
from tests.support.stored_answers import HOME, VALUE, complete, noon

pytestmark = pytest.mark.slow

GAZETTE = Request(
    stage="summarize_claims",
    model="large-1",
    messages=(Message("user", "1: The ferry Meridian ran aground off Port Marrow."),),
    shape=REPLIES["summary"],
    subject="harbor-gazette.txt",
    parts={"article": "22"},
)
POST = Request(
    stage="extract_claims",
    model="large-1",
    messages=(Message("user", "1: The island's only baker drove bread to the hall."),),
    shape=REPLIES["claims"],
    subject="island-post.txt, part 1",
    parts={"article": "33"},
)
KEY, POST_KEY = (answer_key(each.fingerprint(), HOME) for each in (GAZETTE, POST))
MODEL_WROTE = "The ferry Meridian ran aground."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def filled(folder: Path) -> Path:
    """Return a folder with two answers, the second found again in the last run."""
    with Store(folder) as store:
        with closing(_chat(store)) as chat:
            chat.ask(POST)
        with closing(_chat(store)) as chat:
            chat.ask(GAZETTE)
            chat.ask(POST)
    return folder


def _chat(store: Store) -> CachedChat:
    return CachedChat(Both(), store, endpoint=HOME, clock=noon)


class Both:
    """A chat that answers each of the two requests with a reply of its shape."""

    def ask(self, request: Request) -> Reply:
        empty: dict[str, object] = {"instructions": [], "claims": []}
        return complete(VALUE if request.stage == GAZETTE.stage else empty)


def cache(*args: str | Path, folder: Path, stdin: str = "") -> Result:
    return CliRunner().invoke(app, [*map(str, args), "--cache-dir", str(folder)], input=stdin)


def refused(result: Result) -> UsageError:
    assert isinstance(result.exception, UsageError)
    return result.exception


def test_info_shows_what_is_there(filled: Path) -> None:
    shown = cache("info", folder=filled)
    assert (shown.exit_code, shown.stderr) == (0, "")
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert lines[0] == ["folder", str(filled)]
    assert lines[1][:2] == ["answers", "2"]
    assert [line[:2] for line in lines[2:4]] == [["extract_claims", "1"], ["summarize_claims", "1"]]
    assert [line[0] for line in lines[4:]] == ["oldest", "newest"]


def test_info_as_json(filled: Path) -> None:
    found = json.loads(cache("info", "--json", folder=filled).stdout)
    assert found["folder"] == str(filled)
    assert found["entries"] == 2
    assert found["bytes"] == sum(stage["bytes"] for stage in found["stages"].values())
    assert set(found["stages"]) == {"extract_claims", "summarize_claims"}
    assert found["oldest"] <= found["newest"]
    assert found["set_aside"] == []


@pytest.mark.parametrize("command", [["info"], ["explain"], ["prune", "--older-than", "1d"]])
def test_nothing_is_made_where_there_is_no_folder(folder: Path, command: list[str]) -> None:
    shown = cache(*command, folder=folder)
    assert shown.exit_code == 0
    assert not folder.exists()


def test_a_damaged_database_is_said_and_shown(filled: Path) -> None:
    (filled / "answers" / "cache.db").write_bytes(b"garbage" * 1000)
    first = cache("info", folder=filled)
    assert "Warning: The cache was damaged" in first.stderr
    again = cache("info", folder=filled)
    assert not again.stderr
    assert "damaged, set aside" in again.stdout


def test_the_folder_is_that_of_the_settings(
    filled: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(filled))
    shown = CliRunner().invoke(app, ["info", "--json"])
    assert json.loads(shown.stdout)["entries"] == 2


def test_explain_shows_the_last_run_misses_first(filled: Path) -> None:
    shown = cache("explain", folder=filled)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines() == [
        f"2026-09-21T14:13:20+00:00, {HOME}, cache on",
        "1 found, 1 not",
        f"miss  {KEY[:12]} summarize_claims, harbor-gazette.txt: never asked",
        f"hit   {POST_KEY[:12]} extract_claims, island-post.txt, part 1",
    ]
    found = json.loads(cache("explain", "--json", folder=filled).stdout)
    assert [(each["hit"], each["why"]) for each in found["lookups"]] == [
        (False, "never asked"),
        (True, ""),
    ]


def test_explain_without_a_run_says_so(folder: Path) -> None:
    Store(folder).close()
    assert cache("explain", folder=folder).stdout == "No run is recorded here.\n"
    assert json.loads(cache("explain", "--json", folder=folder).stdout) == {}


def test_explain_shows_nothing_that_a_terminal_obeys(filled: Path) -> None:
    with Store(filled) as store:
        row = store.get(KEY) or {}
        store.put(KEY, {**row, "subject": "a\x1b[2Jb", "model": "\u202eevil"})
    shown = (
        cache("explain", KEY, folder=filled).stdout
        + cache("explain", KEY, "--json", folder=filled).stdout
    )
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("args", "left"),
    [
        (["--older-than", "1d"], 2),
        (["--older-than", "0h"], 0),
        (["--max-size", "1MB"], 2),
        (["--max-size", "0b"], 0),
        (["--max-size", "1.5 GB", "--older-than", "8w"], 2),
    ],
)
def test_prune_removes_what_is_old_or_too_much(filled: Path, args: list[str], left: int) -> None:
    shown = cache("prune", *args, folder=filled)
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert shown.stderr.startswith(f"Removed {2 - left} answers; {left} answers (")
    with Store(filled) as store:
        assert len(store.entries()) == left


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Nothing says what to remove"),
        (["--older-than", "soon"], "--older-than soon"),
        (["--older-than", "30"], "one of s, m, h, d, w"),
        (["--older-than", "-1d"], "--older-than -1d"),
        (["--max-size", "200"], "one of b, kb, mb, gb"),
        (["--max-size", "30d"], "--max-size 30d"),
    ],
)
def test_prune_refuses_what_it_cannot_read(filled: Path, args: list[str], said: str) -> None:
    assert said in refused(cache("prune", *args, folder=filled)).message
    with Store(filled) as store:
        assert len(store.entries()) == 2


@pytest.mark.parametrize("answer", ["n\n", "\n", "perhaps\n"])
def test_clear_asks_and_takes_no_for_no(filled: Path, answer: str) -> None:
    shown = cache("clear", folder=filled, stdin=answer)
    assert shown.exit_code == 0
    assert shown.stderr == f"Remove 2 answers from {filled}? [y/N] Nothing was removed.\n"
    with Store(filled) as store:
        assert len(store.entries()) == 2


@pytest.mark.parametrize(("args", "answer"), [([], "y\n"), ([], "YES\n"), (["--yes"], "")])
def test_clear_removes_everything(filled: Path, args: list[str], answer: str) -> None:
    shown = cache("clear", *args, folder=filled, stdin=answer)
    assert shown.exit_code == 0
    assert shown.stderr.endswith("Removed 2 answers.\n")
    with Store(filled) as store:
        assert store.info()["entries"] == 0
    assert "No run is recorded" in cache("explain", folder=filled).stdout


def test_clear_without_anybody_to_answer_removes_nothing(filled: Path) -> None:
    assert "--yes" in refused(cache("clear", folder=filled)).hint
    with Store(filled) as store:
        assert len(store.entries()) == 2


def test_a_folder_that_is_a_file_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = cache("info", folder=tmp_path / "file")
    assert shown.exit_code == 0
    assert "Warning: The cache" in shown.stderr


def test_the_command_loads_nothing_heavy_before_it_runs() -> None:
    code = "import sys, summarizer.cli.cache; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"diskcache", "filelock", "platformdirs", "openai", "pydantic", "summarizer.llm"}
    assert not heavy & set(done.stdout.split())
