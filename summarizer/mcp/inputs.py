"""What a tool may read: texts, public web pages, and files below the folders that were allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from summarizer.errors import InputError, UnreadableSource, UnusableText, UsageError
from summarizer.sources import read_article
from summarizer.types import Article

LONGEST_TEXT = 1_000_000
"""Code points of one text or page that is given with a call: a long novel."""

MOST_ARTICLES = 40
"""Articles of one diff; `summarize stories` and the command line take more."""


class ArticleInput(BaseModel):
    """One article, given in exactly one of four ways: path, url, text or html."""

    path: Annotated[str | None, Field(description="A file below a folder that is allowed.")] = None
    url: Annotated[str | None, Field(description="The public web page of the article.")] = None
    text: Annotated[str | None, Field(description="The article's text itself.")] = None
    html: Annotated[str | None, Field(description="The HTML of the article's page.")] = None
    outlet: Annotated[str | None, Field(description="Who published it.")] = None
    title: Annotated[str | None, Field(description="Its headline.")] = None
    published: Annotated[str | None, Field(description="Its day, as 2026-11-29.")] = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the articles of a call. ``roots`` are the folders below which files may be read."""

    roots: tuple[Path, ...] = ()

    def read(self, given: ArticleInput) -> Article:
        """Return the article that an input gives or names.

        Raises:
            UsageError: It is not given in exactly one way.
            InputError: It may not or cannot be read, or holds no article.
        """
        ways = [way for way in ("path", "url", "text", "html") if getattr(given, way) is not None]
        if len(ways) != 1:
            raise UsageError(
                "An article is given in exactly one way.", "Give one of path, url, text and html."
            )
        content = given.text if given.text is not None else given.html
        if content is not None:
            if len(content) > LONGEST_TEXT:
                raise UnusableText(
                    f"The text has {len(content):,} characters, more than {LONGEST_TEXT:,}.",
                    "Give the article alone.",
                )
            make = Article.from_text if given.text is not None else Article.from_html
            return make(content, outlet=given.outlet, title=given.title, published=given.published)
        if given.url is not None:
            if not given.url.startswith(("http://", "https://")):
                raise UsageError(f"{given.url} is no web address.", "Give one with https://.")
            return read_article(given.url, outlet=given.outlet)
        return read_article(self._allowed(given.path or ""), outlet=given.outlet)

    def _allowed(self, path: str) -> Path:
        """Return a file's real path.

        Raises:
            UnreadableSource: It is not below an allowed folder, or is no plain file.
        """
        refused = UnreadableSource(
            f"{path} may not be read: it is not below a folder that this server was started with.",
            "Give the words of the article as text; whoever starts the server says which folders "
            "may be read.",
        )
        try:
            real = Path(path).expanduser().resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            raise refused from None
        if not any(real.is_relative_to(root) for root in self.roots):
            raise refused
        if not real.is_file():
            raise UnreadableSource(f"{path} is no file.", "Give the files one by one.")
        return real


def check_number(articles: Sequence[ArticleInput]) -> None:
    """Check that a diff is of two articles or more, and not of too many.

    Raises:
        InputError: It is not.
    """
    if not 2 <= len(articles) <= MOST_ARTICLES:
        raise InputError(
            f"A diff is of 2 to {MOST_ARTICLES} articles, and {len(articles)} were given.",
            "Give the articles of several outlets on one event.",
        )
