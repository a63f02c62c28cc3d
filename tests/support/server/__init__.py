"""A model server of our own, on the loopback: OpenAI's wire, a rule-based model, faults to order.

The client of ``openai`` talks to it as to any other server. ``python -m
tests.support.server`` starts one by hand.
"""

from tests.support.server.answers import Answer, Ending
from tests.support.server.asked import Asked
from tests.support.server.batches import Batches
from tests.support.server.faults import Fault
from tests.support.server.http import ModelServer, Received
from tests.support.server.model import RuleModel

__all__ = ["Answer", "Asked", "Batches", "Ending", "Fault", "ModelServer", "Received", "RuleModel"]
