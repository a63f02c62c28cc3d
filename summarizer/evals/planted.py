"""Planted errors: sentences that an article supports, and the same with one error in each.

They test the judge. What is right and wrong in them is known, since the error was put in by
a rule (``planting``); a judge that lets them pass is not one to gate anything with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals.types import Case, Ratio
from summarizer.types import Article, Claim, Judgement, Verdict

FAITHFUL = "faithful"
"""The kind of a sentence without an error."""

FALSE_ALARMS = "false_alarms"
"""The name of the share of faithful sentences that a judge does not support."""

LEFT_OUT = "left_out.txt"
"""The file that names rows which read wrong, each with a reason."""

JudgeClaim = Callable[[Claim, Article], Judgement]


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


def load_planted(folder: Path, cases: Sequence[Case]) -> tuple[Planted, ...]:
    """Return the planted errors of some cases.

    Args:
        folder: Has a file ``CASE.jsonl`` for each case; a case without one has none.
        cases: Whose articles they are put to.

    Raises:
        UsageError: A file is not what it should be; the message has file and line.
    """
    left_out = {row for row, _ in left_out_rows(folder)}
    found = (row for case in cases for row in _of_case(folder / f"{case.name}.jsonl", case))
    return tuple(row for row in found if row.id not in left_out)


def _of_case(path: Path, case: Case) -> Iterator[Planted]:
    from summarizer.evals.planted_row import parse_row

    articles = {found.label: found.article for found in case.articles}
    for number, line in _lines(path):
        try:
            row = parse_row(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from error
        if row.article not in articles:
            raise UsageError(
                f"{path}:{number}: {case.name} has no article {row.article!r}.",
                'Make the rows anew: "summarize eval planted --write".',
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


def _lines(path: Path) -> Iterator[tuple[int, str]]:
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


def left_out_rows(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return the ids that are left out, and why.

    Raises:
        UsageError: One of them has no reason.
    """
    path = folder / LEFT_OUT
    found = []
    for number, line in _lines(path):
        if line.startswith("#"):
            continue
        row, _, why = line.partition(" ")
        if not why.strip():
            raise UsageError(f"{path}:{number}: {row} is left out without a reason.")
        found.append((row, why.strip()))
    return tuple(found)


def judge_planted(judge_claim: JudgeClaim, planted: Iterable[Planted]) -> Mapping[str, Ratio]:
    """Return for each kind of error the share a judge caught, and the share of false alarms.

    An error is caught when the verdict is not "supported"; a false alarm is that verdict on
    a faithful sentence.
    """
    caught: dict[str, list[bool]] = defaultdict(list)
    for row in planted:
        # A summary is written for its article: the days it names are counted from that one's.
        claim = Claim(article=row.article, text=row.claim, evidence=())
        judgement = judge_claim(claim, row.article)
        caught[row.kind].append(judgement.verdict is not Verdict.SUPPORTED)
    return {
        FALSE_ALARMS if kind == FAITHFUL else kind: Ratio(sum(hits), len(hits))
        for kind, hits in caught.items()
    }


def find_planted_folder() -> Path:
    """Return the folder of the shipped planted errors: beside that of the cases."""
    from summarizer.evals.cases import find_cases_folder

    return find_cases_folder().parent / "planted"


def write_planted(folder: Path, cases: Iterable[Case]) -> dict[str, int]:
    """Write the planted errors of each case, and return how many it has.

    Raises:
        UsageError: They cannot be written.
    """
    from summarizer.evals.planting import plant

    written = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for case in cases:
            rows = plant(case)
            written[case.name] = len(rows)
            path = folder / f"{case.name}.jsonl"
            if rows:
                text = "".join(f"{row.model_dump_json(exclude_none=True)}\n" for row in rows)
                path.write_text(text, encoding="utf-8", newline="\n")
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    return written
