"""The shipped cases: enough of them, sound, and of every kind that they are there for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.evals.cases import find_cases_folder, list_cases, load_cases
from summarizer.evals.lint import PROOFS, TRAITS, disproved, lint_case
from summarizer.evals.types import Case

pytestmark = pytest.mark.slow

STORIES, ARTICLES, FACTS = 14, 60, 500
"""What makes a corpus that can show a difference."""


@pytest.fixture(scope="module")
def cases() -> Sequence[Case]:
    return load_cases()


def test_there_are_stories_articles_and_facts_enough(cases: Sequence[Case]) -> None:
    assert len(cases) >= STORIES
    assert all(3 <= len(case.articles) <= 6 for case in cases)
    assert sum(len(case.articles) for case in cases) >= ARTICLES
    assert sum(len(case.facts) for case in cases) >= FACTS


def test_every_trait_is_in_some_case_and_no_case_names_another(cases: Sequence[Case]) -> None:
    covered = {name for case in cases for name in case.covers}
    assert covered == set(TRAITS)


def test_what_labels_can_prove_they_prove(cases: Sequence[Case]) -> None:
    assert [(case.name, disproved(case)) for case in cases if disproved(case)] == []


def test_a_trait_that_the_labels_do_not_have_is_disproved(cases: Sequence[Case]) -> None:
    bare = replace(
        cases[0], covers=tuple(TRAITS), articles=(), facts=(), conflicts=(), forbidden=()
    )
    assert set(disproved(bare)) == set(PROOFS)


def test_the_linter_finds_no_error_in_them() -> None:
    found = {case.name: lint_case(case.folder).errors for case in list_cases(find_cases_folder())}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_the_traits_are_listed_with_their_cases(capsys: pytest.CaptureFixture[str]) -> None:
    typer.main.get_command(app).main(["lint", "rail-strike", "--traits"], standalone_mode=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 cases, 5 articles, ")
    assert lines[lines.index(f"injection: {TRAITS['injection']}") + 1] == "    rail-strike"
    assert lines[lines.index(f"german: {TRAITS['german']}") + 1] == "    (none)"
