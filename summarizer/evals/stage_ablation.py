"""Two runs of one case put together: one stage of the one, all others of the other.

A stage is swapped where it is answered, at the desk, and not among stored answers: what a
judge is asked depends on what was extracted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from enum import StrEnum

from summarizer.engines import Engine, Extraction, SummaryDraft
from summarizer.evals.listing import CaseFolder
from summarizer.evals.reproduce import desk_of, remade
from summarizer.evals.runs import Task, run_at, seated
from summarizer.evals.scores import samples_per_case
from summarizer.evals.types import CaseResult, Run
from summarizer.pipeline import Desk
from summarizer.settings import Settings
from summarizer.types import Article, Chunk


class Stage(StrEnum):
    """The parts of a run, in its order; merging is all that is done between the answers."""

    EXTRACTION = "extraction"
    JUDGING = "judging"
    SUMMARISING = "summarising"
    MERGING = "merging"


ANSWERED = (Stage.EXTRACTION, Stage.JUDGING, Stage.SUMMARISING)
"""The stages that an engine or a judge answers, and that can be swapped."""


class Swap:
    """Two runs at their desks, and the desks between them."""

    def __init__(
        self,
        stack: ExitStack,
        runs: tuple[Run, Run],
        settings: Settings,
        env: Mapping[str, str],
    ) -> None:
        recorded = [str(run.settings.get("recordings") or "") for run in runs]
        others = recorded[::-1]
        self.samples = max(map(samples_per_case, runs))
        self.settings = [
            remade(run, settings, other) for run, other in zip(runs, others, strict=True)
        ]
        self._desks = [
            stack.enter_context(desk_of(run, settings, fallback=other, env=env))
            for run, other in zip(runs, others, strict=True)
        ]

    def run(self, case: CaseFolder, stage: Stage) -> tuple[CaseResult, ...]:
        """Run a case as before, with one stage as after; with merging, nothing is."""
        return tuple(self._run(Task(case, sample), stage) for sample in range(self.samples))

    def _run(self, task: Task, stage: Stage) -> CaseResult:
        before, after = (
            seated(desk, settings, task.sample)
            for desk, settings in zip(self._desks, self.settings, strict=True)
        )
        reading = after if stage is Stage.EXTRACTION else before
        telling = after if stage is Stage.SUMMARISING else before
        judge = (after if stage is Stage.JUDGING else before).judge
        session = before.session or after.session
        engine = _Joined(reading.engine, telling.engine)
        settings = self.settings[stage is Stage.SUMMARISING]
        return run_at(task, settings, Desk(engine, judge, before.jobs, session))


class _Joined:
    """An engine that reads as one engine does and summarizes as another."""

    def __init__(self, reading: Engine, telling: Engine) -> None:
        self._reading = reading
        self._telling = telling
        self.name = reading.name
        self.model = reading.model
        self.prompts = reading.prompts
        self.chunk_tokens = reading.chunk_tokens

    def extract(self, chunk: Chunk) -> Extraction:
        """Propose the claims of a chunk."""
        return self._reading.extract(chunk)

    def summarize(self, article: Article, limit: int) -> Sequence[SummaryDraft]:
        """Propose a summary of an article."""
        return self._telling.summarize(article, limit)
