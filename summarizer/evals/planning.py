"""What a run of the cases would ask and cost, or compute, found out before it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.evals.calibrating import PLANTED, planted_digest, rehearse_judge
from summarizer.evals.listing import AnyCase, read_case
from summarizer.evals.runs import seated, tasks_of
from summarizer.evals.stored import Scores
from summarizer.pipeline import Desk, Progress, plan, rehearsal, silent
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.chat.rehearsal import StagePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalPlan:
    """What a run would do.

    ``stored`` are the cases whose scores are known, ``computed`` the others, by name;
    ``stages`` is what the others would ask a model, and by case in ``cases``; ``planted``
    what the test of the judge would.
    """

    stored: tuple[str, ...]
    computed: tuple[str, ...]
    stages: tuple[StagePlan, ...]
    cases: Mapping[str, tuple[StagePlan, ...]]
    planted: tuple[StagePlan, ...] = ()

    @property
    def requests(self) -> int:
        """Requests that would be sent."""
        return sum(stage.requests for stage in (*self.stages, *self.planted))

    @property
    def cost(self) -> float | None:
        """Dollars that the run would cost at most; None where a price is not known."""
        return _cost((*self.stages, *self.planted))


def plan_cases(
    cases: Sequence[AnyCase],
    settings: Settings,
    desk: Desk,
    scores: Scores,
    *,
    samples: int = 1,
    planted: Path | None = None,
    progress: Progress = silent,
) -> EvalPlan:
    """Return what a run of these cases would do; nothing is sent.

    Args:
        cases: What would be run.
        settings: What with.
        desk: Who would work.
        scores: Those that are known.
        samples: How often each case would be run.
        planted: The folder of the errors that the judge would be tested on, if it would.
        progress: Told how many cases were looked at.
    """
    tasks = tasks_of(cases, desk, samples)
    unknown = [t for t in tasks if scores.get(t.case.name, t.case.digest, t.sample) is None]
    computed = dict.fromkeys(task.case.name for task in unknown)
    by_case: dict[str, tuple[StagePlan, ...]] = {}
    for done, task in enumerate(unknown if desk.session is not None else ()):
        progress("cases", done, len(unknown))
        case = read_case(task.case)
        articles = [each.article for each in case.articles]
        planned = plan(articles, settings, seated(desk, settings, task.sample), compare=True)
        name = task.case.name
        by_case[name] = _together([by_case.get(name, ()), planned.stages])
    return EvalPlan(
        stored=tuple(case.name for case in cases if case.name not in computed),
        computed=tuple(computed),
        stages=_together(list(by_case.values())),
        cases=by_case,
        planted=_planted(cases, settings, desk, scores, planted),
    )


def _planted(
    cases: Sequence[AnyCase], settings: Settings, desk: Desk, scores: Scores, folder: Path | None
) -> tuple[StagePlan, ...]:
    """Return what the test of the judge would ask."""
    if folder is None or not folder.is_dir() or desk.session is None or not desk.judge.asks:
        return ()
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    for case in cases:
        if scores.ratios(PLANTED, planted_digest(case, folder)) is None:
            rehearse_judge(rehearsing.judge, case, folder)
    return chat.stages()


def _together(plans: Sequence[Sequence[StagePlan]]) -> tuple[StagePlan, ...]:
    """Return plans added up by stage, in the order of a run."""
    found: dict[str, StagePlan] = {}
    for stage in (stage for stages in plans for stage in stages):
        old = found.get(stage.stage)
        found[stage.stage] = stage if old is None else _sum(old, stage)
    return tuple(found.values())


def _sum(a: StagePlan, b: StagePlan) -> StagePlan:
    return replace(
        a,
        requests=a.requests + b.requests,
        cached=a.cached + b.cached,
        tokens=a.tokens + b.tokens,
        cost=_cost([a, b]),
    )


def _cost(stages: Sequence[StagePlan]) -> float | None:
    costs = [stage.cost for stage in stages]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None
