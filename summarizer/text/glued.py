# ruff: noqa: SIM905  (a word list reads best as words)
"""Where what seems one sentence of a page is two, the second of which speaks to its reader.

A heading, a caption or a list item ends without a stop, and collected pages lose the space
behind one. What is put there seems to be the end or the beginning of a sentence of the news,
and whatever is said of it would be said of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from summarizer.text import machine_talk as talk
from summarizer.text.commands import DOING, FRENCH, GERMAN, SPANISH, TALKING, WRITING
from summarizer.text.fold import fold
from summarizer.text.forms import Form
from summarizer.text.lexicon import STOP_WORDS
from summarizer.text.orders import FINITE, opens_with_verb, order

MOST_STARTS = 20
"""Places of one sentence at which another is looked for."""

_OPENERS = WRITING | DOING | GERMAN | FRENCH | SPANISH
_ASKERS = frozenset(
    """what what's who who's which how why when where is are do does can could would please kindly
    in as if note dear attention ignore was wie wer wo qué cuál
    quién cómo quel quelle qui comment""".split()
)
_HIDDEN_STOP = re.compile(
    r"(?<=[a-zäöüß0-9)”\"][a-zäöüß0-9)”\"][.!?])(?=[A-ZÄÖÜ¿¡][a-zäöüß]+[ ,'’])"
    r"|(?<=[\u2600-\u27bf\U0001f000-\U0001faff])\s+(?=\w)"
)
_CODE = re.compile(r"(?<!\S)(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{24,}={0,2}(?!\S)")
_START = re.compile(
    r"(?:(?<=[^\w\s.!?,;])|(?:(?<=\s)|^)(?P<before>[^\W\d_][\w'’-]*))\s+"
    r"(?=(?P<first>[^\W\d_][\w'’]*)[:,]? ?(?P<second>\S))"
)
_NEWS = re.compile(
    r"(?<=[\w)\]>'’\"”])\s+(?=(?:The|An?|It|He|She|They|We|But|However|After|When|This|That|These|"
    r"Those|There|None|No|All|Many|Some|Most|His|Her|Its|Their|According|Officials|Police)\s"
    r"[“\"]?[a-z])"
)
_STRONG = (Form.WRITE, Form.WRITE_THAT, Form.SILENCE, Form.GIVE, Form.HOW_TO, Form.LOOKUP)
_ASKED = (Form.HOW_TO, Form.LOOKUP, Form.QUESTION, Form.REQUEST)


def pieces(sentence: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences stand that a sentence, its quotations blanked out, is made of.

    Most sentences are one, and it is yielded whole. Only what tells or asks its reader
    something is taken for a sentence of its own: names and titles have capitals, too.
    """
    stops = {0, *(stop.start() for stop in _HIDDEN_STOP.finditer(sentence)), len(sentence)}
    stops.update(edge for code in _CODE.finditer(sentence) for edge in code.span())
    for start, end in pairwise(sorted(stops)):
        part = sentence[start:end]
        ends = _end(part, language) if (begins := _beginning(part, language)) is None else None
        cut = begins if begins is not None else ends
        if cut is None:
            yield start, end
        else:
            yield start, start + cut
            yield start + cut, end


def _beginning(text: str, language: str) -> int | None:
    """Return where in a text a sentence begins that speaks to its reader, without a stop before."""
    for start in islice(_candidates(text), MOST_STARTS):
        rest = text[start.start("first") :]
        before = text[: start.start("first")].rstrip()
        if before.rpartition(" ")[2].lower() in STOP_WORDS["en"]:
            continue
        name = (start["before"] or "")[:1].isupper()
        runs_on = FINITE.search(before) is not None
        if _answers(rest) or (not name and _speaks(rest, language, surely=runs_on)):
            return start.start("first")
    return None


def _candidates(text: str) -> Iterator[re.Match[str]]:
    for start in _START.finditer(text):
        first = start["first"]
        known = fold(first) in _OPENERS or first.lower() in _ASKERS
        if known and first[0].isupper() and not start["second"].isupper():
            yield start


def _end(text: str, language: str) -> int | None:
    """Return where the news goes on behind a sentence that speaks to its reader and has no stop."""
    for news in islice(_NEWS.finditer(text), MOST_STARTS):
        told = text[: news.start()]
        if FINITE.search(told):
            return None
        if order(told, language) is not None and _speaks(told, language, surely=False):
            return news.end()
    return None


def _speaks(text: str, language: str, *, surely: bool) -> bool:
    """Return whether a text by itself speaks to its reader; ``surely`` asks for more than form."""
    if talk.ROLE.match(text) or talk.MACHINE_ADDRESS.match(text) or talk.OVERRIDE.match(text):
        return True
    if _answers(text):
        return True
    found = order(text, language)
    if found is None:
        return False
    is_act = found.form is Form.ACT and found.verb not in TALKING and not surely
    return is_act or found.form in _STRONG + _ASKED


def _answers(text: str) -> bool:
    """Return whether a text opens with a verb and speaks of the answer of its reader."""
    return opens_with_verb(text) and talk.ANSWER_TALK.search(text) is not None
