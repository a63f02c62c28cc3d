"""What a pull request gets to read: the verdict, the table, the cases that got worse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.evaluation.attribution import Attribution
from summarizer.evaluation.compare import Comparison, MetricComparison
from summarizer.evaluation.gate import GateLine, GateResult
from summarizer.evaluation.scores import mean, scores, total_usage
from summarizer.evaluation.show import figures
from summarizer.evaluation.swapping import Stage
from summarizer.evaluation.types import Run
from summarizer.report.safe import one_line

LISTED = 15
"""Lines of one list; a comment is read, not searched."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~@&])")
_TABLE = "| {} |\n"


def comparison(
    found: Comparison, gate: GateResult | None = None, stages: Attribution | None = None
) -> str:
    """Return a comparison as a comment on a pull request."""
    return "".join(_comparison(found, gate, stages))


def run(found: Run, gate: GateResult | None = None) -> str:
    """Return a run, and whether it may pass, as a comment on a pull request."""
    return "".join(_run(found, gate))


def _comparison(
    found: Comparison, gate: GateResult | None, stages: Attribution | None
) -> Iterator[str]:
    if gate is not None:
        yield from _gate_heading(gate)
    yield f"**{_plain(figures.conclusion(found))}**\n\n"
    if stages is not None:
        yield f"**{_plain(figures.stage_conclusion(stages))}**\n\n"
    for word, side in (("before", found.before), ("after", found.after)):
        about = filter(None, (figures.configuration(side), figures.took(side)))
        yield f"- {word}: {_plain('; '.join(about))}\n"
    for note in figures.corpus_notes(found):
        yield f"- {_plain(note)}\n"
    moved = [each for each in found.metrics if each.changes or each.vanished or each.appeared]
    yield "\n"
    if moved:
        yield from _moved(moved)
    same = [figures.title(each.metric) for each in found.metrics if each not in moved]
    if same:
        yield f"\nThe same in every case: {_plain(', '.join(same))}.\n"
    if stages is not None:
        yield from _stages(stages)
    notes = [(each.metric, note) for each in found.metrics for note in figures.metric_notes(each)]
    if notes:
        yield "\n"
        yield from _listed(f"{figures.title(metric)}: {note}" for metric, note in notes)
    if gate is not None:
        yield from _gate_lists(gate)
    yield (
        "\nshows: the least difference that so many cases would show (alpha .05, power .8). "
        f"{figures.FALSE_FINDS}\n"
    )


def _moved(metrics: Sequence[MetricComparison]) -> Iterator[str]:
    yield _row("metric", "verdict", "before", "after", "difference", "95 % interval", "shows", "n")
    yield _row(":--", ":--", *["--:"] * 6)
    for each in sorted(metrics, key=lambda each: list(figures.HEADINGS).index(each.verdict)):
        yield _comparison_row(each)


def _comparison_row(each: MetricComparison) -> str:
    return _row(
        _plain(figures.title(each.metric)),
        figures.HEADINGS[each.verdict],
        figures.share(each.before),
        figures.share(each.after),
        figures.signed(each.difference),
        figures.between(each.interval),
        figures.share(each.detectable),
        str(each.pairs),
    )


def _stages(found: Attribution) -> Iterator[str]:
    rows = figures.stage_rows(found)
    if rows:
        yield "\n" + _row("where it comes from", "difference", *Stage, "together")
        yield _row(":--", *["--:"] * (len(Stage) + 2))
    for each in rows:
        shares = [figures.stage_share(found, each, stage) for stage in Stage]
        title, difference = _plain(figures.title(each.metric)), figures.signed(each.difference)
        yield _row(title, difference, *shares, figures.signed(each.together))
    yield from (f"\n{_plain(note)}\n" for note in figures.stage_notes(found))


def _run(found: Run, gate: GateResult | None) -> Iterator[str]:
    if gate is not None:
        yield from _gate_heading(gate)
    yield f"{_plain(figures.configuration(found))}: {figures.counted(len(found.digests))}\n\n"
    yield _row("metric", "mean", "cases")
    yield _row(":--", "--:", "--:")
    for metric, by_case in scores(found).items():
        values = [score.value for score in by_case.values() if score.value is not None]
        title = _plain(figures.title(metric))
        yield _row(title, figures.share(mean(values)), str(len(values)))
    if found.judge_metrics:
        yield "\n" + _row("judge on planted errors", "share", "of") + _row(":--", "--:", "--:")
    for kind, ratio in found.judge_metrics.items():
        yield _row(_plain(figures.title(kind)), figures.share(ratio.value), f"{ratio.of:g}")
    if gate is not None:
        yield from _gate_lists(gate)
    yield f"\n{_plain(figures.usage(total_usage(found)))}\n"


def _gate_heading(gate: GateResult) -> Iterator[str]:
    yield f"### {_plain(figures.gate_conclusion(gate))}\n\n"


def _gate_lists(gate: GateResult) -> Iterator[str]:
    for heading, lines in (("Failed", gate.failed), ("Noted", gate.noted)):
        if lines:
            yield f"\n{heading}\n\n"
            yield from _listed(_said(line) for line in lines)


def _said(line: GateLine) -> str:
    return f"{line.about}: {line.text}"


def _listed(texts: Iterator[str]) -> Iterator[str]:
    every = list(texts)
    for text in every[:LISTED]:
        yield f"- {_plain(text)}\n"
    if len(every) > LISTED:
        yield f"- and {len(every) - LISTED} more\n"


def _row(*cells: str) -> str:
    return _TABLE.format(" | ".join(cells))


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no mention, no markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))
