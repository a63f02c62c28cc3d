"""What is shown of a run, a comparison and a gate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from summarizer.evals import results
from summarizer.evals.compare import Change, Comparison, MetricComparison, Verdict
from summarizer.evals.gate import GateResult, Outcome
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.metrics import metric_of, some
from summarizer.evals.results import Baseline, Configuration, Run, mean, scores
from summarizer.render.tables import Block, Items, Row, Table, Text
from summarizer.report.wording import harmless, plural
from summarizer.usage import NOTHING, format_dollars

FAILED_SHOWN = 12  # lines of a gate that did not pass: more is a matter for a report

LEGEND = (
    "shows: the least difference that so many cases would show (alpha .05, power .8). Each "
    "interval holds the true difference 95 times of 100: of twenty metrics that nothing changed, "
    "about one is called improved or worse by chance."
)

NONE = "–"  # stands where there was nothing to count: neither 0 nor 1
_NO_XML = re.compile("[\ufffe\uffff]")


def share(value: float | None) -> str:
    """Return a value with three places, or the sign for nothing."""
    return NONE if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """Return a difference with its sign, which zero has not."""
    shown = share(value)
    return f"{value:+.3f}" if value is not None and shown.strip("-0.") else shown.lstrip("-")


def title(metric: str) -> str:
    """Return a metric's title, marked where less is better."""
    known = metric_of(metric)
    return known.title if known.higher_is_better else f"{known.title} (less)"


def run_page(run: Run, verdict: str = "") -> Iterator[Block]:
    """Yield the verdict, the means of a run's metrics, its judge and what it took."""
    if verdict:
        yield Text(verdict, strong=True)
    cases, samples = plural(len(run.digests), "case"), results.samples_per_case(run)
    yield Text(f"{_who_ran(run)}: {cases}{f', {samples} samples each' if samples > 1 else ''}")
    rows = []
    for metric, by_case in scores(run).items():
        values = {case: value for case in by_case if (value := mean(by_case[case])) is not None}
        gains = {case: (metric_of(metric).gain(value), case) for case, value in values.items()}
        worst = min(gains, key=lambda case: gains[case]) if gains else ""
        where = (share(values[worst]), worst) if worst else ("", "")
        rows.append(Row((title(metric), share(mean(values.values())), str(len(values)), *where)))
    yield Table(("", "mean", "cases", "worst", "in"), tuple(rows), remark=True)
    if run.judge_metrics:
        yield judge_table("the judge on planted errors", run.judge_metrics)
    usage = results.total_usage(run)
    if not usage.calls and not usage.cached_calls:
        yield Text(f"nothing was asked; {usage.seconds:.1f} s of work")
        return
    yield Text(
        f"{usage.calls:,} requests ({usage.cached_calls:,} more were stored), "
        f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, "
        f"cost {format_dollars(usage.cost_usd)}, {usage.seconds:.1f} s"
    )


def judge_table(heading: str, caught: Mapping[str, Ratio]) -> Table:
    """Return how many planted errors of each kind a judge caught."""
    rows = [Row((title(kind), share(each.value), f"{each.of:g}")) for kind, each in caught.items()]
    return Table((heading, "caught", "of"), tuple(rows))


def case_page(run: Run, gate: GateResult | None) -> Iterator[Block]:
    """Yield a row for each case and a column for each metric; what failed is marked."""
    by_metric = {metric: each for metric, each in scores(run).items() if any(each.values())}
    failed = {(line.about, line.metric) for line in gate.failed} if gate else set()
    broken = results.failures(run)
    rows = [
        Row(
            (case, *(share(mean(each.get(case, ()))) for each in by_metric.values())),
            broken.get(case, ()),
            frozenset(i for i, m in enumerate(by_metric, start=1) if (case, m) in failed),
        )
        for case in run.digests
    ]
    yield Table(("case", *map(title, by_metric)), tuple(rows))
    metrics = map(metric_of, by_metric)
    yield Items("What the metrics say", tuple(f"{m.title}: {m.definition}" for m in metrics))


def gate_page(gate: GateResult, *, everything: bool = False) -> Iterator[Block]:
    """Yield whether a run may pass, what failed and what else is to know."""
    yield Text(gate_conclusion(gate), strong=True)
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


def gate_conclusion(gate: GateResult) -> str:
    """Return whether a run may pass, in one sentence."""
    if gate.passed:
        return f"Gate {gate.baseline}: passed."
    where = f" ({some(gate.cases)})" if gate.cases else ""
    judge = "; judge below its floors" if gate.judge_failed else ""
    return f"Gate {gate.baseline}: FAILED, {plural(len(gate.failed), 'line')}{where}{judge}."


def verdict_line(run: Run, baseline: Baseline | None, gate: GateResult | None) -> str:
    """Return in one line whether a run may pass, and what fell most; "" without a baseline."""
    if gate is None or baseline is None:
        return ""
    if gate.passed:
        return f"No floor of the baseline {gate.baseline} is missed: gate passes."
    now = scores(run)
    falls: dict[str, tuple[float, str]] = {}
    for line in gate.failed:
        known = metric_of(line.metric or "")
        before = baseline.means[known.name].observed if known.name in baseline.means else None
        after = mean(map(mean, now.get(known.name, {}).values()))
        if before is not None and after is not None:
            then, since = (f"{value:.2f}".removeprefix("0") for value in (before, after))
            falls[known.name] = (known.gain(after - before), f"{known.title} {then} -> {since}")
    parts = [min(falls.values())[1]] if falls else []
    if gate.cases:
        whose = "its" if len(gate.cases) == 1 else "their"
        parts.append(f"{plural(len(gate.cases), 'case')} below {whose} floors")
    if gate.judge_failed:
        parts.append("judge below its floors")
    return f"{', '.join(parts or [plural(len(gate.failed), 'check') + ' failed'])}: gate fails."


def comparison_page(comparison: Comparison) -> Iterator[Block]:
    """Yield two runs side by side, what got worse first, with what each took."""
    yield Text(_comparison_conclusion(comparison), strong=True)
    before, after = comparison.before, comparison.after
    yield Items("", (f"before: {_who_ran(before)}", f"after: {_who_ran(after)}"))
    usages = (results.total_usage(before), results.total_usage(after))
    if all(usage != NOTHING for usage in usages):
        cells = (
            ("requests", *(f"{usage.calls + usage.cached_calls:,}" for usage in usages)),
            ("tokens in", *(f"{usage.input_tokens:,}" for usage in usages)),
            ("tokens out", *(f"{usage.output_tokens:,}" for usage in usages)),
            ("cost", *(format_dollars(usage.cost_usd) for usage in usages)),
            ("seconds", *(f"{usage.seconds:.1f}" for usage in usages)),
        )
        yield Table(("WHAT IT TOOK", "before", "after"), tuple(map(Row, cells)))
    not_compared = (
        (comparison.changed, "Not compared, since the case itself has changed"),
        (comparison.only_before, "Only in the run before"),
        (comparison.only_after, "Only in the run after"),
    )
    notes = tuple(f"{why}: {', '.join(names)}." for names, why in not_compared if names)
    if notes:
        yield Items("", notes)
    for verdict in Verdict:
        rows = [each for each in comparison.with_verdict(verdict) if each.pairs or each.left_out]
        if rows:
            columns = (verdict.upper(), "before", "after", "diff", "95 % interval", "shows", "n")
            yield Table(columns, tuple(map(_comparison_row, rows)))
    yield Text(LEGEND)


def _comparison_conclusion(comparison: Comparison) -> str:
    if not comparison.cases:
        return "Nothing can be compared: the runs have no case in common that is the same."
    cases = plural(len(comparison.cases), "case")
    if comparison.same:
        return f"The same in all {cases} and every metric."
    parts = []
    for verdict in (Verdict.WORSE, Verdict.IMPROVED):
        titles = [metric_of(each.metric).title for each in comparison.with_verdict(verdict)]
        if titles:
            parts.append(f"{verdict.value}: {', '.join(titles)}")
    text = "; ".join(parts) or Verdict.NO_DIFFERENCE.value
    return f"{text[0].upper()}{text[1:]} ({cases} compared)."


def _comparison_row(each: MetricComparison) -> Row:
    around = each.interval
    cells = (
        title(each.metric),
        share(each.before),
        share(each.after),
        signed(each.difference),
        f"[{signed(around.low)}, {signed(around.high)}]" if around else NONE,
        share(each.detectable),
        str(each.pairs),
    )
    lists = {
        "worse in": list(map(_change_text, each.worse)),
        "better in": list(map(_change_text, each.better)),
        "nothing to count any more in": each.vanished,
        "something to count only now in": each.appeared,
    }
    return Row(cells, tuple(f"{what} {some(names)}" for what, names in lists.items() if names))


def _change_text(change: Change) -> str:
    return f"{change.case} {share(change.before)} -> {share(change.after)}"


def _who_ran(of: Configuration) -> str:
    model = f", {of.model}" if of.model else ""
    return f"{of.engine} engine, {of.judge} judge{model}, {of.at}"


def junit(run: Run, gate: GateResult | None = None) -> str:
    """Return a run as JUnit XML: a test case for each line of the gate and for each case run."""
    root = ElementTree.Element("testsuites", name="summarize eval")
    lines = gate.lines if gate else ()
    broken, by_metric = results.failures(run), scores(run)
    # Also what the gate says of all cases, of the judge, and of a case that the run lacks.
    for about in dict.fromkeys([*run.digests, *(line.about for line in lines)]):
        suite = ElementTree.SubElement(root, "testsuite", name=_xml_text(about))
        notes = []
        if about in run.digests:
            seconds = sum(each.usage.seconds for each in run.results if each.case == about)
            _add_test(suite, "ran", "error", "; ".join(broken.get(about, ())), seconds)
            notes += [f"{title(m)}: {share(mean(each[about]))}" for m, each in by_metric.items()]
        for line in (line for line in lines if line.about == about):
            if line.outcome is Outcome.NOTED:
                notes.append(line.text)
            else:
                name = metric_of(line.metric).title if line.metric else line.text
                failure = line.text if line.outcome is Outcome.FAILED else ""
                _add_test(suite, name, "failure", failure)
        if notes:
            ElementTree.SubElement(suite, "system-out").text = _xml_text("\n".join(notes))
    for part in (*root, root):
        for name, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            part.set(name, str(len([*part.iter(kind)])))
    ElementTree.indent(root)
    document = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _add_test(
    suite: ElementTree.Element, name: str, kind: str, message: str, seconds: float = 0.0
) -> None:
    named = {"classname": f"eval.{suite.get('name')}", "name": _xml_text(name)}
    test = ElementTree.SubElement(suite, "testcase", {**named, "time": f"{seconds:.3f}"})
    if message:
        ElementTree.SubElement(test, kind, message=_xml_text(message)).text = _xml_text(message)


def _xml_text(text: str) -> str:
    return _NO_XML.sub("\ufffd", harmless(text))
