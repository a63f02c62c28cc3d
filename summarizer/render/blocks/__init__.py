"""A report as Slack's Block Kit: an answer within Slack's limits, and what follows from it.

No word of an article or a model can act there: it stands only where Slack shows characters as
they are (``plain_text`` and the ``text`` of ``rich_text``), never where Slack reads markup.
"""

from summarizer.render.blocks.elements import Block, Message
from summarizer.render.blocks.messages import answer, more, only, summary

__all__ = ["Block", "Message", "answer", "more", "only", "summary"]
