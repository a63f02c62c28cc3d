"""A story as it is compared: the documents on one event, and the claims they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.compare.vocabulary import Vocabulary
from summarizer.document import Document
from summarizer.types import Article, Claim


@dataclass(frozen=True, kw_only=True)
class Story:
    """Documents, copies of one article folded away, and their grounded claims.

    Articles and claims are addressed by position. Claims are in the order of the articles,
    those of one article in reading order. ``vocabulary`` weighs words by how rare they are
    among the story's sentences.
    """

    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    vocabulary: Vocabulary

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order of the documents."""
        return tuple(document.article for document in self.documents)

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        """The outlets in the order of their articles, each once."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles))

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each article by its id."""
        return {article.id: i for i, article in enumerate(self.articles)}


def make_story(documents: Sequence[Document], claims: Iterable[Claim]) -> Story:
    """Put documents and their claims together, the claims in story order."""
    place = {document.article.id: i for i, document in enumerate(documents)}
    ordered = sorted(claims, key=lambda claim: (place[claim.article.id], claim.evidence[0]))
    return Story(
        documents=tuple(documents),
        claims=tuple(ordered),
        vocabulary=Vocabulary(
            (s.reading.stems for d in documents for s in d.sentences), len(documents)
        ),
    )
