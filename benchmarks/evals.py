"""The figures of the evals: time, requests after an edit, gates that fail and gates that pass.

    python benchmarks/evals.py [--pairs FOLDER] [--cases 14]

Runs ``summarize eval`` as its user does, each time as a process of its own, on the shipped
cases. A model is the rule-based one of the tests behind a server of our own: it keeps the
speaker only where the prompt has a rule for it, and gives opinions where it is asked for
them, so that a prompt made worse gives worse reports. The figures are about the harness and
never about a model. ``--pairs`` holds files of pairs with human labels: the figures of
``eval judge`` are held against scikit-learn's, from the scores that it wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shutil import copytree

from sklearn.metrics import balanced_accuracy_score, roc_auc_score

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the server is a part of the tests, which are not installed

from summarizer.evals.cases import find_cases_folder  # noqa: E402
from tests.support.server import ModelServer  # noqa: E402

PROMPTS = ("reader", "extract_claims", "align_claims", "find_conflicts", "verify_statements")
"""The prompts that are edited, one at a time."""

TIMES = 20
"""Changes that alter nothing."""


def without_speaker(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("- speaker:")
    )


def with_opinions(text: str) -> str:
    return f"{text}\nGive your opinions, too.\n"


@dataclass(frozen=True)
class Place:
    """A folder with the cases, a cache, runs and baselines of its own."""

    folder: Path

    def evals(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``summarize eval`` there."""
        env = os.environ | {"SUMMARIZER_CACHE_DIR": str(self.folder / "cache")}
        command = [sys.executable, "-m", "summarizer", "eval", *args]
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )

    def edited(self, name: str, prompt: str, edit: Callable[[str], str]) -> str:
        """Write a prompt, changed by ``edit``, to a folder of that name, and return the folder."""
        folder = self.folder / name
        folder.mkdir()
        text = (ROOT / "prompts" / f"{prompt}.md").read_text(encoding="utf-8")
        (folder / f"{prompt}.md").write_text(edit(text), encoding="utf-8")
        return name


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=Path)
    options.add_argument("--cases", type=int, default=14, help="cases that an edit is tried on")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ModelServer() as server:
        place = Place(Path(scratch))
        copytree(find_cases_folder().parent, place.folder / "evals")
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        files = sorted(chosen.pairs.glob("*.jsonl")) if chosen.pairs else []
        for line in chain(
            _times(place),
            _edits(place, server, chosen.cases),
            _pairs(place, files),
            _gates(place, server),
        ):
            print(line, flush=True)


def _times(place: Place) -> Iterator[str]:
    for word in ("cold", "warm"):
        start = time.perf_counter()
        done = place.evals("run", "--engine", "extractive", "--judge", "lexical")
        yield f"offline, all cases, {word}: {time.perf_counter() - start:.1f} s ({done.returncode})"


def _model(server: ModelServer) -> tuple[str, ...]:
    return ("--engine", "openai", "--base-url", server.url, "-m", "rule-1")


def _edits(place: Place, server: ModelServer, count: int) -> Iterator[str]:
    """Edit each prompt, and count what is asked again of how many cases."""
    names = sorted(path.parent.name for path in (place.folder / "evals").glob("cases/*/case.yaml"))
    some = names[:count]
    place.evals("run", *some, *_model(server))
    yield f"one prompt edited, {count} cases: {_asked(server, 0)} at first"
    for prompt in PROMPTS:
        before = len(server.requests)
        mine = place.edited(f"edit-{prompt}", prompt, "{}\nBe brief.\n".format)
        plan = place.evals("run", "--dry-run", *some, *_model(server), "--prompts", mine, "--json")
        planned = {s["stage"]: s["requests"] for s in json.loads(plan.stdout)["stages"]}
        place.evals("run", *some, *_model(server), "--prompts", mine)
        yield f"  {prompt}: planned {planned}; asked {_asked(server, before)}"


def _asked(server: ModelServer, since: int) -> dict[str, int]:
    return dict(Counter(received.stage for received in server.requests[since:]))


def _gates(place: Place, server: ModelServer) -> Iterator[str]:
    """Bless a run, make prompts worse, then change them so that nothing is altered."""
    place.evals("run", *_model(server))
    blessed = place.evals("bless")
    yield f"blessed ({blessed.returncode}); the same again: {_gate(place, server)[0]}"
    for name, prompt, edit in (
        ("no-speaker", "extract_claims", without_speaker),
        ("opinions", "extract_claims", with_opinions),
        ("opinionated", "verify_statements", with_opinions),
    ):
        code, told = _gate(place, server, "--prompts", place.edited(name, prompt, edit))
        said = " ".join(told.split())
        gate = said[said.index("Gate openai") :].partition(";")[0]
        yield f"{prompt}, {name}: exit {code}; {gate}"
    passed = 0
    for number in range(TIMES):
        prompt = PROMPTS[number % len(PROMPTS)]
        mine = place.edited(f"same-{number}", prompt, f"{{}}\n({number})\n".format)
        passed += _gate(place, server, "--prompts", mine)[0] == 0
    yield f"changes that alter nothing: {passed} of {TIMES} pass"


def _gate(place: Place, server: ModelServer, *more: str) -> tuple[int, str]:
    done = place.evals("run", *_model(server), *more)
    return done.returncode, done.stderr


def _pairs(place: Place, files: Sequence[Path]) -> Iterator[str]:
    yield "eval judge against scikit-learn from the written scores: greatest difference"
    for file in files:
        scores = place.folder / "scores.jsonl"
        command = ("judge", str(file.resolve()), "--judge", "lexical", "--json")
        done = place.evals(*command, "--scores", str(scores))
        figures = json.loads(done.stdout)["figures"]
        rows = [json.loads(line) for line in scores.read_text(encoding="utf-8").splitlines()]
        labels = [row["label"] for row in rows]
        theirs = {
            "balanced_accuracy": balanced_accuracy_score(labels, [r["predicted"] for r in rows]),
            "roc_auc": roc_auc_score(labels, [row["probability"] for row in rows]),
        }
        apart = max(abs(theirs[name] - figures[name]["value"]) for name in theirs)
        shown = ", ".join(f"{name} {each['value']:.3f}" for name, each in figures.items())
        yield f"  {file.name}: {len(rows)} pairs, {shown}; {apart:.1g}"


if __name__ == "__main__":
    main()
