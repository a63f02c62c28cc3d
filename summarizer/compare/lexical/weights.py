"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.8137,
    weights=(
        ("cover", 1.3874),
        ("missing", -0.0142),
        ("covered", 1.2223),
        ("grams", 4.4084),
        ("order", -1.1419),
        ("run", 0.9981),
        ("verbs", -0.1217),
        ("reverse", 1.4846),
        ("two", -0.3455),
        ("article", 1.1944),
        ("article_missing", -1.4081),
        ("rarest", 0.4104),
        ("objected", -0.4198),
        ("figures", -0.5271),
        ("new_names", -0.7647),
        ("new_figures", -0.7801),
        ("length", 1.1918),
        ("rival", -1.0573),
        ("neighbour", 0.8138),
        ("quoted", -0.3778),
    ),
)
REPORTS = LogisticModel(
    bias=-2.3778,
    weights=(
        ("cover", 0.4952),
        ("missing", -0.453),
        ("covered", 1.9351),
        ("grams", 3.828),
        ("order", -0.4798),
        ("run", 0.7911),
        ("verbs", -0.1187),
        ("reverse", 1.0042),
        ("two", -0.6604),
        ("article", 1.3188),
        ("article_missing", -0.7803),
        ("rarest", -0.13),
        ("objected", -0.1986),
        ("figures", -0.0167),
        ("new_names", -0.6861),
        ("new_figures", -0.3497),
        ("length", 1.5177),
        ("rival", -1.3507),
        ("neighbour", 0.6314),
        ("quoted", -0.5028),
    ),
)
