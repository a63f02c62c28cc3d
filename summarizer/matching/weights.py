"""The matcher's weights, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``pairs.PAIR_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

CLAIM_PAIRS = LogisticModel(
    bias=-4.1253,
    weights=(
        ("covered_less", -2.4584),
        ("covered_more", -0.506),
        ("covered_both", 3.2111),
        ("context", 2.9502),
        ("grams", 4.0448),
        ("shared", 3.9681),
        ("rarest", 0.5526),
        ("names", 1.1548),
        ("figures", 0.3171),
        ("lead_less", 0.5466),
        ("lead_more", 0.4785),
        ("neighbour", 1.6463),
    ),
)
SENTENCE_PAIRS = LogisticModel(
    bias=-4.6119,
    weights=(
        ("covered_less", -1.002),
        ("covered_more", 1.189),
        ("covered_both", -0.3168),
        ("context", 1.7357),
        ("grams", 6.9078),
        ("shared", 3.4433),
        ("rarest", 0.9434),
        ("names", 1.5171),
        ("figures", 0.8452),
        ("lead_less", 0.827),
        ("lead_more", 0.2192),
        ("neighbour", 1.9026),
    ),
)
