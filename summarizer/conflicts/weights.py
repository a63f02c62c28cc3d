"""The weights of figures in conflict, as fitted by ``benchmarks/fit_stories.py``.

In log-odds for each unit of a feature of ``numbers.FIGURE_FEATURES``.
"""

from summarizer.text.logistic import LogisticModel

FIGURE_PAIRS = LogisticModel(
    bias=-1.7135,
    weights=(
        ("match", 1.3386),
        ("shared", 3.1065),
        ("ratio", -3.5608),
        ("money", 1.1552),
        ("only", -0.1863),
        ("around", 3.2454),
    ),
)
