"""Who and where: the people and places of a story, found by how its English articles write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.evals.cases import Case
from summarizer.text.attribution import named_speaker
from summarizer.text.names import names
from summarizer.text.sentences import sentences
from summarizer.types import Article

CLEARLY = 2
"""Times as many pronouns must speak for a sex as against it."""

TIMES = 2
"""A place is taken for one when it stands at least so often behind a preposition of place."""

_BODY = re.compile(
    r"\b(?:Board|Council|Union|Agency|Office|Court|Ministry|Department|University|Museum|Police|"
    r"Fire|Service|Station|News|Post|Party|Institute|Company|Works|Association|Authority|Bank|"
    r"Group|Fund|Street|Bridge|River|School|Hospital|Square|Hall|Committee|Ministers?|Rail\w*|"
    r"Act|Code|Law|National|Commission|Centre|Center|Foundation|Church|Club|House|City|Harbour|"
    r"Metro|FC|Central|Mr|Mrs|Ms|Dr|"
    r"North\w*|South\w*|East\w*|West\w*|The|Levels|Valley|Lake|Lakes|Radio|Today|Review)\b"
)
_TITLE = re.compile(
    r"^(?:(?:Judge|Mayor|Director|Premier|Challenger|Minister|President|Governor|Professor|Captain|"
    r"Doctor|Chief|Inspector|Senator|Justice|Opposition|Leader|Prime|Interior|Deputy)\s)+"
)
_OF_A_PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|around|of)\s$")
_HE = re.compile(r"\b(?:he|his|him|Mr|spokesman|chairman|father|son|brother)\b")
_SHE = re.compile(r"\b(?:she|her|Ms|Mrs|spokeswoman|chairwoman|mother|daughter|sister)\b")
_NEARBY = 250
"""Code points behind a name in which a pronoun is most often that person's."""


@dataclass(frozen=True, slots=True)
class Cast:
    """People by full name, whether each is a woman (None: not told), places, and who speaks."""

    people: tuple[str, ...]
    woman: dict[str, bool | None]
    places: tuple[str, ...]
    speakers: tuple[str, ...]

    def others(self, name: str) -> list[str]:
        """Return names of the same sort, as full as ``name``, that name somebody else."""
        if name in self.places:
            return [place for place in self.places if place != name]
        person = next((p for p in self.people if p == name or p.split()[-1] == name), None)
        if person is None:
            return []
        last = name != person
        alike = [
            other
            for other in self.people
            if other.split()[-1] != person.split()[-1] and self._may_stand_for(other, person)
        ]
        return [other.split()[-1] if last else other for other in alike]

    def _may_stand_for(self, other: str, person: str) -> bool:
        sexes = (self.woman[other], self.woman[person])
        return None in sexes or sexes[0] == sexes[1]


def cast_of(case: Case, articles: Iterable[Article]) -> Cast:
    """Return the people and places of some articles of a case."""
    texts = [article.body_text for article in articles]
    people = tuple(sorted(_people(texts)))
    last = {word for person in people for word in person.split()}
    labelled = {fact.speaker for fact in case.facts if fact.speaker}
    short = {person.split()[-1] for person in people}
    return Cast(
        people=people,
        woman={person: _is_woman(person, texts) for person in people},
        places=tuple(sorted(_places(texts) - last)),
        speakers=tuple(sorted(labelled & {*people, *short}, key=len, reverse=True))
        + tuple(sorted({*people, *short} - labelled, key=len, reverse=True)),
    )


def _people(texts: list[str]) -> set[str]:
    """Return names of two or three words whose last word also stands alone, or who speak."""
    whole: set[str] = set()
    alone: set[str] = set()
    spoken: set[str] = set()
    for text in texts:
        for name in names(text):
            bare = _TITLE.sub("", name.text)
            words = bare.split()
            if len(words) == 1:
                alone.add(words[0])
            elif len(words) in (2, 3) and not _BODY.search(bare) and "'s " not in bare:
                whole.add(bare)
        spoken |= {_TITLE.sub("", named_speaker(s.of(text)) or "") for s in sentences(text)}
    found = {name for name in whole if name.split()[-1] in alone or name in spoken}
    # "Mayor Edda Prowse" is Edda Prowse.
    return {n for n in found if not any(n != o and n.endswith(f" {o}") for o in found)}


def _places(texts: list[str]) -> set[str]:
    """Return single words that stand behind a preposition of place again and again."""
    counts: Counter[str] = Counter()
    for text in texts:
        for name in names(text):
            alone = " " not in name.text and name.text.isalpha() and not name.text.isupper()
            if alone and not _BODY.search(name.text):
                counts[name.text] += bool(_OF_A_PLACE.search(text[: name.start][-12:]))
    return {name for name, count in counts.items() if count >= TIMES}


def _is_woman(person: str, texts: list[str]) -> bool | None:
    """Return what the pronouns nearby say, None where they say nothing or both alike."""
    she = he = 0
    for text in texts:
        for match in re.finditer(re.escape(person.split()[-1]), text):
            after = text[match.end() : match.end() + _NEARBY]
            first = re.search(rf"{_HE.pattern}|{_SHE.pattern}", after)
            if first:
                she += bool(_SHE.fullmatch(first[0]))
                he += bool(_HE.fullmatch(first[0]))
    if max(she, he) < CLEARLY * min(she, he) or she == he:
        return None
    return she > he
