"""What is put into a prompt: numbered sentences inside a fence; and an example of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from summarizer.document import Document, analyse, whole_text
from summarizer.prompts.library import Prompt
from summarizer.screening.hidden import visible
from summarizer.screening.screen import asks_reader
from summarizer.text.attribution import named_speaker
from summarizer.text.words import fold
from summarizer.types import Article, Claim, Span

FENCE = "\u27e6fence\u27e7"  # stands for the fence's mark until a request is sent
WITHHELD = "(a question)"  # is shown in the place of a question, so that the numbers stay
PARTS = "abcdefghijklmnopqrstuvwxyz"  # how the parts of a sentence are marked, in order


def article_block(
    article: Article, sentences: Sequence[Span], *, only: Collection[int] | None = None
) -> str:
    """Return sentences of an article as a model is shown them, numbered from 1.

    The title is sentence 0. ``only`` are the numbers that are shown, where it is given.
    """
    lines = _date_lines(article)
    lines += [f"0: {_plain_line(article.title)}"] if article.title else []
    lines += (
        f"{number}: {_sentence_line(article, span)}"
        for number, span in enumerate(sentences, start=1)
        if only is None or number in only
    )
    return _fenced_block("article", lines)


def claims_block(claims: Sequence[Claim]) -> str:
    """Return claims as a model is shown them, numbered from 1."""
    return _fenced_block(
        "claims", [f"{n}: {claim_line(claim)}" for n, claim in enumerate(claims, start=1)]
    )


def statements_block(claims: Sequence[Claim], hints: Sequence[Sequence[int]] = ()) -> str:
    """Return statements numbered from 1, those that add to one piece of news under its text.

    ``hints`` are, for each, the numbers of sentences that it is like.
    """
    lines, about = [], ""
    for number, claim in enumerate(claims, start=1):
        if claim.about != about:
            about = claim.about
            head = f"Besides “{_plain_line(about).rstrip('.')}”:" if about else "By themselves:"
            lines.append(head)
        like = f" {list(hints[number - 1])}" if hints and hints[number - 1] else ""
        lines.append(f"{number}: {claim_line(claim)}{like}")
    return _fenced_block("statements", lines)


def omissions_block(omissions: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Return what a first reading left out: numbers of sentences, each with what is missing.

    Nothing named as missing means the whole sentence.
    """
    return _fenced_block(
        "omissions",
        [
            f"{number}: {'; '.join(map(_plain_line, missing)) or 'the whole sentence'}"
            for number, missing in omissions
        ],
    )


def document_block(name: str, document: Document, parts: Mapping[int, Sequence[Span]]) -> str:
    """Return a document whose sentences are numbered with its name ("A"), their parts marked.

    ``parts`` are, by number, the parts of a sentence, disjoint and in order.
    """
    article = document.article
    lines = _date_lines(article)
    lines += (
        f"{name}{each.number}: {_sentence_line(article, each.span, parts.get(each.number, ()))}"
        for each in document.sentences
    )
    return _fenced_block(f"article {name}", lines)


def list_block(name: str, texts: Sequence[str]) -> str:
    """Return statements numbered with a name, as a document is shown."""
    lines = [f"{name}{number}: {_plain_line(text)}" for number, text in enumerate(texts, start=1)]
    return _fenced_block(f"article {name}", lines)


def claim_line(claim: Claim) -> str:
    """Return a claim on one line, with who says it where its text does not tell."""
    text = _plain_line(claim.text)
    if claim.speaker and not named_speaker(text) and not _has_word_of(claim.speaker, text):
        return f"{text.rstrip('.')}, according to {_plain_line(claim.speaker)}."
    return text


def _date_lines(article: Article) -> list[str]:
    return [f"Date: {article.published.isoformat()}"] if article.published else []


def _sentence_line(article: Article, span: Span, parts: Sequence[Span] = ()) -> str:
    """Return a sentence with its parts marked in place; of a question only that it is one.

    It makes no claim, and a model may take it for one that it is to answer.
    """
    if asks_reader(span.of(article.text)):
        return WITHHELD
    pieces, position = [], span.start
    for part, letter in zip(parts, PARTS, strict=False):
        pieces += [article.text[position : part.start], f"[{letter}: {part.of(article.text)}]"]
        position = part.end
    return _plain_line("".join((*pieces, article.text[position : span.end])))


def _has_word_of(speaker: str, text: str) -> bool:
    """Return whether a text has a telling word of a speaker's name or description."""
    words = set(fold(text).replace(".", " ").split())
    return any(word in words for word in fold(speaker).replace(",", " ").split() if len(word) > 3)


def _fenced_block(name: str, lines: Sequence[str]) -> str:
    return "\n".join((f"<<<{FENCE} {name}", *lines, f"{name} {FENCE}>>>"))


def _plain_line(text: str) -> str:
    return " ".join(visible(text).replace(FENCE, "").split())


_ARTICLE = replace(
    whole_text(
        "Trams on line 4 in Velden have run again since Tuesday, the transport company said. Water "
        "flooded the depot on 28 March and damaged 12 of its 40 trams. The repairs may cost three "
        "million crowns, according to the director, Nora Lind. A day ticket for visitors still "
        "costs $5."
    ),
    title="Line 4 is back",
    published=date(2031, 4, 2),
)
_OTHER = whole_text("Line 4 of Velden's trams is running. The flood of 28 March damaged 11 trams.")
_CLAIMS = (
    Claim(
        article=_ARTICLE,
        text="Trams on line 4 in Velden have run again since Tuesday, 1 April.",
        evidence=(),
        speaker="the transport company",
    ),
    Claim(
        article=_ARTICLE,
        text="Water damaged 12 of the 40 trams in the depot.",
        evidence=(),
        about="Water flooded the depot on 28 March.",
    ),
)


def filled(prompt: Prompt) -> str:
    """Return a prompt filled with an example, as it is sent but for the fence's mark."""
    documents = {"A": analyse(_ARTICLE), "B": analyse(_OTHER)}
    values = {
        "article": article_block(_ARTICLE, [each.span for each in documents["A"].sentences]),
        "claims": claims_block(_CLAIMS),
        "statements": statements_block(_CLAIMS),
        "omissions": omissions_block([(2, ()), (3, ("three million crowns",))]),
        "story": "\n\n".join(document_block(name, each, {}) for name, each in documents.items()),
        "claim": claim_line(_CLAIMS[0]),
        "limit": "3",
    }
    return prompt.fill(**{name: values[name] for name in prompt.variables})
