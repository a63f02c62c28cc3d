from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.cli.app import run
from summarizer.cli.prompts import HASH_SHOWN
from summarizer.prompts import load_prompts

pytestmark = pytest.mark.slow

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one prompt of a user's own, which is good."""
    monkeypatch.chdir(tmp_path)
    reader = load_prompts()["reader"]
    changed = replace(reader, version=9, text="Be careful.\nBe short.", purpose="Mine.")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "reader.md").write_text(changed.document(), encoding="utf-8")
    return folder


def test_called_alone_it_shows_its_help(capsys: Captured) -> None:
    assert run(["prompts"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage: summarize prompts")
    assert all(f"\n  {command} " in shown for command in ("list", "show", "check", "export"))
    # A cut line would say half of what a command does.
    assert "..." not in shown.split("Commands:")[1]


def test_the_list_has_one_line_for_each_prompt(capsys: Captured, own: Path) -> None:
    assert run(["prompts", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    prompts = load_prompts().prompts
    assert [line.split()[0] for line in lines] == [prompt.name for prompt in prompts]
    for line, prompt in zip(lines, prompts, strict=True):
        _, version, schema, sha256, origin, purpose = line.split(maxsplit=5)
        assert (version, schema) == (f"v{prompt.version}", prompt.schema)
        assert sha256 == prompt.sha256[:HASH_SHOWN]
        assert (origin, purpose) == ("shipped", prompt.purpose)


def test_the_list_as_json_tells_which_are_a_users_own(capsys: Captured, own: Path) -> None:
    assert run(["prompts", "list", "--json", "--prompts", "mine"]) == 0
    rows = json.loads(capsys.readouterr().out)
    prompts = load_prompts(own)
    assert {row["name"]: row["sha256"] for row in rows} == prompts.hashes()
    assert {row["name"]: row["variables"] for row in rows}["verify_statements"] == [
        "article",
        "statements",
    ]
    origins = {row["name"]: row["from"] for row in rows}
    assert origins.pop("reader") == str(Path("mine") / "reader.md")
    assert set(origins.values()) == {"shipped"}


@pytest.mark.parametrize("command", ["list", "check"])
def test_the_folder_may_be_a_setting(
    command: str, capsys: Captured, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_PROMPTS", "mine")
    (own / "reader.md").write_text(
        (own / "reader.md").read_text(encoding="utf-8").replace("version: 9", "version: 1"),
        encoding="utf-8",
    )
    assert run(["prompts", command]) == 0
    assert str(Path("mine") / "reader.md") in capsys.readouterr().out


def test_show_prints_a_prompt_as_its_file_holds_it(capsys: Captured, own: Path) -> None:
    assert run(["prompts", "show", "reader", "--prompts", "mine"]) == 0
    assert capsys.readouterr().out == (own / "reader.md").read_text(encoding="utf-8")
    assert run(["prompts", "show", "reader"]) == 0
    assert capsys.readouterr().out == load_prompts()["reader"].document()


def test_show_filled_leaves_no_variable_open(capsys: Captured, own: Path) -> None:
    assert run(["prompts", "show", "verify_statements", "--filled"]) == 0
    shown = capsys.readouterr().out
    assert "1: Trams on line 4" in shown
    assert "$article" not in shown
    assert "$5" in shown


def test_what_is_shown_into_a_file_can_be_used_as_ones_own(capsys: Captured, own: Path) -> None:
    assert run(["prompts", "show", "verify_statements", "-o", "mine/verify_statements.md"]) == 0
    assert capsys.readouterr().out == ""
    assert load_prompts(own)["verify_statements"].text == load_prompts()["verify_statements"].text
    assert run(["prompts", "check", "mine"]) == 0


def test_a_strange_prompt_cannot_act_on_the_terminal(capsys: Captured, own: Path) -> None:
    text = (own / "reader.md").read_text(encoding="utf-8") + "\x1b[2Jgone\u202eabc\n"
    (own / "reader.md").write_text(text, encoding="utf-8")
    assert run(["prompts", "show", "reader", "--prompts", "mine"]) == 0
    shown = capsys.readouterr().out
    assert "gone" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    assert run(["prompts", "show", "reader", "--prompts", "mine", "-o", "kept.md"]) == 0
    assert Path("kept.md").read_text(encoding="utf-8") == text


def test_check_leaves_with_0_where_all_is_well(capsys: Captured, own: Path) -> None:
    for args in ([], ["mine"]):
        assert run(["prompts", "check", *args]) == 0
        shown = capsys.readouterr()
        assert (shown.out, shown.err) == ("", "No problem was found.\n")


def test_check_leaves_with_2_and_a_line_for_each_problem(capsys: Captured, own: Path) -> None:
    (own / "reader.md").write_text("Be kind.\n", encoding="utf-8")
    (own / "judge.md").write_text("Be kind.\n", encoding="utf-8")
    assert run(["prompts", "check", "mine"]) == 2
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{Path('mine') / 'judge.md'}: is no prompt's file")
    assert lines[1].startswith(f"{Path('mine') / 'reader.md'}:1: has no front matter")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_strange_file_name_stays_on_its_line(capsys: Captured, own: Path) -> None:
    (own / "line\nbreak.md").write_text("Be kind.\n", encoding="utf-8")
    assert run(["prompts", "check", "mine"]) == 2
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("mine/line break.md: is no prompt's file")


def test_check_leaves_with_0_where_there_are_only_warnings(capsys: Captured, own: Path) -> None:
    text = (own / "reader.md").read_text(encoding="utf-8").replace("version: 9", "version: 1")
    (own / "reader.md").write_text(text, encoding="utf-8")
    assert run(["prompts", "check", "mine"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{Path('mine') / 'reader.md'}:3: warning: the text is not that of")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["show", "verify_statement"],
            "no prompt 'verify_statement' (did you mean verify_statements?)",
        ),
        (["show"], "Missing argument"),
        (["list", "--prompts", "none"], "folder of prompts none"),
        (["check", "none"], "folder of prompts none"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_a_call_that_cannot_work_leaves_with_2(
    args: list[str], said: str, capsys: Captured, own: Path
) -> None:
    assert run(["prompts", *args]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Error: ")
    assert said in shown.err


@pytest.mark.parametrize("command", ["list", "show reader"])
def test_a_broken_prompt_is_told_with_the_way_to_all_its_problems(
    command: str, capsys: Captured, own: Path
) -> None:
    (own / "reader.md").write_text("Be kind.\n", encoding="utf-8")
    assert run(["prompts", *command.split(), "--prompts", "mine"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "reader.md:1: has no front matter" in shown.err
    assert "`summarize prompts check mine`" in shown.err
