"""Checks of what a page calls its outlet and its headline: both come with other things in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.sources.dates import find_dates
from summarizer.sources.outlets import outlet_of_url

# Words and characters of the longest name of an outlet. Origin: longer ones are taglines.
WORDS = 6
CHARACTERS = 48
# Characters of what a page says that are looked at.
SAMPLE = 300
# Share of a headline's words that a name may share with it, and yet be no headline.
HEADLINE_SHARE = 0.8

_TEMPLATE = re.compile(r"[{}$<>\[\]%\\]|undefined|site[_ ]?name|\bnull\b", re.IGNORECASE)
_HANDLE = re.compile(r"^@|^\w*_\w*$")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+/?$")
_COPYRIGHT = re.compile(
    r"©|\(c\)|\bcopyright\b|\ball rights? reserved\b.*|\balle rechte vorbehalten\b.*"
    r"|(?<!\d)(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?(?!\d)",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"[,.]?\s+(?:Inc|LLC|L\.L\.C|Ltd|Limited|(?:g)?GmbH(?:\s?&\s?Co\.?(?:\s?KG(?:aA)?)?)?|AG|KG|S\.?A\.?S?|"
    r"SE|plc|PLC|Corp(?:oration)?|Co|S\.?p\.?A|S\.?r\.?l|B\.?V|N\.?V|A/S|AB|Oy|AS|Pty|sp\. z o\.o|"
    r"(?:Media|Publishing|Broadcasting)\s(?:Group|Company|Ltd|Inc))\b\.?.*$"
)
_SPLIT = re.compile(r"\s+[-–—|\u3163·•*»:/]+\s+|\s*[|\u3163：\uff5c]\s*|,\s|;\s|:\s")
_TITLE_SPLIT = re.compile(r"\s+[-–—|\u3163·•*»/]+\s+|\s*[|\u3163：\uff5c]\s*|\s:\s")
_SECTION_NAMES = (
    "home homepage start startseite news politics national international world local sport sports "
    "business economy opinion culture video videos latest breaking live article articles blog "
    "nachrichten politik wirtschaft panorama actualité actualités politique monde noticias "
    "política mundo notizie cronaca mondo nyheter website site"
)
_SECTIONS = frozenset(_SECTION_NAMES.split())
_BY = re.compile(r"^(?:by|von|por|par|di)\s", re.IGNORECASE)


def clean_outlets(
    said: Iterable[str | None], *, title: str | None, url: str | None = None
) -> str | None:
    """Return the outlet's name as the first that stands up among what a page says of itself.

    A company's name is only taken where nothing else is there.

    Args:
        said: What the page calls itself, from the surest to the weakest.
        title: The article's headline, which is nobody's name.
        url: The page's address, whose host names the outlet where nothing else does.
    """
    names, companies = list[str](), list[str]()
    for text in said:
        for name, is_company in _names(text, title):
            (companies if is_company else names).append(name)
    host = outlet_of_url(url) if url else None
    agreed = [name for name in (*names, *companies) if host and _squeezed(name) == _squeezed(host)]
    return next(iter((*agreed, *names, *([host] if host and not companies else companies))), host)


def _names(text: str | None, title: str | None) -> Iterator[tuple[str, bool]]:
    text = " ".join((text or "").split())[:SAMPLE]
    if not text or _TEMPLATE.search(text) or _HANDLE.search(text):
        return
    for part in _SPLIT.split(_COPYRIGHT.sub(" ", text)):
        name = " ".join(_LEGAL.sub("", f"{part} ").split()).strip(" .,;:-–—")
        if is_name(name, title):
            yield name, bool(_LEGAL.search(part))
            return


def is_name(name: str, title: str | None = None) -> bool:
    """Return whether ``name`` may be an outlet's: no date, section, address, or headline."""
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

    Args:
        title: What the page says that its headline is.
        headings: The text of its first headings, one of which may be the bare headline.
        outlet: The outlet's name, where it is known.
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
    if not words or find_dates(part) or set(words) <= _SECTIONS or _BY.match(part):
        return True
    if _DOMAIN.match(part):
        return True
    name, said = _squeezed(outlet or ""), _squeezed(part)
    return bool(name) and (name in said or said in name) and len(words) <= WORDS


def _squeezed(name: str) -> str:
    return re.sub(r"^the|\W", "", name.casefold())
