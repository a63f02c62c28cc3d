"""The shipped cases: enough of them, sound, and of every kind that they are there for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.evals.cases import Case, find_cases_folder, list_cases
from summarizer.evals.labelling import TRAITS, lint_case
from summarizer.settings import Settings
from summarizer.tokens import estimate_tokens
from summarizer.types import Status

pytestmark = pytest.mark.slow

STORIES, ARTICLES, FACTS = 14, 60, 500
"""What makes a corpus that can show a difference."""


_LANGUAGES = {"german": "de", "spanish": "es", "japanese": "ja"}


def _is_long(case: Case) -> bool:
    chunk = Settings().chunk_tokens
    return any(estimate_tokens(each.article.body_text) > chunk for each in case.articles)


def _has_conflict(kind: str) -> Callable[[Case], bool]:
    return lambda case: any(conflict.kind == kind for conflict in case.conflicts)


def _has_language(code: str) -> Callable[[Case], bool]:
    return lambda case: any(each.article.language == code for each in case.articles)


PROOFS: Mapping[str, Callable[[Case], bool]] = {
    "page_furniture": lambda case: any(each.furniture for each in case.articles),
    "html": lambda case: any(each.article.source.endswith(".html") for each in case.articles),
    "two_snapshots": lambda case: any(each.same_as for each in case.articles),
    "differing_numbers": _has_conflict("number"),
    "differing_dates": _has_conflict("date"),
    "differing_lists": _has_conflict("list"),
    "differing_attribution": _has_conflict("attribution"),
    "differing_outcome": _has_conflict("outcome"),
    "differing_wording": _has_conflict("wording"),
    "one_outlet_only": lambda case: any(
        fact.status is Status.UNIQUE and fact.salience > 1 for fact in case.facts
    ),
    "hedges": lambda case: any(fact.hedge for fact in case.facts),
    "attribution": lambda case: any(fact.speaker for fact in case.facts),
    "paywall_stub": lambda case: any(each.stub for each in case.articles),
    "other_event": lambda case: any(each.other_event for each in case.articles),
    "injection": lambda case: bool(case.forbidden),
    "long_article": _is_long,
    "mixed_languages": lambda case: len({each.article.language for each in case.articles}) > 1,
    **{name: _has_language(code) for name, code in _LANGUAGES.items()},
}
"""Whether the labels of a case have a trait; of the others the labels cannot tell."""


def disproved(case: Case) -> tuple[str, ...]:
    """Return the traits that a case says it has and its labels say it has not."""
    return tuple(name for name in case.covers if name in PROOFS and not PROOFS[name](case))


@pytest.fixture(scope="module")
def cases() -> Sequence[Case]:
    return [case.load() for case in list_cases(find_cases_folder())]


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


def test_the_linter_finds_no_error_in_them() -> None:
    found = {case.name: lint_case(case.folder).errors for case in list_cases(find_cases_folder())}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_the_traits_are_listed_with_their_cases(capsys: pytest.CaptureFixture[str]) -> None:
    typer.main.get_command(app).main(["lint", "rail-strike", "--traits"], standalone_mode=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 case, 5 articles, ")
    assert lines[lines.index(f"injection: {TRAITS['injection']}") + 1] == "    rail-strike"
    assert lines[lines.index(f"german: {TRAITS['german']}") + 1] == "    (none)"
