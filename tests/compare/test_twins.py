"""What the lexical judge must at least see: errors written by hand, and those of the cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pytest

from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.judging import add_up, try_judge
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.metrics import FALSE_ALARMS
from summarizer.types import Claim, Verdict
from tests.support.twins import TRUE, twins

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own() -> Mapping[str, Ratio]:
    found: dict[str, list[bool]] = defaultdict(list)
    judge = LexicalJudge()
    for twin in twins():
        claim = Claim(article=twin.article, text=twin.claim, evidence=())
        verdict = judge.judge_claim(claim, twin.article).verdict
        found[twin.kind].append(verdict is not Verdict.REPORTED)
    return {kind: Ratio(sum(hits), len(hits)) for kind, hits in found.items()}


@pytest.fixture(scope="module")
def planted() -> Mapping[str, Ratio]:
    judge, cases = LexicalJudge(), find_cases_folder()
    folder = cases.parent / "planted"
    return add_up(try_judge(judge, case, folder) for case in list_cases(cases))


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("number", 0.9),
        ("date", 0.9),
        ("name", 0.9),
        ("negation", 0.9),
        ("invented_quote", 1.0),
        ("wrong_outlet", 1.0),
    ],
)
def test_errors_written_by_hand_are_seen(own: Mapping[str, Ratio], kind: str, least: float) -> None:
    assert (own[kind].value or 0) >= least


def test_true_claims_written_by_hand_pass(own: Mapping[str, Ratio]) -> None:
    assert own[TRUE].of >= 30
    assert (own[TRUE].value or 0) <= 0.05


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("number", 0.9),
        ("date", 0.95),
        ("name", 0.85),
        ("negation", 0.85),
        ("invented_quote", 0.98),
        ("wrong_outlet", 0.9),
        ("attribution", 0.9),
    ],
)
def test_planted_errors_are_seen(planted: Mapping[str, Ratio], kind: str, least: float) -> None:
    assert (planted[kind].value or 0) >= least


def test_faithful_sentences_pass(planted: Mapping[str, Ratio]) -> None:
    assert (planted[FALSE_ALARMS].value or 0) <= 0.05
