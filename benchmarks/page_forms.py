"""Measure what is lost of known articles in the forms that people paste them in.

usage: python benchmarks/page_forms.py [SHARED] [--worst]

Each article of ``SHARED/stories/raw`` is written in each form: wrapped at a width, quoted as in a
mail, double-spaced, with a box in its middle, as a live blog, an interview, a transcript. Printed
per form: the share of articles that lost over a fifth of their words, and of those without a
warning; the mean share of words lost; and the mean share of the body that is not the article.
"""

from __future__ import annotations

import random
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from summarizer.sources.formats import unquoted
from summarizer.sources.page import read_page

Parts = list[str]
Form = Callable[[str, Parts, random.Random], tuple[str, str]]

LOST = 0.2
ARTICLES = 60

BOXES = [
    ["Read More", "Canals fill up as rain returns to the valley", "Matt Lorn: Keep out of it"],
    ["Sign up for our Morning Wire newsletter", "Your e-mail address", "Sign Up"],
    ["Mehr zum Thema", "  Fähre nach Estrava: Die Preise steigen Von Bo Lund, Selwick"],
    ["Article content", "Advertisement 1", "Story continues below", "Article content"],
    [
        "Related Stories",
        "The ferry to Estrava will cost a tenth more from the first of the month.",
        "Painting of the old lighthouse returns to the museum",
        "2 hours ago",
    ],
    ["The Quay Letter", "What moves the ports, once a week.", "Enter your email", "Subscribe"],
    ["ADVERTISEMENT", "CONTINUE READING BELOW"],
    ["Lire aussi", "Le pont reste fermé jusqu’en mai", "Abonnez-vous"],
    ["Watch: Drone footage of the valley", "1:32", "Share", "Tweet", "Copy link"],
    ["おすすめ記事", "港の元責任者に賞与の返還命令"],
]
OUTLET_TAIL = ["Topics", "Port Selwick", "© 2025 The Tarrow Gazette Inc. All rights reserved."]


def wrapped(width: int) -> Form:
    def form(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
        blocks = ["\n".join(textwrap.wrap(part, width)) for part in [title, *parts]]
        return "\n\n".join(blocks), "\n".join(parts)

    return form


def indented(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    """Wrapped, paragraphs told by their indent and no blank lines, as print does."""
    blocks = [textwrap.fill(part, 56, initial_indent="   ") for part in parts]
    return "\n".join([title, "", *blocks]), "\n".join(parts)


def hyphenated(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    """A narrow column, words broken at line ends."""
    lines = []
    for part in [title, *parts]:
        rest = part
        while len(rest) > 38:
            cut = rest.rfind(" ", 0, 38)
            lines.append(rest[: cut if cut > 0 else 38])
            rest = rest[len(lines[-1]) :].lstrip()
        lines += [rest, ""]
    return "\n".join(lines), "\n".join(parts)


def quoted(width: int | None) -> Form:
    def form(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
        blocks = [textwrap.fill(p, width) if width else p for p in [title, *parts]]
        lines = [f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n")]
        return "\n".join(lines), "\n".join(parts)

    return form


def double_spaced(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    lines = [line for part in [title, *parts] for line in [*textwrap.wrap(part, 72), ""]]
    return "\n\n".join(line for line in lines if line), "\n".join(parts)


def boxed(title: str, parts: Parts, rng: random.Random) -> tuple[str, str]:
    rows = [title, "By Ana Delore", "Published Oct 21, 2025 • 3 minute read", ""]
    places = {min(2, len(parts) - 1), len(parts) * 2 // 3}
    for i, part in enumerate(parts):
        if i in places:
            rows += [*rng.choice(BOXES), ""]
        rows += [part, ""]
    return "\n".join(rows + OUTLET_TAIL), "\n".join(parts)


def live_blog(title: str, parts: Parts, rng: random.Random) -> tuple[str, str]:
    rows = [title, "Tue 21 Oct 2025 19.02 BST", ""]
    hour = 23
    for i, part in enumerate(parts):
        if i % 2 == 0:
            hour -= 1
            rows += [f"{hour % 24:02}.{rng.randint(10, 59)}"]
            rows += [" ".join(part.split()[:4])]
        rows.append(part)
        if i % 2:
            rows += ["Share"] + ["Updated at 18.44 BST"] * (rng.random() < 0.3)
    return "\n".join([*rows, "Topics", "Shipping"]), "\n".join(parts)


def interview(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    asks = [
        "Q: What did you see on that day?",
        "Q: And what happened then?",
        "Q: Who is to blame for it?",
    ]
    rows: Parts = [title]
    for i, part in enumerate(parts):
        rows += [asks[i % 3], f"A: {part}"]
    return "\n\n".join(rows), "\n".join(rows[1:])


def transcript(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    names = ["VARDEN", "HOST", "TOMAS BRECK"]
    rows = [f"{names[i % 3]}: {part}" for i, part in enumerate(parts)]
    return "\n".join([title, *rows]), "\n".join(rows)


def bulleted(title: str, parts: Parts, _: random.Random) -> tuple[str, str]:
    sentences = [s for part in parts for s in re.split(r"(?<=[.!?]) (?=[A-Z])", part)]
    rows = [f"• {s}" if i % 5 else s for i, s in enumerate(sentences)]
    heads = ["What happened?", "Why does it matter?", "What comes next?"]
    for k, head in enumerate(heads):
        rows.insert(len(rows) * (k + 1) // 4, head)
    return "\n".join([title, *rows]), "\n".join(sentences)


def table(at_end: bool) -> Form:
    def form(title: str, parts: Parts, rng: random.Random) -> tuple[str, str]:
        names = ["Ilse Varden", "Tomas Breck", "Corin Ashby", "Jo Lind", "Max Orr", "Ada Weller"]
        rows = [
            f"{name} {rng.choice(['Civic Union', 'Labour', 'Green'])} "
            f"{rng.randint(1000, 60000):,} {rng.randint(2, 51)}.{rng.randint(0, 9)}"
            for name in names * 2
        ]
        cut = len(parts[:4]) if at_end else 2
        shown = [*parts[:cut], "Candidate Party Votes %", *rows, *([] if at_end else parts[cut:4])]
        return "\n".join([title, "By Ana Delore", *shown]), "\n".join([*parts[:4], *rows])

    return form


FORMS: dict[str, Form] = {
    "plain": lambda title, parts, _: ("\n\n".join([title, *parts]), "\n".join(parts)),
    **{f"wrapped at {width}": wrapped(width) for width in (28, 36, 44, 60, 76, 98, 120)},
    "indented": indented,
    "narrow column": hyphenated,
    "quoted": quoted(None),
    "quoted, wrapped": quoted(70),
    "double-spaced": double_spaced,
    "boxes inside": boxed,
    "live blog": live_blog,
    "interview": interview,
    "transcript": transcript,
    "bullets": bulleted,
    "table inside": table(at_end=False),
    "table at the end": table(at_end=True),
}


def load(shared: Path) -> list[tuple[str, Parts]]:
    articles = []
    for file in sorted((shared / "stories/raw").glob("*/*.txt")):
        lines = [" ".join(x.split()) for x in file.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > 4:
            articles.append((lines[0], lines[1:]))
    return articles[:: max(1, len(articles) // ARTICLES)]


def measure(form: Form, articles: list[tuple[str, Parts]]) -> list[tuple[float, float, bool, str]]:
    rows = []
    rng = random.Random(0)
    for title, parts in articles:
        text, gold = form(title, parts, rng)
        read = unquoted(text)
        reading = read_page(read)
        body = " ".join(span.of(read) for span in reading.body)
        wanted, got = Counter(re.findall(r"\w+", gold)), Counter(re.findall(r"\w+", body))
        hits = (wanted & got).total()
        lost, extra = 1 - hits / wanted.total(), 1 - hits / max(1, got.total())
        rows.append((lost, extra, bool(reading.warnings), title))
    return rows


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    articles = load(Path(arguments[0] if arguments else "../shared"))
    for name, form in FORMS.items():
        rows = measure(form, articles)
        bad = [row for row in rows if row[0] > LOST]
        silent = [row for row in bad if not row[2]]
        warned = sum(row[2] for row in rows) - len(bad) + len(silent)
        n = len(rows)
        print(
            f"{name:16} lost over a fifth {len(bad):3} of {n}, silently {len(silent):3}; "
            f"words lost {sum(r[0] for r in rows) / n:.3f}, not the article "
            f"{sum(r[1] for r in rows) / n:.3f}; warned without loss {warned}"
        )
        if "--worst" in sys.argv:
            for lost, extra, _, title in sorted(rows)[-3:]:
                print(f"    lost {lost:.2f} extra {extra:.2f} {title[:70]}")


if __name__ == "__main__":
    main()
