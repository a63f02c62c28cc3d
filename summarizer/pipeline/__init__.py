"""From articles to a report.

``flow`` has the order of the steps, ``desk`` who takes them, ``reading`` and ``hearing``
those that may ask a model, ``plan`` what they would ask; ``pool`` has the only threads.
"""

from summarizer.pipeline.checking import judge
from summarizer.pipeline.desk import Desk, open_desk
from summarizer.pipeline.flow import Source, adiff, asummarize, diff, need_two, summarize
from summarizer.pipeline.plan import Plan, plan, rehearsal
from summarizer.pipeline.progress import Progress, silent
from summarizer.pipeline.reading import read_claims

__all__ = [
    "Desk",
    "Plan",
    "Progress",
    "Source",
    "adiff",
    "asummarize",
    "diff",
    "judge",
    "need_two",
    "open_desk",
    "plan",
    "read_claims",
    "rehearsal",
    "silent",
    "summarize",
]
