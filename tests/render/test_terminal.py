from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from summarizer.render import markdown, terminal
from summarizer.types import (
    Check,
    Conflict,
    ConflictKind,
    Difference,
    DiffReport,
    Fact,
    Judgement,
    Span,
    Status,
    Uniqueness,
    Verdict,
)
from tests.support.expected_output import assert_expected
from tests.support.reports import (
    ABOARD,
    AGROUND,
    BREAD,
    CAPTAIN,
    PILOT,
    REPAIRS,
    TEARS,
    WEEKS,
    article,
    fact,
    mention,
    report,
    unread_report,
)

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def many(template: Fact, count: int, start: int = 10) -> list[Fact]:
    """Return facts like ``template``, each with a text, an id and passages of its own."""
    return [
        replace(
            template,
            id=f"f{number}",
            text=f"Fact number {number}.",
            salience=0.5,
            mentions=tuple(
                replace(m, evidence=(Span(number, number + 1),)) for m in template.mentions
            ),
        )
        for number in range(start, start + count)
    ]


def plain(shown: DiffReport, width: int = 100, *, everything: bool = False) -> str:
    return terminal.diff(shown, width=width, colour=False, everything=everything)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_diff_exactly(width: int) -> None:
    assert_expected(f"diff-{width}.txt", plain(report(), width))


def test_diff_in_colour_exactly() -> None:
    shown = terminal.diff(report(), width=80, colour=True)
    assert_expected("diff-80-colour.txt", shown)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_colour_changes_no_character(width: int) -> None:
    shown = terminal.diff(report(), width=width, colour=True)
    lines = [line.rstrip() for line in ANSI.sub("", shown).splitlines()]
    assert lines == plain(report(), width).splitlines()


def test_articles_exactly() -> None:
    assert_expected("articles-80.txt", terminal.articles(report(), width=80, colour=False))


@pytest.mark.parametrize("width", range(40, 220, 9))
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(cell_len, plain(report(), width).splitlines())) <= width


def test_a_screen_without_room_is_written_to_as_if_it_had_some() -> None:
    assert plain(report(), 1) == plain(report(), terminal.NARROWEST)


def test_only_the_most_salient_are_shown_and_the_rest_is_counted() -> None:
    crowded = replace(
        report(),
        facts=(*many(AGROUND, 30), *many(PILOT, 19, start=50)),
        conflicts=tuple(replace(WEEKS, id=f"c{number}") for number in range(9)),
    )
    shown = plain(crowded)
    assert "ALL 3 REPORT · 30" in shown
    assert "  and 22 more (--all)" in shown
    assert "ONLY IN HARBOR GAZETTE · 19" in shown
    assert "  and 14 more (--all)" in shown
    assert "WHERE THEY DIFFER · 9" in shown
    assert "  and 1 more (--all)" in shown
    whole = plain(crowded, everything=True)
    assert "more (--all)" not in whole
    assert all(f"Fact number {number}." in whole for number in [*range(10, 40), *range(50, 69)])


def test_what_was_said_above_is_not_said_again_unless_everything_is_wanted() -> None:
    again = replace(AGROUND, id="f9", text="The ferry had run aground.", salience=0.1)
    repeating = replace(report(), facts=(AGROUND, again))
    assert "ALL 3 REPORT · 1" in plain(repeating)
    assert "had run aground" not in plain(repeating)
    assert "had run aground" in plain(repeating, everything=True)


def test_a_figure_that_a_conflict_tells_is_no_only_as_well() -> None:
    told = Difference(
        kind=ConflictKind.NUMBER, topic="weeks", value="three months", claimed="six weeks"
    )
    northwind = WEEKS.positions[1].mentions[0]
    contradicting = Judgement(
        verdict=Verdict.CONTRADICTED,
        probability=0.1,
        nearest=northwind.evidence[0],
        difference=told,
    )
    weeks = replace(
        PILOT,
        text="Repairs will take about six weeks.",
        mentions=WEEKS.positions[0].mentions,
        checks=(Check(article=northwind.article, judgement=contradicting),),
    )
    only = plain(replace(report(), facts=(AGROUND, weeks), conflicts=()), everything=True)
    assert "- Repairs will take about six weeks." in only
    told_once = plain(replace(report(), facts=(AGROUND, weeks)), everything=True)
    assert "- Repairs will take about six weeks." not in told_once


def test_a_difference_of_wording_alone_is_for_those_who_want_everything() -> None:
    worded = replace(
        report(), conflicts=(WEEKS, replace(WEEKS, topic="pace", kind=ConflictKind.WORDING))
    )
    assert "pace" not in plain(worded)
    assert "and 1 more (--all)" in plain(worded)
    assert "pace" in plain(worded, everything=True)


def test_no_line_stands_twice_not_even_with_all() -> None:
    words = AGROUND.text
    twice = (
        AGROUND,
        replace(REPAIRS, id="f8", text=words.upper()),
        replace(PILOT, id="f9", text=words.rstrip(".")),
    )
    shown = plain(replace(report(), facts=twice), everything=True).casefold()
    body = shown[shown.index("where they differ ·") :]
    assert body.count(f"- {words.casefold().rstrip('.')}") == 1


def test_the_order_is_conflicts_only_all_several() -> None:
    shown = plain(report())
    headings = (
        "WHERE THEY DIFFER ·",
        "ONLY IN HARBOR GAZETTE",
        "ONLY IN NORTHWIND",
        "ALL 3",
        "SEVERAL",
    )
    places = [shown.index(heading) for heading in headings]
    assert places == sorted(places)


def test_the_lede_says_what_all_agree_on_where_they_differ_and_what_only_each_has() -> None:
    shown = " ".join(plain(report()).partition("  HG")[0].split())
    assert shown.endswith(
        "All 3 report: The ferry Meridian ran aground off Port Marrow on Monday night. All "
        "passengers were taken off by dawn, the coast guard said. They differ: People aboard: 212"
        " people (Harbor Gazette); 180 passengers and 32 crew (The Daily Tern); 198 people "
        "(Northwind). How long repairs take: about six weeks (Harbor Gazette); up to three months"
        " (Northwind). Only Harbor Gazette reports: The captain had asked for a pilot twice, "
        "according to the ship's log. Only The Daily Tern reports: Divers found two tears in the "
        "hull, each the length of a car."
    )


@pytest.mark.parametrize(
    "text", ["With her will be the minister.", "They left at dawn.", "…and so it was.", "A " * 120]
)
def test_the_lede_has_no_line_that_cannot_be_read_alone(text: str) -> None:
    facts = (replace(PILOT, text=text, salience=1.0), replace(PILOT, id="f9", text="Rain fell."))
    shown = plain(replace(report(), facts=facts))
    assert "Only Harbor Gazette reports: Rain fell." in shown


def test_the_most_salient_conflict_comes_first() -> None:
    shown = plain(replace(report(), conflicts=(WEEKS, ABOARD)))
    assert shown.index("  people aboard  (number)") < shown.index("  how long repairs take")


def test_a_fact_shows_who_adds_what_and_on_which_point_they_differ() -> None:
    shown = plain(report(), 120)
    assert "only DT adds: The ferry hit a sandbank." in shown
    assert "number of people aboard. (not checked in all others)" in " ".join(shown.split())
    assert (
        "they differ on people aboard: 212 people [HG]; 180 passengers and 32 crew [DT]; "
        "198 people [No]" in shown
    )
    assert "It also adds 1 detail to what others report." in shown


def test_of_an_article_that_was_not_read_nothing_is_said_but_that() -> None:
    shown = plain(unread_report())
    assert "Could not be read: quay (The article gave no claims). Nothing is said here of what" in (
        shown
    )
    assert "  Qu  quay  2031-03-04 · 1 word · could not be read" in shown
    assert "ALL 3 REPORT · 2" in shown
    assert "ONLY IN QUAY" not in shown
    assert "Source 5" not in shown
    assert "Cookies" not in shown


def test_what_is_neither_surely_shared_nor_surely_alone_stands_apart() -> None:
    shown = plain(replace(report(), facts=(CAPTAIN, PILOT)))
    shown = shown[shown.index("ONLY IN HARBOR GAZETTE · 1") :]
    only, unsure = 0, shown.index("OTHERS MAY REPORT")
    assert only < shown.index("asked for a pilot") < unsure < shown.index("had 212 people aboard.")
    assert "The checks do not tell whether another outlet reports these: compare." in shown
    assert "The ferry had 212 people aboard. [HG]" in shown
    assert "says otherwise: No “The Meridian ran aground on Monday night with 198" in shown
    without = replace(CAPTAIN, uniqueness=Uniqueness.CONFIRMED)
    shown = plain(replace(report(), facts=(without,)))
    assert "says otherwise" not in shown
    assert "PERHAPS" not in shown


def test_an_outlet_of_which_nothing_is_sure_is_told_with_a_perhaps() -> None:
    shown = plain(replace(report(), facts=(CAPTAIN,)))
    assert "Harbor Gazette reports, and others may too: The ferry had 212 people aboard." in shown
    assert "Nothing for sure: what it perhaps reports alone stands further down." in shown


def test_confirmed_comes_before_unchecked_whatever_the_salience() -> None:
    facts = (replace(BREAD, salience=0.9), replace(TEARS, salience=0.1))
    shown = plain(replace(report(), facts=facts))
    shown = shown[shown.index("ONLY IN") :]
    assert shown.index("two tears") < shown.index("baker drove bread")


def test_a_fact_of_fewer_origins_than_outlets_says_so() -> None:
    assert "dawn, the coast guard said. [HG DT No] (2 independent origins)" in plain(report())


def test_a_quote_that_adds_nothing_is_not_shown() -> None:
    same = fact(9, TEARS.text, Status.UNIQUE, *TEARS.mentions)
    assert "“" not in plain(replace(report(), facts=(same,), conflicts=(), warnings=()))


def test_nothing_found_is_said() -> None:
    shown = plain(replace(report(), facts=(), conflicts=()))
    assert shown.count("Nothing was found for sure.") == 2
    assert shown.count("Nothing that the others do not report.") == 3
    assert "No difference was found for sure." in shown


def test_where_all_differences_can_be_true_it_is_said_that_none_must_be_wrong() -> None:
    conflicts = tuple(replace(each, compatible=True) for each in report().conflicts)
    told = replace(report(), conflicts=conflicts)
    for shown in (plain(told), markdown.to_markdown(told)):
        assert "Nothing in which one of them must be wrong." in shown
        assert f"and {len(conflicts)} more" in shown
        assert "No difference was found" not in shown


def test_two_outlets_are_both_and_have_no_several() -> None:
    two = replace(report(), articles=report().articles[:2], facts=(AGROUND,))
    shown = plain(two)
    assert "BOTH REPORT · 1" in shown
    assert "SEVERAL" not in shown


def test_copies_of_one_article_are_one_outlet() -> None:
    one = (report().articles[0], report().articles[3])
    shown = plain(replace(report(), articles=one, facts=(AGROUND,), conflicts=()))
    assert "1 outlet · 2 articles" in shown
    assert "THE ONLY OUTLET REPORTS · 1" in shown


def test_a_copy_stands_under_the_article_it_is_a_copy_of() -> None:
    shown = plain(replace(report(), articles=report().articles[::-1]))
    names = ("No  Northwind", "DT  The Daily Tern", "HG  Harbor Gazette", "gazette-later.txt: same")
    places = [shown.index(name) for name in names]
    assert places == sorted(places)


def test_an_article_cannot_act_on_the_terminal() -> None:
    evil = article(
        1, "Ev\x1b[2Jil\u202e News", "Body\x9b31m with \x07 bell.\x1b]0;t\x07", title="\x1b[5mT"
    )
    told = fact(1, "Red \x1b[31mtext\u2066", Status.UNIQUE, mention(evil, "with \x07 bell"))
    told = replace(told, uniqueness=Uniqueness.CONFIRMED)
    summary = replace(report().articles[0], article=evil, sentences=(), uncited=())
    hostile = replace(
        report(),
        headline="Head\x1b[1mline\u202e",
        articles=(summary,),
        facts=(told,),
        warnings=("warn\x1b[0m",),
        rejected=(),
        origins=(),
    )
    for shown in (plain(hostile), terminal.articles(hostile, width=80, colour=False)):
        assert not {"\x1b", "\x9b", "\x07", "\u202e", "\u2066"} & set(shown)
    assert "ONLY IN EVIL NEWS" in plain(hostile)


def test_square_brackets_are_text_and_not_markup() -> None:
    told = replace(PILOT, text="The pilot said [red]no[/red] :smile: twice.")
    assert "[red]no[/red] :smile:" in plain(replace(report(), facts=(told,)))


def test_wide_letters_are_measured_in_cells() -> None:
    told = replace(AGROUND, text="渡船は月曜日の夜にポートマロー沖で座礁した" * 4)
    lines = plain(replace(report(), facts=(told,)), 60).splitlines()
    assert max(map(cell_len, lines)) <= 60


def test_a_long_conflict_value_has_its_quote_around_it() -> None:
    source = article(7, "Long Post", "word " * 80 + "and 4,100 homes lost power " + "tail " * 60)
    quote = source.text.strip()
    position = replace(
        WEEKS.positions[0],
        value="4,100 homes",
        outlets=("Long Post",),
        mentions=(mention(source, quote),),
    )
    conflict = Conflict(id="c9", topic="homes", kind=WEEKS.kind, positions=(position,))
    shown = " ".join(plain(replace(report(), conflicts=(conflict,))).split())
    assert "and 4,100 homes lost power" in shown
    assert "“…word" in shown
