"""Makes planted errors from the labels of the cases: ``python -m tools.planting``.

``planting`` pairs true sentences with corrupted ones, ``corruptions`` has one rule for each kind
of error, ``entities`` finds the people and places of a story that may stand for each other.
"""
