"""What page furniture says: the words and shapes of menus, promos, captions and bios.

Every pattern is general to the web or to news, in several languages; none names a site.
They are applied to one short piece of a line, so none may need long to fail.
"""
# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

import re

from summarizer.sources.phrases import anywhere, whole

# A line that is nothing but this is a button, a label or the head of a section.
BUTTON = whole("button")

# Starts a part of the page that is not the article; what follows it is suspect.
SECTION_HEAD = whole("section_head")

# Stands above what readers say; what follows it is theirs.
COMMENTS = whole("comments")

# Stands between the paragraphs of an article as often as below it.
CALL = whole("call")

# Said to the visitor, of the site: subscribing, signing in, paying, sharing, consenting.
PROMO = anywhere("promo")
# Said by the lawyers.
LEGAL = anywhere("legal")
# Words under or in a picture's caption.
CAPTION = anywhere("caption")
# An agency or photographer in brackets that closes a short line: a caption's credit.
CAPTION_TAIL = re.compile(
    r"[a-z.)](?:Photo|Image|Picture|Photograph|Foto|Bild|Credit|Crédit)s?(?: by |: ?|\.\.\.)\S"
    r"|^(?:image|photo|picture) caption\b|[(\[](?:[^()\[\]]{0,60}(?:photo|image|picture|via|"
    r"getty|reuters|\bap\b|\bafp\b|\bepa\b|©|/|credit|courtesy|handout|file)[^()\[\]]{0,60}|"
    r"[\w-]+\.[a-z]{2,3})[)\]]?\s*$",
    re.IGNORECASE,
)
# What is said of the author, not of the story.
BIO = re.compile(
    r"\b(?:is|was|writes?|covers?|reports?|joined|works?|has (?:been|written|worked|covered|"
    r"reported))\b.{0,60}"
    r"\b(?:reporter|editor|writer|columnist|journalist|contributor|correspondent|author|"
    r"blogger|curator|"
    r"contributing|freelance|critic|news for|producer|founder|professor of journalism|"
    r"reporting on|staff)\b"
    r"|\b(?:reporter|editor|writer|columnist|journalist|correspondent) (?:at|for|with|based|"
    r"covering)\b"
    r"|\b(?:follow|reach|contact|email) (?:him|her|them|the reporters?)\b|"
    r"\bcan be reached (?:at|on)\b"
    r"|^(?:über|sobre|about|à propos de) \w+ \w+$",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^\W*(?:(?:written |posted |reported |story )?by|von|por|par|di|door|av|af|autor|author|"
    r"przez|автор)\b[:\s]{1,3}\S.{1,80}$|^by$",
    re.IGNORECASE,
)
# A reference to another article, inside or after this one.
RELATED = re.compile(
    r"^\W*(?:related(?: post| story| article)?s?|more|also|see also|read(?: also| more|"
    r" next)?|watch(?: also)?|also (?:read|see|on)|"
    r"listen|don['’]t miss|go deeper|background|analysis|opinion|must read|recommended|"
    r"explore|leia (?:mais|também)|"
    r"lire aussi|à lire|lea también|leggi(?: anche)?|lesen sie(?: auch)?|mehr(?: zum thema)?|"
    r"lees ook|"
    r"читайте (?:также|також)|на тему|по теме)\s?[:|»>]"
    r"|^also on \S|[»›>]{1,3}\s*$|\bread (?:more|full|the full)\W*$|^\W*(?:next|"
    r"prev(?:ious)?)\W*(?:article|post|news|story)?\W{1,3}\S",
    re.IGNORECASE,
)
# The article's own last words about itself: credits and corrections, told apart elsewhere.
CREDIT_LINE = re.compile(
    r"^\W*(?:additional |with |edited |editing |written |compiled )?(?:reporting|reported|"
    r"writing|editing|edited|reportage|compiled) by\b"
    r"|\bcontributed (?:to|reporting)\b|^\W*source\W|^\W*with (?:files|agenc\w+|inputs?|"
    r"material|additional)\b"
    r"|^[\w/.,\s-]{0,30}\((?:[^()]{0,20}\b(?:afp|dpa|reuters|ap|upi|efe|ansa|apa|kna|epd|sid|"
    r"tass|interfax|pti|ani|ians|xinhua|kyodo|yonhap|aap|anp|belga|ntb|tt|ritzau|pap|čtk|"
    r"ukrinform)\b[^()]{0,20}){1,6}\)\.?$"
    r"|^\W*(?:afp|dpa|reuters|ap|upi|efe|ansa|pti|ani|ians)(?:\s?[/,]\s?(?:afp|dpa|reuters|"
    r"ap|upi|efe|ansa|pti|ani|ians))*\W*$",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"https?://|www\.|\b[\w.+-]{1,40}@[\w-]{1,40}\.\w|(?<!\w)@\w|\b\+?\d[\d\s()-]{8,20}\b"
)
SEPARATED = re.compile(r"\S\s?[|»›>•·→▸]\s?\S|\s/\s|\s{3,}")
# Words that stick together where a menu lost its spaces: "NewsSportWeather".
GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ][a-zà-ÿ]")


_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|"
    r"juil|août|déc|"
    r"ene|abr|ago|dic|fev|set|out|gen|mag|giu|lug|ott|stycz|lut|kwi|maj|cze|lip|sie|wrz|paź|"
    r"lis|gru|"
    r"янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|"
    r"жов|лис|гру)"
)
DATE = re.compile(
    rf"\b{_MONTH}\w*\.?[\s,]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th|\.|"
    rf"º)?[\s,]{{1,3}}(?:de )?{_MONTH}\w*\b"
    r"|\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b\d{4}년|\d{4}年|\b\d{1,2}[:.]\d\d\s?(?:am|pm|uhr|"
    r"gmt|utc|[ap]\.m\.)?\b"
    r"|\b\d+\s(?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?|hrs?|h|d) ago\b|\b(?:ago|"
    r"vor) \d+",
    re.IGNORECASE,
)
CLOCK_ONLY = re.compile(
    r"^\W*\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?(?:\s?[A-Z]{2,4})?\W*$", re.IGNORECASE
)
