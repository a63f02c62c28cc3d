"""Runs, comparisons, gates and explanations as something to read.

``pages`` and ``explained`` say what is shown, as blocks; ``document`` writes blocks for a
terminal, a pull request or a browser; ``junit`` is for machines.
"""
