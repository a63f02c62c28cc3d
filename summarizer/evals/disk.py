"""What evals leave on disk: the file of a run and the file of a baseline.

Both say which version of their format they are; nothing unknown is let in, so that a slip
in a file edited by hand does not pass for a floor.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

ROUNDING = 1e-9
"""By how much the hits of a derived metric may pass what they are of."""


class OnDisk(BaseModel):
    """A part of a file: nothing unknown, nothing changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RatioFile(OnDisk):
    """So many of so many; of none is a state of its own."""

    hits: Amount
    of: Amount

    @model_validator(mode="after")
    def _not_more_than_all(self) -> Self:
        if self.hits > self.of * (1 + ROUNDING) + ROUNDING:
            raise ValueError(f"{self.hits} of {self.of} is more than all")
        return self


class UsageFile(OnDisk):
    """What a case took. Tokens are the server's own count; a null price is unknown."""

    calls: Count = 0
    cached_calls: Count = 0
    input_tokens: Count = 0
    cached_input_tokens: Count = 0
    output_tokens: Count = 0
    cost_usd: Amount | None = None
    seconds: Amount = 0.0


class CaseResultFile(OnDisk):
    """One case run once."""

    case: str
    sample: Count
    metrics: dict[str, RatioFile]
    usage: UsageFile = UsageFile()
    failures: list[str] = []


class PromptText(OnDisk):
    """All of a prompt that decides answers."""

    version: int
    reply: str = Field(description="The name of the schema of its reply.")
    text: str


Setting = str | int | float | bool | None


class RunFile(OnDisk):
    """All cases run once or several times with one configuration."""

    schema_version: Literal[1] = 1
    at: str = Field(description="ISO 8601, UTC.")
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: dict[str, str] = Field(description="SHA-256 of each prompt by name.")
    digests: dict[str, str] = Field(description="SHA-256 of each case's labels and articles.")
    settings: dict[str, Setting] = Field(default={}, description="What it was made with.")
    texts: dict[str, PromptText] = Field(default={}, description="The prompts by name.")
    judge_metrics: dict[str, RatioFile] = {}
    judge_usage: UsageFile = UsageFile()
    planted: str = Field(default="", description="SHA-256 of the planted errors.")
    results: list[CaseResultFile]


class MarkFile(OnDisk):
    """What was observed, and what must not be fallen short of (null: not gated)."""

    floor: Share | None
    observed: Share | None


class BaselineFile(OnDisk):
    """The floors of one configuration. Written by ``summarize eval bless`` only."""

    schema_version: Literal[1] = 1
    name: str
    at: str = Field(description="When the run began that was blessed: ISO 8601, UTC.")
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: dict[str, str]
    settings: dict[str, Setting] = {}
    texts: dict[str, PromptText] = {}
    digests: dict[str, str]
    judge_metrics: dict[str, MarkFile]
    planted: str = ""
    means: dict[str, MarkFile]
    cases: dict[str, dict[str, MarkFile]]


def parsed(model: type[OnDisk], document: str | bytes) -> dict[str, Any]:
    """Return the checked contents of a file as plain values.

    Raises:
        ValueError: It is not JSON, or not of this shape; the message names the first place.
    """
    try:
        return model.model_validate_json(document).model_dump()
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None


def checked(model: type[OnDisk], values: dict[str, Any]) -> dict[str, Any]:
    """Return plain values as they are written to a file, in the order of the model."""
    return model.model_validate(values).model_dump()
