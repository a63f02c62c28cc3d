"""Fit the weights by which the offline run tells whether an article reports something.

    python benchmarks/fit_stories.py FOLDER [GOLD.json=FOLDER ...] [--write]

Each story is left out in turn and predicted from the others; the figures printed are those.
``--write`` then fits on all stories and writes the weights into the package.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from annotated import Story, load
from fitted import write_weights
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from summarizer.compare import story as compared
from summarizer.compare.support import feature_names
from summarizer.document import analyse
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.grounding import ground, merge_repeats
from summarizer.text.lines import Line, fitted, whole
from summarizer.tokens import chunks, estimate_tokens
from summarizer.types import Article, Claim, Span

MODEL = "reports"
"""The table of the weights."""

C = 0.3
"""Inverse regularisation of the standardised weights: small stories, correlated features."""

INVENTED_WEIGHT = 0.25
"""What a row of a story written for the project counts against one of real coverage: invented
articles share fewer words than real ones do, and the tool is for the real ones."""

LABELLED_SHARE = 0.4
"""A statement is labelled when so much of it has a label, as a share of its characters."""


@dataclass(frozen=True)
class Rows:
    """The labelled rows of one story: features, labels, and what each row counts."""

    name: str
    features: np.ndarray
    labels: np.ndarray
    counts: np.ndarray


def read_claims(article: Article, engine: ExtractiveEngine) -> Sequence[Claim]:
    parts = chunks(article, budget=1_000_000_000, count=estimate_tokens)
    drafts = [draft for part in parts for draft in engine.extract(part).drafts]
    return merge_repeats(ground(drafts).claims)


def rows(story: Story) -> Rows:
    engine = ExtractiveEngine()
    claims = [c for a in story.articles for c in read_claims(a, engine)]
    made = compared.make_story([analyse(a) for a in story.articles], claims)
    supporter = made.supporter
    features, labels, counts = [], [], []
    for article, text, evidence, count in statements(made):
        for other, support in supporter.supports(text, article).items():
            label = is_reported(story, made.articles[article], evidence, made.articles[other])
            if label is not None:
                row = supporter.features(text, article, support)
                features.append([row[name] for name in feature_names(MODEL)])
                labels.append(label)
                counts.append(count)
    weight = INVENTED_WEIGHT if {"evals", "examples"} & set(story.folder.parts) else 1.0
    return Rows(story.name, np.array(features), np.array(labels), weight * np.array(counts))


def statements(story: compared.Story) -> Iterator[tuple[int, str, tuple[Span, ...], float]]:
    """Yield the claims and the wordings of every sentence, and what each counts in a fit."""
    place = story.positions
    for claim in story.claims:
        yield place[claim.article.id], claim.text, claim.evidence, 0.5
    for article, document in enumerate(story.documents):
        for sentence in document.body:
            wordings = _wordings(sentence.span.of(document.article.text))
            for line in wordings:
                first = sentence.span.start
                evidence = tuple(Span(first + s.start, first + s.end) for s in line.spans)
                yield article, line.text, evidence, 1 / len(wordings)


def _wordings(sentence: str) -> list[Line]:
    """Return a sentence, and what is left of it without one or another of its parts."""
    unwanted = (Span(at, at + 1) for at in range(len(sentence)))
    cut = {line.text: line for span in unwanted for line in fitted(sentence, [span])}
    return [whole(sentence), *cut.values()]


def is_reported(
    story: Story, article: Article, evidence: Sequence[Span], other: Article
) -> bool | None:
    """Return whether an article reports most of a claim; None where too little is labelled."""
    marks = bytearray(len(article.text))
    for fact in (*story.facts, *story.acceptable):
        for span in fact.support.get(article.id, ()):
            for i in range(span.start, span.end):
                marks[i] |= 2 if other.id in fact.support else 1
    seen = [marks[i] for span in evidence for i in range(span.start, span.end)]
    alone, both = seen.count(1), len(seen) - seen.count(0) - seen.count(1)
    return both > alone if alone + both >= LABELLED_SHARE * len(seen) else None


def fit(stories: Sequence[Rows]) -> dict[str, float]:
    """Return the weights by feature, the bias first."""
    features = np.vstack([rows.features for rows in stories])
    labels = np.concatenate([rows.labels for rows in stories])
    counts = np.concatenate([rows.counts for rows in stories])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=C, max_iter=5000).fit(
        (features - mean) / spread, labels, sample_weight=counts
    )
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ mean)
    by_name = zip(("bias", *feature_names(MODEL)), (bias, *weights), strict=True)
    return {name: round(float(value), 4) for name, value in by_name}


def report(stories: Sequence[Rows]) -> None:
    every: list[tuple[float, bool]] = []
    for left_out in stories:
        bias, *weights = fit([r for r in stories if r is not left_out]).values()
        p = list(1 / (1 + np.exp(-(left_out.features @ np.array(weights) + bias))))
        every += list(zip(p, left_out.labels, strict=True))
        precision = average_precision_score(left_out.labels, p)
        print(f"{left_out.name:24s} AP {precision:.3f}  n {len(p)}")
    given, right = np.array([a for a, _ in every]), np.array([b for _, b in every])
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        _print_share(f"at least {least}", right, given >= least)
    for most in (0.1, 0.2, 0.3, 0.4):
        _print_share(f"below {most}", ~right, given < most)


def _print_share(name: str, right: np.ndarray, shown: np.ndarray) -> None:
    share, recall = right[shown].mean(), right[shown].sum() / right.sum()
    print(f"  {name}: {share:.3f} right, {recall:.3f} of all, {shown.sum()} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    every = [rows(story) for story in load(options.stories)]
    report(every)
    if options.write:
        write_weights(MODEL, fit(every))


if __name__ == "__main__":
    main()
