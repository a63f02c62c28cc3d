"""Comparing without a model: words, figures, names and dates, precision first."""
