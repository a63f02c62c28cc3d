"""The lines around a report: what a reader must know first, and how it came to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from summarizer.report.outlets import Names
from summarizer.report.safe import one_line
from summarizer.types import ArticleSummary, DiffReport, OriginKind, Rejected, RejectReason, Usage

WARNINGS_SHOWN = 5
"""Warnings printed in full; the HTML and the JSON report hold all of them."""

WORTH_SAYING = 0.01
"""Share of a body that must be uncited before the omission is mentioned."""

REASONS = {
    RejectReason.UNGROUNDED: "not found in the article",
    RejectReason.UNSUPPORTED: "not supported by the article",
    RejectReason.INJECTION: "addressed to a machine",
}
"""Why a statement was left out, in words."""


def warnings(report: DiffReport) -> tuple[str, ...]:
    """Return what must be known before the report is read, each a line."""
    lines = [f"Warning: {one_line(warning)}" for warning in report.warnings[:WARNINGS_SHOWN]]
    if (more := len(report.warnings) - WARNINGS_SHOWN) > 0:
        lines.append(f"Warning: and {more} more.")
    return tuple(lines)


def notes(report: DiffReport, names: Names) -> tuple[str, ...]:
    """Return what stands under the report, each a line."""
    left_out = [agency(report, names), _rejected(report.rejected), uncited(report.articles)]
    return tuple(line for line in [*left_out, made(report)] if line)


def agency(report: DiffReport, names: Names) -> str:
    """Say how many passages several outlets print word for word; nothing where none do."""
    wires = [origin for origin in report.origins if origin.kind is OriginKind.WIRE_COPY]
    passages = sum(len(origin.passages) for origin in wires)
    if not passages:
        return ""
    outlets = {names.of(article.outlet) for origin in wires for article in origin.articles}
    what = "passage is" if passages == 1 else "passages are"
    return f"{passages} {what} word for word the same in {', '.join(sorted(outlets))}."


def _rejected(rejected: Sequence[Rejected]) -> str:
    if not rejected:
        return ""
    reasons = Counter(REASONS[each.reason] for each in rejected)
    detail = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"Statements left out: {detail}."


def uncited(articles: Sequence[ArticleSummary]) -> str:
    """Say how much of the articles no line above comes from: an omission of ours."""
    kept = [summary for summary in articles if summary.same_as is None]
    whole = sum(len(span) for summary in kept for span in summary.article.body)
    omitted = sum(len(span) for summary in kept for span in summary.uncited)
    if not whole or omitted / whole < WORTH_SAYING:
        return ""
    return f"Not used: {omitted / whole:.0%} of the articles' text gave no fact."


def made(report: DiffReport) -> str:
    """Say who made the report, and what it took."""
    made = report.generated
    engine = f"{made.engine} ({made.model})" if made.model else made.engine
    parts = [f"{engine} engine, {made.judge} judge", *_spent(report.usage)]
    return f"Made by summarizer {made.version}: {', '.join(parts)}."


def _spent(usage: Usage) -> list[str]:
    parts = []
    if usage.calls:
        parts.append(f"{usage.calls} calls ({usage.cached_calls} cached)")
        parts.append(f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out")
        cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
        parts.append(cost)
    parts.append(f"{usage.seconds:.1f} s")
    return parts
