"""The names of outlets and headlines: checked, or taken from an address or a file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit

from summarizer.sources.boilerplate import BYLINE, pattern, table, words_in
from summarizer.sources.metadata import SAMPLE, find_dates
from summarizer.types import Article, OutletFrom

# Words and characters of the longest name of an outlet. Origin: longer ones are taglines.
WORDS, CHARACTERS = 6, 48
# Share of a headline's words that a name may share with it, and yet be no headline.
HEADLINE_SHARE = 0.8

# Names that cannot be told from the domain by splitting it at its hyphens.
_BY_DOMAIN = table("domains")
_SECOND_LEVEL = words_in("words_of_second_level")
# Words of a file name that tell nothing of the outlet.
_VAGUE, _SHOUTED = words_in("words_of_files"), words_in("words_in_capitals")
_SECTIONS = words_in("words_of_sections")
_PRESS = pattern("press_in_host", r"(the)?([a-z]{3,}?)({})\Z", 0)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?!\d)")
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)\Z")
_SEPARATORS = re.compile(r"[\s_.,+-]+")
_HASH = re.compile(r"(?=[^\W_]*\d)[0-9a-f]{6,}\Z|[0-9a-f]{16,}\Z", re.IGNORECASE)
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{2,5}\Z", re.IGNORECASE)


def outlet_of_url(url: str) -> str | None:
    """Return the outlet's name as far as the address of an article gives it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    *labels, last = host.split(".")
    domains = (".".join([*labels[first:], last]) for first in range(len(labels)))
    known = next((_BY_DOMAIN[domain] for domain in domains if domain in _BY_DOMAIN), None)
    if known or not labels or last.isdigit() or ":" in host:
        return known
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    words = (_PRESS.match(word) or word for word in labels[-1].split("-"))
    # Words of a host stick together: "harbourgazette", "harbour", "gazette".
    parts = ([word] if isinstance(word, str) else word.groups("") for word in words)
    return " ".join(_with_capital(part) for each in parts for part in each if part) or None


def outlet_of_file(name: str) -> str | None:
    """Return a file's name in a readable form: ``harbour-gazette.txt``, "Harbour Gazette".

    None where there is no word in it, as in ``003.txt`` and ``000_a87f87d87531798a.txt``.
    """
    words = _SEPARATORS.split(_DATE.sub(" ", PurePath(name).stem))
    words = [word for word in words if word and not _HASH.match(word)]
    while words and words[0].isdigit():
        words = words[1:]
    return " ".join(map(_with_capital, words)) if any(map(str.isalpha, "".join(words))) else None


def _with_capital(word: str) -> str:
    if word.lower() in _SHOUTED or _NO_VOWEL.match(word):
        return word.upper()
    numbered = _NUMBERED.match(word)
    if numbered and numbered[1].lower() in _VAGUE:
        return f"{numbered[1].capitalize()} {numbered[2]}"
    return word[0].upper() + word[1:] if word.islower() else word


def distinct(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles with empty file names told apart: by folder, else by number.

    Two files called ``article.txt`` are not two articles of one outlet "Article"; two
    called ``harbour-gazette.txt`` are two of the Harbour Gazette.
    """
    for by_folder in (True, False):
        counts = Counter(article.outlet.casefold() for article in articles)
        named = []
        for article in articles:
            path = PurePath(article.source)
            words = re.findall(r"[^\W\d_]+", path.stem.lower())
            is_vague = all(word in _VAGUE or len(word) == 1 for word in words)
            folder = path.parent.name and f"({path.parent.name})"
            mark = folder if by_folder else article.id.removeprefix("a")
            shared = counts[article.outlet.casefold()] > 1
            if mark and shared and is_vague and article.outlet_from is OutletFrom.FILENAME:
                article = replace(article, outlet=f"{article.outlet} {mark}")
            named.append(article)
        articles = named
    return tuple(articles)


_TEMPLATE = re.compile(r"[{}$<>\[\]%\\]|undefined|site[_ ]?name|\bnull\b", re.IGNORECASE)
_HANDLE = re.compile(r"^@|^\w*_\w*$")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+/?$")
_COPYRIGHT = re.compile(
    r"©|\(c\)|\bcopyright\b|\ball rights? reserved\b.*|\balle rechte vorbehalten\b.*"
    r"|(?<!\d)(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?(?!\d)",
    re.IGNORECASE,
)
_LEGAL = pattern("legal_form", r"[,.]?\s+(?:{})\b\.?.*$", 0)
_TITLE_SPLIT = re.compile(r"\s+[-–—|\u3163·•*»/]+\s+|\s*[|\u3163：\uff5c]\s*|\s:\s")
_SPLIT = re.compile(rf"{_TITLE_SPLIT.pattern}|,\s|;\s|:\s")
_BY = pattern("by", BYLINE)


def clean_outlets(
    candidates: Iterable[str | None], *, title: str | None, url: str | None = None
) -> str | None:
    """Return the outlet's name as the first that stands up among what a page says of itself.

    They come from the surest to the weakest. A company's name is only taken where nothing else is
    there, or the host of the page's address; the article's headline is nobody's name.
    """
    names, companies = list[str](), list[str]()
    for text in candidates:
        for name, is_company in _name_in(text, title):
            (companies if is_company else names).append(name)
    host = (outlet_of_url(url) if url else None) or ""
    agreed = [x for x in (*names, *companies) if host and _bare_letters(x) == _bare_letters(host)]
    # "Live Wire" is the name, and "Livewire" only what an address makes of it.
    agreed.sort(key=lambda name: name == host)
    return next(filter(None, (*agreed, *names, *companies, host)), None)


def _name_in(text: str | None, title: str | None) -> Iterator[tuple[str, bool]]:
    """Yield the first name in a text, if there is one, and whether it is a company's."""
    text = " ".join((text or "").split())[:SAMPLE]
    if not text or _TEMPLATE.search(text) or _HANDLE.search(text):
        return
    host = outlet_of_url(f"https://{text.partition('//')[2] or text}")
    if host and _DOMAIN.match(text):
        yield host, False
        return
    for part in _SPLIT.split(_COPYRIGHT.sub(" ", text)):
        name = " ".join(_LEGAL.sub("", f"{part} ").split()).strip(" .,;:-–—")
        if _is_name(name, title):
            yield name, bool(_LEGAL.search(part))
            return


def _is_name(name: str, title: str | None) -> bool:
    words = name.casefold().split()
    if not 1 <= len(words) <= WORDS or not 2 <= len(name) <= CHARACTERS:
        return False
    if _DOMAIN.match(name) or find_dates(name) or not any(map(str.isalpha, name)):
        return False
    if set(words) <= _SECTIONS or words[0] in ("by", "copyright"):
        return False
    headline = set((title or "").casefold().split())
    known = sum(word in headline for word in words)
    return not headline or known < HEADLINE_SHARE * len(words) or len(words) < 3


def clean_title(title: str | None, headings: Sequence[str], outlet: str | None) -> str | None:
    """Return ``title`` without what a site adds to it: its name, a section, a date, an author.

    One of the page's first headings may be the bare headline.
    """
    text = " ".join((title or "").split())
    for heading in headings:
        rest = text[len(heading) :]
        if len(heading) > 7 and text.startswith(heading) and _TITLE_SPLIT.match(rest):
            return heading
    marks = list(_TITLE_SPLIT.finditer(text))
    while marks and _is_added(text[marks[-1].end() :], outlet):
        text = text[: marks.pop().start()]
    return text or None


def title_suffixes(title: str | None, headings: Sequence[str]) -> list[str]:
    """Return what follows the headline in ``title``, last first: it may name the outlet."""
    text = " ".join((title or "").split())
    bare = clean_title(text, headings, None) or ""
    rest = text[len(bare) :] if text.startswith(bare) and bare != text else ""
    parts = [part for part in _TITLE_SPLIT.split(rest or text) if part]
    return [part for part in reversed(parts if rest else parts[1:]) if not _BY.match(part)]


def _is_added(part: str, outlet: str | None) -> bool:
    words = part.casefold().split()
    if find_dates(part) or set(words) <= _SECTIONS or _BY.match(part) or _DOMAIN.match(part):
        return True
    name, squeezed = _bare_letters(outlet or ""), _bare_letters(part)
    return bool(name) and (name in squeezed or squeezed in name) and len(words) <= WORDS


def _bare_letters(name: str) -> str:
    return re.sub(r"^the|\W", "", name.casefold())
