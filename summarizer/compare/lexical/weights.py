"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.9581,
    weights=(
        ("cover", 1.7233),
        ("missing", 0.0932),
        ("covered", 1.061),
        ("grams", 4.3489),
        ("order", -1.3478),
        ("run", 1.0681),
        ("verbs", -0.1311),
        ("reverse", 1.4806),
        ("two", -0.3394),
        ("article", 1.1055),
        ("article_missing", -1.3647),
        ("rarest", 0.4195),
        ("objected", -0.5176),
        ("figures", -0.5084),
        ("new_names", -0.73),
        ("new_figures", -0.5369),
        ("length", 1.2916),
        ("rival", -1.0413),
        ("neighbour", 0.7688),
        ("quoted", -0.2672),
    ),
)
REPORTS = LogisticModel(
    bias=-2.5476,
    weights=(
        ("cover", 0.8222),
        ("missing", -0.6093),
        ("covered", 1.8006),
        ("grams", 3.7756),
        ("order", -0.5554),
        ("run", 0.867),
        ("verbs", -0.1034),
        ("reverse", 0.9195),
        ("two", -0.6982),
        ("article", 1.3342),
        ("article_missing", -0.5864),
        ("rarest", -0.1783),
        ("objected", -0.3006),
        ("figures", -0.003),
        ("new_names", -0.6626),
        ("new_figures", -0.282),
        ("length", 1.7696),
        ("rival", -1.3031),
        ("neighbour", 0.5512),
        ("quoted", -0.4283),
    ),
)
