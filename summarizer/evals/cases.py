"""Labelled stories: listed by name and hash, read from their labels and articles, checked.

Articles are read as ``summarize diff`` reads them, so that spans are those of a report.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from summarizer.errors import InputError, SummarizerError, UnusableText, UsageError
from summarizer.evals.labels import (
    LABELS,
    ArticleLabel,
    CaseProblems,
    ConflictLabel,
    ForbiddenLabel,
    Labels,
    Place,
    Problem,
    QuoteLabel,
    Quotes,
    read_labels,
)
from summarizer.types import Article, Span, Status

_PACKAGE = Path(__file__).parent
SHIPPED = (_PACKAGE / "shipped" / "cases", _PACKAGE.parent.parent / "evals" / "cases")
"""The shipped cases, in an installed package and in a checkout."""

QUOTED = 60  # characters of a quote in a message: enough to find it by eye
Support = Mapping[str, tuple[Span, ...]]  # by the label of an article: the passages that say it


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArticle:
    """One article of a case, and what its labels say of it.

    ``furniture`` are spans of the page that are not the article; ``same_as`` is the label of
    the article that this one is a copy or another snapshot of.
    """

    label: str
    article: Article
    furniture: tuple[Span, ...] = ()
    same_as: str | None = None
    other_event: bool = False
    stub: bool = False

    @property
    def is_ordinary(self) -> bool:
        """Whether it is an outlet's own report of the event, with a text."""
        return not (self.same_as or self.other_event or self.stub)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFact:
    """A labelled fact and every article that reports it. ``salience`` is 1 to 3."""

    id: str
    text: str
    salience: int
    support: Support
    status: Status
    speaker: str | None = None
    hedge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A labelled story. ``digest`` is the SHA-256 of its labels and articles."""

    name: str
    about: str
    covers: tuple[str, ...]
    folder: Path
    digest: str
    articles: tuple[CaseArticle, ...]
    facts: tuple[GoldFact, ...]
    acceptable: tuple[Support, ...] = ()
    conflicts: Sequence[ConflictLabel] = ()
    forbidden: Sequence[ForbiddenLabel] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFolder:
    """A case that has not been read. ``digest`` is the SHA-256 of all files in its folder."""

    name: str
    folder: Path
    digest: str

    def load(self) -> Case:
        """Read it; one that cannot be used is a UsageError with file and line."""
        case, problems = resolve(read_labels(self.folder), self.digest)
        if problems:
            raise CaseProblems(problems)
        return case


def find_cases_folder() -> Path:
    """Return the folder of the shipped cases; without one, raise a SummarizerError."""
    for folder in filter(Path.is_dir, SHIPPED):
        return folder
    raise SummarizerError(
        "The cases are not where they were installed.", "Give a folder of your own cases."
    )


def list_cases(folder: Path, names: Sequence[str] = ()) -> tuple[CaseFolder, ...]:
    """Return the cases of those names in a folder, or all of them, without reading them.

    One that is not there is a UsageError.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", hint="Name a folder of cases: --cases.")
    known = {path.parent.name: path.parent for path in sorted(folder.glob(f"*/{LABELS}"))}
    if not known:
        raise UsageError(
            f"There are no cases in {folder}.", hint=f"A case is a folder with a {LABELS}."
        )
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UsageError(f"There is no case {name} in {folder}.", hint=hint)
    return tuple(
        CaseFolder(name=name, folder=known[name], digest=files_digest(known[name]))
        for name in dict.fromkeys(names or known)
    )


def files_digest(folder: Path) -> str:
    """Return the SHA-256 of the files in a folder, in hexadecimal."""
    digest = hashlib.sha256()
    try:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and path.name[0] != ".":
                # A name and a hash of fixed length each: no two folders run into the same bytes.
                digest.update(hashlib.sha256(path.name.encode()).digest())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as problem:
        raise UsageError(f"Cannot read {folder}: {problem.strerror or problem}.") from None
    return digest.hexdigest()


def resolve(labels: Labels, digest: str) -> tuple[Case, Sequence[Problem]]:
    """Return the case, and everything that keeps the labels from fitting the articles."""
    resolver = _CaseResolver(labels)
    return resolver.resolve(digest), resolver.problems


@dataclass(slots=True)
class _CaseResolver:
    """Reads the articles of one case and finds its quotes in them; notes what does not fit."""

    labels: Labels
    problems: list[Problem] = field(default_factory=list)
    articles: dict[str, CaseArticle] = field(default_factory=dict)

    def resolve(self, digest: str) -> Case:
        self._check_ids()
        file = self.labels.file
        for index, label in enumerate(file.articles):
            self._read_article(index, label)
        return Case(
            name=file.name,
            about=file.about,
            covers=tuple(file.covers),
            folder=self.labels.folder,
            digest=digest,
            articles=tuple(self.articles.values()),
            facts=tuple(self._resolve_facts()),
            acceptable=tuple(
                self._resolve_support(quotes, "acceptable", index)
                for index, quotes in enumerate(file.acceptable)
            ),
            conflicts=file.conflicts,
            forbidden=file.forbidden,
        )

    def _add_problem(self, message: str, *place: str | int) -> None:
        self.problems.append(self.labels.problem(message, *place))

    def _check_ids(self) -> None:
        """Note names that are twice there, or not there at all."""
        file = self.labels.file
        if file.name != self.labels.folder.resolve().name:
            self._add_problem(f"name {file.name!r} is not that of the folder", "name")
        for kind in ("articles", "facts", "conflicts"):
            ids = [part.id for part in getattr(file, kind)]
            for index, name in enumerate(ids):
                if name in ids[:index]:
                    self._add_problem(f"{kind} have two {name!r}", kind, index, "id")
        known = {fact.id for fact in file.facts}
        for index, conflict in enumerate(file.conflicts):
            for at, position in enumerate(conflict.positions):
                for name in {*position.facts} - known:
                    place = ("conflicts", index, "positions", at, "facts")
                    self._add_problem(f"there is no fact {name!r}", *place)
        for index, article in enumerate(file.articles):
            others = {each.id for each in file.articles if each.id != article.id}
            if article.same_as not in {None, *others}:
                message = f"same_as names no other article: {article.same_as!r}"
                self._add_problem(message, "articles", index, "same_as")

    def _read_article(self, index: int, label: ArticleLabel) -> None:
        folder = self.labels.folder
        path, place = folder / label.file, ("articles", index, "file")
        if path.parent != folder:
            self._add_problem(f"{label.file} is not in this folder", *place)
            return
        try:
            article = _load_article(path, label)
        except InputError as error:
            self._add_problem(error.message, *place)
            return
        # The same wherever the cases lie: it names what was asked, also in recordings.
        source = f"{folder.resolve().name}/{label.file}"
        self.articles[label.id] = CaseArticle(
            label=label.id,
            article=replace(article, id=f"a{index + 1}", source=source),
            furniture=tuple(self._resolve_furniture(index, label, article)),
            same_as=label.same_as,
            other_event=label.other_event,
            stub=label.stub,
        )

    def _resolve_furniture(
        self, index: int, label: ArticleLabel, article: Article
    ) -> Iterator[Span]:
        for position, quote in enumerate(label.furniture):
            spans = _find_quote(article.text, quote)
            if quote.nth is not None:
                spans = spans[quote.nth - 1 : quote.nth]
            # A line of a menu may be a word of the article: whole lines, where there are any.
            yield from [span for span in spans if _is_whole_line(article.text, span)] or spans
            # What is furniture of a web page may be gone with its markup.
            if not spans and not label.file.lower().endswith((".html", ".htm", ".xhtml")):
                message = f"furniture stands nowhere in {label.file}: {_shown_quote(quote)}"
                self._add_problem(message, "articles", index, "furniture", position)

    def _resolve_facts(self) -> Iterator[GoldFact]:
        everyone = {each.article.outlet for each in self.articles.values() if each.is_ordinary}
        for index, label in enumerate(self.labels.file.facts):
            support = self._resolve_support(label.support, "facts", index, "support")
            outlets = {self.articles[name].article.outlet for name in support}
            shared = Status.CONSENSUS if outlets >= everyone else Status.SHARED
            status = Status.UNIQUE if len(outlets) == 1 else shared
            yield GoldFact(**{**dict(label), "support": support, "status": status})

    def _resolve_support(self, quotes: Quotes, *place: str | int) -> Support:
        support: dict[str, tuple[Span, ...]] = {}
        for name, labels in quotes.items():
            if name in self.articles:
                spans = (
                    self._resolve_quote(name, quote, (*place, name, i))
                    for i, quote in enumerate(labels)
                )
                support[name] = tuple(filter(None, spans))
            elif name not in {article.id for article in self.labels.file.articles}:
                self._add_problem(f"there is no article {name!r}", *place, name)
        return support

    def _resolve_quote(self, name: str, quote: QuoteLabel, place: Place) -> Span | None:
        spans = _find_quote(self.articles[name].article.text, quote)
        if len(spans) == 1 and quote.nth is None:
            return spans[0]
        if quote.nth is not None and quote.nth <= len(spans):
            return spans[quote.nth - 1]
        times = f"{len(spans)} times" if spans else "nowhere"
        hint = ", give {quote, nth}" if spans and quote.nth is None else ""
        self._add_problem(f"quote stands {times} in {name}{hint}: {_shown_quote(quote)}", *place)
        return None


def _load_article(path: Path, label: ArticleLabel) -> Article:
    """Return the article as ``summarize diff`` reads it; a stub that it turns away has no body."""
    from summarizer.pipeline import whole_text
    from summarizer.sources.decode import decode
    from summarizer.sources.reading import read_article

    try:
        return read_article(path, outlet=label.outlet)
    except UnusableText:
        if not label.stub:
            raise
    text = decode(path.read_bytes(), source=str(path)).text
    return replace(whole_text(text, str(path)), body=(), outlet=label.outlet)


def _find_quote(text: str, label: QuoteLabel) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(re.escape(label.quote), text)]


def _is_whole_line(text: str, span: Span) -> bool:
    before, after = text[: span.start].rpartition("\n")[2], text[span.end :].partition("\n")[0]
    return not before.strip() and not after.strip()


def _shown_quote(label: QuoteLabel) -> str:
    quote = label.quote
    return repr(quote if len(quote) <= QUOTED else quote[: QUOTED - 1] + "…")
