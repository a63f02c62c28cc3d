"""Who supplied an article: agencies' credit lines and datelines, authors' names and biographies."""
# ruff: noqa: E501, RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from summarizer.sources.lines import Line

_AGENCIES = {
    "AP": r"AP|Associated Press",
    "AFP": r"AFP|Agence France[- ]Presse",
    "Reuters": r"Reuters|REUTERS",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "UPI": r"UPI|United Press International",
    "EFE": r"EFE|Agencia EFE",
    "ANSA": r"ANSA",
    "APA": r"APA|Austria Presse Agentur",
    "PA": r"PA Media|Press Association|PA",
    "TASS": r"TASS|ТАСС",
    "Interfax": r"Interfax|Интерфакс",
    "RIA Novosti": r"RIA Novosti|РИА Новости",
    "Xinhua": r"Xinhua|新华社|新華社",
    "Kyodo": r"Kyodo|共同通信",
    "Jiji": r"Jiji Press|時事通信",
    "Yonhap": r"Yonhap|연합뉴스",
    "PTI": r"PTI|Press Trust of India",
    "ANI": r"ANI",
    "IANS": r"IANS",
    "AAP": r"AAP|Australian Associated Press",
    "The Canadian Press": r"The Canadian Press|Canadian Press",
    "Bloomberg": r"Bloomberg",
    "Anadolu": r"Anadolu(?: Agency)?|Anadolu Ajansı",
    "Ukrinform": r"Ukrinform|Укрінформ",
    "Belga": r"Belga",
    "ANP": r"ANP",
    "NTB": r"NTB",
    "TT": r"TT",
    "Ritzau": r"Ritzau",
    "PAP": r"PAP",
    "KNA": r"KNA",
    "epd": r"epd",
    "SID": r"SID",
    "Agência Brasil": r"Agência Brasil",
    "Lusa": r"Lusa",
}
_ANY = "|".join(_AGENCIES.values())
_NAMES = {name: re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") for name, names in _AGENCIES.items()}
_AGENCY = rf"(?:[Tt]he |news agenc(?:y|ies) )?(?:{_ANY})"
_LIST = rf"{_AGENCY}(?:\s{{0,2}}(?:,|/|;|and|und|et|y|e|&|\+)\s{{0,2}}{_AGENCY}){{0,6}}"
_SIGNED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^\W*(?:[\w.]{{1,6}}(?:[,/ ]{{1,2}}[\w.]{{1,6}}){{0,4}}\s)?\({_LIST}\)\W*$",
        rf"^\W*(?:[Ss]ources?|[Ww]ith|[Ff]rom|[Vv]ia|[Qq]uellen?|[Ff]onte|[Ff]uente|"
        rf"Mit Material von"
        rf"|©|Avec|Con|Com)?\W{{0,3}}{_LIST}(?: \d{{4}})?\W*$",
        rf"(?<!\w){_LIST}(?: (?:journalists?|staff|writers?|reporters?|news agenc(?:y|ies)))?"
        r"(?: [A-Z]\w+){0,4} (?:also )?contributed (?:to th(?:is|e) (?:\w+ )?(?:report|story|"
        r"article)"
        r"|reporting|from [A-Z]\w+)",
        rf"^\W*(?:[Ww]ith|[Ii]ncludes|[Cc]ontains|[Uu]sing) (?:\w+ ){{0,4}}(?:from|by|"
        rf"of) {_LIST}(?!\w)",
        rf"^\W*(?:[\w ]{{0,40}}, )?(?:[Bb]y |[Vv]on |[Pp]or |[Pp]ar )?{_LIST}\W*$",
    )
)
_DATELINE = re.compile(rf"^.{{2,60}}?\((?P<names>{_LIST})\)\s?[-–—:]|^(?P<lead>{_ANY})\s?[-–—:]\s")
_SOMEBODY = r"[A-ZÀ-Þ][\w.'’&-]*(?:[ ,/;]{1,2}(?:(?:and|und|et|y|e|in|of|de|the|&) )?[A-ZÀ-Þ(][\w.'’&)-]*){0,14}"
_SUPPLY = (
    r"(?:(?i:material|files?|agenc(?:y|ies)(?: inputs?)?|inputs?|information|reporting|content|copy|reports?)"
    r"(?: (?:from|by|of|supplied by|provided by))?)"
)
# Credits told by their shape, whatever agency or person they name.
_PEOPLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"^\W*(?i:(?:additional |further )?(?:reporting|writing|editing|edited|written|compiled|"
        r"reported|reportage|production|research|translation|translated|produced|graphics?) by)\b",
        r"^.{0,120}\b(?i:contributed (?:to|reporting to|to the reporting of) (?:this|the) "
        r"(?:\w+ )?(?:report|story|article|reporting))\W*$",
        rf"^\W*{_SOMEBODY} (?i:(?:also )?contributed(?: (?:additional )?reporting)?)"
        rf"(?: (?:from|in) {_SOMEBODY})?\W*$",
        rf"^\W*(?i:with|includes|contains|using|from|based on) (?i:(?:additional |further )?){_SUPPLY} "
        rf"?(?i:the )?{_SOMEBODY}\W*$",
        rf"^\W*(?i:mit material von|mit informationen von|con información de|avec|com informações d[aeo]|"
        rf"con informazioni di) {_SOMEBODY}\W*$",
        rf"^\W*(?i:(?:sources?|quellen?|fuentes?|fontes?|fonte)\s?:) ?{_SOMEBODY}\W*$",
        r"^\W*[A-Za-z]{2,6}(?:/[A-Za-z]{1,6}){1,5}\W*$",
        r"^\W*(?i:with (?:agencies|agency inputs?|wire services?))\W*$",
    )
)
# Characters of a line that is all credit. Origin: the longest seen, with eight names, has 240.
CREDIT_LINE = 300
# Lines of a body whose first may open with an agency's dateline.
DATELINE_LINES = 2


def is_credit(line: str) -> bool:
    """Return whether ``line`` says no more than who supplied the article."""
    if len(line) > CREDIT_LINE:
        return False
    return any(credit.search(line) for credit in (*_PEOPLE, *_SIGNED))


def credited(credit_lines: Iterable[str], body_lines: Iterable[str]) -> tuple[str, ...]:
    """Return the agencies named in credit lines and in the dateline, by their usual name."""
    said = list(credit_lines)
    for line in list(body_lines)[:DATELINE_LINES]:
        match = _DATELINE.search(line[:CREDIT_LINE])
        said += [match["names"] or match["lead"]] if match else []
    found = {name: None for line in said for name in _NAMES if _NAMES[name].search(line)}
    return tuple(found)


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
