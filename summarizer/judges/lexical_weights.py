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
    bias=2.718,
    weights=(
        ("sentence", 0.235),
        ("near", 0.008),
        ("far", -1.581),
        ("copied", -1.813),
        ("copied_worst", 2.304),
        ("unseen", -1.840),
        ("unseen_weight", -2.434),
        ("any_unseen", -1.085),
        ("any_name", -0.916),
        ("figures", -1.516),
        ("figure_count", -0.208),
        ("dates", -0.517),
        ("denial", -1.157),
        ("repeated", -3.017),
        ("uncased", -1.978),
    ),
)
"""In log-odds that the document supports the claim, for each unit of a feature."""

SUPPORTED_FROM = 0.5
"""From this probability a claim counts as supported: where it is likelier than not."""

CONTRADICTED_AT_MOST = 0.1
"""The probability left to a claim that a check contradicts: of 11 such pairs of the data none
was labelled supported, so by the rule of succession about one in thirteen may be."""
