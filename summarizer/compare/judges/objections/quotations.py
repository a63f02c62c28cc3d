"""The check of quotations: words between quotation marks must stand in the document."""

from __future__ import annotations

import re

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.objection import Objection
from summarizer.text.fold import fold
from summarizer.text.passage import quotations

_MORE_QUOTATIONS = re.compile(r"„([^„“”\"]{2,1500})[“”\"]|‘([^‘’\n]{12,1500})’(?!\w)")
# What a quotation may leave out or put in, and must own up to.
_LEFT_OUT = re.compile(r"…|\.{3}|(?:\. ){2}\.|\[[^\]]*\]|\([^)]*\)")
_NO_WORD = re.compile(r"[^\w]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def wrong_quotation(part: Piece, document: Document) -> Objection | None:
    """Object where a quotation is not in the document word for word.

    Marks, capitals, punctuation and accents may differ; what an ellipsis or brackets stand
    for may be missing.
    """
    for quotation in quoted(part.reading.text):
        for piece in _LEFT_OUT.split(quotation):
            if not holds(document.text, piece):
                return Objection(
                    check="quotation", reason=f"nobody says “{quotation}” in the article"
                )
    return None


def quoted(text: str) -> list[str]:
    """Return what stands between quotation marks of any kind."""
    found = [span.of(text) for span in quotations(text)]
    return found + [match[1] or match[2] for match in _MORE_QUOTATIONS.finditer(text)]


def holds(text: str, piece: str) -> bool:
    """Return whether a text has some words in their order, however marked and spelled."""
    wanted, there = _plain(piece), _plain(text)
    if _UNSPACED.search(wanted):
        return wanted.replace(" ", "") in there.replace(" ", "")
    return not wanted or f" {wanted} " in f" {there} "


def _plain(text: str) -> str:
    """Return the words of a text, folded, one space between each two."""
    return _NO_WORD.sub(" ", fold(text).replace("'", "")).strip()
