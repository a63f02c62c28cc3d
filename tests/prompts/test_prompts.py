from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import SummarizerError, UsageError
from summarizer.prompts import Prompt, library, load_prompts
from summarizer.prompts.library import NO_SCHEMA, STAGES, check, parse, read_prompt
from summarizer.prompts.material import filled
from summarizer.schemas import REPLIES
from tests.support.expected_output import assert_expected
from tests.support.folders import ROOT

GOOD = (
    "---\nname: extract_claims\nversion: 7\nschema: reading\npurpose: For a test.\n---\n"
    "$article\n\nList $limit for $$5.\n"
)


def write(folder: Path, text: str = GOOD, name: str = "extract_claims.md") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(text: str) -> Prompt:
    prompt = parse(text.encode(), Path("extract_claims.md")).prompt
    assert prompt is not None
    return prompt


# --- the shipped ones


def test_the_shipped_prompts_are_those_that_the_code_fills() -> None:
    assert load_prompts().names == tuple(STAGES)
    assert {path.name for path in (ROOT / "prompts").iterdir()} == {f"{name}.md" for name in STAGES}


def test_the_shipped_prompts_have_no_problem_not_even_a_warning() -> None:
    assert check() == []


def test_every_reply_is_asked_for_and_every_schema_is_a_reply() -> None:
    assert {stage.schema for stage in STAGES.values()} == {*REPLIES, NO_SCHEMA}


@pytest.mark.parametrize("name", STAGES)
def test_a_prompt_is_shown_just_as_its_file_holds_it(name: str) -> None:
    prompt = load_prompts()[name]
    assert prompt.document() == prompt.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STAGES)
def test_every_prompt_as_it_is_sent(name: str) -> None:
    assert_expected(f"prompt-{name}.txt", filled(load_prompts()[name]) + "\n")


def test_an_installed_package_finds_its_prompts_inside(tmp_path: Path) -> None:
    package = tmp_path / "summarizer"
    shutil.copytree(
        ROOT / "summarizer", package, ignore=shutil.ignore_patterns("__pycache__", "shipped")
    )
    shutil.copytree(ROOT / "prompts", package / "prompts" / "shipped")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from summarizer.prompts import load_prompts\n"
        "print(load_prompts()['reader'].path)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert Path(done.stdout.strip()) == package / "prompts" / "shipped" / "reader.md"


def test_another_folder_of_the_same_name_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "strange", "Hello", "hello.md")
    monkeypatch.setattr(library, "SHIPPED", (tmp_path / "strange",))
    with pytest.raises(SummarizerError, match="not where they were installed") as caught:
        load_prompts()
    assert caught.value.exit_code == 1
    assert "again" in caught.value.hint


def test_an_installation_that_lacks_one_prompt_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "prompts", tmp_path / "shipped")
    (tmp_path / "shipped" / "verify_statements.md").unlink()
    monkeypatch.setattr(library, "SHIPPED", (tmp_path / "shipped",))
    with pytest.raises(SummarizerError, match=r"verify_statements\.md: cannot be read"):
        load_prompts()


def test_loading_prompts_needs_no_pydantic() -> None:
    code = (
        "import sys; from summarizer.prompts import load_prompts, material; "
        "load_prompts(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "openai", "typer", "rich"} & set(done.stdout.split())


# --- filling


def test_filling_puts_values_in_and_makes_a_dollar_of_two() -> None:
    assert read(GOOD).fill(article="1: It rained.", limit="3") == "1: It rained.\n\nList 3 for $5."


@given(st.text(), st.text())
def test_a_value_stands_in_the_text_as_it_is(article: str, claims: str) -> None:
    text = "${article}|$claims|$article"
    prompt = replace(read(GOOD), text=text)
    assert prompt.fill(article=article, claims=claims) == f"{article}|{claims}|{article}"


def test_a_variable_in_an_article_is_not_expanded() -> None:
    prompt = replace(read(GOOD), text="$article, $claims")
    told = prompt.fill(article="$claims ${claims} $$ $5 $", claims="secret")
    assert told == "$claims ${claims} $$ $5 $, secret"


# --- the hash


@pytest.mark.parametrize(
    "change",
    [{"name": "reader"}, {"version": 8}, {"schema": "summary"}, {"text": "$article"}],
)
def test_the_hash_changes_with_what_decides_answers(change: dict[str, str | int]) -> None:
    prompt = read(GOOD)
    assert replace(prompt, **change).sha256 != prompt.sha256  # type: ignore[arg-type] # by name


def test_the_hash_does_not_change_with_the_rest() -> None:
    prompt = read(GOOD)
    other = replace(prompt, purpose="Another.", path=Path("elsewhere.md"), overridden=True)
    assert other.sha256 == prompt.sha256
    assert len(prompt.sha256) == 64


@pytest.mark.parametrize(
    "same",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        f"\ufeff{GOOD}",
        f"{GOOD}\n\n",
        GOOD.replace("---\n$", "---\n\n$"),
        GOOD.replace("version: 7\n", "").replace("schema:", "version:7\nschema:"),
    ],
    ids=["crlf", "cr", "mark", "blank lines", "blank line", "spacing"],
)
def test_how_a_file_is_saved_does_not_change_the_prompt(same: str) -> None:
    assert read(same) == read(GOOD)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_a_prompt_that_is_written_and_read_is_the_same(text: str) -> None:
    prompt = replace(read(GOOD), text=f"{text.replace('$', '$$').strip()} $article $limit".strip())
    assert read(prompt.document()) == prompt
    assert Template(prompt.text).is_valid()


# --- a user's folder


def test_a_file_of_the_users_replaces_that_prompt_and_no_other(tmp_path: Path) -> None:
    path = write(tmp_path)
    shipped, mixed = load_prompts(), load_prompts(tmp_path)
    assert mixed.names == shipped.names
    assert mixed["extract_claims"].path == path
    assert mixed["extract_claims"].version == 7
    assert [prompt.name for prompt in mixed.prompts if prompt.overridden] == ["extract_claims"]
    changed = set(mixed.hashes().items()) - set(shipped.hashes().items())
    assert changed == {("extract_claims", mixed["extract_claims"].sha256)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("extract_claim.md", "did you mean extract_claims.md?"),
        ("extract-claims.md", "did you mean extract_claims.md?"),
        ("verify_statements.txt", "did you mean verify_statements.md?"),
        ("Reader.MD", "did you mean reader.md?"),
        ("reader", "did you mean reader.md?"),
        ("0x9z", "known are reader.md, extract_claims.md"),
    ],
)
def test_a_file_that_replaces_nothing_is_an_error(tmp_path: Path, name: str, said: str) -> None:
    write(tmp_path, name=name)
    with pytest.raises(UsageError) as caught:
        load_prompts(tmp_path)
    assert name in caught.value.message
    assert said in caught.value.message
    assert "prompts check" in caught.value.hint


def test_what_is_surely_no_prompt_is_passed_over(tmp_path: Path) -> None:
    for name in ("README.md", ".extract_claims.md.swp", "extract_claims.md~"):
        write(tmp_path, "not a prompt", name)
    (tmp_path / "old").mkdir()
    assert load_prompts(tmp_path) == load_prompts()


def test_an_unknown_prompt_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no prompt 'judge' \(did you mean|known are"):
        load_prompts()["judge"]


@pytest.mark.parametrize("name", ["none", "file.txt", "~nobody-of-this-name", "nul\0"])
def test_a_folder_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("a file")
    folder = name if name.startswith("~") else tmp_path / name
    with pytest.raises(UsageError, match="Cannot read the folder of prompts"):
        load_prompts(folder)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path / "mine")
    assert load_prompts("~/mine")["extract_claims"].overridden


@pytest.mark.skipif(os.name == "nt", reason="not every user may make links there")
def test_a_link_to_nothing_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "reader.md").symlink_to(tmp_path / "none")
    with pytest.raises(UsageError, match=r"reader\.md: cannot be read"):
        load_prompts(tmp_path)


# --- what is wrong with a file


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("---\nname", "name", 1, "has no front matter"),
        ("test.\n---\n", "test.\n", 1, "has no front matter"),
        (GOOD, "", 1, "has no front matter"),
        ("version: 7", "version 7", 3, "is not 'key: value'"),
        ("version: 7", "", 3, "is not 'key: value'"),
        ("schema:", "shema:", 4, "unknown key 'shema' (did you mean schema?)"),
        ("schema:", "model:", 4, "unknown key 'model'"),
        ("schema: reading", "version: 8", 4, "version is there twice, first on line 3"),
        ("version: 7\n", "", 5, "version is missing"),
        ("For a test.", " ", 5, "purpose is empty"),
        ("extract_claims", "verify_statements", 2, "but the file is extract_claims.md"),
        ("7", "0", 3, "version '0' is not a whole number from 1"),
        ("7", "1.5", 3, "version '1.5' is not a whole number from 1"),
        ("7", "-1", 3, "version '-1' is not a whole number from 1"),
        ("7", "9" * 5000, 3, "is not a whole number from 1"),
        ("7", "٧", 3, "version '٧' is not a whole number from 1"),
        ("schema: reading", "schema: claim", 4, "'claim' does not exist; extract_claims is"),
        ("schema: reading", "schema: findings", 4, "'findings' does not fit; extract_claims is"),
        ("$article\n\nList $limit for $$5.\n", "\n \n", 6, "has no text"),
        ("$$5", "$5", 9, "write $$ for a dollar"),
        ("$$5", "${article", 9, "write $$ for a dollar"),
        ("$$5", "$", 9, "write $$ for a dollar"),
        ("$$5", "$articles", 9, "unknown variable $articles; it is filled with $article, $limit"),
        ("$$5", "${claims}", 9, "unknown variable $claims; it is filled with $article, $limit"),
        ("$article", "$Article", 7, "unknown variable $Article"),
        ("$article", "Article", 7, "does not use $article"),
        ("$article", "$$article", 7, "does not use $article"),
    ],
)
def test_each_fault_is_told_with_its_line(old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    parsed = parse(GOOD.replace(old, new, 1).encode(), Path("mine/extract_claims.md"))
    assert parsed.prompt is None
    told = [str(problem) for problem in parsed.problems if problem.line == line]
    assert any(said in each for each in told), parsed.problems
    assert all(each.startswith(f"{Path('mine/extract_claims.md')}:{line}: ") for each in told)


def test_text_that_is_not_utf8_is_told_with_its_line() -> None:
    raw = GOOD.replace("List", "Líst").encode("latin-1")
    (problem,) = parse(raw, Path("extract_claims.md")).problems
    assert (problem.line, "not UTF-8" in problem.message) == (9, True)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = GOOD.replace("version: 7", "version: x").replace("$article", "$1").replace("$$5", "$x")
    lines = [problem.line for problem in parse(text.encode(), Path("extract_claims.md")).problems]
    assert lines == [3, 7, 7, 9]


@given(st.one_of(st.binary(), st.text().map(lambda text: GOOD.replace("List", text).encode())))
def test_no_file_is_too_strange_to_be_told_of(raw: bytes) -> None:
    parsed = parse(raw, Path("extract_claims.md"))
    assert (parsed.prompt is None) is any(not each.warning for each in parsed.problems)


# --- checking a folder


def test_check_tells_every_problem_of_every_file_in_order(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("$$5", "$5"))
    write(tmp_path, "Be kind.", "reader.md")
    write(tmp_path, "Be kind.", "readers.md")
    assert [str(problem).removeprefix(f"{tmp_path}{os.sep}") for problem in check(tmp_path)] == [
        "extract_claims.md:9: a $ that begins no variable; write $$ for a dollar",
        "reader.md:1: has no front matter: name, version, schema, purpose between two lines ---",
        "readers.md: is no prompt's file (did you mean reader.md?)",
    ]


def test_check_warns_where_the_text_changed_and_the_version_did_not(tmp_path: Path) -> None:
    shipped = load_prompts()["extract_claims"]
    changed = replace(shipped, text=f"{shipped.text}\n\nBe short.")
    path = write(tmp_path, changed.document())
    (problem,) = check(tmp_path)
    assert problem.warning
    assert (problem.path, problem.line) == (path, 3)
    assert "raise the version" in problem.message
    assert load_prompts(tmp_path)["extract_claims"].text == changed.text


def test_check_is_content_with_a_raised_version_and_with_a_copy(tmp_path: Path) -> None:
    shipped = load_prompts()
    changed = replace(shipped["reader"], text="Be careful.", version=shipped["reader"].version + 1)
    write(tmp_path, changed.document(), "reader.md")
    write(
        tmp_path,
        replace(shipped["verify_statements"], purpose="Mine.").document(),
        "verify_statements.md",
    )
    assert check(tmp_path) == []


def test_check_warns_of_a_folder_without_prompts(tmp_path: Path) -> None:
    (problem,) = check(tmp_path)
    assert str(problem) == f"{tmp_path}: warning: holds no prompt"


def test_reading_one_prompt_tells_whether_it_is_a_users_own(tmp_path: Path) -> None:
    path = write(tmp_path)
    own, shipped = read_prompt(path, load_prompts()).prompt, read_prompt(path).prompt
    assert own is not None
    assert shipped is not None
    assert (own.overridden, shipped.overridden) == (True, False)
