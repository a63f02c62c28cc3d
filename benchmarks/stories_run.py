"""Measure runs of ``summarize stories``: growth, reading, workers, kills, and a whole day.

    python benchmarks/stories_run.py growth 1000 10000 100000
    python benchmarks/stories_run.py reading 1000 10000 100000
    python benchmarks/stories_run.py workers [--stories 100] [--pairs 3]
    python benchmarks/stories_run.py kills [--times 10]
    python benchmarks/stories_run.py whole 2000

The articles are made, one after the other, from real ones of ``../shared``: sentences of three
texts, in which every word that is rare there is made a word of the story, so that each story has a
vocabulary of its own. That is for time and memory, not for quality, which
``benchmarks/stories.py`` measures. Growth is of clustering, each size in a process of its own;
reading is of the texts, and of finding stories in what was read. Beside the seconds of a part stand
those that other programs took of the machine's processors meanwhile.
"""

from __future__ import annotations

import argparse
import gzip
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
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
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


def read(size: int, place: str) -> None:
    """Print time and memory of reading so many articles, and then of finding their stories."""
    day = write_day(Path(place) / f"{size}.jsonl", size)
    folder = Folder(Path(place) / f"{size}")

    def reading() -> None:
        read_articles(folder, [str(day)], Settings(), quiet)

    def finding() -> None:
        find_stories(folder, 2, quiet)

    for what in (reading, finding):
        wall, spent, others = timed(what)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{what.__name__} {size:,}: {spent:.1f} s of the processor, {wall:.1f} s by the clock, "
            f"others {others:.0f} s; {peak:.2f} GB",
            flush=True,
        )


def reading(sizes: list[int]) -> None:
    """Print time and memory of reading and clustering at some numbers of articles."""
    with tempfile.TemporaryDirectory() as place:
        for size in sizes:
            process = multiprocessing.get_context("spawn").Process(target=read, args=(size, place))
            process.start()
            process.join()


def workers(stories: int, pairs: int) -> None:
    """Print how much faster two workers compare than one, in pairs that alternate."""
    with tempfile.TemporaryDirectory() as place:
        day = write_day(Path(place) / "day.jsonl", stories * 6)
        folder = Folder(Path(place) / "out")
        read_articles(folder, [str(day)], Settings(), quiet)
        groups = find_stories(folder, 1, quiet)
        settings = Settings(engine="extractive", judge="lexical", cache="off")
        tasks = sorted(tasks_of(folder, groups, settings), key=lambda task: task.story)[:stories]
        for pair in range(pairs):
            for count in (1, 2) if pair % 2 == 0 else (2, 1):
                part = Path(place) / f"{pair}-{count}"
                own = [replace(t, target=str(part / Path(t.target).name)) for t in tasks]
                wall, own_cpu, others = timed(partial(run_tasks, own, workers=count))
                print(
                    f"pair {pair + 1}: {len(tasks)} stories, {count} workers: {wall:.1f} s by the "
                    f"clock, {own_cpu:.1f} s of the processor; others took {others:.1f} s",
                    flush=True,
                )


def timed(work: Callable[[], object]) -> tuple[float, float, float]:
    """Do some work; return its seconds by the clock and of the processor, and those of others."""
    start, before, all_before = time.monotonic(), cpu(), machine()
    work()
    wall = time.monotonic() - start
    for child in multiprocessing.active_children():
        child.join()
    spent = cpu() - before
    return wall, spent, max(0.0, machine() - all_before - spent)


def machine() -> float:
    """Return the seconds that all processors of this machine were busy."""
    user, nice, system, *_ = map(int, Path("/proc/stat").read_text().split()[1:5])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def kills(times: int) -> None:
    """Kill a worker or the whole run at random moments, and print what was lost or made twice.

    Each time begins anew: one run is killed once, the same command ends it, and its folder must
    be that of a run nobody killed. A worker is killed every second time, and then the run itself
    must come to that end.
    """
    draw = random.Random(23)
    with tempfile.TemporaryDirectory() as place:
        day = write_day(Path(place) / "day.jsonl", 150)
        end(begin(day, Path(place) / "whole"))
        whole, good = made_by(Path(place) / "whole"), 0
        for number in range(times):
            out = Path(place) / f"{number}"
            with Watch(out) as watch:
                run = begin(day, out)
                what = "a worker" if number % 2 else "the run"
                moment = draw.randrange(len(reports(Path(place) / "whole")) * 4 // 5)
                while len(reports(out)) < moment or (number % 2 and not below(run.pid)):
                    time.sleep(0.02)
                time.sleep(draw.uniform(0, 1))
                victims = below(run.pid) if number % 2 else [run.pid]
                os.kill(draw.choice(victims), signal.SIGKILL)
                code, had = end(run), len(reports(out))
                if number % 2 == 0:
                    code = end(begin(day, out))
            now = made_by(out)
            other = [name for name in whole.keys() | now.keys() if whole.get(name) != now.get(name)]
            again = len(watch.seen) - len({name for name, _ in watch.seen})
            good += not (code or other or again)
            print(
                f"{what} killed, {had} of {len(reports(out))} reports there at its end; exit code "
                f"{code}; {again} made twice; files that differ: {other or 'none'}",
                flush=True,
            )
        print(f"{good} of {times}")


def begin(day: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start a run of two workers over a day, offline."""
    command = [sys.executable, "-m", "summarizer", "stories", day.name, "-o", out.name]
    command += ["--workers", "2", "--engine", "extractive", "--judge", "lexical"]
    return subprocess.Popen(command, cwd=day.parent, stderr=subprocess.PIPE)


def end(run: subprocess.Popen[bytes]) -> int:
    """Wait for a run, and return its exit code."""
    run.communicate()
    return run.returncode


class Watch(threading.Thread):
    """Sees each report that is written, by its name and the moment, also one written twice."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.seen = folder, set[tuple[str, int]]()
        self._end = threading.Event()

    def run(self) -> None:
        """Look at the folder until the end."""
        while not self._end.wait(0.05):
            self.seen |= set(reports(self.folder).items())

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()
        self.seen |= set(reports(self.folder).items())


def reports(folder: Path) -> dict[str, int]:
    """Return when each report was written."""
    moments = {}
    for path in (folder / "reports").rglob("[!.]*.json.gz"):
        with suppress(OSError):
            moments[path.name] = path.stat().st_mtime_ns
    return moments


def made_by(folder: Path) -> dict[str, object]:
    """Return what a run wrote; of reports without when they were made and how long that took."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): _content(path) for path in paths}


def _content(path: Path) -> object:
    if path.name.endswith(".json.gz"):
        report = json.loads(gzip.decompress(path.read_bytes()))
        return report | {"generated": None, "usage": None}
    return path.suffix if path.parent.parent.name == "reports" else path.read_bytes()


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
    """Print what a day of so many articles takes from end to end, and when it says what."""
    with tempfile.TemporaryDirectory() as place:
        day, out = write_day(Path(place) / "day.jsonl", count), Path(place) / "out"
        start, before, all_before = time.monotonic(), cpu(), machine()
        run = begin(day, out)
        assert run.stderr is not None
        for line in run.stderr:
            print(f"{time.monotonic() - start:7.1f} s  {line.decode().rstrip()}", flush=True)
        code = run.wait()
        wall, spent = time.monotonic() - start, cpu() - before
        others = machine() - all_before - spent
        files = [path for path in out.rglob("*") if path.is_file()]
        size, made = sum(path.stat().st_size for path in files) / 1e6, len(reports(out))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(
        f"{count:,} articles, {made:,} stories compared, exit code {code}: {wall:.0f} s by the "
        f"clock, {spent:.0f} s of the processor, others {others:.0f} s; largest process "
        f"{peak:.2f} GB; {size:.0f} MB written in {len(files):,} files"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    sizes = commands.add_parser("growth")
    sizes.add_argument("sizes", type=int, nargs="+")
    read_too = commands.add_parser("reading")
    read_too.add_argument("sizes", type=int, nargs="+")
    pairs = commands.add_parser("workers")
    pairs.add_argument("--stories", type=int, default=100)
    pairs.add_argument("--pairs", type=int, default=3)
    times = commands.add_parser("kills")
    times.add_argument("--times", type=int, default=10)
    day = commands.add_parser("whole")
    day.add_argument("count", type=int)
    options = parser.parse_args()
    match options.what:
        case "growth":
            growth(options.sizes)
        case "reading":
            reading(options.sizes)
        case "workers":
            workers(options.stories, options.pairs)
        case "kills":
            kills(options.times)
        case "whole":
            whole(options.count)


if __name__ == "__main__":
    main()
