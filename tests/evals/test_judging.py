"""``summarize eval judge``: the figures, held against scikit-learn, and the files it takes."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from summarizer.cli.evals import app
from summarizer.cli.output import print_error
from summarizer.errors import InputError, SummarizerError, UnreadableSource
from summarizer.evals.compare import Interval
from summarizer.evals.judging import (
    LABELS,
    Point,
    balanced_accuracy,
    calibration_error,
    decided_at,
    fitted_threshold,
    load_pairs,
    roc_auc,
    score_judge,
)
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

unhurried = hypothesis_settings(deadline=None)
"""scipy and scikit-learn are loaded in the first example, on a busy machine slowly."""
COARSE = st.integers(0, 20).map(lambda n: n / 20)
"""Probabilities of which many are tied, and which lie on the edges of bins."""
POINTS = st.lists(
    st.builds(Point, COARSE | st.floats(0, 1), st.booleans(), st.booleans()), min_size=1
)
BOTH = POINTS.filter(lambda points: len({point.supported for point in points}) == 2)


def labels(points: Sequence[Point]) -> list[int]:
    return [int(point.supported) for point in points]


def probabilities(points: Sequence[Point]) -> list[float]:
    return [point.probability for point in points]


@unhurried
@given(BOTH)
def test_the_area_is_that_of_scikit_learn_also_with_ties(points: list[Point]) -> None:
    expected = roc_auc_score(labels(points), probabilities(points))
    assert roc_auc(points) == pytest.approx(expected, abs=1e-9)


@unhurried
@given(BOTH)
def test_balanced_accuracy_is_that_of_scikit_learn(points: list[Point]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a decision that nobody labelled
        expected = balanced_accuracy_score(labels(points), [int(p.taken) for p in points])
    assert balanced_accuracy(points) == pytest.approx(expected, abs=1e-9)


def test_the_calibration_error_is_the_weighted_distance_of_said_and_were() -> None:
    points = [Point(0.9, True, True)] * 3 + [Point(0.9, False, True)] + [Point(0.2, False, False)]
    assert calibration_error(points) == pytest.approx(4 / 5 * 0.15 + 1 / 5 * 0.2)
    assert calibration_error([Point(1.0, True, True), Point(0.0, False, False)]) == 0


def test_what_cannot_be_had_is_none_and_no_number() -> None:
    one_label = [Point(0.5, True, True), Point(0.6, True, False)]
    assert balanced_accuracy(one_label) is None
    assert roc_auc(one_label) is None
    assert calibration_error([]) is None


@unhurried
@given(BOTH)
@example([Point(0.0, False, False), Point(5e-324, True, True)])
def test_no_threshold_does_better_than_the_fitted_one(points: list[Point]) -> None:
    def accuracy(threshold: float) -> float:
        cut = [Point(p.probability, p.supported, p.probability >= threshold) for p in points]
        found = balanced_accuracy(cut)
        assert found is not None
        return found

    threshold = fitted_threshold(points, "other.jsonl")
    tried = [*probabilities(points), 2.0]
    assert accuracy(threshold) >= max(map(accuracy, tried)) - 1e-9


def test_intervals_hold_the_figure_repeat_and_widen_with_the_clusters() -> None:
    draw = random.Random(7)
    points = []
    for _ in range(200):
        truth = draw.random() < 0.5
        probability = min(1.0, max(0.0, draw.gauss(0.65 if truth else 0.35, 0.2)))
        points.append(Point(probability, truth, probability >= 0.5))
    alone = area([point._replace(document=str(n)) for n, point in enumerate(points)])
    again = area([point._replace(document=str(n)) for n, point in enumerate(points)])
    copied = [point._replace(document=str(n)) for n, point in enumerate(points[:40])]
    copies = area(copied * 5)
    value = roc_auc(points)
    assert value is not None
    assert alone == again
    assert alone.low < value < alone.high
    assert copies.high - copies.low > alone.high - alone.low, "five copies are not five facts"


def area(points: Sequence[Point]) -> Interval:
    interval = score_judge(points).figures["roc_auc"].interval
    assert interval is not None
    return interval


def test_one_document_has_no_interval() -> None:
    figures = score_judge([Point(0.1, False, False), Point(0.9, True, True)]).figures
    assert {figure.interval for figure in figures.values()} == {None}


def test_without_a_threshold_the_verdicts_count_and_with_one_the_probabilities() -> None:
    points = [Point(0.3, True, True, "a"), Point(0.8, False, False, "b")]
    own = score_judge([decided_at(point, None) for point in points])
    at_half = score_judge([decided_at(point, 0.5) for point in points], 0.5)
    assert own.figures["balanced_accuracy"].value == 1
    assert at_half.figures["balanced_accuracy"].value == 0
    assert (own.pairs, own.documents, own.supported) == (2, 2, 1)


def test_a_threshold_cannot_be_fitted_on_one_label() -> None:
    with pytest.raises(InputError, match="both labels"):
        fitted_threshold([Point(0.3, True, True)], "other.jsonl")


def written(path: Path, *rows: Mapping[str, Any] | str) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_labels_are_the_words_of_a_judge_or_true_and_false(tmp_path: Path) -> None:
    labels = [*LABELS.items(), (True, True), (False, False)]
    rows = [{"document": "d", "claim": "c", "label": label} for label, _ in labels]
    loaded = load_pairs(written(tmp_path / "a.jsonl", *rows))
    assert [pair.supported for pair in loaded] == [supported for _, supported in labels]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "JSON"),
        ("[1]", "object"),
        ('{"claim": "c", "label": true}', "document: Field required"),
        ('{"document": "d", "label": true}', "claim: Field required"),
        ('{"document": "d", "claim": "c"}', "label: Field required"),
        (
            '{"document": 5, "claim": "c", "label": true}',
            "document: Input should be",
        ),
        ('{"document": "d", "claim": " ", "label": true}', "claim: String should match"),
        ('{"document": "d", "claim": "c", "label": "maybe"}', "label: Input should be"),
        ('{"document": "d", "claim": "c", "label": 0.7}', "label: Input should be"),
        ('{"document": "d", "claim": "c", "label": null}', "label: Input should be"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, bad: str, said: str) -> None:
    good = {"document": "d", "claim": "c", "label": "supported"}
    path = written(tmp_path / "a.jsonl", good, "", bad)
    with pytest.raises(InputError, match="line 3") as error:
        load_pairs(path)
    assert said in error.value.message
    assert error.value.hint


def test_a_file_that_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"gone\.jsonl"):
        load_pairs(tmp_path / "gone.jsonl")
    with pytest.raises(InputError, match="no rows"):
        load_pairs(written(tmp_path / "a.jsonl", ""))


STORY = "The ferry Meridian ran aground off Port Marrow on Monday night with {n} people aboard."
PAIRS = [
    {"id": f"{n}-{kind}", "document": STORY.format(n=n), "claim": claim.format(n=n), "label": label}
    for n in (112, 198, 212, 240, 305)
    for kind, claim, label in (
        ("same", "The ferry Meridian ran aground with {n} people aboard.", "supported"),
        ("number", "The ferry Meridian ran aground with 77 people aboard.", "unsupported"),
        ("other", "A bakery in the hills of Tarn closed for good.", "unsupported"),
    )
]


def evals(*args: str | Path) -> int:
    command = typer.main.get_command(app)
    try:
        code = command.main(list(map(str, args)), standalone_mode=False)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return written(tmp_path / "pairs.jsonl", *PAIRS)


@pytest.mark.parametrize("threshold", [(), ("--threshold", "0.4"), ("--fit",)])
def test_the_command_gives_what_scikit_learn_computes_from_the_written_scores(
    pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], threshold: tuple[str, ...]
) -> None:
    more = (*threshold, pairs) if threshold == ("--fit",) else threshold
    out = tmp_path / "scores.jsonl"
    assert evals("judge", pairs, *more, "--judge", "lexical", "--json", "--scores", out) == 0
    found = json.loads(capsys.readouterr().out)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    truth = [row["label"] for row in rows]
    figures = {name: figure["value"] for name, figure in found["figures"].items()}
    assert [row["id"] for row in rows] == [row["id"] for row in PAIRS]
    assert figures["roc_auc"] == pytest.approx(
        roc_auc_score(truth, [row["probability"] for row in rows])
    )
    assert figures["balanced_accuracy"] == pytest.approx(
        balanced_accuracy_score(truth, [row["predicted"] for row in rows])
    )
    if found["threshold"] is not None:
        at = found["threshold"]
        assert all(row["predicted"] is (row["probability"] >= at) for row in rows)
    assert found["documents"] == 5


def test_the_screen_names_figures_intervals_and_bins(
    pairs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("judge", pairs, "--judge", "lexical") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("lexical judge: 15 pairs of 5 documents, 5 labelled supported; ")
    for text in (
        "supported from: the judge's own",
        "balanced accuracy",
        "ROC AUC",
        "calibration error",
    ):
        assert text in shown
    assert "1,000 draws of documents" in shown


def test_threshold_and_fit_exclude_each_other(pairs: Path) -> None:
    assert evals("judge", pairs, "--threshold", "0.5", "--fit", pairs) == 2


def test_a_model_judges_and_what_it_does_not_answer_is_left_out(
    pairs: Path, server: ModelServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model = ("--judge", "llm", "--base-url", server.url, "--model", "rule-1")
    cache = {"SUMMARIZER_CACHE_DIR": str(tmp_path / "answers"), "SUMMARIZER_RETRIES": "0"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cache.items():
            patch.setenv(name, value)
        assert evals("judge", pairs, *model, "--dry-run") == 0
        assert "5 requests" in capsys.readouterr().out
        server.order(Fault.ERROR_500, stage="findings")
        assert evals("judge", pairs, *model, "--jobs", "1", "--json") == 5
        partial = json.loads(capsys.readouterr().out)
        assert partial["left_out"] == 3
        assert partial["pairs"] == 12
        assert evals("judge", pairs, *model, "--json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["judge"], whole["model"], whole["pairs"]) == ("llm", "rule-1", 15)
