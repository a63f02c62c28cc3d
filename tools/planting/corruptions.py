"""One error each, put into a sentence that is true of an article.

A corruption returns the sentence with its error, or None where the sentence has nothing to
get wrong in that way. Each follows one rule of English; what reads wrong all the same is
left out by hand (``evals/planted/left_out.txt``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from summarizer.text.dates import DateMention, dates, same_date
from summarizer.text.figures import Figure, FigureKind, Modifier, compatible, figures
from summarizer.text.names import names
from summarizer.types import Article
from tools.planting.entities import Cast

FACTORS = (0.5, 0.6, 0.7, 0.8, 1.2, 1.3, 1.5, 2.0, 3.0)
"""By which a figure is changed: plainly another one, and still one that could be true."""

OLDEST = 100
"""From here on an age, and most percentages, are absurd at sight."""

_COUNTED = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT, FigureKind.AGE})
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
          "eighteen", "nineteen", "twenty")  # fmt: skip
_WORDS = ("zero", *_UNITS, *_TEENS)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Plot:
    """What a corruption works on: the true sentence, its article, who is in the story."""

    claim: str
    article: Article
    cast: Cast
    random: Random


def change_number(plot: Plot) -> str | None:
    """A figure becomes another one, which the article does not have."""
    known = figures(plot.article.text)
    found = [figure for figure in figures(plot.claim) if figure.kind in _COUNTED]
    for figure in plot.random.sample(found, len(found)):
        factors = [
            factor
            for factor in FACTORS
            if not (figure.modifier is Modifier.OVER and factor < 1)
            and not (figure.modifier is Modifier.UNDER and factor > 1)
        ]
        for factor in plot.random.sample(factors, len(factors)):
            value = _scaled(figure.text, factor)
            if value is None:
                continue
            claim = plot.claim[: figure.start] + value + plot.claim[figure.end :]
            new = [f for f in figures(claim) if f.start == figure.start]
            if new and _possible(new[0]) and not any(compatible(new[0], f) for f in known):
                return claim
    return None


def _possible(figure: Figure) -> bool:
    """Return whether nobody sees at a glance that a figure is wrong: no age of 142."""
    return figure.kind not in (FigureKind.AGE, FigureKind.PERCENT) or figure.high < OLDEST


def _scaled(text: str, factor: float) -> str | None:
    """Return a figure as it is written, times ``factor`` and as round as it was."""
    digits = _DIGITS.search(text)
    if digits is None:
        return _scaled_word(text, factor)
    written = digits[0].replace(",", "")
    decimals = len(written.partition(".")[2])
    zeros = 0 if decimals else len(written) - len(written.rstrip("0"))
    step = 10.0 ** (zeros if zeros < len(written) else 0)
    value = (
        round(float(written) * factor / step) * step if not decimals else float(written) * factor
    )
    new = f"{value:,.{decimals}f}"
    same = float(new.replace(",", "")) in (float(written), 0.0, 1.0)
    return None if same else text[: digits.start()] + new + text[digits.end() :]


def _scaled_word(text: str, factor: float) -> str | None:
    word, _, rest = text.partition(" ")
    head, _, unit = word.lower().partition("-")
    if head in _TENS and unit in _UNITS:
        number = _TENS[(_TENS.index(head) + round(2 * factor)) % len(_TENS)]
        new = f"{number}-{unit}"
    elif not unit and head in _WORDS[2:]:
        value = round(_WORDS.index(head) * factor)
        if not 2 <= value < len(_WORDS) or _WORDS[value] == head:
            return None
        new = _WORDS[value]
    elif not unit and head in _TENS:
        new = _TENS[(_TENS.index(head) + round(2 * factor)) % len(_TENS)]
    else:
        return None
    new = new.capitalize() if word[0].isupper() else new
    return None if new.lower() == word.lower() else f"{new} {rest}".strip()


def change_date(plot: Plot) -> str | None:
    """A weekday, day, month or year becomes another, which no date of the article can be."""
    published = plot.article.published
    known = dates(plot.article.text, published)
    found = [mention for mention in dates(plot.claim, published) if _other_dates(mention)]
    for mention in plot.random.sample(found, len(found)):
        others = _other_dates(mention)
        for other in plot.random.sample(others, len(others)):
            claim = plot.claim[: mention.start] + other + plot.claim[mention.end :]
            new = [m for m in dates(claim, published) if m.start == mention.start]
            if new and not any(same_date(new[0], there) is not False for there in known):
                return claim
    return None


def _other_dates(mention: DateMention) -> list[str]:
    """Return the same form of a date with one part of it changed."""
    text = mention.text
    for days in (list(calendar.day_name), list(calendar.month_name)[1:]):
        named = [day for day in days if re.search(rf"\b{day}\b", text)]
        if named:
            return [text.replace(named[0], day) for day in days if day != named[0]]
    if re.fullmatch(r"\d{4}", text):
        return [str(int(text) + step) for step in (-12, -7, -4, -2, 3, 5)]
    return []


def change_name(plot: Plot) -> str | None:
    """A person or place becomes another of the same story, of the same sort."""
    found = [name for name in names(plot.claim) if plot.cast.others(name.text)]
    for name in plot.random.sample(found, len(found)):
        said = plot.claim.lower()
        others = [
            other
            for other in plot.cast.others(name.text)
            if not any(word.lower() in said for word in other.split())
        ]
        if others:
            other = plot.random.choice(others)
            return plot.claim[: name.start] + other + plot.claim[name.end :]
    return None


_AUXILIARY = re.compile(
    r"\b(?:(?:is|are|was|were|will|would|can|could|should|must)\b"
    r"|(?:has|have|had)(?= (?:been|reportedly|\w+ed|become|said|seen|told|come|gone|put)\b))"
)
_DENIALS = (
    (re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|did|does) not\b"), r"\1"),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\b(is|are|was|were|will|can) no longer\b"), r"\1 still"),
    (re.compile(r"\bhas never\b"), "has often"),
    (re.compile(r"\bhad never\b"), "had often"),
    (re.compile(r"\b(?:Nobody|No one)\b(?!.*\bany\b)"), "Somebody"),
    (re.compile(r"\bThere (is|are|was|were) no\b"), r"There \1 some"),
)


def deny(plot: Plot) -> str | None:
    """The sentence denies what it said, or says what it denied."""
    claim = plot.claim
    for pattern, affirmed in _DENIALS:
        if pattern.search(claim):
            # "did not walk" has no plain affirmative that a rule could write.
            changed = pattern.sub(affirmed, claim, count=1)
            return None if re.search(r"\b(?:did|does) not\b", claim) else changed
    if re.search(
        r"[?]|\bany\b|\b(?:not|no|never|nobody|none|without|neither|denied)\b|n't\b", claim, re.I
    ):
        return None
    found = list(_AUXILIARY.finditer(claim))
    if not found or re.match(r"\s(?:more|less|at least|only)\b", claim[found[0].end() :]):
        return None
    return f"{claim[: found[0].end()]} not{claim[found[0].end() :]}"


def change_speaker(plot: Plot) -> str | None:
    """What one person said is said by another of the story."""
    for speaker in plot.cast.speakers:
        at = plot.claim.find(speaker)
        if at < 0 or not re.search(r"\bsa(?:id|ys|y)\b|accord|call|told|warn|add", plot.claim):
            continue
        others = [o for o in plot.cast.others(speaker) if o.split()[-1] not in plot.claim]
        if others:
            return plot.claim.replace(speaker, plot.random.choice(others), 1)
    return None


_HEDGES = (
    (re.compile(r"\b(?:may|might|could) (?=be\b|have\b|\w+\b)"), "will "),
    (re.compile(r"\b(?:reportedly|allegedly|apparently|possibly|probably|perhaps) "), ""),
    (re.compile(r"\b(?:is|are) (?:expected|likely|thought|believed) to\b"), "will"),
    (re.compile(r"\b(was|were) (?:expected|likely|thought|believed) to\b"), r"\1 certain to"),
    (re.compile(r"\b(believe|think|suspect|expect)(?=s?\b)"), "know"),
    (re.compile(r"\b(?:believed|thought|suspected)\b"), "knew"),
    (re.compile(r"\bsome of\b"), "all of"),
    (re.compile(r"\bSome\b"), "All"),
    (re.compile(r"\b[Mm]ost(?= \w+s\b)"), "all"),
    (re.compile(r"\bpartly\b"), "wholly"),
    (re.compile(r"\bseveral(?= \w+s\b)"), "hundreds of"),
    (re.compile(r"\ba few\b"), "dozens of"),
)  # fmt: skip


def claim_too_much(plot: Plot) -> str | None:
    """A doubt is dropped, or a part is made the whole."""
    for pattern, certain in _HEDGES:
        match = pattern.search(plot.claim)
        if match:
            claim = plot.claim[: match.start()] + match.expand(certain) + plot.claim[match.end() :]
            return claim[0].upper() + claim[1:]
    return None


QUOTATIONS = (
    "We will not rest until every question has been answered",
    "Somebody higher up must have known about this for months",
    "I have never been so ashamed of this town in my life",
    "Frankly, the whole affair was invented by our rivals",
    "This is the proudest moment of my entire career",
    "They laughed at us, and now they are begging for help",
    "If it were up to me, everyone involved would be dismissed",
    "I warned them in writing and nobody bothered to reply",
    "There is absolutely nothing to worry about, believe me",
    "My grandmother could have managed it better than they did",
    "We were promised champagne and we got dishwater",
    "Let them take us to court if they dare",
    "I would do exactly the same thing again without hesitation",
    "The rumours are ridiculous and I refuse to dignify them",
    "Our competitors abroad are laughing up their sleeves",
    "It felt like the ending of a very bad film",
)
"""What nobody in any story says, of the sort that people in stories say."""


def invent_quotation(plot: Plot) -> str | None:
    """Somebody who speaks in the article is quoted with words that nobody said."""
    here = [person for person in plot.cast.people if person in plot.article.body_text]
    spoken = [person for person in here if person in plot.claim] or here
    if not spoken:
        return None
    return f'"{plot.random.choice(QUOTATIONS)}," {plot.random.choice(spoken)} said.'


CORRUPTIONS: dict[str, Callable[[Plot], str | None]] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "negation": deny,
    "attribution": change_speaker,
    "over_claim": claim_too_much,
    "invented_quote": invent_quotation,
}
"""Every corruption of one sentence by its name; ``planting`` has those that take two articles."""
