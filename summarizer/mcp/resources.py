"""The resources of the MCP server: stored reports as a whole, long ones in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from pydantic import Field

from summarizer.errors import SummarizerError
from summarizer.mcp.answers import in_words
from summarizer.mcp.store import ReportStore
from summarizer.render.html import to_html
from summarizer.render.json import to_json
from summarizer.render.markdown import to_markdown
from summarizer.types import DiffReport

PART_CHARACTERS = 250_000
"""Of a resource that is read at once; a longer one is read in parts. Origin: the SDK's own client
takes events of 1,048,576 bytes at most, and a character is up to four bytes."""

FORMS: Mapping[str, tuple[str, Callable[[DiffReport], str]]] = {
    "json": ("application/json", to_json),
    "html": ("text/html", to_html),
    "markdown": ("text/markdown", to_markdown),
}
"""The forms of a stored report: the type of each, and what writes it."""


def add_resources(server: MCPServer[Any], store: ReportStore) -> None:
    """Let a server offer the stored reports in each form."""
    for form, (mime_type, write) in FORMS.items():
        _add_resource(server, store, form, mime_type, write)


def _add_resource(
    server: MCPServer[Any],
    store: ReportStore,
    form: str,
    mime_type: str,
    write: Callable[[DiffReport], str],
) -> None:
    @server.resource(
        f"report://{{report_id}}/{form}{{?part}}",
        name=f"report_as_{form}",
        description=f"The whole report as {form}; a long one by its parts, from ?part=0 on.",
        mime_type=mime_type,
    )
    def read(report_id: str, part: Annotated[int, Field(ge=0)] | None = None) -> str:
        try:
            text = write(store.get(report_id))
        except SummarizerError as error:
            raise ResourceNotFoundError(in_words(error)) from None
        if part is None and len(text) > PART_CHARACTERS:
            raise ResourceError(
                f"The report has {len(text):,} characters. Read the parts "
                f"report://{report_id}/{form}?part=0 to {len(text) // PART_CHARACTERS}."
            )
        start = (part or 0) * PART_CHARACTERS
        return text[start : start + PART_CHARACTERS]
