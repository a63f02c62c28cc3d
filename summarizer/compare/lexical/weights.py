"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.9582,
    weights=(
        ("cover", 1.7405),
        ("missing", 0.0921),
        ("covered", 1.0648),
        ("grams", 4.3593),
        ("order", -1.3384),
        ("run", 1.0751),
        ("verbs", -0.1331),
        ("reverse", 1.4705),
        ("two", -0.3378),
        ("article", 1.0873),
        ("article_missing", -1.357),
        ("rarest", 0.4118),
        ("objected", -0.4995),
        ("figures", -0.5078),
        ("new_names", -0.7408),
        ("new_figures", -0.5775),
        ("length", 1.2861),
        ("rival", -1.0386),
        ("neighbour", 0.774),
        ("quoted", -0.2758),
    ),
)
REPORTS = LogisticModel(
    bias=-2.5448,
    weights=(
        ("cover", 0.8172),
        ("missing", -0.617),
        ("covered", 1.8025),
        ("grams", 3.7806),
        ("order", -0.5506),
        ("run", 0.8658),
        ("verbs", -0.1039),
        ("reverse", 0.9175),
        ("two", -0.6974),
        ("article", 1.3306),
        ("article_missing", -0.58),
        ("rarest", -0.1787),
        ("objected", -0.2978),
        ("figures", -0.0002),
        ("new_names", -0.6648),
        ("new_figures", -0.3035),
        ("length", 1.7704),
        ("rival", -1.3021),
        ("neighbour", 0.5521),
        ("quoted", -0.4304),
    ),
)
