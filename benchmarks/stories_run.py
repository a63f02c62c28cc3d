"""Measure runs of ``summarize stories``: growth, workers, kills, and a whole day.

    python benchmarks/stories_run.py growth 1000 10000 100000
    python benchmarks/stories_run.py workers [--stories 24] [--pairs 3]
    python benchmarks/stories_run.py kills [--times 10]
    python benchmarks/stories_run.py whole 2000

The articles are made, one after the other, from real ones of ``../shared``: sentences of three
texts, in which every word that is rare there is made a word of the story, so that each story has a
vocabulary of its own. That is for time and memory, not for quality, which
``benchmarks/stories.py`` measures. Growth is of clustering, each size in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from stories import events, real_noise

from summarizer.settings import Settings
from summarizer.stories.cluster import COLUMNS, PERMUTATIONS, Item, cluster, make_item
from summarizer.stories.day import find_stories, read_articles, tasks_of
from summarizer.stories.store import Folder
from summarizer.stories.tasks import run_tasks

OUTLETS = 200
SENTENCES, SHARED = 16, 10
"""Of an article, and those that it has in common with its story's others, in another order."""

RARE = 4
"""Texts in which a rare word stands, at most."""

_WORD = re.compile(r"[A-Za-z]+")


def articles(count: int) -> Iterator[dict[str, str]]:
    """Yield records: stories of one to six articles, on days of one week."""
    texts = [*real_noise(), *events().values()]
    spread = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    sentences = [[s for s in text.split(". ") if 40 < len(s) < 400] for text in texts]
    sentences = [each for each in sentences if len(each) >= 3]
    draw = random.Random(17)
    made = story = 0
    while made < count:
        story += 1
        chosen = [s for each in draw.sample(sentences, 6) for s in each]
        day = f"2026-11-{draw.randrange(1, 8):02}"
        core = draw.sample(chosen, min(SHARED, len(chosen)))
        for outlet in draw.sample(range(OUTLETS), draw.choice((1, 1, 1, 2, 3, 4, 6)))[
            : count - made
        ]:
            own = draw.choices(chosen, k=SENTENCES - len(core))
            parts = draw.sample(core, len(core) - 3) + own
            draw.shuffle(parts)
            text = _renamed(". ".join(parts), spread, story)
            yield {"outlet": f"Outlet {outlet}", "published": day, "text": f"{text}."}
            made += 1


def _renamed(text: str, spread: Counter[str], story: int) -> str:
    """Return a text with each rare word as the story's own."""
    own = "".join(chr(97 + int(digit)) for digit in str(story))
    return _WORD.sub(lambda m: m[0] if spread[m[0].lower()] > RARE else f"{m[0]}{own}", text)


def write_day(path: Path, count: int) -> Path:
    """Write a day of so many articles as JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for record in articles(count):
            lines.write(f"{json.dumps(record)}\n")
    return path


def quiet(stage: str, done: int, count: int) -> None:
    """Say nothing of how far a run is."""


def cpu() -> float:
    """Return the processor's seconds of this process and of those that it waited for."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def items(count: int) -> Iterator[Item]:
    """Yield articles as the clusterer sees them, made as ``articles`` makes their texts."""
    texts = [*real_noise(), *events().values()]
    real = [make_item("", text, "en", None) for text in texts]
    terms, spread = np.unique(np.concatenate([item.terms for item in real]), return_counts=True)
    common = set(terms[spread > RARE].tolist())
    draw, dice = random.Random(17), np.random.default_rng(17)
    made = story = 0
    while made < count:
        story += 1
        pool = np.unique(np.concatenate([item.terms for item in draw.sample(real, 3)]))
        rare = np.array([term not in common for term in pool.tolist()])
        pool = np.where(rare, (pool.astype(np.int64) * 31 + story * 7919) % COLUMNS, pool)
        day = date(2026, 11, draw.randrange(1, 8))
        for _ in range(min(draw.choice((1, 1, 1, 2, 3, 4, 6)), count - made)):
            chosen = np.unique(dice.choice(pool, len(pool) // 3, replace=False)).astype(np.int32)
            sketch = dice.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32).tobytes()
            yield Item(f"{made}", "en", day, chosen, np.ones(len(chosen), np.int16), sketch)
            made += 1


def grow(size: int) -> None:
    """Print time and memory of clustering so many articles."""
    made = list(items(size))
    terms = sum(len(item.terms) for item in made)
    had = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    before, start = cpu(), time.monotonic()
    groups = cluster(made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{size:,}: {cpu() - before:.1f} s of the processor, {time.monotonic() - start:.1f} s by "
        f"the clock; {peak:.2f} GB, of that {had:.2f} before; {terms:,} terms, "
        f"{len(groups):,} stories; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def growth(sizes: list[int]) -> None:
    """Print time and memory of clustering at some numbers of articles."""
    for size in sizes:
        process = multiprocessing.get_context("spawn").Process(target=grow, args=(size,))
        process.start()
        process.join()


def workers(stories: int, pairs: int) -> None:
    """Print how much faster two workers compare than one, in pairs that alternate."""
    with tempfile.TemporaryDirectory() as place:
        day = write_day(Path(place) / "day.jsonl", stories * 6)
        folder = Folder(Path(place) / "out")
        new, _ = read_articles(folder, [str(day)], Settings(), quiet)
        groups = find_stories(folder, new, 1, quiet)
        settings = Settings(engine="extractive", judge="lexical", cache="off")
        tasks = sorted(tasks_of(folder, groups, settings), key=lambda task: task.story)[:stories]
        for pair in range(pairs):
            taken = {}
            for count in (1, 2) if pair % 2 == 0 else (2, 1):
                part = Path(place) / f"{pair}-{count}"
                own = [replace(t, target=str(part / Path(t.target).name)) for t in tasks]
                start, before = time.monotonic(), cpu()
                run_tasks(own, workers=count)
                taken[count] = (time.monotonic() - start, cpu() - before)
            print(
                f"{len(tasks)} stories: one worker {taken[1][0]:.0f} s, two {taken[2][0]:.0f} s, "
                f"{taken[1][0] / taken[2][0]:.2f} x; processor {taken[1][1]:.0f} and "
                f"{taken[2][1]:.0f} s; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


def kills(times: int) -> None:
    """Kill workers and runs at random moments, and print what was lost or made twice."""
    draw = random.Random(23)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_day(folder / "day.jsonl", 60)
        command = [sys.executable, "-m", "summarizer", "stories", "day.jsonl", "--workers", "2"]
        written: dict[str, int] = {}
        again = ends = 0
        for number in range(times):
            run = subprocess.Popen([*command, "-o", "out"], cwd=folder, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(3, 12))
            victims = [run.pid] if number % 2 else below(run.pid)[:1]
            for victim in victims:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
            if number % 2 == 0:
                time.sleep(draw.uniform(3, 6))
                run.kill()
            run.wait()
            ends += bool(victims)
            now = reports(folder / "out")
            again += sum(now.get(name) != moment for name, moment in written.items())
            written = now
        subprocess.run([*command, "-o", "out"], cwd=folder, stderr=subprocess.DEVNULL, check=True)
        now = reports(folder / "out")
        again += sum(now.get(name) != moment for name, moment in written.items())
        subprocess.run([*command, "-o", "whole"], cwd=folder, stderr=subprocess.DEVNULL, check=True)
        same = all(
            (folder / "out" / name).read_bytes() == (folder / "whole" / name).read_bytes()
            for name in ("stories.json", "exclusives.csv")
        )
        print(
            f"{ends} kills, {len(written)} of {len(now)} reports made by runs that were killed; "
            f"{again} made twice; the same tables as one whole run: {same}"
        )


def reports(folder: Path) -> dict[str, int]:
    """Return when each report was written."""
    return {p.name: p.stat().st_mtime_ns for p in (folder / "reports").rglob("[!.]*.json.gz")}


def below(parent: int) -> list[int]:
    """Return the workers of a run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            owner = int(status.read_text().rpartition(")")[2].split()[1])
            if owner == parent and b"spawn_main" in (status.parent / "cmdline").read_bytes():
                found.append(int(status.parent.name))
    return found


def whole(count: int) -> None:
    """Print what a day of so many articles takes from end to end."""
    with tempfile.TemporaryDirectory() as place:
        write_day(Path(place) / "day.jsonl", count)
        start, before = time.monotonic(), cpu()
        command = [sys.executable, "-m", "summarizer", "stories", "day.jsonl", "-o", "out"]
        done = subprocess.run(
            [*command, "--workers", "2"], cwd=place, stderr=subprocess.PIPE, text=True, check=False
        )
        wall, spent = time.monotonic() - start, cpu() - before
        size = sum(path.stat().st_size for path in (Path(place) / "out").rglob("*"))
        made = len(reports(Path(place) / "out"))
    print(done.stderr[-600:])
    print(
        f"{count:,} articles, {made:,} stories compared: {wall:.0f} s by the clock, {spent:.0f} s "
        f"of the processor, {size / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    sizes = commands.add_parser("growth")
    sizes.add_argument("sizes", type=int, nargs="+")
    pairs = commands.add_parser("workers")
    pairs.add_argument("--stories", type=int, default=24)
    pairs.add_argument("--pairs", type=int, default=3)
    times = commands.add_parser("kills")
    times.add_argument("--times", type=int, default=10)
    day = commands.add_parser("whole")
    day.add_argument("count", type=int)
    options = parser.parse_args()
    match options.what:
        case "growth":
            growth(options.sizes)
        case "workers":
            workers(options.stories, options.pairs)
        case "kills":
            kills(options.times)
        case "whole":
            whole(options.count)


if __name__ == "__main__":
    main()
