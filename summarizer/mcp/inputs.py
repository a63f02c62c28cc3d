"""What a tool may read: texts, public web pages, and files below the folders that were allowed."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import BaseModel, ConfigDict, Field

from summarizer.errors import UnreadableSource, UnusableText, UsageError
from summarizer.sources.reading import ReadOptions, read_article
from summarizer.types import Article

LONGEST_TEXT = 1_000_000  # code points of one text or page that is given with a call: a long novel
Name = Annotated[str | None, Field(max_length=300)]
Place = Annotated[str | None, Field(max_length=4_096)]


class ArticleInput(BaseModel):
    """One article, given in exactly one of four ways: path, url, text or html."""

    model_config = ConfigDict(extra="forbid")

    path: Annotated[Place, Field(description="A file below a folder that is allowed.")] = None
    url: Annotated[Place, Field(description="The public web page of the article.")] = None
    text: Annotated[str | None, Field(description="The article's text itself.")] = None
    html: Annotated[str | None, Field(description="The HTML of the article's page.")] = None
    outlet: Annotated[Name, Field(description="Who published it.")] = None
    title: Annotated[Name, Field(description="Its headline.")] = None
    published: Annotated[Name, Field(description="Its day, as 2026-11-29.")] = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the articles of a call."""

    roots: tuple[Path, ...] = ()  # the real folders below which files may be read
    allow_private: bool = False  # fetch from private, loopback and link-local addresses too

    def read(self, given: ArticleInput) -> Article:
        """Return the article of an input that gives it in exactly one way (else a UsageError).

        Raises InputError where it may not or cannot be read, or holds no article.
        """
        about = given.model_dump(include={"outlet", "title", "published"})
        ways = given.model_dump(include={"path", "url", "text", "html"}, exclude_none=True)
        if len(ways) != 1:
            hint = "Give one of path, url, text and html."
            raise UsageError("An article is given in exactly one way.", hint)
        ((way, content),) = ways.items()
        if way == "path":
            root, inside = self._find_file(content)
            options = ReadOptions(open_file=lambda _: _open_below(root, inside))
            return read_article(root / inside, options=options, **about)
        if way == "url":
            if not content.startswith(("http://", "https://")):
                raise UsageError(f"The url {content} is no web address.", "Begin with https://.")
            options = ReadOptions(allow_private_urls=self.allow_private)
            return read_article(content, options=options, **about)
        if len(content) > LONGEST_TEXT:
            raise UnusableText(
                f"The {way} has {len(content):,} characters, more than {LONGEST_TEXT:,}.",
                "Give the article alone, or several parts of it as articles.",
            )
        make = Article.from_text if way == "text" else Article.from_html
        return make(content, **about)

    def _find_file(self, path: str) -> tuple[Path, Path]:
        """Return the folder that is allowed and the way of a file from there, without links."""
        if not self.roots:
            raise UnreadableSource(
                "A path is not taken: this server reads no files.",
                "Give the article as text, html or url.",
            )
        for root in self.roots:
            try:
                real = (root / Path(path).expanduser()).resolve(strict=True)
                inside = real.relative_to(root)
            except (OSError, RuntimeError, ValueError):
                continue
            if real.is_file():
                return root, inside
        raise UnreadableSource(
            f"The path {path} is no file below a folder that this server may read.",
            "Give another path, or the article as text, html or url.",
        )


def _open_below(root: Path, inside: Path) -> BinaryIO:
    """Open a plain file from folder to folder, so that no link put there meanwhile leads away."""
    if os.open not in os.supports_dir_fd:  # Windows, where making a link is a privilege
        return (root / inside).open("rb")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    opened = os.open(root, flags)
    for name in inside.parts:
        above = opened
        try:
            opened = os.open(name, flags, dir_fd=above)
        finally:
            os.close(above)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "it is no plain file")
    return os.fdopen(opened, "rb")
