"""From what the arguments name to articles: bytes, text, body, and who published it."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from summarizer.errors import InputError, UnreadableSource, UnusableText, UsageError
from summarizer.sources.decode import declared_charset, decode
from summarizer.sources.formats import (
    FrontMatter,
    Mail,
    is_markdown,
    read_front_matter,
    read_mail,
    read_markdown,
    refuse_data,
    unquoted,
)
from summarizer.sources.inputs import STDIN, Input, expand
from summarizer.sources.outlets import distinct, outlet_of_file, outlet_of_url
from summarizer.types import Article, OutletFrom, Span

if TYPE_CHECKING:
    from summarizer.sources.fetch import Fetched
    from summarizer.sources.page import PageReading

MAX_MEGABYTES = 20
"""Of one file or stream, in millions of bytes: a novel is 1 MB, so more is not one article."""

PIPE_SECONDS = 20
"""How long a named pipe is waited for that nobody writes to."""

GIVEN_TEXT, _GIVEN = "text", "The text"
"""The source of an article that a program gave as a text, and what errors call it."""

_LONGEST_NAME = 4096
"""Code points; no path and no URL of this use is longer."""

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_MAIL_SUFFIXES = frozenset({".eml"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SNIFFED = 2_000  # code points in which a page without a telling name must show it is HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How sources are read.

    Args:
        allow_private_urls: Fetch from private, loopback and link-local addresses too.
        stdin: What ``-`` is; standard input by default.
        fetch: Returns the page at an address; ``sources.fetch.fetch`` by default.
        open_file: Opens a file to be read as bytes; ``Path.open`` by default.
    """

    allow_private_urls: bool = False
    stdin: BinaryIO | None = None
    fetch: Callable[[str], Fetched] | None = None
    open_file: Callable[[Path], BinaryIO] | None = None


class ReadResult(NamedTuple):
    """The articles, in the order they were named, and why the other inputs gave none."""

    articles: tuple[Article, ...]
    problems: tuple[InputError, ...]


class _Bytes(NamedTuple):
    data: bytes
    url: str | None = None
    content_type: str | None = None
    charset: str | None = None


class _Text(NamedTuple):
    text: str
    reading: PageReading
    matter: FrontMatter
    warnings: tuple[str, ...]


def read_articles(inputs: Sequence[str], *, options: ReadOptions | None = None) -> ReadResult:
    """Return the articles that ``inputs`` name, and a problem for each that gave none.

    What is wrong with an input is returned and not raised, so that every problem can be
    told with its hint: where none of them gave an article, ``articles`` is empty.

    Args:
        inputs: Paths, folders, globs, ``-`` and URLs, each perhaps as ``outlet=...``.
        options: How they are read.
    """
    options = options or ReadOptions()
    expanded = expand(inputs)
    articles: list[Article] = []
    problems = list(expanded.problems)
    for item in expanded.inputs:
        try:
            articles.append(_article(item, len(articles) + 1, options))
        except InputError as error:
            problems.append(error)
    return ReadResult(distinct(articles), tuple(problems))


def read_article(
    source: str | Path,
    *,
    outlet: str | None = None,
    title: str | None = None,
    published: date | str | None = None,
    options: ReadOptions | None = None,
) -> Article:
    """Return the one article at ``source``, a path, a URL, or ``-`` for standard input.

    Args:
        source: Where it is.
        outlet: Who published it; looked for in the article if it is not given.
        title: Its headline; looked for likewise.
        published: Its day, as a date or as "2026-11-29"; looked for likewise.
        options: How it is read.

    Raises:
        InputError: There is not exactly one article there.
        UsageError: The day is none.
    """
    day = _day(published)
    expanded = expand([str(source)])
    if expanded.problems:
        raise expanded.problems[0]
    if len(expanded.inputs) > 1:
        raise UnreadableSource(f"{source} is more than one file.", "Read them with read_articles.")
    item = expanded.inputs[0]
    item = replace(item, outlet=outlet or item.outlet)
    article = _article(item, 1, options or ReadOptions())
    return replace(article, title=title or article.title, published=day or article.published)


def gather_articles(
    sources: Sequence[Article | str | Path], *, options: ReadOptions | None = None
) -> tuple[Article, ...]:
    """Return articles as they are, with those that paths, globs and URLs among them name.

    Raises:
        UsageError: One of the sources is neither an article nor a path nor a URL.
        InputError: One of them cannot be read.
    """
    if isinstance(sources, (str, Path, Article)):
        raise UsageError("One source was given where a list is needed.", "Give them in a list.")
    articles: list[Article] = []
    for source in sources:
        if isinstance(source, Article):
            articles.append(source)
            continue
        if not isinstance(source, (str, Path)):
            raise UsageError(
                f"An article, a path or a URL is needed, and not a {type(source).__name__}.",
                "Make an article of a text with Article.from_text, of a page with from_html.",
            )
        if len(str(source)) > _LONGEST_NAME or "\n" in str(source):
            raise UsageError(
                "A path or a URL is needed, and this is a text.",
                "Make an article of it with Article.from_text.",
            )
        articles_read, problems = read_articles([str(source)], options=options)
        if problems:
            raise problems[0]
        articles.extend(articles_read)
    return tuple(articles)


def article_from(
    text: str,
    *,
    is_html: bool = False,
    outlet: str | None = None,
    title: str | None = None,
    published: date | str | None = None,
    url: str | None = None,
) -> Article:
    """Return the article in a text or a page; ``Article.from_text`` says what is what.

    Raises:
        InputError: There is no article in it.
        UsageError: The day is none.
    """
    if len(text) > MAX_MEGABYTES * 1_000_000:
        raise _too_large(_GIVEN)
    day = _day(published)
    item = Input(source=url or GIVEN_TEXT, outlet=outlet)
    if is_html:
        content = _read_html(text, url, _GIVEN, ())
    else:
        refuse_data(text, _GIVEN)
        content = _read_words(text, "", _GIVEN, ())
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    article = _made(item, 1, _GIVEN, content, digest, url)
    return replace(article, title=title or article.title, published=day or article.published)


def _day(published: date | str | None) -> date | None:
    if not isinstance(published, str):
        return published
    try:
        return date.fromisoformat(published[: len("2026-11-29")])
    except ValueError:
        raise UsageError(
            f"{published} is not a day.", 'Give a date, or its text as in "2026-11-29".'
        ) from None


def _article(item: Input, number: int, options: ReadOptions) -> Article:
    raw = _read_bytes(item, options)
    content = _read_text(item, raw)
    return _made(item, number, _name(item), content, hashlib.sha256(raw.data).hexdigest(), raw.url)


def _made(
    item: Input, number: int, name: str, found: _Text, digest: str, url: str | None
) -> Article:
    """Return the article that a text holds.

    Raises:
        UnusableText: It holds none.
    """
    reading, matter = found.reading, found.matter
    warnings = (*found.warnings, *matter.warnings, *reading.warnings)
    if not reading.body:
        raise _no_article(name, [w.replace("is empty", "holds no article") for w in warnings])
    if item.times > 1:
        warnings += (f"{name} was given {item.times} times and read once",)
    url = matter.url or url
    outlet, outlet_from = _outlet(item, number, url, found)
    return Article(
        id=f"a{number}",
        source=item.source,
        sha256=digest,
        text=found.text,
        body=tuple(Span(s.start + matter.end, s.end + matter.end) for s in reading.body),
        outlet=outlet,
        outlet_from=outlet_from,
        title=matter.title or reading.title,
        byline=matter.byline or reading.byline,
        published=matter.published or reading.published,
        language=reading.language,
        url=url,
        credits=reading.credits,
        warnings=warnings,
    )


def _outlet(item: Input, number: int, url: str | None, found: _Text) -> tuple[str, OutletFrom]:
    """Return the outlet's name from the surest place that has one."""
    reading = found.reading
    in_metadata = reading.outlet if reading.outlet_from is not OutletFrom.TEXT else None
    places = (
        (item.outlet, OutletFrom.FLAG),
        (found.matter.outlet, OutletFrom.FRONT_MATTER),
        (in_metadata, OutletFrom.METADATA),
        (outlet_of_url(url) if url else None, OutletFrom.METADATA),
        (reading.outlet, OutletFrom.TEXT),
        (outlet_of_file(item.path.name) if item.path else None, OutletFrom.FILENAME),
    )
    for name, place in places:
        if name and name.strip():
            return " ".join(name.split()), place
    return f"Source {number}", OutletFrom.FILENAME


def _no_article(name: str, warnings: Sequence[str]) -> UnusableText:
    if warnings:
        reason = (
            warnings[-1] if name in warnings[-1] else f"{name} holds no article: {warnings[-1]}"
        )
        return UnusableText(
            f"{reason}.",
            "Open it in a browser, copy the whole article into a text file, give that.",
        )
    return UnusableText(
        f"{name} holds no article.", "Give a file with at least a few sentences of prose."
    )


def _name(item: Input) -> str:
    return "Standard input" if item.source == STDIN else item.source


def _read_text(item: Input, raw: _Bytes) -> _Text:
    name = _name(item)
    suffix = item.path.suffix.lower() if item.path is not None else ""
    mail = read_mail(raw.data, named=suffix in _MAIL_SUFFIXES) if raw.url is None else None
    if mail is not None and mail.text.strip():
        return _read_mail(mail, name)
    html = _named_html(item, raw)
    looks_html = html or b"<html" in raw.data[:_SNIFFED].lower()
    declared = raw.charset or (declared_charset(raw.data) if looks_html else None)
    decoded = decode(raw.data, source=name, declared=declared)
    refuse_data(decoded.text, name)
    if html or (html is None and _HTML.match(decoded.text[:_SNIFFED])):
        return _read_html(decoded.text, raw.url, name, decoded.warnings)
    return _read_words(decoded.text, suffix, name, decoded.warnings)


def _read_words(text: str, suffix: str, name: str, warnings: tuple[str, ...]) -> _Text:
    """Return what a text without tags holds: plain, Markdown, or quoted as a whole."""
    matter = read_front_matter(text)
    rest = text[matter.end :]
    if suffix in _MARKDOWN_SUFFIXES or is_markdown(rest):
        words, title = read_markdown(rest)
        matter = replace(matter, end=0, title=matter.title or title)
        return _read_plain(words, name, matter, warnings)
    plain = unquoted(rest)
    if plain != rest:
        return _read_plain(plain, name, replace(matter, end=0), warnings)
    return _read_plain(text, name, matter, warnings)


def _read_plain(text: str, name: str, matter: FrontMatter, warnings: tuple[str, ...]) -> _Text:
    from summarizer.sources.page import read_page

    return _Text(text, read_page(text[matter.end :], source=name), matter, warnings)


def _read_html(text: str, url: str | None, name: str, warnings: tuple[str, ...]) -> _Text:
    from summarizer.sources.html import read_html

    reading = read_html(text, url=url, source=name)
    return _Text(reading.text, reading, FrontMatter(), warnings)


def _read_mail(mail: Mail, name: str) -> _Text:
    """Return the article in a mail; its header says what the article itself does not."""
    if mail.is_html:
        found = _read_html(mail.text, None, name, ())
    else:
        found = _read_plain(unquoted(mail.text), name, FrontMatter(), ())
    reading = found.reading
    reading = replace(
        reading,
        title=reading.title or mail.title,
        published=reading.published or mail.published,
        outlet=mail.outlet or reading.outlet,
        outlet_from=OutletFrom.METADATA if mail.outlet else reading.outlet_from,
    )
    return found._replace(reading=reading)


def _named_html(item: Input, raw: _Bytes) -> bool | None:
    """Return whether it says of itself that it is HTML; None where it does not say."""
    if raw.content_type is not None:
        return "html" in raw.content_type
    return True if item.path is not None and item.path.suffix.lower() in _HTML_SUFFIXES else None


def _read_bytes(item: Input, options: ReadOptions) -> _Bytes:
    if item.source == STDIN:
        return _Bytes(_read_stream(options.stdin or sys.stdin.buffer, _name(item)))
    if item.path is not None:
        return _Bytes(_read_file(item.path, item.source, options))
    fetched = _fetched(item.source, options)
    return _Bytes(fetched.data, fetched.url, fetched.content_type, fetched.charset)


def _fetched(url: str, options: ReadOptions) -> Fetched:
    if options.fetch is not None:
        return options.fetch(url)
    from summarizer.sources.fetch import fetch

    return fetch(url, allow_private=options.allow_private_urls)


def _read_file(path: Path, name: str, options: ReadOptions) -> bytes:
    try:
        with (options.open_file or _open_file)(path) as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > MAX_MEGABYTES * 1_000_000:
                raise _too_large(name, status.st_size / 1_000_000)
            return _read_stream(stream, name)
    except FileNotFoundError as error:
        raise UnreadableSource(f"{name} is a link to nothing.", "Check the link.") from error
    except PermissionError as error:
        raise UnreadableSource(f"{name} may not be read.", "Check its permissions.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableSource(f"{name} cannot be read: {reason}.", "Check the path.") from error


def _open_file(path: Path) -> BinaryIO:
    """Open a file; of a named pipe, a writer is waited for, but not for ever.

    A shell's ``*`` may have named it by chance.

    Raises:
        OSError: It cannot be opened, or nobody writes to the pipe.
    """
    if not path.is_fifo():
        return path.open("rb")
    import select  # what it has for pipes is missing on Windows, and so are named pipes

    stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    if not poll.poll(PIPE_SECONDS * 1_000):
        stream.close()
        raise TimeoutError(errno.ETIMEDOUT, "it is a pipe that nobody writes to")
    os.set_blocking(stream.fileno(), True)
    return stream


def _read_stream(stream: BinaryIO, name: str) -> bytes:
    cap = MAX_MEGABYTES * 1_000_000
    data = stream.read(cap + 1)
    if len(data) > cap:
        raise _too_large(name)
    return data


def _too_large(name: str, megabytes: float | None = None) -> UnusableText:
    size = "" if megabytes is None else f" ({megabytes:.0f} MB)"
    return UnusableText(
        f"{name} is larger than {MAX_MEGABYTES} MB{size}, too much for one article.",
        "Give one file for each article.",
    )
