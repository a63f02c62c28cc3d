"""The command line: arguments in, the pipeline, a renderer, an exit code."""

from summarizer.cli.app import main, newsdiff

__all__ = ["main", "newsdiff"]
