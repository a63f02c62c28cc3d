"""The documents that go with an answer: a name, and who writes it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from summarizer.types import DiffReport


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kind of document.

    Args:
        name: What it is asked for by, and the ending of its file.
        module: Where its renderer is; loaded when a report is written.
        renderer: The function that takes a report and returns the document.
    """

    name: str
    module: str
    renderer: str

    def written(self, report: DiffReport) -> str:
        """Return the document of a report."""
        render: Callable[[DiffReport], str] = getattr(import_module(self.module), self.renderer)
        return render(report)


ATTACHMENTS: tuple[Attachment, ...] = (
    Attachment("html", "summarizer.render.html", "to_html"),
    Attachment("json", "summarizer.render.json", "to_json"),
)
