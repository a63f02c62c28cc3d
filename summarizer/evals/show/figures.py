"""Figures as every report writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarizer.evals.compare import Change, Side
from summarizer.evals.gate import JUDGE, Calibration, GateResult
from summarizer.evals.metrics import metric_of
from summarizer.evals.scores import mean, scores
from summarizer.evals.statistics import Interval
from summarizer.evals.types import Baseline, Configuration, Run
from summarizer.types import Usage

NONE = "–"
"""Stands where there was nothing to count: neither 0 nor 1."""

NAMED = 5
"""Cases that a line names, the farthest first; JSON has all."""


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


def configuration(of: Configuration | Side) -> str:
    """Return who worked, in one line."""
    model = f", {of.model}" if of.model else ""
    return f"{of.engine} engine, {of.judge} judge{model}, {of.at}"


def verdict(run: Run, baseline: Baseline, gate: GateResult) -> str:
    """Return in one line whether a run may pass, and the metric that fell most."""
    if gate.passed:
        return f"No floor of the baseline {gate.baseline} is missed: gate passes."
    now = scores(run)
    fell: dict[str, tuple[float, str]] = {}
    for line in gate.failed:
        known = metric_of(line.metric or "")
        before = baseline.means[known.name].observed if known.name in baseline.means else None
        after = mean(score.value for score in now.get(known.name, {}).values())
        if before is not None and after is not None:
            told = f"{known.title} {_short_share(before)} -> {_short_share(after)}"
            fell[known.name] = (known.gain(after - before), told)
    parts = [min(fell.values())[1]] if fell else []
    if gate.cases:
        parts.append(f"{counted(len(gate.cases))} below {_its(len(gate.cases))} floors")
    if any(line.about == JUDGE for line in gate.failed):
        parts.append(f"judge {gate.calibration}")
    return f"{', '.join(parts) or f'{len(gate.failed)} checks failed'}: gate fails."


def _short_share(value: float) -> str:
    """Return a share as ``.61``."""
    return f"{value:.2f}".removeprefix("0")


def _its(count: int) -> str:
    return "its" if count == 1 else "their"


def gate_conclusion(gate: GateResult) -> str:
    """Return whether a run may pass, in one sentence."""
    name = f"Gate {gate.baseline}"
    trust = "" if gate.calibration is Calibration.CALIBRATED else f"; judge {gate.calibration}"
    if gate.passed:
        return f"{name}: passed{trust}."
    count = len(gate.failed)
    where = f" ({some(gate.cases)})" if gate.cases else ""
    return f"{name}: FAILED, {count} {'line' if count == 1 else 'lines'}{where}{trust}."


def some(names: Sequence[str]) -> str:
    """Return the first few of several names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def counted(count: int) -> str:
    """Return so many cases, in words."""
    return "1 case" if count == 1 else f"{count} cases"
