from __future__ import annotations

from pathlib import Path

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.errors import SummarizerError, UsageError
from summarizer.evals.cases import list_cases
from summarizer.evals.labelling import lint_case
from tests.support.command import write_ferry

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with two articles."""
    write_ferry(tmp_path)
    (tmp_path / "evals").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*args: str) -> None:
    typer.main.get_command(app).main(["new", *args], standalone_mode=False)


def test_a_new_case_has_its_articles_and_asks_for_facts(folder: Path) -> None:
    new("two-ferries", "Harbor Gazette=a.txt", "b.txt")
    case = folder / "evals/cases/two-ferries"
    assert sorted(path.name for path in case.iterdir()) == ["a.txt", "b.txt", "case.yaml"]
    text = (case / "case.yaml").read_text(encoding="utf-8")
    assert text.startswith("name: two-ferries\n")
    assert 'outlet: "Harbor Gazette"' in text
    (error,) = lint_case(case).errors
    assert "facts" in error.message


def test_the_drafts_are_sound_labels_once_they_are_taken_over(folder: Path) -> None:
    new("two-ferries", "Harbor Gazette=a.txt", "Northwind=b.txt")
    path = folder / "evals/cases/two-ferries/case.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    taken = [line.removeprefix("#") if line.startswith("#  ") else line for line in lines]
    assert taken != lines
    path.write_text("\n".join(taken), encoding="utf-8")
    assert lint_case(path.parent).errors == ()
    case = list_cases(path.parent.parent, [path.parent.name])[0].load()
    assert len(case.facts) > 3
    assert {label for fact in case.facts for label in fact.support} == {"a", "b"}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("Two Ferries", "a.txt", "b.txt"), "cannot be the name"),
        (("two-ferries", "a.txt"), "two articles or more"),
    ],
)
def test_what_no_case_can_be_made_of_is_told(args: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        new(*args)


def test_a_case_that_is_there_is_not_written_over(folder: Path) -> None:
    new("two-ferries", "a.txt", "b.txt")
    with pytest.raises(SummarizerError, match="already"):
        new("two-ferries", "a.txt", "b.txt")


def test_what_to_call_next_finds_the_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new("second-driver", str(folder))
    told = capsys.readouterr()
    assert "eval lint second-driver --cases" in " ".join((told.out + told.err).split())
