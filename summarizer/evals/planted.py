"""The judge put to the test on planted errors: sentences that are known to be right or wrong.

Each is a sentence that an article supports, or the same with one error put in by a rule
(``tools/planting``). A judge that lets them pass is not one to gate anything with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.compare.judges import Judge
from summarizer.errors import AnswerIncomplete, SummarizerError, UsageError
from summarizer.evals.cases import AnyCase, find_cases_folder, read_case
from summarizer.evals.metrics import FALSE_ALARMS
from summarizer.evals.types import Case, Ratio
from summarizer.types import Article, Claim, Judgement, Verdict

PLANTED = "planted"
"""What the stored figures of a judge on one case are called."""

FAITHFUL = "faithful"
"""The kind of a sentence without an error."""

LEFT_OUT = "left_out.txt"
"""The file that names rows which read wrong, each with a reason."""

JudgeClaim = Callable[[Claim, Article], Judgement]
Text = Annotated[str, Field(min_length=1)]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A sentence put to an article. ``twin_of`` is the id of the sentence it was made from."""

    id: str
    case: str
    kind: str
    article: Article
    claim: str
    supported: bool
    twin_of: str | None = None


def find_planted_folder() -> Path:
    """Return the folder of the shipped planted errors: beside that of the cases."""
    return find_cases_folder().parent / "planted"


def load_planted(folder: Path, cases: Sequence[Case]) -> tuple[Planted, ...]:
    """Return the planted errors of some cases.

    Args:
        folder: Has a file ``CASE.jsonl`` for each case; a case without one has none.
        cases: Whose articles they are put to.

    Raises:
        UsageError: A file is not what it should be; the message has file and line.
    """
    left_out = {row for row, _ in left_out_rows(folder)}
    rows = (row for case in cases for row in _of_case(folder / f"{case.name}.jsonl", case))
    return tuple(row for row in rows if row.id not in left_out)


def _of_case(path: Path, case: Case) -> Iterator[Planted]:
    articles = {each.label: each.article for each in case.articles}
    for number, line in numbered_lines(path):
        try:
            row = PlantedRow.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise UsageError(f"{path}:{number}: {place}: {first['msg']}") from error
        if row.article not in articles:
            raise UsageError(
                f"{path}:{number}: {case.name} has no article {row.article!r}.",
                'Make the rows anew: "python -m tools.planting".',
            )
        yield Planted(
            id=row.id,
            case=row.case,
            kind=row.kind,
            article=articles[row.article],
            claim=row.claim,
            supported=row.label == "supported",
            twin_of=row.twin_of,
        )


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line that has any; none where there is no file.

    Raises:
        UsageError: The file cannot be read.
    """
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read.") from error
    # Not splitlines: a claim may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def left_out_rows(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return the ids that are left out, and why.

    Raises:
        UsageError: One of them has no reason.
    """
    path = folder / LEFT_OUT
    rows = []
    for number, line in numbered_lines(path):
        row, _, why = line.partition(" ")
        if line.startswith("#"):
            continue
        if not why.strip():
            raise UsageError(f"{path}:{number}: {row} is left out without a reason.")
        rows.append((row, why.strip()))
    return tuple(rows)


def judge_planted(judge_claim: JudgeClaim, planted: Iterable[Planted]) -> Mapping[str, Ratio]:
    """Return for each kind of error the share a judge caught, and the share of false alarms.

    An error is caught when the verdict is not "supported"; a false alarm is that verdict on
    a faithful sentence.
    """
    caught: dict[str, list[bool]] = {}
    for row in planted:
        # A summary is written for its article: the days it names are counted from that one's.
        claim = Claim(article=row.article, text=row.claim, evidence=())
        judgement = judge_claim(claim, row.article)
        caught.setdefault(row.kind, []).append(judgement.verdict is not Verdict.REPORTED)
    return {
        FALSE_ALARMS if kind == FAITHFUL else kind: Ratio(sum(hits), len(hits))
        for kind, hits in caught.items()
    }


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
    answers: dict[tuple[str, str], Judgement] = {}
    for article, claims in _by_article(rows):
        judged = judge.judge(claims, article)
        for claim, answer in zip(claims, judged.judgements, strict=True):
            if answer is None:
                raise AnswerIncomplete(f"there is no verdict on a claim put to {article.source}.")
            answers[article.id, claim.text] = answer
    return judge_planted(lambda claim, article: answers[article.id, claim.text], rows)


def rehearse_judge(judge: Judge, case: AnyCase, folder: Path) -> None:
    """Put the planted errors of one case to a judge whose answers do not matter."""
    for article, claims in _by_article(load_planted(folder, [read_case(case)])):
        with suppress(SummarizerError):
            judge.judge(claims, article)


def planted_digest(case: AnyCase, folder: Path) -> str:
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


def summed(parts: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Return ratios of several cases, added up by name."""
    total: dict[str, Ratio] = {}
    for part in parts:
        for name, ratio in part.items():
            old = total.get(name, Ratio(0, 0))
            total[name] = Ratio(old.hits + ratio.hits, old.of + ratio.of)
    return total


def _by_article(rows: Iterable[Planted]) -> Iterator[tuple[Article, list[Claim]]]:
    """Yield each article with the sentences that are put to it, each of them once."""
    articles: dict[str, Article] = {}
    claims: dict[str, dict[str, Claim]] = {}
    for row in rows:
        articles[row.article.id] = row.article
        claim = Claim(article=row.article, text=row.claim, evidence=())
        claims.setdefault(row.article.id, {})[row.claim] = claim
    return ((article, list(claims[name].values())) for name, article in articles.items())
