# ruff: noqa: E501, SIM905  (a shape is a line)
"""How the cost of the offline path grows with its input, shape by shape.

    python benchmarks/growth.py                        # every shape at four sizes
    python benchmarks/growth.py numbers "many links"   # some of them
    python benchmarks/growth.py --calls                # counts calls instead of seconds, as in CI
    python benchmarks/growth.py --stories 50 200 500   # articles of one invented story

A shape is a text, a page or a story that may cost more than its size; each doubles three times. The
exponent is that between the two largest sizes: 1 is linear, 2 quadratic. Seconds are of the
processor, and calls those of Python functions, which no busy machine changes. Each size of a story
runs in a process of its own, since memory is measured.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from summarizer import Article, diff
from summarizer.render.html import to_html
from summarizer.render.records import to_json
from summarizer.sources.html import read_html
from summarizer.types import DiffReport

SIZES = (1, 2, 4, 8)
"""How many times the smallest size of a shape."""

ALLOWED = 1.3
"""The exponent that a shape may have."""

Text = Callable[[int], str]

NAMES = "Adler Brandt Corvin Dasek Ellery Farrow Gessner Holm Ivers Jarvis Keller Lunde".split()
VERBS = "closed repaired counted inspected widened moved sold rented painted measured".split()
THINGS = "bridge harbour school library market tower ferry tunnel depot archive".split()


def sentence(chance: random.Random, number: int) -> str:
    """Return one sentence of an invented ward, with a figure and a name."""
    name, verb, thing = chance.choice(NAMES), chance.choice(VERBS), chance.choice(THINGS)
    return (
        f"The {thing} of ward {number} was {verb} on Monday by {name}, who had "
        f"{chance.randrange(10, 9000)} workers and {chance.randrange(2, 90)} boats for it."
    )


def _told(make: Callable[[random.Random, int], str], count: int) -> str:
    chance = random.Random(count)
    return " ".join(make(chance, number) for number in range(count))


def _pages(inner: str, head: str = "") -> str:
    chance = random.Random(0)
    body = "".join(f"<p>{sentence(chance, n)}</p>" for n in range(12))
    return f"<html><head><title>Wards</title>{head}</head><body>{inner}<article>{body}</article></body></html>"


TEXTS: dict[str, tuple[int, Text]] = {
    "sentences": (40, lambda n: _told(sentence, n)),
    "equal sentences": (100, lambda n: "The bridge is shut. " * n),
    "short sentences": (100, lambda n: _told(lambda c, i: f"He left {i}.", n)),
    "ward results": (40, lambda n: _told(lambda c, i: f"Ward {i}: {c.choice(NAMES)} {c.randrange(9000):,}, {c.choice(NAMES)} {c.randrange(9000):,}.", n)),
    "numbers in one sentence": (60, lambda n: f"The wards counted {', '.join(str(i * 37 % 9973) for i in range(n))} votes. " + _told(sentence, 5)),
    "dates in one sentence": (40, lambda n: f"It met on {', '.join(f'{1 + i % 28} May {1990 + i % 30}' for i in range(n))} in the hall. " + _told(sentence, 5)),
    "dates": (40, lambda n: _told(lambda c, i: f"On {1 + i % 28} June {1950 + i % 70} the {c.choice(THINGS)} was {c.choice(VERBS)}.", n)),
    "names in one sentence": (60, lambda n: f"They were {', '.join(f'{NAMES[i % 12]} {NAMES[i * 7 % 12]}son' for i in range(n))}. " + _told(sentence, 5)),
    "runs of not": (100, lambda n: f"It is {'not ' * n}true. " + _told(sentence, 5)),
    "speakers": (40, lambda n: _told(lambda c, i: f'"We {c.choice(VERBS)} the {c.choice(THINGS)}," {c.choice(NAMES)} {c.choice(NAMES)}{i} said.', n)),
    "long quotation": (400, lambda n: '"' + "we shall see and " * n + '" he said. ' + _told(sentence, 5)),
    "open quotation marks": (100, lambda n: '"we ' * n + _told(sentence, 5)),
    "one long line": (2_000, lambda n: "the harbour of the ward and " * n),
    "one long word": (20_000, lambda n: "a" * n + ". " + _told(sentence, 5)),
    "CJK": (100, lambda n: "市議会は月曜日に古い港の橋を閉鎖することを決めた。" * n),
    "CJK without stops": (100, lambda n: "市議会月曜日古港橋閉鎖決定" * n),
    "short lines": (200, lambda n: _told(sentence, 8) + "\n" + "\n".join(f"Item {i}" for i in range(n))),
    "copyright lines": (100, lambda n: _told(sentence, 8) + "\n\n" + "\n".join(f"© {1990 + i % 30} Gazette {i}" for i in range(n))),
    "brackets": (500, lambda n: "(" * n + "x" + ")" * n + ". " + _told(sentence, 5)),
    "stops": (500, lambda n: "... " * n + _told(sentence, 5)),
    "white space": (5_000, lambda n: "The ward" + " " * n + "is open.\n" + "\n" * n + _told(sentence, 5)),
    "angle brackets": (500, lambda n: "<" * n + " " + _told(sentence, 5)),
    "tags that no reader sees": (1_000, lambda n: _told(sentence, 5) + "\U000e0041" * n),
}  # fmt: skip

PAGES: dict[str, tuple[int, Text]] = {
    "paragraphs": (60, lambda n: _pages("".join(f"<p>{sentence(random.Random(i), i)}</p>" for i in range(n)))),
    "many links": (300, lambda n: _pages("".join(f"<p><a href='/{i}'>Ward {i} opens its {THINGS[i % 10]}</a></p>" for i in range(n)))),
    "huge table": (150, lambda n: _pages("<table>" + "".join(f"<tr><td>Ward {i}</td><td>{i * 37 % 997}</td></tr>" for i in range(n)) + "</table>")),
    "deep nesting": (400, lambda n: _pages("<div>" * n + "x" + "</div>" * n)),
    "many attributes": (500, lambda n: _pages("<p " + " ".join(f"a{i}='1'" for i in range(n)) + ">x</p>")),
    "< in JSON-LD": (5_000, lambda n: _pages("", '<script type="application/ld+json">{"articleBody":"' + "<" * n + '"}</script>')),
    "long JSON-LD": (200, lambda n: _pages("", '<script type="application/ld+json">' + json.dumps({"@graph": [{"name": i} for i in range(n)]}) + "</script>")),
    "style sheet": (200, lambda n: _pages("<b class='a1'></b>" * n, "<style>" + "".join(f".a{i} b{{display:none}}" for i in range(n)) + "</style>")),
    "siblings in a style sheet": (100, lambda n: _pages("<b></b>" * n, "<style>b ~ b ~ i,b ~ i{display:none}</style>")),
    "hidden elements": (300, lambda n: _pages("<i hidden>x</i>" * n)),
    "comments": (500, lambda n: _pages("<!-- x -->" * n)),
    "entities": (2_000, lambda n: _pages("<p>" + "&amp;" * n + "</p>")),
    "one long line of a page": (5_000, lambda n: _pages("<p>" + "the ward and the harbour " * n + "</p>")),
}  # fmt: skip


def read_text(text: str) -> None:
    """Take a text through reading and extraction, and compare it with another one."""
    other = Article.from_text(_told(sentence, 12), outlet="Other")
    article = Article.from_text(text + "\n\n" + _told(sentence, 12), outlet="One")
    diff([article, other])


def conflicts(count: int) -> None:
    """Compare two articles that differ in every figure, and write all forms of the report."""
    chance = random.Random(count)
    told = [sentence(chance, n) for n in range(count)]
    changed = ["".join("7" if c == "1" else c for c in s) for s in told]
    report = diff(
        [Article.from_text("\n\n".join(s), outlet=o) for s, o in ((told, "A"), (changed, "B"))]
    )
    render(report)


def render(report: DiffReport) -> None:
    """Write the report as a page and as JSON."""
    to_html(report)
    to_json(report)


def shapes() -> dict[str, tuple[int, Callable[[int], object]]]:
    """Return what is run by name, with its smallest size."""
    found: dict[str, tuple[int, Callable[[int], object]]] = {}
    for name, (size, text) in TEXTS.items():
        found[name] = (size, lambda n, text=text: read_text(text(n)))  # type: ignore[misc]
    for name, (size, text) in PAGES.items():
        found[name] = (size, lambda n, text=text: read_html(text(n)))  # type: ignore[misc]
    found["conflicts"] = (10, conflicts)
    found["articles"] = (6, lambda n: diff(story(n)))
    return found


def story(size: int) -> list[Article]:
    """Return so many articles of one invented story.

    Each tells some of its sentences, changed, then what it alone has, and in copies with small
    changes what some of the others alone seem to have.
    """
    chance = random.Random(0)
    known = [sentence(chance, number) for number in range(60)]
    own = [alone(number) for number in range(size)]
    articles = []
    for number in range(size):
        told = []
        for each in sorted(chance.sample(range(60), 12)):
            words = known[each].split()
            told.append(" ".join(w for w in words if chance.random() < 0.95))
        if number and is_copied(number - 1, size):
            told.append(changed(own[number - 1]))
        articles.append(
            Article.from_text("\n\n".join([*told, own[number]]), outlet=f"Outlet {number}")
        )
    return articles


COPYING = 5
"""One in so many articles copies what the one before it has of its own."""

ALONE = (
    "The {} {} of {} has the {} with a {} and {} {}s from the {}.",
    "{6} {7}s of the {2} were at the {0}, where {1} had a {3} for each {4} and {5}.",
    "As {1} is the {0} of all {4}s, its {2} can have {6} {3}s with {5} and {7}.",
)
"""What one article alone has. All but the words of grammar are made up for each: of sentences that
share more, words cannot surely tell that nobody else has them."""


def alone(number: int) -> str:
    """Return what the article of a number alone tells: of things that no other one names."""
    chance = random.Random(number)
    words = [
        "".join(chance.choice("bdfglmnrstvz") + chance.choice("aeiou") for _ in range(4)) + "n"
        for _ in range(7)
    ]
    words[1] = words[1].title()
    return ALONE[number % len(ALONE)].format(*words[:6], number + 3, words[6])


def changed(text: str) -> str:
    """Return a sentence as another outlet copies it, with a word less and another one more."""
    words = text.split()
    return " ".join([*words[:3], "reportedly", *words[3:-2], words[-1]])


def is_copied(number: int, size: int) -> bool:
    """Return whether another one of so many articles copies what the one of a number has."""
    return (number + 1) % COPYING == 0 and number + 1 < size


def seconds(run: Callable[[int], object], size: int) -> float:
    """Return the processor time that a run takes."""
    start = time.process_time()
    run(size)
    return time.process_time() - start


def calls(run: Callable[[int], object], size: int) -> float:
    """Return how many functions a run calls, those of libraries in C too."""
    count = 0

    def tick(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tick)
    try:
        run(size)
    finally:
        sys.setprofile(None)
    return float(count)


def exponent(costs: Sequence[float], sizes: Sequence[int] = SIZES) -> float:
    """Return how cost grows between the two largest sizes."""
    return math.log(max(costs[-1], 1e-9) / max(costs[-2], 1e-9)) / math.log(sizes[-1] / sizes[-2])


def measure_story(size: int) -> dict[str, float]:
    """Return what a diff of so many articles takes, and what of it is called confirmed.

    ``copied`` of the ``confirmed`` facts have four fifths of their words in a paragraph of another
    article; of the ``planted`` sentences, which stand in one article, so many are confirmed.
    """
    articles = story(size)
    start = time.process_time()
    report = diff(articles)
    spent = time.process_time() - start
    written = len(to_json(report).encode())
    unique = [fact for fact in report.facts if str(fact.uniqueness) == "confirmed"]
    words = [set(a.text.split()) for a in articles]
    texts = [[set(line.split()) for line in a.text.split("\n\n")] for a in articles]
    place = {a.outlet: i for i, a in enumerate(articles)}
    copied = 0
    for fact in unique:
        own, told = place[fact.outlets[0]], set(fact.text.split())
        copied += any(
            len(told & line) >= 0.8 * len(told)
            for i, lines in enumerate(texts)
            if i != own and len(told & words[i]) >= 0.8 * len(told)
            for line in lines
        )
    told_alone = {fact.text for fact in unique}
    planted = [alone(number) for number in range(size) if not is_copied(number, size)]
    return {
        "articles": size,
        "seconds": round(spent, 1),
        "json_mb": round(written / 1e6, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "facts": len(report.facts),
        "confirmed": len(unique),
        "copied": copied,
        "planted": len(planted),
        "planted_confirmed": sum(text in told_alone for text in planted),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--stories", nargs="+", type=int)
    parser.add_argument("--one", action="store_true", help="run the first story in this process")
    options = parser.parse_args()
    if options.stories and options.one:
        print(json.dumps(measure_story(options.stories[0])))
        return
    for size in options.stories or ():
        command = [sys.executable, __file__, "--one", "--stories", str(size)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    if options.stories:
        return
    cost = calls if options.calls else seconds
    failed = []
    for name, (first, run) in shapes().items():
        if options.names and name not in options.names:
            continue
        run(first)  # what is loaded once does not grow
        costs = [cost(run, first * fold) for fold in SIZES]
        grown = exponent(costs)
        failed += [name] if grown > ALLOWED else []
        shown = "  ".join(f"{first * f}: {c:.2f}" for f, c in zip(SIZES, costs, strict=True))
        print(f"{name:28} {grown:5.2f}  {shown}", flush=True)
    print(f"over {ALLOWED}: {', '.join(failed) or 'none'}")


if __name__ == "__main__":
    main()
