"""Figures as every report writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from summarizer.evals.attribution import Attribution, Shares, worsened
from summarizer.evals.baselines import Baseline
from summarizer.evals.compare import (
    CASE_TOLERANCE,
    Change,
    Comparison,
    MetricComparison,
    Side,
    Verdict,
)
from summarizer.evals.gate import GateResult
from summarizer.evals.judge_floors import Calibration
from summarizer.evals.metric_names import metric_of
from summarizer.evals.stage_ablation import Stage
from summarizer.evals.statistics import Interval
from summarizer.evals.types import Run
from summarizer.types import Usage

NONE = "–"
"""Stands where there was nothing to count: neither 0 nor 1."""

NAMED = 5
"""Cases that a line names, the farthest first; JSON has all."""

FALSE_FINDS = (
    "Each interval holds the true difference 95 times of 100: of twenty metrics that nothing "
    "changed, about one is called improved or worse by chance."
)

HEADINGS = {
    Verdict.WORSE: "worse",
    Verdict.IMPROVED: "improved",
    Verdict.NO_DIFFERENCE: "no difference shown",
}


def share(value: float | None) -> str:
    """Return a value with three places, or the sign for nothing."""
    return NONE if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """Return a difference with its sign, which zero has not."""
    if value is None:
        return NONE
    shown = f"{value:+.3f}"
    return shown[1:] if float(shown) == 0 else shown


def between(interval: Interval | None) -> str:
    """Return an interval in brackets."""
    return NONE if interval is None else f"[{signed(interval.low)}, {signed(interval.high)}]"


def title(metric: str) -> str:
    """Return a metric's title, marked where less is better."""
    known = metric_of(metric)
    return known.title if known.higher_is_better else f"{known.title} (less)"


def change(each: Change) -> str:
    """Return what happened to one case."""
    return f"{each.case} {share(each.before)} -> {share(each.after)}"


def usage(took: Usage) -> str:
    """Return what a run took, in one line."""
    if not took.calls and not took.cached_calls:
        return f"nothing was asked; {took.seconds:.1f} s of work"
    price = "price unknown" if took.cost_usd is None else f"${took.cost_usd:.4f}"
    return (
        f"{took.calls:,} requests ({took.cached_calls:,} more were stored), "
        f"{took.input_tokens:,} tokens in, {took.output_tokens:,} out, {price}, "
        f"{took.seconds:.1f} s"
    )


def worst(metric: str, values: Mapping[str, float]) -> str | None:
    """Return the case with the worst value of a metric; None where no case has any."""
    gain = metric_of(metric).gain
    return min(values, key=lambda case: (gain(values[case]), case), default=None)


def took(side: Side) -> str:
    """Return what one side took; nothing of a baseline, which does not keep it."""
    return "" if side.usage == Usage(cost_usd=0.0) else usage(side.usage)


def configuration(run: Run | Side | Baseline) -> str:
    """Return who worked, in one line."""
    model = f", {run.model}" if run.model else ""
    return f"{run.engine} engine, {run.judge} judge{model}, {run.at}"


def conclusion(found: Comparison) -> str:
    """Return the one sentence a reader wants first."""
    if not found.cases:
        return "Nothing can be compared: the runs have no case in common that is the same."
    if found.same:
        return f"The same in all {counted(len(found.cases))} and every metric."
    parts = []
    for verdict in (Verdict.WORSE, Verdict.IMPROVED):
        titles = [metric_of(each.metric).title for each in found.with_verdict(verdict)]
        if titles:
            parts.append(f"{verdict.value}: {', '.join(titles)}")
    told = "; ".join(parts) or Verdict.NO_DIFFERENCE.value
    return f"{told[0].upper()}{told[1:]} ({counted(len(found.cases))} compared)."


def gate_conclusion(gate: GateResult) -> str:
    """Return whether a run may pass, in one sentence."""
    name = f"Gate {gate.baseline}"
    trust = "" if gate.calibration is Calibration.CALIBRATED else f"; judge {gate.calibration}"
    if gate.passed:
        return f"{name}: passed{trust}."
    count = len(gate.failed)
    where = f" ({some(gate.cases)})" if gate.cases else ""
    return f"{name}: FAILED, {count} {'line' if count == 1 else 'lines'}{where}{trust}."


def stage_conclusion(found: Attribution) -> str:
    """Return which stage made what worse, and in which cases, in one sentence."""
    if not found.metrics:
        return "Nothing differs in these cases, so no stage is to blame."
    parts = []
    for stage in Stage:
        blamed = [each for each in found.metrics if _blamed(each, stage)]
        if blamed:
            titles = ", ".join(metric_of(each.metric).title for each in blamed)
            parts.append(f"{stage} made worse: {titles}, in {some(_worse_in(found, stage))}")
    if parts:
        told = "; ".join(parts)
        return f"{told[0].upper()}{told[1:]}."
    if found.unknown and any(map(worsened, stage_rows(found))):
        stages = " and ".join(found.differing)
        return f"Which stage it comes from is not known: {stages} were changed together."
    if any(map(worsened, stage_rows(found))):
        return "No single stage accounts for what got worse."
    return "Nothing got noticeably worse in these cases."


def _worse_in(found: Attribution, stage: Stage) -> list[str]:
    """Return the cases in which a stage made a metric worse."""
    return [
        case for case, shares in found.cases.items() if any(_blamed(each, stage) for each in shares)
    ]


def _blamed(each: Shares, stage: Stage) -> bool:
    """Return whether a metric got noticeably worse, most of it by that stage's doing."""
    return worsened(each) and abs(each.difference) >= CASE_TOLERANCE and each.stage is stage


def stage_rows(found: Attribution) -> list[Shares]:
    """Return the metrics whose difference is worth a row; JSON has all."""
    return [each for each in found.metrics if abs(each.difference) >= CASE_TOLERANCE]


def stage_share(found: Attribution, each: Shares, stage: Stage) -> str:
    """Return a stage's share of a difference; "=" where it was made the same in both runs."""
    return signed(each.shares[stage]) if stage in found.differing else "="


def stage_notes(found: Attribution) -> Iterator[str]:
    """Say what a table of stages has no room for."""
    if stage_rows(found):
        yield (
            "Each stage alone as in the run after, all others as before; merging: what the "
            "present code makes of the answers before; =: the same in both runs."
        )
    if found.unknown:
        cases = dict.fromkeys(case for lacking in found.unknown.values() for case in lacking)
        yield (
            f"Not known of {' and '.join(found.unknown)} in {some(list(cases))}: these stages "
            "were never tried apart. `summarize eval compare --stages --ask` asks for the "
            "answers that are not stored."
        )


def corpus_notes(found: Comparison) -> Iterator[str]:
    """Say which cases were not compared, and why."""
    for names, why in (
        (found.changed, "Not compared, since the case itself has changed"),
        (found.only_before, "Only in the run before"),
        (found.only_after, "Only in the run after"),
    ):
        if names:
            yield f"{why}: {', '.join(names)}."


def metric_notes(each: MetricComparison) -> Iterator[str]:
    """Say of one metric what its row has no room for."""
    if each.worse:
        yield f"worse in {some([change(case) for case in each.worse])}"
    if each.better:
        yield f"better in {some([change(case) for case in each.better])}"
    if each.vanished:
        yield f"nothing to count any more in {some(each.vanished)}"
    if each.appeared:
        yield f"something to count only now in {some(each.appeared)}"
    if each.unstable:
        yield f"unstable, samples on both sides of the floor: {some(each.unstable)}"
    if each.flips and (each.flips.only_before or each.flips.only_after):
        flips = each.flips
        chance = "" if flips.p is None else f" (McNemar p = {flips.p:.3f})"
        yield (
            f"under its floor now: {counted(flips.only_before)}, over it again: "
            f"{counted(flips.only_after)}{chance}"
        )


def some(names: Sequence[str]) -> str:
    """Return the first few of several names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def counted(count: int) -> str:
    """Return so many cases, in words."""
    return "1 case" if count == 1 else f"{count} cases"
