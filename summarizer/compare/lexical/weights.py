"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.8232,
    weights=(
        ("cover", 1.3413),
        ("missing", -0.0502),
        ("covered", 1.2292),
        ("grams", 4.4356),
        ("order", -1.1284),
        ("run", 0.9495),
        ("verbs", -0.1131),
        ("reverse", 1.4615),
        ("two", -0.3473),
        ("article", 1.2501),
        ("article_missing", -1.344),
        ("rarest", 0.3994),
        ("objected", -0.3016),
        ("figures", -0.5203),
        ("new_names", -0.8266),
        ("new_figures", -0.9095),
        ("length", 1.1295),
        ("rival", -1.0643),
        ("neighbour", 0.8862),
        ("quoted", -0.5167),
    ),
)
REPORTS = LogisticModel(
    bias=-2.3433,
    weights=(
        ("cover", 0.3423),
        ("missing", -0.6065),
        ("covered", 1.9662),
        ("grams", 3.8274),
        ("order", -0.4292),
        ("run", 0.8186),
        ("verbs", -0.1175),
        ("reverse", 0.9401),
        ("two", -0.636),
        ("article", 1.357),
        ("article_missing", -0.7331),
        ("rarest", -0.1335),
        ("objected", -0.0915),
        ("figures", 0.0007),
        ("new_names", -0.7461),
        ("new_figures", -0.4344),
        ("length", 1.5656),
        ("rival", -1.3493),
        ("neighbour", 0.66),
        ("quoted", -0.5708),
    ),
)
