"""The judge put to the test: does it see the errors that were planted?

A score by a judge that lets errors pass is worth nothing, so a run of all cases says how its
judge did on sentences that are known to be right or wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from summarizer.compare.judges import Judge
from summarizer.errors import AnswerIncomplete, SummarizerError
from summarizer.evaluation.listing import AnyCase, read_case
from summarizer.evaluation.planted import Planted, judge_planted, load_planted
from summarizer.evaluation.types import Ratio
from summarizer.types import Article, Claim, Judgement

PLANTED = "planted"
"""What the stored figures of a judge on one case are called."""


def try_judge(judge: Judge, case: AnyCase, folder: Path) -> Mapping[str, Ratio]:
    """Return how a judge does on the planted errors of one case, by their kinds.

    Args:
        judge: Who is tested. A model is asked once for each article, about all its sentences.
        case: The story that the planted sentences are about.
        folder: Where those sentences are.

    Raises:
        ServiceError: A model judges, and gave no answer that can be used.
    """
    rows = load_planted(folder, [read_case(case)])
    answers = _answers(judge, rows)
    return judge_planted(lambda claim, article: answers[article.id, claim.text], rows)


def rehearse_judge(judge: Judge, case: AnyCase, folder: Path) -> None:
    """Put the planted errors of one case to a judge whose answers do not matter."""
    for article, claims in _put(load_planted(folder, [read_case(case)])):
        with suppress(SummarizerError):
            judge.judge(list(claims.values()), article)


def planted_digest(case: AnyCase, folder: Path) -> str:
    """Return the SHA-256 of a case and of all planted errors, in hexadecimal."""
    found = hashlib.sha256(case.digest.encode())
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        # Those of other cases are another matter; the list of rows left out is for all.
        if path.is_file() and path.stem in (case.name, "left_out"):
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def planted_set(folder: Path) -> str:
    """Return the SHA-256 of all planted errors, in hexadecimal: what a judge was tested on."""
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            found.update(hashlib.sha256(path.name.encode()).digest())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def summed(parts: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Return ratios of several cases, added up by name."""
    found: dict[str, Ratio] = {}
    for part in parts:
        for name, ratio in part.items():
            old = found.get(name, Ratio(0, 0))
            found[name] = Ratio(old.hits + ratio.hits, old.of + ratio.of)
    return found


def _answers(judge: Judge, rows: Iterable[Planted]) -> Mapping[tuple[str, str], Judgement]:
    """Return a judgement for each article's id and sentence."""
    found: dict[tuple[str, str], Judgement] = {}
    for article, claims in _put(rows):
        judged = judge.judge(list(claims.values()), article)
        for text, answer in zip(claims, judged.judgements, strict=True):
            if answer is None:
                raise AnswerIncomplete(f"there is no verdict on a claim put to {article.source}.")
            found[article.id, text] = answer
    return found


def _put(rows: Iterable[Planted]) -> Iterator[tuple[Article, Mapping[str, Claim]]]:
    """Yield each article with the sentences that are put to it, by their text."""
    articles: dict[str, Article] = {}
    claims: dict[str, dict[str, Claim]] = {}
    for row in rows:
        articles[row.article.id] = row.article
        claim = Claim(article=row.article, text=row.claim, evidence=())
        claims.setdefault(row.article.id, {})[row.claim] = claim
    return ((article, claims[name]) for name, article in articles.items())
