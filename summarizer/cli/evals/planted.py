"""``summarize eval planted``: does the judge see errors that were put in on purpose?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.lint import CasesOption
from summarizer.cli.options import expanded
from summarizer.cli.rows import JsonOption
from summarizer.cli.screen import emit, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summarizer.evaluation.types import Ratio


@expanded
def planted(
    *,
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASES", help="Names of cases.  [default: all]", show_default=False),
    ] = None,
    cases_dir: CasesOption = None,
    planted_dir: Annotated[
        Path | None,
        typer.Option(
            "--planted",
            metavar="DIR",
            help="The folder of the planted errors.  [default: evals/planted]",
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Make them anew from the labels of the cases.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show how many planted errors the lexical judge catches.

    Each is a sentence that an article supports, with one error put in by a rule. After
    --write, read the new sentences and name in left_out.txt those that read wrong.
    """
    from summarizer.compare.judges import LexicalJudge
    from summarizer.evaluation.cases import load_cases
    from summarizer.evaluation.planted import (
        find_planted_folder,
        judge_planted,
        load_planted,
        write_planted,
    )

    loaded = load_cases(cases_dir, cases or ())
    folder = planted_dir or find_planted_folder()
    if write:
        for name, rows in write_planted(folder, loaded).items():
            say(f"{name}: {rows} rows")
    found = judge_planted(LexicalJudge().judge_claim, load_planted(folder, loaded))
    emit(_as_json(found) if json else _table(found))


def _as_json(found: Mapping[str, Ratio]) -> str:
    import json as jsonlib

    rows = {
        kind: {"hits": ratio.hits, "of": ratio.of, "value": ratio.value}
        for kind, ratio in found.items()
    }
    return jsonlib.dumps(rows, indent=2) + "\n"


def _table(found: Mapping[str, Ratio]) -> str:
    from summarizer.evaluation.planted import FALSE_ALARMS

    rows = [f"{'planted error':16}{'caught':>8}{'of':>7}\n"]
    rows += [
        f"{kind:16}{ratio.value or 0:8.2f}{ratio.of:7.0f}\n"
        for kind, ratio in found.items()
        if kind != FALSE_ALARMS
    ]
    alarms = found.get(FALSE_ALARMS)
    if alarms is None:
        return "There are no planted errors for these cases.\n"
    return "".join(rows) + f"{'false alarms':16}{alarms.value or 0:8.2f}{alarms.of:7.0f}\n"
