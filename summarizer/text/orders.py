# ruff: noqa: SIM905  (a word list reads best as words)
"""Which sentences tell or ask their reader to do something, by the grammar alone.

An order opens with a bare verb, perhaps after a "Please" or an adverbial; a request says what
"you" must or could do; a question asks. That a word is a verb is told from the next one, since
English lets nearly any verb be a noun ("Report finds …").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizer.text.commands import (
    ADJUNCTS,
    DOING,
    FRENCH,
    FRENCH_EZ,
    GERMAN,
    GERMAN_MODALS,
    NOUN_TOO,
    PARTICLES,
    PERCEIVING,
    SPANISH,
    TALKING,
    WRITING,
)
from summarizer.text.fold import fold
from summarizer.text.forms import Form, Order
from summarizer.text.lexicon import IRREGULAR
from summarizer.text.questions import is_question, question
from summarizer.text.unquoted import BLANK

LEAST_WORDS = 2
"""An order has more tokens than this: "Help!" and "Read more" tell nobody what to write."""


_OBJECT = frozenset(
    """a an the this that these those my your his her its our their all any every each both no
    only some another one two three four five six seven eight nine ten me us it them him
    everyone everybody anyone nobody nothing everything anything something how what why whether
    which where who whom whatever if more at out up down off back users readers""".split()
)
_PRELUDE = re.compile(
    r"(?:[^\w\x1a]*"
    r"(?:please|kindly|now|then|also|next|first(?:ly)?|finally|lastly|instead|simply|just|always|"
    r"never|again|importantly|additionally|furthermore|immediately|ok(?:ay)?|alright|hey|"
    r"hello|hi|so|and|but|important(?: note)?:?|note:|attention:?|reminder:?|ps:?|p\.s\.|"
    r"do not|don['’]?t|do|remember(?: to|:|,)|be sure to|make sure to|feel free to|your task is to|"
    r"i(?: would|['’]d)? (?:want|need|like|ask|beg|order|command|urge)(?: for)? you to|"
    r"(?:let me|would you|could you|can you|will you)(?: please)?|"
    r"bitte|jetzt|nun|por favor|ahora|veuillez|s['’]il (?:te|vous) pla[iî]t|maintenant|merci de|"
    r"ne pas|no|ne)\b[,:!]?)",
    re.IGNORECASE,
)
_ADJUNCT = re.compile(rf"\W*(?:{ADJUNCTS})\b[^,.;:?!]{{1,90}},", re.IGNORECASE)
_STATES = re.compile(
    r"\W*(?:for|at|in|on|from|by|to|with|during|throughout)\b[^,]*\b(?:is|are|was|were|will|would|"
    r"has|have|had)\b",
    re.IGNORECASE,
)
_LET_US = re.compile(r"\W*(?:let['’]s|let us) (?P<verb>\w+) (?!about\b|it\b|that\b)", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|never|don['’]?t|no|nicht|kein\w*|nunca|pas|jamais)\b", re.IGNORECASE
)
_NAME_CALLED = re.compile(r"\W*(?:[\w-]+ ){0,2}[\w-]+: ")
_BULLETS = frozenset("([{*-–—#>•")
_NO_OBJECT = frozenset((",", ":", "'s", ".", "!", "goodbye", "hello", "farewell"))
_TOKEN = re.compile(rf"[\w'’-]+|[\d.]+|{BLANK}+|[^\s\w]")
_PAST = "|".join(sorted(form for form, base in IRREGULAR.items() if len(base) > 2))
FINITE = re.compile(
    rf"\b(?:is|are|was|were|has|have|had|will|would|said|says|did|does|could|may|might|{_PAST}|"
    r"\w{2,}ed)\b",
    re.IGNORECASE,
)
_SAYS_WHO = re.compile(
    r"[,\x1a] ?(?:(?!you\b)[\w.'’-]+ ){0,6}?(?:said|says|told|added|wrote|warned|urged|advised|"
    r"asked|"
    r"explained|recalled|reads?|wondered|insisted|sagte|erklärte|dijo|afirmó|déclaré|affirmé)\b"
)
_POLITE_GERMAN = re.compile(r"\W*(?P<verb>[A-ZÄÖÜa-zäöü][a-zäöüß]{2,}(?:en|ern|eln)) Sie\b")
_POLITE_FRENCH = re.compile(r"\W*(?P<verb>\w{2,}ez)\b(?!-vous\b)", re.IGNORECASE)
_ASKED_TO = re.compile(
    r"\W*(?:(?:and|so|but|now|hey|hello|please),? )?(?:can|could|would|will) you(?: please| kindly"
    r"| also)? (?P<verb>\w+)"
    r"|\W*(?:kannst du|können sie|könnten sie|würdest du|puedes|puede usted|podrías|podría|"
    r"peux-tu|pouvez-vous|pourrais-tu|pourriez-vous) (?P<foreign>\w+)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\W*(?:(?:and|so|but|also|now|please|hello|hi|hey)\b[,:]? )?(?:"
    r"(?:it )?would (?:it )?be (?:so |very |really |most )?(?:lovely|nice|great|kind|helpful|good|"
    r"wonderful|possible)(?: of you)? (?:if you|for you to|to have you)(?: could| would| might)?"
    r"|(?:i|we)(?: am| are| was| were|['’]m|['’]re) (?:just )?wondering (?:if|whether) you"
    r"(?: could| might| would)?"
    r"|(?:i|we)(?: would|['’]d)? (?:really |greatly )?(?:appreciate it|be grateful|be glad|be "
    r"obliged|love it) if you(?:r \w+)?(?: could| would| might)?"
    r"|(?:would|could) you be so (?:kind|good) as to|would you mind"
    r"|(?:might|may|could|can) i (?:trouble|ask|beg|bother|invite) you (?:for|to)"
    r"|do me (?:a|the) favou?r and|your (?:help|assistance) is needed to"
    r") (?P<verb>\w+)",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\W*(?:(?:and|so|but|now|therefore|please|today|here|remember)\b[,:]? |[^,]{1,60}, )?"
    r"(?:you (?:must|should|shall|have to|need to|are (?:now |hereby )?(?:to|required to|"
    r"instructed to|asked to|obliged to|forbidden to)|(?:are|were) supposed to|will (?:now|only|"
    r"always|never))"
    r"|you (?:have been|were|are(?: being)?) (?:re)?(?:programmed|instructed|ordered|designed|"
    r"configured|told|tasked) to"
    r"|i (?:want|need|would like|order|command|ask|urge) you to|i['’]d like you to"
    r"|(?:du|sie) (?:musst|müssen|sollst|sollen)|(?:tú )?debes|usted debe|tu dois|vous devez)\b"
    r"(?: (?:now|not|never|always|only|also|please))* ?(?P<verb>\w*)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[:;—–]\s|\.\s|!\s|, (?=please|now\b)")
_IF_YOU_DO = re.compile(r"\b(?:and|or) you(?:['’](?:ll|d|re)| will| would| may| might| could)\b")
_ASIDES = frozenset(
    (("add", "to"), ("share", "this"), ("add", "in"), ("read", "more"), ("take", "to"))
)
_GOES_ON = frozenset(("stop", "start", "keep", "try", "avoid", "begin", "finish", "continue"))
_TO_ME = frozenset(("me", "mir", "moi"))


@lru_cache(maxsize=16384)
def order(sentence: str, language: str = "en") -> Order | None:
    """Return what ``sentence``, its quotations blanked out, tells its reader to do, or None."""
    if not sentence or sentence.lstrip()[:1] == BLANK or _SAYS_WHO.search(sentence):
        return None
    return (
        _proposal(sentence)
        or _request(sentence)
        or (None if is_question(sentence) else _command(sentence, language))
        or question(sentence)
    )


def _proposal(sentence: str) -> Order | None:
    """Return what a sentence proposes to do together: "Let's play a game"."""
    proposed = _LET_US.match(sentence)
    verb = proposed["verb"].lower() if proposed else ""
    return Order(Form.ACT, verb) if verb in DOING - TALKING or verb in WRITING else None


def _request(sentence: str) -> Order | None:
    polite = _POLITE.match(sentence)
    if polite:
        return Order(Form.REQUEST, fold(polite["verb"]))
    asked = _ASKED_TO.match(sentence)
    if asked:
        verb = asked["verb"] or asked["foreign"]
        return None if verb.lower() in PERCEIVING else Order(Form.REQUEST, fold(verb))
    duty = _DUTY.match(sentence)
    if duty and duty["verb"]:
        return _denied(Order(Form.DUTY, fold(duty["verb"])), sentence)
    return None


def _command(sentence: str, language: str) -> Order | None:
    for part in sentence.split("; "):
        found = _bare_verb(_without_prelude(part), language) or _after_adjunct(part, language)
        if found:
            return _denied(found, part)
    return _called(sentence, language)


def _called(sentence: str, language: str) -> Order | None:
    """Return the order to write that follows a name and a colon: "Summarizer: list …"."""
    name = _NAME_CALLED.match(sentence)
    if not name or FINITE.search(name[0]):
        return None
    found = _bare_verb(_without_prelude(sentence[name.end() :]), language)
    return found if found and found.form in (Form.WRITE, Form.WRITE_THAT) else None


def _after_adjunct(sentence: str, language: str) -> Order | None:
    rest = _without_prelude(sentence)
    adjunct = _ADJUNCT.match(rest)
    if adjunct and _STATES.match(adjunct[0]):
        return None
    return _bare_verb(_without_prelude(rest[adjunct.end() :]), language) if adjunct else None


def _denied(found: Order, sentence: str) -> Order:
    """Return the order, as one to keep silent where it forbids to write."""
    before = fold(sentence).partition(found.verb)[0]
    if found.verb in WRITING and _DENIES.search(before):
        return Order(Form.SILENCE, found.verb)
    return found


def _without_prelude(sentence: str) -> str:
    start = 0
    while (prelude := _PRELUDE.match(sentence, start)) and prelude.end() > start:
        start = prelude.end()
    return sentence[start:]


def _bare_verb(sentence: str, language: str) -> Order | None:
    """Return the order that a sentence opens with."""
    if language == "en":
        return _english(sentence)
    verb = _foreign(sentence, language)
    return Order(Form.WRITE if verb else Form.ACT, verb) if verb else None


def _english(sentence: str) -> Order | None:
    tokens = [token[0] for token in _TOKEN.finditer(sentence[:120]) if token[0] not in _BULLETS]
    if len(tokens) <= LEAST_WORDS:
        return None
    verb, following = tokens[0].lower(), tokens[1].lower()
    if verb == "say" and following == "that":
        return Order(Form.WRITE_THAT, verb)
    if verb not in WRITING and verb not in DOING:
        return None
    if (verb, following) in _ASIDES or _IF_YOU_DO.search(sentence):
        return None
    if _is_object(verb, following):
        return Order(_english_form(verb, following), verb)
    if following in _NO_OBJECT:
        return None
    if verb in NOUN_TOO and _is_noun(tokens, sentence):
        return None
    return Order(_english_form(verb, following), verb)


def _is_object(verb: str, following: str) -> bool:
    """Return whether a word shows that the one before it is a verb."""
    if following in _OBJECT or following[:1] == BLANK or following.isdigit():
        return True
    return verb in _GOES_ON and following.endswith("ing")


def _is_noun(tokens: Sequence[str], sentence: str) -> bool:
    """Return whether the first word, a verb or a noun, must be the noun: "Report finds …"."""
    following = tokens[1]
    return (
        following in ("for", "of")
        or _is_verb_of_it(following)
        or (following.istitle() and not sentence.isupper())
        or (tokens[0].lower() in DOING and following not in PARTICLES)
        or FINITE.search(sentence) is not None
    )


def _is_verb_of_it(following: str) -> bool:
    """Return whether the second word can be the verb of the first: "Report finds …"."""
    base = following.lower().removesuffix("s")
    return base != following.lower() and (
        base in WRITING or base in DOING or base in ("say", "urge")
    )


def _english_form(verb: str, following: str) -> Form:
    if following in _TO_ME:
        return Form.GIVE
    if verb in WRITING:
        return Form.WRITE_THAT if following == "that" else Form.WRITE
    return Form.ACT


def _foreign(sentence: str, language: str) -> str:
    """Return the verb, folded, of an order in German, Spanish or French, or nothing."""
    first = _TOKEN.search(sentence)
    word = fold(first[0]) if first else ""
    if language == "de":
        polite = _POLITE_GERMAN.match(sentence)
        if polite and fold(polite["verb"]) not in GERMAN_MODALS:
            return fold(polite["verb"])
        return word if word in GERMAN else ""
    if language == "fr":
        polite = _POLITE_FRENCH.match(sentence)
        if polite and fold(polite["verb"]) not in FRENCH_EZ:
            return fold(polite["verb"])
        return word if word in FRENCH else ""
    # What is forbidden stands in another form: "no respondas", of "responda".
    known = word in SPANISH or word.removesuffix("s") in SPANISH
    return word if language == "es" and known else ""


def opening(sentence: str) -> tuple[str, ...]:
    """Return a sentence without its "Please", and what follows each colon or dash in it."""
    return tuple(_without_prelude(part) for part in _PARTS.split(sentence))


def opens_with_verb(sentence: str) -> bool:
    """Return whether a sentence opens with a word that can be an English order."""
    first = _TOKEN.search(_without_prelude(sentence))
    return first is not None and first[0].lower() in WRITING | DOING
