"""What a sentence does to its reader: tells what to write or do, or asks."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Form(StrEnum):
    """What a sentence does to its reader."""

    WRITE = "tells the reader what to write"
    WRITE_THAT = "tells the reader what to state"
    SILENCE = "tells the reader what not to write"
    GIVE = "asks for something to be given to the writer"
    ACT = "tells the reader what to do"
    REQUEST = "asks the reader to do something"
    DUTY = "says what the reader must do"
    HOW_TO = "asks the reader for help"
    LOOKUP = "asks for something to be looked up"
    QUESTION = "asks a question"
    WHETHER = "asks whether something is so"


class Order(NamedTuple):
    """The form of a sentence and its verb, folded; the verb is empty for a question."""

    form: Form
    verb: str
