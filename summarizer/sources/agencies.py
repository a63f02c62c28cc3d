"""News agencies: how their copy is signed, in credit lines and in datelines."""
# ruff: noqa: E501, RUF001 (a pattern is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections.abc import Iterable

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
