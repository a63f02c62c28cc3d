"""A row of planted errors: a sentence, the article it is put to, and whether that has it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Text = Annotated[str, Field(min_length=1)]


class PlantedRow(BaseModel):
    """One row.

    ``article`` is the label of an article of the case; ``twin_of`` the id of the faithful row
    that the error was put into.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    case: Text
    kind: Text
    article: Text
    claim: Text
    label: Literal["supported", "unsupported"]
    twin_of: str | None = None


def parse_row(line: str) -> PlantedRow:
    """Return a line of JSON as a row.

    Raises:
        ValueError: It is none; the message says why.
    """
    try:
        return PlantedRow.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None
