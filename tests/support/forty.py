"""A made-up report of forty articles and 1,500 facts: the largest that the page is made for."""

from __future__ import annotations

import random

from summarizer.types import (
    Article,
    ArticleSummary,
    Check,
    ClaimKind,
    Conflict,
    ConflictKind,
    DiffReport,
    Fact,
    Generated,
    Judgement,
    Mention,
    OutletFrom,
    Position,
    Span,
    Status,
    Uniqueness,
    Verdict,
)

ARTICLES, FACTS, CONFLICTS = 40, 1_500, 60
SENTENCES = 60
"""Sentences of an article; of about 20 words each, so that it has some 7,000 characters."""
UNIQUE = 0.6
"""Share of the facts that one outlet alone reports, as in the stories measured."""

_WORDS = """
harbour ferry council bridge minister storm company report workers night river engineers
inquiry ship passengers repairs the a of in and to with for that on said after before about
large small new old first last early late northern southern public private local official
""".split()  # noqa: SIM905  a list of fifty words is read as a text

_TOWNS = ("Aldmere", "Brackwell", "Corva", "Dunmoor", "Estrava", "Fenwick", "Garrow", "Hathe")
_PAPERS = ("Ledger", "Gazette", "Courier", "Radio", "Review")
"""Eight towns of five papers each: forty names."""


def made_up() -> DiffReport:
    """Return a report of 40 articles and 1,500 facts, every other outlet checked for each."""
    dice = random.Random(7)
    articles = [_article(dice, number) for number in range(1, ARTICLES + 1)]
    facts = [_fact(dice, number, articles) for number in range(1, FACTS + 1)]
    conflicts = [_conflict(dice, number, facts) for number in range(1, CONFLICTS + 1)]
    summaries = [
        ArticleSummary(article=each, same_as=None, sentences=(), uncited=(each.body[0],))
        for each in articles
    ]
    return DiffReport(
        headline="A made-up story of forty articles",
        generated=Generated(at="2031-03-06T08:00:00Z", version="0", engine="e", judge="j"),
        articles=tuple(summaries),
        facts=tuple(facts),
        conflicts=tuple(conflicts),
    )


def _article(dice: random.Random, number: int) -> Article:
    paragraphs = []
    for _ in range(SENTENCES):
        words = [dice.choice(_WORDS) for _ in range(dice.randint(12, 28))]
        paragraphs.append(" ".join(words).capitalize() + ".")
    text = "\n\n".join(paragraphs)
    body, at = [], 0
    for paragraph in paragraphs:
        body.append(Span(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return Article(
        id=f"a{number}",
        source=f"{number}.txt",
        sha256="0" * 64,
        text=text,
        body=tuple(body),
        outlet=f"{_TOWNS[number % 8]} {_PAPERS[number % 5]}",
        outlet_from=OutletFrom.FLAG,
        title=paragraphs[0][:60],
    )


def _sentence(dice: random.Random, article: Article) -> Span:
    """Return a sentence of the article, or a part of it."""
    span = dice.choice(article.body)
    return span if dice.random() < 0.6 else Span(span.start, span.start + len(span) // 2)


def _fact(dice: random.Random, number: int, articles: list[Article]) -> Fact:
    count = 1 if dice.random() < UNIQUE else ARTICLES if number % 50 == 0 else dice.randint(2, 6)
    telling = dice.sample(articles, count)
    mentions = []
    for article in telling:
        span = _sentence(dice, article)
        wording = span.of(article.text)
        mentions.append(Mention(article=article, wording=wording, evidence=(span,)))
    checks = [
        Check(
            article=other,
            judgement=Judgement(
                verdict=Verdict.ABSENT,
                probability=round(dice.random() ** 3 / 2, 4),
                nearest=_sentence(dice, other) if dice.random() < 0.8 else None,
            ),
        )
        for other in articles
        if other not in telling
    ]
    unique = count == 1
    return Fact(
        id=f"f{number}",
        text=mentions[0].wording,
        kind=dice.choice(list(ClaimKind)),
        status=Status.UNIQUE
        if unique
        else Status.CONSENSUS
        if count == ARTICLES
        else Status.SHARED,
        salience=dice.random(),
        outlets=tuple(article.outlet for article in telling),
        origins=count,
        mentions=tuple(mentions),
        checks=tuple(checks),
        uniqueness=Uniqueness.CONFIRMED if unique else None,
    )


def _status(outlets: int) -> Status:
    if outlets == 1:
        return Status.UNIQUE
    return Status.CONSENSUS if outlets == ARTICLES else Status.SHARED


def _conflict(dice: random.Random, number: int, facts: list[Fact]) -> Conflict:
    shared = dice.choice([fact for fact in facts if len(fact.mentions) > 1])
    positions = tuple(
        Position(value=each.wording[:40], outlets=(each.article.outlet,), mentions=(each,))
        for each in shared.mentions[:2]
    )
    return Conflict(
        id=f"c{number}", topic=shared.text[:50], kind=ConflictKind.NUMBER, positions=positions
    )
