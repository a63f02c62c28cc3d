"""Sentence spans, on hard cases written for this project; ``|`` marks the boundaries."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sentences import sentences
from summarizer.types import Span
from tests.support.growth import assert_linear

pytestmark = pytest.mark.slow

ENGLISH = """\
The U.S. is ready. | He left.
He lives in the U.S. | The house is old.
He moved to the U.S. and stayed. | She did not.
U.S. Senator Ann Bell spoke. | Gov. Dale Orrin did not.
It began on Jan. 31 and ended on Feb. 2. | Nobody was hurt.
Mr. Orrin met Mrs. Bell and Dr. Ito. | They talked.
J. K. Rowling and J.R.R. Tolkien wrote books. | George W. Bush read them.
It was No. 5 on the list. | She asked for No. 6.
The rate rose 3.5 percent to 1.2 million. | It fell later.
Use tools, e.g. hammers, i.e. the usual. | Then rest.
“We will win,” he said. | “They will lose.” | She smiled.
“Why?” he asked. | “Because!” she shouted.
“Really?!” said the mayor. | Nobody answered.
He waited ... and then left. | She stayed… | He came back.
He paused... | Then he spoke.
(The figure was wrong.) | It was fixed [see note 3.]. | All good.
The company, Acme Inc., fell. | Acme Inc. | The rest.
Acme Corp. said it would pay. | It paid $3.50.
UPDATE: 7:19 p.m. -- The Post now reports a fire. | It is out.
He arrived at 5 p.m. Tuesday. | She left at 6 a.m. | The train was late.
The time was 3:30. | She left.
The law (Sec. 4) passed 5-4. | Art. 7 failed.
Prof. Lee of St. Mary's Hospital, Washington D.C., agreed. | She resigned.
"I don't know." | "You do."
'It is over.' | 'Not yet,' he said.
Visit example.com. | Or write to a.b@example.org.
Is it true? | Yes! | No.
What is Yahoo! doing? | Nothing.
The vote was 5 vs. 4. | Sen. Li (D-Ore.) abstained. | Rep. Fox did not.
He has a Ph.D. in law. | She has an M.D. | They met at Mt. Ord.
Plan A. | Plan B.
It was him and I. | She agreed.
“This is bad.” he wrote. | “We should go.” | The council met.
She said: “It ends. | We go.” | They went.
Figures for Q4 rose, Lt. Col. Ann Reyes said. | Gen. Ito nodded.
The meeting of the G.O.P. was short. | It ended early.
They met on Tues. | The talks failed.
He was born c. 1950 in approx. 3 hours. | Next.
The price was Rs. 500. | The box held 3 lb. of tea.
Steps: 1. Open it. | 2. Close it. | Done.
The ship, H.M.S. Ord, sank. | All lived.
He said “I will go to the U.S.” | The crowd cheered.
The E.U. Commission met. | The U.N. Security Council did not.
The U.S. Supreme Court ruled. | The U.S. has not replied.
It happened on Oct. 3. | Two died.
Orrin et al. found it. | Fig. 3 shows it.
The group (est. 1999) grew to 5,000 members as of Dec. 31, 2021. | Then it shrank.
The suspect, 34, of St. Louis, Mo., was held. | He was quoted by Lt. Gov. Ray.
“I said, ‘Go.’” | He went.
The show “Jeopardy!” is old. | The band Wham! split.
It cost $5 million. | $3 million was lost. | 20 people died.
The fire began at 10:30 a.m. at No. 10 Downing St. in London. | No one died."""
GERMAN = """\
Er kam am 1. Februar an. | Sie ging.
Am 24. Dezember 2021 war es kalt. | Dann taute es.
Die 3. Kammer tagte. | Sie urteilte am 5. Mai.
Das gilt z. B. für Dr. Meier. | Bzw. nicht.
Er sagte: „Ich komme.“ | Dann ging er.
„Kommst du?“, fragte sie. | Er nickte.
Es kostet ca. 5 Mio. Euro. | Das ist viel.
Es waren 25. | Danach nur noch drei.
Elisabeth II. von England kam. | Sie blieb."""
SPANISH = """\
El Sr. Díaz llegó a EE. UU. el lunes. | ¿Quién lo sabía? | ¡Nadie!
«No lo sé», dijo. | «Vamos.» | Se fue.
La Sra. Ruiz vive en la av. Colón. | Es médica."""
FRENCH = """\
M. Dupont est venu. | Mme Roy aussi.
« Je pars. » | Il est parti.
Il a dit : « Non ! » puis il est parti. | Fin."""
RUSSIAN = """\
Он родился в г. Орле в 1950 г. и уехал. | Она осталась.
Он сказал: «Да». | Она ушла."""
UNSPACED = """\
今天下雨。|我们没有出去。|他说：“明天再来。”|她点头。
真的吗？|是的！|好。
「行くよ。」|彼は言った。|東京（とうきょう。）は大きい。
价格是3.5元。|很便宜！？|不。
他说：“我要走了。”|然后离开了。|她哭了。"""

SPACED = [line for text in (ENGLISH, GERMAN, SPANISH, FRENCH, RUSSIAN) for line in text.split("\n")]


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize("line", SPACED)
def test_hard_cases(line: str) -> None:
    expected = line.split(" | ")
    assert split(" ".join(expected)) == expected


@pytest.mark.parametrize("line", UNSPACED.split("\n"))
def test_scripts_without_spaces_between_sentences(line: str) -> None:
    assert split(line.replace("|", "")) == line.split("|")


def test_a_blank_line_ends_a_sentence_and_a_wrapped_line_does_not() -> None:
    wrapped = (
        "The harbour master of Aldmere said on Monday that the\n"
        "bridge would stay closed. It was struck by a ship of the\n"
        "Corva line.\n\nNobody was hurt"
    )
    assert [s.replace("\n", " ") for s in split(wrapped)] == [
        "The harbour master of Aldmere said on Monday that the bridge would stay closed.",
        "It was struck by a ship of the Corva line.",
        "Nobody was hurt",
    ]


def test_lines_that_are_paragraphs_of_their_own_end_a_sentence() -> None:
    page = "Skip to content\nBridge shut after a ship strikes a pier\r\nBy Wendel Pryce\nIt rained."
    assert split(page) == [
        "Skip to content",
        "Bridge shut after a ship strikes a pier",
        "By Wendel Pryce",
        "It rained.",
    ]


def test_a_line_that_breaks_off_goes_on_in_lower_case() -> None:
    assert split("The council\nvoted. It\nwas late.") == ["The council\nvoted.", "It\nwas late."]


def test_within_gives_offsets_into_the_whole_text() -> None:
    text = "Menu. One. Two three. Footer."
    within = Span(6, 21)
    assert [span.of(text) for span in sentences(text, within)] == ["One.", "Two three."]
    assert sentences(text, Span(5, 6)) == ()


PIECES = st.sampled_from(
    [
        *'aB.!?…"”’“«»()[] \n\r\t\u00a0。！」天1,',
        "\r\n",
        "Mr.",
        "U.S. ",
        "e.g. ",
        " The ",
        "2. ",
        "e\u0301",
        "\U0001f600",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_spans_are_stripped_disjoint_and_cover_everything(text: str) -> None:
    spans = sentences(text)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())


@given(st.text(max_size=80), st.data())
def test_any_text_and_any_part_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    within = Span(start, data.draw(st.integers(start, len(text))))
    spans = sentences(text, within)
    assert all(within.contains(span) for span in spans)
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(within.of(text).split())


@pytest.mark.parametrize(
    "unit", ["word ", "A b c. ", "\n", '."', "天", "a\n", ". \t      ", "No. 5 "]
)
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    assert_linear(lambda size: sentences(unit * (size // len(unit))), 20_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It hit on Monday.Twelve fell, he said.It is shut.", 3),
        ("It ended in 2021.The road stayed.", 2),
        ("Is it shut?Nobody knew that.", 2),
        ("He waited . . . and left. . . . She came.", 2),
        ("The U.S.Steel plant and Dr.Noor Velt and node.Js stay.", 1),
        ("See velden.example/News.Html or mail jo@Velden.Example now.", 1),
    ],
)
def test_lost_and_stray_spaces_at_stops(text: str, expected: int) -> None:
    assert len(sentences(text)) == expected
