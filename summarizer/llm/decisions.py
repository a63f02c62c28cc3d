"""The back end that speaks the Decisions API: many typed questions about one input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from summarizer.llm.api_errors import plain
from summarizer.llm.backends import SHOWN, conversation_item, send
from summarizer.llm.client import Endpoint
from summarizer.llm.prompt_count import PromptCounts
from summarizer.llm.reply import Outcome, Reply, count_tokens
from summarizer.llm.request import Question, Request

if TYPE_CHECKING:
    from openai import OpenAI


class DecisionsChat:
    """Asks through ``/decisions``. A ``Chat`` for requests that hold questions.

    Where the model declines every question, the outcome is that it refused; where it declines
    some, the reply is complete and has None in their places.

    Args:
        client: Who sends; it also tells which server is asked.
        mark: The run's random mark for the fence around untrusted text.
    """

    def __init__(self, client: OpenAI, *, mark: str) -> None:
        self._client = client
        self._mark = mark
        self._endpoint = Endpoint.of(str(client.base_url))
        self._counts = PromptCounts()

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        with self._counts.counting(request) as checked:
            answer = send(
                self._client.decisions.with_raw_response.create,
                self._body(request),
                endpoint=self._endpoint,
            )
            return checked(_read(answer, request))

    def _body(self, request: Request) -> dict[str, Any]:
        return {
            "model": request.model,
            "input": [
                {"type": "message"} | conversation_item(message.role, message.content)
                for message in request.fenced(self._mark)
            ],
            "questions": [
                {
                    "type": "predicate",
                    "name": question.name,
                    "instructions": question.instructions,
                }
                for question in request.questions
            ],
        }


def _read(answer: dict[str, Any], request: Request) -> Reply:
    model = str(answer.get("model") or request.model)
    tokens = count_tokens(answer.get("usage"))
    try:
        value = _probabilities(answer.get("answers"), request.questions)
    except ValueError as problem:
        detail = plain(str(problem), SHOWN)
        return Reply(outcome=Outcome.INVALID, detail=detail, model=model, tokens=tokens)
    if value and all(probability is None for probability in value):
        detail = "the model declined every question"
        return Reply(outcome=Outcome.REFUSED, detail=detail, model=model, tokens=tokens)
    return Reply(outcome=Outcome.COMPLETE, value=value, model=model, tokens=tokens)


def _probabilities(answers: object, questions: tuple[Question, ...]) -> list[float | None]:
    """Return the answer to each question, None where the model declined it.

    Raises:
        ValueError: They are not the answers to these questions.
    """
    if not isinstance(answers, list) or len(answers) != len(questions):
        count = len(answers) if isinstance(answers, list) else 0
        raise ValueError(f"{count} answers to {len(questions)} questions")
    return [_probability(a, q) for a, q in zip(answers, questions, strict=True)]


def _probability(answer: object, question: Question) -> float | None:
    if not isinstance(answer, dict):
        raise ValueError(f"no answer to {question.name}")
    if answer.get("name") not in (None, question.name):
        raise ValueError(f"the answer to {answer['name']} in the place of {question.name}")
    if answer.get("type") == "refusal":
        return None
    found = answer.get("probability")
    if answer.get("type") != "predicate" or isinstance(found, bool):
        raise ValueError(f"an answer of another type to {question.name}")
    if not isinstance(found, int | float) or not 0 <= found <= 1:
        raise ValueError(f"no probability from 0 to 1 for {question.name}")
    return float(found)
