"""Runs, comparisons and gates as plain text that fits 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from summarizer.evaluation.attribution import Attribution
from summarizer.evaluation.compare import Comparison, MetricComparison, Verdict
from summarizer.evaluation.gate import GateResult, Outcome
from summarizer.evaluation.judge_floors import TARGETS, falls_short
from summarizer.evaluation.scores import mean, samples_per_case, scores, total_usage
from summarizer.evaluation.show import figures
from summarizer.evaluation.swapping import Stage
from summarizer.evaluation.types import Run
from summarizer.report.safe import one_line

NARROWEST = 72
"""Columns; a smaller screen is written to as if it had these."""
NAME = 26
"""Columns of a metric's title."""
STAGE_NAME = 24
"""Columns of a metric's title where the stages stand beside it."""
FAILED_SHOWN = 12
"""Lines of a gate that did not pass: more is a matter for a report."""
WIDEST = 110
"""Columns; text wider than this is hard to read and is not written."""


def run(found: Run, *, width: int = 80) -> str:
    """Return the means of a run's metrics, its judge and what it took."""
    return _text(_run(found, width))


def comparison(
    found: Comparison,
    gate: GateResult | None = None,
    stages: Attribution | None = None,
    *,
    width: int = 80,
) -> str:
    """Return two runs side by side, the worst first, with the gate and the stages if asked."""
    lines = [*_comparison(found, width)]
    if gate is not None:
        lines += ["", *_gate(gate, width)]
    if stages is not None:
        lines += ["", *_stages(stages, width)]
    return _text(lines)


def gate(found: GateResult, *, width: int = 80) -> str:
    """Return whether a run may pass, what failed and what else is to know."""
    return _text(_gate(found, width))


def stages(found: Attribution, *, width: int = 80) -> str:
    """Return which stage the differences come from."""
    return _text(_stages(found, width))


def _run(found: Run, width: int) -> Iterator[str]:
    cases, samples = figures.counted(len(found.digests)), samples_per_case(found)
    times = f", {samples} samples each" if samples > 1 else ""
    yield from _wrapped(f"{figures.configuration(found)}: {cases}{times}", width)
    yield ""
    yield f"{'':<{NAME}} {'mean':>7} {'cases':>6} {'worst':>7}  in"
    for metric, by_case in scores(found).items():
        values = {case: score.value for case, score in by_case.items() if score.value is not None}
        average, worst = mean(values.values()), figures.worst(metric, values)
        where = f"{figures.share(values[worst]):>7}  {one_line(worst)}" if worst else ""
        yield f"{_name(metric)} {figures.share(average):>7} {len(values):>6} {where}"
    yield from _judge(found)
    yield ""
    yield from _wrapped(figures.usage(total_usage(found)), width)


def _judge(found: Run) -> Iterator[str]:
    if not found.judge_metrics:
        return
    yield ""
    yield f"{'the judge on planted errors':<{NAME}} {'caught':>6} {'of':>6} {'target':>7}"
    for kind, ratio in found.judge_metrics.items():
        target = TARGETS.get(kind)
        below = "  missed" if target is not None and falls_short(kind, ratio, target) else ""
        row = f"{_name(kind)} {figures.share(ratio.value):>7} {ratio.of:>6g}"
        yield f"{row} {figures.share(target) if target is not None else '':>7}{below}"


def _comparison(found: Comparison, width: int) -> Iterator[str]:
    yield from _wrapped(figures.conclusion(found), width)
    yield ""
    for word, side in (("before", found.before), ("after", found.after)):
        yield from _wrapped(figures.configuration(side), width, 8, f"{word:<8}")
        yield from _wrapped(f"{'':<8}{figures.took(side)}", width, 8)
    for note in figures.corpus_notes(found):
        yield from _wrapped(note, width)
    for verdict in Verdict:
        rows = found.with_verdict(verdict)
        if rows:
            yield ""
            yield (
                f"{figures.HEADINGS[verdict].upper():<{NAME}} {'before':>6} {'after':>6} "
                f"{'diff':>6} {'95 % interval':>16} {'shows':>6} {'n':>3}"
            )
        for each in rows:
            yield from _row(each, width)
    yield ""
    legend = "shows: the least difference that so many cases would show (alpha .05, power .8)."
    yield from _wrapped(f"{legend} {figures.FALSE_FINDS}", width)


def _row(each: MetricComparison, width: int) -> Iterator[str]:
    values = (
        figures.share(each.before),
        figures.share(each.after),
        figures.signed(each.difference),
    )
    columns = " ".join(f"{value:>6}" for value in values)
    interval, shows = figures.between(each.interval), figures.share(each.detectable)
    yield f"{_name(each.metric)} {columns} {interval:>16} {shows:>6} {each.pairs:>3}"
    for note in figures.metric_notes(each):
        yield from _wrapped(f"  {note}", width, 4)


def _gate(found: GateResult, width: int) -> Iterator[str]:
    yield from _wrapped(figures.gate_conclusion(found), width)
    for outcome, most in ((Outcome.FAILED, FAILED_SHOWN), (Outcome.NOTED, None)):
        lines = [line for line in found.lines if line.outcome is outcome]
        for line in lines[:most]:
            yield from _wrapped(f"  {outcome:<6} {line.about}: {line.text}", width, 9)
        if most is not None and len(lines) > most:
            yield f"  and {len(lines) - most} more; `summarize eval report -f md` has all"
    shaky = [line for line in found.lines if line.unstable and line.outcome is Outcome.PASSED]
    for line in shaky:
        yield from _wrapped(f"  passed {line.about}: {line.text}", width, 9)


def _stages(found: Attribution, width: int) -> Iterator[str]:
    yield from _wrapped(figures.stage_conclusion(found), width)
    rows = figures.stage_rows(found)
    if rows:
        yield ""
        titles = " ".join(f"{stage:>{len(stage)}}" for stage in Stage)
        yield f"{'WHERE IT COMES FROM':<{STAGE_NAME}} {'diff':>6} {titles} together"
    for each in rows:
        title = f"{figures.title(each.metric):<{STAGE_NAME}.{STAGE_NAME}}"
        cells = " ".join(f"{figures.stage_share(found, each, s):>{len(s)}}" for s in Stage)
        together = figures.signed(each.together)
        yield f"{title} {figures.signed(each.difference):>6} {cells} {together:>8}"
    for note in figures.stage_notes(found):
        yield from _wrapped(note, width)


def _name(metric: str) -> str:
    return f"{figures.title(one_line(metric)):<{NAME}.{NAME}}"


def _wrapped(text: str, width: int, indent: int = 0, lead: str = "") -> list[str]:
    """Return lines of a text; white space at its beginning, or ``lead``, is kept."""
    lead = lead or text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        one_line(text),
        width=min(max(width, NARROWEST), WIDEST),
        initial_indent=lead,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line.rstrip()}\n" for line in lines)
