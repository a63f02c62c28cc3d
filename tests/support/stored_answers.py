"""Requests and answers for the tests of what is stored, and a chat that counts."""

from __future__ import annotations

from dataclasses import replace

from summarizer.llm.request import Message, Outcome, Question, Reply, Request
from summarizer.schemas import REPLIES
from summarizer.usage import Usage

HOME = "http://127.0.0.1:8080/v1"
VALUE = {"summary": [{"sentences": [1], "text": "The ferry Meridian ran aground."}]}
TOKENS = Usage(calls=1, input_tokens=900, cached_input_tokens=512, output_tokens=40)
REQUEST = Request(
    stage="summarize_claims",
    model="large-1",
    messages=(Message("system", "Summarize."), Message("user", "1: The ferry ran aground.")),
    shape=REPLIES["summary"],
    subject="harbor-gazette.txt",
    parts={"prompt summarize_claims": "11", "article": "22"},
)
QUESTIONS = replace(
    REQUEST, shape=None, questions=(Question("q1", "It ran aground."), Question("q2", "It sank."))
)


class Scripted:
    """A chat that answers as it was told to, and counts."""

    def __init__(self, *script: Reply | Exception) -> None:
        self.asked: list[Request] = []
        self._script = list(script)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        step = self._script.pop(0) if self._script else complete()
        if isinstance(step, Exception):
            raise step
        return step


def complete(value: object = VALUE) -> Reply:
    return Reply(outcome=Outcome.COMPLETE, value=value, model="large-1-2026", usage=TOKENS)


def noon() -> float:
    return 1_790_000_000.0
