"""Who works on a run, an engine, an aligner and a judge; its threads, and what failed so far."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from summarizer.compare.align_lexical import LexicalAligner
from summarizer.compare.align_model import ModelAligner, untold_claims
from summarizer.compare.alignment import Aligner, Alignment, Differences
from summarizer.compare.judges import Judge, Judged
from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.compare.judges.model import DecisionsJudge, LlmJudge
from summarizer.engines import Engine
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.engines.model import ModelEngine
from summarizer.errors import ServiceError, SummarizerError
from summarizer.settings import Settings
from summarizer.types import Article, Failure
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.llm.cache import DryRunChat
    from summarizer.llm.session import Connect, Session
    from summarizer.prompts import Library

T = TypeVar("T")
Part = TypeVar("Part", Engine, Aligner)
Task = Callable[[], None]
Warn = Callable[[str], None]

# Told of each stage by its name, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

KEYS = ("OPENAI_API_KEY", "OPENAI_BASE_URL")  # one of them set: a model can be asked


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody how far a run is."""


@dataclass
class Desk:
    """An engine, an aligner and a judge, with what failed in the run under way."""

    engine: Engine
    aligner: Aligner
    judge: Judge
    jobs: int = 1  # requests that may be under way at once
    session: Session | None = None  # the connection to a model, where one is asked
    failures: list[Failure] = field(default_factory=list)
    errors: list[SummarizerError] = field(default_factory=list)
    _stopped: SummarizerError | None = None

    @property
    def prompts(self) -> tuple[tuple[str, str], ...]:
        """The prompts that are used, by name, with the hash of each."""
        names = dict.fromkeys((*self.engine.prompts, *self.aligner.prompts, *self.judge.prompts))
        hashes = self.session.asker.prompts.hashes() if self.session and names else {}
        return tuple((name, hashes[name]) for name in names)

    @property
    def model(self) -> str | None:
        """The model that is asked; where only typed questions are, the one that answers them."""
        if self.session is None:
            return None
        return self.session.asker.model if self._asks_for_text else self.session.decider.model

    def over(self, session: Session, settings: Settings) -> Desk:
        """Return a desk with the same work over another connection; nothing has failed at it."""
        with_model = self.engine.model is not None
        return desk_for(session, settings, with_model=with_model, judge=self.judge.name)

    def described(self) -> str:
        """Return which models are asked where, and at what price, on one line; "" for none."""
        if self.session is None:
            return ""
        told = [self.session.described()] if self._asks_for_text else []
        if self.judge.name == "decisions":
            told.append(self.session.described(decider=True))
        return "; ".join(told)

    @property
    def _asks_for_text(self) -> bool:
        """Whether a model is asked for anything but typed questions."""
        return self.engine.model is not None or self.judge.name != "decisions"

    def attempt(self, stage: str, article: Article | None, step: Callable[[], T]) -> T | None:
        """Take a step that may ask a model; one that fails is noted, and None returned.

        What failed beside an answer is noted as well. After a failure that every other request
        would meet too, no more are sent.
        """
        try:
            if self._stopped is not None:
                raise self._stopped
            answer = step()
        except SummarizerError as error:
            self.note(stage, article, error)
            return None
        if isinstance(answer, Judged | Alignment | Differences):
            for failure in answer.failures:
                self.note(stage, article, failure)
        return answer

    def note(self, stage: str, article: Article | None, error: SummarizerError) -> None:
        """Remember that a step failed, and why."""
        self.errors.append(error)
        self.failures.append(
            Failure(
                stage=stage,
                article=article,
                reason=type(error).__name__,
                message=error.message,
                exit_code=error.exit_code,
            )
        )
        if isinstance(error, ServiceError) and error.hopeless:
            self._stopped = error

    def run(self, tasks: Sequence[Task], stage: str = "", progress: Progress = silent) -> None:
        """Take tasks, at most ``jobs`` at once, and return when all have ended.

        The first error of a task is raised, and tasks not yet begun are then dropped. The threads
        are daemons: a run that is interrupted ends at once, whatever a server is still being
        waited for. ``progress`` is told on the caller's thread.
        """
        progress(stage, 0, len(tasks))
        if self.jobs == 1 or len(tasks) < 2:
            for number, task in enumerate(tasks, start=1):
                task()
                progress(stage, number, len(tasks))
            return
        waiting, ended = deque(tasks), SimpleQueue[BaseException | None]()
        for number in range(min(self.jobs, len(tasks))):
            name = f"job-{number}"
            Thread(target=_take_tasks, args=(waiting, ended), name=name, daemon=True).start()
        for number in range(1, len(tasks) + 1):
            problem = ended.get()
            if problem is not None:
                waiting.clear()
                raise problem
            progress(stage, number, len(tasks))

    def usage(self, seconds: float) -> Usage:
        """Return what the run took."""
        if self.session is None:
            return Usage(seconds=seconds)
        return self.session.meter.usage(seconds)


def _take_tasks(waiting: deque[Task], ended: SimpleQueue[BaseException | None]) -> None:
    with suppress(IndexError):  # when none is left
        while True:
            task = waiting.popleft()
            problem: BaseException | None = None
            try:
                task()
            except BaseException as error:
                problem = error
            ended.put(problem)


def asks_model(settings: Settings, env: Mapping[str, str] = os.environ) -> bool:
    """Return whether the engine of these settings asks a model."""
    if settings.engine == "auto":
        chosen = settings.base_url or settings.recordings
        return bool(chosen) or any(env.get(name) for name in KEYS)
    return settings.engine == "openai"


def _judge_name(settings: Settings, env: Mapping[str, str] = os.environ) -> str:
    """Return the judge of these settings, ``auto`` decided."""
    if settings.judge != "auto":
        return settings.judge
    return "llm" if asks_model(settings, env) else "lexical"


def judging_only(settings: Settings) -> Settings:
    """Return settings whose judge is decided, and whose engine, which has no work, asks nobody."""
    return replace(settings, engine="extractive", judge=_judge_name(settings))


def desk_for(session: Session | None, settings: Settings, *, with_model: bool, judge: str) -> Desk:
    """Return a desk over a connection to a model, if there is one.

    ``with_model`` says whether the engine and the aligner ask it, ``judge`` names the judge.
    """
    desk = Desk(ExtractiveEngine(), LexicalAligner(), LexicalJudge())
    if session is None:
        return desk
    desk.session, desk.jobs, size = session, settings.jobs, settings.chunk_tokens
    if with_model:
        desk.engine = ModelEngine(session.asker, size)
        desk.aligner = ModelAligner(session.asker, size)
    if judge == "decisions":
        desk.judge = DecisionsJudge(session.decider, size)
    elif judge == "llm":
        desk.judge = LlmJudge(session.asker, size)
    return desk


def rehearsal(session: Session, desk: Desk, settings: Settings) -> tuple[Desk, DryRunChat]:
    """Return a desk like another one that sends nothing, and the chat that counts what it would.

    The offline engine's claims stand in for a model's that are not stored: they are about as many
    and as long. While an alignment is unknown, every claim is alone: then all that could be asked
    of the other articles is counted.
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
        rehearsing.aligner,
        align=lambda story: Alignment(facts=untold_claims(story, ())),
        find_conflicts=lambda story: Differences(conflicts=()),
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


@contextmanager
def open_desk(
    settings: Settings,
    *,
    env: Mapping[str, str] = os.environ,
    warn: Warn = lambda message: None,
    prompts: Library | None = None,
    connect: Connect | None = None,
) -> Iterator[Desk]:
    """Put together who works under these settings, for a ``with``.

    ``warn`` is told of a cache that is set aside. ``prompts`` are the texts of the stages, where
    they are not those that the settings name; ``connect`` makes who speaks to the server, where
    that is not done at once and by HTTP.

    Raises:
        SummarizerError: The server cannot be asked, or the settings do not fit each other.
    """
    with_model = asks_model(settings, env)
    judge = _judge_name(settings, env)
    if not with_model and judge == "lexical":
        yield desk_for(None, settings, with_model=False, judge=judge)
        return
    from summarizer.llm.server import open_server
    from summarizer.llm.session import open_session

    with open_session(
        settings,
        env=env,
        warn=warn,
        decisions=judge == "decisions",
        prompts=prompts,
        connect=connect or open_server,
    ) as session:
        yield desk_for(session, settings, with_model=with_model, judge=judge)
