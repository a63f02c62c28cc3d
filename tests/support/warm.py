"""Loads what every run loads, when it is imported: commands are forked from a process that has."""

from __future__ import annotations

import importlib

from summarizer import Article, diff
from summarizer.tokens import load_encoding
from tests.support.command import FERRY_A, FERRY_B

_LIBRARIES = (
    "summarizer.cli.app",
    "openai",
    "rich.console",
    "diskcache",
    "jinja2",
    "yaml",
    # What the command of the plug-in for llm loads.
    "click_default_group",
    "pluggy",
    "sqlite_utils",
)
for _library in _LIBRARIES:
    importlib.import_module(_library)
diff([Article.from_text(FERRY_A, outlet="A"), Article.from_text(FERRY_B, outlet="B")])
# Which vocabulary there is depends on the environment of the command.
load_encoding.cache_clear()
