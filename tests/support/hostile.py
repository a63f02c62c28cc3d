"""Reports of any size and any text, for the tests of what shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

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
    SummarySentence,
    Uniqueness,
    Verdict,
)

TRAPS = (
    "<!channel>",
    "<!here|here>",
    "<@U012ABCDEF>",
    "<#C012ABCDEF|general>",
    "<https://evil.example/a|click here>",
    "<!subteam^S012|team>",
    "<!date^1392734382^{date}|today>",
    "@channel @everyone @here",
    "https://evil.example/?a=b&c=d",
    "www.evil.example",
    "/remind me to leave",
    ":tada: :skull_and_crossbones:",
    "*bold* _it_ ~gone~ `code` ```block```",
    "> quoted\n>>> all",
    "&lt;!channel&gt; &amp;",
    "mailto:mo@example.org",
    "\u202egnitirw\u202c \x1b[31m \x00 \ud83d \u2028",
    '"""\\\\\\"',
    "😀👩‍👩‍👧‍👦" * 40,
    "字" * 400,
    "a" * 3_000,
    "word " * 700,
    "",
    " ",
    "\n\n\n",
)
PLAIN = (
    "The ferry Meridian ran aground off Port Marrow.",
    "Everyone was brought ashore before sunrise.",
    "Repairs will take six weeks.",
    "Nobody was badly hurt.",
)


def hostile_report(random: Random) -> DiffReport:
    """Return a report whose every text may be a trap."""
    articles = [_article(random, n) for n in range(random.choice((1, 2, 3, 5, 12, 60)))]
    facts = [_fact(random, n, articles) for n in range(random.choice((0, 3, 30, 200)))]
    conflicts = [_conflict(random, n, articles) for n in range(random.choice((0, 2, 20)))]
    return DiffReport(
        headline=_text(random),
        generated=Generated(
            at="2031-03-04T05:06:07+00:00", version="1.0", engine="extractive", judge="lexical"
        ),
        articles=tuple(_summary(random, article, articles[0]) for article in articles),
        facts=tuple(facts),
        conflicts=tuple(conflicts),
        warnings=tuple(_text(random) for _ in range(random.choice((0, 1, 9)))),
    )


def _text(random: Random) -> str:
    pieces = random.choices((*TRAPS, *PLAIN), k=random.choice((1, 1, 2, 4)))
    return " ".join(pieces)


def _article(random: Random, number: int) -> Article:
    text = " ".join(_text(random) for _ in range(3)) + PLAIN[0]
    source = random.choice(
        (f"https://news.example/{number}", f"{number}.txt", _text(random), "javascript:alert(1)")
    )
    return Article(
        id=f"a{number}",
        source=source,
        sha256=f"{number:064x}",
        text=text,
        body=(Span(0, len(text)),),
        outlet=random.choice((f"Outlet {number}", _text(random))),
        outlet_from=OutletFrom.FLAG,
        title=_text(random),
        published=random.choice((None, date(2031, 3, 4))),
        credits=tuple(_text(random) for _ in range(random.choice((0, 1, 4)))),
    )


def _span(random: Random, article: Article) -> Span:
    start = random.randrange(len(article.text))
    return Span(start, random.randint(start, len(article.text)))


def _mention(random: Random, article: Article) -> Mention:
    return Mention(
        article=article,
        wording=_text(random),
        evidence=(_span(random, article),),
        speaker=random.choice((None, _text(random))),
    )


def _fact(random: Random, number: int, articles: list[Article]) -> Fact:
    told = random.sample(articles, k=random.randint(1, len(articles)))
    status = random.choice(tuple(Status))
    told = told[:1] if status is Status.UNIQUE else told
    checks = [
        Check(
            article=article,
            judgement=Judgement(
                verdict=random.choice(tuple(Verdict)),
                probability=random.random(),
                nearest=random.choice((None, _span(random, article))),
            ),
        )
        for article in articles[:3]
    ]
    return Fact(
        id=f"f{number}",
        text=_text(random),
        kind=ClaimKind.EVENT,
        status=status,
        salience=random.random(),
        outlets=tuple(dict.fromkeys(article.outlet for article in told)),
        origins=random.randint(0, len(told)),
        mentions=tuple(_mention(random, article) for article in told),
        checks=tuple(checks),
        uniqueness=random.choice(tuple(Uniqueness)) if status is Status.UNIQUE else None,
    )


def _conflict(random: Random, number: int, articles: list[Article]) -> Conflict:
    positions = [
        Position(
            value=_text(random),
            outlets=(article.outlet,),
            mentions=(_mention(random, article),),
        )
        for article in random.sample(articles, k=random.randint(1, len(articles)))
    ]
    return Conflict(
        id=f"c{number}",
        topic=_text(random),
        kind=random.choice(tuple(ConflictKind)),
        positions=tuple(positions),
    )


def _summary(random: Random, article: Article, first: Article) -> ArticleSummary:
    if article is not first and random.random() < 0.1:
        return ArticleSummary(article=replace(article), same_as=first, sentences=())
    sentences = [
        SummarySentence(
            text=_text(random), evidence=(_span(random, article),), probability=random.random()
        )
        for _ in range(random.choice((0, 3, 40)))
    ]
    return ArticleSummary(article=article, same_as=None, sentences=tuple(sentences))
