"""Measure the lexical judge on wrong names in real text: what is caught, what is turned away.

    python benchmarks/swaps.py [FOLDER]

Each sentence of a claim that people labelled supported is judged; where it passes, one of its
names is replaced by another one of the same document, of the same role and as long. Nobody has
read the result, so some swaps make no sense ("Golden Globe Award is an actress") and a few
are true: the share caught is to compare versions by. FOLDER holds the labelled pairs, by
default ``../shared/judge``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.compare.judges.names import role_of
from summarizer.compare.texts import Piece, Text, pieces, text_of
from summarizer.pipeline import whole_text
from summarizer.text.names import Name, same_key
from summarizer.types import Claim, Verdict

# News and encyclopedia; the other files are in lower case, or dialogues.
FILES = ("propsegment-wiki", "cliff-xsum-val", "cliff-cnndm-val", "frank-cnndm-val")
SHORTEST = 5


def sentences(folder: Path) -> Iterator[tuple[Piece, str]]:
    """Yield each sentence with a capital of the claims that are supported, and the document."""
    for name in FILES:
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["label"] == "supported" and len(row["claim"].split()) >= SHORTEST:
                for part in pieces(row["claim"], text_of(whole_text(row["document"]))):
                    if part.reading.text != part.reading.text.lower():
                        yield part, row["document"]


def swapped(part: Piece, document: Text, random: Random) -> str | None:
    """Return the sentence with one name replaced, None where there is none to take its place."""
    text = part.reading.text
    known = [n for n in part.reading.names if n.sure and n.key in document.known_names]
    if not known:
        return None
    name = random.choice(known)
    others = [
        other.text
        for reading in document.readings
        for other in reading.names
        if other.sure
        and len(other.key) == len(name.key)
        and role_of(other, reading.text) == role_of(name, text)
        and not any(_touches(other, own) for own in part.reading.names)
    ]
    return text[: name.start] + random.choice(others) + text[name.end :] if others else None


def verdict(judge: LexicalJudge, claim: str, text: str) -> Verdict:
    document = whole_text(text)
    return judge.judge_claim(Claim(article=document, text=claim, evidence=()), document).verdict


def _touches(a: Name, b: Name) -> bool:
    return same_key(a.key, b.key) or bool(set(a.key) & set(b.key))


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/judge")
    judge, random = LexicalJudge(), Random(5)
    all_, away, swaps, caught = 0, 0, 0, 0
    for part, text in sentences(folder):
        all_ += 1
        if verdict(judge, part.reading.text, text) is not Verdict.REPORTED:
            away += 1
        elif twin := swapped(part, text_of(whole_text(text)), random):
            swaps += 1
            caught += verdict(judge, twin, text) is not Verdict.REPORTED
    print(f"sentences turned away: {away} of {all_} ({away / all_:.2f})")
    print(f"swapped names caught: {caught} of {swaps} ({caught / swaps:.2f})")


if __name__ == "__main__":
    main()
