"""Loads all that a comparison takes, by one of two short pages, when it is imported.

The process from which those that compare are forked imports it, so that none of them has to load
and prepare anything again: that takes half a second.
"""

from __future__ import annotations

import logging

from summarizer.settings import Settings
from summarizer.slackbot.compare import result_of
from summarizer.types import Article

_PAGE = (
    "<html><head><title>A ferry</title></head><body><article><h1>A ferry ran aground</h1>"
    "<p>The ferry Meridian ran aground off Port Selwick on Monday with {} people aboard, the "
    "coastguard said.</p><p>“Nobody was hurt,” said its captain.</p></article></body></html>"
)

try:
    pages = [Article.from_html(_PAGE.format(n), outlet=f"Outlet {n}") for n in (210, 212)]
    result_of(pages, Settings(engine="extractive", judge="lexical"), lambda *_: None)
except Exception as error:  # each process then loads what it needs by itself
    logging.getLogger(__name__).warning("nothing was loaded beforehand: %s", type(error).__name__)
