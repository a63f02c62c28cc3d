"""Pages put together of several: an article with furniture of known place in and around it.

The real pages hold few feeds, boxes inside the article, promos and biographies; a composed
one takes an article of one page, heads and stories of others, and what is written below.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from page_data import Page, shingles, title_lines

from summarizer.sources.lines import STOP_WORDS, page_shapes, split_lines

HEADS = [
    "News Feed", "Latest news", "Most popular", "More news", "Related", "Top stories",
    "Read also", "Comments", "Editors' Picks", "Live feed", "In other news",
    "You may also like", "Trending", "World news", "Recommended for you",
]  # fmt: skip
CALLS = [
    "Share this article", "Subscribe", "Follow us", "Sign up for our newsletter.",
    "Support independent journalism. It only takes a minute.", "Comments", "Share", "Print",
    "Get the best stories in your inbox every morning.", "Advertisement",
]  # fmt: skip
# Heads of boxes that stand inside an article, in front of other stories or of promos.
BOX_HEADS = [
    "Related", "Read more", "More on this", "Don't miss", "Editor's choice", "Recommended",
    "Watch", "In case you missed it", "Also in today's paper", "Promoted", "From our partners",
]  # fmt: skip
# Promos as they stand inside an article: a name, what it is, a field, a button.
PROMO_BOXES = [
    ["The Evening Courier", "What happened today, and why. Weekdays at six.", "E-mail", "Send"],
    ["Politics Now", "Our weekly look behind the scenes of the capital.", "Your address", "Go"],
    ["Stay ahead", "Ten minutes of news that you will remember.", "Sign me up"],
    ["The Valley Record is for everyone", "Nobody owns us. If you can, give a little.", "Give"],
    ["Listen", "Our podcast: every Thursday, two reporters and a question."],
    ["Keep reading for free", "Three more articles this month are on us.", "Create an account"],
    ["A gift that lasts a year", "Half price until Sunday.", "Choose a gift"],
]
# What a page says of itself below an article.
ABOUT = [
    "The Valley Record is owned by its readers and has no other master.",
    "Northern Post is published six days a week in three editions.",
    "We make mistakes. When we do, we say so.",
    "Write to the editors if something here is wrong.",
    "Your town, your paper, since 1894.",
    "A shorter form of these lines went out in Monday's print edition.",
    "We ask readers to be polite to each other. Posts that insult somebody are taken down.",
]
NAMES = ["Mary Porter", "Ivan Kolisnyk", "Jean Martin", "Anna Lindqvist", "Omar Haddad"]
PAPERS = ["the Harbour Times", "Northern Post", "The Valley Record", "Daily Courier"]
ROLES = ["reporter", "senior correspondent", "staff writer", "political editor", "journalist"]
BEATS = ["politics", "courts and crime", "the environment", "Europe"]
MONTHS = ["February", "May", "October"]
# Weight of a composed page against a real one. Origin: with more the model learns to end every
# article at its first interruption, and real pages lose more than is gained.
COMPOSED = 0.1
# Shares of composed pages whose article is shortened, and that have boxes inside it.
SHORTENED = 0.3
BOXED = 0.3

Row = tuple[str, float]


def compose(pages: Sequence[Page], *, seed: int = 0, count: int = 200) -> list[Page]:
    """Return pages put together of several: feeds, promos and biographies of known place."""
    rng = random.Random(seed)
    english = [p for p in pages if _is_used(p)]
    composed = []
    for k in range(count):
        page = english[k % len(english)]
        others = rng.sample([p for p in english if not p.sites & page.sites], 4)
        made = _composed(f"composed {k}", page, others, rng, bare=k % 2 == 0)
        if made:
            composed.append(made)
    return composed


def _is_used(page: Page) -> bool:
    """Return whether a page is English, has an article, and was not invented."""
    known = page.real or "/" in page.key
    return known and sum(page.labels) >= 4 and page.stop_words == STOP_WORDS["en"]


def _composed(
    key: str, page: Page, others: Sequence[Page], rng: random.Random, *, bare: bool
) -> Page | None:
    body = [i for i, y in enumerate(page.labels) if y]
    first, stop = body[0], body[-1] + 1
    rows = [(page.lines[i].text, page.labels[i]) for i in range(first, stop)]
    if rng.random() < SHORTENED:
        rows = _shortened(rows, rng.randint(1, 8))
    if rng.random() < BOXED:
        rows = _with_boxes(rows, others, rng)
    bare = bare or not page.real
    if bare:
        head, tail = _bare_head(page, others[3], rng), rng.sample(CALLS, rng.randint(0, 3))
    else:
        head = [line.text for line in page.lines[:first]]
        tail = [line.text for line in page.lines[stop:]]
    after = _biography(rng) if rng.random() < 0.5 else []
    after += rng.sample(CALLS, rng.randint(1, 3)) if rng.random() < 0.4 else []
    after += rng.sample(ABOUT, rng.randint(1, 3)) if rng.random() < 0.4 else []
    after += _feed(others[: rng.randint(1, 3)], rng) if rng.random() < 0.85 else []
    below = after + tail if rng.random() < 0.6 else tail + after
    rows = [(text, 0.0) for text in head] + rows + [(text, 0.0) for text in below]
    lines = split_lines("\n\n".join(text for text, _ in rows))
    if len(lines) != len(rows):
        return None
    labels = [y for _, y in rows]
    titles = title_lines(lines[: len(head)], "".join(page.headline())) if bare else page.titles
    gold = shingles("\n".join(text for text, y in rows if y))
    sites = page.sites.union(*(o.sites for o in others))
    shapes = page_shapes(lines, page.stop_words)
    return Page(key, sites, lines, labels, titles, gold, page.stop_words, shapes, COMPOSED)


def _with_boxes(rows: list[Row], others: Sequence[Page], rng: random.Random) -> list[Row]:
    """Return ``rows`` with one to three boxes between paragraphs of the article."""
    for _ in range(rng.randint(1, 3)):
        places = [i for i in range(1, len(rows)) if rows[i][1] and rows[i - 1][1]]
        if places:
            place = rng.choice(places)
            rows = [*rows[:place], *[(text, 0.0) for text in _box(others, rng)], *rows[place:]]
    return rows


def _box(others: Sequence[Page], rng: random.Random) -> list[str]:
    """Return a promo, or heads of other stories with or without what they begin with."""
    if rng.random() < 0.4:
        return rng.choice(PROMO_BOXES)
    lines = [rng.choice(BOX_HEADS)] if rng.random() < 0.6 else []
    for other in rng.sample(others, rng.randint(1, 2)):
        lines += other.headline()
        teasers = [text for text in other.paragraphs() if 50 < len(text) < 200]
        lines += teasers[:1] if rng.random() < 0.35 else []
    return lines


def _shortened(rows: list[Row], paragraphs: int) -> list[Row]:
    seen = 0
    for i, (text, y) in enumerate(rows):
        seen += bool(y and len(text) > 60)
        if seen >= paragraphs:
            return rows[: i + 1]
    return rows


def _bare_head(page: Page, other: Page, rng: random.Random) -> list[str]:
    head = other.headline() + other.paragraphs()[:1] if rng.random() < 0.3 else []
    head += rng.sample(CALLS, rng.randint(0, 4)) + page.headline()
    if rng.random() < 0.6:
        by = f"by {rng.choice(NAMES)} " if rng.random() < 0.5 else ""
        day = f"{rng.choice(MONTHS)} {rng.randint(1, 28)}, 20{rng.randint(10, 23)}"
        head.append(f"{by}{day} {rng.randint(1, 12)}:{rng.randint(10, 59)} pm")
    return head


def _biography(rng: random.Random) -> list[str]:
    who, paper = rng.choice(NAMES), rng.choice(PAPERS)
    lines = [who] * rng.randint(0, 2)
    lines += [rng.choice(ROLES).capitalize()] if rng.random() < 0.5 else []
    past = f" She previously worked as a reporter for {rng.choice(PAPERS)}, focusing on trade."
    more = rng.choice(["", past, " He won several awards and lives with his family in the city."])
    first = who.split()[0]
    is_a = rng.choice(
        [
            f"{who} is a {rng.choice(ROLES)} at {paper}, covering {rng.choice(BEATS)}.",
            f"{who} has written about {rng.choice(BEATS)} for {paper} since 2014.",
            f"{first} covers {rng.choice(BEATS)}. Before that she taught in a village school.",
            f"{who} lives by the sea and writes on {rng.choice(BEATS)}.",
        ]
    )
    return [*lines, is_a + more]


def _feed(others: Sequence[Page], rng: random.Random) -> list[str]:
    lines = rng.sample(HEADS, rng.randint(1, 3)) if rng.random() < 0.8 else []
    dated = rng.choice(["", "clock", "date"])
    for other in others:
        if dated == "clock":
            lines.append(f"{rng.randint(1, 12)}:{rng.randint(10, 59)} {rng.choice(['AM', 'PM'])}")
        elif dated:
            day = f"{rng.randint(1, 28)}, 20{rng.randint(10, 23)}"
            lines.append(f"{rng.choice(['Feb', 'June', 'Oct'])}. {day}")
        lines += other.headline()
        long = [text for text in other.paragraphs() if len(text) > 80]
        lines += long[: rng.choice([1, 1, 1, 2])]
        lines += [rng.choice(CALLS)] if rng.random() < 0.2 else []
    return [*lines, "MORE NEWS"] if rng.random() < 0.4 else lines
