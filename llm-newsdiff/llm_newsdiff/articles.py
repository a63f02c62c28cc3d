"""Fragments: the body of an article, and the report on several."""

from __future__ import annotations

import shlex

import llm

from summarizer import diff, read_article, to_markdown
from summarizer.errors import SummarizerError
from summarizer.screening.screen import screen
from summarizer.settings import load


def load_body(source: str) -> llm.Fragment:
    """Return an article without what surrounds it and without what speaks to a machine.

    Args:
        source: A path or a URL.

    Raises:
        ValueError: It cannot be read, or holds no article.
    """
    try:
        article = screen(read_article(source)).article
    except SummarizerError as error:
        raise in_words(error) from None
    head = [article.title, article.outlet, str(article.published or "")]
    body = "\n\n".join(span.of(article.text).strip() for span in article.body)
    return llm.Fragment("\n".join([*filter(None, head), "", body]), f"article:{source}")


def load_report(sources: str) -> llm.Fragment:
    """Return the report on several articles as Markdown.

    Args:
        sources: Paths, folders, globs and URLs, with spaces between them.

    Raises:
        ValueError: They cannot be read, or compared.
    """
    try:
        report = diff(list(shlex.split(sources)), load())
    except SummarizerError as error:
        raise in_words(error) from None
    return llm.Fragment(to_markdown(report), f"newsdiff:{sources}")


def in_words(error: SummarizerError) -> ValueError:
    """Return an error that says what to do next; ``llm`` shows the message alone."""
    return ValueError(f"{error.message} {error.hint}".strip())
