"""The weights of the page model. Written by ``benchmarks/fit_page.py``; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the page model weighs.

    Attributes:
        shape: Log odds that a line is body, per feature of its shape.
        headline: Log odds that a line is the headline, per feature of a candidate.
        surrounded: Log odds that a line is body, per feature of shape and surroundings.
        enter: Price of beginning or resuming the article, in weighted log odds.
        leave: Price of interrupting it, in weighted log odds.
        gap_line: Price of each line of an interruption, in weighted log odds.
        caution: Log odds a line must have to speak for being inside.
        length_power: A line's log odds count by its words to this power.
        long: Words above which a line counts no more.
        unlikely_line: Words that an unlikely line takes from the core's gain.
        head_in_core: Words that the head of a section takes from the core's gain.
    """

    shape: Mapping[str, float]
    headline: Mapping[str, float]
    surrounded: Mapping[str, float]
    enter: float = 1.0
    leave: float = 7.0
    gap_line: float = 2.0
    caution: float = 0.0
    length_power: float = 0.5
    long: float = 60.0
    unlikely_line: float = 4.0
    head_in_core: float = 12.0


PAGE = Weights(
    shape={
        "bias": -2.79,
        "length": 1.74,
        "one_or_two": -0.43,
        "up_to_five": -0.55,
        "up_to_twelve": -0.15,
        "over_twenty": 0.84,
        "over_forty": 0.29,
        "digits": 2.61,
        "ends_sentence": 1.35,
        "sentence_and_long": 0.38,
        "teaser": -1.78,
        "colon": 1.37,
        "small_words": 1.08,
        "capitals": -0.43,
        "quotes": 1.11,
        "bullet": 2.59,
        "button": -1.72,
        "section_head": -0.99,
        "call": -1.52,
        "legal": -2.58,
        "caption_tail": -0.71,
        "bio": -2.53,
        "byline": -1.21,
        "related": -0.53,
        "separated": -0.56,
        "dated_label": -0.38,
        "clock": -0.93,
        "remark": -0.33,
        "last_word": -0.29,
        "address": -0.38,
        "self_description": -1.85,
        "promos": -1.75,
        "repeated": -0.49,
    },
    headline={
        "bias": -2.97,
        "ends_sentence": -1.63,
        "colon": -1.01,
        "small_words": 1.01,
        "capitals": 0.22,
        "quotes": -0.42,
        "bullet": -0.20,
        "button": -0.52,
        "section_head": -0.23,
        "call": -0.68,
        "legal": -0.54,
        "caption": -1.54,
        "caption_tail": -1.55,
        "byline": -0.87,
        "related": -0.55,
        "contact": -0.99,
        "separated": 0.73,
        "glued": -0.43,
        "dated_label": -2.13,
        "promos": -0.73,
        "repeated": -0.61,
        "on_topic": 1.90,
        "topic_words": 3.23,
        "up_to_three": -3.08,
        "up_to_five": -1.42,
        "over_fourteen": -1.47,
        "in_core": -2.73,
        "first_line": 0.46,
        "away": -2.27,
        "said_again": 1.20,
        "date_next": 1.62,
        "date_soon": 1.06,
        "byline_next": 1.85,
        "byline_soon": 1.17,
        "call_soon": -0.23,
        "button_soon": 0.27,
        "sentence_next": 0.85,
        "break_before": 0.79,
        "longer_before": -1.09,
        "longer_next": 0.35,
    },
    surrounded={
        "bias": -3.16,
        "length": 1.16,
        "up_to_five": -0.57,
        "up_to_twelve": -0.14,
        "over_twenty": 0.13,
        "over_forty": 0.45,
        "digits": 1.52,
        "ends_sentence": 0.11,
        "teaser": -0.60,
        "colon": 0.90,
        "small_words": 0.56,
        "capitals": -0.47,
        "quotes": 0.63,
        "bullet": 1.78,
        "button": -1.10,
        "section_head": -0.31,
        "call": -1.37,
        "legal": -0.74,
        "caption": -0.66,
        "caption_tail": -2.03,
        "bio": -2.34,
        "byline": -1.38,
        "related": -2.19,
        "credit": -0.87,
        "separated": -0.44,
        "clock": -1.34,
        "self_description": -1.38,
        "photo_credit": -0.87,
        "promos": -0.42,
        "repeated": -0.28,
        "chance_before": 1.49,
        "chance_after": 1.30,
        "chances_before": 1.06,
        "chances_after": 0.17,
        "break_before": -0.14,
        "break_two_before": -0.68,
        "just_before_core": -0.61,
        "just_after_core": -0.41,
        "no_break_since_core": 1.41,
        "heads_since_core": -2.89,
        "dates_since_core": -1.72,
        "above_title": -2.39,
        "is_title": -2.73,
        "far_below_title": -0.11,
        "date_right_above": 0.76,
        "date_lately": -0.33,
        "byline_close_above": -0.72,
        "credit_right_below": -1.32,
        "head_soon": -0.57,
        "call_soon": -0.58,
        "bio_soon": -0.08,
        "legal_soon": -0.48,
        "prose_ahead": 0.79,
        "told_elsewhere": 1.27,
        "prose_in_core": 0.72,
        "prose_told_nowhere": -0.32,
        "label_told_nowhere": -0.28,
        "prose_after_head": -0.49,
        "label_and_no_break": 0.32,
    },
    enter=1.0,
    leave=7.0,
    gap_line=2.0,
    caution=-0.25,
    length_power=0.5,
    long=60.0,
    unlikely_line=4.0,
    head_in_core=12.0,
)
