"""The lexical judge's numbers, fitted by ``benchmarks/fit_judge.py``.

Fitted on 3,385 pairs of claim and document with human labels (CLIFF, FRANK, XSumFaith,
PropSegmEnt, SummEdits-samsum), each of the seven files weighing the same. What each feature
is stands in ``judges.features.FEATURES``. "uncased" is a mark of the data: sentences in
lower case are raw output of older generators, wrong more often than others, and no claim
of this tool is like that; without it the other weights would have to carry that difference.
"""

from __future__ import annotations

from summarizer.text.logistic import LogisticModel

WEIGHTS = LogisticModel(
    bias=2.687,
    weights=(
        ("sentence", 0.217),
        ("near", 0.162),
        ("far", -1.469),
        ("copied", -1.868),
        ("copied_worst", 2.220),
        ("unseen", -1.784),
        ("unseen_weight", -2.362),
        ("any_unseen", -1.099),
        ("any_name", -0.686),
        ("figures", -1.509),
        ("figure_count", -0.192),
        ("dates", -0.478),
        ("denial", -1.111),
        ("repeated", -3.289),
        ("objected", -0.627),
        ("uncased", -1.986),
    ),
)
"""In log-odds that the document supports the claim, for each unit of a feature."""

SUPPORTED_FROM = 0.45
"""From this probability a claim counts as supported. Balanced accuracy, the mean of the six
labelled files, is level from .45 to .55 (.650 to .652): two in five of their claims are
supported, far fewer than of what is put to the judge in use, so the lowest of these is taken."""

CONTRADICTED_AT_MOST = 0.1
"""The probability left to a claim that a check contradicts: of 11 such pairs of the data none
was labelled supported, so by the rule of succession about one in thirteen may be."""

OBJECTED_AT_MOST = 0.44
"""The probability left to a claim that a check of its details objects to. The model weighs the
objection already; this much is for the verdict, which an objection decides: a claim with one
wrong name in eight right words is likely by its words and wrong all the same."""
