"""The coverage judge's weights, as fitted by ``benchmarks/fit_stories.py``.

In log-odds for each unit of a feature of ``coverage.COVERAGE_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

COVERAGE = LogisticModel(
    bias=-1.1421,
    weights=(
        ("claim_match", 0.1593),
        ("sentence_match", 0.3664),
        ("sentence_cover", 1.0943),
        ("seen", 0.5496),
        ("unseen", -1.6495),
        ("grams", 0.8015),
    ),
)

SUPPORTED_FROM = 0.5
"""From this probability on an article counts as reporting a claim: one half, since it is
calibrated. A fact is called *confirmed* unique far below it (``facts.build``)."""
