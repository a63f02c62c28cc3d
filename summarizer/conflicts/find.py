"""From matched sentences to conflicts: differences found in pairs, merged into positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from summarizer.conflicts.dates import date_differences
from summarizer.conflicts.judged import judged_differences
from summarizer.conflicts.lists import list_differences
from summarizer.conflicts.numbers import number_differences
from summarizer.conflicts.outcomes import outcome_differences
from summarizer.conflicts.side import Difference, Pair, Side
from summarizer.conflicts.speakers import speaker_differences
from summarizer.conflicts.weights import FIGURE_PAIRS
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story
from summarizer.text.attribution import named_speaker, speakers
from summarizer.text.clauses import claim_spans
from summarizer.text.logistic import LogisticModel
from summarizer.text.passage import Reading
from summarizer.text.thesaurus import group_of, groups_of
from summarizer.text.words import Word
from summarizer.types import Conflict, ConflictKind, Mention, Position, Span

COMPARED_FROM = 0.12
"""Sentences less likely than this to report one thing are not compared at all."""

COMPARED_EACH = 30
"""A sentence is compared with at most so many others, those that match it best."""

TOPIC_LEAST, TOPIC_WORDS = 3, 10
"""A stretch of so many words tells what a conflict is about, without telling a whole story."""

TOPIC_CHARACTERS = 80
"""How much of a sentence stands for a topic where no such stretch is to be had."""

Detector = Callable[[Pair], Iterator[Difference]]
DETECTORS: tuple[Detector, ...] = (
    date_differences,
    list_differences,
    speaker_differences,
    outcome_differences,
)


def find_conflicts(
    story: Story, coverage: Coverage | None = None, figures: LogisticModel = FIGURE_PAIRS
) -> tuple[Conflict, ...]:
    """Return the conflicts of a story, the surest first.

    Args:
        story: The matched story.
        coverage: What a judge said of its claims; where one that understood them found a
            contradiction, there is a conflict.
        figures: The weights of figures in conflict; the fitted ones unless another fit is
            under way.
    """
    voices = sentence_speakers(story)
    differences = [
        difference for pair in _pairs(story) for detect in DETECTORS for difference in detect(pair)
    ]
    differences += number_differences(story, figures)
    differences += judged_differences(story, coverage, differences) if coverage else []
    merged = sorted(_merged(differences), key=lambda group: -max(d.strength for d in group))
    conflicts: list[Conflict] = []
    for group in merged:
        conflict = _conflict(story, voices, group, f"c{len(conflicts) + 1}")
        if len({outlet for p in conflict.positions for outlet in p.outlets}) > 1:
            conflicts.append(conflict)
    return tuple(conflicts)


def sentence_speakers(story: Story) -> tuple[str | None, ...]:
    """Return who each sentence of the story is attributed to, pronouns resolved."""
    by_article: dict[int, list[str]] = defaultdict(list)
    for sentence in story.sentences:
        by_article[sentence.article].append(sentence.reading.text)
    found = {article: iter(speakers(texts)) for article, texts in by_article.items()}
    return tuple(next(found[sentence.article]) for sentence in story.sentences)


def _pairs(story: Story) -> Iterator[Pair]:
    """Yield the sentences of different outlets that are worth comparing.

    Their speakers are those they name: whom a pronoun stands for is too often a guess.
    """
    named = [named_speaker(sentence.reading.text) for sentence in story.sentences]
    outlet = [article.outlet for article in story.articles]
    for i, matches in enumerate(story.sentence_matches):
        for match in matches[:COMPARED_EACH]:
            a, b = story.sentences[i], story.sentences[match.other]
            if match.probability < COMPARED_FROM:
                break
            if i < match.other and outlet[a.article] != outlet[b.article]:
                yield Pair(
                    here=i,
                    there=match.other,
                    a=a,
                    b=b,
                    probability=match.probability,
                    speaker_here=named[i],
                    speaker_there=named[match.other],
                )


def _merged(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Put together differences of one kind that share a side: more than two may differ."""
    groups: list[list[Difference]] = []
    holder: dict[tuple[ConflictKind, Side], list[Difference]] = {}
    for difference in sorted(differences, key=lambda d: -d.strength):
        sides = [(difference.kind, side) for side in (difference.a, difference.b)]
        group = next((holder[side] for side in sides if side in holder), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(difference)
        for side in sides:
            holder.setdefault(side, group)
    return groups


def _conflict(
    story: Story, voices: Sequence[str | None], group: Sequence[Difference], name: str
) -> Conflict:
    sides = list(dict.fromkeys(side for d in group for side in (d.a, d.b)))
    by_value: dict[str, list[Side]] = defaultdict(list)
    for side in sides:
        by_value[side.position].append(side)
    positions = tuple(_position(story, voices, found) for found in by_value.values())
    return Conflict(
        id=name, topic=_topic(story, group[0].kind, sides), kind=group[0].kind, positions=positions
    )


def _position(story: Story, voices: Sequence[str | None], sides: Sequence[Side]) -> Position:
    mentions = []
    for side in sides:
        sentence = story.sentences[side.sentence]
        article = story.articles[sentence.article]
        mentions.append(
            Mention(
                article=article,
                wording=" ".join(sentence.span.of(article.text).split()),
                evidence=(sentence.span,),
                speaker=voices[side.sentence],
            )
        )
    outlets = tuple(dict.fromkeys(mention.article.outlet for mention in mentions))
    return Position(value=sides[0].value, outlets=outlets, mentions=tuple(mentions))


def _topic(story: Story, kind: ConflictKind, sides: Sequence[Side]) -> str:
    """Return what a conflict is about, in the words of one of its sides.

    A figure is left open in its clause; else it is the stretch of a sentence that holds all
    the words which the sides share, where that is short, or the beginning of the sentence.
    """
    readings = [story.sentences[side.sentence].reading for side in sides]
    if kind is ConflictKind.NUMBER:
        clauses_ = [_open_clause(r.text, s.value) for r, s in zip(readings, sides, strict=True)]
        return _shortened(min(clauses_, key=len))
    shared = frozenset.intersection(*(groups_of(r.stems) for r in readings))
    stretches = [(_stretch(reading, shared), reading) for reading in readings]
    short = [pair for pair in stretches if TOPIC_LEAST <= len(pair[0]) <= TOPIC_WORDS]
    if short:
        words, reading = min(short, key=lambda pair: len(pair[0]))
        return reading.text[words[0].start : words[-1].end]
    return _shortened(min((reading.text for reading in readings), key=len))


def _open_clause(sentence: str, value: str) -> str:
    """Return the clause that gives a value, with the value left open."""
    spans = claim_spans(sentence, Span(0, len(sentence)))
    clause = next((s.of(sentence) for s in spans if value in s.of(sentence)), sentence)
    # The stop of a sentence is not to be read with the gap, as four dots.
    return clause.replace(value, "…", 1).strip(" ,;").replace("….", "…")


def _shortened(text: str) -> str:
    if len(text) <= TOPIC_CHARACTERS:
        return text
    return text[:TOPIC_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def _stretch(reading: Reading, shared: frozenset[str]) -> list[Word]:
    """Return the words of a sentence from the first shared one to the last."""
    places = [i for i, w in enumerate(reading.words) if not w.stop and group_of(w.stem) in shared]
    return list(reading.words[places[0] : places[-1] + 1]) if places else []
