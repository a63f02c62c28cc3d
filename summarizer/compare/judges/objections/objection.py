"""What a check says against a claim, so that a reader can follow it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One reason why a document does not support a claim, however alike the words are.

    ``check`` names who objects: figure, date, name, denial, quotation or outlet. ``sentence``
    is the number of the sentence that the claim is held against, None where the document has
    none to show.
    """

    check: str
    reason: str
    sentence: int | None = None
