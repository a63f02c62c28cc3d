"""Rules on single sentences: orders and questions, clauses, speakers, hedges, kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

SHORT = 5
"""Words: a sentence or a clause with fewer makes no claim."""

MOST_JOINTS = 10
"""Places of a sentence where it may fall in two: no sentence of an article has as many."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


_WORD = re.compile(r"\d[\d.,:]*\d|\d|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_JOINT = re.compile(r"; |, and ")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|said|says|went|came|"
    r"took|gave|held|made|found|lost|broke|began|put|set|cut|hit|fell|rose|left|ran|won|saw|stood|\w{3,}ed)\b"
)
_PRELUDE = re.compile(
    r"^(?:please|now|then|also|finally|first|in your (?:answer|response|reply)|assistant)[,:]? ",
    re.I,
)
_TO_YOU = re.compile(
    r"\byour (?:answer|response|reply|output|message|instructions)\b|\byou are now\b"
    r"|\byou must\b|\bignore (?:all|any|the|previous)\b|^(?:can|could|would|will) you\b"
    r"|<\|im_|^#+ ?instruction|^(?:system|assistant): ",
    re.I,
)
_ORDERS = word_set(
    """add append answer assume begin break click compose consider convert create define describe
    develop disregard do don't draft download employ encourage ensure explain follow forget generate
    give ignore imagine include incorporate insert integrate introduce make mention misspell modify
    obey pretend promote provide read rearrange recommend remove repeat replace reply respond
    return reveal rewrite rotate say sign solve spell speak subscribe substitute suggest summarize
    tell translate treat visit write"""
)
_NOUNS_TOO = word_set(
    """advertise arrange call change detail end find format group list name note offer output
    outline print put report scramble send share shift show start state swap transform try use
    weave"""
)
_AFTER_ORDER = word_set(
    """a an the this that these those your every each all any some me us it them how what why
    with only in as to out letters words numbers vowels"""
)
_HEDGE = re.compile(r"\b(?:may|might|reportedly|allegedly|could)\b")
_SAY = r"(?:said|says|told reporters)"
_TAIL = re.compile(
    rf'^(?P<rest>.{{10,}}?),["”’]? (?:(?P<a>[^,"“”]{{2,60}}) {_SAY}'
    rf'|{_SAY} (?P<b>(?:[^\s,"“”]+ ?){{1,5}})'
    r"|according to (?P<c>[^,]{2,60}?))(?: on \w+day)?[.]?$"
)
_HEADS = (
    re.compile(
        rf'^(?P<a>[^,"“”:]{{2,60}}?) {_SAY}(?: on \w+day)?(?: that)? '
        r"(?!(?:in|of|to|at|on|as|by|so|no|yes)\b)(?P<rest>[^:]{10,})$"
    ),
    re.compile(
        r'^(?P<a>[^,"“”:]{2,60}?) (?:announced|confirmed|reported|added|warned|wrote) that '
        r"(?P<rest>.{10,})$"
    ),
    re.compile(r"^According to (?P<a>[^,]{2,60}), (?P<rest>.{10,})$"),
)
_ASKING = word_set("what what's how who whom where when why which")
_PRONOUNS = word_set("he she they it who i we you")
_KINDS = (
    ("quote", re.compile(r'["“”]')),
    ("number", re.compile(r"[$€£]|\d[\d,.]*(?! ?(?:[ap]\.?m|o'clock))|\b(?:million|percent)\b")),
    ("background", re.compile(r"\bsince\b|\bfounded\b|\bbuilt\b|\blast year\b|\bhistory\b")),
    ("analysis", re.compile(r"\b(?:may|might|could|seems|suggests)\b")),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause without its reporting clause, and who that said it was."""

    text: str
    kind: str
    speaker: str | None
    hedge: str | None


def words(text: str) -> list[str]:
    """Return the words and numbers of a text."""
    return _WORD.findall(text)


def is_for_reader(sentence: str, elsewhere: Iterable[str]) -> bool:
    """Return whether a sentence orders or asks its reader something.

    A question counts where it has "you" in it, or asks for something that the rest of the
    text, whose words are ``elsewhere``, has nothing to do with.
    """
    if sentence[:1] in '"“‘':
        return False
    if _TO_YOU.search(sentence):
        return True
    spoken = [word.lower() for word in words(_PRELUDE.sub("", sentence))]
    if sentence.endswith("?"):
        telling = {word for word in spoken if len(word) > 4}
        strange = len(spoken) >= SHORT and telling.isdisjoint(elsewhere)
        return bool({"you", "your"} & set(spoken)) or (strange and spoken[0] in _ASKING)
    first, second = [*spoken, "", ""][:2]
    return first in _ORDERS or (first in _NOUNS_TOO and second in _AFTER_ORDER)


def statements(sentence: str) -> list[Statement]:
    """Return what a sentence states: one clause, or two where it is joined of two."""
    return [_statement(clause) for clause in _clauses(sentence)]


def _clauses(sentence: str) -> list[str]:
    for joint in islice(_JOINT.finditer(sentence), MOST_JOINTS):
        left, right = sentence[: joint.start()], sentence[joint.end() :]
        quoted = left.count('"') % 2 or left.count("“") > left.count("”")
        if not quoted and _is_clause(left) and _is_clause(right):
            return [left, right]
    return [sentence]


def _is_clause(text: str) -> bool:
    return not text.startswith("that ") and len(words(text)) >= SHORT and bool(_VERB.search(text))


def _statement(clause: str) -> Statement:
    text, speaker = _unattributed(clause)
    quotes = sum(text.count(mark) for mark in '"“”')
    if quotes == 1 or (quotes == 2 and text[:1] in '"“' and text[-1:] in '"”'):
        text = text.strip('"“”')
    text = text.strip().rstrip(".,;")
    hedge = _HEDGE.search(text)
    return Statement(
        text=f"{text[:1].upper()}{text[1:]}.",
        kind=_kind(clause, speaker),
        speaker=speaker,
        hedge=hedge[0] if hedge else None,
    )


def _unattributed(clause: str) -> tuple[str, str | None]:
    """Return a clause without who says it, and who does."""
    for pattern in (_TAIL, *_HEADS):
        found = pattern.match(clause)
        if not found:
            continue
        named = found.groupdict()
        speaker = next(filter(None, (named.get(group) for group in "abc")), "")
        speaker = speaker.removesuffix(" also").strip(" .")
        if speaker and words(speaker.lower())[:1] and words(speaker.lower())[0] not in _PRONOUNS:
            return found["rest"], speaker
    return clause, None


def _kind(clause: str, speaker: str | None) -> str:
    for kind, cue in _KINDS:
        if cue.search(clause):
            return kind
    return "statement" if speaker else "event"
