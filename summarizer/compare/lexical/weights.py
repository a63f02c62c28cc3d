"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-2.7013,
    weights=(
        ("cover", 0.834),
        ("missing", -0.5378),
        ("covered", 1.954),
        ("grams", 4.0211),
        ("order", -1.2589),
        ("run", 0.5737),
        ("verbs", -0.1373),
        ("reverse", 2.1),
        ("two", -0.4054),
        ("article", 0.4887),
        ("article_missing", -1.3342),
        ("rarest", 0.0632),
        ("objected", -0.3582),
        ("figures", -0.1732),
        ("new_names", -0.7814),
        ("new_figures", -0.8154),
        ("length", 0.8014),
        ("rival", -1.4735),
        ("neighbour", 1.5136),
        ("quoted", -0.2909),
    ),
)
REPORTS = LogisticModel(
    bias=-2.0309,
    weights=(
        ("cover", 0.7827),
        ("missing", -0.4478),
        ("covered", 2.0735),
        ("grams", 3.7096),
        ("order", -0.8182),
        ("run", 0.6695),
        ("verbs", -0.1712),
        ("reverse", 1.6023),
        ("two", -0.6779),
        ("article", 0.4577),
        ("article_missing", -1.1609),
        ("rarest", -0.2335),
        ("objected", -0.3603),
        ("figures", 0.24),
        ("new_names", -0.5951),
        ("new_figures", -0.2516),
        ("length", 1.7447),
        ("rival", -1.291),
        ("neighbour", 0.8584),
        ("quoted", -0.1783),
    ),
)
