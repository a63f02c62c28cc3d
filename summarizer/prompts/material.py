"""What is put into a prompt: numbered sentences inside a fence; and an example of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate

from summarizer.document import Document, Sentence, analyse
from summarizer.prompts.parse import Prompt
from summarizer.screening import asks_reader, visible
from summarizer.text.attribution import named_speaker
from summarizer.text.words import fold
from summarizer.types import Article, Claim, ClaimKind, OutletFrom, Span

FENCE = "\u27e6fence\u27e7"
"""Stands for the fence's mark until a request is sent."""

WITHHELD = "(a question)"
"""What is shown in the place of a question, so that the numbers stay."""

PARTS = "abcdefghijklmnopqrstuvwxyz"
"""How the parts of a sentence are marked, in order."""


def article_block(
    article: Article,
    sentences: Sequence[Span],
    *,
    only: Collection[int] | None = None,
) -> str:
    """Return sentences of an article as a model is shown them; the title is sentence 0.

    Args:
        article: The article.
        sentences: Spans of its text, in order, numbered from 1.
        only: Where it is given, the numbers that are shown.
    """
    lines = [*_head(article)]
    lines += (
        f"{number}: {_shown(span.of(article.text))}"
        for number, span in enumerate(sentences, start=1)
        if only is None or number in only
    )
    return _fenced("article", lines)


def claims_block(claims: Sequence[Claim]) -> str:
    """Return claims as a model is shown them, numbered from 1."""
    return _fenced("claims", [f"{n}: {said(claim)}" for n, claim in enumerate(claims, start=1)])


def statements_block(claims: Sequence[Claim]) -> str:
    """Return statements numbered from 1, those that add to one piece of news under its text."""
    lines = []
    about = ""
    for number, claim in enumerate(claims, start=1):
        if claim.about != about:
            about = claim.about
            lines.append(f"Besides “{_line(about).rstrip('.')}”:" if about else "By themselves:")
        lines.append(f"{number}: {said(claim)}")
    return _fenced("statements", lines)


def omissions_block(omissions: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Return what a first reading left out: numbers of sentences, each with what is missing.

    Nothing named as missing means the whole sentence.
    """
    return _fenced(
        "omissions",
        [
            f"{number}: {'; '.join(map(_line, missing)) or 'the whole sentence'}"
            for number, missing in omissions
        ],
    )


def document_block(name: str, document: Document, parts: Mapping[int, Sequence[Span]]) -> str:
    """Return a document whose sentences are numbered with its name, the parts of each marked.

    Args:
        name: What the article is called in this request: "A".
        document: The document.
        parts: By number, the parts of a sentence, disjoint and in order.
    """
    article = document.article
    lines = [f"Date: {article.published.isoformat()}"] if article.published else []
    lines += (
        f"{name}{sentence.number}: {_marked(article, sentence, parts.get(sentence.number, ()))}"
        for sentence in document.sentences
    )
    return _fenced(f"article {name}", lines)


def list_block(name: str, texts: Sequence[str]) -> str:
    """Return statements numbered with a name, as a document is shown."""
    lines = [f"{name}{number}: {_line(text)}" for number, text in enumerate(texts, start=1)]
    return _fenced(f"article {name}", lines)


def said(claim: Claim) -> str:
    """Return a claim on one line, with who says it where its text does not tell."""
    text = _line(claim.text)
    if claim.speaker and not named_speaker(text) and not _has_word_of(claim.speaker, text):
        return f"{text.rstrip('.')}, according to {_line(claim.speaker)}."
    return text


def _head(article: Article) -> Iterator[str]:
    if article.published:
        yield f"Date: {article.published.isoformat()}"
    if article.title:
        yield f"0: {_line(article.title)}"


def _marked(article: Article, sentence: Sentence, parts: Sequence[Span]) -> str:
    """Return a sentence with its parts marked in place."""
    text = sentence.span.of(article.text)
    if asks_reader(text):
        return WITHHELD
    pieces, position = [], sentence.span.start
    for part, letter in zip(parts, PARTS, strict=False):
        pieces += [article.text[position : part.start], f"[{letter}: {part.of(article.text)}]"]
        position = part.end
    return _line("".join((*pieces, article.text[position : sentence.span.end])))


def _has_word_of(speaker: str, text: str) -> bool:
    """Return whether a text has a telling word of a speaker's name or description."""
    words = set(fold(text).replace(".", " ").split())
    return any(word in words for word in fold(speaker).replace(",", " ").split() if len(word) > 3)


def _shown(sentence: str) -> str:
    """Return a sentence; of a question only that it is one.

    It makes no claim, and a model may take it for one that it is to answer.
    """
    return WITHHELD if asks_reader(sentence) else _line(sentence)


def _fenced(name: str, lines: Sequence[str]) -> str:
    return "\n".join((f"<<<{FENCE} {name}", *lines, f"{name} {FENCE}>>>"))


def _line(text: str) -> str:
    return " ".join(visible(text).replace(FENCE, "").split())


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
        about="Water flooded the depot on 28 March.",
    ),
)


def filled(prompt: Prompt) -> str:
    """Return a prompt filled with the example, as it is sent but for the fence's mark."""
    values = {
        "article": article_block(_ARTICLE, _SPANS),
        "claims": claims_block(_CLAIMS),
        "statements": statements_block(_CLAIMS),
        "omissions": omissions_block([(2, ()), (3, ("three million crowns",))]),
        "story": "\n\n".join(
            document_block(name, analyse(article), {})
            for name, article in (("A", _ARTICLE), ("B", _OTHER))
        ),
        "claim": said(_CLAIMS[0]),
        "limit": "3",
    }
    return prompt.fill(**{name: values[name] for name in prompt.variables})
