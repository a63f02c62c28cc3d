"""What the words alone settle, so that nobody need be asked.

A passage that has a claim's own words, in their order, with its figures, denials and doubts,
reports the claim. Asking a model costs money and time, and can only go wrong.
"""

from __future__ import annotations

from itertools import pairwise

from summarizer.text.attribution import hedge
from summarizer.text.passage import Reading
from summarizer.text.quantities import compatible
from summarizer.text.thesaurus import group_of, groups_of

LEAST_STEMS = 4
"""Content words a claim must have: fewer stand together by chance."""

LEAST_SHARED = 0.2
"""Share of a claim's content words that the passage it rests on has at least, in itself or in
near-synonyms. Of 1,220 pairs of a labelled fact, which people worded freely for all outlets,
and the bare words that support it, 29 have less."""

SAME_ORDER = 0.7
"""Share of a claim's neighbouring content words that must be neighbours in the passage too
(another content word may stand between): "A sued B" is not "B sued A"."""


def tells(passage: Reading, claim: Reading) -> bool:
    """Return whether a passage has a claim's own words, figures, denials and doubts."""
    return (
        len(claim.stems) >= LEAST_STEMS
        and claim.stems <= passage.stems
        and bool(claim.negations) == bool(passage.negations)
        and not (hedge(passage.text) and not hedge(claim.text))
        and has_figures(passage, claim)
        and _in_order(claim, passage)
    )


def shares_words(passage: Reading, claim: Reading) -> bool:
    """Return whether a claim can be a wording of a passage at all, in the same language.

    A model that was talked into something writes what no passage says, and a judge that reads
    the same text may be talked into agreeing; words cannot be talked to.
    """
    if len(claim.stems) < LEAST_STEMS:
        return True
    return _common(passage, claim) >= LEAST_SHARED * len(claim.stems)


def shares_a_word(passage: Reading, claim: Reading) -> bool:
    """Return whether a passage has one word of a claim, or a near-synonym, in the same language."""
    return not claim.stems or _common(passage, claim) > 0


def _common(passage: Reading, claim: Reading) -> int:
    groups = groups_of(passage.stems)
    return sum(stem in passage.stems or group_of(stem) in groups for stem in claim.stems)


def has_figures(passage: Reading, claim: Reading) -> bool:
    """Return whether each figure of a claim stands in a passage, as exact or less."""
    return all(
        any(compatible(figure, other) for other in passage.figures) for figure in claim.figures
    )


def _in_order(claim: Reading, passage: Reading) -> bool:
    stems = [word.stem for word in claim.content]
    others = [word.stem for word in passage.content]
    near = {pair for gap in (1, 2) for pair in zip(others, others[gap:], strict=False)}
    pairs = list(pairwise(stems))
    return sum(pair in near for pair in pairs) >= SAME_ORDER * len(pairs)
