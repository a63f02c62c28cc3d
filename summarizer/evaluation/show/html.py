"""A run as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from summarizer.evaluation.gate import GateLine, GateResult
from summarizer.evaluation.judge_floors import TARGETS, falls_short
from summarizer.evaluation.metric_names import metric_of
from summarizer.evaluation.scores import NOTHING, failures, mean, scores, total_usage
from summarizer.evaluation.show import figures
from summarizer.evaluation.types import Run
from summarizer.report.safe import one_line

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
h1 { font-size: 1.5rem }
h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { border: 1px solid #8886; padding: .15rem .4rem; text-align: right }
th:first-child, td:first-child { background: Canvas; left: 0; position: sticky; text-align: left;
  white-space: nowrap }
thead th { vertical-align: bottom }
.failed { background: #d332; font-weight: 600 }
.wide { overflow-x: auto }
dt { font-weight: 600 }
:root { color-scheme: light dark }
"""
_NO_REQUESTS = "default-src 'none'; style-src 'unsafe-inline'"


def page(found: Run, gate: GateResult | None = None) -> str:
    """Return the run, case by case, and what the gate says of it."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_NO_REQUESTS}">\n',
            '<meta name="viewport" content="width=device-width">\n',
            f"<title>Evals of {_text(found.at)}</title>\n<style>{_STYLE}</style>\n",
            *_body(found, gate),
            "</html>\n",
        )
    )


def _body(found: Run, gate: GateResult | None) -> Iterator[str]:
    yield f"<h1>{_text(figures.gate_conclusion(gate) if gate else 'Evals')}</h1>\n"
    yield f"<p>{_text(figures.configuration(found))}<br>{_text(_took(found))}</p>\n"
    if gate is not None:
        yield from _list("Failed", gate.failed)
        yield from _list("Noted", gate.noted)
    yield from _table(found, gate)
    yield from _judge(found)
    yield "<h2>What the metrics say</h2>\n<dl>\n"
    for name in scores(found):
        metric = metric_of(name)
        better = "" if metric.higher_is_better else " Less is better."
        yield f"<dt>{_text(metric.title)}</dt><dd>{_text(metric.definition)}{better}</dd>\n"
    yield "</dl>\n"


def _took(found: Run) -> str:
    return figures.usage(total_usage(found))


def _list(heading: str, lines: Iterable[GateLine]) -> Iterator[str]:
    items = [f"<li>{_text(line.about)}: {_text(line.text)}</li>\n" for line in lines]
    if items:
        yield f"<h2>{heading}</h2>\n<ul>\n{''.join(items)}</ul>\n"


def _table(found: Run, gate: GateResult | None) -> Iterator[str]:
    """Show a row for each case and a column for each metric; what failed is marked."""
    each = scores(found)
    failed = {(line.about, line.metric) for line in gate.failed} if gate else set()
    broken = failures(found)
    yield '<h2>Cases</h2>\n<div class="wide"><table>\n<thead><tr><th>case</th>'
    yield "".join(f"<th>{_text(figures.title(name))}</th>" for name in each)
    yield "</tr></thead>\n<tbody>\n"
    for case in found.digests:
        cells = [
            _cell(by_case.get(case, NOTHING).value, failed=(case, name) in failed)
            for name, by_case in each.items()
        ]
        note = " (not run to its end)" if case in broken else ""
        yield f"<tr><td>{_text(case)}{note}</td>{''.join(cells)}</tr>\n"
    means = (mean(score.value for score in by_case.values()) for by_case in each.values())
    yield f"</tbody>\n<tfoot><tr><td>mean</td>{''.join(map(_cell, means))}</tr></tfoot>\n"
    yield "</table></div>\n"


def _judge(found: Run) -> Iterator[str]:
    if not found.judge_metrics:
        return
    yield "<h2>The judge on planted errors</h2>\n<table>\n"
    yield "<thead><tr><th>error</th><th>caught</th><th>of</th><th>target</th></tr></thead>\n"
    for kind, ratio in found.judge_metrics.items():
        target = TARGETS.get(kind)
        below = target is not None and falls_short(kind, ratio, target)
        wanted = "" if target is None else figures.share(target)
        cells = f"{_cell(ratio.value, failed=below)}<td>{ratio.of:g}</td><td>{wanted}</td>"
        yield f"<tr><td>{_text(figures.title(kind))}</td>{cells}</tr>\n"
    yield "</table>\n"


def _cell(value: float | None, *, failed: bool = False) -> str:
    mark = ' class="failed"' if failed else ""
    return f"<td{mark}>{figures.share(value)}</td>"


def _text(text: str) -> str:
    return escape(one_line(text))
