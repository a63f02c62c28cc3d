"""Lines about the article's author, told by the author's name rather than by their words."""
# ruff: noqa: E501 (a pattern reads best by what its lines say)

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.sources.lines import Line

# Words of a line that is no more than a person's name.
NAME_WORDS = (2, 4)
# Words of the longest biography. Origin: magazines' run to three sentences.
BIO_WORDS = 90
# Share of an article's paragraphs below which nobody is introduced as its author.
LAST_PART = 0.5
# Share of the article's words up to which what follows a biography is cut with it.
SHORT_TAIL = 0.25

_PART = r"[^\W\d_][\w.'’-]*"
_NAME_LINE = re.compile(
    rf"^{_PART}(?: (?:{_PART}|van|von|de|der|la|di|da|dos|del|el|al|bin)){{1,3}}$"
)
_SPLIT = re.compile(r",\s*|\s+(?:and|und|et|y|e|&)\s+")
# What is said of somebody who writes, directly after the name.
_WRITES = re.compile(
    r"^(?:\W{1,3}\w+/\w+\W{1,3})?\s?(?:['’]s (?:\w+ )?(?:\w+ )?(?:books?|novel|memoir|work|writing|reporting|column)\b"
    r"|(?:,[^,]{2,60},)?\s?(?:is|was|has|covers?|writes?|reports?|works?|lives?|joined|edits?|leads?|hosts?|serves?|teaches|"
    r"grew|studied|spent|started|began|tweets?|can|berichtet|schreibt|arbeitet|ist|hat|leitet|lebt|studierte|es|escribe|"
    r"trabaja|cubre|est|écrit|couvre|travaille|collabore|è|scrive|é|escreve|cobre|trabalha|schrijft|is|är|skriver|er)\b)",
    re.IGNORECASE,
)  # fmt: skip
# What a biography says of anybody.
_CAREER = re.compile(
    r"\b(?:reporter|editor|writer|columnist|journalist|correspondent|contributor|author|producer|photographer|broadcaster|"
    r"presenter|host|fellow|professor|lecturer|scholar|analyst|director|teaches|on the air|covers?|covered|covering|reports? (?:on|for|from)|reported (?:on|for|from)|writes? (?:about|for|on)|written (?:for|about)|"
    r"has been with|joined the|newsroom|freelance|based in|lives (?:in|on|with|near)|redakteurin?|reporterin?|berichtet|korrespondentin?|"
    r"schreibt|volontär\w*|redactora?|periodista|corresponsal|journaliste|rédact\w+|correspondante?|redattore|giornalista|"
    r"repórter|jornalista|redacteur|verslaggever|novel|memoir|books?)\b",
    re.IGNORECASE,
)  # fmt: skip


def author_names(byline: str | None) -> tuple[str, ...]:
    """Return the names in a byline."""
    return tuple(name.strip() for name in _SPLIT.split(byline or "") if name.strip())


def is_name(line: Line) -> bool:
    """Return whether ``line`` is no more than a person's name, as far as its shape goes."""
    low, high = NAME_WORDS
    text = line.text.strip()
    if not low <= len(text.split()) <= high or line.ends_sentence:
        return False
    return bool(_NAME_LINE.match(text)) and text[0].isupper() and text.split()[-1][0].isupper()


def without_authors(lines: Sequence[Line], body: Sequence[int], byline: str | None) -> list[int]:
    """Return ``body`` less the biographies of those who wrote it, and less their names."""
    names = author_names(byline)
    start = body[int(len(body) * LAST_PART)] if body else 0
    stood_alone = tuple(
        lines[i].text.strip() for i in range(start, len(lines)) if is_name(lines[i])
    )
    kept, about = [], list[int]()
    for place, i in enumerate(body):
        late = place >= len(body) * LAST_PART
        if is_name(lines[i]) and (lines[i].text.strip() in names or _has_bio_below(lines, i)):
            continue
        if late and _is_about(lines[i], (*names, *stood_alone)):
            about.append(place)
            continue
        kept.append(i)
    below = [i for i in kept if about and i > body[about[0]]]
    if sum(lines[i].words for i in below) < SHORT_TAIL * sum(lines[i].words for i in kept):
        kept = [i for i in kept if i not in below]
    return kept or list(body)


def _has_bio_below(lines: Sequence[Line], i: int) -> bool:
    below = lines[i + 1 : i + 3]
    return any(_is_about(line, (lines[i].text.strip(),)) for line in below)


def _is_about(line: Line, names: Sequence[str]) -> bool:
    """Return whether ``line`` begins with one of ``names`` and goes on as a biography does."""
    text = line.text.strip()
    if not line.ends_sentence or line.words > BIO_WORDS or not _CAREER.search(text):
        return False
    starts = set(names) | {name.split()[0] for name in names}
    return any(
        len(name) > 2 and text.startswith(name) and _WRITES.match(text[len(name) :])
        for name in starts
    )
