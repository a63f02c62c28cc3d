"""News that has the words of furniture is read; furniture among the paragraphs is not."""

from __future__ import annotations

import pytest

from summarizer.sources.page import read_page

pytestmark = pytest.mark.slow

TITLE = "Council votes to close the swimming hall in Ostwick"
STORY = (
    "The town council of Ostwick voted on Tuesday to close the swimming hall at the end of the "
    "year, after an inspection found cracks in the roof.",
    "Fourteen of the 21 members backed the plan of the mayor, Hanne Brok, who said repairs would "
    "cost 9 million marks.",
    "“We cannot ask taxpayers for money that will be gone in ten years,” Brok told the meeting in "
    "the town hall, where about 80 residents had come.",
    "The swimming club, which has 640 members and trains there six days a week, called the vote a "
    "mistake and said it would collect signatures.",
    "The hall opened in 1974. It was last renovated in 2003, when the roof was covered with a new "
    "layer of tar.",
    "A decision on what to do with the site is expected in the spring, the council said in a "
    "statement.",
)
NEWS = (
    "Next up is a hearing of the planning committee in the county town. It begins in February.",
    "Previous attempts to save the hall failed in 2009 and 2015, when the council rejected two "
    "plans of the club.",
    "More recently, Stenn was in the news in January after he threatened a reporter at a meeting "
    "of the council.",
    "The party had its registered office in the building until 2011, and still owns a fifth of "
    "the company that runs it.",
    "The platform removed the post of the club because it broke its community standards, and the "
    "club has complained.",
    "The club said it had changed its privacy policy after members complained that their names "
    "had been passed on.",
    "The council changed the terms of service of the hall in March, so that visitors pay for each "
    "hour they stay.",
    "Residents were asked to sign up for the hearing by Friday, and 212 of them did so on the "
    "first day.",
    "More than 6,000 people subscribe to the newsletter of the club, which reported the plan "
    "first in September.",
    "The hall is one of the oldest in the county, and the only one that is open to schools and "
    "members of clubs.",
    "The club is a nonprofit that gives lessons to children of poor households, and it is paid by "
    "members and the county.",
    "The views expressed by the engineers differ: one says that the roof is safe, another that it "
    "may fall at any time.",
    "Stenn was an editor of the Ostwick Post for eleven years before he became chairman of the "
    "club in 2018.",
    "The mayor's husband works for a company whose founder is a member of the council, the Post "
    "reported last week.",
    "Ilse Marn, a reporter at Radio Ostwick, was not let into the hall when the engineers met on "
    "Thursday.",
    "Correction of the figures took the council two weeks; the sum had been given as 6 million "
    "marks at first.",
    "The engineers' report on the roof, which the council kept back for three weeks, is to be "
    "published on Friday.",
)
FURNITURE = (
    "Subscribe to our newsletter and get the news of the day from Ostwick in your inbox.",
    "If you value our reporting, please consider a gift: readers like you keep the Post alive.",
    "Follow the Ostwick Post on social media and never miss a story from the county.",
    "Correction: An earlier version of this article gave the wrong age of the mayor.",
    "Read more: How the swimming hall of Carrow was saved by its members.",
    "All rights reserved. This material may not be published, broadcast or copied.",
    "Ostwick Post Media Ltd, registered office: 4 Customs Row, Ostwick. Company number 0471182.",
)
NOTES = (
    "Jonas Whitlow covers technology policy for the Ostwick Post. He previously worked at a bank.",
    "Harriet has reported for the Echo since 2018, mostly from council chambers.",
    "Ned Farrow is a reporter at Vale Radio, where he covers rural life and the weather.",
    "The Ostwick Post is an independent daily newspaper that appears in the lake districts.",
)


def read(extra: str, place: int) -> list[str]:
    text = "\n\n".join((TITLE, *STORY[:place], extra, *STORY[place:]))
    return [span.of(text) for span in read_page(text).body]


@pytest.mark.parametrize("place", [3, len(STORY)], ids=["amid", "last"])
@pytest.mark.parametrize("paragraph", NEWS)
def test_news_with_the_words_of_furniture_is_read(paragraph: str, place: int) -> None:
    assert paragraph in read(paragraph, place)


@pytest.mark.parametrize("paragraph", FURNITURE)
def test_furniture_between_the_paragraphs_is_not_read(paragraph: str) -> None:
    body = read(paragraph, 3)
    assert paragraph not in body
    assert set(STORY) <= set(body)


@pytest.mark.parametrize("paragraph", NOTES)
def test_who_wrote_it_and_what_the_outlet_is_are_not_read_below_the_article(paragraph: str) -> None:
    body = read(paragraph, len(STORY))
    assert paragraph not in body
    assert set(STORY) <= set(body)


def test_a_first_paragraph_without_a_full_stop_is_read() -> None:
    lead = "Ostwick Town have paid the 71.6 crown fee to Carrow FC to sign keeper Olav Stenn"
    lead += " Marn Halm Brok on a free Tuesday"
    story = (
        "This has freed of the 38 crown move of Timo Holt to Real Mora",
        "Olav Stenn will undergo a medical at Dock Street today ahead of making the move which "
        "will see him become the most expensive keeper that the club has ever had.",
        "The 23-year-old flew to Ostwick yesterday evening and will spend the day completing the "
        "formalities of the deal, which the club hope to announce later today.",
    )
    menu = ("Home", "News", "World News", "Relationship", "Entertainment", "Sports", "Events")
    below = ["Tags:", "Latest News SPORT", "Facebook", "Twitter", "You may like these posts"]
    below += ["Post a Comment", "0 Comments", "Popular Posts", "See How a Lady Was Found in Carrow"]
    title = "BREAKING NEWS: Ostwick Activate 71.6 Crown Clause To Sign Olav Stenn From Carrow"
    head = (*menu, f"HomeSPORT NEWS{title}", title, "OB August 08, 2018")
    text = "\n\n".join((*head, lead, *story, *below))
    assert lead in [span.of(text) for span in read_page(text).body]
