"""The name of the outlet, where the article itself does not give one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit

from summarizer.sources.phrases import domains
from summarizer.types import Article, OutletFrom

# Names that cannot be told from the domain by splitting it at its hyphens.
_BY_DOMAIN = domains()

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "go", "net", "ne", "or", "org"})
_HOST_PREFIXES = frozenset({"www", "m", "amp", "edition", "en", "news", "mobile"})
_NO_NAME = frozenset(
    {"article", "articles", "copy", "doc", "document", "file", "index", "input", "news", "page"}
    | {"paste", "pasted", "sample", "story", "source", "test", "text", "tmp", "txt", "untitled"}
)
"""Words of a file name that tell nothing of the outlet."""

_PRESS = re.compile(
    r"(the)?([a-z]{3,}?)(gazette|times|post|herald|tribune|courier|chronicle|observer|examiner|"
    r"journal|telegraph|ledger|dispatch|register|record|daily|mail|echo|press|review|standard|"
    r"inquirer|independent|guardian|argus|advertiser|bugle|news|today|online|zeitung|anzeiger|"
    r"kurier|rundschau|nachrichten|tageblatt|bote)\Z"
)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?!\d)")
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)\Z")
_SEPARATORS = re.compile(r"[\s_.,+-]+")
_HASH = re.compile(r"(?=[^\W_]*\d)[0-9a-f]{6,}\Z|[0-9a-f]{16,}\Z", re.IGNORECASE)
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{2,5}\Z", re.IGNORECASE)
_SHOUTED = frozenset(
    {"abc", "afp", "ansa", "ap", "apa", "cbc", "dpa", "efe", "itv", "nyt", "upi", "usa"}
)


def outlet_of_url(url: str) -> str | None:
    """Return the outlet's name as far as the address of an article gives it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    labels = host.split(".")
    for first in range(len(labels) - 1):
        known = _BY_DOMAIN.get(".".join(labels[first:]))
        if known:
            return known
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return None
    labels = labels[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    while len(labels) > 1 and labels[0] in _HOST_PREFIXES:
        labels = labels[1:]
    return _pretty([part for label in labels[-1].split("-") for part in _split(label)]) or None


def _split(label: str) -> list[str]:
    """Return a host's words, which stick together: ``harbourgazette``, "harbour", "gazette"."""
    match = _PRESS.match(label)
    return [part for part in match.groups() if part] if match else [label]


def outlet_of_file(name: str) -> str | None:
    """Return a file's name in a readable form: ``harbour-gazette.txt``, "Harbour Gazette".

    None where there is no word in it, as in ``003.txt`` and ``000_a87f87d87531798a.txt``.
    """
    words = [word for word in _SEPARATORS.split(_DATE.sub(" ", PurePath(name).stem)) if word]
    words = [word for word in words if not _HASH.match(word)]
    while words and words[0].isdigit():
        words = words[1:]
    if not any(character.isalpha() for word in words for character in word):
        return None
    return _pretty(words)


def distinct(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles with empty file names told apart: by folder, else by number.

    Two files called ``article.txt`` are not two articles of one outlet "Article"; two
    called ``harbour-gazette.txt`` are two of the Harbour Gazette.
    """
    named = [_with_folder(article, articles) for article in articles]
    return tuple(
        replace(article, outlet=f"{article.outlet} {article.id.removeprefix('a')}")
        if _is_shared(article, named)
        else article
        for article in named
    )


def _with_folder(article: Article, articles: Sequence[Article]) -> Article:
    folder = PurePath(article.source).parent.name
    if not folder or not _is_shared(article, articles):
        return article
    return replace(article, outlet=f"{article.outlet} ({folder})")


def _is_shared(article: Article, articles: Sequence[Article]) -> bool:
    if article.outlet_from is not OutletFrom.FILENAME or not _tells_nothing(article.source):
        return False
    name = article.outlet.casefold()
    return any(other.outlet.casefold() == name and other is not article for other in articles)


def _tells_nothing(source: str) -> bool:
    words = re.findall(r"[^\W\d_]+", PurePath(source).stem.lower())
    return all(word in _NO_NAME or len(word) == 1 for word in words)


def _pretty(words: Sequence[str]) -> str:
    return " ".join(_capitalised(word) for word in words if word)


def _capitalised(word: str) -> str:
    if word.lower() in _SHOUTED or _NO_VOWEL.match(word):
        return word.upper()
    numbered = _NUMBERED.match(word)
    if numbered and numbered[1].lower() in _NO_NAME:
        return f"{numbered[1].capitalize()} {numbered[2]}"
    if word.islower():
        return word[0].upper() + word[1:]
    return word
