"""A small invented article, to show what a prompt looks like when it is sent."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from summarizer.document import analyse
from summarizer.prompts.material import (
    article_block,
    claims_block,
    document_block,
    omissions_block,
    said,
)
from summarizer.prompts.prompt import Prompt
from summarizer.types import Article, Claim, ClaimKind, OutletFrom, Span

_SENTENCES = (
    "Trams on line 4 in Velden have run again since Tuesday, the transport company said.",
    "Water flooded the depot on 28 March and damaged 12 of its 40 trams.",
    "The repairs may cost three million crowns, according to the director, Nora Lind.",
    "A day ticket for visitors still costs $5.",
)
_ENDS = tuple(accumulate(len(sentence) + 1 for sentence in _SENTENCES))
_SPANS = tuple(
    Span(end - 1 - len(sentence), end - 1) for end, sentence in zip(_ENDS, _SENTENCES, strict=True)
)
_ARTICLE = Article(
    id="a1",
    source="marrow-post.txt",
    sha256="",
    text=" ".join(_SENTENCES),
    body=(Span(0, _ENDS[-1] - 1),),
    outlet="Marrow Post",
    outlet_from=OutletFrom.FLAG,
    title="Line 4 is back",
    published=date(2031, 4, 2),
    language="en",
)
_OTHER_TEXT = "Line 4 of Velden's trams is running. The flood of 28 March damaged 11 trams."
_OTHER = Article(
    id="a2",
    source="velden-echo.txt",
    sha256="",
    text=_OTHER_TEXT,
    body=(Span(0, len(_OTHER_TEXT)),),
    outlet="Velden Echo",
    outlet_from=OutletFrom.FLAG,
    language="en",
)
_CLAIMS = (
    Claim(
        article=_ARTICLE,
        text="Trams on line 4 in Velden have run again since Tuesday, 1 April.",
        evidence=_SPANS[:1],
        kind=ClaimKind.STATEMENT,
        speaker="the transport company",
    ),
    Claim(
        article=_ARTICLE,
        text="Water damaged 12 of the 40 trams in the depot.",
        evidence=_SPANS[1:2],
        kind=ClaimKind.NUMBER,
    ),
)


def filled(prompt: Prompt) -> str:
    """Return a prompt filled with the example, as it is sent but for the fence's mark."""
    values = {
        "article": article_block(_ARTICLE, _SPANS),
        "claims": claims_block(_CLAIMS),
        "statements": claims_block(_CLAIMS, name="statements"),
        "omissions": omissions_block([(2, ()), (3, ("three million crowns",))]),
        "story": "\n\n".join(
            document_block(name, analyse(article), {})
            for name, article in (("A", _ARTICLE), ("B", _OTHER))
        ),
        "claim": said(_CLAIMS[0]),
        "limit": "3",
    }
    return prompt.fill(**{name: values[name] for name in prompt.variables})
