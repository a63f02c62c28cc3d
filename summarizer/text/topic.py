"""What an article is about, and which sentences have nothing to do with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from summarizer.text import machine_talk as talk
from summarizer.text.commands import BROAD
from summarizer.text.cues import ALWAYS, GUIDE_LIMITS, NEVER, Cue
from summarizer.text.forms import Form
from summarizer.text.names import Name, names
from summarizer.text.utterances import Utterance
from summarizer.text.words import Word, stem_of, words

STRANGE_NAME = 0.6
"""The least limit where the sentence names somebody or something that the article does not:
"What are the main causes of the First World War?" shares "war" and "causes" with much."""

STRANGE_ASIDE = 0.4
"""The same for what only asks: reports ask what others would have done."""

STRANGE_QUOTED = 0.51
"""The same within a quotation."""

LEAST_TELLING = {
    Form.WRITE: 0,
    Form.GIVE: 0,
    Form.QUESTION: 2,
    Form.WHETHER: 3,
    Form.ACT: 2,
    Form.DUTY: 2,
}
"""Telling words without which nothing can be said of a sentence's topic ("Why now?")."""

LEAST_QUOTED = 2
"""The same of a sentence within a quotation."""

COMPANION = 0.5
"""The share under which an order beside one that was found goes with it."""

MANY_TURNS, MUCH_ADVICE = 3, 0.1
"""An article with more pieces of advice or more questions than that, of advice also as a share
of its sentences, is a guide, a letter or an interview; what two pieces of advice speak of
belongs to its topic."""

HOW_TO_ADVICE = 0.25
"""The share from which an article is made of advice: no word tells another errand from it."""

_ADVICE = (Form.ACT, Form.WRITE, Form.DUTY)
_ASKING = (Form.LOOKUP, Form.HOW_TO, Form.QUESTION, Form.WHETHER)
_ASIDES = (Form.QUESTION, Form.WHETHER)


class Topic:
    """What an article is about: the words of the sentences that nothing is to be said against.

    Args:
        found: The sentences of the article.
        cues: By what each of them may be an order.
        title: The headline, which tells the topic too.
        language: The article's language.
    """

    def __init__(
        self, found: Sequence[Utterance], cues: Sequence[Cue | None], title: str, language: str
    ) -> None:
        self._language = language
        plain = (sentence.clean for sentence, cue in zip(found, cues, strict=True) if cue is None)
        self._told = (title, *plain)
        ordered = [s for s in found if s.order and not s.inside]
        advice = [s.clean for s in ordered if s.order and s.order.form in _ADVICE]
        asked = sum(s.order is not None and s.order.form in _ASKING for s in ordered)
        much = len(advice) > max(MANY_TURNS, len(found) * MUCH_ADVICE)
        self._advice = advice if much else []
        self._is_how_to = much and len(advice) > len(found) * HOW_TO_ADVICE
        self._is_interview = asked > MANY_TURNS
        self._is_guide = much or self._is_interview

    def is_off(self, sentence: Utterance, cue: Cue) -> bool:
        """Return whether a sentence is too far from the topic for what its cue says."""
        limit = self._limit(sentence, cue)
        if limit in (ALWAYS, NEVER):
            return limit == ALWAYS
        telling = self._telling(sentence)
        form = sentence.order.form if sentence.order else None
        strange = not cue.spoken and self._is_strange(sentence)
        if sentence.inside:
            limit = max(limit, STRANGE_QUOTED) if strange else limit
            least = LEAST_QUOTED + (form in _ASIDES and not strange)
            return len(telling) >= least and self._share(telling) < limit
        least = int(cue.spoken) + (LEAST_TELLING.get(form, 1) if form else 1)
        if strange:
            least = 1
            limit = max(limit, STRANGE_ASIDE if form in _ASIDES else STRANGE_NAME)
        return len(telling) >= least and self._share(telling) < limit

    def may_go_with(self, sentence: Utterance) -> bool:
        """Return whether a sentence says too little of the topic to stand beside an order."""
        return self._share(self._telling(sentence)) < COMPANION

    def _limit(self, sentence: Utterance, cue: Cue) -> float:
        if cue.limit_on_machines is not None and self._on_machines:
            return cue.limit_on_machines
        if cue.limit_in_guide is not None and self._is_guide:
            return NEVER if self._is_usual(sentence, cue) else cue.limit_in_guide
        return cue.limit

    def _is_usual(self, sentence: Utterance, cue: Cue) -> bool:
        """Return whether no word can tell a sentence from those that the article is made of.

        Models are shown no questions, so those that are let be do no harm.
        """
        form = sentence.order.form if sentence.order else None
        if form in _ASKING:
            return self._is_interview and cue.limit_in_guide != GUIDE_LIMITS[Form.WRITE]
        return self._is_how_to and form is Form.ACT

    @cached_property
    def _stems(self) -> set[str]:
        """The words that the sentence in question is held against."""
        told = {word.stem for text in self._told for word in self._words(text)}
        advised = (stem for text in self._advice for stem in {w.stem for w in self._words(text)})
        return told | {stem for stem, times in Counter(advised).items() if times > 1}

    @cached_property
    def _named(self) -> set[str]:
        """The words of the names in the article."""
        found = (name for text in self._told for name in names(text))
        return {word.stem for name in found for word in self._words(name.text)}

    @cached_property
    def _on_machines(self) -> bool:
        title, *rest = (bool(talk.ABOUT_MACHINES.search(text)) for text in self._told)
        return title or sum(rest) > 1

    def _telling(self, sentence: Utterance) -> set[str]:
        verb = stem_of(sentence.order.verb, self._language)[0] if sentence.order else ""
        found = {word.stem for word in self._words(sentence.clean) if word.text.isalpha()}
        return found - BROAD - {verb}

    def _share(self, telling: set[str]) -> float:
        return len(telling & self._stems) / max(1, len(telling))

    def _is_strange(self, sentence: Utterance) -> bool:
        """Return whether a sentence names something and the article names none of it."""
        named = [name for name in names(sentence.clean.lstrip("¿¡")) if name.sure]
        return bool(named) and not any(map(self._is_known, named))

    def _is_known(self, name: Name) -> bool:
        """Return whether the article has at least half of the words of a name in its names."""
        stems = [word.stem for word in self._words(name.text)]
        return 2 * sum(stem in self._named for stem in stems) >= max(1, len(stems))

    def _words(self, text: str) -> Iterator[Word]:
        return (word for word in words(text, self._language) if not word.stop)
