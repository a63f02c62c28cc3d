"""A model server of our own, on the loopback: OpenAI's wire, a rule-based model, faults to order.

The client of ``openai`` talks to it as to any other server. ``python -m tests.server`` starts
one by hand.
"""

from tests.server.answers import Answer, Ending
from tests.server.asked import Asked
from tests.server.faults import Fault
from tests.server.http import ModelServer, Received
from tests.server.model import RuleModel

__all__ = ["Answer", "Asked", "Ending", "Fault", "ModelServer", "Received", "RuleModel"]
