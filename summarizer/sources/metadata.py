"""What a copied page says of its article: byline, day of publication, outlet."""
# ruff: noqa: RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from summarizer.sources import boilerplate
from summarizer.sources.boilerplate import is_caption, pattern, patterns, table
from summarizer.sources.lines import Line

_MONTHS = {stem: int(n) for n, stems in table("months").items() for stem in stems.split()}
_BY_LENGTH = sorted(_MONTHS, key=len, reverse=True)
_MONTH = rf"(?P<month>(?:{'|'.join(_BY_LENGTH)})[^\W\d_]{{0,8}})"
# Glued to the word before it, a capital month still counts: "Jane DoeFebruary 1, 2022".
_START = r"(?:(?<![^\W_])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]))"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d{2})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}{_MONTH}\.?\s{{0,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s{{0,3}}{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?[\s-]{{0,3}}(?:de\s|of\s)?{_MONTH}"
        rf"\.?,?[\s-]{{0,3}}(?:de\s)?{_YEAR}",
        rf"(?<!\d){_YEAR}\s?[-/.年년]\s?(?P<month>\d{{1,2}})\s?[-/.月월]\s?(?P<day>\d{{1,2}})(?!\d)",
    )
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/.-])")


@dataclass(frozen=True, slots=True)
class Found:
    """A date and where in its line it stands."""

    day: date
    start: int
    end: int


def find_dates(line: str, *, month_first: bool | None = None) -> list[Found]:
    """Return the full dates in ``line``, in order.

    Args:
        line: One line, already cut to a sensible length.
        month_first: How to read 3/4/2022; with None such a date is passed over, since a
            wrong date is worse than none.
    """
    found = sorted({*_written(line), *_numeric(line, month_first)}, key=lambda f: f.start)
    return [f for i, f in enumerate(found) if i == 0 or f.start >= found[i - 1].end]


def _written(line: str) -> Iterator[Found]:
    # (?i:) would make the capital in _START meaningless, so it is checked here.
    for form in _PATTERNS:
        for match in form.finditer(line):
            start = match.start()
            if start and line[start - 1].isalpha() and not line[start].isupper():
                continue
            month = match["month"]
            number = int(month) if month.isdigit() else _month(month)
            yield from _made(int(match["year"]), number, int(match["day"]), match)


def _numeric(line: str, month_first: bool | None) -> Iterator[Found]:
    for match in _NUMERIC.finditer(line):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 2000 if year < 100 else 0
        if first > 12 or (match[2] == "." and second <= 12) or month_first is False:
            first, second = second, first
        elif second <= 12 and first != second and month_first is None:
            continue
        yield from _made(year, first, second, match)


def _made(year: int, month: int, day: int, match: re.Match[str]) -> Iterator[Found]:
    try:
        yield Found(date(year, month, day), match.start(), match.end())
    except ValueError:
        return


def _month(word: str) -> int:
    word = word.casefold()
    return next(_MONTHS[stem] for stem in _BY_LENGTH if word.startswith(stem))


# Characters of a line that metadata is looked for in.
SAMPLE = 300
# Lines above the headline and below the article that may hold its date. Origin: a kicker
# and a date stand directly above, "first published" directly below.
ABOVE_TITLE = 3
BELOW_BODY = 6
# Lines of the body that may stand above its date: a standfirst, captions taken for body.
STANDFIRST_LINES = 4
# Words a line with the article's date has at most; a longer one is a caption or a sentence.
DATE_LINE_WORDS = 22

_PUBLISHED = pattern("published")
_UPDATED = pattern("updated")
_WEEKDAY_FIRST = pattern("weekday_first")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_AMERICAN = re.compile(r"\b\d{1,2}:\d\d\s?[AP]\.?M\b|\b[ECMP][SD]?T\b")

_BY = re.compile(
    r"^\W*(?:written |posted |story |reported |words )?(?:by|von|por|par|di|av|af|door|автор|"
    r"autor|przez)[:\s]\s*(?P<names>\S.*)$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[|•·–—/@(]|\s-\s|,\s(?!\w+\s\w+(?:\sand|,|$))|\d|\b(?:for|in|on|at|and updated|"
    r"updated|published|posted|"
    r"staff|senior|special|contributor|correspondent|reporter|editor|writer|columnist)\b|"
    r"\s{3,}).*$",
    re.IGNORECASE | re.DOTALL,
)
# The rest of a role: "Mo Adler, News" was "Mo Adler, News Editor".
_LONE_WORD = re.compile(r",\s\w+$")
_NAME = r"[^\W\d_][\w.'’-]*"
_NAMES = re.compile(
    rf"^{_NAME}(?:\s{_NAME}){{0,4}}(?:(?:,\s|\s(?:and|und|et|y|e|"
    rf"&)\s){_NAME}(?:\s{_NAME}){{0,4}}){{0,5}}$"
)
_SMALL_NAME_PARTS_TEXT = (
    "and und et y e de da do dos das di del della van von der den bin al el la le du"
)
_SMALL_NAME_PARTS = frozenset(_SMALL_NAME_PARTS_TEXT.split())

_CAPITALIZED = r"[A-ZÀ-ÞА-ЯІЇЄ0-9][\w'&+-]*(?:\.\w[\w'&+-]*)*"
_OUTLET = (
    rf"(?P<name>(?:The )?{_CAPITALIZED}"
    rf"(?: (?:of|de|du|&|and|der|la) {_CAPITALIZED}| {_CAPITALIZED}){{0,4}})"
)
_ROLE = (
    r"(?:reporter|editor|writer|columnist|journalist|correspondent|contributor"
    r"|editor-in-chief|critic)"
)
# Signs and their votes: a copyright line and a biography in the present are the surest.
_OUTLET_SIGNS = [
    (sign, votes)
    for section, votes in (("outlet_sure", 3), ("outlet_weak", 1))
    for sign in patterns(section, outlet=_OUTLET, role=_ROLE)
]
_NO_LONGER = re.compile(
    r"\b(?:previously|formerly|former|was|were|used to|before)\b[^.]*$", re.IGNORECASE
)
_COMPANY = pattern("company", flags=0)
_NOT_OUTLETS_TEXT = (
    "us all facebook twitter instagram youtube telegram whatsapp the a all rights reserved "
    "me him her now here author authors reuters ap afp getty newsletter our free this "
    "comments discussion conversation copyright"
)
_NOT_OUTLETS = frozenset(_NOT_OUTLETS_TEXT.split())
# Years of a copyright, one or from one to another, at an end of the name or inside it.
_YEARS = re.compile(r"(?<!\w)(?:19|20)\d\d(?:\s?[-–—/]\s?(?:(?:19|20)?\d\d)?)?(?!\w)")
_SENTENCE_END = re.compile(r"[.!?;:|]\s")
# Characters before a name that are looked at.
SIGNATURE = 12
# Stands before the name of a person who wrote or took something.
_SIGNATURE = re.compile(r"(?<!\d\s)\bby\s+$", re.IGNORECASE)
# Different names of a page that are looked at; more are a list of names.
NAMES = 50
# Votes an outlet's name needs: one sure sign, or two weak ones that agree.
OUTLET_VOTES = 2


def find_outlet(lines: Sequence[str], byline: str | None = None) -> str | None:
    """Return the outlet that the lines around an article name, None if they do not.

    Args:
        lines: The lines that are not the article.
        byline: The article's authors, whose names are no outlet's.
    """
    people = (byline or "").casefold()
    votes: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    persons: dict[str, bool] = {}
    for line in lines:
        sample = line[:SAMPLE]
        for sign, weight in _OUTLET_SIGNS:
            match = sign.search(sample)
            name = _outlet_name(match) if match else None
            if not name or name.casefold() in people or len(persons) > NAMES:
                continue
            if name not in persons:
                persons[name] = _is_person(name, lines)
            if not persons[name]:
                key = name.casefold().removeprefix("the ")
                votes[key] += weight
                spelled.setdefault(key, name)
    # Of equals the last: below agencies' copyrights stands the site's own.
    key, most = max(reversed(votes.items()), key=lambda item: item[1], default=("", 0))
    return spelled[key] if most >= OUTLET_VOTES else None


def _is_person(name: str, lines: Sequence[str]) -> bool:
    """Return whether ``name`` signs a picture or an article on the page."""
    if len(name.split()) not in (2, 3) or name.casefold().startswith("the "):
        return False
    for line in lines:
        place = line[:SAMPLE].find(name)
        before = line[max(0, place - SIGNATURE) : place] if place >= 0 else ""
        if _SIGNATURE.search(before):
            return True
    return False


def _outlet_name(match: re.Match[str]) -> str | None:
    before = match.string[: match.start("name")]
    if _NO_LONGER.search(before):
        return None
    name = _SENTENCE_END.split(_YEARS.sub(" ", match["name"]))[0]
    name = " ".join(name.split())
    for _ in range(2):
        name = _COMPANY.sub("", name)
    name = name.removesuffix("'s").removesuffix("’s").strip()
    if before.endswith(" the "):
        name = f"The {name}"
    if len(name) < 2 or name.isdigit() or name.casefold().removeprefix("the ") in _NOT_OUTLETS:
        return None
    return name


def find_byline(lines: Sequence[Line]) -> str | None:
    """Return the names after "by" in the lines between headline and article."""
    for i, line in enumerate(lines):
        sample = line.text[:SAMPLE].strip()
        match = _BY.match(sample)
        if match:
            names = clean_byline(match["names"])
        elif sample.casefold().strip(" :") in {
            "by",
            "von",
            "por",
            "par",
            "author",
            "autor",
        } and i + 1 < len(lines):
            names = clean_byline(lines[i + 1].text[:SAMPLE])
        else:
            continue
        if names:
            return names
    return None


def clean_byline(names: str) -> str | None:
    """Return ``names`` without dates, roles and contacts; None where no name is left."""
    dated = find_dates(names)
    if dated:
        names = names[: dated[0].start]
    names = " ".join(_CUT.sub("", names.strip()).split()).strip(" ,;:.")
    names = _LONE_WORD.sub("", names)
    if not _NAMES.match(names):
        return None
    parts = re.split(r"[\s,]+", names)
    capital = all(part[:1].isupper() or part.casefold() in _SMALL_NAME_PARTS for part in parts)
    return names if capital and len(parts) <= 16 else None


def find_published(lines: Sequence[Line], title: int | None, body: Sequence[int]) -> date | None:
    """Return the day the article was published, None where only other days are named.

    Dates between headline and article come first, then one directly above the headline,
    then one directly below the article that says what it is.
    """
    if not body:
        return None
    top = title if title is not None else max(0, body[0] - ABOVE_TITLE)
    settled = body[min(STANDFIRST_LINES, len(body) - 1)]
    chosen = set(body)
    american = any(_AMERICAN.search(line.text[:SAMPLE]) for line in lines[top : settled + 1])
    month_first = True if american else None
    between = [
        line
        for i, line in enumerate(lines[top:settled], top)
        if i not in chosen and _may_date(line)
    ]
    for wanted in (True, False):
        for line in between:
            found = _day_of(line.text[:SAMPLE], month_first, say_so=wanted)
            if found:
                return found
    for line in reversed(lines[max(1, top - ABOVE_TITLE) : top]):
        if _may_date(line) and not _is_page_clock(line.text[:SAMPLE]):
            found = _day_of(line.text[:SAMPLE], month_first, say_so=False)
            if found:
                return found
    for line in lines[body[-1] + 1 : body[-1] + 1 + BELOW_BODY]:
        found = _day_of(line.text[:SAMPLE], month_first, say_so=True) if _may_date(line) else None
        if found:
            return found
    return None


def _may_date(line: Line) -> bool:
    sample = line.text[:SAMPLE]
    said = is_caption(line.text) or boilerplate.LEGAL.search(sample)
    return line.words <= DATE_LINE_WORDS and not said


def _is_page_clock(sample: str) -> bool:
    return bool(_WEEKDAY_FIRST.match(sample)) and not _CLOCK.search(sample)


def _day_of(sample: str, month_first: bool | None, *, say_so: bool) -> date | None:
    found = find_dates(sample, month_first=month_first)
    said = [f for i, f in enumerate(found) if _PUBLISHED.search(_lead(sample, found, i))]
    if said or say_so:
        return said[0].day if said else None
    fresh = [f for i, f in enumerate(found) if not _UPDATED.search(_lead(sample, found, i))]
    return (fresh or found)[0].day if found else None


def _lead(sample: str, found: Sequence[Found], i: int) -> str:
    return sample[found[i - 1].end if i else 0 : found[i].start]
