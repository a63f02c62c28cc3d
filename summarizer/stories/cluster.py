"""Articles to stories: who writes about the same event?

Texts are compared by their stems and neighbouring stems, weighted by how rare these are in the
collection, within a few days of each other and within one language. Groups are formed by average
linkage on the graph of near neighbours (Sokal and Michener 1958), which gives the same groups as
linkage on the whole matrix where similarities below the floor count as none.
"""

from __future__ import annotations

import heapq
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.sparse import csr_matrix, diags
from sparse_dot_topn import sp_matmul_topn

from summarizer.text.words import words

if TYPE_CHECKING:
    from summarizer.stories.store import Corrections

COLUMNS = 2**24  # hashed terms; of a million, one in thirty shares a column with another

AVERAGE_FROM = 0.2
"""Mean cosine between two groups from which they are one story. It was chosen on two sets, 33 real
events of three outlets that have much in common and 12 invented ones whose outlets differ more,
each alone, a few events at a time, and among 300 and 3,000 other articles, dates unknown: B-cubed
F1 is .970 or more on the first and .956 or more on the second. At .16 the first merge (.88), at .22
the second split (.89).
``benchmarks/stories.py`` measures it."""

NEIGHBOUR_FROM = AVERAGE_FROM / 2  # cosine below which two articles are no neighbours
NEIGHBOURS = 50  # neighbours of an article, at most
DAYS = 4  # days between two articles of one story, at most; from two to seven the figures are alike

COMMON_SHARE, COMMON_LEAST = 0.003, 50
"""Terms in more than this share of the articles, and in more than so many, find no neighbours:
they cost nearly all the time and, on a made day of 100,000, one pair in thirty. They count when a
pair is rated. Below 5,000 articles the share makes no difference."""

BLOCK = 20_000  # articles looked at together for neighbours: bounds the memory, not the result

SAME_FROM, SHINGLE, PERMUTATIONS, SCHEME = 0.8, 4, 64, "affine32"
"""Jaccard similarity of runs of four words from which two articles are one text, and how the
sketches are made that estimate it."""

LEAST_TERMS = 40
"""An article of which others have fewer terms than this counts as if they had so many: in a small
collection two articles are not alike for the three words that they share."""

LONGEST_TERMS = 1_500  # stems that count, the first ones: what a story is about is said early

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Places of articles that are neighbours, the lower ones first, and their cosines."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An article as the clusterer sees it.

    ``terms`` are hashed stems and pairs of stems, each once, and ``counts`` how often each stands;
    ``sketch`` is one of its runs of words, empty where it has none.
    """

    key: str
    language: str
    published: date | None
    terms: np.ndarray
    counts: np.ndarray
    sketch: bytes


def make_item(key: str, text: str, language: str | None, published: date | None) -> Item:
    """Return an article's terms; the text itself is not kept."""
    code = (language or "en").partition("-")[0]
    spoken = words(text, code)[:LONGEST_TERMS]
    stems = [word.stem for word in spoken if not word.stop]
    pairs = [f"{one} {other}" for one, other in pairwise(stems)]
    hashed = [
        zlib.crc32(term.encode("utf-8", "surrogatepass")) % COLUMNS for term in (*stems, *pairs)
    ]
    terms, counts = np.unique(np.array(hashed, dtype=np.int32), return_counts=True)
    plain = [word.text.lower() for word in spoken]
    sketch = MinHash(num_perm=PERMUTATIONS, scheme=SCHEME)
    runs = [" ".join(plain[i : i + SHINGLE]).encode() for i in range(len(plain) - SHINGLE + 1)]
    sketch.update_batch(runs)
    sketched = sketch.hashvalues.tobytes() if runs else b""
    return Item(key, code, published, terms, counts.astype(np.int16), sketched)


def cluster(
    items: Sequence[Item],
    known: Mapping[str, str] | None = None,
    corrections: Corrections | None = None,
) -> list[list[str]]:
    """Return the keys of the articles, story by story, in the order of the items.

    ``known`` has the story by the key of articles that are in one already: they stay together, and
    new articles join or open stories. The corrections of a person go before everything else.
    """
    by_language: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_language[item.language].append(item)
    groups = [keys for each in by_language.values() for keys in _group_language(each, known or {})]
    if corrections is not None:
        groups = _apply_corrections(groups, corrections)
    order = {item.key: place for place, item in enumerate(items)}
    ordered = (sorted(group, key=order.__getitem__) for group in groups)
    return sorted(ordered, key=lambda group: order[group[0]])


def _group_language(items: Sequence[Item], known: Mapping[str, str]) -> list[list[str]]:
    first = _fold_copies(items)
    leaders = [item for item in items if first[item.key] == item.key]
    seeds: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(leaders):
        seeds[known.get(item.key, f"\0{item.key}")].append(place)
    days = [item.published.toordinal() if item.published else -1 for item in leaders]
    pairs = _find_neighbours(_weighted_matrix(leaders), np.array(days, dtype=np.int64))
    groups = _link_groups(list(seeds.values()), pairs, len(leaders))
    copies: dict[str, list[str]] = defaultdict(list)
    for item in items:
        copies[first[item.key]].append(item.key)
    return [[key for place in group for key in copies[leaders[place].key]] for group in groups]


def _fold_copies(items: Sequence[Item]) -> dict[str, str]:
    """Return for each key that of the first article which is nearly the same text."""
    index = MinHashLSH(threshold=SAME_FROM, num_perm=PERMUTATIONS)
    first: dict[str, str] = {}
    place = {item.key: number for number, item in enumerate(items)}
    for item in items:
        first[item.key] = item.key
        if not item.sketch:
            continue
        values = np.frombuffer(item.sketch, dtype=np.uint32)
        sketch = MinHash(num_perm=PERMUTATIONS, hashvalues=values, scheme=SCHEME)
        alike = index.query(sketch)
        if alike:
            first[item.key] = min(alike, key=place.__getitem__)
        else:
            index.insert(item.key, sketch)
    return first


def _weighted_matrix(items: Sequence[Item]) -> csr_matrix:
    """Return the articles as rows of unit length, without terms that one article alone has."""
    pointers = np.cumsum([0, *(len(item.terms) for item in items)])
    counts = np.concatenate([item.counts for item in items])
    _, columns, frequency = np.unique(
        np.concatenate([item.terms for item in items]), return_inverse=True, return_counts=True
    )
    weight = np.log((1 + len(items)) / (1 + frequency)) + 1
    data = ((1 + np.log(counts)) * weight[columns]).astype(np.float32)
    matrix = csr_matrix((data, columns, pointers), shape=(len(items), len(frequency)))
    matrix = matrix[:, frequency > 1]
    norms = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    least = (np.log((1 + len(items)) / 3) + 1) * np.sqrt(LEAST_TERMS)
    return (diags((1 / np.maximum(norms, least)).astype(np.float32)) @ matrix).tocsr()


def _find_neighbours(matrix: csr_matrix, days: np.ndarray) -> Pairs:
    """Return pairs of articles within some days of each other, the lower first, and cosines."""
    count = matrix.shape[0]
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    telling = matrix[:, frequency <= max(COMMON_LEAST, COMMON_SHARE * count)]
    across = telling.T.tocsr()
    found = []
    for start in range(0, count, BLOCK):
        block = telling[start : start + BLOCK]
        likenesses = sp_matmul_topn(block, across, NEIGHBOURS + 1, threshold=NEIGHBOUR_FROM / 4)
        near = likenesses.tocoo()
        rows, columns = near.row.astype(np.int64) + start, near.col.astype(np.int64)
        dated = (days[rows] >= 0) & (days[columns] >= 0)
        far = dated & (np.abs(days[rows] - days[columns]) > DAYS)
        low, high = np.minimum(rows, columns), np.maximum(rows, columns)
        found.append((low * count + high)[(rows != columns) & ~far])
    low, high = np.divmod(np.unique(np.concatenate(found)), count)
    cosines = np.zeros(len(low), dtype=np.float32)
    for start in range(0, len(low), BLOCK):
        part = slice(start, start + BLOCK)
        cosines[part] = matrix[low[part]].multiply(matrix[high[part]]).sum(axis=1).A1
    near = cosines >= NEIGHBOUR_FROM
    return low[near], high[near], cosines[near]


@dataclass(slots=True)
class _GroupGraph:
    """Groups, and the sum of the cosines between each two that have any."""

    members: dict[int, list[int]]
    sums: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))

    def mean(self, a: int, b: int) -> float:
        """Return the mean cosine of the pairs between two groups; no neighbours count as 0."""
        return self.sums[a][b] / (len(self.members[a]) * len(self.members[b]))

    def join(self, a: int, b: int) -> int:
        """Join two groups under the name of the larger, and return that."""
        if len(self.sums[a]) < len(self.sums[b]):
            a, b = b, a
        self.members[a] += self.members.pop(b)
        for other, total in self.sums.pop(b).items():
            self.sums[other].pop(b, None)
            if other != a:
                joined = self.sums[a].get(other, 0.0) + total
                self.sums[a][other] = self.sums[other][a] = joined
        return a


def _link_groups(seeds: Sequence[Sequence[int]], pairs: Pairs, count: int) -> list[list[int]]:
    """Return groups by average linkage, beginning with groups that are given."""
    group_of = np.zeros(count, dtype=np.int64)
    graph = _GroupGraph({})
    for name, seed in enumerate(seeds):
        group_of[list(seed)] = name
        graph.members[name] = list(seed)
    low, high, cosines = pairs
    ends = group_of[low].tolist(), group_of[high].tolist()
    for a, b, cosine in zip(*ends, cosines.tolist(), strict=True):
        if a != b:
            graph.sums[a][b] = graph.sums[b][a] = graph.sums[a].get(b, 0.0) + cosine
    heap = [
        (-graph.mean(a, b), a, b)
        for a, others in list(graph.sums.items())
        for b in others
        if a < b and graph.mean(a, b) >= AVERAGE_FROM
    ]
    heapq.heapify(heap)
    while heap:
        mean, a, b = heapq.heappop(heap)
        if a not in graph.members or b not in graph.members or b not in graph.sums[a]:
            continue
        if graph.mean(a, b) != -mean:
            continue  # One of them has grown since; what they share now is in the heap as well.
        joined = graph.join(a, b)
        for other in graph.sums[joined]:
            score = graph.mean(joined, other)
            if score >= AVERAGE_FROM:
                heapq.heappush(heap, (-score, min(joined, other), max(joined, other)))
    return [sorted(members) for members in graph.members.values()]


def _apply_corrections(groups: list[list[str]], corrections: Corrections) -> list[list[str]]:
    """Return the groups as a person wants them: first joined, then taken apart."""
    for wanted in corrections.together:
        joined = [key for group in groups if not wanted.isdisjoint(group) for key in group]
        groups = [*(group for group in groups if wanted.isdisjoint(group)), joined]
    for wanted in corrections.apart:
        taken = [key for group in groups for key in group if key in wanted]
        rest = ([key for key in group if key not in wanted] for group in groups)
        groups = [*rest, taken]
    return [group for group in groups if group]
