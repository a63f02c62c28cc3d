"""Run the cases and score what comes out, or plan it; and make an earlier run again.

Cases go one after the other, each with as many requests under way as ``jobs`` says, so that one
account of tokens and one cap on cost hold for the whole run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import summarizer
from summarizer.errors import NotRecorded, ServiceError, SummarizerError, Unreachable, UsageError
from summarizer.evals.cases import Case, CaseFolder, files_digest
from summarizer.evals.judging import add_up, planted_claims, try_judge
from summarizer.evals.metrics import score
from summarizer.evals.results import CaseResult, PromptText, Run, save_recordings
from summarizer.pipeline import Desk, Plan, Progress, diff, open_desk, plan, rehearsal, silent
from summarizer.settings import Settings
from summarizer.types import DiffReport
from summarizer.usage import NOTHING, Usage

if TYPE_CHECKING:
    from summarizer.prompts import Library

OTHER_ROOMS = ("cli", "render", "slackbot")  # rooms whose code no score depends on
SHIPPED = "shipped"  # the folders of an installed package with prompts and cases
CODE = {".py", ".toml", ".json", ".txt"}  # files of code, words, weights and rules

KEPT = (
    *("engine", "judge", "model", "decisions_model", "api", "recordings"),
    *("sentences", "chunk_tokens", "max_output_tokens", "temperature", "reasoning_effort"),
)
"""Settings that a run keeps; an address and headers may be secret."""

SERVER, ADDRESS = "server", "address_sha256"
"""What a run keeps of its server: the host, and a hash by which its address is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How cases are run, and what is kept of it.

    ``samples`` is how often a model is asked about each case; ``planted`` the folder of planted
    errors, if the judge is to be tested; ``scorers`` a file of Python with metrics of the user's
    own; ``record`` where the answers that the run needed are written to, to be replayed.
    """

    samples: int = 1
    planted: Path | None = None
    scorers: Path | None = None
    record: Path | None = None

    def samples_of(self, cases: Sequence[CaseFolder], desk: Desk) -> list[tuple[CaseFolder, int]]:
        """Return each case once, or several times where a model answers, with its sample."""
        times = self.samples if desk.session is not None else 1
        return [(case, sample) for case in cases for sample in range(times)]


ONCE = Trial()


def run_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    trial: Trial = ONCE,
    *,
    progress: Progress = silent,
    warn: Callable[[str], None] = lambda message: None,
) -> Run:
    """Run cases and score every report.

    Raises:
        UsageError: A case, or the settings, cannot be used.
        ServiceError: Not one case could be run, or none of those that follow could be.
        BudgetReached: The cap on cost was reached; the answers that came are kept.
    """
    with open_desk(settings, warn=warn) as desk:
        if trial.record is not None:
            _check_recordable(desk, settings)
        results, samples = list[CaseResult](), trial.samples_of(cases, desk)
        for done, (case, sample) in enumerate(samples):
            progress("cases", done, len(samples))
            own = desk_of_sample(desk, settings, sample)
            results.append(run_case(case, settings, own, sample, trial.scorers))
        progress("cases", len(samples), len(samples))
        _check_results(results)
        tested = _test_judge(cases, trial.planted, desk, warn)
        if trial.record is not None and desk.session is not None:
            save_recordings(desk.session.cache.rows(), trial.record)
        return Run(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            engine=desk.engine.name,
            judge=desk.judge.name,
            model=desk.model,
            code=code_digest(),
            prompts=dict(desk.prompts),
            digests={case.name: case.digest for case in cases},
            results=tuple(results),
            settings=_kept_settings(settings, desk),
            texts=_kept_prompts(desk),
            **tested,
        )


def desk_of_sample(desk: Desk, settings: Settings, sample: int = 0) -> Desk:
    """Return a desk for another sample, from 0, over the same connection."""
    session = desk.session
    if session is None:
        return Desk(desk.engine, desk.aligner, desk.judge)
    asker = replace(session.asker, sample=sample)
    decider = replace(session.decider, sample=sample)
    return desk.over(replace(session, asker=asker, decider=decider), settings)


def diff_case(case: Case, settings: Settings, desk: Desk) -> DiffReport:
    """Return the report on a case's articles. Errors are those of ``pipeline.diff``."""
    return diff([each.article for each in case.articles], settings, desk=desk)


def run_case(
    folder: CaseFolder, settings: Settings, desk: Desk, sample: int = 0, scorers: Path | None = None
) -> CaseResult:
    """Run a case once at a desk that is set for the sample, and score its report.

    What would fail with every other case too is raised: a ServiceError, or BudgetReached.
    """
    case, before = folder.load(), desk.usage(0.0)
    try:
        report = diff_case(case, settings, desk)
    except ServiceError as error:
        if error.hopeless:
            raise
        failed = (f"{type(error).__name__}: {error.message}",)
        return CaseResult(case=case.name, sample=sample, metrics={}, failures=failed)
    usage = report.usage - before
    gone = [error for error in desk.errors if isinstance(error, Unreachable)]
    if gone and not usage.calls and len(gone) == len(desk.errors):
        # Nobody answered a question about this case: so will it be with the others.
        raise gone[0]
    return CaseResult(
        case=case.name,
        sample=sample,
        metrics=score(case, report, scorers),
        usage=usage,
        failures=tuple(
            f"{failure.stage} of {failure.article.outlet if failure.article else 'all articles'}: "
            f"{failure.reason}: {failure.message}"
            for failure in report.failures
        ),
    )


def _test_judge(
    cases: Sequence[CaseFolder], planted: Path | None, desk: Desk, warn: Callable[[str], None]
) -> dict[str, Any]:
    if planted is None or not planted.is_dir():
        return {}
    before = desk.usage(0.0)
    try:
        metrics = add_up(try_judge(desk.judge, case, planted) for case in cases)
    except ServiceError as error:
        warn(f"The judge could not be tested on planted errors: {error.message}")
        metrics = {}
    return {
        "judge_metrics": metrics,
        "judge_usage": desk.usage(0.0) - before,
        "planted": files_digest(planted) if metrics else "",
    }


def _check_recordable(desk: Desk, settings: Settings) -> None:
    if desk.session is None:
        raise UsageError(
            "There is nothing to record: the offline engine and judge ask nobody.",
            hint="Name a model: --engine openai, with OPENAI_API_KEY or --base-url.",
        )
    if settings.cache == "off":
        raise UsageError(
            "--record and --no-cache exclude each other: what is recorded was stored.",
            hint="To ask everything again, use --refresh.",
        )


def _check_results(results: Sequence[CaseResult]) -> None:
    if results and not any(result.metrics for result in results):
        failure = results[0].failures[0]
        raise ServiceError(
            f"Not one case could be run. {results[0].case}: {failure}",
            hint="Take the prompts and settings of the recording, or record again: --record."
            if NotRecorded.__name__ in failure
            else "Run `summarize doctor`: it tells what the server can do.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalPlan:
    """What a run would ask, by stage: of each case, and the judge on planted errors."""

    cases: Mapping[str, Mapping[str, Usage]]
    planted: Mapping[str, Usage]

    @property
    def stages(self) -> Mapping[str, Usage]:
        """What all cases would ask together."""
        total: dict[str, Usage] = {}
        for stage, used in (item for stages in self.cases.values() for item in stages.items()):
            total[stage] = total.get(stage, NOTHING) + used
        return total

    @property
    def whole(self) -> Plan:
        """All stages, and those of the test on planted errors."""
        return Plan({**self.stages, **{f"{stage} (test)": u for stage, u in self.planted.items()}})


def plan_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    desk: Desk,
    trial: Trial = ONCE,
    progress: Progress = silent,
) -> EvalPlan:
    """Return what a run of these cases, and the test on planted errors, would do; send nothing."""
    planned: dict[str, dict[str, Usage]] = {case.name: {} for case in cases}
    samples = trial.samples_of(cases, desk) if desk.session is not None else []
    for done, (case, sample) in enumerate(samples):
        progress("cases", done, len(samples))
        articles = [each.article for each in case.load().articles]
        own, uses = desk_of_sample(desk, settings, sample), planned[case.name]
        for stage, used in plan(articles, settings, own, compare=True).stages.items():
            uses[stage] = uses.get(stage, NOTHING) + used
    return EvalPlan(cases=planned, planted=plan_tests(cases, trial.planted, settings, desk))


def plan_tests(
    cases: Sequence[CaseFolder], planted: Path | None, settings: Settings, desk: Desk
) -> Mapping[str, Usage]:
    """Return what trying the judge on planted errors would ask."""
    if planted is None or desk.session is None or not desk.judge.prompts:
        return {}
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    for case in cases:
        for article, kinds in planted_claims(planted, case):
            with suppress(SummarizerError):
                rehearsing.judge.judge(list(kinds), article)
    return chat.meter.stages()


@cache
def code_digest() -> str:
    """Return the SHA-256 of the code that scores depend on, in hexadecimal."""
    root = Path(summarizer.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in CODE):
        place = path.relative_to(root)
        if place.parts[0] not in OTHER_ROOMS and SHIPPED not in place.parts:
            digest.update(place.as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _kept_settings(settings: Settings, desk: Desk) -> dict[str, Any]:
    """Return the settings that a run at this desk depends on, with what was chosen by itself."""
    kept = {name: getattr(settings, name) for name in KEPT}
    if desk.session is not None:
        # Also OpenAI's own: the environment may name another server when it is made again.
        endpoint = desk.session.server.endpoint
        kept |= {SERVER: endpoint.host, ADDRESS: _address_hash(endpoint.base_url)}
        kept["model"] = desk.session.asker.model
    return kept | {"engine": desk.engine.name, "judge": desk.judge.name}


def _kept_prompts(desk: Desk) -> dict[str, PromptText]:
    if desk.session is None:
        return {}
    prompts = [desk.session.asker.prompts[name] for name, _ in desk.prompts]
    return {p.name: PromptText(version=p.version, reply=p.schema, text=p.text) for p in prompts}


@contextmanager
def reopen_desk(
    run: Run, settings: Settings, env: Mapping[str, str] = os.environ
) -> Iterator[tuple[Desk, Settings]]:
    """Open a desk where a run's answers are found again, for a ``with``, and its settings.

    Those it did not keep are as in ``settings``. A run that does not say how it was made, or asked
    a server that nobody knows here, is a UsageError.
    """
    if not run.settings:
        raise UsageError(
            f"The run of {run.at} does not say what it was made with.",
            hint="Make it again: `summarize eval run`, and bless it if it is a baseline.",
        )
    kept: dict[str, Any] = {name: run.settings[name] for name in KEPT if name in run.settings}
    chosen = replace(settings, **kept)
    if ADDRESS in run.settings and not chosen.recordings:
        chosen = replace(chosen, base_url=_stored_address(run, chosen, env))
    with open_desk(chosen, env=env, prompts=_library_of(run)) as desk:
        yield desk, chosen


def _stored_address(run: Run, settings: Settings, env: Mapping[str, str]) -> str:
    """Return the address that a run asked: the one that is set, or that of a stored answer."""
    from summarizer.llm.client import endpoint_of
    from summarizer.llm.store import Store, chosen_folder

    given = endpoint_of(settings, env).base_url
    with Store(chosen_folder(settings.cache_dir)) as store:
        rows = (store.get(entry.key) or {} for entry in store.entries())
        for address in chain([given], (row.get("endpoint") for row in rows)):
            if isinstance(address, str) and _address_hash(address) == run.settings[ADDRESS]:
                return address
    raise UsageError(
        f"No answers of {run.settings[SERVER]}, which the run of {run.at} asked, are stored here.",
        hint="Set base_url to its address, and cache_dir to where its answers are stored.",
    )


def _address_hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _library_of(run: Run) -> Library | None:
    """Return the prompts as the run had them; those it did not use are the shipped ones."""
    if not run.texts:
        return None
    from summarizer.prompts import Library, Prompt, load_prompts

    kept = {
        name: Prompt(
            name=name, version=t.version, schema=t.reply, purpose="", text=t.text, path=Path(name)
        )
        for name, t in run.texts.items()
    }
    return Library(tuple(kept.get(prompt.name, prompt) for prompt in load_prompts().prompts))
