"""What is shown of a run, a comparison, a gate and the stages of a difference."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.evals.compare import Comparison, MetricComparison, Side, Verdict
from summarizer.evals.gate import TARGETS, GateResult, Outcome, falls_short
from summarizer.evals.metrics import metric_of
from summarizer.evals.scores import (
    NOTHING,
    ByCase,
    failures,
    mean,
    samples_per_case,
    scores,
    total_usage,
)
from summarizer.evals.show import figures
from summarizer.evals.show.document import Block, Items, Row, Table, Text
from summarizer.evals.stages import Attribution, Shares, Stage
from summarizer.evals.types import Run
from summarizer.types import Usage

FAILED_SHOWN = 12
"""Lines of a gate that did not pass: more is a matter for a report."""

LEGEND = (
    "shows: the least difference that so many cases would show (alpha .05, power .8). Each "
    "interval holds the true difference 95 times of 100: of twenty metrics that nothing changed, "
    "about one is called improved or worse by chance."
)


def run_page(run: Run, verdict: str = "") -> Iterator[Block]:
    """Yield the verdict, the means of a run's metrics, its judge and what it took."""
    if verdict:
        yield Text(verdict, strong=True)
    cases, samples = figures.counted(len(run.digests)), samples_per_case(run)
    times = f", {samples} samples each" if samples > 1 else ""
    yield Text(f"{figures.configuration(run)}: {cases}{times}")
    rows = tuple(_mean_row(metric, by_case) for metric, by_case in scores(run).items())
    yield Table(("", "mean", "cases", "worst", "in"), rows, remark=True)
    if run.judge_metrics:
        yield _judge_table(run)
    yield Text(figures.usage(total_usage(run)))


def case_page(run: Run, gate: GateResult | None) -> Iterator[Block]:
    """Yield a row for each case and a column for each metric; what failed is marked."""
    by_metric = {
        metric: by_case
        for metric, by_case in scores(run).items()
        if any(score.samples for score in by_case.values())
    }
    failed = {(line.about, line.metric) for line in gate.failed} if gate else set()
    broken = failures(run)
    rows = [
        Row(
            (case, *(figures.share(each.get(case, NOTHING).value) for each in by_metric.values())),
            broken.get(case, ()),
            frozenset(i for i, m in enumerate(by_metric, start=1) if (case, m) in failed),
        )
        for case in run.digests
    ]
    yield Table(("case", *map(figures.title, by_metric)), tuple(rows))
    told = (f"{metric_of(name).title}: {metric_of(name).definition}" for name in by_metric)
    yield Items("What the metrics say", tuple(told))


def gate_page(gate: GateResult, *, everything: bool = False) -> Iterator[Block]:
    """Yield whether a run may pass, what failed and what else is to know."""
    yield Text(figures.gate_conclusion(gate), strong=True)
    most = None if everything else FAILED_SHOWN
    unstable = [line for line in gate.lines if line.unstable and line.outcome is Outcome.PASSED]
    for heading, lines, limit in (
        ("Failed:", gate.failed, most),
        ("Noted:", gate.noted, None),
        ("Passed, and unstable:", unstable, None),
    ):
        if lines:
            texts = tuple(f"{line.about}: {line.text}" for line in lines)
            yield Items(heading, texts, limit, "; `summarize eval report -f html` has all")


def comparison_page(comparison: Comparison) -> Iterator[Block]:
    """Yield two runs side by side, what got worse first, with what each took."""
    yield Text(conclusion(comparison), strong=True)
    sides = (("before", comparison.before), ("after", comparison.after))
    yield Items("", tuple(f"{word}: {figures.configuration(side)}" for word, side in sides))
    if all(side.usage != Usage(cost_usd=0.0) for _, side in sides):
        yield _cost_table(comparison.before, comparison.after)
    if notes := tuple(_corpus_notes(comparison)):
        yield Items("", notes)
    for verdict in Verdict:
        rows = [each for each in comparison.with_verdict(verdict) if each.pairs or each.left_out]
        if rows:
            columns = (verdict.upper(), "before", "after", "diff", "95 % interval", "shows", "n")
            yield Table(columns, tuple(map(_comparison_row, rows)))
    yield Text(LEGEND)


def stages_page(attribution: Attribution) -> Iterator[Block]:
    """Yield which stage the differences come from."""
    yield Text(stage_conclusion(attribution), strong=True)
    if attribution.rows:
        columns = ("WHERE IT COMES FROM", "diff", *Stage, "together")
        yield Table(columns, tuple(_stage_row(attribution, each) for each in attribution.rows))
        yield Text(
            "Each stage alone as in the run after, all others as before; deciding: what the "
            "present code makes of the answers before; =: the same in both runs."
        )
    if attribution.unknown:
        cases = dict.fromkeys(case for lacking in attribution.unknown.values() for case in lacking)
        yield Text(
            f"Not known of {' and '.join(attribution.unknown)} in {figures.some(list(cases))}: "
            "these stages were never tried apart. `summarize eval compare --stages --ask` asks "
            "for the answers that are not stored."
        )


def stage_conclusion(attribution: Attribution) -> str:
    """Return which stage made what worse, and in which cases, in one sentence."""
    if not attribution.metrics:
        return "Nothing differs in these cases, so no stage is to blame."
    parts = []
    for stage in Stage:
        blamed = [each for each in attribution.metrics if each.is_blamed_on(stage)]
        if blamed:
            titles = ", ".join(metric_of(each.metric).title for each in blamed)
            cases = [
                case
                for case, rows in attribution.cases.items()
                if any(row.is_blamed_on(stage) for row in rows)
            ]
            parts.append(f"{stage} made worse: {titles}, in {figures.some(cases)}")
    if parts:
        told = "; ".join(parts)
        return f"{told[0].upper()}{told[1:]}."
    if not any(row.is_worse for row in attribution.rows):
        return "Nothing got noticeably worse in these cases."
    if attribution.unknown:
        stages = " and ".join(attribution.differing)
        return f"Which stage it comes from is not known: {stages} were changed together."
    return "No single stage accounts for what got worse."


def conclusion(comparison: Comparison) -> str:
    """Return the one sentence that a reader of a comparison wants first."""
    if not comparison.cases:
        return "Nothing can be compared: the runs have no case in common that is the same."
    if comparison.same:
        return f"The same in all {figures.counted(len(comparison.cases))} and every metric."
    parts = []
    for verdict in (Verdict.WORSE, Verdict.IMPROVED):
        titles = [metric_of(each.metric).title for each in comparison.with_verdict(verdict)]
        if titles:
            parts.append(f"{verdict.value}: {', '.join(titles)}")
    told = "; ".join(parts) or Verdict.NO_DIFFERENCE.value
    return f"{told[0].upper()}{told[1:]} ({figures.counted(len(comparison.cases))} compared)."


def _mean_row(metric: str, by_case: ByCase) -> Row:
    values = {case: score.value for case, score in by_case.items() if score.value is not None}
    worst = figures.worst(metric, values)
    where = (figures.share(values[worst]), worst) if worst else ("", "")
    average = figures.share(mean(values.values()))
    return Row((figures.title(metric), average, str(len(values)), *where))


def _judge_table(run: Run) -> Table:
    rows = []
    for kind, ratio in run.judge_metrics.items():
        target = TARGETS.get(kind)
        missed = target is not None and falls_short(kind, ratio.value, target)
        wanted = "" if target is None else f"{figures.share(target)}{' missed' if missed else ''}"
        rows.append(Row((figures.title(kind), figures.share(ratio.value), f"{ratio.of:g}", wanted)))
    return Table(("the judge on planted errors", "caught", "of", "target"), tuple(rows))


def _cost_table(before: Side, after: Side) -> Table:
    def dollars(side: Side) -> str:
        return figures.NONE if side.usage.cost_usd is None else f"${side.usage.cost_usd:.4f}"

    cells = (
        ("requests", *(f"{s.usage.calls + s.usage.cached_calls:,}" for s in (before, after))),
        ("tokens in", *(f"{s.usage.input_tokens:,}" for s in (before, after))),
        ("tokens out", *(f"{s.usage.output_tokens:,}" for s in (before, after))),
        ("cost", dollars(before), dollars(after)),
        ("seconds", *(f"{s.usage.seconds:.1f}" for s in (before, after))),
    )
    return Table(("WHAT IT TOOK", "before", "after"), tuple(Row(each) for each in cells))


def _corpus_notes(comparison: Comparison) -> Iterator[str]:
    """Say which cases were not compared, and why."""
    for names, why in (
        (comparison.changed, "Not compared, since the case itself has changed"),
        (comparison.only_before, "Only in the run before"),
        (comparison.only_after, "Only in the run after"),
    ):
        if names:
            yield f"{why}: {', '.join(names)}."


def _comparison_row(each: MetricComparison) -> Row:
    cells = (
        figures.title(each.metric),
        figures.share(each.before),
        figures.share(each.after),
        figures.signed(each.difference),
        figures.between(each.interval),
        figures.share(each.detectable),
        str(each.pairs),
    )
    return Row(cells, tuple(_metric_notes(each)))


def _metric_notes(each: MetricComparison) -> Iterator[str]:
    """Say of one metric what its row has no room for."""
    for names, what in (
        ([figures.change(case) for case in each.worse], "worse in"),
        ([figures.change(case) for case in each.better], "better in"),
        (each.vanished, "nothing to count any more in"),
        (each.appeared, "something to count only now in"),
        (each.unstable, "unstable, samples on both sides of the floor:"),
    ):
        if names:
            yield f"{what} {figures.some(names)}"
    flips = each.flips
    if flips and (flips.only_before or flips.only_after):
        chance = "" if flips.p is None else f" (McNemar p = {flips.p:.3f})"
        yield (
            f"under its floor now: {figures.counted(flips.only_before)}, over it again: "
            f"{figures.counted(flips.only_after)}{chance}"
        )


def _stage_row(attribution: Attribution, each: Shares) -> Row:
    shares = (
        figures.signed(each.shares[stage]) if stage in attribution.differing else "="
        for stage in Stage
    )
    difference, together = figures.signed(each.difference), figures.signed(each.together)
    return Row((figures.title(each.metric), difference, *shares, together))
