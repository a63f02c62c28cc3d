"""A plug-in of ``llm``: the news diff with its models, and what its chats can do with articles."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
import llm

ADDRESS = "llm:"
"""What ``base_url`` says to ask the models of ``llm``."""

ASYNC_ADDRESS = "llm:async"
"""What it says to ask their asynchronous twins, which are given up when they take too long."""


@llm.hookimpl
def register_commands(cli: click.Group) -> None:
    """Add ``llm diff``."""

    @cli.command(name="diff", context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="INPUT...")
    @click.option("-m", "--model", metavar="MODEL", help="A model of llm.  [default: llm's own]")
    @click.option("--async", "asynchronous", is_flag=True, help="Send several requests at once.")
    def diff(arguments: tuple[str, ...], model: str | None, asynchronous: bool) -> None:
        """Compare the articles of several outlets on one event.

        INPUT are files, folders, globs and URLs; NAME=INPUT names the outlet. Every option of
        `newsdiff diff` works here too: -f md, -o report.html, --all, --engine extractive and
        others, which `newsdiff diff --help` lists.
        """
        from summarizer.cli.app import run

        chosen = ["--base-url", ASYNC_ADDRESS if asynchronous else ADDRESS]
        chosen += ["--model", model] if model else []
        sys.exit(run(["diff", *chosen, *arguments]))


@llm.hookimpl
def register_template_loaders(register: Callable[..., None]) -> None:
    """Add ``-t newsdiff:NAME``."""
    from llm_newsdiff.templates import load_template

    register("newsdiff", load_template)


@llm.hookimpl
def register_fragment_loaders(register: Callable[..., None]) -> None:
    """Add ``-f article:INPUT`` and ``-f newsdiff:INPUTS``."""
    from llm_newsdiff.articles import load_body, load_report

    register("article", load_body)
    register("newsdiff", load_report)


@llm.hookimpl
def register_tools(register: Callable[..., None]) -> None:
    """Add ``-T NewsDiff``."""
    from llm_newsdiff.tools import NewsDiff

    register(NewsDiff)
