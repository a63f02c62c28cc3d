"""What a run would ask and cost, found out by rehearsing it with a chat that sends nothing.

Where an answer is not stored, the offline engine's claims stand in for the model's, which are
about as many and as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from summarizer.compare.align_model import untold_claims
from summarizer.compare.alignment import Aligner, Alignment
from summarizer.engines import Engine
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.errors import SummarizerError
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.flow import diff, summarize
from summarizer.settings import Settings
from summarizer.types import Article
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.llm.cache import DryRunChat
    from summarizer.llm.session import Session

Part = TypeVar("Part", Engine, Aligner)


@dataclass(frozen=True, slots=True)
class Plan:
    """What each stage of a run would ask; nothing where no model is asked."""

    stages: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Requests that would be sent."""
        return sum(used.calls for used in self.stages.values())

    @property
    def cost(self) -> float | None:
        """Dollars that the run would cost at most; None where a price is not known."""
        costs = [used.cost_usd for used in self.stages.values()]
        return None if None in costs else sum(cost or 0.0 for cost in costs)


def plan(articles: Sequence[Article], settings: Settings, desk: Desk, *, compare: bool) -> Plan:
    """Return what a run over these articles would ask: a diff, or a summary of each article."""
    if desk.session is None:
        return Plan()
    from summarizer.llm.cache import NotAsked

    rehearsing, chat = rehearsal(desk.session, desk, settings)
    with suppress(NotAsked):  # a judge beside the offline engine has no answer at all
        (diff if compare else summarize)(articles, settings, desk=rehearsing)
    return Plan(chat.meter.stages())


def rehearsal(session: Session, desk: Desk, settings: Settings) -> tuple[Desk, DryRunChat]:
    """Return a desk like another one that sends nothing, and the chat that counts what it would.

    While an alignment is unknown, every claim is alone: then all that could be asked of the other
    articles is counted.
    """
    from summarizer.llm.cache import DryRunChat

    chat = DryRunChat(session.cache, session.tariff)
    asker, decider = replace(session.asker, chat=chat), replace(session.decider, chat=chat)
    rehearsing = desk.over(replace(session, asker=asker, decider=decider), settings)
    offline = ExtractiveEngine()
    rehearsing.engine = _with_stand_ins(
        rehearsing.engine,
        extract=offline.extract,
        supplement=offline.supplement,
        summarize=lambda *_: (),
    )
    rehearsing.aligner = _with_stand_ins(
        rehearsing.aligner, align=lambda story: Alignment(facts=untold_claims(story, ()))
    )
    rehearsing.jobs = 1
    return rehearsing, chat


def _with_stand_ins(part: Part, **stand_ins: Callable[..., Any]) -> Part:
    """Return an engine or an aligner for whose unknown answers others stand in, by method."""
    rehearsed = copy(part)
    for name, stand_in in stand_ins.items():
        setattr(rehearsed, name, partial(_first_answer, getattr(part, name), stand_in))
    return rehearsed


def _first_answer(ask: Callable[..., Any], stand_in: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return ask(*arguments)
    except SummarizerError:
        return stand_in(*arguments)
