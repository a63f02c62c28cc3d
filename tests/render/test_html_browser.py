"""The HTML report in a real browser, used as a reader uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from summarizer import summarize
from summarizer.render.html import to_html
from summarizer.report.lines import Lines
from summarizer.report.outlets import Names
from summarizer.report.wording import in_place
from summarizer.types import Article, DiffReport, Fact, Uniqueness
from tests.support.articles import FIRE
from tests.support.browser import Browser, chromium, requests
from tests.support.html_stories import harbour, hostile, many, scripts
from tests.support.reports import NORTHWIND, report

pytestmark = pytest.mark.slow

WIDE, NARROW = 1600, 375


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reports")
    stories: dict[str, Callable[[], DiffReport]]
    stories = {"harbour": harbour, "hostile": hostile, "scripts": scripts, "ferry": report}
    stories |= {"many": many, "alone": lambda: summarize(FIRE)}
    for name, story in stories.items():
        (made / f"{name}.html").write_text(to_html(story()), encoding="utf-8", newline="\n")
    return made


@pytest.fixture
def harbour_page(browser: Browser, folder: Path) -> Browser:
    browser.open(folder / "harbour.html")
    return browser


def shared_by(count: int) -> Fact:
    """Return a fact that so many outlets report, each in one passage."""
    return next(fact for fact in harbour().facts if len(fact.outlets) == count)


def selected(browser: Browser) -> list[str]:
    return [str(each.get_attribute("id")) for each in browser.all(".fact.sel")]


def shown(browser: Browser) -> list[str]:
    return [str(each.get_attribute("id")) for each in browser.all(".fact:not(.clash, [hidden])")]


def test_the_page_loads_nothing_and_the_console_is_empty(browser: Browser, folder: Path) -> None:
    requests(browser)
    for name in ("harbour", "hostile", "scripts", "ferry"):
        browser.complaints()
        browser.open(folder / f"{name}.html")
        browser.until("document.documentElement.classList.contains('js')")
        assert browser.complaints() == []
    asked = [address for address in requests(browser) if not address.startswith("data:")]
    assert {address.split(":")[0] for address in asked} <= {"file", "about"}
    assert len([address for address in asked if address.startswith("file:")]) == 4


def test_a_click_on_a_fact_brings_its_passages_into_view(harbour_page: Browser) -> None:
    told = shared_by(2)
    harbour_page.click(f"#{told.id} .say")
    assert selected(harbour_page) == [told.id]
    for mention in told.mentions:
        first = f"#{mention.article.id}-{mention.evidence[0].start}"
        harbour_page.until(f"document.querySelector('{first}').matches('.on')")
    # Those of one article may lie far apart: the first of each is on the screen.
    for article in {mention.article.id for mention in told.mentions}:
        assert harbour_page.is_seen(f"#{article} .m.on")
    for other in harbour_page.all(".m:not(.on)"):
        assert told.id not in str(other.get_attribute("data-f")).split()


def test_a_click_on_a_doubted_fact_shows_what_speaks_against_it(
    browser: Browser, folder: Path
) -> None:
    browser.open(folder / "ferry.html")
    browser.click("#f5 .say")
    ranges = browser.script("return [...CSS.highlights.get('near')].map(r => r.toString())")
    assert ranges == ["with 198 people aboard"]
    assert browser.is_seen(f"#a3-{NORTHWIND.index(ranges[0])}")


def test_a_click_on_a_passage_leads_to_all_that_rests_on_it(browser: Browser, folder: Path) -> None:
    browser.open(folder / "ferry.html")
    browser.click("#a1 a.m[data-f*=' ']")
    assert set(selected(browser)) == {"f5", "c1"}
    assert browser.one("#bar").text.startswith("1 fact and 1 conflict rest on this passage:")
    assert "The ferry had 212 people aboard." in browser.one("#bar").text
    browser.click("#bar a[href='#c1']")
    browser.until("document.querySelector('.fact.sel').id === 'c1'")


def test_a_click_on_a_label_leads_to_the_passage_on_a_phone_and_back(
    browser: Browser, folder: Path
) -> None:
    browser.open(folder / "harbour.html", width=NARROW)
    told = shared_by(2)
    places = {f"{each.article.id}-{each.evidence[0].start}" for each in told.mentions}
    label = f"#{told.id} .by a.o:nth-of-type(2)"
    place = str(browser.one(label).get_attribute("href")).partition("#")[2]
    assert place in places
    browser.click(label)
    browser.until("!document.getElementById('bar').hidden")
    assert browser.is_seen(f"#{place}")
    browser.click(f"#bar a[href='#{told.id}']")
    browser.until(f"document.getElementById('{told.id}').getBoundingClientRect().top >= 0")
    assert browser.is_seen(f"#{told.id} .say")


def said(fact: Fact) -> str:
    """Return a fact as its card tells it and its passages, in lower case."""
    passages = [span.of(m.article.text) for m in fact.mentions for span in m.evidence]
    line = Lines(harbour(), Names(harbour())).wording(fact, set())
    return " ".join([line, *passages]).lower()


def choose(browser: Browser, name: str, value: str) -> None:
    browser.script(
        "const field = document.getElementById('filters')[arguments[0]];"
        "if (field.type === 'checkbox') field.checked = true; else field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', {bubbles: true}))",
        name,
        value,
    )
    browser.settled()


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("outlet", "2", lambda fact: "Kestrel Radio" in fact.outlets),
        ("status", "unsure", lambda fact: fact.uniqueness is Uniqueness.DISPUTED),
        ("words", "the  BRIDGE", lambda fact: "the" in said(fact) and "bridge" in said(fact)),
    ],
)
def test_a_filter_leaves_the_facts_that_fit(
    harbour_page: Browser, name: str, value: str, fits: Callable[[Fact], bool]
) -> None:
    choose(harbour_page, name, value)
    left = set(shown(harbour_page))
    assert left == {fact.id for fact in harbour().facts if fits(fact)}
    assert left
    found = harbour_page.script("return document.getElementById('found').value")
    everything = len(harbour_page.all(".fact"))
    assert found == f"{len(harbour_page.all('.fact:not([hidden])'))} of {everything}"
    harbour_page.click("#filters [type=reset]")
    harbour_page.until("!document.querySelector('.fact[hidden]')")
    assert harbour_page.script("return document.getElementById('found').value") == ""
    assert len(shown(harbour_page)) == len(harbour().facts)


def test_conflicts_alone_can_be_shown(browser: Browser, folder: Path) -> None:
    browser.open(folder / "ferry.html")
    choose(browser, "status", "conflict")
    assert shown(browser) == []
    assert len(browser.all(".clash:not([hidden])")) == len(report().conflicts)


def test_an_odd_address_does_no_harm(browser: Browser, folder: Path) -> None:
    browser.complaints()
    for odd in ("#%", "#%E0%A4%A", "#nothing-of-that-name"):
        browser.open(folder / "ferry.html", odd)
        browser.until("document.documentElement.classList.contains('js')")
        browser.type("j")
        assert len(selected(browser)) == 1
    assert browser.complaints() == []


def test_a_link_to_a_fact_survives_a_reload(browser: Browser, folder: Path) -> None:
    told = harbour().facts[-1]
    browser.open(folder / "harbour.html", f"#{told.id}")
    browser.until(f"document.getElementById('{told.id}').matches('.sel')")
    browser.driver.refresh()
    browser.until(f"document.getElementById('{told.id}').matches('.sel')")
    assert browser.is_seen(f"#{told.id} .say")
    another = harbour().facts[0]
    browser.script("location.hash = arguments[0]", another.id)
    browser.until(f"document.getElementById('{another.id}').matches('.sel')")


def test_a_link_to_a_fact_that_is_filtered_out_shows_it(harbour_page: Browser) -> None:
    choose(harbour_page, "words", "no such word anywhere")
    assert shown(harbour_page) == []
    assert harbour_page.is_seen("#nothing")
    harbour_page.script("location.hash = arguments[0]", harbour().facts[0].id)
    harbour_page.until("document.querySelector('.fact.sel:not([hidden])')")


def test_a_passage_leads_to_its_fact_though_that_is_filtered_out(harbour_page: Browser) -> None:
    told = shared_by(2)
    choose(harbour_page, "words", "no such word anywhere")
    mention = told.mentions[0]
    place = f"{mention.article.id}-{mention.evidence[0].start}"
    harbour_page.script("document.getElementById(arguments[0]).click()", place)
    assert told.id in selected(harbour_page)
    assert harbour_page.is_seen(f"#{selected(harbour_page)[0]} .say")


def test_the_keys(harbour_page: Browser) -> None:
    order = [str(each.get_attribute("id")) for each in harbour_page.all(".fact")]
    harbour_page.type("jjj")
    assert selected(harbour_page) == [order[2]]
    harbour_page.type("k")
    assert selected(harbour_page) == [order[1]]
    assert harbour_page.script("return location.hash") == f"#{order[1]}"
    harbour_page.type("?")
    assert harbour_page.one("#help").is_displayed()
    harbour_page.type(Keys.ESCAPE)
    assert not harbour_page.one("#help").is_displayed()
    harbour_page.type("/")
    harbour_page.type("jk")
    assert harbour_page.script("return document.getElementById('filters').words.value") == "jk"
    harbour_page.type(Keys.ESCAPE)
    harbour_page.type(Keys.ESCAPE)
    assert selected(harbour_page) == []
    assert harbour_page.script("return location.hash") == ""


def test_enter_opens_the_passages(harbour_page: Browser) -> None:
    told = shared_by(2)
    harbour_page.script("location.hash = arguments[0]", told.id)
    harbour_page.until(f"document.getElementById('{told.id}').matches('.sel')")
    harbour_page.type(Keys.ENTER)
    assert harbour_page.one(f"#{told.id} details").get_attribute("open") is not None


def copied(browser: Browser, name: str) -> str:
    """Return what is in the clipboard when a fact was copied as a quote."""
    browser.command(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    browser.script("location.hash = arguments[0]", name)
    browser.until(f"document.getElementById('{name}').matches('.sel')")
    browser.type("c")
    browser.until("!document.getElementById('bar').hidden")
    return str(browser.script("return navigator.clipboard.readText()"))


def test_each_passage_is_copied_as_a_quotation_with_outlet_and_date(
    browser: Browser, folder: Path
) -> None:
    browser.open(folder / "ferry.html")
    assert copied(browser, "f3") == (
        "“Repairs will take about six weeks.” (Harbor Gazette, 2031-03-04)\n"
        "“repairs would take up to three months” (Northwind, 2031-03-05)"
    )
    # A line in the words of its only article has no list of words below it.
    assert copied(browser, "f6") == (
        "“Divers found two tears in the hull, each the length of a car.” "
        "(The Daily Tern, 2031-03-04)"
    )


def test_an_outlet_without_a_date_is_quoted_as_such(browser: Browser, folder: Path) -> None:
    browser.open(folder / "ferry.html")
    browser.script("document.getElementById('a2').dataset.date = ''")
    assert "(The Daily Tern, no date)" in copied(browser, "f6")


def test_an_article_that_moves_keeps_its_name_in_sight(harbour_page: Browser) -> None:
    told = next(fact for fact in harbour().facts if len(fact.outlets) > 1)
    harbour_page.click(f"#{told.id} .say")
    columns = [each.get_attribute("id") for each in harbour_page.all(".column.lit")]
    assert columns
    for name in columns:
        harbour_page.script("document.getElementById(arguments[0]).scrollTop = 1e6", name)
        assert harbour_page.is_seen(f"#{name} h3")


def printed(browser: Browser) -> set[str]:
    """Return the ids of the sections and the facts that paper has."""
    ids = browser.script(
        "return [...document.querySelectorAll('.group, .fact')]"
        ".filter(e => e.checkVisibility()).map(e => e.id)"
    )
    return set(ids)


def test_paper_has_what_matters_on_two_pages_and_all_of_it_on_request(
    harbour_page: Browser,
) -> None:
    pdf = harbour_page.pdf()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
    harbour_page.command("Emulation.setEmulatedMedia", media="print")
    assert harbour_page.one(".lede").is_displayed()
    for hidden in ("#filters", "#articles", "#coverage", "#appendix", "#consensus"):
        assert not harbour_page.one(hidden).is_displayed()
    assert "only-1" in printed(harbour_page)
    harbour_page.script("document.documentElement.classList.add('whole')")
    assert {fact.id for fact in harbour().facts} <= printed(harbour_page)
    assert harbour_page.one("#appendix").is_displayed()
    colour = harbour_page.script("return getComputedStyle(document.body).color")
    assert colour == "rgb(28, 32, 36)"
    harbour_page.command("Emulation.setEmulatedMedia", media="screen")


def test_all_of_it_is_printed_once_and_folded_again(harbour_page: Browser) -> None:
    harbour_page.script("window.print = () => { dispatchEvent(new Event('beforeprint')) }")
    harbour_page.click("#paper")
    assert harbour_page.all("#facts details:not([open])") == []
    harbour_page.script("dispatchEvent(new Event('afterprint'))")
    assert harbour_page.all("html.whole, #facts details[open]") == []


def lightness(browser: Browser) -> int:
    colour = browser.script("return getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour[4:-1].split(",")) // 3


def test_it_is_dark_for_who_likes_it_dark_and_can_be_turned(browser: Browser, folder: Path) -> None:
    browser.open(folder / "harbour.html", dark=True)
    assert lightness(browser) < 60
    browser.click("#theme")
    assert lightness(browser) > 200
    browser.open(folder / "harbour.html")
    assert lightness(browser) > 200


@pytest.mark.parametrize("width", [NARROW, 768, 1024, 1100, WIDE])
def test_the_picture_fits_the_screen(browser: Browser, folder: Path, width: int) -> None:
    browser.open(folder / "harbour.html", width=width)
    picture = browser.one("#coverage .scroll")
    wider = browser.script("return arguments[0].scrollWidth - arguments[0].clientWidth", picture)
    assert wider == 0


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["harbour", "hostile", "scripts"])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, folder: Path, name: str, width: int
) -> None:
    browser.open(folder / f"{name}.html", width=width)
    assert browser.script("return document.documentElement.scrollWidth") <= width
    columns = len({round(each.location["x"]) for each in browser.all(".column")})
    assert columns == (1 if width == NARROW else 2)
    wide = browser.script(
        "return [...document.querySelectorAll('.column, .fact, .top')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.id || e.className)"
    )
    assert wide == []


def article_text(browser: Browser, article: Article) -> str:
    """Return an article's text as the browser has it, without the words that fold furniture."""
    text = browser.script(
        "const copy = document.querySelector(`#${arguments[0]} > .text`).cloneNode(true);"
        "for (const each of copy.querySelectorAll('summary')) each.remove();"
        "return JSON.stringify(copy.textContent)",
        article.id,
    )
    return str(json.loads(text))


@pytest.mark.parametrize(
    ("name", "story"), [("harbour", harbour()), ("hostile", hostile()), ("scripts", scripts())]
)
def test_the_browser_has_each_article_to_the_letter(
    browser: Browser, folder: Path, name: str, story: DiffReport
) -> None:
    browser.open(folder / f"{name}.html")
    for summary in story.articles:
        if summary.same_as is None:
            read = article_text(browser, summary.article)
            assert read == in_place(summary.article.text)


def test_nothing_of_an_article_runs(browser: Browser, folder: Path) -> None:
    browser.complaints()
    browser.open(folder / "hostile.html")
    for fact in hostile().facts:
        browser.script("location.hash = arguments[0]", fact.id)
        browser.until(f"document.getElementById('{fact.id}').matches('.sel')")
    browser.type("c?")
    assert browser.script("return window.ran === undefined") is True
    assert browser.one("h1").is_displayed()
    assert browser.script(
        "return [...document.querySelectorAll('*')].every(e => [...e.attributes]"
        ".every(a => !a.name.startsWith('on') && !/^\\s*javascript:/i.test(a.value)"
        " || ['title', 'aria-label'].includes(a.name)))"
    )
    assert len(browser.all("script")) == 2
    assert len(browser.all("style")) == 1
    assert browser.all("img, iframe, object, embed, base, form[action]") == []
    assert browser.complaints() == []


def test_furniture_is_folded_and_opens_for_what_lies_in_it(harbour_page: Browser) -> None:
    folded = harbour_page.all("details.furniture")
    assert folded
    assert all(each.get_attribute("open") is None for each in folded)
    harbour_page.click("details.furniture summary")
    assert folded[0].get_attribute("open") is not None


def test_other_scripts_read_in_their_own_direction(browser: Browser, folder: Path) -> None:
    browser.open(folder / "scripts.html")
    sides = {
        article: browser.script(
            "const p = document.querySelector(`#${arguments[0]} .text p`), r = new Range();"
            "r.setStart(p.firstChild.firstChild, 0); r.setEnd(p.firstChild.firstChild, 1);"
            "const first = r.getBoundingClientRect(), all = p.getBoundingClientRect();"
            "return first.left - all.left < all.right - first.right ? 'left' : 'right'",
            article,
        )
        for article in ("a1", "a2", "a3")
    }
    assert sides == {"a1": "right", "a2": "left", "a3": "right"}
    assert browser.one("#a2 .text").get_attribute("lang") == "ja"
    assert (
        browser.script("return getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    )


def test_a_report_of_articles_alone_can_be_read_and_printed(browser: Browser, folder: Path) -> None:
    browser.complaints()
    browser.open(folder / "alone.html")
    assert browser.complaints() == []
    assert browser.one(".short li").is_displayed()
    browser.command("Emulation.setEmulatedMedia", media="print")
    assert browser.one("#articles .text").is_displayed()
    browser.command("Emulation.setEmulatedMedia", media="screen")


def test_without_scripts_everything_can_be_read_and_followed(folder: Path) -> None:
    with chromium(scripts=False) as browser:
        browser.open(folder / "harbour.html")
        assert not browser.one("#filters").is_displayed()
        for fact in harbour().facts:
            assert browser.one(f"#{fact.id} .say").is_displayed()
        for summary in harbour().articles:
            if summary.same_as is None:
                assert browser.one(f"#{summary.article.id} .text p a.m").is_displayed()
        told = shared_by(2)
        mention = told.mentions[0]
        browser.one(f"#{told.id} .by a.o").click()
        target = f"{mention.article.id}-{mention.evidence[0].start}"
        assert browser.driver.current_url.endswith(f"#{target}")
        browser.one(f"#{target}").click()
        assert browser.driver.current_url.partition("#")[2].startswith(("f", "c"))
        browser.open(folder / "harbour.html", width=NARROW)
        assert browser.one("#articles .text").is_displayed()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["harbour", "hostile", "scripts", "many", "alone"])
def test_axe_finds_nothing(
    browser: Browser, folder: Path, name: str, width: int, dark: bool
) -> None:
    browser.open(folder / f"{name}.html", width=width, dark=dark)
    assert browser.violations() == []
    browser.type("jjj")
    browser.type(Keys.ENTER)
    browser.script("for (const each of document.querySelectorAll('details')) each.open = true")
    assert browser.violations() == []
