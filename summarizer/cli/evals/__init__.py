"""``summarize eval``: did a change make the diff better or worse? A module a command."""

from __future__ import annotations

import typer

from summarizer.cli.evals import bless, compare, explain, judge, lint, new, report, run

app = typer.Typer(
    name="eval",
    help="Measure on labelled cases whether a change made things better or worse.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (
    run.run,
    compare.compare,
    explain.explain,
    bless.bless,
    report.report,
    new.new,
    lint.lint,
    judge.judge,
):
    app.command()(command)
