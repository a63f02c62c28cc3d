"""Pages that hold no article, or only its beginning: paywalls, consent walls, error pages."""
# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from summarizer.sources.features import content_words
from summarizer.sources.languages import STOP_WORDS, guess_language
from summarizer.sources.lines import Line, count_words, ends_sentence

# Words under which a body is suspected to be no more than the beginning of an article.
# Origin: agencies' shortest items have about 60, paywalled beginnings up to 120.
SHORT_BODY = 120
# The same for a page that asks for consent, which may be a banner over a short article.
WALL_BODY = 40
# Words under which there is no article at all.
NO_BODY = 12
# Characters of a line, and lines of a page, that the signs are looked for in.
SAMPLE = 300
LINES = 3_000

_PAYWALL = re.compile(
    r"to (?:read|continue|unlock|access|view) (?:the |this |reading|your )?(?:the )?(?:full|"
    r"rest|entire|complete|article|story|reading)"
    r"|subscribe (?:now )?to (?:continue|read|keep)|(?:already|are you) a (?:subscriber|"
    r"member)|for subscribers only"
    r"|subscribers? only|this (?:article|content|story) is (?:for|reserved|only)|"
    r"you have (?:reached|read) your"
    r"|continue reading (?:with|your)|free articles? (?:left|remaining)|réservé aux abonnés|"
    r"nur für abonnenten"
    r"|exclusivo para (?:assinantes|suscriptores)|solo para suscriptores|contenuto riservato"
    r"|(?:только|лише) для (?:подписчиков|передплатників)|réservée? (?:à nos|aux) abonnés"
    r"|(?:pour|para|per|um) (?:lire|(?:seguir|continuar) leyendo|continuare a leggere)"
    r"|jetzt (?:weiterlesen|abonnieren)|mit .{0,12}abo (?:weiter)?lesen|nur für abonnent"
    r"|(?:alleen|enkel|exclusief) voor abonnees|(?:bara|endast|kun|bare) for abonnenter"
    r"|endast för prenumeranter|tylko dla (?:prenumerat|subskryb)|dostęp(?:ny)? tylko dla"
    r"|abonelere özel|khusus pelanggan|会員限定|有料(?:会員|記事)|続きを読むには|会员专享|付费阅读"
    r"|유료 ?(?:회원|구독)|구독자 전용|للمشتركين|רק למנויים|למנויים בלבד|केवल सदस्यों"
    r"|μόνο (?:για )?συνδρομητές|log ?in to (?:read|continue)|sign in to (?:read|continue)",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\bcookies?\b|\bconsent\b|enable javascript|javascript is (?:disabled|required)|"
    r"are you a (?:robot|human)"
    r"|verify (?:that )?you are|access denied|unusual traffic|page not found|\b404\b|captcha|"
    r"datenschutz",
    re.IGNORECASE,
)


# Share of the body's words from which paragraphs left out are worth a warning.
MISSED_SHARE = 0.2


def find_warnings(lines: Sequence[Line], words: float, name: str, missed: float = 0.0) -> list[str]:
    """Return what is wrong with ``name``'s body, if it holds less than an article.

    Args:
        lines: The lines of the page.
        words: Words of its body.
        name: What to call the page.
        missed: Words of paragraphs that were left out and look like the article's.
    """
    samples = [line.text[:SAMPLE] for line in lines[:LINES]]
    if words < SHORT_BODY and any(map(_PAYWALL.search, samples)):
        return [f"{name} looks like a paywall's stub: only the beginning of an article is there"]
    if words < WALL_BODY and any(map(_WALL.search, samples)) and len(lines) < SHORT_BODY:
        return [f"{name} looks like a cookie or access wall rather than an article"]
    if words < NO_BODY:
        return [f"no article was found in {name}"]
    if missed > MISSED_SHARE * words:
        return [
            f"{missed:.0f} words of {name} look like the article's and were left out: "
            "if they are, paste the article alone"
        ]
    return []


# Items that a page of headlines has at least, words of its longest, and the share of an item's
# words that the others may tell too. Unit: items, words, share. Origin: by hand; paragraphs of one
# article tell a quarter of their words twice.
ITEMS = 4
ITEM_WORDS = 45
ITEM_TOLD = 0.2


def is_list_of_items(body: Sequence[str]) -> bool:
    """Return whether the lines of a body are teasers of several articles rather than one."""
    stop_words = STOP_WORDS.get(guess_language("\n".join(body)) or "")
    items = [content_words(line, stop_words) for line in body if ends_sentence(line)]
    longest = max((count_words(line) for line in body), default=0)
    if len(items) < ITEMS or longest > ITEM_WORDS or len(body) < 2 * len(items) - 1:
        return False
    counts = Counter(word for item in items for word in item)
    told = sum(counts[word] > 1 for item in items for word in item)
    return told <= ITEM_TOLD * sum(map(len, items))


def needs_javascript(tree: Any) -> bool:
    """Return whether an HTML page is filled by its scripts: a frame's empty root, its data."""
    for node in tree.iter("script", "div", "main", "noscript"):
        name = str(node.get("id") or "").lower()
        if name in _ROOTS or (node.tag == "noscript" and _SCRIPT.search(node.text_content())):
            return True
    return False


_ROOTS = frozenset({"__next_data__", "__next", "__nuxt", "__nuxt_data__", "root", "app"})
_SCRIPT = re.compile(r"javascript", re.IGNORECASE)
