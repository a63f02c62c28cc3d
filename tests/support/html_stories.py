"""Stories for the HTML report: the bundled one, one of other scripts, and one that attacks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from summarizer import diff, read_articles
from summarizer.types import (
    Conflict,
    ConflictKind,
    DiffReport,
    Position,
    Rejected,
    RejectReason,
    Span,
    Status,
    Uniqueness,
)
from tests.support.folders import BRIDGE
from tests.support.reports import article, check, fact, mention, report

ATTACKS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "</style><style>body { display: none }</style>",
    "<img src=x onerror='window.ran = 3'>",
    '" onmouseover="window.ran = 4" x="',
    "' autofocus onfocus='window.ran = 5' '",
    "<a href='javascript:window.ran = 6'>here</a>",
    "javascript:window.ran = 7",
    "<svg onload=window.ran=8><style>*{color:red}</style></svg>",
    "<!-- --><details open ontoggle=window.ran=9>",
    "{{ 7 * 7 }} {% raw %} ${window.ran = 10}",
    "&lt;script&gt; &#60;b&#62; <b>bold</b>",
    "\u202egnp.exe \u2066isolated \u202d over",
    "\x1b[31mred\x1b[0m \x9b2J \x1b]0;title\x07 \x00 \x7f",
    "W" * 10_000,
    "https://tracker.example/pixel.gif?" + "q" * 500,
    "ق" * 3_000,
    "Z̸̧͎͙̤̮͈͕͖͎̣̥̟͚̮̜͌̈́̌̿a̷l̴g̵o̶" * 50,
)


@cache
def harbour() -> DiffReport:
    """Return the diff of the bundled example."""
    read = read_articles([str(path) for path in sorted(BRIDGE.glob("*.txt"))])
    return diff(read.articles)


def hostile() -> DiffReport:
    """Return a report every text of which attacks."""
    text = "\n\n".join(ATTACKS)
    evil = article(
        1,
        ATTACKS[0],
        text,
        source=ATTACKS[3],
        title=" ".join(ATTACKS),
        byline=ATTACKS[4],
        url=ATTACKS[7],
        language='en" onclick="window.ran = 11',
        credits=(ATTACKS[8],),
        warnings=(ATTACKS[1],),
        body=(Span(0, len(text) // 2), Span(len(text) // 2 + 9, len(text))),
    )
    other = article(2, ATTACKS[5], text[::-1], source=ATTACKS[13])
    told = []
    for number, attack in enumerate(ATTACKS):
        one = fact(
            number + 1,
            attack,
            Status.UNIQUE,
            mention(evil, attack, speaker=attack, hedge=attack),
            uniqueness=Uniqueness.DISPUTED,
            checks=(check(other, attack[::-1], 0.6, "contradicted"),),
        )
        told.append(one)
    both = Position(value=ATTACKS[1], outlets=(evil.outlet,), mentions=told[1].mentions)
    long = Position(value=ATTACKS[14], outlets=(evil.outlet,), mentions=told[14].mentions)
    clash = Conflict(id="c1", topic=ATTACKS[1], kind=ConflictKind.WORDING, positions=(both, long))
    summaries = [
        replace(report().articles[0], article=each, sentences=(), uncited=())
        for each in (evil, other)
    ]
    return replace(
        report(),
        headline=" ".join(ATTACKS),
        articles=tuple(summaries),
        facts=tuple(told),
        conflicts=(clash,),
        origins=(),
        warnings=ATTACKS,
        rejected=tuple(
            Rejected(article=evil, text=each, reason=RejectReason.INJECTION, detail=each)
            for each in ATTACKS
        ),
    )


ARABIC = (
    "جنحت العبّارة ميريديان قبالة ميناء مارو مساء الاثنين وعلى متنها 212 راكبا.\n"
    "نقل الجميع إلى الشاطئ قبل الفجر.\n"
)
JAPANESE = (
    "渡船メリディアン号は月曜日の夜、マロー港沖で座礁した。乗客212人は全員無事だった。\n"
    "船長は水先人を二度求めていた。\n"
)
HEBREW = "המעבורת מרידיאן עלתה על שרטון ליד נמל מרו ביום שני בלילה.\n"


def scripts() -> DiffReport:
    """Return a report of articles in Arabic, Japanese and Hebrew."""
    arabic = article(1, "صحيفة الميناء", ARABIC, language="ar", title="العبّارة تجنح")
    japanese = article(2, "港新聞", JAPANESE, language="ja", title="渡船が座礁")
    hebrew = article(3, "עיתון הנמל", HEBREW, language="he")
    aground = fact(
        1,
        ARABIC.split("\n")[0],
        Status.CONSENSUS,
        mention(arabic, ARABIC.split("\n")[0]),
        mention(japanese, JAPANESE.split("。")[0] + "。"),
        mention(hebrew, HEBREW.strip()),
    )
    pilot = fact(
        2,
        "船長は水先人を二度求めていた。",
        Status.UNIQUE,
        mention(japanese, "船長は水先人を二度求めていた。"),
        uniqueness=Uniqueness.UNCHECKED,
        checks=(
            check(arabic, "نقل الجميع إلى الشاطئ قبل الفجر.", 0.1, "absent"),
            check(hebrew, None, 0.0, "absent"),
        ),
    )
    summaries = tuple(
        replace(report().articles[0], article=each, sentences=(), uncited=())
        for each in (arabic, japanese, hebrew)
    )
    return replace(
        report(),
        headline="العبّارة ميريديان تجنح قبالة ميناء مارو",
        articles=summaries,
        facts=(aground, pilot),
        conflicts=(),
        origins=(),
        rejected=(),
        warnings=(),
    )


def many() -> DiffReport:
    """Return a report of twelve outlets, so many that not every check is written out."""
    sources = [article(number, f"Paper {number}", f"Text {number}.") for number in range(1, 13)]
    told = fact(
        1,
        "Text 1.",
        Status.UNIQUE,
        mention(sources[0], "Text 1."),
        uniqueness=Uniqueness.CONFIRMED,
        checks=tuple(
            check(each, each.text, number / 100, "absent")
            for number, each in enumerate(sources[1:], start=2)
        ),
    )
    summaries = tuple(
        replace(report().articles[0], article=each, sentences=(), uncited=()) for each in sources
    )
    return replace(report(), articles=summaries, facts=(told,), conflicts=(), origins=())
