"""What can be seen of a line alone: numbers between nought and one for the model to weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set

from summarizer.sources import furniture
from summarizer.sources.lines import Line
from summarizer.sources.remarks import (
    addresses_reader,
    is_last_word,
    is_remark,
    is_self_description,
)

Features = dict[str, float]

# Characters of a line that the patterns are tried on, from its start and (captions, credits)
# from its end. Origin: furniture says what it is at once; longer samples changed nothing.
SAMPLE = 320
# Words from which a line is too long to be a button or the head of a section.
LABEL_WORDS = 12
# Words from which a line that ends a sentence is a paragraph, whatever else it may be.
PARAGRAPH_WORDS = 8
# Words up to which a line can be a caption, a credit or a reference to another article.
REMARK_WORDS = 60
# Words up to which a picture's credit stands alone, as a line of its own.
PHOTO_CREDIT_WORDS = 9
# Share of small words taken for a language that has no list of them. Origin: prose in the
# languages that have one lies about there.
USUAL_SMALL_WORDS = 0.35
# Letters by which two words count as the same one, so that endings do not matter.
STEM = 7

_WORD = re.compile(r"\w+")
_QUOTES = re.compile(r"[\"“”„«»「」『』]")
_BULLET = re.compile(r"^\s*(?:[-–—*•·▪►]|\(?\d{1,2}[.)])\s*\S")
_TEASER = re.compile(r"(?:\.\.\.|…|\[…\]|\.\.)\W*$")


def page_shapes(lines: Sequence[Line], stop_words: Set[str] | None) -> list[Features]:
    """Return the shape of every line, repeats counted over the whole page.

    Args:
        lines: The lines of the page.
        stop_words: The small words of the page's language, None where it has none known.
    """
    repeats = Counter(line.text.casefold() for line in lines)
    return [shape(line, repeats[line.text.casefold()], stop_words) for line in lines]


def shape(line: Line, repeats: int, stop_words: Set[str] | None) -> Features:
    """Return what ``line``, of which the page has ``repeats`` copies, alone shows."""
    sample = line.text[:SAMPLE]
    words = _WORD.findall(sample)
    features = _lengths(line, words) | _wording(line, sample, words, stop_words)
    features |= _says(line, sample)
    features["repeated"] = float(repeats > 1)
    return features


def is_paragraph(line: Line) -> bool:
    """Return whether ``line`` is prose by its shape."""
    return line.words >= PARAGRAPH_WORDS and line.ends_sentence and not is_label_like(line)


def is_label_like(line: Line) -> bool:
    """Return whether ``line`` is short and no statement: a head, a link, a question."""
    question = line.text.rstrip().endswith(("?", "？"))
    return line.words <= LABEL_WORDS and (question or not line.ends_sentence)


def content_words(text: str, stop_words: Set[str] | None) -> frozenset[str]:
    """Return the words of ``text`` that carry a topic; of unspaced scripts the pairs."""
    words = {word.lower() for word in _WORD.findall(text[:1000])}
    if not text.isascii() and any(len(word) > 12 for word in words if not word.isascii()):
        return frozenset(word[k : k + 2] for word in words for k in range(len(word) - 1))
    small = stop_words or frozenset()
    return frozenset(word[:STEM] for word in words if len(word) > 2 and word not in small)


def _lengths(line: Line, words: Sequence[str]) -> Features:
    count = line.words
    return {
        "length": min(math.log2(1 + count), 7.0) / 7,
        "one_or_two": float(count <= 2),
        "up_to_five": float(2 < count <= 5),
        "up_to_twelve": float(5 < count <= LABEL_WORDS),
        "over_twenty": float(count > 20),
        "over_forty": float(count > 40),
        "digits": sum(word.isdigit() for word in words) / max(1, len(words)),
    }


def _wording(
    line: Line, sample: str, words: Sequence[str], stop_words: Set[str] | None
) -> Features:
    total = max(1, len(words))
    small = USUAL_SMALL_WORDS
    if stop_words:
        small = sum(word.lower() in stop_words for word in words) / total
    several = float(line.words > 3)
    long_line = line.words > LABEL_WORDS
    return {
        "ends_sentence": several * line.ends_sentence,
        "sentence_and_long": float(line.ends_sentence and long_line),
        "teaser": several * bool(_TEASER.search(sample[-8:])),
        "colon": float(sample.rstrip().endswith((":", "："))),
        "small_words": several * min(small, 0.6) / 0.6,
        "capitals": several * sum(word[:1].isupper() for word in words) / total,
        "quotes": float(bool(_QUOTES.search(sample))),
        "bullet": float(bool(_BULLET.match(sample))),
    }


def _says(line: Line, sample: str) -> Features:
    label, remark = line.words <= LABEL_WORDS, line.words <= REMARK_WORDS
    tail = line.text[-SAMPLE:]
    found: dict[str, bool] = {
        "button": label and bool(furniture.BUTTON.match(sample)),
        "section_head": label and bool(furniture.SECTION_HEAD.match(sample)),
        "comments": label and bool(furniture.COMMENTS.match(sample)),
        "call": label and bool(furniture.CALL.match(sample)),
        "legal": bool(furniture.LEGAL.search(sample)),
        "caption": remark and bool(furniture.CAPTION.search(tail)),
        "caption_tail": remark and bool(furniture.CAPTION_TAIL.search(tail)),
        "bio": bool(furniture.BIO.search(sample[:200])),
        "byline": label and bool(furniture.BYLINE.match(sample)),
        "related": remark and bool(furniture.RELATED.search(sample)),
        "credit": remark and bool(furniture.CREDIT_LINE.search(sample)),
        "contact": bool(furniture.CONTACT.search(sample)),
        "separated": bool(furniture.SEPARATED.search(sample)),
        "glued": len(furniture.GLUED.findall(sample)) > (0 if remark else 1),
        "dated_label": label and bool(furniture.DATE.search(sample)),
        "clock": label and bool(furniture.CLOCK_ONLY.match(sample)),
        "remark": is_remark(line.text),
        "last_word": is_last_word(line.text),
    }
    found["address"] = addresses_reader(line.text)
    found["self_description"] = is_self_description(line.text)
    features = {name: float(value) for name, value in found.items()}
    features["photo_credit"] = float(
        line.words <= PHOTO_CREDIT_WORDS and (found["caption"] or found["caption_tail"])
    )
    features["promos"] = min(3, len(furniture.PROMO.findall(sample))) / 3
    return features
