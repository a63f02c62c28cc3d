"""The figures of the HTML report: size, first paint, and the main thread's work.

    python -m benchmarks.html_report ../shared/seeds

measures the diff of a folder of articles, and a made-up report of 40 articles and 1,500 facts,
in headless Chromium (``make browser`` installs it). Work is the browser's own count of what
its main thread was busy with (``TaskDuration``), the median of several runs.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from summarizer import diff, read_articles
from summarizer.render.html import to_html
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
from tests.browser import Browser, chromium

ARTICLES, FACTS, CONFLICTS = 40, 1_500, 60
SENTENCES = 60
"""Sentences of an article; of about 20 words each, so that it has some 7,000 characters."""
RUNS = 7
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
                verdict=Verdict.NOT_FOUND,
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


def count_work(browser: Browser) -> None:
    """Count the processor time of the main thread: a busy machine makes no work of its own."""
    browser.command("Performance.enable", timeDomain="threadTicks")


def busy(browser: Browser) -> float:
    """Return the seconds that the main thread of the page has worked so far."""
    metrics = browser.command("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def work(browser: Browser, action: Callable[[], object]) -> float:
    """Return the seconds of work that an action makes, until the page is drawn."""
    before = busy(browser)
    action()
    browser.settled()
    return busy(browser) - before


def opening(browser: Browser, path: Path) -> tuple[float, float]:
    """Return the seconds of work that opening takes, and those until the first paint."""
    browser.driver.get("about:blank")
    browser.command("Performance.disable")
    count_work(browser)
    seconds = work(browser, lambda: browser.driver.get(path.as_uri()))
    browser.until("performance.getEntriesByType('paint').length > 0")
    paint = browser.script("return performance.getEntriesByType('paint')[0].startTime") / 1000
    return seconds, paint


def acted(browser: Browser, path: Path) -> dict[str, float]:
    """Return the seconds of work of each thing that a reader does, on a page just opened."""
    browser.open(path)
    count_work(browser)
    browser.settled()
    facts = browser.script("return JSON.parse(document.getElementById('index').textContent).facts")
    last, middle = facts[-1]["id"], facts[len(facts) // 2]["id"]

    def choose(name: str, value: str) -> Callable[[], object]:
        return lambda: browser.script(
            "const form = document.getElementById('filters'); form[arguments[0]].value ="
            "arguments[1]; form.dispatchEvent(new Event('input'))",
            name,
            value,
        )

    def jump(name: str) -> Callable[[], object]:
        return lambda: browser.script("location.hash = arguments[0]", name)

    return {
        "filter by outlet": work(browser, choose("outlet", "1")),
        "show all again": work(browser, choose("outlet", "")),
        "first search": work(browser, choose("words", "ferry")),
        "next search": work(browser, choose("words", "bridge")),
        "end of search": work(browser, choose("words", "")),
        "first jump": work(browser, jump(last)),
        "next jump": work(browser, jump(middle)),
        "key j": work(browser, lambda: browser.type("j")),
    }


def measure(browser: Browser, name: str, report: DiffReport, folder: Path) -> None:
    """Print the figures of one report."""
    start = time.perf_counter()
    document = to_html(report)
    seconds = time.perf_counter() - start
    path = folder / f"{name}.html"
    path.write_text(document, encoding="utf-8", newline="\n")
    print(f"\n{name}: {path.stat().st_size / 1000:.0f} kB, written in {seconds:.2f} s")
    opened = [opening(browser, path) for _ in range(RUNS)]
    elements = browser.script("return document.querySelectorAll('*').length")
    print(f"  {elements:,} elements")
    print(f"  first paint    {statistics.median(paint for _, paint in opened):.3f} s")
    print(f"  open           {statistics.median(done for done, _ in opened):.3f} s of work")
    runs = [acted(browser, path) for _ in range(RUNS)]
    for action in runs[0]:
        print(f"  {action:<17}{statistics.median(run[action] for run in runs):.3f} s of work")


def main() -> None:
    seeds = sorted(Path(sys.argv[1]).glob("*.txt")) if len(sys.argv) > 1 else []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        if seeds:
            read = read_articles([str(path) for path in seeds])
            measure(browser, "seeds", diff(read.articles), Path(folder))
        measure(browser, "forty", made_up(), Path(folder))


if __name__ == "__main__":
    main()
