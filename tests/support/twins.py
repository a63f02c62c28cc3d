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

_BREWERY = _Story(
    "Quarry Valley Times",
    date(2033, 8, 18),
    "en",
    """Brewery recalls 30,000 bottles after glass is found

Lindholm Brothers, the valley's oldest brewery, has recalled about 30,000 bottles of its pale ale
after a customer in Ostrow found a splinter of glass on 9 August.

"We would rather pour away a whole summer than hurt one guest," said Petra Lindholm, who has run the
firm since her father retired in 2027. Nobody has been injured, she added.

The bottles, filled between 21 and 25 July, were sold in 140 shops. Customers get their money back
without a receipt. The food safety agency, which inspected the plant on Tuesday, found no fault with
the washing line; it suspects a batch of bottles delivered by Carrow Glass.

Carrow Glass rejected this. "Our bottles are X-rayed twice," its spokesman, Emil Stanway, told
Radio Quarry. He would not say whether other breweries had complained.

The recall will cost Lindholm Brothers an estimated 220,000 florins, roughly 4 percent of its yearly
sales. The brewery employs 63 people and has no plans to lay anyone off.""",
    (
        (TRUE, "About 30,000 bottles of pale ale have been recalled by Lindholm Brothers."),
        (TRUE, "Petra Lindholm took over when her father retired in 2027."),
        (TRUE, "No one was hurt, according to Petra Lindholm."),
        (TRUE, "Customers do not need a receipt to be refunded."),
        (
            TRUE,
            "Emil Stanway of Carrow Glass told Radio Quarry that its bottles are X-rayed twice.",
        ),
        (TRUE, "The food safety agency inspected the plant on 16 August."),
        (TRUE, "The brewery does not intend to lay off staff."),
        (TRUE, "The recall is expected to cost around 220,000 florins."),
        ("number", "The bottles were sold in 410 shops."),
        ("number", "The recall will cost roughly 14 percent of the brewery's yearly sales."),
        ("number", "The brewery employs 36 people."),
        ("date", "A customer found a splinter of glass on 19 August."),
        ("date", "The bottles were filled between 21 and 25 June."),
        ("date", "The food safety agency inspected the plant on Friday."),
        ("name", "Emil Stanway has run the brewery since 2027."),
        ("name", "The agency suspects a batch of bottles delivered by Marrow Glass."),
        ("name", "A customer in Quarry found a splinter of glass."),
        ("negation", "Customers get their money back only with a receipt."),
        ("negation", "The agency found a fault with the washing line."),
        ("negation", "Carrow Glass accepted that its bottles were to blame."),
        ("wrong_outlet", "The Ostrow Herald reports that the brewery has recalled 30,000 bottles."),
        (
            "invented_quote",
            '"Our bottles are the safest in the country," Emil Stanway told Radio Quarry.',
        ),
        (
            "invented_quote",
            'Petra Lindholm said: "We would rather pour away a whole year than hurt one guest."',
        ),
    ),
)

_CABLE = _Story(
    "Island Dispatch",
    date(2034, 1, 11),
    "en",
    """Cable car stops for three hours, 48 people brought down

Rescuers brought 48 people down from the Hornspitz cable car on Saturday afternoon after a gust of
wind tripped the emergency brake, the operator, Hornspitz Lifts, said.

The last passengers, a family of five from Delft Bay, were lowered by rope at 5.40 p.m., three hours
after the cabins stopped. Two of them were treated for mild hypothermia. A helicopter could not fly
because of the wind.

"The children sang the whole time," said Lotte Brand, 41, a teacher who shared a cabin with six
pupils. "I was the only one who was afraid."

Mountain rescue chief Ivo Kessler praised the passengers' calm but criticised the operator: gusts
of 90 kilometres an hour had been forecast since Friday morning, and the lift "should never have
opened". Managing director Selma Orlik said the limit for running, 70 kilometres an hour, had not
been exceeded before the stop.

The transport ministry has opened an inquiry. The cable car, built in 1998, will stay closed until
at least 20 January.""",
    (
        (TRUE, "Forty-eight people were rescued from the Hornspitz cable car."),
        (TRUE, "The emergency brake was set off by a gust of wind."),
        (
            TRUE,
            "Selma Orlik said winds had not been above the limit of 70 km/h before the "
            "cable car stopped.",
        ),
        (TRUE, "Kessler said the lift “should never have opened”."),
        (TRUE, "Wind kept a helicopter from flying."),
        (TRUE, "The cable car won't reopen before 20 January."),
        (TRUE, "Teacher Lotte Brand was in a cabin with half a dozen pupils."),
        (TRUE, "The ministry of transport is investigating."),
        ("number", "The last passengers were lowered five hours after the cabins stopped."),
        ("number", "Gusts of 70 kilometres an hour had been forecast since Friday morning."),
        ("number", "Four passengers were treated for mild hypothermia."),
        ("date", "The cable car was built in 1989."),
        ("date", "Strong gusts had been forecast since Thursday morning."),
        ("date", "The cable car will stay closed until at least 20 February."),
        ("name", "Ivo Kessler said the limit for running had not been exceeded."),
        ("name", "Selma Brand, a teacher, shared a cabin with six pupils."),
        ("name", "The last passengers were a family of five from Delft Harbour."),
        ("negation", "Lotte Brand said she was not afraid."),
        ("negation", "A helicopter flew in spite of the wind."),
        ("negation", "Ivo Kessler did not criticise the operator."),
        ("invented_quote", 'Ivo Kessler said the passengers were "heroes, every one of them".'),
        ("invented_quote", "“The children cried the whole time,” said Lotte Brand."),
        (
            "wrong_outlet",
            "As the Alpine Morning Post writes, 48 people were brought down from the cable car.",
        ),
    ),
)

_LIBRARY = _Story(
    "Eastmoor Gazette",
    date(2032, 3, 4),
    "en",
    """Eastmoor council saves two of five libraries

Eastmoor council voted 22 to 19 on Wednesday night to close three of the town's five libraries by
the end of June. Those in Pell Street and at the Old Dock will remain.

The decision, which saves 640,000 pounds a year, came after a debate of four hours. More than 300
residents stood outside; one man was arrested for throwing an egg at the deputy leader, Colin Bray,
which missed.

Council leader Anjali Roe said the alternative would have been to end school transport. "I have used
these libraries all my life, and I hate this," she said. Independent councillor Fergus Whyte, who
had been expected to vote in favour, abstained.

The novelist Maud Ferris, who grew up in Eastmoor, has offered to pay for the Harrow Lane branch for
one year. The council has not replied to her offer. Unions fear 27 jobs will go; Ms Roe said there
would be no compulsory redundancies.""",
    (
        (TRUE, "Three out of five libraries in Eastmoor are to close by the end of June."),
        (TRUE, "The libraries at the Old Dock and in Pell Street are to stay open."),
        (TRUE, "A man who threw an egg at Colin Bray was arrested."),
        (TRUE, "Fergus Whyte did not vote either way."),
        (TRUE, "Council leader Roe ruled out compulsory redundancies."),
        (TRUE, "Maud Ferris has not had an answer from the council."),
        ("number", "The council voted 29 to 12 to close three libraries."),
        ("number", "The closures save 460,000 pounds a year."),
        ("number", "The council will close four of the town's five libraries."),
        ("date", "The council voted on Monday night."),
        ("date", "Three libraries will close by the end of July."),
        ("name", "Colin Bray is the leader of the council."),
        ("name", "The novelist Anjali Roe has offered to pay for the Harrow Lane branch."),
        ("name", "The library in Harrow Lane will remain."),
        ("negation", "The egg hit the deputy leader, Colin Bray."),
        ("negation", "Anjali Roe said there would be compulsory redundancies."),
        ("negation", "The council has replied to Maud Ferris's offer."),
        ("invented_quote", '"This is a black day for Eastmoor," said Fergus Whyte.'),
        ("wrong_outlet", "The Harrow Examiner reported that three libraries will close."),
    ),
)

_SATELLITE = _Story(
    "Meridian Wire",
    date(2035, 10, 2),
    "en",
    """Weather satellite lost minutes after launch

The weather satellite Boreas 3 was lost on Monday eleven minutes after its launch from Cape Tern,
the Southern Space Office said. It had cost 310 million dollars and was to replace Boreas 1, in
orbit since 2019.

Flight director Hanne Okafor said that the rocket's second stage shut down 40 seconds early. The
satellite fell into the Sable Sea, about 900 kilometres from the coast. No ships were in the area.

The rocket, a Kite B, had flown 17 times without a failure. Its maker, Talbot Aerospace, said that
it was too early to name a cause. Its shares fell 8 percent.

"Forecasts for farmers will not suffer this winter," said meteorologist Tomas Lind, since Boreas 1
may be kept running until 2038. The insurer Pell Mutual did not comment. The satellite was not
insured against a failed launch, two people familiar with the contract said.""",
    (
        (TRUE, "Boreas 3 cost $310 million."),
        (TRUE, "The second stage of the rocket stopped 40 seconds too soon, Hanne Okafor said."),
        (TRUE, "Talbot Aerospace's shares lost eight percent."),
        (TRUE, "Pell Mutual declined to comment."),
        (TRUE, "Boreas 1, which has been in orbit since 2019, was to be replaced."),
        (TRUE, "The satellite was lost on 1 October."),
        ("number", "The satellite was lost 21 minutes after its launch."),
        ("number", "The Kite B had flown 71 times without a failure."),
        ("date", "Boreas 1 may be kept running until 2036."),
        ("date", "Boreas 3 was lost on Sunday."),
        ("name", "Flight director Tomas Lind said the second stage shut down early."),
        ("name", "The satellite fell into the Amber Sea."),
        ("name", "The rocket was made by Pell Mutual."),
        ("negation", "The satellite was insured against a failed launch."),
        ("negation", "Ships were in the area."),
        ("negation", "Forecasts for farmers will suffer this winter, Tomas Lind said."),
        ("invented_quote", 'Hanne Okafor said: "We have lost four years of work."'),
        ("wrong_outlet", "According to the Cape Tern Observer, the satellite was lost on Monday."),
        ("wrong_outlet", "The launch had been put off twice because of fuel leaks."),
    ),
)

_STRIKE_DE = _Story(
    "Lindauer Kurier am Tag",
    date(2033, 2, 17),
    "de",
    """Beim Bushersteller Kranz in Weidenau haben am Mittwoch rund 1.200 Beschäftigte die Arbeit
niedergelegt. Die Gewerkschaft verlangt 6,5 Prozent mehr Lohn; das Unternehmen bietet 2,8 Prozent.
Betriebsratschefin Heike Morlock sagte: „Von guten Worten wird niemand satt.“ Personalvorstand Udo
Reents schloss Kündigungen bis Ende 2034 aus. Die Verhandlungen sollen am 24. Februar fortgesetzt
werden. Eine Schlichtung lehnt die Gewerkschaft ab.""",
    (
        (TRUE, "Rund 1.200 Mitarbeiter legten am Mittwoch die Arbeit nieder."),
        (TRUE, "Das Unternehmen bietet 2,8 Prozent mehr Lohn."),
        (TRUE, "Udo Reents sagte, bis Ende 2034 werde es keine Kündigungen geben."),
        ("number", "Die Gewerkschaft verlangt 8,5 Prozent mehr Lohn."),
        ("date", "Die Verhandlungen sollen am 28. Februar fortgesetzt werden."),
        ("name", "Personalvorstand Heike Morlock schloss Kündigungen bis Ende 2034 aus."),
        ("negation", "Eine Schlichtung lehnt die Gewerkschaft nicht ab."),
        ("negation", "Udo Reents schloss Kündigungen nicht aus."),
        ("invented_quote", "Heike Morlock sagte: „Wir streiken, bis der Vorstand geht.“"),
        (
            "wrong_outlet",
            "Wie die Weidenauer Rundschau berichtet, legten 1.200 Beschäftigte die Arbeit nieder.",
        ),
    ),
)

_STORIES = (
    _FERRY,
    _ZOO,
    _BUDGET,
    _BREWERY,
    _CABLE,
    _LIBRARY,
    _SATELLITE,
    _GERMAN,
    _STRIKE_DE,
    _SPANISH,
    _JAPANESE,
)


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
