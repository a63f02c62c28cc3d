"""A report as one HTML file that a person reads, forwards and checks.

Every line leads to the passage it rests on, and every passage to its lines. The file asks
nothing of any other place, and nothing of an article or a model is markup in it.
"""

from summarizer.render.html.page import blocks_to_html, day_to_html, to_html

__all__ = ["blocks_to_html", "day_to_html", "to_html"]
