"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-4.0889,
    weights=(
        ("cover", 1.8688),
        ("missing", 0.174),
        ("covered", 0.9757),
        ("grams", 4.4365),
        ("order", -1.3361),
        ("run", 1.0902),
        ("verbs", -0.126),
        ("reverse", 1.5222),
        ("two", -0.3411),
        ("article", 1.1055),
        ("article_missing", -1.3624),
        ("rarest", 0.3853),
        ("objected", -0.3757),
        ("figures", -0.5277),
        ("new_names", -0.8073),
        ("new_figures", -0.6329),
        ("length", 1.2427),
        ("rival", -1.0209),
        ("neighbour", 0.7732),
        ("quoted", -0.3327),
    ),
)
REPORTS = LogisticModel(
    bias=-2.6082,
    weights=(
        ("cover", 0.8898),
        ("missing", -0.5231),
        ("covered", 1.7638),
        ("grams", 3.8184),
        ("order", -0.5037),
        ("run", 0.864),
        ("verbs", -0.1055),
        ("reverse", 0.9174),
        ("two", -0.6937),
        ("article", 1.3043),
        ("article_missing", -0.6171),
        ("rarest", -0.1707),
        ("objected", -0.1787),
        ("figures", -0.0236),
        ("new_names", -0.721),
        ("new_figures", -0.3394),
        ("length", 1.6909),
        ("rival", -1.2882),
        ("neighbour", 0.5603),
        ("quoted", -0.4763),
    ),
)
