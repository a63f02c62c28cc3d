"""Evals: did a change of a prompt, a model or the code make the diff better or worse?

``cases`` reads the labelled stories, ``runs`` runs them, ``metrics`` scores what came out,
``compare`` says what a difference is worth, ``gate`` whether it may pass.
"""

from summarizer.evals.labelled_report import LabelledReport, Ratio, share

__all__ = ["LabelledReport", "Ratio", "share"]
