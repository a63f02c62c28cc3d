"""From a stage's prompt to its reply: what engines and judges that ask a model share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.errors import AnswerTruncated, AnswerUnusable
from summarizer.llm.reply import Chat, Outcome, Reply
from summarizer.llm.request import (
    Lacking,
    Message,
    Part,
    Question,
    Request,
    Sampling,
    digest,
)
from summarizer.prompts import Library
from summarizer.schemas.replies import REPLIES

READER = "reader"
"""The prompt that begins every request: the rules that all stages share."""

STAGE_VERSIONS: Mapping[str, int] = {}
"""Stages whose replies are read differently than before, by name; 1 where not listed."""

_ADVICE = {
    Outcome.REFUSED: "The rest of the report stands; another model may take it.",
    Outcome.FILTERED: "The server's content filter stopped it; another server may not.",
    Outcome.INVALID: "Run `summarize doctor`: it tells whether the server keeps to a schema.",
    Outcome.TRUNCATED: "Raise max_output_tokens, or lower chunk_tokens.",
}


@dataclass(frozen=True, slots=True)
class PromptRunner:
    """Fills a stage's prompt, asks, and returns the reply as its model.

    Args:
        chat: Who is asked.
        model: The model's name.
        prompts: The texts of the stages.
        sampling: What the user set about how a model answers.
        sample: Which of several answers to one question is wanted, from 0.
    """

    chat: Chat
    model: str
    prompts: Library
    sampling: Sampling = field(default_factory=Sampling)
    sample: int = 0

    def request(
        self,
        stage: str,
        subject: str,
        values: Mapping[str, str],
        questions: Sequence[Question] = (),
        lacking: Lacking | None = None,
    ) -> Request:
        """Return the request of a stage.

        Args:
            stage: The prompt's name.
            subject: What it is about, for people.
            values: The prompt's variables.
            questions: Typed questions, where the stage asks no free ones.
            lacking: Says what an answer leaves out, see ``Request``.
        """
        reader, prompt = self.prompts[READER], self.prompts[stage]
        parts = [
            Part(name=f"prompt {READER}", sha256=reader.sha256),
            Part(name=f"prompt {stage}", sha256=prompt.sha256),
            *(Part(name=f"${name}", sha256=digest(value)) for name, value in values.items()),
        ]
        return Request(
            stage=stage,
            model=self.model,
            messages=(
                Message("system", reader.fill().strip()),
                Message("user", prompt.fill(**values).strip()),
            ),
            shape=None if questions else REPLIES[prompt.schema],
            questions=tuple(questions),
            sampling=self.sampling,
            stage_version=STAGE_VERSIONS.get(stage, 1),
            sample=self.sample,
            subject=subject,
            parts=tuple(parts),
            lacking=lacking,
        )

    def ask(self, request: Request) -> object:
        """Return the reply to a request, as its model.

        Raises:
            AnswerTruncated: The answer did not fit.
            AnswerUnusable: The model declined, or wrote nothing of the shape asked for.
            ServiceError: The server did not answer.
            BudgetReached: The request would pass the cap on cost.
        """
        reply = self.chat.ask(request)
        if reply.outcome is not Outcome.COMPLETE:
            raise _unusable(request, reply)
        return request.check(reply.value)


def _unusable(request: Request, reply: Reply) -> AnswerUnusable:
    kind = AnswerTruncated if reply.outcome is Outcome.TRUNCATED else AnswerUnusable
    told = f": {reply.detail.rstrip('.')}" if reply.detail else ""
    return kind(
        f"{request.stage} of {request.subject}: the answer is {reply.outcome.value}{told}.",
        hint=_ADVICE.get(reply.outcome, ""),
    )
