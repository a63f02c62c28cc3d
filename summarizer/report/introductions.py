"""Who somebody is: the words with which an article introduces the people that a line names.

News gives a name in full once, with the office, and by the surname from then on. A line that is
read without its article needs the first of these: "Mr. Holm [Jonas Holm, a harbour pilot] said".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from summarizer.document import Document
from summarizer.report.wording import one_line
from summarizer.text.attribution import OFFICES
from summarizer.text.clauses import has_verb
from summarizer.text.names import Name, bears_title, name_key, names
from summarizer.text.sentences import unquoted
from summarizer.text.words import folded_words
from summarizer.types import Article

LONGEST_ROLE = 70
"""Code points of an apposition that is told; longer ones tell a story of their own."""

_APPOSITION = re.compile(
    rf",\s(?P<role>[^,;:“”\"()—–]{{3,{LONGEST_ROLE}}}?)(?=,|\.$| and )"
    r"|\s\((?P<party>[DRI]-[^()]{2,12})\)"
)
_OFFICE = re.compile(
    r"(?:an?|the|one|his|her|its|their|[A-Z][\w.-]*['’]s?|(?:Democrat|Republican|Independent) of)\s"
)
_OFFICE_BEFORE = re.compile(
    rf"(?<![\w-])(?P<role>(?:[A-Z][\w.’'-]* ){{0,4}}(?:[a-z]+ )?(?:{OFFICES})"
    r"(?: (?:of|for|at) (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,4})?),?\s$"
)
_OPENING_ARTICLE = re.compile(r"(?:An?|The) ")
_HOLDS_OFFICE = re.compile(rf"(?:[a-z]+ ){{0,3}}(?:{OFFICES})\b(?: (?:of|for|at|with|in) |$)")
_OTHERS = re.compile(r"\b(?:his|her|its|their|the [a-z]+['’]s)\b")
# What follows a name and tells of it as well: "Mr. Royce, of California".
_TOLD_BEHIND = re.compile(r", (?:an?|the|of|who)\b| \(")


class _Person(NamedTuple):
    """The name as it stands where somebody is introduced, and what he or she is."""

    name: str
    role: str

    @property
    def told(self) -> str:
        return f"{self.name}, {self.role}" if self.role else self.name


class Introductions:
    """Puts who somebody is behind the name, where a line names people without it.

    Args:
        headline: The headline of the report: its readers know whom it names.
        document_of: Returns an article analysed.
    """

    def __init__(self, headline: str, document_of: Callable[[Article], Document]) -> None:
        # A headline may have every word with a capital, so that no name ends in it.
        self._known = set(folded_words(headline))
        self._document_of = document_of
        self._people: dict[str, dict[str, _Person]] = {}

    def introduce(self, text: str, article: Article, seen: set[str]) -> str:
        """Return a line with who the first person is whom nobody introduced, in brackets.

        Args:
            text: The line.
            article: The article that it is taken from.
            seen: Surnames that were named before; those of the line are added.
        """
        named = [(name, *_first_and_last(name)) for name in names(text)]
        full = {surname for _, first, surname in named if first}
        outside, people = unquoted(text), self._people_of(article)
        known = self._known | seen
        made = (
            _with_introduction(text, name, people[surname], in_full=bool(first))
            for name, first, surname in named
            if surname in people
            and surname not in known
            and (first or surname not in full)
            and outside[name.start : name.end] == name.text
        )
        introduced = next((each for each in made if each != text), text)
        seen.update(surname for _, _, surname in named)
        return introduced

    def _people_of(self, article: Article) -> dict[str, _Person]:
        """Return by surname whom an article introduces; nobody where two have one surname."""
        if article.id not in self._people:
            first_names: dict[str, set[str]] = defaultdict(set)
            people: dict[str, _Person] = {}
            for sentence in self._document_of(article).body:
                for name in sentence.reading.names:
                    first, surname = _first_and_last(name)
                    if first:
                        first_names[surname].add(first[:3])
                        person = _Person(one_line(name.text), _role_of(name, sentence.reading.text))
                        before = people.get(surname)
                        if before is None or (person.role and not before.role):
                            people[surname] = person
            self._people[article.id] = {
                surname: person
                for surname, person in people.items()
                if len(first_names[surname]) == 1 and (person.role or bears_title(person.name))
            }
        return self._people[article.id]


def _first_and_last(name: Name) -> tuple[str, str]:
    """Return somebody's first name and surname, folded; "" for a first name that is not there."""
    key = name_key(name.text.partition(" of ")[0]) or name.key
    return (key[0] if len(key) > 1 else ""), key[-1]


def _role_of(name: Name, sentence: str) -> str:
    """Return what a sentence says that somebody is, beside the name; "" where it says nothing."""
    behind = _APPOSITION.match(sentence, name.end)
    if behind and behind["party"]:
        return behind["party"]
    before = _OFFICE_BEFORE.search(sentence[: name.start])
    role = ""
    if behind and _tells_office(behind["role"]):
        role = one_line(behind["role"])
    elif before:
        role = _OPENING_ARTICLE.sub(lambda article: article[0].lower(), one_line(before["role"]))
    # "The group's president" would have to be introduced in turn.
    return "" if _OTHERS.search(role) else role


def _tells_office(apposition: str) -> bool:
    """Return whether words beside a name say what somebody is: "a harbour pilot"."""
    office = _OFFICE.match(apposition) or _HOLDS_OFFICE.match(apposition)
    return office is not None and not has_verb(f"- {apposition}")


def _with_introduction(text: str, name: Name, person: _Person, *, in_full: bool) -> str:
    """Return a line with who somebody is behind the name, unless the line tells it."""
    before, rest = text[: name.start], text[name.end :]
    if in_full:
        told = bears_title(name.text) or rest[:2] in {", ", " ("} or _OFFICE_BEFORE.search(before)
        added = "" if told else person.role
    else:
        added = "" if _TOLD_BEHIND.match(rest) else person.told
    if not added:
        return text
    if before.endswith("["):
        return f"{before}{name.text}, {person.role}{rest}" if person.role else text
    end = name.end + 2 * rest.startswith(("’s ", "'s "))
    return f"{text[:end]} [{added}]{text[end:]}"
