"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.768,
    weights=(
        ("cover", 1.1793),
        ("missing", 0.2982),
        ("covered", 1.8626),
        ("grams", 5.3823),
        ("order", -1.1244),
        ("run", 1.4257),
        ("verbs", -0.012),
        ("reverse", 0.8837),
        ("two", -0.6766),
        ("article", 0.6862),
        ("article_missing", -0.9828),
        ("rarest", 0.5409),
        ("objected", -0.6237),
        ("figures", 0.0148),
    ),
)
REPORTS = LogisticModel(
    bias=-3.5935,
    weights=(
        ("cover", 1.925),
        ("missing", 0.9151),
        ("covered", 1.4882),
        ("grams", 4.0986),
        ("order", -0.1654),
        ("run", 2.0892),
        ("verbs", 0.0417),
        ("reverse", 1.3799),
        ("two", -0.7283),
        ("article", 1.212),
        ("article_missing", -0.2654),
        ("rarest", -0.0015),
        ("objected", -0.4079),
        ("figures", 0.0395),
    ),
)
