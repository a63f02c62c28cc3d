"""Runs of evals made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.evals.labelled_report import Ratio
from summarizer.evals.results import CaseResult, Run
from summarizer.usage import Usage

Value = float | None
GOOD_JUDGE = {
    "number": Ratio(19, 20),
    "date": Ratio(10, 10),
    "name": Ratio(18, 20),
    "negation": Ratio(9, 10),
    "attribution": Ratio(3, 10),
    "wrong_outlet": Ratio(20, 20),
    "invented_quote": Ratio(20, 20),
    "false_alarms": Ratio(2, 40),
}


def make_run(cases: Mapping[str, Mapping[str, Value | Sequence[Value]]], **other: Any) -> Run:
    """Return a run: for each case the value of each metric, or one value a sample."""
    results = []
    for case, metrics in cases.items():
        listed = {
            name: value if isinstance(value, Sequence) else [value]
            for name, value in metrics.items()
        }
        for sample in range(max((len(values) for values in listed.values()), default=1)):
            found = {
                name: _ratio(values[sample])
                for name, values in listed.items()
                if sample < len(values)
            }
            usage = Usage(calls=2, cached_calls=1, cost_usd=0.01, seconds=0.5)
            results.append(CaseResult(case=case, sample=sample, metrics=found, usage=usage))
    parts: dict[str, Any] = {
        "at": "2026-03-01T09:00:00+00:00",
        "engine": "extractive",
        "judge": "lexical",
        "model": None,
        "code": "c0de" * 16,
        "prompts": {"extract_claims": "ab" * 32},
        "digests": {case: f"digest of {case}" for case in cases},
        "results": tuple(results),
        "judge_metrics": GOOD_JUDGE,
    }
    return Run(**parts | other)


def of_one(metric: str, values: Sequence[Value | Sequence[Value]], **other: Any) -> Run:
    """Return a run of cases ``c0``, ``c1`` … with one metric."""
    return make_run({f"c{n}": {metric: value} for n, value in enumerate(values)}, **other)


def _ratio(value: Value) -> Ratio:
    return Ratio(0, 0) if value is None else Ratio(value * 20, 20)
