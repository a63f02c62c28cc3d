"""Claims written by hand, true and false, in another manner than the planted errors.

Each document has claims that it supports, worded freely, and claims with one error. The kinds
of the true ones name what makes them hard. Everything in them is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from summarizer.types import Article, OutletFrom, Span

TRUE = "true"


@dataclass(frozen=True, slots=True)
class Twin:
    """A claim put to an article. ``kind`` is ``TRUE`` or the error it has."""

    article: Article
    kind: str
    claim: str


@dataclass(frozen=True, slots=True)
class _Story:
    outlet: str
    published: date
    language: str
    text: str
    claims: tuple[tuple[str, str], ...]


_FERRY = _Story(
    "Skerry Standard",
    date(2031, 3, 12),
    "en",
    """Ferry firm fined after deckhand's fall

A ferry company was fined 85,000 crowns on Tuesday after a deckhand fell eleven metres into an
open cargo hold at Tollan harbour.

Magistrate Edwina Sarr said Northern Isles Lines had failed to fit a guard rail that inspectors had
asked for twice. Jonas Whitlock, 29, broke both legs and has not worked since the accident on
4 February 2030.

"This was a fall waiting to happen," the magistrate told the company's lawyers. "A rail would have
cost you less than a tin of paint a week."

The company did not contest the charge. Its managing director, Piers Oddie, said outside the court
that he was "truly sorry" and that every vessel in the fleet, twelve in all, now had rails.

Mr Whitlock's union, the Seafarers' League, called the fine too low. Its secretary, Marta Quill,
denied that the crew had removed an older rail, as the company once suggested. "Nobody touched
it, because there was none," she said.""",
    (
        (TRUE, "Northern Isles Lines must pay 85,000 crowns."),
        (TRUE, "A dozen vessels now have rails, according to Piers Oddie."),
        (TRUE, "Magistrate Sarr said the firm had not fitted a rail inspectors had asked for."),
        (TRUE, "Whitlock, 29, broke both legs in the fall."),
        (TRUE, "Marta Quill of the Seafarers' League rejected the idea that the crew had taken "
               "away an older rail."),
        (TRUE, "Oddie said he was ‘truly sorry’."),
        (TRUE, "“This was a fall waiting to happen,” said the magistrate, Edwina Sarr."),
        (TRUE, "The accident happened in February 2030."),
        (TRUE, "The charge was not contested by the company."),
        (TRUE, "The Skerry Standard reports that a ferry company was fined on Tuesday."),
        ("number", "Northern Isles Lines must pay 58,000 crowns."),
        ("number", "A deckhand fell seven metres into an open cargo hold at Tollan harbour."),
        ("number", "Twenty vessels now have rails, according to Piers Oddie."),
        ("date", "The accident happened on 4 April 2030."),
        ("date", "A ferry company was fined on Thursday after a deckhand fell into a cargo hold."),
        ("name", "Piers Oddie broke both legs and has not worked since the accident."),
        ("name", "Magistrate Marta Quill said Northern Isles Lines had failed to fit a rail."),
        ("name", "A deckhand fell into an open cargo hold at Garvel harbour."),
        ("negation", "The company contested the charge."),
        ("negation", "Inspectors had not asked for a guard rail."),
        ("negation", "Jonas Whitlock has worked since the accident."),
        ("invented_quote", 'Piers Oddie said: "We will appeal against this fine."'),
        ("invented_quote", "“A rail would have cost you less than a boat,” the magistrate said."),
        ("wrong_outlet", "The Tollan Courier reports that a ferry company was fined on Tuesday."),
        ("wrong_outlet", "Shares in Northern Isles Lines fell by a fifth after the ruling."),
    ),
)  # fmt: skip

_ZOO = _Story(
    "Lowland Echo",
    date(2030, 9, 6),
    "en",
    """Bear that would not be moved

HARSTEN – It took vets at Harsten Zoo six hours, three darts and a crate of plums to move Bruno,
a brown bear of 310 kilos, to his new enclosure on Thursday.

"He is not only heavy, he is stubborn," said Dr Ines Falk, the zoo's chief vet. Her colleague Rolf
Temme, who fired the darts, missed once.

Around 2,400 visitors watched, nearly twice as many as on an ordinary weekday. The zoo had to close
its northern gate at noon. No visitor was in danger at any time, police said.

The enclosure cost 1.9 million marks, of which the city paid half. It has a pool but, for want of
money, no waterfall; mayor Greta Lohse promised one "before Bruno is grey".

Bruno was born in Harsten in 2014. His mother, Olga, died last winter. Animal rights group Free Paw
has demanded for years that he be sent to a reserve in the Karst; the zoo has always refused.""",
    (
        (TRUE, "Moving the bear took half a dozen hours."),
        (TRUE, "Ines Falk said Bruno was stubborn as well as heavy."),
        (TRUE, "Temme missed once when he fired the darts."),
        (TRUE, "Some 2,400 people watched."),
        (TRUE, "Police said that no visitor had ever been in danger."),
        (TRUE, "The city paid 50 percent of the cost of the enclosure."),
        (TRUE, "There is no waterfall in the enclosure."),
        (TRUE, "The mayor, Ms Lohse, promised a waterfall before Bruno is grey."),
        (TRUE, "The zoo has never agreed to send the bear to a reserve in the Karst."),
        (TRUE, "Bruno was moved to his new enclosure on 5 September."),
        ("number", "Bruno, a brown bear of 410 kilos, was moved to his new enclosure."),
        ("number", "Around 4,200 visitors watched."),
        ("number", "The enclosure cost 2.9 million marks."),
        ("date", "Bruno was born in Harsten in 2019."),
        ("date", "Bruno was moved to his new enclosure on Monday."),
        ("name", "Greta Lohse, who fired the darts, missed once."),
        ("name", "Rolf Temme is the zoo's chief vet."),
        ("name", "Bruno's mother, Tilda, died last winter."),
        ("negation", "Visitors were in danger, police said."),
        ("negation", "The zoo has always agreed to send the bear to a reserve."),
        ("negation", "The zoo did not have to close its northern gate at noon."),
        ("invented_quote", '"He is a gentle giant," said Dr Ines Falk.'),
        ("wrong_outlet", "According to the Harsten Mirror, moving Bruno took six hours."),
        ("wrong_outlet", "A keeper was bitten in the hand last year."),
    ),
)  # fmt: skip

_BUDGET = _Story(
    "Capital Post",
    date(2032, 5, 20),
    "en",
    """Veyland's parliament throws out budget by two votes

Veyland's parliament rejected the government's budget by 101 votes to 99 on Thursday, and Prime
Minister Odile Carran said she would not resign.

Three members of her own Centre Alliance voted against it. One of them, the former finance minister
Henk Maas, said he could not support "a budget built on hope".

The finance minister, Luca Brandi, had proposed to raise fuel duty by 7 percent and to freeze
pensions until 2034. Pensioners' groups marched in Veylport and Ostend on Wednesday; police counted
about 14,000 people in the capital, the organisers 40,000.

Opposition leader Tamsin Vane ruled out talks with the government. "There is nothing to talk
about," she said. Mr Brandi is unlikely to present a new budget before the summer recess.""",
    (
        (TRUE, "The budget was voted down by parliament on Thursday."),
        (TRUE, "PM Odile Carran refused to resign."),
        (TRUE, "Maas, a former finance minister, said he couldn't back “a budget built on hope”."),
        (TRUE, "Fuel duty was to rise by seven percent under Brandi's proposal."),
        (TRUE, "Police put the number of marchers in the capital at about 14,000."),
        (TRUE, "Opposition leader Vane said there would be no talks with the government."),
        (TRUE, "Three members of the Centre Alliance did not support the budget."),
        (TRUE, "Carran did not say that she would resign."),
        ("number", "Parliament rejected the budget by 105 votes to 95."),
        ("number", "Five members of her own Centre Alliance voted against the budget."),
        ("number", "The organisers counted 14,000 people, the police 70,000."),
        ("date", "Pensions were to be frozen until 2038."),
        ("date", "Pensioners' groups marched in Veylport on Sunday."),
        ("name", "Tamsin Vane said she would not resign as prime minister."),
        ("name", "The finance minister, Henk Maas, had proposed to raise fuel duty by 7 percent."),
        ("name", "Luca Brandi ruled out talks with the government."),
        ("negation", "Parliament did not reject the government's budget."),
        ("negation", "Prime Minister Odile Carran said she would resign."),
        ("negation", "Tamsin Vane did not rule out talks with the government."),
        ("invented_quote", '"We will be back with a better budget," said Luca Brandi.'),
        ("wrong_outlet", "The Veylport Gazette reports that parliament rejected the budget."),
    ),
)  # fmt: skip

_GERMAN = _Story(
    "Moorer Bote",
    date(2031, 11, 4),
    "de",
    """Das Rathaus von Moorhausen bleibt bis zum Frühjahr geschlossen, teilte Bürgermeisterin Anke
Thiel am Montag mit. Bei dem Brand am Samstag wurde niemand verletzt. Der Schaden beträgt rund
400.000 Euro. Die Feuerwehr war mit 60 Kräften im Einsatz. Der Hausmeister bestreitet, die Tür
offen gelassen zu haben. „Wir bauen alles wieder auf“, sagte Thiel.""",
    (
        (TRUE, "Bei dem Brand am Samstag gab es keine Verletzten, niemand wurde verletzt."),
        (TRUE, "Das Rathaus bleibt bis zum Frühjahr geschlossen."),
        (TRUE, "Anke Thiel sagte: „Wir bauen alles wieder auf“."),
        ("number", "Die Feuerwehr war mit 90 Kräften im Einsatz."),
        ("negation", "Das Rathaus von Moorhausen bleibt nicht bis zum Frühjahr geschlossen."),
        ("invented_quote", "Anke Thiel sagte: „Das wird sehr teuer für uns alle“."),
    ),
)

_SPANISH = _Story(
    "Diario del Valle",
    date(2031, 6, 15),
    "es",
    """El puente de Arroyo Seco no abrirá este verano, anunció la alcaldesa Nuria Peláez. La obra
cuesta 3,2 millones de pesos y emplea a 45 obreros. La constructora no pagó las multas. Los
vecinos protestaron el domingo sin incidentes.""",
    (
        (TRUE, "La constructora no pagó las multas."),
        (TRUE, "La obra emplea a 45 obreros."),
        ("number", "La obra emplea a 85 obreros."),
        ("negation", "El puente de Arroyo Seco abrirá este verano."),
        ("negation", "La constructora pagó las multas."),
    ),
)

_JAPANESE = _Story(
    "港日報",
    date(2031, 8, 2),
    "ja",
    """港町の市長は三日、新しい図書館を建設すると発表した。費用は二十億円に上る。
住民投票は行われなかった。市議会は計画に反対しなかった。""",
    (
        (TRUE, "住民投票は行われなかった。"),
        (TRUE, "市長は新しい図書館を建設すると発表した。"),
        ("negation", "住民投票は行われた。"),
        ("negation", "市長は新しい図書館を建設すると発表しなかった。"),
    ),
)

_STORIES = (_FERRY, _ZOO, _BUDGET, _GERMAN, _SPANISH, _JAPANESE)


def twins() -> list[Twin]:
    """Return every claim with its article."""
    found = []
    for number, story in enumerate(_STORIES):
        article = Article(
            id=f"t{number}",
            source=f"{story.outlet}.txt",
            sha256="",
            text=story.text,
            body=(Span(0, len(story.text)),),
            outlet=story.outlet,
            outlet_from=OutletFrom.FLAG,
            published=story.published,
            language=story.language,
        )
        found += [Twin(article, kind, claim) for kind, claim in story.claims]
    return found
