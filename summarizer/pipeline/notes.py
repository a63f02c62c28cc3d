"""What a report says of itself: its headline, its warnings, and what it left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.compare.story import Story
from summarizer.text.intervals import Stretches
from summarizer.text.sentences import sentences
from summarizer.types import Article, ArticleSummary, Claim, Fact, Failure, ReadShare, Span


def headline(story: Story) -> str:
    """Return the title that shares most with the other articles, as the story's headline."""
    scored = []
    for i, document in enumerate(story.documents):
        title = document.article.title
        if title:
            stems = document.analyse(title).stems
            others = [
                s.reading.stems for d in story.documents if d is not document for s in d.sentences
            ]
            common = sum(len(stems & other) for other in others)
            scored.append((common / (len(stems) + 3), -i, title))
    if scored:
        return " ".join(max(scored)[2].split())
    first = next((s for d in story.documents for s in d.sentences), None)
    return first.reading.text if first else story.articles[0].outlet


def on_comparing(story: Story, strangers: frozenset[int]) -> Iterator[str]:
    """Yield what must be said of articles that cannot be compared with the others."""
    for position in sorted(strangers):
        article = story.articles[position]
        yield (
            f"{_name_of(article)} seems to be about another event than the other "
            "articles: that nobody else reports its facts means nothing."
        )
    if len(story.outlets) < 2:
        yield (
            "All the articles are one outlet's, or copies of one article: there is nothing to "
            "compare them with."
        )


def on_run(
    summaries: Sequence[ArticleSummary], failures: Sequence[Failure], dropped: int
) -> Iterator[str]:
    """Yield what must be said of the articles, of what went wrong, and of what was not read."""
    for summary in summaries:
        for warning in summary.article.warnings:
            yield f"{_name_of(summary.article)}: {warning}"
    for failure in failures:
        about = _name_of(failure.article) if failure.article else "The comparison"
        yield f"{about}: {failure.stage} failed, {failure.reason}: {failure.message}"
    if dropped:
        yield f"The model named {dropped} sentences that do not exist; they were dropped."
    for summary in summaries:
        if summary.read is ReadShare.NOT:
            yield (
                f"{_name_of(summary.article)} could not be read: nothing is said of what "
                'it reports or lacks, and "all" means all the others.'
            )


def in_order(failures: Sequence[Failure], articles: Sequence[Article]) -> tuple[Failure, ...]:
    """Return what failed in the order of the articles and not of the threads."""
    place = {article.id: i for i, article in enumerate(articles)}

    def rank(failure: Failure) -> tuple[str, int, str]:
        position = place[failure.article.id] if failure.article else -1
        return failure.stage, position, failure.message

    return tuple(sorted(failures, key=rank))


def uncited(article: Article, facts: Sequence[Fact], claims: Sequence[Claim]) -> tuple[Span, ...]:
    """Return the body that no fact rests on: claims left out, and sentences without a claim."""
    passages = [(m.article.id, m.evidence) for fact in facts for m in fact.mentions]
    passages += [(d.article.id, d.evidence) for fact in facts for d in fact.details]
    cited = Stretches(s for name, evidence in passages if name == article.id for s in evidence)
    claims_on = [span for claim in claims for span in claim.evidence]
    claimed = Stretches(claims_on)
    silent = [
        sentence
        for body in article.body
        for sentence in sentences(article.text, body)
        if not claimed.covered(sentence)
    ]
    joined: list[Span] = []
    for span in sorted(span for span in (*claims_on, *silent) if not cited.covered(span)):
        # What has nothing but white space between is one passage.
        if joined and not article.text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _name_of(article: Article) -> str:
    return f"{article.outlet} ({article.source})"
