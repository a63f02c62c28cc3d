"""Measure the lexical judge as it is shipped: accuracy, calibration, speed, contradictions.

    python benchmarks/judge.py [FOLDER]

FOLDER holds the JSON-lines files (``document``, ``claim``, ``label``), by default
``../shared/judge``. The weights were fitted on these files, so for what to expect of other
pairs see the cross-validated figures of ``benchmarks/fit_judge.py``.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from summarizer.compare.judges.lexical import LexicalJudge, speaks_of
from summarizer.pipeline import whole_text
from summarizer.types import Claim, Verdict

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair: was it supported, and what did the judge say, in how many seconds."""

    supported: bool
    probability: float
    contradicted: bool
    seconds: float


def judge(path: Path) -> list[Judged]:
    lexical = LexicalJudge()
    judged = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = whole_text(row["document"])
        claim = Claim(article=document, text=row["claim"], evidence=())
        speaks_of(claim, document)  # prepares the document
        start = time.perf_counter()
        answer = lexical.judge_claim(claim, document)
        seconds = time.perf_counter() - start
        contradicted = answer.verdict is Verdict.CONTRADICTED
        judged.append(
            Judged(row["label"] == "supported", answer.probability, contradicted, seconds)
        )
    return judged


def area(judged: list[Judged]) -> float:
    """Return the chance that a supported pair is ranked above one that is not."""
    right = [j.probability for j in judged if j.supported]
    wrong = [j.probability for j in judged if not j.supported]
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return wins / max(len(right) * len(wrong), 1)


def calibration_error(judged: list[Judged]) -> float:
    bins: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        bins[min(int(one.probability * BINS), BINS - 1)].append(one)
    return sum(abs(sum(j.probability - j.supported for j in b)) for b in bins.values()) / len(
        judged
    )


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/judge")
    print(f"{'file':24}{'rows':>6}{'AUC':>7}{'ECE':>7}{'ms/pair':>9}{'contradicted (right)':>22}")
    for path in sorted(folder.glob("*.jsonl")):
        judged = judge(path)
        pace = 1000 * sum(j.seconds for j in judged) / len(judged)
        against = [j for j in judged if j.contradicted]
        right = sum(not j.supported for j in against)
        print(
            f"{path.stem:24}{len(judged):6}{area(judged):7.3f}{calibration_error(judged):7.3f}"
            f"{pace:9.2f}{f'{len(against)} ({right})':>22}"
        )


if __name__ == "__main__":
    main()
