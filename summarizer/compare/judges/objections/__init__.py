"""What speaks against a claim, detail by detail, whatever the model of the words says.

A claim with one wrong name has all the words of a true one but one, so no share of common
words can tell. Each check looks at one sort of detail; the first that objects is shown.
"""

from __future__ import annotations

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.denials import wrong_denial
from summarizer.compare.judges.objections.figures import wrong_date, wrong_figure
from summarizer.compare.judges.objections.grounds import Objection
from summarizer.compare.judges.objections.names import misplaced_name, unknown_name
from summarizer.compare.judges.objections.sayings import (
    wrong_outlet,
    wrong_quotation,
    wrong_speaker,
)

__all__ = ["CHECKS", "CHECKS_OF_ONE", "Objection", "objection_to"]

CHECKS = (
    wrong_quotation,
    wrong_outlet,
    wrong_figure,
    wrong_date,
    unknown_name,
    wrong_denial,
)
"""In the order in which they are asked: the surest first."""

CHECKS_OF_ONE = (wrong_speaker, misplaced_name)
"""Those that are asked of a claim of one sentence only. Of several, one leans on the others for
whom it means: there three of five names held to be misplaced were right."""


def objection_to(parts: tuple[Piece, ...], document: Document) -> Objection | None:
    """Return the first objection to a claim, given as its sentences; None without one."""
    checks = (*CHECKS, *CHECKS_OF_ONE) if len(parts) == 1 else CHECKS
    found = (check(part, document) for check in checks for part in parts)
    return next((objection for objection in found if objection), None)
