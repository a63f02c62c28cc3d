"""From a stage's prompt to its reply, asked once more where an answer is of no use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from summarizer.errors import AnswerTruncated, AnswerUnusable, BudgetReached, ServiceError
from summarizer.llm.request import (
    Chat,
    Lacking,
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    Sampling,
    digest,
)
from summarizer.prompts import Library
from summarizer.schemas import REPLIES

WRITTEN_SHOWN, PROBLEM_SHOWN = 2_000, 500
"""Characters of its own answer that a model is shown again, and of what is wrong with it: enough
to see the shape. A model that repeated itself to the limit would otherwise double the prompt."""

ONCE_MORE = (
    "Your answer could not be used: {problem}\n"
    "Answer again, with the JSON of the schema only, complete, and nothing before or after it."
)
READER = "reader"  # the prompt that begins every request: the rules that all stages share

_ADVICE = {
    Outcome.REFUSED: "The rest of the report stands; another model may take it.",
    Outcome.FILTERED: "The server's content filter stopped it; another server may not.",
    Outcome.INVALID: "Run `summarize doctor`: it tells whether the server keeps to a schema.",
    Outcome.TRUNCATED: "Raise max_output_tokens, or lower chunk_tokens.",
}


@dataclass(frozen=True, slots=True)
class ReaskingChat:
    """Checks complete answers against their shape, and asks once more where one fails.

    It stands inside the cache, so that only what passed is stored, for the request as it was
    first asked. An answer that was refused, cut short or filtered is passed on as it is: asking
    again in other words does not change it.
    """

    inner: Chat

    def ask(self, request: Request) -> Reply:
        """Ask, and once more if the answer is invalid or lacks something; see ``Chat.ask``.

        The second answer counts, unless only the first can be used.
        """
        first = _check_reply(request, self.inner.ask(request))
        if first.outcome is not Outcome.INVALID and not first.lacks:
            return first
        try:
            second = _check_reply(request, self.inner.ask(_once_more(request, first)))
        except (ServiceError, BudgetReached):
            if first.lacks:
                return first
            raise
        better = second
        if first.lacks and second.outcome is not Outcome.COMPLETE:
            better = first
        elif second.outcome is Outcome.INVALID:
            better = replace(second, detail=f"{second.detail} (asked twice)".strip())
        tokens, calls = first.tokens + second.tokens, first.calls + second.calls
        return replace(better, tokens=tokens, calls=calls)


def _check_reply(request: Request, reply: Reply) -> Reply:
    """Return a reply with what it lacks, or as invalid where it is not what was asked for."""
    if reply.outcome is not Outcome.COMPLETE:
        return reply
    text = reply.text or json.dumps(reply.value, ensure_ascii=False)
    try:
        answer = request.check(reply.value)
        omitted = request.lacking(answer) if request.lacking else ""
    except ValueError as problem:
        return replace(reply, outcome=Outcome.INVALID, value=None, text=text, detail=str(problem))
    lacks = "; ".join(filter(None, (reply.lacks, omitted)))
    return replace(reply, text=text, lacks=lacks) if lacks else reply


def _once_more(request: Request, reply: Reply) -> Request:
    """Return the request that follows an answer of no use; after typed ones, the same."""
    if request.questions:
        return request
    reason = " ".join((reply.lacks or reply.detail).split())
    problem = reason[:PROBLEM_SHOWN] or "it is not JSON."
    written = reply.text.strip()[:WRITTEN_SHOWN] or "(nothing)"
    messages = (Message("assistant", written), Message("user", ONCE_MORE.format(problem=problem)))
    return replace(request, messages=(*request.messages, *messages))


@dataclass(frozen=True, slots=True)
class PromptRunner:
    """Fills a stage's prompt, asks, and returns the reply as its model.

    ``sample`` is which of several answers to one question is wanted, from 0.
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
        """Return the request of a stage: its prompt, filled with the values of its variables.

        With ``questions``, these are asked, and nothing is written. ``subject`` is what it is
        about, for people; ``lacking`` says what an answer leaves out, see ``Request``.
        """
        reader, prompt = self.prompts[READER], self.prompts[stage]
        parts = {f"prompt {READER}": reader.sha256, f"prompt {stage}": prompt.sha256}
        parts |= {f"${name}": digest(value) for name, value in values.items()}
        system = Message("system", reader.fill().strip())
        return Request(
            stage=stage,
            model=self.model,
            messages=(system, Message("user", prompt.fill(**values).strip())),
            shape=None if questions else REPLIES[prompt.schema],
            questions=tuple(questions),
            sampling=self.sampling,
            sample=self.sample,
            subject=subject,
            parts=parts,
            lacking=lacking,
        )

    def ask(self, request: Request) -> object:
        """Return the reply to a request, as its model; for errors see ``Chat.ask``.

        An answer that did not fit is an AnswerTruncated, one of no use an AnswerUnusable.
        """
        reply = self.chat.ask(request)
        if reply.outcome is Outcome.COMPLETE:
            return request.check(reply.value)
        kind = AnswerTruncated if reply.outcome is Outcome.TRUNCATED else AnswerUnusable
        detail = f": {reply.detail.rstrip('.')}" if reply.detail else ""
        message = f"{request.title}: the answer is {reply.outcome.value}{detail}."
        raise kind(message, hint=_ADVICE.get(reply.outcome, ""))
