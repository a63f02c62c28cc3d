"""The judge put to the test on planted errors: sentences that are known to be right or wrong.

Each is a sentence that an article supports, or the same with one error put in by a rule
(``tools/planting``). A judge that lets them pass is not one to gate anything with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from summarizer.compare.judges import Judge
from summarizer.errors import AnswerIncomplete, InputError, SummarizerError
from summarizer.evals.cases import CaseFolder
from summarizer.evals.judging import Text, numbered_lines, read_rows
from summarizer.evals.metrics import FALSE_ALARMS
from summarizer.evals.types import Ratio
from summarizer.types import Article, Claim, Verdict

FAITHFUL = "faithful"
"""The kind of a planted row without an error."""

LEFT_OUT = "left_out.txt"
"""The file that names planted rows which read wrong, each with a reason."""


class PlantedRow(BaseModel):
    """A row of a file: a sentence, the article it is put to, and whether that has it.

    ``article`` is the label of an article of the case; ``twin_of`` the id of the faithful row
    that the error was put into.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    case: Text
    kind: Text
    article: Text
    claim: Text
    label: Literal["supported", "unsupported"]
    twin_of: str | None = None


def load_planted(folder: Path, case: CaseFolder) -> list[tuple[str, Claim]]:
    """Return the sentences of a case's file ``CASE.jsonl``, if it has one, with their kinds.

    Raises:
        InputError: The file is not what it should be; the message has file and line.
    """
    path, again = folder / f"{case.name}.jsonl", 'Make the rows anew: "python -m tools.planting".'
    if not path.is_file():
        return []
    articles = {each.label: each.article for each in case.load().articles}
    left_out, planted = set(_left_out(folder)), []
    for number, row in read_rows(path, PlantedRow, again):
        if row.article not in articles:
            wrong = f"{case.name} has no article {row.article!r}"
            raise InputError(f"{path}, line {number}: {wrong}.", again)
        if row.id not in left_out:
            # A summary is written for its article: the days it names are counted from that one's.
            claim = Claim(article=articles[row.article], text=row.claim, evidence=())
            planted.append((row.kind, claim))
    return planted


def _left_out(folder: Path) -> Iterator[str]:
    """Yield the ids of the rows that are left out; each must have a reason."""
    path = folder / LEFT_OUT
    for number, line in numbered_lines(path) if path.is_file() else ():
        row, _, why = line.decode("utf-8", "replace").partition(" ")
        if not row.startswith("#"):
            if not why.strip():
                raise InputError(f"{path}, line {number}: {row} is left out without a reason.")
            yield row


def try_judge(judge: Judge, case: CaseFolder, folder: Path) -> Mapping[str, Ratio]:
    """Return how a judge does on the planted errors of one case.

    For each kind of error the share that it caught, since its verdict is not "reported", and
    the share of false alarms, which is that of such verdicts on faithful sentences. A model is
    asked once for each article, about all its sentences.

    Raises:
        ServiceError: A model judges, and gave no answer that can be used.
    """
    planted = load_planted(folder, case)
    taken: dict[tuple[str, str], bool] = {}
    for article, claims in _by_article(planted):
        judged = judge.judge(claims, article)
        for claim, answer in zip(claims, judged.judgements, strict=True):
            if answer is None:
                raise AnswerIncomplete(f"there is no verdict on a claim put to {article.source}.")
            taken[article.id, claim.text] = answer.verdict is Verdict.REPORTED
    caught: dict[str, list[bool]] = {}
    for kind, claim in planted:
        caught.setdefault(kind, []).append(not taken[claim.article.id, claim.text])
    return {
        FALSE_ALARMS if kind == FAITHFUL else kind: Ratio(sum(hits), len(hits))
        for kind, hits in caught.items()
    }


def rehearse_judge(judge: Judge, case: CaseFolder, folder: Path) -> None:
    """Put the planted errors of one case to a judge whose answers do not matter."""
    for article, claims in _by_article(load_planted(folder, case)):
        with suppress(SummarizerError):
            judge.judge(claims, article)


def _by_article(planted: Iterable[tuple[str, Claim]]) -> Iterator[tuple[Article, list[Claim]]]:
    """Yield each article with the sentences that are put to it, each of them once."""
    claims: dict[str, dict[str, Claim]] = {}
    for _, claim in planted:
        claims.setdefault(claim.article.id, {})[claim.text] = claim
    for each in map(list, map(dict.values, claims.values())):
        yield each[0].article, each


def planted_digest(case: CaseFolder, folder: Path) -> str:
    """Return the SHA-256 of a case and of its planted errors, in hexadecimal."""
    # Those of other cases are another matter; the list of rows left out is for all.
    own = [p for p in _planted_files(folder) if p.stem in (case.name, Path(LEFT_OUT).stem)]
    contents = (hashlib.sha256(path.read_bytes()).digest() for path in own)
    return hashlib.sha256(b"".join([case.digest.encode(), *contents])).hexdigest()


def planted_set(folder: Path) -> str:
    """Return the SHA-256 of all planted errors, in hexadecimal: what a judge was tested on."""
    digest = hashlib.sha256()
    for path in _planted_files(folder):
        digest.update(hashlib.sha256(path.name.encode()).digest())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _planted_files(folder: Path) -> list[Path]:
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in there if path.is_file() and not path.name.startswith(".")]


def add_up(parts: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Return ratios of several cases, added up by name."""
    total: dict[str, Ratio] = {}
    for part in parts:
        for name, ratio in part.items():
            old = total.get(name, Ratio(0, 0))
            total[name] = Ratio(old.hits + ratio.hits, old.of + ratio.of)
    return total
