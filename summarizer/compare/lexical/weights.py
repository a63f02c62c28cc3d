"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.0305,
    weights=(
        ("cover", 1.1962),
        ("missing", -0.3177),
        ("covered", 1.7286),
        ("grams", 4.274),
        ("order", -1.3315),
        ("run", 0.5658),
        ("verbs", -0.1314),
        ("reverse", 1.5913),
        ("two", -0.4934),
        ("article", 0.451),
        ("article_missing", -1.2664),
        ("rarest", 0.2255),
        ("objected", -0.3425),
        ("figures", -0.2331),
        ("new_names", -0.7677),
        ("new_figures", -0.3958),
        ("length", 0.7732),
        ("rival", -1.4925),
        ("neighbour", 1.4163),
        ("quoted", -0.2893),
    ),
)
REPORTS = LogisticModel(
    bias=-2.4628,
    weights=(
        ("cover", 1.4127),
        ("missing", 0.1254),
        ("covered", 2.0097),
        ("grams", 3.863),
        ("order", -0.8074),
        ("run", 0.7582),
        ("verbs", -0.1726),
        ("reverse", 1.5459),
        ("two", -0.7152),
        ("article", 0.5454),
        ("article_missing", -1.0526),
        ("rarest", -0.2776),
        ("objected", -0.3278),
        ("figures", 0.0307),
        ("new_names", -0.6322),
        ("new_figures", -0.1763),
        ("length", 1.344),
        ("rival", -1.2842),
        ("neighbour", 0.7906),
        ("quoted", -0.2017),
    ),
)
