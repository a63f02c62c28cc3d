"""Who somebody is: the words with which an article introduces the people that a line names.

News gives a name in full once, with the office. A line that is read without its article needs
this: "Mr. Holm [Jonas Holm, a harbour pilot] said".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Set
from typing import NamedTuple

from summarizer.document import Document
from summarizer.report.wording import one_line
from summarizer.text.attribution import OFFICES, SPEAKS_BEFORE, SPEAKS_BEHIND
from summarizer.text.clauses import has_verb
from summarizer.text.names import HEADS, TITLES, Name, bears_title, name_key, names
from summarizer.text.sentences import unquoted
from summarizer.text.words import folded_words
from summarizer.types import Article

LONGEST_ROLE = 95
"""Code points of an apposition that is told; longer ones tell a story of their own."""

MOST_TOLD = 2
"""People who are introduced in one line, at most."""

_ROLE = rf"[^,;:“”\"()—–]{{3,{LONGEST_ROLE}}}?"
# "An internist and chair of the department" may be cut; "director of policy and planning" not.
_TITLE = r"(?:(?! (?:of|at|for|to) )[^,;:“”\"()—–]){3,40}?"
_BRACKET = re.compile(r"(?:['’]s)? \[")
_APPOSITION = re.compile(
    rf",\s(?:(?P<role>{_ROLE}(?=,|\.$))|(?P<part>{_TITLE}(?= and )))"
    r"|\s\((?P<party>[DRI]-[^()]{2,12})\)"
)
_OFFICE = re.compile(
    r"(?:an?|the|one|his|her|its|their|[A-Z][\w.-]*['’]s?|(?:Democrat|Republican|Independent) of)\s"
)
_OFFICE_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:Then|And|But|Yet) )?"
    rf"(?P<role>(?:[A-Z][\w.’'-]* ){{0,4}}(?:[a-z]+ )?(?:{OFFICES})"
    r"(?: (?:of|for|at) (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,4})?),?\s$"
)
# What begins a clause that a comma cuts off: "an advocacy group that, along with others, sued".
_RELATIVE = re.compile(r"\s(?:that|which|who|whose|whom)$")
_OPENING_ARTICLE = re.compile(r"(?:An?|The) ")
_HOLDS_OFFICE = re.compile(rf"(?:[a-z]+ ){{0,3}}(?:{OFFICES})\b(?: (?:of|for|at|with|in) |$)")
_OTHERS = re.compile(r"\b(?:his|her|its|their|the [a-z]+['’]s)\b")
# What follows a name and tells of it as well: "Mr. Royce, of California".
_TOLD_BEHIND = re.compile(r", (?:an?|the|of|who)\b| \(")


class _Person(NamedTuple):
    """The name as it stands where somebody is introduced, and what he or she is."""

    name: str
    role: str


class _People(NamedTuple):
    """Whom an article introduces, by surname, and the surnames of all people that it names."""

    introduced: dict[str, _Person]
    surnames: Set[str]


class Introductions:
    """Puts who somebody is behind the name, where a line names people without it.

    Whom the headline of the report names, its readers know.
    """

    def __init__(self, headline: str, document_of: Callable[[Article], Document]) -> None:
        # A headline may have every word with a capital, so that no name ends in it.
        self._known = set(folded_words(headline))
        self._document_of = document_of
        self._people: dict[str, _People] = {}

    def introduce(self, text: str, article: Article, seen: set[str]) -> str:
        """Return a line of an article with who people are whom nobody introduced, in brackets.

        ``seen`` are the surnames that were named before; those of the line are added.
        """
        unknown = self._unknown(text, article, seen)
        introduced, people = text, self._people_of(article).introduced
        found = [(name, people[surname]) for name, surname, _ in unknown if surname in people]
        # "Holm is a harbour pilot" says it already.
        told = [(name, each) for name, each in found if not (each.role and each.role in text)]
        for name, person in reversed(told[:MOST_TOLD]):
            introduced = _with_introduction(introduced, name, person)
        seen.update(_first_and_last(name)[1] for name in names(text))
        return introduced

    def leave_unknown(self, text: str, article: Article, seen: Set[str]) -> bool:
        """Return whether an introduced line has people by the surname alone, none of them seen."""
        return any(not in_full for _, _, in_full in self._unknown(text, article, seen))

    def _unknown(self, text: str, article: Article, seen: Set[str]) -> list[tuple[Name, str, bool]]:
        """Return the people of a line whom it does not introduce, and whether in full, in order.

        Whom the headline names, or who was named before, needs no introduction.
        """
        named = [(name, *_first_and_last(name)) for name in names(text)]
        full = {surname for _, first, surname in named if first}
        outside, people = unquoted(text), self._people_of(article)
        found: dict[str, tuple[Name, str, bool]] = {}
        for name, first, surname in named:
            if (
                surname in people.surnames
                and surname not in self._known
                and surname not in seen
                and (first or surname not in full)
                and outside[name.start : name.end] == name.text
                and not _is_introduced(text, name, in_full=bool(first))
            ):
                found.setdefault(surname, (name, surname, bool(first)))
        return list(found.values())

    def _people_of(self, article: Article) -> _People:
        """Return whom an article names; of two with one surname nobody is introduced."""
        if article.id not in self._people:
            first_names: dict[str, set[str]] = defaultdict(set)
            people: dict[str, _Person] = {}
            surnames, heads, speaking = set[str](), set[str](), set[str]()
            for sentence in self._document_of(article).body:
                text = sentence.reading.text
                for name in sentence.reading.names:
                    first, surname = _first_and_last(name)
                    if _speaks(name, text):
                        speaking.add(surname)
                    if bears_title(name.text, HEADS):
                        heads.add(surname)
                    role = _role_of(name, text) if first else ""
                    if role or _is_titled(name, text):
                        surnames.add(surname)
                    if first:
                        first_names[surname].add(first[:3])
                        person = _Person(one_line(name.text), role)
                        before = people.get(surname)
                        if before is None or (person.role and not before.role):
                            people[surname] = person
            introduced = {
                surname: person
                for surname, person in people.items()
                if len(first_names[surname]) == 1 and (person.role or bears_title(person.name))
            }
            # A body speaks too, and has no first name.
            surnames |= introduced.keys() | (speaking & first_names.keys())
            self._people[article.id] = _People(introduced, surnames - heads)
        return self._people[article.id]


def _first_and_last(name: Name) -> tuple[str, str]:
    """Return somebody's first name and surname, folded; "" for a first name that is not there."""
    key = name_key(name.text.partition(" of ")[0]) or name.key
    # "Mr. Dahl-Kerr" has a surname alone.
    several = len(name.text.split()) - bears_title(name.text, TITLES) > 1
    return (key[0] if several and len(key) > 1 else ""), key[-1]


def _role_of(name: Name, sentence: str) -> str:
    """Return what a sentence says that somebody is, beside the name; "" where it says nothing."""
    behind = _APPOSITION.match(sentence, name.end)
    if behind and behind["party"]:
        return behind["party"]
    before = _OFFICE_BEFORE.search(sentence[: name.start])
    role = ""
    beside = behind and (behind["role"] or behind["part"])
    if beside and _tells_office(beside):
        role = _RELATIVE.sub("", one_line(beside))
    elif before:
        role = _OPENING_ARTICLE.sub(lambda article: article[0].lower(), one_line(before["role"]))
    # "The group's president" would have to be introduced in turn.
    return "" if _OTHERS.search(role) else role


def _speaks(name: Name, sentence: str) -> bool:
    """Return whether a verb of saying stands beside a name."""
    before, behind = sentence[: name.start], sentence[name.end :]
    return SPEAKS_BEHIND.match(behind) is not None or SPEAKS_BEFORE.search(before) is not None


def _is_titled(name: Name, sentence: str) -> bool:
    """Return whether a title, be it polite, stands before a name or begins it."""
    before = sentence[: name.start].split()[-1:]
    return bears_title(name.text, TITLES) or (bool(before) and bears_title(before[0], TITLES))


def _tells_office(apposition: str) -> bool:
    """Return whether words beside a name say what somebody is: "a harbour pilot"."""
    office = _OFFICE.match(apposition) or _HOLDS_OFFICE.match(apposition)
    return office is not None and not has_verb(f"- {apposition}")


def _is_introduced(text: str, name: Name, *, in_full: bool) -> bool:
    """Return whether a line says who somebody is beside the name."""
    before, rest = text[: name.start], text[name.end :]
    if _BRACKET.match(rest) or (before.endswith("[") and rest[:1] != "]"):
        return True
    if not in_full:
        return bears_title(name.text) or _TOLD_BEHIND.match(rest) is not None
    return bears_title(name.text) or rest[:2] in {", ", " ("} or bool(_OFFICE_BEFORE.search(before))


def _with_introduction(text: str, name: Name, person: _Person) -> str:
    """Return a line with who somebody is behind the name."""
    before, rest = text[: name.start], text[name.end :]
    in_brackets, in_full = before.endswith("["), bool(_first_and_last(name)[0])
    added = person.role if in_brackets or in_full else ", ".join(filter(None, person))
    if not added:
        return text
    if in_brackets:
        return f"{before}{name.text}, {added}{rest}"
    end = name.end + 2 * rest.startswith(("’s ", "'s "))
    return f"{text[:end]} [{added}]{text[end:]}"
