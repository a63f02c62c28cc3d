# ruff: noqa: RUF001  (the lists hold Cyrillic words)
"""Words whose full stop need not end a sentence, as data for ``summarizer.text.sentences``.

Matched with the case as written, so that "no.", "art." and "mar." stay ordinary words.
News English in AP and Reuters style, with the commonest of German, French, Spanish and
Russian; words of one letter and dotted ones ("U.S.", "J.R.R.") need no entry.
"""

from __future__ import annotations


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


NEVER_LAST = _words(
    """Mr Mrs Ms Mx Dr Prof Gov Sen Sens Rep Reps Gen Col Lt Sgt Capt Cpl Pvt Maj Adm Cmdr Cmdre
    Brig Supt Insp Det Rev Hon Pres Amb Atty Asst Msgr Fr Messrs Mme Mmes Mlle Mlles Hr Frl
    Dipl Ing Sra Srta Sres Dña Ud Uds EE vs cf viz approx ca bzw evtl ggf inkl vgl sog av avda
    e.g i.e z.B d.h u.a p.ej т.е ул им пл проф"""
)
"""Always followed by more of the same sentence: titles, and links such as "e.g."."""

BEFORE_NUMBER = _words(
    """No Nos Nr Núm núm Nº Sec Secs Art Arts Fig Figs Vol Ch Chap Rs pp pág págs Abs Kap Ziff
    Tel Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri
    Sat Sun Okt Dez Ext est"""
)
"""Go on when a figure follows ("Jan. 31", "No. 5"); otherwise the stop ends the sentence."""

SOMETIMES_LAST = _words(
    """Inc Corp Co Cos Ltd Bros Jr Sr Esq St Ste Mt Ft Ave Blvd Rd Hwy Dept Univ Assn Intl Natl
    Ph.D Ed.D UU Str Mio Mrd Tsd Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md
    Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo Ont Que"""
)
"""End a sentence only where the next word is one that starts sentences ("The", "She")."""

CLOCK = frozenset({"a.m", "p.m", "A.M", "P.M"})
"""Go on before a day, a month, a time zone or a figure: "5 p.m. Tuesday"."""

AFTER_CLOCK = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
    June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept
    Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Eastern Central Mountain Pacific
    Moscow Kyiv London GMT UTC BST CET CEST EST EDT ET CST CDT CT MST MDT MT PST PDT PT IST
    JST Christmas New"""
)

STARTERS = _words(
    """The This That These Those It Its They Their She His We Our You There Then Here But And Or
    Yet For From With Without At By On As If When While Where Who What Why How After Before
    Since Until During Although Though Because However Meanwhile Also Some Many Most All Both
    Each Every One Two Not Now Once Under Over Among Between About Last Next Such Still Even
    Only According Sie Es Ein Eine Im Am Auch Aber Und Nach Mit Ils Elle Elles Une Mais Dans
    Los Las Una Pero Он Она Они Это Но"""
)
"""Open sentences and are hardly ever part of a name."""

STARTERS_OR_NAMES = STARTERS | _words("A An He Her I In My No So To Der Die Das El La Le Un Er Il")
"""As ``STARTERS``, with those that are surnames after an initial or a title: "Dr. No", "J. He"."""

LABELS = _words(
    """Plan Group Class Vitamin Hepatitis Influenza Category Type Section Grade Team Schedule
    Appendix Exhibit Option Block Hall Gate Terminal Building Line Route Channel Sector Zone"""
)
"""Nouns that a single letter labels ("Plan A."), where it is not an initial."""

ORDINAL_MONTHS = _words(
    """Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"""
)
"""Follow an ordinal that German writes with a stop: "am 1. Februar"."""

ORDINAL_DETERMINERS = _words(
    """der die das den dem des am im vom zum zur beim ein eine einen einem einer eines ihr ihre
    ihren ihrem ihrer sein seine seinen seinem seiner unser unsere unserem jeder jede jedes
    jedem Der Die Das Den Dem Am Im Vom Zum Zur Beim Ein Eine Ihr Ihre Sein Seine"""
)
"""Stand before a German ordinal, as in "die 3. Kammer"."""

SPEECH_VERBS = _words(
    """said says asked asks added adds told tells wrote writes replied answered shouted tweeted
    posted insisted argued continued recalled joked warned declared exclaimed"""
)
"""Join a quoted question to the name that follows it: “Why?” Orrin asked."""
