"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.8236,
    weights=(
        ("cover", 1.365),
        ("missing", -0.0229),
        ("covered", 1.2272),
        ("grams", 4.382),
        ("order", -1.1087),
        ("run", 0.9165),
        ("verbs", -0.1165),
        ("reverse", 1.4548),
        ("two", -0.3512),
        ("article", 1.2812),
        ("article_missing", -1.3149),
        ("rarest", 0.4294),
        ("objected", -0.4397),
        ("figures", -0.5055),
        ("new_names", -0.7458),
        ("new_figures", -0.7751),
        ("length", 1.0921),
        ("rival", -1.0683),
        ("neighbour", 0.8763),
        ("quoted", -0.4432),
    ),
)
REPORTS = LogisticModel(
    bias=-2.3417,
    weights=(
        ("cover", 0.3587),
        ("missing", -0.6007),
        ("covered", 1.9628),
        ("grams", 3.779),
        ("order", -0.4371),
        ("run", 0.8148),
        ("verbs", -0.117),
        ("reverse", 0.9438),
        ("two", -0.6434),
        ("article", 1.3879),
        ("article_missing", -0.7015),
        ("rarest", -0.118),
        ("objected", -0.1988),
        ("figures", 0.0098),
        ("new_names", -0.6911),
        ("new_figures", -0.3548),
        ("length", 1.5554),
        ("rival", -1.359),
        ("neighbour", 0.6546),
        ("quoted", -0.5207),
    ),
)
