"""What lets anyone run a report again: its settings, its sources, what was turned away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.report import notes
from summarizer.report.outlets import Names
from summarizer.report.safe import one_line
from summarizer.report.sources import plural
from summarizer.types import DiffReport


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """A claim or sentence that did not pass."""

    outlet: str
    text: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """How the report came to be, each setting with its name."""

    settings: tuple[tuple[str, str], ...]
    prompts: tuple[tuple[str, str], ...]
    rejected: tuple[TurnedAway, ...]
    remarks: tuple[str, ...]


def appendix(report: DiffReport, names: Names) -> Appendix:
    """Return the appendix of ``report``."""
    remarks = [notes.uncited(report.articles)]
    return Appendix(
        settings=tuple(_settings(report)),
        prompts=tuple((one_line(name), one_line(sha)) for name, sha in report.generated.prompts),
        rejected=tuple(
            TurnedAway(
                outlet=names.of(each.article.outlet),
                text=one_line(each.text),
                reason=notes.REASONS[each.reason],
                detail=one_line(each.detail),
            )
            for each in report.rejected
        ),
        remarks=tuple(remark for remark in remarks if remark),
    )


def _settings(report: DiffReport) -> Iterator[tuple[str, str]]:
    made, usage = report.generated, report.usage
    yield "Made", one_line(made.at)
    yield "Version", f"summarizer {one_line(made.version)}"
    yield "Engine", one_line(made.engine)
    if made.model:
        yield "Model", one_line(made.model)
    yield "Judge", one_line(made.judge)
    if usage.calls or usage.cached_calls:
        yield "Requests", f"{usage.calls:,}, {usage.cached_calls:,} of them from the cache"
        yield "Tokens", f"{usage.input_tokens:,} in, {usage.output_tokens:,} out"
    yield "Price", price(report)
    yield "Time", f"{usage.seconds:.1f} s"


def independence(report: DiffReport, names: Names) -> str:
    """Return how many of the articles were really written by themselves; empty where all were."""
    kept = sum(each.same_as is None for each in report.articles)
    count = len(report.articles)
    copied = plural(count - kept, "article")
    verb = "is a copy" if count - kept == 1 else "are copies"
    copies = f"{copied} of {count} {verb}: {kept} independent." if kept < count else ""
    return " ".join(part for part in (copies, notes.agency(report, names)) if part)


def price(report: DiffReport) -> str:
    """Return what the run cost, in words."""
    if not report.generated.model:
        return "free: no model was asked"
    cost = report.usage.cost_usd
    return "unknown" if cost is None else f"${cost:.4f}"
