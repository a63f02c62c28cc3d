"""What a page says of its article: byline, day of publication, outlet, headline.

An outlet's name is looked for in the lines around an article, in what a page tells machines, in its
address and in the name of its file.
"""
# ruff: noqa: RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import dropwhile
from math import inf
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.sources.boilerplate import (
    BYLINE,
    LEGAL,
    PLAIN_DIGITS,
    WHOLE,
    is_caption,
    pattern,
    patterns,
    table,
    words_in,
)
from summarizer.sources.lines import Line

# Characters of a line that metadata is looked for in.
SAMPLE = 300
# Lines above the headline and below the article that may hold its date. Origin: a kicker
# and a date stand directly above, "first published" directly below.
ABOVE_TITLE, BELOW_BODY = 3, 6
# Lines above the headline in which a second day shows that a list of other articles ends there, and
# days that an article's own head may have: that of its picture beside that of its publication.
FEED_ABOVE, MOST_DAYS = 12, 2
# Lines of the body that may stand above its date (a standfirst, captions taken for body), and words
# of a line with the date; a longer one is a caption or a sentence.
STANDFIRST_LINES, DATE_LINE_WORDS = 4, 22
# Names of a page that are looked at; more are a list of names.
NAMES = 50

_MONTHS = {stem: int(n) for n, stems in table("months").items() for stem in stems.split()}
_BY_LENGTH = sorted(_MONTHS, key=len, reverse=True)
_MONTH = rf"(?P<month>(?:{'|'.join(_BY_LENGTH)})[^\W\d_]{{0,8}})"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d{2})"
# Glued to the word before it, a capital month still counts: "Jane DoeFebruary 1, 2022".
_START = r"(?-i:(?<![^\W_])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]))"
_DAY = r"(?P<day>\d{1,2})"
_WRITTEN = re.compile(
    rf"{_START}{_MONTH}\.?\s{{0,3}}{_DAY}(?:st|nd|rd|th)?\s?,?\s{{0,3}}{_YEAR}", re.IGNORECASE
)
_DAY_FIRST = re.compile(
    rf"(?<!\d){_DAY}(?:st|nd|rd|th|\.|º|er)?[\s-]{{0,3}}(?:de\s|of\s)?{_MONTH}"
    rf"\.?,?[\s-]{{0,3}}(?:de\s)?{_YEAR}",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEAR}\s?[-/.년年]\s?(?P<month>\d{{1,2}})\s?[-/.月월]\s?{_DAY}(?!\d)"
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)\d\d|\d\d)(?![\d/.-])"
)


class FoundDate(NamedTuple):
    """A date and where in its line it stands."""

    start: int
    end: int
    day: date


def find_dates(line: str, *, month_first: bool | None = None) -> list[FoundDate]:
    """Return the full dates in ``line``, in order.

    ``month_first`` says how to read 3/4/2022; with None such a date is passed over, since a wrong
    date is worse than none.
    """
    found: list[FoundDate] = []
    for each in sorted(_all_dates(line.translate(PLAIN_DIGITS), month_first)):
        if not found or each.start >= found[-1].end:
            found.append(each)
    return found


def _all_dates(line: str, month_first: bool | None) -> Iterator[FoundDate]:
    for form in (_WRITTEN, _DAY_FIRST, _YEAR_FIRST, _NUMERIC):
        for match in form.finditer(line):
            year, day, word = int(match["year"]), int(match["day"]), match["month"].casefold()
            stem = next((stem for stem in _BY_LENGTH if word.startswith(stem)), "")
            month = _MONTHS[stem] if stem else int(word)
            if form is _NUMERIC:
                year += 2000 if year < 100 else 0
                month_is_second = day > 12 or (match["mark"] == "." and month <= 12)
                if not month_is_second and month_first is not False:
                    if month <= 12 and day != month and month_first is None:
                        continue
                    day, month = month, day
            with suppress(ValueError):
                yield FoundDate(*match.span(), date(year, month, day))


_PUBLISHED, _UPDATED = pattern("published"), pattern("updated")
_WEEKDAY_FIRST = pattern("weekday_first")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_AMERICAN = re.compile(r"\b\d{1,2}:\d\d\s?[AP]\.?M\b|\b[ECMP][SD]?T\b")


def find_published(lines: Sequence[Line], title: int | None, body: Sequence[int]) -> date | None:
    """Return the day the article was published, None where only other days are named.

    Places come in the order in which they are sure. Where several days stand at one they are other
    articles', and none of them is taken.
    """
    if not body:
        return None
    start, settled = body[0], body[min(STANDFIRST_LINES, len(body) - 1)]
    top = start - ABOVE_TITLE if title is None else title
    american = any(_AMERICAN.search(x.text[:SAMPLE]) for x in lines[max(0, top) : settled + 1])

    def days_in(rows: Iterable[int], *, says_so: bool = False) -> list[date]:
        there = (lines[i] for i in rows if 0 <= i < len(lines))
        days = (_day_of(line, american or None, says_so=says_so) for line in there)
        return list(dict.fromkeys(filter(None, days)))

    head, standfirst = range(top, start), sorted({*range(start, settled)}.difference(body))
    # What day it is stands at the top of a page: a weekday first, no hour.
    above = [
        i
        for i in range(max(1, top - FEED_ABOVE), top)
        if not _WEEKDAY_FIRST.match(lines[i].text) or _CLOCK.search(lines[i].text[:SAMPLE])
    ]
    near = days_in(above[-ABOVE_TITLE:])
    below = range(body[-1] + 1, body[-1] + 1 + BELOW_BODY)
    for days, most in (
        (days_in((*head, *standfirst), says_so=True), inf),
        (days_in(head), MOST_DAYS),
        (near and days_in(above), 1),
        (days_in(standfirst), MOST_DAYS),
        (days_in(below, says_so=True), inf),
    ):
        if days:
            return days[0] if len(days) <= most else None
    return None


def _day_of(line: Line, month_first: bool | None, *, says_so: bool) -> date | None:
    """Return the day in a line: the first that it calls that of publication.

    Unless it must be called so (``says_so``), else the first that is not that of an update, else
    that one.
    """
    sample = line.text[:SAMPLE]
    if line.words > DATE_LINE_WORDS or is_caption(line.text) or LEGAL.search(sample):
        return None
    found = find_dates(sample, month_first=month_first)
    starts = [0, *(each.end for each in found)]
    leads = [(sample[a : each.start], each.day) for a, each in zip(starts, found, strict=False)]
    days = [day for lead, day in leads if _PUBLISHED.search(lead)]
    if not says_so:
        days += [day for lead, day in leads if not _UPDATED.search(lead)]
        days += [day for _, day in leads]
    return next(iter(days), None)


_BY, _BY_ALONE = pattern("by", BYLINE), pattern("by", WHOLE)
_CUT = pattern("byline_end", r"\s*(?:{}).*$", re.IGNORECASE | re.DOTALL)
# The rest of a role: "Mo Adler, News" was "Mo Adler, News Editor".
_LONE_WORD = re.compile(r",\s\w+$")
_NAME = r"[^\W\d_][\w.'’-]*"
_NAMES = re.compile(
    rf"^{_NAME}(?:\s{_NAME}){{0,4}}(?:(?:,\s|\s(?:and|und|et|y|e|"
    rf"&)\s){_NAME}(?:\s{_NAME}){{0,4}}){{0,5}}$"
)
_SMALL_NAME_PARTS = words_in("words_in_names")


def find_byline(lines: Sequence[Line]) -> str | None:
    """Return the names after "by" in the lines between headline and article."""
    samples = [line.text[:SAMPLE].strip() for line in lines]
    for sample, below in zip(samples, [*samples[1:], ""], strict=False):
        match = _BY.match(sample)
        alone = below if _BY_ALONE.match(sample) else ""
        names = clean_byline(match["names"] if match else alone)
        if names:
            return names
    return None


def clean_byline(names: str) -> str | None:
    """Return ``names`` without dates, roles and contacts; None where no name is left."""
    for dated in find_dates(names)[:1]:
        names = names[: dated.start]
    names = " ".join(_CUT.sub("", names.strip()).split()).strip(" ,;:.")
    names = _LONE_WORD.sub("", names)
    if not _NAMES.match(names):
        return None
    parts = re.split(r"[\s,]+", names)
    capital = all(part[:1].isupper() or part.casefold() in _SMALL_NAME_PARTS for part in parts)
    return names if capital and len(parts) <= 16 else None


_CAPITALIZED = r"[A-ZÀ-ÞА-ЯІЇЄ0-9][\w'&+-]*(?:\.\w[\w'&+-]*)*"
_OUTLET = (
    rf"(?P<name>(?:The )?{_CAPITALIZED}"
    rf"(?: (?:of|de|du|&|and|der|la) {_CAPITALIZED}| {_CAPITALIZED}){{0,4}})"
)
_ROLES = "reporter|editor|writer|columnist|journalist|correspondent|contributor|critic"
_ROLE = rf"(?:{_ROLES}|editor-in-chief)"
# A copyright line and a biography in the present are the surest; a call to follow an outlet needs
# its name elsewhere, too.
_SURE_SIGNS, _FOLLOWED_SIGNS = (
    patterns(section, outlet=_OUTLET, role=_ROLE) for section in ("outlet_sure", "outlet_followed")
)
_NO_LONGER = re.compile(r"(?i)\b(?:previously|former|formerly|was|were|used to|before)\b[^.]*$")
_COMPANY = pattern("company", flags=0)
_CORPORATE = pattern("corporate", flags=0)
_PRESS_NAME = pattern("press_name")
_LEGAL_LINE = pattern("legal_line")
# Companies that own outlets, or make sites and numbers for them.
_OWNERS = pattern("owners", r"^(?:{})\b")
_NO_OUTLETS = words_in("words_of_no_outlet")
# Years of a copyright, one or from one to another, at an end of the name or inside it.
_YEARS = re.compile(r"(?<!\w)(?:19|20)\d\d(?:\s?[-–—/]\s?(?:(?:19|20)?\d\d)?)?(?!\w)")
_SENTENCE_END = re.compile(r"[.!?;:|]\s")
# Names with marks between them.
_MENU = re.compile(r"[|•·]\s.*[|•·]\s")


def find_outlet(lines: Sequence[str], byline: str | None = None) -> str | None:
    """Return the outlet that the lines around an article name, None if they do not.

    The names in its byline, and in those of pictures and of other articles, are no outlet's.
    """
    # A line that stands in a page's head and foot says no more than one.
    samples = list(dict.fromkeys(line[:SAMPLE].strip() for line in lines))
    authors = " ".join([byline or "", *filter(_BY.match, samples)]).casefold()
    named = [
        (name, is_sure, sample)
        for sample in samples
        for signs, is_sure in ((_SURE_SIGNS, True), (_FOLLOWED_SIGNS, False))
        for sign in signs
        if (match := sign.search(sample)) and (name := _outlet_name(match))
        if name.casefold() not in authors
    ]
    legal = {sample for sample in samples if _LEGAL_LINE.search(sample)}
    holders = {name for name, _, sample in named if sample in legal}
    times: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for name, is_sure, sample in named[:NAMES]:
        # Most copyrights are held by a company that owns many outlets, or by others.
        own = sample not in legal or (len(holders) < 2 and _PRESS_NAME.search(name))
        if _names_alone(name, samples, sample) or (is_sure and own):
            key = name.casefold().removeprefix("the ")
            times[key] += 1
            spelled.setdefault(key, name)
    # Of equals the last: below agencies' copyrights stands the site's own.
    return spelled[max(reversed(times), key=lambda key: times[key])] if times else None


def _names_alone(name: str, samples: Sequence[str], but: str) -> bool:
    """Return whether a line other than a legal one, a menu and ``but`` has a name as a whole.

    One word that is none of the press may be a section ("More from Sport"), and in capitals
    stands above an article as such.
    """
    short, of_press = name.removeprefix("The "), _PRESS_NAME.search(name) is not None
    forms = {name, short if " " in short or of_press else name}
    forms |= {name.upper()} if " " in name or of_press else set()
    spelled = "|".join(map(re.escape, forms))
    alone = re.compile(rf"(?<![\w'’&.-])(?:{spelled})(?![\w'’-]|\.\w|\s(?:[A-ZÀ-Þ&]|desk\b))")
    lines = (line for line in samples if line != but and not _LEGAL_LINE.search(line))
    return any(alone.search(line) and not _MENU.search(line) for line in lines)


def _outlet_name(match: re.Match[str]) -> str | None:
    before = match.string[: match.start("name")]
    name = _SENTENCE_END.split(_YEARS.sub(" ", match["name"]))[0]
    name = _COMPANY.sub("", _COMPANY.sub("", " ".join(name.split())))
    if _NO_LONGER.search(before) or _OWNERS.match(name):
        return None
    name = _CORPORATE.sub("", name).removesuffix("'s").removesuffix("’s").strip()
    name = f"The {name}" if before.endswith(" the ") else name
    is_name = len(name) > 1 and not name.isdigit()
    return name if is_name and name.casefold().removeprefix("the ") not in _NO_OUTLETS else None


# Words and characters of the longest name of an outlet. Origin: longer ones are taglines.
OUTLET_WORDS, OUTLET_CHARACTERS = 6, 48
# Share of a headline's words that a name may share with it, and yet be no headline.
HEADLINE_SHARE = 0.8

# Names that cannot be told from the domain by splitting it at its hyphens.
_BY_DOMAIN = table("domains")
_SECOND_LEVEL = words_in("words_of_second_level")
# Words of a file name that tell nothing of the outlet.
VAGUE_WORDS, _SHOUTED = words_in("words_of_files"), words_in("words_in_capitals")
_SECTIONS = words_in("words_of_sections")
_PRESS_HOST = pattern("press_in_host", r"(the)?([a-z]{3,}?)({})\Z", 0)
_FILE_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?!\d)")
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
    words = (_PRESS_HOST.match(word) or word for word in labels[-1].split("-"))
    # Words of a host stick together: "harbourgazette", "harbour", "gazette".
    parts = ([word] if isinstance(word, str) else word.groups("") for word in words)
    return " ".join(_with_capital(part) for each in parts for part in each if part) or None


def outlet_of_file(name: str) -> str | None:
    """Return a file's name in a readable form: ``harbour-gazette.txt``, "Harbour Gazette".

    None where there is no word in it, as in ``003.txt`` and ``000_a87f87d87531798a.txt``.
    """
    words = _SEPARATORS.split(_FILE_DATE.sub(" ", PurePath(name).stem))
    words = [word for word in words if word and not _HASH.match(word)]
    words = list(dropwhile(str.isdigit, words))
    return " ".join(map(_with_capital, words)) if any(map(str.isalpha, "".join(words))) else None


def _with_capital(word: str) -> str:
    if word.lower() in _SHOUTED or _NO_VOWEL.match(word):
        return word.upper()
    numbered = _NUMBERED.match(word)
    if numbered and numbered[1].lower() in VAGUE_WORDS:
        return f"{numbered[1].capitalize()} {numbered[2]}"
    return word[0].upper() + word[1:] if word.islower() else word


_TEMPLATE = re.compile(r"[{}$<>\[\]%\\]|undefined|site[_ ]?name|\bnull\b", re.IGNORECASE)
_HANDLE = re.compile(r"^@|^\w*_\w*$")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+/?$")
_COPYRIGHT = re.compile(
    r"©|\(c\)|\bcopyright\b|\ball rights? reserved\b.*|\balle rechte vorbehalten\b.*"
    r"|(?<!\d)(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?(?!\d)",
    re.IGNORECASE,
)
_LEGAL_FORM = pattern("legal_form", r"[,.]?\s+(?:{})\b\.?.*$", 0)
_TITLE_SPLIT = re.compile(r"\s+[-–—|\u3163·•*»/]+\s+|\s*[|\u3163：\uff5c]\s*|\s:\s")
_SPLIT = re.compile(rf"{_TITLE_SPLIT.pattern}|,\s|;\s|:\s")


def clean_outlets(
    candidates: Iterable[str | None], *, title: str | None, url: str | None = None
) -> str | None:
    """Return the outlet's name as the first that stands up among what a page says of itself.

    The candidates come from the surest to the weakest. A company's name is only taken where nothing
    else is there, or the host of the page's address.
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
        name = " ".join(_LEGAL_FORM.sub("", f"{part} ").split()).strip(" .,;:-–—")
        if _is_name(name, title):
            yield name, bool(_LEGAL_FORM.search(part))
            return


def _is_name(name: str, title: str | None) -> bool:
    words = name.casefold().split()
    if not 1 <= len(words) <= OUTLET_WORDS or not 2 <= len(name) <= OUTLET_CHARACTERS:
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
    return bool(name) and (name in squeezed or squeezed in name) and len(words) <= OUTLET_WORDS


def _bare_letters(name: str) -> str:
    return re.sub(r"^the|\W", "", name.casefold())
