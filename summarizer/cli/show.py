"""A finished report handed over: to a stream, to a file, to the reader's browser."""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path

from summarizer.cli.screen import Voice, emit


def deliver(document: str, output: Path | None, *, open: bool, voice: Voice) -> None:
    """Write ``document`` where it was wanted, and open it in the browser if that was asked."""
    if open and (output is None or str(output) == "-"):
        # Kept when the command ends: the browser reads it later.
        output = Path(tempfile.mkdtemp(prefix="summarizer-")) / "report.html"
    emit(document, output)
    if open and output is not None and not webbrowser.open(output.resolve().as_uri()):
        voice.warn(f"no browser could be started; the report is in {output}")
    elif open:
        voice.note(f"The report is in {output}.")
