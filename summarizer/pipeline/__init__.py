"""From articles to a report.

``flow`` has the order of the steps, ``desk`` who takes them, in the only threads, ``reading``
those of one article.
"""

from summarizer.document import whole_text
from summarizer.pipeline.desk import Desk, Progress, judging_only, open_desk, rehearsal, silent
from summarizer.pipeline.flow import (
    Plan,
    Source,
    adiff,
    asummarize,
    diff,
    judge,
    need_two,
    plan,
    summarize,
)

__all__ = [
    "Desk",
    "Plan",
    "Progress",
    "Source",
    "adiff",
    "asummarize",
    "diff",
    "judge",
    "judging_only",
    "need_two",
    "open_desk",
    "plan",
    "rehearsal",
    "silent",
    "summarize",
    "whole_text",
]
