"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.7964,
    weights=(
        ("cover", 1.383),
        ("missing", -0.0714),
        ("covered", 1.1643),
        ("grams", 4.5053),
        ("order", -1.1521),
        ("run", 0.8173),
        ("verbs", -0.1168),
        ("reverse", 1.4539),
        ("two", -0.3391),
        ("article", 1.2385),
        ("article_missing", -1.3368),
        ("rarest", 0.405),
        ("objected", -0.4282),
        ("figures", -0.5013),
        ("new_names", -0.7814),
        ("new_figures", -0.7432),
        ("length", 1.1515),
        ("rival", -1.0869),
        ("neighbour", 0.8715),
        ("quoted", -0.4203),
    ),
)
REPORTS = LogisticModel(
    bias=-2.3328,
    weights=(
        ("cover", 0.3934),
        ("missing", -0.5824),
        ("covered", 1.9405),
        ("grams", 3.8303),
        ("order", -0.458),
        ("run", 0.7483),
        ("verbs", -0.1194),
        ("reverse", 0.9523),
        ("two", -0.633),
        ("article", 1.3638),
        ("article_missing", -0.7167),
        ("rarest", -0.1173),
        ("objected", -0.24),
        ("figures", 0.015),
        ("new_names", -0.6866),
        ("new_figures", -0.3021),
        ("length", 1.5499),
        ("rival", -1.3636),
        ("neighbour", 0.659),
        ("quoted", -0.4854),
    ),
)
