"""From what the arguments name to articles: bytes, text, body, and who published it."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from summarizer.errors import InputError, UnreadableSource, UnusableText, UsageError
from summarizer.sources.decode import declared_charset, decode
from summarizer.sources.formats import (
    is_markdown,
    read_front_matter,
    read_mail,
    read_markdown,
    refuse_data,
    unquoted,
)
from summarizer.sources.inputs import STDIN, Input, expand
from summarizer.sources.metadata import VAGUE_WORDS, outlet_of_file, outlet_of_url
from summarizer.types import Article, OutletFrom, Span

if TYPE_CHECKING:
    from summarizer.sources.fetch import Fetched
    from summarizer.sources.page import PageReading

MAX_MEGABYTES = 20  # of one file or stream: a novel has 1, so more is not one article
PIPE_SECONDS = 20  # for so long a named pipe is waited for that nobody writes to

# The source of an article that a program gave as a text, and what errors call it.
GIVEN_TEXT, _GIVEN = "text", "The text"
# Code points: no path and no URL of this use is longer; and in which a page without a telling name
# must show it is HTML.
_LONGEST_NAME, _SNIFFED = 4096, 2_000

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How sources are read."""

    allow_private_urls: bool = False  # fetch from private, loopback and link-local addresses too
    stdin: BinaryIO | None = None  # what "-" is; standard input by default
    fetch: Callable[[str], Fetched] | None = None  # by default that of ``sources.fetch``
    open_file: Callable[[Path], BinaryIO] | None = None  # by default as ``Path.open`` does


class ReadResult(NamedTuple):
    """The articles, in the order they were named, and why the other inputs gave none."""

    articles: tuple[Article, ...]
    problems: tuple[InputError, ...]


class _RawPage(NamedTuple):
    data: bytes
    url: str | None = None
    content_type: str | None = None
    charset: str | None = None


def read_articles(inputs: Sequence[str], *, options: ReadOptions | None = None) -> ReadResult:
    """Return the articles that ``inputs`` name, and a problem for each that gave none.

    The inputs are paths, folders, globs, ``-`` and URLs, each perhaps as ``outlet=...``. What is
    wrong with one is returned and not raised, so that every problem can be told with its hint.
    """
    options = options or ReadOptions()
    expanded = expand(inputs)
    articles, problems = list[Article](), list(expanded.problems)
    for item in expanded.inputs:
        try:
            articles.append(_read_item(item, len(articles) + 1, options))
        except InputError as error:
            problems.append(error)
    return ReadResult(_tell_apart(articles), tuple(problems))


def read_article(
    source: str | Path,
    *,
    outlet: str | None = None,
    title: str | None = None,
    published: date | str | None = None,
    options: ReadOptions | None = None,
) -> Article:
    """Return the one article at ``source``, a path, a URL, or ``-`` for standard input.

    Its outlet, headline and day (a date, or a text as "2026-11-29") are looked for in the article
    if they are not given.

    Raises:
        InputError: There is not exactly one article there.
        UsageError: The day is none.
    """
    day = _as_day(published)
    expanded = expand([str(source)])
    if expanded.problems:
        raise expanded.problems[0]
    if len(expanded.inputs) > 1:
        raise UnreadableSource(f"{source} is more than one file.", "Read them with read_articles.")
    item = expanded.inputs[0]
    item = replace(item, outlet=outlet or item.outlet)
    article = _read_item(item, 1, options or ReadOptions())
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
    day = _as_day(published)
    if not is_html:
        refuse_data(text, _GIVEN)
    reading = _read_html(text, url, _GIVEN) if is_html else _read_plain(text, "", _GIVEN)
    reading = replace(reading, url=reading.url or url)
    item = Input(source=url or GIVEN_TEXT, outlet=outlet)
    article = _make_article(item, 1, _GIVEN, text.encode("utf-8", "surrogatepass"), reading)
    return replace(article, title=title or article.title, published=day or article.published)


def _as_day(published: date | str | None) -> date | None:
    if not isinstance(published, str):
        return published
    try:
        return date.fromisoformat(published[: len("2026-11-29")])
    except ValueError:
        hint = 'Give a date, or its text as in "2026-11-29".'
        raise UsageError(f"{published} is not a day.", hint) from None


def _read_item(item: Input, number: int, options: ReadOptions) -> Article:
    name = "Standard input" if item.source == STDIN else item.source
    raw = _read_bytes(item, name, options)
    reading = _read_page(item, name, raw)
    return _make_article(item, number, name, raw.data, replace(reading, url=reading.url or raw.url))


def _make_article(
    item: Input, number: int, name: str, data: bytes, reading: PageReading
) -> Article:
    warnings = reading.warnings
    if not reading.body:
        raise _no_article(name, warnings)
    if item.times > 1:
        warnings += (f"{name} was given {item.times} times and read once",)
    outlet, outlet_from = _name_outlet(item, number, reading)
    return Article(
        id=f"a{number}",
        source=item.source,
        sha256=hashlib.sha256(data).hexdigest(),
        text=reading.text,
        body=reading.body,
        outlet=outlet,
        outlet_from=outlet_from,
        title=reading.title,
        byline=reading.byline,
        published=reading.published,
        language=reading.language,
        url=reading.url,
        credits=reading.credits,
        warnings=warnings,
    )


def _name_outlet(item: Input, number: int, reading: PageReading) -> tuple[str, OutletFrom]:
    given = reading.outlet_from or OutletFrom.TEXT
    places = (  # the surest first
        (item.outlet, OutletFrom.FLAG),
        (reading.outlet if given is not OutletFrom.TEXT else None, given),
        (outlet_of_url(reading.url) if reading.url else None, OutletFrom.METADATA),
        (reading.outlet, OutletFrom.TEXT),
        (outlet_of_file(item.path.name) if item.path else None, OutletFrom.FILENAME),
        (f"Source {number}", OutletFrom.FILENAME),
    )
    named = ((" ".join(name.split()), place) for name, place in places if name)
    return next((name, place) for name, place in named if name)


def _no_article(name: str, warnings: Sequence[str]) -> UnusableText:
    hint = "Give a file with at least a few sentences of prose."
    reason = f"{name} holds no article"
    if warnings:
        hint = "Open it in a browser, copy the whole article into a text file, give that."
        last = warnings[-1].replace("is empty", "holds no article")
        reason = last if name in last else f"{reason}: {last}"
    return UnusableText(f"{reason}.", hint)


def _read_page(item: Input, name: str, raw: _RawPage) -> PageReading:
    suffix = item.path.suffix.lower() if item.path is not None else ""
    mail = read_mail(raw.data, named=suffix == ".eml") if raw.url is None else None
    if mail is not None and mail.text.strip():
        read = _read_html if mail.is_html else _read_plain
        reading = read(mail.text, "", name)
        return replace(  # the header says what the article itself does not
            reading,
            title=reading.title or mail.title,
            published=reading.published or mail.published,
            outlet=mail.outlet or reading.outlet,
            outlet_from=OutletFrom.METADATA if mail.outlet else reading.outlet_from,
        )
    # Whether it says of itself that it is HTML; None where it does not say.
    html = "html" in raw.content_type if raw.content_type else suffix in _HTML_SUFFIXES or None
    looks_html = html or b"<html" in raw.data[:_SNIFFED].lower()
    declared = raw.charset or (declared_charset(raw.data) if looks_html else None)
    decoded = decode(raw.data, source=name, declared=declared)
    refuse_data(decoded.text, name)
    if html or (html is None and _HTML.match(decoded.text[:_SNIFFED])):
        reading = _read_html(decoded.text, raw.url, name)
    else:
        reading = _read_plain(decoded.text, suffix, name)
    return replace(reading, warnings=(*decoded.warnings, *reading.warnings))


def _read_html(text: str, url: str | None, name: str) -> PageReading:
    from summarizer.sources.html import read_html

    return read_html(text, url=url or None, source=name)


def _read_plain(text: str, suffix: str, name: str) -> PageReading:
    from summarizer.sources.page import read_page

    matter = read_front_matter(text)
    fields, end = dict(matter.fields), matter.end
    rest = text[end:]
    if suffix in _MARKDOWN_SUFFIXES or is_markdown(rest):
        words, heading = read_markdown(rest)
        fields.setdefault("title", heading)
    else:
        words = unquoted(rest)
    reading = read_page(words, source=name)
    if words == rest:  # then it keeps its offsets in the text as a whole
        body = tuple(Span(span.start + end, span.end + end) for span in reading.body)
        reading = replace(reading, text=text, body=body)
    stated = {field: value for field, value in fields.items() if value}
    if "outlet" in stated:
        stated["outlet_from"] = OutletFrom.FRONT_MATTER
    return replace(reading, **stated, warnings=(*matter.warnings, *reading.warnings))


def _read_bytes(item: Input, name: str, options: ReadOptions) -> _RawPage:
    if item.source == STDIN:
        return _RawPage(_read_stream(options.stdin or sys.stdin.buffer, name))
    if item.path is not None:
        return _RawPage(_read_file(item.path, name, options))
    if options.fetch is not None:
        fetched = options.fetch(item.source)
    else:
        from summarizer.sources.fetch import fetch

        fetched = fetch(item.source, allow_private=options.allow_private_urls)
    return _RawPage(fetched.data, fetched.url, fetched.content_type, fetched.charset)


def _read_file(path: Path, name: str, options: ReadOptions) -> bytes:
    try:
        with (options.open_file or _open_path)(path) as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > MAX_MEGABYTES * 1_000_000:
                raise _too_large(name, f" ({status.st_size / 1_000_000:.0f} MB)")
            return _read_stream(stream, name)
    except FileNotFoundError as error:
        raise UnreadableSource(f"{name} is a link to nothing.", "Check the link.") from error
    except PermissionError as error:
        raise UnreadableSource(f"{name} may not be read.", "Check its permissions.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableSource(f"{name} cannot be read: {reason}.", "Check the path.") from error


def _open_path(path: Path) -> BinaryIO:
    """Open a file; of a pipe, which a shell's ``*`` may have named, a writer is waited for."""
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


def _too_large(name: str, size: str = "") -> UnusableText:
    reason = f"{name} is larger than {MAX_MEGABYTES} MB{size}, too much for one article."
    return UnusableText(reason, "Give one file for each article.")


def _tell_apart(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles with empty file names told apart: by folder, else by number.

    Two files called ``article.txt`` are not two articles of one outlet "Article".
    """
    for by_folder in (True, False):
        counts = Counter(article.outlet.casefold() for article in articles)
        named = []
        for article in articles:
            path = PurePath(article.source)
            words = re.findall(r"[^\W\d_]+", path.stem.lower())
            is_vague = all(word in VAGUE_WORDS or len(word) == 1 for word in words)
            folder = path.parent.name and f"({path.parent.name})"
            mark = folder if by_folder else article.id.removeprefix("a")
            shared = counts[article.outlet.casefold()] > 1
            if mark and shared and is_vague and article.outlet_from is OutletFrom.FILENAME:
                article = replace(article, outlet=f"{article.outlet} {mark}")
            named.append(article)
        articles = named
    return tuple(articles)
