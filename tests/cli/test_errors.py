from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from summarizer import pipeline
from summarizer.cli.app import run
from summarizer.cli.output import emit, print_error
from summarizer.errors import BudgetReached, ServiceError, UsageError
from tests.support.command import FERRY_A, summarize, write_ferry

pytestmark = pytest.mark.slow


ROOMS_BELOW = ("compare", "engines", "llm", "mcp", "pipeline", "prompts", "schemas", "sources")


def test_nothing_below_the_commands_speaks_of_their_options() -> None:
    package = Path(pipeline.__file__).parents[1]
    files = [f for room in ROOMS_BELOW for f in (package / room).rglob("*.*") if f.suffix != ".pyc"]
    assert len(files) > 50
    for file in files:
        whole_commands_apart = re.sub(r"`summarize [^`]*`", "", file.read_text(encoding="utf-8"))
        assert not re.findall(r"(?<![\w-])--[a-z][a-z-]+", whole_commands_apart), file


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("Raise the setting max_cost.", "Raise --max-cost."),
        ("Run without the setting cache = offline.", "Run without --offline."),
        ("Name a folder with the setting prompts.", "Name a folder with --prompts."),
        ("Raise the setting timeout, or lower the setting jobs.", "lower --jobs."),
        ("Raise the setting timeout, or lower the setting jobs.", "Raise the setting timeout,"),
        ("Cannot read the setting cache = x.txt.", "Cannot read the setting cache = x.txt."),
    ],
)
def test_an_error_names_the_option_of_a_setting(
    hint: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_error(UsageError("No.", hint))
    assert shown in capsys.readouterr().err


@pytest.fixture
def ferry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_ferry(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["diff"], "Missing argument"),
        (["diff", "a.txt", "--nonsense"], "No such option: --nonsense"),
        (["diff", "a.txt", "b.txt", "--format", "pdf"], "'-f': 'pdf' is not one of 'terminal'"),
        (["extract", "a.txt", "--format", "csv"], "'-f': 'csv' is not one of 'text'"),
        (["diff", "a.txt", "b.txt", "--sentences", "x"], "a whole number is needed"),
        (["diff", "a.txt", "b.txt", "--max-cost", "x"], "'--max-cost': a number is needed"),
        (["diff", "a.txt", "b.txt", "--sentences", "0"], "whole number from 1 to 50"),
        (["diff", "a.txt", "b.txt", "--base-url", "localhost:8080"], "looks like http://"),
        (["diff", "a.txt", "b.txt", "--jobs", "0"], "whole number from 1 to 64"),
        (["diff", "a.txt", "b.txt", "--refresh", "--offline"], "exclude each other"),
        (["diff", "a.txt", "b.txt", "--prompts", "none", "--engine", "openai"], "prompts none"),
        (["diff", "a.txt", "b.txt", "--engine", "magic"], "must be one of auto, extractive"),
        (["diff", "a.txt", "b.txt", "--width", "0"], "--width 0"),
        (["diff", "a.txt", "b.txt", "-o", "none/such.txt"], "there is no folder none"),
        (["diff", "a.txt", "b.txt", "-o", "."], ". is a folder"),
        (["schema", "nonsense"], "'nonsense' is not one of 'report'"),
    ],
)
def test_a_call_that_cannot_work_leaves_with_2(ferry: Path, args: list[str], said: str) -> None:
    done = summarize(*args, cwd=ferry)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
    assert not re.search("Traceback|pydantic|Value error|Input should", done.stderr)


HIDDEN = "\x1b[2J\u202e\u2066\U000e0041\x07"


@pytest.mark.parametrize(
    "args",
    [
        [f"non{HIDDEN}sense"],
        ["eval", f"non{HIDDEN}sense"],
        ["diff", "a.txt", f"--non{HIDDEN}sense"],
        ["diff", "a.txt", "b.txt", "-o", f"no{HIDDEN}ne/such.txt"],
        ["diff", "a.txt", "b.txt", "--format", f"c{HIDDEN}sv"],
        ["schema", f"non{HIDDEN}sense"],
        ["diff", f"no{HIDDEN}ne.txt", "b.txt"],
        ["diff", "a.txt", "b.txt", "--engine", f"ma{HIDDEN}gic"],
    ],
)
def test_what_a_user_typed_never_acts_on_the_terminal(
    ferry: Path, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    assert run(args) in {2, 3}
    shown = capsys.readouterr().err
    assert "Error: " in shown
    assert not set(HIDDEN) & set(shown) - set("[2J")


def test_a_hidden_character_in_a_wrong_argument_is_shown_by_its_code(
    ferry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["di\u202eff", "a.txt"])
    assert r"No such command 'di\u202eff'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "args",
    [
        ["diff", "a.txt", "b.txt"],
        ["diff", "a.txt", "b.txt", "--json"],
        ["extract", "a.txt"],
        ["schema"],
        ["--help"],
        ["diff", "--help"],
        ["--version"],
        ["prompts", "list"],
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_behind_standard_output_is_a_plain_error(ferry: Path, args: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer", *args],
            cwd=ferry,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "Error: Cannot write to standard output: No space left on device." in done.stderr
    assert "unexpected" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_behind_standard_error_does_not_cost_the_result(ferry: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer", "extract", "a.txt", "missing.txt"],
            cwd=ferry,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            check=False,
        )
    assert done.returncode == 5
    assert "Ferry runs aground" in done.stdout


@pytest.mark.parametrize(
    "args",
    [
        ["diff", "a.txt", "b.txt", "-o", "a.txt"],
        ["diff", "Gazette=a.txt", "b.txt", "-o", "./a.txt"],
        ["diff", ".", "-o", "a.txt"],
        ["diff", "*.txt", "-o", "link.txt"],
        ["article", "a.txt", "-o", "hard.txt"],
        ["extract", "a.txt", "-o", "a.txt"],
        ["judge", "a.txt", "-o", "link.txt"],
        ["eval", "judge", "a.txt", "-o", "a.txt"],
        ["eval", "report", "a.txt", "-o", "hard.txt"],
        ["eval", "compare", "none", "a.txt", "-o", "./a.txt"],
        ["eval", "run", "--replay", "a.txt", "-o", "a.txt"],
        ["prompts", "show", "reader", "--prompts", ".", "-o", "a.txt"],
        ["diff", "{ferry}/a.txt", "b.txt", "-o", "../{ferry.name}/a.txt"],
        ["diff", "linked/*.txt", "-o", "a.txt"],
        ["diff", "-", "b.txt", "-o", "link.txt"],
    ],
)
def test_a_result_is_never_written_over_an_input(ferry: Path, args: list[str]) -> None:
    (ferry / "link.txt").symlink_to("a.txt")
    (ferry / "hard.txt").hardlink_to(ferry / "a.txt")
    (ferry / "linked").symlink_to(".")
    with (ferry / "a.txt").open("rb") as stdin:
        done = summarize(*(each.format(ferry=ferry) for each in args), cwd=ferry, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: The result would be written over the input " in done.stderr
    assert (ferry / "a.txt").read_text(encoding="utf-8") == FERRY_A


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_result_that_does_not_fit_leaves_the_old_one_whole(ferry: Path) -> None:
    (ferry / "report.json").write_text("the old report")
    limited = (
        "import resource, signal, sys; from summarizer.cli.app import run\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))\n"
        "sys.exit(run(['diff', 'a.txt', 'b.txt', '-o', 'report.json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], cwd=ferry, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Error: Cannot write to report.json: File too large." in done.stderr
    assert (ferry / "report.json").read_text() == "the old report"
    assert sorted(path.name for path in ferry.iterdir()) == ["a.txt", "b.txt", "report.json"]


def test_a_result_keeps_the_rights_and_the_links_of_the_file_it_replaces(ferry: Path) -> None:
    (ferry / "real.json").write_text("old")
    (ferry / "real.json").chmod(0o640)
    (ferry / "link.json").symlink_to("real.json")
    assert summarize("extract", "a.txt", "--json", "-o", "link.json", cwd=ferry).returncode == 0
    assert (ferry / "link.json").is_symlink()
    assert "Ferry runs aground" in (ferry / "real.json").read_text(encoding="utf-8")
    if os.name != "nt":
        assert (ferry / "real.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        ("schema >&-", 2, "", "Error: Standard output is closed."),
        ("schema -o s.json >&-", 0, "", ""),
        ("nonsense 2>&-", 2, "", ""),
        ("extract a.txt missing.txt 2>&-", 5, "Ferry runs aground", ""),
        ("extract - <&-", 3, "", "Error: Standard input is empty."),
    ],
)
def test_a_stream_that_is_closed_is_no_crash(
    ferry: Path, arguments: str, code: int, out: str, err: str
) -> None:
    line = f"{sys.executable} -m summarizer {arguments}"
    done = subprocess.run(
        ["sh", "-c", line], cwd=ferry, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert done.stdout.startswith(out)
    assert bool(done.stdout) == bool(out)
    assert err in done.stderr
    assert bool(done.stderr) == bool(err)


def test_a_file_in_a_folder_of_somebody_else_is_written_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refuse_new(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if mode == "xb":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", refuse_new)
    (tmp_path / "report.md").write_text("old")
    emit("new", tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text() == "new"
    with pytest.raises(UsageError, match=r"Cannot write to .*other\.md: Permission denied"):
        emit("new", tmp_path / "other.md")


def test_a_file_that_alone_may_be_written_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it alone is mounted into a container: nothing is made or removed beside it."""
    opened = Path.open

    def refuse_new(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if mode == "xb":
            raise OSError(errno.EROFS, "Read-only file system")
        return opened(path, mode, *more, **named)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse_new)
    monkeypatch.setattr(Path, "unlink", refuse)
    (tmp_path / "report.md").write_text("old")
    emit("new", tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_replaces_a_file_is_never_readable_by_more_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = []
    synced = os.fsync

    def note_rights(number: int) -> None:
        rights.append(os.fstat(number).st_mode & 0o777)
        synced(number)

    monkeypatch.setattr(os, "fsync", note_rights)
    (tmp_path / "report.md").touch(mode=0o600)
    emit("new", tmp_path / "report.md")
    assert rights == [0o600]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs files for open streams")
def test_a_result_may_go_to_a_device_or_a_pipe(ferry: Path) -> None:
    done = summarize("extract", "a.txt", "-o", "/dev/stdout", cwd=ferry)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ferry runs aground" in done.stdout
    assert summarize("extract", "a.txt", "-o", "/dev/null", cwd=ferry).returncode == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    "args",
    [
        ["diff", "a.txt", "b.txt", "--engine", "openai"],
        ["diff", "a.txt", "b.txt", "--judge", "llm"],
        ["diff", "a.txt", "b.txt", "--judge", "decisions"],
        ["article", "a.txt", "--engine", "openai"],
        ["judge", "pairs.jsonl", "--judge", "llm"],
        ["doctor", "--probe"],
    ],
)
def test_a_model_without_a_key_leaves_with_4_and_says_what_to_set(
    ferry: Path, args: list[str]
) -> None:
    (ferry / "pairs.jsonl").write_text('{"document": "d", "claim": "c"}\n', encoding="utf-8")
    done = summarize(*args, cwd=ferry)
    assert done.returncode == 4
    assert done.stdout == "" or args[0] == "doctor"
    assert "Error: No key is set for OpenAI." in done.stderr
    assert "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_slip_in_the_configuration_leaves_with_2(ferry: Path) -> None:
    (ferry / "summarizer.toml").write_text("sentense = 3\n")
    done = summarize("diff", "a.txt", "b.txt", cwd=ferry)
    assert done.returncode == 2
    assert "Did you mean 'sentences'?" in done.stderr


@pytest.mark.parametrize("command", ["diff", "article", "extract"])
def test_nothing_usable_leaves_with_3(ferry: Path, command: str) -> None:
    done = summarize(command, "missing.txt", "gone.txt", cwd=ferry)
    assert (done.returncode, done.stdout) == (3, "")
    assert "missing.txt" in done.stderr
    assert "gone.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_diff_of_one_article_leaves_with_3_and_names_the_other_command(ferry: Path) -> None:
    done = summarize("diff", "a.txt", cwd=ferry)
    assert (done.returncode, done.stdout) == (3, "")
    assert "only a.txt can be used" in done.stderr
    assert "summarize article" in done.stderr


@pytest.mark.parametrize("command", ["diff", "article", "extract"])
def test_one_bad_input_among_good_ones_leaves_with_5_and_a_result(
    ferry: Path, command: str
) -> None:
    done = summarize(command, "a.txt", "missing.txt", "b.txt", cwd=ferry)
    assert done.returncode == 5
    assert "Ferry runs aground" in done.stdout or "ferry" in done.stdout
    assert "Warning: left out: " in done.stderr
    assert "missing.txt" in done.stderr
    quiet = summarize(command, "a.txt", "missing.txt", "b.txt", "--quiet", cwd=ferry)
    assert (quiet.returncode, quiet.stderr) == (5, "")


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (
            ServiceError("The server is down.", hint="Start it."),
            4,
            "Error: The server is down.\n  Start it.\n",
        ),
        (BudgetReached("The cap is reached."), 6, "Error: The cap is reached.\n"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
    ],
)
def test_what_goes_wrong_has_a_code_and_a_line(
    ferry: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(pipeline, "diff", fail)
    assert run(["diff", "a.txt", "b.txt"]) == code
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", said)


def test_the_unexpected_is_a_line_and_a_traceback_only_when_asked(
    ferry: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(pipeline, "diff", fail)
    assert run(["diff", "a.txt", "b.txt"]) == 1
    short = capsys.readouterr().err
    assert "RuntimeError: a wheel came off" in short
    assert "--verbose" in short
    assert "Traceback" not in short
    assert run(["diff", "a.txt", "b.txt", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_error(ferry: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "summarizer", "schema", "report"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ferry,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows writes UTF-8 whatever the locale is")
@pytest.mark.parametrize("command", ["diff", "article", "extract"])
def test_a_terminal_without_our_letters_is_no_error(ferry: Path, command: str) -> None:
    done = summarize(command, "a.txt", "b.txt", cwd=ferry, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
