"""The weights of support, as fitted by ``benchmarks/fit_stories.py`` on annotated stories.

In log-odds for each unit of a feature of ``support.SUPPORT_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

STATES = LogisticModel(
    bias=-3.9223,
    weights=(
        ("cover", 1.6514),
        ("missing", 0.0912),
        ("covered", 1.1081),
        ("grams", 4.3875),
        ("order", -1.3213),
        ("run", 1.1147),
        ("verbs", -0.1308),
        ("reverse", 1.4756),
        ("two", -0.3192),
        ("article", 1.0843),
        ("article_missing", -1.3466),
        ("rarest", 0.4057),
        ("objected", -0.4771),
        ("figures", -0.5208),
        ("new_names", -0.8017),
        ("new_figures", -0.6543),
        ("length", 1.2733),
        ("rival", -1.0315),
        ("neighbour", 0.7683),
        ("quoted", -0.3151),
    ),
)
REPORTS = LogisticModel(
    bias=-2.5398,
    weights=(
        ("cover", 0.7905),
        ("missing", -0.6065),
        ("covered", 1.8229),
        ("grams", 3.8076),
        ("order", -0.5389),
        ("run", 0.8893),
        ("verbs", -0.1025),
        ("reverse", 0.9039),
        ("two", -0.6875),
        ("article", 1.3091),
        ("article_missing", -0.588),
        ("rarest", -0.1807),
        ("objected", -0.2555),
        ("figures", -0.0061),
        ("new_names", -0.7068),
        ("new_figures", -0.3559),
        ("length", 1.7653),
        ("rival", -1.2986),
        ("neighbour", 0.5476),
        ("quoted", -0.4622),
    ),
)
