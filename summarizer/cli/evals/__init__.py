"""``summarize eval``: did a change make the diff better or worse?"""

from __future__ import annotations

import typer

from summarizer.cli.evals.cases import lint, new
from summarizer.cli.evals.compare import bless, compare, explain, report
from summarizer.cli.evals.judge import judge
from summarizer.cli.evals.run import run

app = typer.Typer(
    name="eval",
    help="Test whether a change made the reports better or worse. See docs/evals.md.\n\n"
    "A case is a story with labels: the facts that a correct report of it has. A baseline holds "
    "the floors, the worst figures that a run may have.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (run, compare, explain, bless, report, new, lint, judge):
    app.command()(command)
