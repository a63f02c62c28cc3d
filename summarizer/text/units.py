# ruff: noqa: SIM905  (a word list reads best as words)
"""Units, currencies and counted nouns: what makes two figures comparable.

Lists written for this project from general knowledge of English news prose.
"""

from __future__ import annotations

SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip

CURRENCIES: dict[str, str] = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "£": "GBP", "gbp": "GBP",
    "pound": "GBP", "€": "EUR", "eur": "EUR", "euro": "EUR", "¥": "JPY", "yen": "JPY",
    "yuan": "CNY", "₹": "INR", "rs": "INR", "rupee": "INR", "₽": "RUB", "ruble": "RUB",
    "rouble": "RUB", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "cent": "USD cent", "₩": "KRW",
    "won": "KRW", "franc": "CHF", "krona": "SEK", "peso": "peso", "p": "GBP penny",
}  # fmt: skip

# Unit word (singular) -> base unit and how many of it.
DURATIONS: dict[str, float] = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0,
    "week": 7.0, "fortnight": 14.0, "month": 365.25 / 12, "year": 365.25, "decade": 3652.5,
    "century": 36525.0,
}  # fmt: skip
MEASURES: dict[str, tuple[str, float]] = {
    "mm": ("metre", 1e-3), "cm": ("metre", 1e-2), "m": ("metre", 1.0), "metre": ("metre", 1.0),
    "meter": ("metre", 1.0), "km": ("metre", 1e3), "kilometre": ("metre", 1e3),
    "kilometer": ("metre", 1e3), "mile": ("metre", 1609.344), "inch": ("metre", 0.0254),
    "foot": ("metre", 0.3048), "feet": ("metre", 0.3048), "ft": ("metre", 0.3048),
    "yard": ("metre", 0.9144), "kg": ("kilogram", 1.0), "kilogram": ("kilogram", 1.0),
    "kilo": ("kilogram", 1.0), "gram": ("kilogram", 1e-3), "pound": ("kilogram", 0.4536),
    "lb": ("kilogram", 0.4536), "lbs": ("kilogram", 0.4536), "stone": ("kilogram", 6.3503),
    "st": ("kilogram", 6.3503), "tonne": ("kilogram", 1e3), "ton": ("kilogram", 1e3),
    "acre": ("square metre", 4046.86), "hectare": ("square metre", 1e4), "mph": ("mph", 1.0),
    "kph": ("mph", 0.6214), "litre": ("litre", 1.0), "liter": ("litre", 1.0),
    "gallon": ("litre", 3.785), "barrel": ("barrel", 1.0), "degree": ("degree", 1.0),
    "megawatt": ("megawatt", 1.0), "mw": ("megawatt", 1.0), "gigawatt": ("megawatt", 1e3),
}  # fmt: skip

# Stems of nouns that count the same people or things in news prose.
_NOUN_GROUPS = """
troop soldier serviceman servicemen personnel forc fighter
person peopl individu
dead fatal victim kill live deceas toll casualti
wound injur hurt
child kid
polic offic policeman
resid inhabit citizen
employe worker staff job
elephant anim
hous home dwell
protest demonstr marcher
migrant refuge
vote ballot
state_ countri nation
aircraft plane jet
ship vessel boat
company_ compani firm busi
school_ school
percent point
"""
NOUN_GROUPS: dict[str, str] = {
    stem: row.split()[0] for row in _NOUN_GROUPS.strip().split("\n") for stem in row.split()
}
# Plurals without an "s" that end a counted noun phrase.
PLURALS = frozenset(
    """people men women children police troops staff feet sheep fish aircraft personnel dead
    injured wounded others servicemen lawmakers policemen fishermen firefighters media""".split()
)
