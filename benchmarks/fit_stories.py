"""Fit the weights of the matcher and of the coverage judge on annotated stories.

    python benchmarks/fit_stories.py FOLDER [GOLD.json=FOLDER ...] [--write] [--reports DIR]

Each story is left out in turn and predicted from the others; the figures printed are those.
``--write`` then fits on all stories and writes the two weights modules. The coverage model
is fitted on matches predicted for stories left out, as it will meet stories it never saw.
``--reports`` writes a diff of each story, made with weights that have not seen it, for a
scorer of reports.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from annotated import GoldConflict, Story, load, supports
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from summarizer.facts.build import build_facts

from summarizer.compare.judges.coverage import COVERAGE_FEATURES, CoverageReader
from summarizer.conflicts.find import find_conflicts
from summarizer.conflicts.numbers import (
    CONFLICTING_FROM,
    FIGURE_FEATURES,
    FigureAt,
    FigurePair,
    figure_pairs,
)
from summarizer.engines import ExtractiveEngine
from summarizer.matching import story as matched
from summarizer.matching.judged import Coverage
from summarizer.matching.pairs import PAIR_FEATURES, Matcher, Stretch
from summarizer.origins import find_origins, primaries
from summarizer.pipeline import read_claims
from summarizer.render.json import to_json
from summarizer.sources import read_articles
from summarizer.text.logistic import LogisticModel
from summarizer.types import Article, ArticleSummary, DiffReport, Generated, Span

# Inverse regularisation of the standardised weights: small stories, correlated features.
PAIR_C, COVERAGE_C = 1.0, 0.3
PACKAGE = Path(__file__).parent.parent / "summarizer"

INVENTED_WEIGHT = 0.25
"""What a row of a story written for the project counts against one of real coverage: invented
articles share fewer words than real ones do, and the tool is for the real ones."""

Rows = tuple[np.ndarray, np.ndarray, float]
"""Features, labels, and what a row of this story counts."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A story, matched with no weights, and which gold facts each stretch supports."""

    story: Story
    matched: matched.Story
    claims: Sequence[Stretch]
    sentences: Sequence[Stretch]
    claim_facts: Sequence[frozenset[int]]
    sentence_facts: Sequence[frozenset[int]]

    @property
    def weight(self) -> float:
        """What a row of this story counts in a fit."""
        return INVENTED_WEIGHT if "evals" in self.story.folder.parts else 1.0


def prepare(story: Story) -> Prepared:
    engine = ExtractiveEngine()
    claims = [claim for article in story.articles for claim in read_claims(article, engine)[0]]
    found = matched.match_story(story.articles, claims, matched.Weights(None, None))
    facts = (*story.facts, *story.acceptable)

    def held(article: str, spans: Sequence[Span]) -> frozenset[int]:
        return frozenset(k for k, fact in enumerate(facts) if supports(fact, article, spans))

    return Prepared(
        story=story,
        matched=found,
        claims=matched.claim_stretches(found.claims, found.sentences),
        sentences=matched.sentence_stretches(found.sentences),
        claim_facts=[held(c.claim.article.id, c.claim.evidence) for c in found.claims],
        sentence_facts=[held(found.articles[s.article].id, (s.span,)) for s in found.sentences],
    )


def pair_rows(
    prepared: Prepared, stretches: Sequence[Stretch], facts: Sequence[frozenset[int]]
) -> Rows:
    pairs = list(Matcher(stretches, prepared.matched.vocabulary, None).pairs())
    features = np.array([row for _, _, row in pairs])
    return features, np.array([bool(facts[i] & facts[j]) for i, j, _ in pairs]), prepared.weight


def coverage_rows(
    prepared: Prepared, weights: matched.Weights
) -> tuple[np.ndarray, list[bool | None]]:
    story = matched.match_story(
        prepared.story.articles, [c.claim for c in prepared.matched.claims], weights
    )
    reader = CoverageReader(story)
    features, labels = [], []
    for claim in range(len(story.claims)):
        for article, candidates in reader.candidates(claim).items():
            features.append(reader.features(claim, candidates, article))
            labels.append(reported(prepared.story, story, claim, article))
    return np.array(features), labels


def figure_rows(prepared: Prepared, weights: matched.Weights) -> Rows:
    """Return the pairs of figures, and whether annotators saw a conflict in them."""
    story = matched.match_story(
        prepared.story.articles, [c.claim for c in prepared.matched.claims], weights
    )
    pairs = list(figure_pairs(story))
    features = np.array([pair.features for pair in pairs]).reshape(-1, len(FIGURE_FEATURES))
    labels = np.array([in_conflict(prepared.story, story, pair) for pair in pairs], bool)
    return features, labels, 1.0


def in_conflict(gold: Story, story: matched.Story, pair: FigurePair) -> bool:
    """Return whether the clauses of two figures take different positions of a gold conflict."""

    def sides(conflict: GoldConflict, at: FigureAt) -> frozenset[int]:
        article = story.articles[at.article]
        sentence = story.sentences[at.sentence].span
        start = article.text.find(at.clause.text, sentence.start)
        span = Span(start, start + len(at.clause.text)) if start >= 0 else sentence
        return conflict.sides(article.id, (span,))

    return any(
        i != j
        for conflict in gold.conflicts
        if conflict.kind in ("number", "date")
        for i in sides(conflict, pair.a)
        for j in sides(conflict, pair.b)
    )


def reported(story: Story, found: matched.Story, claim: int, article: int) -> bool | None:
    """Return whether most of a claim's labelled characters are on facts of the article."""
    asked, other = found.claims[claim].claim, found.articles[article].id
    marks = bytearray(len(asked.article.text))
    for fact in story.facts:
        for span in fact.support.get(asked.article.id, ()):
            for i in range(span.start, span.end):
                marks[i] |= 2 if other in fact.support else 1
    seen = [marks[i] for span in asked.evidence for i in range(span.start, span.end)]
    alone, both = seen.count(1), seen.count(2)
    return None if alone + both == 0 else both > alone


def fit(rows: Sequence[Rows], names: Sequence[str], c: float) -> LogisticModel:
    features = np.vstack([x for x, _, _ in rows])
    labels = np.concatenate([y for _, y, _ in rows])
    counts = np.concatenate([np.full(len(y), weight) for _, y, weight in rows])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=c, max_iter=5000).fit(
        (features - mean) / spread, labels, sample_weight=counts
    )
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ mean)
    return LogisticModel(
        bias=round(bias, 4),
        weights=tuple((n, round(float(w), 4)) for n, w in zip(names, weights, strict=True)),
    )


def labelled(prepared: Prepared, rows: tuple[np.ndarray, list[bool | None]]) -> Rows:
    kept = [i for i, label in enumerate(rows[1]) if label is not None]
    return rows[0][kept], np.array([bool(rows[1][i]) for i in kept]), prepared.weight


def predict(model: LogisticModel, features: np.ndarray) -> np.ndarray:
    return np.array([model.probability(tuple(row)) for row in features])


class Fitted(NamedTuple):
    """Every model fitted on one set of stories."""

    pairs: matched.Weights
    coverage: LogisticModel
    figures: LogisticModel


def leave_one_out(stories: Sequence[Prepared]) -> dict[str, Fitted]:
    """Return, for each story, models fitted without it; print how well they do."""
    claims = {p.story.name: pair_rows(p, p.claims, p.claim_facts) for p in stories}
    sentences = {p.story.name: pair_rows(p, p.sentences, p.sentence_facts) for p in stories}
    pairs = {
        name: matched.Weights(
            fit(_others(claims, name), PAIR_FEATURES, PAIR_C),
            fit(_others(sentences, name), PAIR_FEATURES, PAIR_C),
        )
        for name in claims
    }
    covers = {p.story.name: labelled(p, coverage_rows(p, pairs[p.story.name])) for p in stories}
    figures = {p.story.name: figure_rows(p, pairs[p.story.name]) for p in stories}
    fitted = {
        name: Fitted(
            pairs[name],
            fit(_others(covers, name), COVERAGE_FEATURES, COVERAGE_C),
            fit(_others(figures, name), FIGURE_FEATURES, COVERAGE_C),
        )
        for name in claims
    }
    for name, models in fitted.items():
        print(
            f"{name:28s} pairs AP: claims {_ap(claims[name], models.pairs.claims):.3f} "
            f"sentences {_ap(sentences[name], models.pairs.sentences):.3f} "
            f"coverage AUC {_auc(covers[name], models.coverage):.3f}"
        )
    _print_figures(figures, fitted)
    return fitted


def _print_figures(figures: Mapping[str, Rows], fitted: Mapping[str, Fitted]) -> None:
    labels = np.concatenate([labels for _, labels, _ in figures.values()])
    probabilities = np.concatenate(
        [predict(fitted[name].figures, rows) for name, (rows, _, _) in figures.items()]
    )
    shown = labels[probabilities >= CONFLICTING_FROM]
    print(
        f"figures in conflict: AP {average_precision_score(labels, probabilities):.3f}, "
        f"{len(shown)} shown, {shown.mean():.2f} of them right"
    )


def fit_all(stories: Sequence[Prepared], loo: Mapping[str, Fitted]) -> None:
    claims = [pair_rows(p, p.claims, p.claim_facts) for p in stories]
    sentences = [pair_rows(p, p.sentences, p.sentence_facts) for p in stories]
    _write(PACKAGE / "matching" / "weights.py", "CLAIM_PAIRS", fit(claims, PAIR_FEATURES, PAIR_C))
    _write(
        PACKAGE / "matching" / "weights.py", "SENTENCE_PAIRS", fit(sentences, PAIR_FEATURES, PAIR_C)
    )
    figures = [figure_rows(p, loo[p.story.name].pairs) for p in stories]
    _write(
        PACKAGE / "conflicts" / "weights.py",
        "FIGURE_PAIRS",
        fit(figures, FIGURE_FEATURES, COVERAGE_C),
    )
    covers = [labelled(p, coverage_rows(p, loo[p.story.name].pairs)) for p in stories]
    _write(
        PACKAGE / "judges" / "coverage_weights.py",
        "COVERAGE",
        fit(covers, COVERAGE_FEATURES, COVERAGE_C),
    )


def write_reports(stories: Sequence[Prepared], fitted: Mapping[str, Fitted], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for prepared in stories:
        name = prepared.story.name
        files = sorted(str(path) for path in prepared.story.folder.glob("*.txt"))
        report = _report(read_articles(files).articles, fitted[name])
        (folder / f"{name}.json").write_text(to_json(report), encoding="utf-8")


def _report(articles: Sequence[Article], models: Fitted) -> DiffReport:
    """Return the facts and conflicts of a story, read with other weights than the shipped."""
    origins = find_origins(articles)
    copies = primaries(articles, origins)
    kept = [article for article in articles if article.id not in copies]
    engine = ExtractiveEngine()
    claims = [claim for article in kept for claim in read_claims(article, engine)[0]]
    story = matched.match_story(kept, claims, models.pairs)
    coverage = Coverage(CoverageReader(story, models.coverage).judgements())
    conflicts = find_conflicts(story, figures=models.figures)
    return DiffReport(
        headline="",
        generated=Generated(at="", version="", engine=engine.name, judge="lexical"),
        articles=tuple(
            ArticleSummary(article=a, same_as=copies.get(a.id), sentences=()) for a in articles
        ),
        facts=build_facts(story, coverage, origins, conflicts),
        conflicts=conflicts,
    )


def _others(rows: Mapping[str, Rows], name: str) -> list[Rows]:
    return [row for other, row in rows.items() if other != name]


def _ap(rows: Rows, model: LogisticModel | None) -> float:
    assert model is not None
    return float(average_precision_score(rows[1], predict(model, rows[0])))


def _auc(rows: Rows, model: LogisticModel) -> float:
    return float(roc_auc_score(rows[1], predict(model, rows[0])))


def _write(path: Path, name: str, model: LogisticModel) -> None:
    """Replace one model in a module of weights."""
    before, _, rest = path.read_text(encoding="utf-8").partition(f"\n{name} = ")
    depth = rest.index("\n)") + 2 if rest.startswith("LogisticModel(\n") else rest.index("\n")
    rows = "".join(f'        ("{n}", {w}),\n' for n, w in model.weights)
    text = f"LogisticModel(\n    bias={model.bias},\n    weights=(\n{rows}    ),\n)"
    path.write_text(f"{before}\n{name} = {text}{rest[depth:]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="+")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--reports", type=Path)
    options = parser.parse_args()
    stories = [prepare(story) for story in load(options.stories)]
    fitted = leave_one_out(stories)
    if options.reports:
        write_reports(stories, fitted, options.reports)
    if options.write:
        fit_all(stories, fitted)


if __name__ == "__main__":
    main()
