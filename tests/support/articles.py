"""Articles of invented events for tests: every paragraph is body."""

from __future__ import annotations

from datetime import date

from summarizer.types import Article, OutletFrom, Span


def article(
    outlet: str,
    *paragraphs: str,
    id: str = "",
    title: str | None = None,
    published: date | None = None,
    language: str = "en",
) -> Article:
    """Return an article whose body are the paragraphs, under its title where it has one."""
    text = "\n\n".join([title, *paragraphs] if title else paragraphs)
    start = len(title) + 2 if title else 0
    body = []
    for paragraph in paragraphs:
        body.append(Span(start, start + len(paragraph)))
        start += len(paragraph) + 2
    return Article(
        id=id or outlet.lower().replace(" ", "-"),
        source=f"{outlet.lower()}.txt",
        sha256="",
        text=text,
        body=tuple(body),
        outlet=outlet,
        outlet_from=OutletFrom.FLAG,
        title=title,
        published=published,
        language=language,
    )


GAZETTE = article(
    "Gazette",
    "A fire destroyed the grain store at Velden harbour on Tuesday, injuring 14 dock workers.",
    "The blaze began in a conveyor belt, fire chief Marta Olin said, and spread to the roof "
    "within minutes.",
    "Olin said the store would stay closed for at least six weeks.",
    "The store was built in 1931 by the Halm brothers, whose statue stands beside it.",
    title="Fire destroys Velden grain store",
    published=date(2025, 3, 5),
)
COURIER = article(
    "Courier",
    "Flames destroyed Velden harbour's grain store on Tuesday and injured 11 dock workers, "
    "according to the regional ambulance service.",
    "Port director Emil Sarre said the store would stay closed for at least six weeks.",
    "The harbour handles a third of the country's wheat exports, and mills inland have flour "
    "for nine days.",
    title="Grain store at Velden harbour lost to fire",
    published=date(2025, 3, 5),
)
HERALD = article(
    "Herald",
    "The grain store at Velden harbour was destroyed by fire on Tuesday.",
    "It was not immediately clear why the conveyor belt caught fire.",
    "Insurers put the damage at 20 million crowns, and the owner said a new store would be "
    "built on the same quay.",
    title="Velden grain store burns down",
    published=date(2025, 3, 5),
)
FIRE = (GAZETTE, COURIER, HERALD)

BOAT = (
    article(
        "Harbour News",
        "The ferry Meridian ran aground off Port Marrow on Monday night with 212 people aboard, "
        "the coast guard said. All passengers were taken off by dawn in two lifeboats.",
        "The captain, Ilse Varga, had asked for a pilot twice, according to the ship's log. Divers "
        "are to look at the hull on Wednesday, the coast guard said.",
        "The owner, Marrow Lines, expects repairs of the ferry to take three months.",
    ),
    article(
        "Island Post",
        "Two lifeboats took all 212 passengers off the ferry Meridian, which ran aground off Port "
        "Marrow on Monday night, the coast guard said on Tuesday.",
        "Marrow Lines, the owner of the ferry, will pay back every ticket. A storm had been "
        "forecast for the coast, and the harbour office had warned all ships.",
        "Divers will look at the hull on Wednesday.",
    ),
)
BRIDGE_TITLE = "Lorvale council votes to close the old harbour bridge"
BRIDGE_BODY = [
    "The Lorvale council voted on Tuesday to close the old harbour bridge to lorries after "
    "engineers found cracks in two of its eleven piers.",
    "Mayor Ana Weller said the closure would last at least nine months and would cost the "
    "town about 1.2 million crowns, half of which the county has promised to pay.",
    "“We had no choice,” Weller told reporters in the town hall. “Nobody wants to be the mayor "
    "who waited until the bridge fell into the harbour.”",
    "Lorries will be sent over the northern bridge, which the council widened in 2019. Buses "
    "and cars may use the harbour bridge until the work on the piers begins in March.",
    "Shopkeepers on the harbour road fear for their trade. The council said it would speak "
    "with them next week and that no shop would lose its deliveries.",
    "The engineers' report on the piers, which the council kept back for three weeks, will be "
    "published on Friday, the mayor said.",
]
