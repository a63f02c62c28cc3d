"""What a run would ask and cost, found out by rehearsing it.

The run goes its way with a chat that sends nothing. Where an answer is stored, the steps
that follow are those of the real run; where it is not, the offline engine's claims stand in
for the model's, which are about as many and as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from summarizer.compare.align_model import untold_claims
from summarizer.compare.alignment import Aligner, Alignment
from summarizer.compare.story import Story
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
    """Return a desk like another one that sends nothing, and the chat that counts what it would."""
    from summarizer.llm.cache import DryRunChat

    chat = DryRunChat(session.cache, session.tariff)
    asker, decider = replace(session.asker, chat=chat), replace(session.decider, chat=chat)
    rehearsing = desk.over(replace(session, asker=asker, decider=decider), settings)
    rehearsing.engine = _RehearsedEngine(rehearsing.engine)
    rehearsing.aligner = _RehearsedAligner(rehearsing.aligner)
    rehearsing.jobs = 1
    return rehearsing, chat


class _RehearsedEngine:
    """An engine whose unknown answers the offline engine stands in for."""

    def __init__(self, engine: Engine) -> None:
        stand_in = ExtractiveEngine()
        self.name = engine.name
        self.model = engine.model
        self.prompts = engine.prompts
        self.chunk_tokens = engine.chunk_tokens
        self.extract = partial(_first_answer, engine.extract, stand_in.extract)
        self.supplement = partial(_first_answer, engine.supplement, stand_in.supplement)
        self.summarize = partial(_first_answer, engine.summarize, lambda *arguments: ())


def _first_answer(ask: Callable[..., Any], stand_in: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return ask(*arguments)
    except SummarizerError:
        return stand_in(*arguments)


class _RehearsedAligner:
    """An aligner in whose place, while its answer is unknown, every claim is alone.

    Then all that could be asked of the other articles is counted.
    """

    def __init__(self, aligner: Aligner) -> None:
        self._aligner = aligner
        self.name = aligner.name
        self.prompts = aligner.prompts

    def align(self, story: Story) -> Alignment:
        """Return the stored alignment of a story, or one in which nothing is shared."""
        try:
            return self._aligner.align(story)
        except SummarizerError:
            return Alignment(facts=untold_claims(story, ()))
