"""The check of outlets: is it this one's report?"""

from __future__ import annotations

import re

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.objection import Objection
from summarizer.text.fold import fold
from summarizer.text.names import Name, name_key

_REPORTS = re.compile(r"\s(?:reports|reported|writes|wrote|says|said|has learn(?:ed|t))\b")
_ACCORDING = re.compile(
    r"\b(?:according to|reported by|told|as seen by)\s(?:the\s)?$", re.IGNORECASE
)
_CREDIT = (
    r"^(?:the\s)?{outlet}\s(?:reports|reported|writes|wrote|says|said)(?:\sthat)?\s",
    r"^according to (?:the\s)?{outlet},?\s",
    r",?\s(?:according to (?:the\s)?{outlet}|(?:the\s)?{outlet}\s(?:reports|reported|writes|wrote))"
    r"(?=\.?$)",
)


def wrong_outlet(part: Piece, document: Document) -> Objection | None:
    """Object where a report is credited to somebody of whom the article has not a word.

    A name of which the article has one word, as it has the town of "Tollan Courier", is
    credited with nothing by it.
    """
    own = name_key(document.outlet or "")
    for name in part.reading.names:
        if name.key != own and _is_credited(name, part.reading.text):
            words = re.findall(r"\w+", fold(name.text).removesuffix("'s"))
            if words[-1] not in document.vocabulary:
                here = f"; this one is {document.outlet}'s" if document.outlet else ""
                reason = f"the article has nothing from {name.text}{here}"
                return Objection(check="outlet", reason=reason)
    return None


def without_credit(claim: str, outlet: str | None) -> str:
    """Return a claim without the words that credit it to the article's own outlet."""
    if not outlet:
        return claim
    for pattern in _CREDIT:
        claim = re.sub(pattern.format(outlet=re.escape(outlet)), "", claim, flags=re.IGNORECASE)
    return claim


def _is_credited(name: Name, text: str) -> bool:
    return bool(_REPORTS.match(text, name.end) or _ACCORDING.search(text[: name.start][-30:]))
