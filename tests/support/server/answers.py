"""What a model answers, before it is put on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from tests.support.server.asked import Asked


class Ending(Enum):
    """Why a model stopped."""

    DONE = auto()
    LENGTH = auto()
    FILTER = auto()
    REFUSAL = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, or for questions the probability of each, None where that one is declined."""

    text: str = ""
    ending: Ending = Ending.DONE
    probabilities: tuple[float | None, ...] = ()


class Model(Protocol):
    """Answers what is asked; sees the prompt and the schema that it is held to, no more."""

    def answer(self, asked: Asked) -> Answer:
        """Return the answer."""
