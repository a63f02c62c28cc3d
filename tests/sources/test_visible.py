"""What a reader of a page does not see is no evidence, what is seen is; pages are invented."""

from __future__ import annotations

import pytest

from summarizer.sources.html import read_html
from summarizer.sources.styles import STEPS, Styles, pixels
from tests.support.growth import assert_linear

pytestmark = pytest.mark.slow

BODY = [
    "The council of Marrow voted on Monday to sell the old fish hall to a group of its traders, "
    "who had rented it for sixty years.",
    "Treasurer Lene Oker said the price of 840,000 crowns was fair, and that the traders would "
    "repair the roof before the winter.",
    "Two members voted against it. They had asked for a second estimate, which the council said "
    "would take until the spring.",
    "The traders open the hall again on Friday with thirty stalls, four more than last year.",
]
SECRET = "The treasurer took a bribe of two million crowns from the traders, the police said."


def page(inserted: str, css: str = "", head: str = "") -> str:
    text = "".join(f"<p>{line}</p>" for line in BODY[:2]) + inserted.replace("{}", SECRET)
    text += "".join(f"<p>{line}</p>" for line in BODY[2:])
    return (
        f"<html lang='en'><head><title>Fish hall</title>{head}<style>{css}</style></head>"
        f"<body><article><h1>Marrow sells its fish hall</h1>{text}</article></body></html>"
    )


def body_of(html: str) -> str:
    reading = read_html(html)
    return "\n".join(span.of(reading.text) for span in reading.body)


def assert_hidden(html: str) -> None:
    body = body_of(html)
    assert "bribe" not in body
    assert [line for line in BODY if line not in body] == []


HIDDEN = [
    "<p hidden>{}</p>",
    '<p hidden="until-found">{}</p>',
    '<p style="display:none">{}</p>',
    '<p><span style="display:none">{}</span></p>',
    '<p style="visibility:hidden">{}</p>',
    '<div style="content-visibility:hidden"><p>{}</p></div>',
    '<p style="opacity:0.0">{}</p>',
    '<p style="opacity:0%">{}</p>',
    '<p style="opacity:1%">{}</p>',
    '<p style="filter:opacity(0)">{}</p>',
    '<p style="filter: opacity(0%)">{}</p>',
    '<p style="font-size:0">{}</p>',
    '<p style="font-size:1px">{}</p>',
    '<p style="font-size:0.01em">{}</p>',
    '<p style="font:0/0 a">{}</p>',
    '<p style="font:italic 0px serif">{}</p>',
    '<p><font size="1" color="#ffffff" style="color:#fff;background:#FFF">{}</font></p>',
    '<p style="background:#fafafa;color:#fafafa">{}</p>',
    '<p style="background-color:#ffffff;color:#FFF">{}</p>',
    '<p style="background-color:rgb(255, 255, 255);color:white">{}</p>',
    '<div style="background:#000"><p style="color:#000">{}</p></div>',
    '<p style="color:transparent">{}</p>',
    '<p style="color:rgba(0,0,0,0)">{}</p>',
    '<p style="color:rgb(0 0 0 / 0)">{}</p>',
    '<p style="color:rgb(0 0 0 / 0%)">{}</p>',
    '<p style="color:#0000">{}</p>',
    '<p style="color:#00000000">{}</p>',
    '<p style="-webkit-text-fill-color:transparent">{}</p>',
    '<p style="text-indent:-9999px">{}</p>',
    '<p style="position:absolute;left:-9999px">{}</p>',
    '<p style="position:absolute;left:calc(-1px * 9999)">{}</p>',
    '<p style="position:fixed;inset:-9999px auto auto auto">{}</p>',
    '<p style="position:fixed;inset-inline-start:-9999px">{}</p>',
    '<p style="margin:0 0 0 -9999px">{}</p>',
    '<p style="position:absolute;left:9999px">{}</p>',
    '<p style="position:fixed;top:200vh">{}</p>',
    '<p style="position:absolute;left:200%">{}</p>',
    '<p style="transform:translateX(-9999px)">{}</p>',
    '<p style="transform:translate3d(-9999px,0,0)">{}</p>',
    '<p style="translate:-9999px 0">{}</p>',
    '<p style="position:absolute;clip:rect(1px,1px,1px,1px)">{}</p>',
    '<p style="clip-path:inset(100%)">{}</p>',
    '<p style="clip-path: inset(50% 50% 50% 50%)">{}</p>',
    '<p style="clip-path: inset(0 100% 0 0)">{}</p>',
    '<p style="clip-path:circle(0)">{}</p>',
    '<p style="clip-path:ellipse(0 0)">{}</p>',
    '<p style="clip-path:polygon(0 0, 0 0, 0 0)">{}</p>',
    '<p style="-webkit-mask:linear-gradient(transparent,transparent)">{}</p>',
    '<p style="transform:scale(0)">{}</p>',
    '<p style="transform: rotate(3deg) scale(0, 0)">{}</p>',
    '<p style="scale:0">{}</p>',
    '<p style="transform:scale3d(0,0,0)">{}</p>',
    '<p style="transform:scale(0.001)">{}</p>',
    '<p style="zoom:0.001">{}</p>',
    '<p style="transform:rotateY(90deg)">{}</p>',
    '<p style="height:0;overflow:hidden">{}</p>',
    '<p style="max-height:0;overflow:hidden">{}</p>',
    '<p style="width:1px;height:1px;overflow:hidden;position:absolute">{}</p>',
    '<p style="height:.1px;overflow:hidden">{}</p>',
    '<p style="block-size:0;overflow:hidden">{}</p>',
    '<p style="d\\69splay:none">{}</p>',
    '<p style="display:/*x*/none">{}</p>',
    '<style>.qq{display:none}</style><p class="qq">{}</p>',
    "<details><summary>Read on.</summary><p>{}</p></details>",
    "<noscript><p>{}</p></noscript>",
    "<template><p>{}</p></template>",
    '<div><template shadowrootmode="closed"><p>Hi</p></template><p>{}</p></div>',
    "<dialog><p>{}</p></dialog>",
    "<div popover><p>{}</p></div>",
    "<select><option>{}</option></select>",
    "<datalist><option>{}</option></datalist>",
    '<textarea style="display:none">{}</textarea>',
    '<svg width="0"><text>{}</text></svg>',
    "<svg><title>{}</title><desc>{}</desc></svg>",
    '<svg width="0" height="0"><foreignObject><p>{}</p></foreignObject></svg>',
    "<math><annotation>{}</annotation></math>",
    "<!-- <p>{}</p> -->",
    "<!-- --!> <p>Hi.</p><!-- <p>{}</p> -->",
    "<![CDATA[ {} ]]>",
    "<iframe><p>{}</p></iframe>",
    '<iframe srcdoc="<p>{}</p>"></iframe>',
    '<object data="x"><p>{}</p></object>',
    '<video src="a.mp4"><p>{}</p></video>',
    '<audio src="a.mp3"><p>{}</p></audio>',
    "<canvas><p>{}</p></canvas>",
    '<p><img src="x.png" alt="{}"></p>',
    '<p title="{}">Read on.</p>',
    '<p aria-label="{}">Read on.</p>',
    '<input type="hidden" value="{}">',
    "<noframes><p>{}</p></noframes>",
    "<noembed><p>{}</p></noembed>",
    "<xmp hidden>{}</xmp>",
    '<section amp-access="NOT subscriber"><p>{}</p></section>',
    '<meta name="description" content="{}">',
    '<meta itemprop="articleBody" content="{}">',
    '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"{}"}</script>',
    '<script type="text/plain">{}</script>',
    '<link title="{}">',
    '<p style="line-height:0;overflow:hidden">{}</p>',
    '<p style="letter-spacing:-99px">{}</p>',
    '<p style="text-indent:-300%;overflow:hidden">{}</p>',
    '<div style="visibility:hidden">{}<p style="visibility:visible">Read on.</p></div>',
    '<table bgcolor="#ffffff"><tr><td><font color="#ffffff">{}</font></td></tr></table>',
    '<div style="display:none;font-size:1px;max-height:0px;opacity:0;overflow:hidden">{}</div>',
    '<p style="backface-visibility:hidden;transform:rotateY(180deg)">{}</p>',
    '<p style="max-width:0;overflow:hidden">{}</p>',
    '<p style="transform:matrix(0,0,0,0,0,0)">{}</p>',
    '<div hidden=""><section><p>{}</p></section></div>',
]
SHEETS = [
    (".d{background:#111111}", '<div class="d"><p style="color:#111">{}</p></div>'),
    (".a1{background:white}.a2{color:white}", '<p class="a1 a2">{}</p>'),
    ("body{background:#fff}.w{color:#fff}", '<p class="w">{}</p>'),
    (".w{color:#fff}", '<p class="w">{}</p>'),
    (
        ".sr-only{position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;clip:rect(0,0,0,0);border:0}",
        '<p class="sr-only">{}</p>',
    ),
    (".away{display:none}", '<p class="away">{}</p>'),
    (".x,.away{display:none !important}", '<div class="b away c"><div><p>{}</p></div></div>'),
    ("#gone{display:none}", '<p id="gone">{}</p>'),
    ("[data-x]{display:none}", '<p data-x="1">{}</p>'),
    ('[data-x="1"]{display:none}', '<p data-x="1">{}</p>'),
    ('p[class^="hid"]{display:none}', '<p class="hidXY">{}</p>'),
    ('p[class*="idde"]{display:none}', '<p class="hidden9">{}</p>'),
    ("p[class$='xy']{display:none}", '<p class="hidxy">{}</p>'),
    ("[aria-hidden=true]{display:none}", '<p aria-hidden="true">{}</p>'),
    (".box > .in{display:none}", '<div class="box"><p class="in">{}</p></div>'),
    (".box>.in{display:none}", '<div class="box"><p class="in">{}</p></div>'),
    ("h1 ~ .in{display:none}", '<p class="in">{}</p>'),
    (".k + p{display:none}", '<p class="k">Read on.</p><p>{}</p>'),
    (".l p:last-child{display:none}", '<div class="l"><p>Read on.</p><p>{}</p></div>'),
    (".l p:not(.s){display:none}", '<div class="l"><p class="s">Read on.</p><p>{}</p></div>'),
    (":is(.l,.m) p{display:none}", '<div class="l"><p>{}</p></div>'),
    (":where(.l) p{display:none}", '<div class="l"><p>{}</p></div>'),
    (".\\31 23{display:none}", '<p class="123">{}</p>'),
    (".md\\:x{display:none}", '<p class="md:x">{}</p>'),
    ("@media screen{.q{display:none}}", '<p class="q">{}</p>'),
    ("@media (min-width:1px){.q{display:none}}", '<p class="q">{}</p>'),
    ("@media all and (min-width:10px){.z{color:red}.q{display:none}}", '<p class="q">{}</p>'),
    ("@supports (display:grid){.q{display:none}}", '<p class="q">{}</p>'),
    ("@layer base{.q{display:none}}", '<p class="q">{}</p>'),
    (".o{color:red; .q{display:none}}", '<div class="o"><p class="q">{}</p></div>'),
    (".o{color:red; & .q{display:none}}", '<div class="o"><p class="q">{}</p></div>'),
    (".q{dis/**/play:none}.q{/* a */display:/* b */none}", '<p class="q">{}</p>'),
    (".q{d\\69splay:none}", '<p class="q">{}</p>'),
    (":root{--h:none}.q{display:var(--h)}", '<p class="q">{}</p>'),
    (".Q{DISPLAY:NONE}", '<p class="Q">{}</p>'),
    ("@media print{.a{display:none}} .q{display:none}", '<p class="q">{}</p>'),
    (".o *{display:none}", '<div class="o"><p>{}</p></div>'),
    (".t{font-size:1px;line-height:1px}", '<p class="t">{}</p>'),
]
SEEN = [
    ("", "<p aria-hidden='true'>{}</p>"),
    ("", "<p style='opacity:.6'>{}</p>"),
    ("", "<p style='color:#777;background:#fff'>{}</p>"),
    ("", "<p style='height:0'>{}</p>"),
    ("", "<p style='left:-9999px'>{}</p>"),
    ("", "<p style='position:absolute;left:50%;transform:translate(-50%,-50%)'>{}</p>"),
    ("", "<p style='text-indent:-20px'>{}</p>"),
    ("", "<p style='transform:scale(.9)'>{}</p>"),
    ("", "<p style='clip-path:inset(2px 0)'>{}</p>"),
    ("", "<p style='clip-path:polygon(0 0, 100% 0, 100% 100%)'>{}</p>"),
    ("", "<p style='overflow:hidden;max-height:400px;line-height:1.4'>{}</p>"),
    ("", "<div style='visibility:hidden'><p style='visibility:visible'>{}</p></div>"),
    ("", "<div style='font-size:0'><p style='font-size:16px'>{}</p></div>"),
    ("", "<div style='background:#000'><p style='color:#fff'>{}</p></div>"),
    ("", "<div style='background:url(a.png)'><p style='color:#fff'>{}</p></div>"),
    ("", "<details open><summary>More</summary><p>{}</p></details>"),
    ("", "<dialog open><p>{}</p></dialog>"),
    ("", "<p style='display:block;display:bogus(none)'>{}</p>"),
    (".q{display:none}.q.open{display:block}", "<p class='q open'>{}</p>"),
    (".q{display:none}@media (min-width:600px){.q{display:block}}", "<p class='q'>{}</p>"),
    (".q{display:none}p.q{display:block}", "<p class='q'>{}</p>"),
    (".q{display:block!important}", "<p class='q' style='display:none'>{}</p>"),
    ("@media (max-width:600px){.q{display:none}}", "<p class='q'>{}</p>"),
    ("@media print{.q{display:none}}", "<p class='q'>{}</p>"),
    (".q:hover{display:none}", "<p class='q'>{}</p>"),
    (".q::before{display:none}", "<p class='q'>{}</p>"),
    ("body{visibility:hidden}", "<p>{}</p>"),
    (".x .q{display:none}", "<p class='q'>{}</p>"),
    ("p:not(.q){color:red}", "<p class='q'>{}</p>"),
    ("[data-y]{display:none}", "<p data-x='y'>{}</p>"),
    (".q{/*display:none*/}", "<p class='q'>{}</p>"),
    (".q{content:'display:none'}", "<p class='q'>{}</p>"),
    ("article{opacity:0}", "<p>{}</p>"),
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_text_that_its_own_markup_hides_is_no_evidence(hidden: str) -> None:
    assert_hidden(page(hidden))


@pytest.mark.parametrize(("css", "hidden"), SHEETS)
def test_text_that_a_style_sheet_hides_is_no_evidence(css: str, hidden: str) -> None:
    assert_hidden(page(hidden, css))


@pytest.mark.parametrize(("css", "seen"), SEEN)
def test_text_that_a_reader_sees_is_kept(css: str, seen: str) -> None:
    assert SECRET in body_of(page(seen, css))


def test_white_links_are_kept_where_no_ground_is_stated() -> None:
    assert SECRET in body_of(
        page(f"<p>{SECRET.replace('police', '<a>police</a>')}</p>", "a{color:#fff}")
    )


def test_ground_is_not_known_where_a_style_is_in_another_file() -> None:
    sheet = "<link rel='stylesheet' href='/a.css'>"
    assert SECRET in body_of(page("<p style='color:#fff'>{}</p>", head=sheet))
    assert_hidden(page("<p style='color:#fff;background:#fff'>{}</p>", head=sheet))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("12px", 12),
        ("-1.5em", -24),
        ("calc(-1px * 9999)", -9999),
        ("calc(2px + 2px / 2)", 3),
        ("0", 0),
        *((text, None) for text in ("auto", "9**9**9", "1px 2px", "")),
    ],
)
def test_lengths(text: str, length: float | None) -> None:
    assert pixels(text) == length


@pytest.mark.parametrize(
    "css",
    [
        "a{" * 3_000,
        "@media{" * 3_000,
        ":is(" * 3_000,
        " ".join(["div"] * 400) + "{display:none}",
        "p" + ":not(p)" * 2_000 + "{display:none}",
        "@import url(x);}}}{{{;;;\\",
        "--a:var(--a);.q{display:var(--a)}:root{--a:var(--a) var(--a)}",
    ],
)
def test_hostile_style_sheets_hide_nothing_and_do_not_fail(css: str) -> None:
    assert BODY[0] in body_of(page("", css))


def test_selectors_that_look_around_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.styles.STEPS", STEPS // 30)
    css = (
        "b ~ b ~ b ~ i{display:none}div div div div div u{display:none}:has(b b b s){display:none}"
    )
    wide, deep = "<b></b>" * 700 + "<i></i>" * 700, "<div>" * 200 + "<u></u>" * 300
    assert BODY[0] in body_of(page(f"<p>{wide}</p>{deep}", css))


def test_cost_grows_with_the_style_sheet() -> None:
    assert_linear(lambda n: Styles([f".a{i} .b{i}{{display:none}}" for i in range(n)]), 150)
    assert STEPS < 10_000_000
