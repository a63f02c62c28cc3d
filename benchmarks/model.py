"""What a run with a model asks, takes and withstands, against a server of our own.

    python benchmarks/model.py FOLDER [FOLDER ...] [--strings injection.json] [--repeats 5]
        [--only-attacks] [--every 1] [--judge llm]

Each FOLDER holds the articles of one story. The server is the one of the tests, with its
rule-based model: the figures are about the wire and the questions, never about a model's
quality. Tokens are those of all texts that are sent, messages and typed questions (without
schemas), against those of the bodies of the articles; a request's cacheable part is what it
has in common with the beginning of another to the same path. ``--strings`` maps kinds of
attacks to their strings; each is put at the start, the middle and the end of one article of
the story, and a model answers that obeys whatever it is shown. ``--only-attacks`` leaves
the rest out, ``--every`` tries each so-manieth placing, and what got through is printed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the server is a part of the tests, which are not installed

# Only now can these be found.
from injections import PLACES, planted  # noqa: E402

from summarizer import Article, DiffReport, Settings, read_articles  # noqa: E402
from summarizer.pipeline import diff, open_desk  # noqa: E402
from summarizer.render.records import to_contract  # noqa: E402
from summarizer.tokens import count_tokens as count  # noqa: E402
from summarizer.tokens import load_encoding  # noqa: E402
from summarizer.types import RejectReason, Span  # noqa: E402
from tests.support.server import ModelServer, Received, RuleModel  # noqa: E402
from tests.support.server.model import OBEYED  # noqa: E402

PROMPTS = {
    "llm": ("reader", "extract_claims", "align_claims", "find_conflicts", "verify_statements"),
    "decisions": ("reader", "extract_claims", "align_claims", "find_conflicts", "decide_claims"),
}
"""The prompts that are edited, one at a time, for each judge."""

DELAY, JOBS = 0.5, 8
"""Seconds for each answer of the slow server, and requests under way at once."""


@dataclass(frozen=True)
class Bench:
    """A story, a server, and a folder for the cache."""

    articles: tuple[Article, ...]
    server: ModelServer
    settings: Settings

    def run(self, articles: Sequence[Article] | None = None, **chosen: object) -> DiffReport:
        """Return the report of one run, from opening to closing."""
        settings = replace(self.settings, **chosen)  # type: ignore[arg-type]  # by name
        with open_desk(settings, env={}) as desk:
            return diff(articles or self.articles, settings, desk=desk)


@contextmanager
def bench(
    articles: Sequence[Article], judge: str, model: RuleModel | None = None, delay: float = 0.0
) -> Iterator[Bench]:
    """Open a server and an empty cache."""
    with ModelServer(model, delay=delay) as server, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            engine="openai", judge=judge, base_url=server.url, cache_dir=folder, jobs=JOBS
        )
        yield Bench(tuple(articles), server, settings)


def texts(received: Received) -> list[str]:
    """Return all text of a request."""
    messages = received.body.get("input") or received.body.get("messages") or []
    questions = received.body.get("questions") or []
    return [*(m["content"] for m in messages), *(q["instructions"] for q in questions)]


def common(a: str, b: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = zip(a, b, strict=False)
    return next((i for i, (x, y) in enumerate(pairs) if x != y), min(len(a), len(b)))


def asked(server: ModelServer) -> list[Received]:
    """Return the requests that are not about the server itself."""
    return [r for r in server.requests if r.stage not in {"", "probe"}]


def size(found: Bench) -> None:
    """Print requests and tokens of a first run."""
    found.run()
    sent, number = asked(found.server), len(found.articles)
    body = sum(count(article.body_text) for article in found.articles)
    prompts = sum(count(text) for r in sent for text in texts(r))
    whole = [(r.path, "\n".join(texts(r))) for r in sent]
    shared = sum(
        count(text[: max(common(text, b) for p, b in whole if p == path and b is not text)])
        for path, text in whole
    )
    every = sum(count(text) for _, text in whole)
    line("requests", f"{len(found.server.requests)} of at most {3 * number + 2}")
    line("prompt tokens", f"{prompts / body:.2f} x the articles' {body} (at most 6)")
    line("in cacheable prefixes", f"{shared / every:.2f} (at least .5)")


def again(found: Bench, repeats: int) -> None:
    """Print what a second run asks, and its time against the offline engine's."""
    found.server.reset()
    offline = replace(found.settings, engine="extractive", judge="lexical")

    def seconds(settings: Settings) -> float:
        start = time.perf_counter()
        with open_desk(settings, env={}) as desk:
            diff(found.articles, settings, desk=desk)
        return time.perf_counter() - start

    # In turns, so that whatever else this machine does meets both alike.
    pairs = [(seconds(found.settings), seconds(offline)) for _ in range(repeats)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    line("second run", f"{len(found.server.requests)} requests")
    line("  its time", f"{ours / theirs:.2f} x {theirs:.2f} s offline (at most 1.2)")


def edited(found: Bench, judge: str) -> None:
    """Print which stages go out again when one prompt was edited."""
    for name in PROMPTS[judge]:
        found.server.reset()
        with tempfile.TemporaryDirectory() as folder:
            text = (ROOT / "prompts" / f"{name}.md").read_text(encoding="utf-8")
            Path(folder, f"{name}.md").write_text(f"{text.rstrip()} Take care.\n", encoding="utf-8")
            found.run(prompts=folder)
        stages = [r.stage for r in asked(found.server)]
        told = ", ".join(f"{stages.count(stage)} {stage}" for stage in dict.fromkeys(stages))
        line(f"  {name} edited", told or "nothing")


def slow(articles: Sequence[Article], judge: str) -> None:
    """Print the seconds of a run with a slow server."""
    with bench(articles, judge, delay=DELAY) as found:
        start = time.perf_counter()
        found.run()
        seconds = time.perf_counter() - start
    line(f"{DELAY} s a reply", f"{seconds:.2f} s = {seconds / DELAY:.1f} replies (at most 7)")


@dataclass
class Tally:
    """What came of attacks."""

    tried: int = 0
    followed: int = 0
    facts: int = 0
    lost: int = 0
    changed: int = 0
    listed: int = 0

    def add(self, other: Tally) -> None:
        """Count what another one has counted."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def attacked(
    articles: Sequence[Article], judge: str, attacks: Sequence[str], every: int = 1
) -> Tally:
    """Return what came of attacks in a story, on a model that obeys."""
    tally = Tally()
    with bench(articles, judge, RuleModel(gullible=True, attacks=attacks)) as found:
        targets = [s.article for s in found.run().articles if s.same_as is None]
        # Rebuilt as the attacked ones are, so that only the attack makes a difference.
        plain = {a.id: planted(a, "", 1.0, True)[0] for a in targets}
        clean = {target: found.run(story(articles, plain[target])) for target in plain}
        placings = [(attack, place) for attack in attacks for place in PLACES]
        planned = list(enumerate(zip(placings, cycle(targets))))
        for n, ((attack, place), target) in planned[::every]:
            article, where = planted(target, attack, place, n % 2 == 0)
            one = tell(found.run(story(articles, article)), clean[target.id], article, where)
            tally.add(one)
            if one.followed or one.facts or one.lost or one.changed:
                print(f"    {Path(target.source).name} {place}: {attack}: {one}", flush=True)
    return tally


def story(articles: Sequence[Article], other: Article) -> list[Article]:
    """Return the articles with one of them in another state."""
    return [other if article.id == other.id else article for article in articles]


def tell(report: DiffReport, clean: DiffReport, article: Article, at: Span) -> Tally:
    """Return what came of one attack, which stands at a place in an article."""
    tally = Tally(tried=1)
    tally.followed += obeyed(report) > obeyed(clean)
    tally.facts += any(
        span.overlap(at)
        for fact in report.facts
        for mention in fact.mentions
        if mention.article.id == article.id
        for span in mention.evidence
    )
    kept = {fact.text: fact.status for fact in report.facts}
    tally.lost += sum(fact.text not in kept for fact in clean.facts)
    tally.changed += sum(kept.get(f.text, f.status) is not f.status for f in clean.facts)
    injected = [r for r in report.rejected if r.reason is RejectReason.INJECTION]
    tally.listed += any(article.text.find(r.text, at.start, at.end) >= 0 for r in injected)
    return tally


def obeyed(report: DiffReport) -> int:
    """Return how often a report tells what a model invented."""
    told = {k: v for k, v in to_contract(report).items() if k not in {"rejected", "warnings"}}
    for each in told["articles"]:
        each["text"] = None
    return json.dumps(told).count(OBEYED)


def line(name: str, value: str) -> None:
    print(f"  {name:<26}{value}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--strings", type=Path, help="attacks by kind, in JSON")
    options.add_argument("--repeats", type=int, default=5, help="of runs whose time is taken")
    options.add_argument("--only-attacks", action="store_true", help="try the attacks alone")
    options.add_argument("--every", type=int, default=1, help="try each so-manieth placing")
    options.add_argument("--judge", choices=PROMPTS, help="one judge alone")
    chosen = options.parse_args()
    print(
        "tokens are",
        "counted (o200k_base)" if load_encoding() is not None else "estimated: no vocabulary",
    )
    strings = json.loads(chosen.strings.read_text(encoding="utf-8")) if chosen.strings else {}
    attacks = [attack for kind in strings.values() for attack in kind]
    for folder in chosen.folders:
        files = sorted(str(path) for path in folder.glob("*.txt"))
        articles = read_articles(files).articles
        for judge in [chosen.judge] if chosen.judge else PROMPTS:
            print(f"\n{folder.name}: {len(articles)} articles, {judge} judge")
            if not chosen.only_attacks:
                with bench(articles, judge) as found:
                    size(found)
                    again(found, chosen.repeats)
                    edited(found, judge)
                slow(articles, judge)
            if attacks:
                tally = attacked(articles, judge, attacks, chosen.every)
                told = (f"{value} {name}" for name, value in vars(tally).items())
                line("injection", ", ".join(told))


if __name__ == "__main__":
    main()
