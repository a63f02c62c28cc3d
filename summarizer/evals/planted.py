"""The judge put to the test on planted errors: sentences that are known to be right or wrong.

Each is a sentence that an article supports, or the same with one error put in by a rule
(``tools/planting``). A judge that lets them pass is not one to gate anything with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.compare.judges import Judge
from summarizer.errors import AnswerIncomplete, SummarizerError, UsageError
from summarizer.evals.cases import CaseFolder, find_cases_folder
from summarizer.evals.metrics import FALSE_ALARMS
from summarizer.evals.types import Ratio
from summarizer.types import Article, Claim, Judgement, Verdict

FAITHFUL = "faithful"
"""The kind of a sentence without an error."""

LEFT_OUT = "left_out.txt"
"""The file that names rows which read wrong, each with a reason."""

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


class Planted(NamedTuple):
    """A sentence, the kind of error in it, and the article it is put to."""

    kind: str
    claim: Claim
    article: Article


def find_planted_folder() -> Path:
    """Return the folder of the shipped planted errors: beside that of the cases."""
    return find_cases_folder().parent / "planted"


def load_planted(folder: Path, case: CaseFolder) -> tuple[Planted, ...]:
    """Return the planted errors of a case: those in its file ``CASE.jsonl``, if it has one.

    Raises:
        UsageError: The file is not what it should be; the message has file and line.
    """
    articles = {each.label: each.article for each in case.load().articles}
    left_out, path = set(_left_out(folder)), folder / f"{case.name}.jsonl"
    planted = []
    for number, line in _numbered_lines(path):
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
        if row.id not in left_out:
            # A summary is written for its article: the days it names are counted from that one's.
            article = articles[row.article]
            claim = Claim(article=article, text=row.claim, evidence=())
            planted.append(Planted(row.kind, claim, article))
    return tuple(planted)


def _numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line that has any; none where there is no file."""
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


def _left_out(folder: Path) -> Iterator[str]:
    """Yield the ids of the rows that are left out; each must have a reason."""
    path = folder / LEFT_OUT
    for number, line in _numbered_lines(path):
        row, _, why = line.partition(" ")
        if not line.startswith("#"):
            if not why.strip():
                raise UsageError(f"{path}:{number}: {row} is left out without a reason.")
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
    answers: dict[tuple[str, str], Judgement] = {}
    for article, claims in _by_article(planted):
        judged = judge.judge(claims, article)
        for claim, answer in zip(claims, judged.judgements, strict=True):
            if answer is None:
                raise AnswerIncomplete(f"there is no verdict on a claim put to {article.source}.")
            answers[article.id, claim.text] = answer
    caught: dict[str, list[bool]] = {}
    for kind, claim, article in planted:
        verdict = answers[article.id, claim.text].verdict
        caught.setdefault(kind, []).append(verdict is not Verdict.REPORTED)
    return {
        FALSE_ALARMS if kind == FAITHFUL else kind: Ratio(sum(hits), len(hits))
        for kind, hits in caught.items()
    }


def rehearse_judge(judge: Judge, case: CaseFolder, folder: Path) -> None:
    """Put the planted errors of one case to a judge whose answers do not matter."""
    for article, claims in _by_article(load_planted(folder, case)):
        with suppress(SummarizerError):
            judge.judge(claims, article)


def _by_article(planted: Iterable[Planted]) -> Iterator[tuple[Article, list[Claim]]]:
    """Yield each article with the sentences that are put to it, each of them once."""
    claims: dict[str, dict[str, Claim]] = {}
    for _, claim, article in planted:
        claims.setdefault(article.id, {})[claim.text] = claim
    for each in claims.values():
        yield next(iter(each.values())).article, list(each.values())


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
