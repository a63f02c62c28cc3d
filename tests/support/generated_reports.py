"""Reports of any shape, for properties: overlapping passages, odd letters, nested furniture."""

from __future__ import annotations

from hypothesis import strategies as st

from summarizer.types import (
    Article,
    ArticleSummary,
    Check,
    ClaimKind,
    Conflict,
    ConflictKind,
    Detail,
    DiffReport,
    Fact,
    Generated,
    Judgement,
    Mention,
    OutletFrom,
    Position,
    ReadShare,
    Span,
    Status,
    Uniqueness,
    Verdict,
)

# Markup, line ends of every kind, right-to-left, CJK, beyond the first plane, what acts.
LETTERS = "ab .<>&\"'\n\r\t\u2028éß—“”שלםعر渡船🚢\u200f\u00ad\x00\x1b\x9b\u202e\U000e0041\ud800"
TEXTS = st.text(LETTERS, min_size=1, max_size=60)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    """Draw a span of ``text`` that is not empty."""
    start = draw(st.integers(0, len(text) - 1))
    return Span(start, draw(st.integers(start + 1, len(text))))


@st.composite
def articles(draw: st.DrawFn, number: int) -> Article:
    """Draw an article whose body are any disjoint spans of its text."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    body = tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    return Article(
        id=f"a{number}",
        source=f"{number}.txt",
        sha256=f"{number:064x}",
        text=text,
        body=body,
        outlet=draw(st.sampled_from(["Gazette", "The Tern", "<b>Ж</b>", "海報"])) + str(number),
        outlet_from=OutletFrom.FLAG,
        title=draw(st.none() | TEXTS),
        language=draw(st.sampled_from([None, "en", "ar", 'x"y'])),
        url=draw(st.sampled_from([None, "https://a.example/b", "javascript:alert(1)"])),
    )


@st.composite
def mentions(draw: st.DrawFn, article: Article) -> Mention:
    """Draw a mention with one passage or two, which may overlap."""
    evidence = draw(st.lists(spans(article.text), min_size=1, max_size=2))
    return Mention(article=article, wording=draw(TEXTS), evidence=tuple(evidence))


@st.composite
def checks(draw: st.DrawFn, article: Article) -> Check:
    """Draw what an article that does not mention a fact has on it."""
    judged = Judgement(
        verdict=draw(st.sampled_from(Verdict)),
        probability=draw(st.floats(0, 1)),
        nearest=draw(st.none() | spans(article.text)),
    )
    return Check(article=article, judgement=judged)


@st.composite
def added(draw: st.DrawFn, article: Article, others: list[Article]) -> Detail:
    """Draw what an article adds to a fact."""
    return Detail(
        article=article,
        text=draw(TEXTS),
        evidence=(draw(spans(article.text)),),
        uniqueness=draw(st.sampled_from(Uniqueness)),
        checks=tuple(draw(checks(other)) for other in others),
    )


@st.composite
def facts(draw: st.DrawFn, number: int, all_articles: list[Article]) -> Fact:
    """Draw a fact that some articles mention and the others were checked for."""
    telling = draw(st.lists(st.sampled_from(all_articles), min_size=1, unique_by=lambda a: a.id))
    outlets = tuple(article.outlet for article in telling)
    status = Status.UNIQUE if len(outlets) == 1 else Status.SHARED
    if len(outlets) == len(all_articles) > 1:
        status = Status.CONSENSUS
    others = [article for article in all_articles if article not in telling]
    details = draw(st.lists(st.sampled_from(telling), max_size=2)) if len(telling) > 1 else []
    return Fact(
        id=f"f{number}",
        text=draw(TEXTS),
        kind=draw(st.sampled_from(ClaimKind)),
        status=status,
        salience=draw(st.floats(0, 1)),
        outlets=outlets,
        origins=len(outlets),
        mentions=tuple(draw(mentions(article)) for article in telling),
        checks=tuple(draw(checks(other)) for other in others),
        details=tuple(draw(added(article, others)) for article in details),
        uniqueness=draw(st.sampled_from(Uniqueness)) if status is Status.UNIQUE else None,
    )


@st.composite
def conflicts(
    draw: st.DrawFn, number: int, all_articles: list[Article], told: list[Fact]
) -> Conflict:
    """Draw a conflict of two positions, on a point of one of the facts or of none."""
    positions = []
    for _ in range(2):
        article = draw(st.sampled_from(all_articles))
        said = (draw(mentions(article)),)
        positions.append(Position(value=draw(TEXTS), outlets=(article.outlet,), mentions=said))
    kind = draw(st.sampled_from(ConflictKind))
    return Conflict(
        id=f"c{number}",
        topic=draw(TEXTS),
        kind=kind,
        positions=tuple(positions),
        fact=draw(st.none() | st.sampled_from([fact.id for fact in told])),
        salience=draw(st.floats(0, 1)),
    )


@st.composite
def reports(draw: st.DrawFn) -> DiffReport:
    """Draw a report of up to four articles and six facts."""
    count = draw(st.integers(1, 4))
    kept = [draw(articles(number)) for number in range(1, count + 1)]
    summaries = []
    for article in kept:
        uncited = tuple(draw(st.lists(spans(article.text), max_size=2)))
        summaries.append(
            ArticleSummary(
                article=article,
                same_as=None,
                sentences=(),
                uncited=uncited,
                read=draw(st.sampled_from(ReadShare)),
            )
        )
    told = [draw(facts(number, kept)) for number in range(1, draw(st.integers(1, 6)) + 1)]
    clashing = [draw(conflicts(number, kept, told)) for number in range(draw(st.integers(0, 2)))]
    return DiffReport(
        headline=draw(TEXTS),
        generated=Generated(at="2031-03-06T08:00:00Z", version="0", engine="e", judge="j"),
        articles=tuple(summaries),
        facts=tuple(told),
        conflicts=tuple(clashing),
    )
