"""What each prompt is filled with and answered by: fixed by the code that sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NO_SCHEMA = "none"
"""What the front matter of a prompt says that is not answered with JSON."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the code gives a prompt and expects of it.

    Args:
        schema: The reply it is answered with, by its name in ``summarizer.schemas.replies``.
        variables: What it is filled with; a text has to use each of them, and no other.
    """

    schema: str
    variables: frozenset[str] = frozenset()


STAGES: Mapping[str, Stage] = {
    "reader": Stage(NO_SCHEMA),
    "extract_claims": Stage("reading", frozenset({"article", "limit"})),
    "add_claims": Stage("claims", frozenset({"article", "omissions"})),
    "summarize_claims": Stage("summary", frozenset({"claims", "limit"})),
    "align_claims": Stage("alignment", frozenset({"story"})),
    "verify_statements": Stage("findings", frozenset({"article", "statements"})),
    "decide_claims": Stage(NO_SCHEMA, frozenset({"article"})),
    "ask_reported": Stage(NO_SCHEMA, frozenset({"claim"})),
    "ask_contradicted": Stage(NO_SCHEMA, frozenset({"claim"})),
}
"""Every prompt by name, in the order of a run."""
