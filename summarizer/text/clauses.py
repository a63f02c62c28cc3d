"""Clauses of a sentence: the units that an outlet can have alone.

Half of a sentence is often common knowledge and the other half a scoop. A tool that works
by sentences calls the whole of it unique and is wrong, so claims start at clause level.
The split is by surface cues (punctuation, conjunctions, reporting verbs): a parser would
be better and would cost every install a model of tens of megabytes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

from summarizer.text.data import load
from summarizer.text.words import IRREGULAR, Word, words
from summarizer.types import Span

MIN_WORDS = 3
"""A clause shorter than this many words joins its neighbour: it can hardly be a claim."""

MIN_CONTENT = 3
"""A claim has at least this many different content words."""

MIN_CONTENT_VERBLESS = 4
"""The same for a stretch in which no verb is to be seen."""

LONGEST_SENTENCE = 2_000
"""Code points; a longer "sentence" is no prose, and is taken whole."""

LIST_COMMA_WORDS = 4
"""Between two commas, fewer words than this read as a list item, not as an apposition."""

_SUBORDINATORS = (
    "after|although|though|because|before|until|unless|whereas|while|amid|despite|since|when|"
    "whenever|even though|even if|so that|in which|in order to|as well as|"
    # German, Spanish, French: the same kind of word, so that those sentences split at all
    "weil|obwohl|während|nachdem|bevor|sodass|sobald|"
    "porque|aunque|mientras|después de|antes de|cuando|"
    "parce que|bien que|tandis que|alors que|après|avant"
)
_AFTER_COMMA = (
    "and|but|or|nor|yet|so|who|which|whose|whom|where|as|if|with|without|including|among|"
    "according to|saying|adding|noting|citing|calling|accusing|warning|claiming|arguing|"
    "urging|telling|promising|pledging|insisting|stressing|suggesting|meaning|making|leaving|"
    "bringing|giving|forcing|causing|allowing|"
    "und|aber|oder|sondern|denn|dass|wobei|"
    "y|pero|que|quien|según|donde|"
    "et|mais|qui|dont|selon|où"
)
_FINITE = (
    "is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|did|does|do|"
    "said|says|told|made|took|gave|went|came|left|became|began|held|kept|lost|won|met|"
    "paid|sent|spoke|sought|saw|found|got|brought|built|bought|fell|fled|grew|hit|led|put|"
    "rose|ran|set|shot|sold|struck|stood|swore|threw|wrote|faces|plans|wants|calls"
)
_REPORTING = (
    "said|says|say|told|added|claimed|argued|announced|confirmed|noted|warned|insisted|"
    "reported|stated|stressed|suggested|believes?|acknowledged|denied|found|showed|concluded|"
    "asserted|alleged|estimated|indicated|revealed|declared|determined|meant|means"
)
_FINITE_WORDS = frozenset(_FINITE.split("|")) | {"been", "be", "includes", "remains", "makes"}
_ATTRIBUTION = re.compile(
    r"^[,\"”’\s]*(?:(?:said|says|told|added|wrote|according to)\b.{0,80}"
    r"|.{0,60}\b(?:said|says|added|wrote|told (?:the |an? )?\w+|"
    r"(?:continued|went on) to (?:say|add))"
    r"(?: in an? (?:statement|tweet|post|news release|letter|speech|interview))?"
    r"(?: (?:on )?\w+day)?)"
    r"[.,]?[\"”]?$",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"\b(?:{_REPORTING})(?:\s+\w+day)?$", re.IGNORECASE)
"""Ends in a reporting verb: what was reported comes next."""

_CLOSING = "[\"'”’»)\\]]*"

_BREAKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[;；]{_CLOSING}\s*(?=\S)",
        r"(?<!\s)\s+[–—―-]{1,2}\s+(?=\S)",
        r"[—―](?=\w)",
        r":\s+(?=\S)",
        r"[，、]",
        rf",{_CLOSING}\s+(?=(?:{_AFTER_COMMA}|{_SUBORDINATORS})\b)",
        rf",{_CLOSING}\s+(?=\w+ing\b)",
        rf"(?<!\s)\s+(?=(?:{_SUBORDINATORS})\b)",
        rf"(?<!\s)\s+(?=(?:and|but)\s+(?:(?:then|also|later|still|now|never)\s+)?(?:(?:{_FINITE})\b|\w+ed\b))",
        rf"\b(?:{_REPORTING})(?:\s+\w+day)?(?=\s+that\b)",
    )
)
_COMMA = re.compile(rf",{_CLOSING}\s+(?=\S)")
_ARTICLE = re.compile(r"(?:an?|the|former|ein|eine|un|una|une)\s(?:\S+\s+){3}", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@lru_cache(maxsize=65536)
def _cuts(sentence: str) -> tuple[int, ...]:
    """Return the inner boundaries of ``sentence``, as offsets where a clause begins."""
    found = {match.end() for pattern in _BREAKS for match in pattern.finditer(sentence)}
    found |= _apposition_ends(sentence)
    words = [match.start() for match in _WORD.finditer(sentence)]
    kept: list[int] = []
    last = 0
    for cut in sorted(found):
        before = bisect_left(words, cut) - bisect_left(words, last)
        after = len(words) - bisect_left(words, cut)
        if before >= MIN_WORDS and after >= MIN_WORDS:
            kept.append(cut)
            last = cut
    return tuple(kept)


def _apposition_ends(sentence: str) -> set[int]:
    """Return the commas around stretches long enough to be appositions, not list items."""
    commas = [match.end() for match in _COMMA.finditer(sentence)]
    found: set[int] = set()
    for left, right in pairwise(commas):
        if len(_WORD.findall(sentence[left:right])) >= LIST_COMMA_WORDS:
            found.update((left, right))
    if commas and _ARTICLE.match(sentence, commas[-1]):
        found.add(commas[-1])
    return found


def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """Split one sentence into clauses.

    Args:
        text: The article's text.
        sentence: The span of one sentence in it.

    Returns:
        Disjoint spans in order, stripped of white space, that together cover every
        character of the sentence that is not white space; one span where it does not split.
    """
    local = sentence.of(text)
    cuts = _cuts(local) if len(local) <= LONGEST_SENTENCE else ()
    edges = [0, *cuts, len(local)]
    spans: list[Span] = []
    for start, end in pairwise(edges):
        piece = local[start:end]
        lead = len(piece) - len(piece.lstrip())
        trail = len(piece) - len(piece.rstrip())
        if start + lead < end - trail:
            spans.append(Span(sentence.start + start + lead, sentence.start + end - trail))
    return tuple(spans)


def claim_spans(text: str, sentence: Span) -> tuple[Span, ...]:
    """Return the stretches of a sentence that can each stand as a statement.

    Clauses that cannot ("the statement said", "In that case,", "at around six o'clock")
    join a neighbour: what opens the sentence, or says who reported what comes then, joins the
    next, all else the one before.
    """
    groups: list[Span] = []
    for clause in clauses(text, sentence):
        if groups and (_goes_before(groups[-1].of(text)) or _goes_behind(clause.of(text))):
            groups[-1] = Span(groups[-1].start, clause.end)
        else:
            groups.append(clause)
    if len(groups) > 1 and _is_fragment(groups[-1].of(text)):
        last = groups.pop()
        groups[-1] = Span(groups[-1].start, last.end)
    return tuple(groups)


def _goes_before(clause: str) -> bool:
    """Return whether a clause says nothing without the next one."""
    return _is_fragment(clause) or _UNFINISHED.search(clause) is not None


def _goes_behind(clause: str) -> bool:
    """Return whether a clause says nothing without the one before it."""
    return _is_fragment(clause) and not _UNFINISHED.search(clause)


@lru_cache(maxsize=65536)
def _is_fragment(clause: str) -> bool:
    found = words(clause)
    content = {word.stem for word in found if not word.stop}
    if len(content) < MIN_CONTENT or _ATTRIBUTION.match(clause):
        return True
    return len(content) < MIN_CONTENT_VERBLESS and not any(_is_verb(word) for word in found)


def _is_verb(word: Word) -> bool:
    folded = word.text.lower()
    return folded in _FINITE_WORDS or (len(folded) > 4 and folded.endswith("ed"))


LEAST_WORDS = 4
"""A line has at least so many words."""

WORD = re.compile(r"\w+(?:['’.-]\w+)*")
QUOTES = re.compile(r"[\"“”]")
AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|did|does|do|"
    r"says|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|won't|wouldn't|can't|cannot|couldn't|"
    r"didn't|doesn't|don't|\w{2,}['’](?:s|re|ve|ll|d) (?-i:[a-z])\w*(?:ing|ed))\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?<!,)\s(?P<verb>[a-z]+)\b")
PAST_FORMS = frozenset(
    """said told made took gave went came left became began held kept lost won met paid sent spoke
    sought saw found got brought built bought fell fled grew hit led put rose ran set shot sold
    struck stood swore threw wrote faces plans wants calls drew drove cut broke chose ate hurt knew
    read shut slid spent spread thought understood withdrew wore gives takes makes says remains
    includes means shows seems appears""".split()  # noqa: SIM905
) | {form for form in IRREGULAR if form.islower()}
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|that|who|which|whose|as|than|if|"
    r"is|was|are|were|be|been|has|have|had|will|would|his|her|its|their|more|about|not|no|"
    r"said|says|born|based|known|called|named|told(?:\s(?:him|her|them|me|us|it))?|\w+ly|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|several|few|some) "
    r"(?:minute|hour|day|week|month|year|decade)s?|(?:minute|hour|day|week|month|year|decade)s|"
    r"shortly|just|immediately|soon|long)$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[\"”](?:\s[\w.’'-]+){1,5}\s(?:said|says)$")
"""Ends as a quotation does: “We will rebuild it,” Amery said."""

_QUOTATION_END = re.compile(r"[,.?!…][\"”]")
"""The end of a quotation that a verb of saying follows; one word in marks has no stop."""

REPORTED = re.compile(
    r"\b(?:said|says|say|reported|reports|found|finds|argued|argues|claimed|claims|believes?|"
    r"insisted|suggested|suggests|warned|noted|showed|shows|show|means|thinks?|thought|hoped?|"
    r"hopes|that|whether|told)\b"
)
_SUBORDINATE = re.compile(
    r"^\W*(?:(?:But|And|Shortly|Just|Soon|Immediately|Even|(?:\w+\s)?(?:hour|day|week|month|year)s?)\s)?"
    r"(?:while|after|when|as|though|although|because|since|if|before|until|once)\b[^,]*,?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s(?:who|which|whose|whom|where|[a-z]+(?:ed|ing))\b[^,]*(?:,|$)")
_LAST_CLAUSE = re.compile(r",\s(?:though|although|while|when|because)\s([^,]*)$")


def is_line(text: str) -> bool:
    """Return whether a text can be read alone: it has a subject, a verb and an end."""
    if len(WORD.findall(text)) < LEAST_WORDS:
        return False
    if _is_unfinished(text):
        return False
    end = text.rstrip(' .,;:"”’—–-')
    if (_DANGLING.search(end) and not _SPOKEN.search(end)) or not has_verb(text):
        return False
    first = text.lstrip("\"“”'‘( ")[:1]
    return first.isupper() or first.isdigit() or not first.isascii()


def _is_unfinished(text: str) -> bool:
    """Return whether a text ends before it says what was reported, or what happened meanwhile."""
    verbs = list(REPORTED.finditer(text))
    reported = verbs[-1] if verbs else None
    if reported and not _QUOTATION_END.search(text[: reported.start()]):
        rest = text[reported.end() :]
        if not has_verb(rest) and not QUOTES.search(rest):
            return True
    opening = _SUBORDINATE.match(text)
    if opening is not None and not has_verb(text[opening.end() :]):
        return True
    aside = _ASIDE.search(text)
    if aside is not None and not has_verb(text[: aside.start()] + " " + text[aside.end() :]):
        return True
    last = _LAST_CLAUSE.search(text.rstrip(" .…"))
    return last is not None and not has_verb(last[1])


def has_verb(text: str) -> bool:
    """Return whether a text has a finite verb behind its first word."""
    if AUXILIARY.search(text):
        return True
    return any(is_verb(match["verb"]) for match in _PAST.finditer(text))


def is_verb(word: str) -> bool:
    """Return whether a word has the form of a finite verb, as far as forms tell."""
    return word in PAST_FORMS or (len(word) > 4 and word.endswith("ed") and word.islower())


_ANAPHORA = re.compile(
    r"(?:(?:and|but|also|still|so|yet|instead|meanwhile|however|with|for|to|from|in|at|of"
    r"|after|before|since|by|despite|because\sof|as\sfor),?\s)?"
    r"(?:(?:he|she|it|they|her|him|them|his|hers|its|their|theirs|this|that|these|those|here)"
    r"|(?-i:Such|Both(?! the\b)|Neither|Some|Others?"
    r"|The (?:other|former|latter|two|three|move|comments?|remarks?|latest|same"
    r"|(?:next|following|same) (?:hour|day|week|month|year)|day (?:before|after))"
    r"|(?:\w+ )?(?:[Hh]our|[Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear)s? (?:prior|earlier|later)))\b"
    r"(?! who| \w+ who| \[)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:[Hh]e|[Ss]he|him|[Hh]is|[Hh]er|[Tt]hey|them|their)\b")
_TITLE_CASE = re.compile(r"\b[A-Z][a-z]+|\b[a-z]+s\b")
"""A name, or people in the plural whom "their" may mean."""

_HERE = re.compile(r"(?<![@\w])[Hh]ere\b")
_QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me)\b(?!\.)")
_SPEAKER_PRONOUN = re.compile(
    r"\b(?:(?P<before>[Hh]e|[Ss]he)(?=\s(?:said|says|added|told|wrote|tweeted)\b)"
    r"|(?<=[_,]\s)(?:said|says|added)\s(?P<after>he|she))\b"
)
_OPENING = re.compile(
    r"[A-Z][\w’'-]+(?<!s)\s(?:(?:also|later|then|still|now)\s)?(?P<next>[a-z]+)\b"
)
_NOUNS = "|".join(load("lexicon")["pointing"]["nouns"].split())
_POINTING = re.compile(
    rf"\b[Tt]he (?:{_NOUNS})(?:['’]s)?"
    r"(?= (?:will|would|[a-z]+ed|had|[a-z]+s|were|are|have)\b|[,.])"
    r"|\b[Tt]h(?:ese|ose|is) (?!(?:week|month|year|morning|afternoon|evening|spring|summer|fall"
    r"|autumn|winter|time|is|was|are|were|who|which|in|of|that)\b)[a-z]+"
    rf"|\bthat (?:{_NOUNS}|notion|idea|claim|view|argument|assertion)(?=[,.]|$)"
    r"|, for (?:example|instance),"
)
_CONNECTIVE = re.compile(
    r"(?:(?:But|And)(?! (?:for|then|yet|so|if|when|not)\b),?"
    r"|(?:Still|Yet|However|Meanwhile|Also),)\s+(?=\w)"
)


def leans_on_context(text: str) -> bool:
    """Return whether a text points to what was named before it, or to where and by whom it is said.

    "That means …" does, and so does "I am sure" without the marks of a quotation, or "here".
    """
    if _ANAPHORA.match(text):
        return True
    outside = _QUOTED.sub(" ", text)
    return _FIRST_PERSON.search(outside) is not None or _HERE.search(outside) is not None


def is_quotation(text: str) -> bool:
    """Return whether a text is somebody's words and nothing else, so nobody can tell whose."""
    return re.search(r"\w", _QUOTED.sub(" ", text)) is None


def without_connective(text: str) -> str:
    """Return a line without the word that ties it to the one before: "But police said"."""
    rest = _CONNECTIVE.sub("", text, count=1) if _CONNECTIVE.match(text) else text
    return rest[:1].upper() + rest[1:]


def name_speaker(text: str, name: str) -> str:
    """Return a text with the name in brackets after the pronoun that stands for its speaker.

    Only a pronoun beside the verb of saying, outside quotation marks, surely does: "he said",
    "said she". A text that has none comes back as it is.
    """
    outside = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    pronoun = _SPEAKER_PRONOUN.search(outside)
    if pronoun is None:
        return text
    at = pronoun.end("before") if pronoun["before"] else pronoun.end("after")
    return f"{text[:at]} [{name}]{text[at:]}"


def _names_nobody(text: str) -> bool:
    """Return whether "him" or "their" stands before any name: "FBI agents arrested him"."""
    meant = _SOMEBODY.search(text)
    if meant is None or text.startswith("[", meant.end() + 1):
        return False
    before = text[: meant.start()]
    return _TITLE_CASE.search(before, 1) is None and not _begins_with_name(before)


def _begins_with_name(text: str) -> bool:
    """Return whether a text begins with a name as subject: "Ryan said", "Ryan also spoke"."""
    opening = _OPENING.match(text)
    return opening is not None and (
        is_verb(opening["next"]) or AUXILIARY.fullmatch(opening["next"]) is not None
    )


def stands_alone(text: str) -> bool:
    """Return whether a reader can place a text who reads nothing else of its article.

    Args:
        text: A sentence as it stands in the article.
    """
    outside = _QUOTED.sub(" ", text)
    if leans_on_context(text) or _POINTING.search(text):
        return False
    if any(map(_names_nobody, (text, outside))) or _ANAPHORA.match(text.lstrip('"“')):
        return False
    return not is_quotation(text)
