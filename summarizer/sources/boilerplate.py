"""What boilerplate says: the words and shapes of menus, promos, captions, credits and bios.

The patterns are general to the web or to news, in several languages; none names a site. Some are
signs that a model weighs. A line that is a remark, a label or a caption is no part of an article
whatever stands around it. What people say in quotation marks is not looked at.
"""
# ruff: noqa: E501, RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re

from summarizer.sources.phrases import anywhere, at_start, whole

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


_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)"
)

# Said to the reader: subscribe, sign in, pay, give, write to us, read on elsewhere.
_APPEAL = anywhere("appeal")
_APPEAL_EAST = re.compile(
    r"(?:有料|無料)会員|会員(?:登録|記事|限定|の方)|続きを(?:読む|見る)|メール(?:マガジン|アドレス|で届)|"
    r"フォロー(?:する|して)|電子版(?:なら|で|は)|ご(?:意見|感想|質問)を?.{0,12}(?:待ち|寄せ)|初月無料|登録(?:すると|はこちら|する$)|ログイン|こちら(?:から|へ)|お寄せください|"
    r"扫码|关注我们|点击(?:这里|查看|进入)|订阅|下载.{0,6}(?:APP|客户端)|구독|로그인|제보"
)

# Said of the text itself: corrected, first printed elsewhere, produced with, licensed under.
_OWN_TEXT = anywhere("own_text")
_NOTE = at_start("note")
# Said by the lawyers, of the site.
_LAW = anywhere("law")
_LAW_EAST = re.compile(
    r"無断(?:転載|複製)|著作権(?:法|は)|转载|版权(?:所有|归)|责任编辑|무단 ?(?:전재|복제)|저작권|ⓒ|©"
)

# Names other stories, or what this one is filed under.
_POINTER = at_start("pointer")
_PAGES = re.compile(r"^\W*(?:\d{1,3}\W{1,3}){2,}(?:\d{1,4}|next|weiter)?\W*$", re.IGNORECASE)
# A picture's credit at the end of what it shows.
_PHOTO_TAIL = re.compile(
    r"(?:^|[\s.(\[)\]”\"|–—-])(?:photo(?:graph|graphy|graphs|s)?|pictures?|pic|images?|foto(?:s|grafie|grafía)?|bild(?:er)?|"
    r"illustrations?|credits?|crédits?(?: photo)?|video(?: still)?|graphic|imagem|imagen|grafik|quelle|reproduction|zdjęcie|фото)"
    r"(?:(?: by| courtesy(?: of)?| credit| via)?\s?[:：/©]\s?|\s(?:by|courtesy(?: of)?)\s)[^.!?:]{2,60}[.)\]]?$"
    r"|(?:撮影|提供)[)）]?$|[=＝].{0,30}(?:撮影|提供|から)$",
    re.IGNORECASE,
)
# Words of the longest line that its last words make a caption. Origin: two long sentences.
CAPTION_WORDS = 60
# Characters at the start of a line in which remarks say what they are.
SAMPLE = 320
# Characters at the end of a line in which a picture's credit stands.
TAIL = 110


def is_remark(line: str) -> bool:
    """Return whether ``line`` is said to the reader or of the page, not in the article."""
    sample = _QUOTED.sub(" ", line[:SAMPLE])
    if _POINTER.search(sample) or _NOTE.search(sample) or _PAGES.search(line[:SAMPLE]):
        return True
    if _APPEAL.search(sample) or _OWN_TEXT.search(sample) or _LAW.search(sample):
        return True
    if not line.isascii() and (_APPEAL_EAST.search(sample) or _LAW_EAST.search(sample)):
        return True
    return has_photo_credit(line)


# Said to or by somebody, where the rest of an article speaks of others.
_ADDRESS = re.compile(
    r"\b(?:you|your|yours|yourself|(?-i:(?<=[\w,] )Ihnen|(?<=[\w,] )Ihre[nmrs]?)|dein\w*|euch|vous|votre|vos|tu|tus|usted|você|"
    r"vostr[oaie]|jouw?)\b",
    re.IGNORECASE,
)
# Said of an outlet by itself.
_SELF = re.compile(
    r"^(?:the )?[^.,]{2,50} (?:is|are|has been) (?:the|an?|our|your|one of|owned|run|written|edited|published|produced|financed|"
    r"funded|supported|paid)\b[^.]{0,100}\b(?:news agency|newspapers?|news site|news organi[sz]ation|magazine|broadcaster|station|"
    r"nonprofit|non-profit|tax-exempt|nonpartisan|listeners?|readers?|members|neighbours|neighbors|households|institution|"
    r"journal|publisher|outlet|newsroom|website|blog|community)\b"
    r"|^(?:the )?[^.,]{2,40} (?:is committed to|is dedicated to|aims to provide|brings you|believes in)\b"
    r"|^[^.]{2,60} (?:est|wird|ist|es|è|é) [^.]{0,60}(?:édité|herausgegeben|journal de|zeitung|editad|periódico|quotidiano)",
    re.IGNORECASE,
)


def addresses_reader(line: str) -> bool:
    """Return whether somebody says "you" in ``line``, outside quotation marks."""
    return bool(_ADDRESS.search(_QUOTED.sub(" ", line[:SAMPLE])))


def is_self_description(line: str) -> bool:
    """Return whether ``line`` says what an outlet is, as its last lines do of their own."""
    return bool(_SELF.search(line[:SAMPLE]))


def is_last_word(line: str) -> bool:
    """Return whether ``line`` says of the article or the site what stands below an article."""
    sample = _QUOTED.sub(" ", line[:SAMPLE])
    if _OWN_TEXT.search(sample) or _NOTE.search(sample) or _LAW.search(sample):
        return True
    return not line.isascii() and bool(_LAW_EAST.search(sample))


def has_photo_credit(line: str) -> bool:
    """Return whether ``line`` ends in the credit of a picture, as a caption does."""
    return len(line.split()) <= CAPTION_WORDS and bool(_PHOTO_TAIL.search(line[-TAIL:]))


# Words that may stand beside the date or name of a line that is only that.
BESIDE_DATE = 4


def is_label(line: str) -> bool:
    """Return whether ``line`` is nothing but a date, a button, a byline or a photo's credit.

    Such a line is no part of a body whatever stands around it.
    """
    sample = line[:200]
    words = len(sample.split())
    if len(line) > len(sample) or words > 14 or sample.rstrip().endswith("."):
        return False
    if BUTTON.match(sample) and not sample.isdigit():
        return True
    rest = DATE.sub(" ", sample)
    if (
        rest != sample
        and _FULL_DATE.search(sample)
        and len(_LETTERS.findall(_DATE_WORDS.sub(" ", rest))) <= BESIDE_DATE
    ):
        return words > 1
    return words <= 9 and bool(_PHOTO_CREDIT.match(sample))


def is_caption(line: str) -> bool:
    """Return whether ``line`` says what a picture shows, and when it was taken."""
    return len(line) <= CAPTION_CHARACTERS and bool(_CAPTION.search(line))


# Characters of the longest caption that is told by its words. Origin: agencies' captions end
# below 400.
CAPTION_CHARACTERS = 400
_CAPTION = re.compile(
    r"^(?:file photo|file -|archivbild|image caption|photo:|foto:|in this (?:file |"
    r"handout )?(?:photo|image|picture))"
    r"|^[A-Z][^.!?\"“”]{3,120}\b(?:gestures?|poses?|speaks?|walks?|looks? on|waves?|smiles?|"
    r"reacts?|shakes? hands|"
    r"attends?|arrives?|sits?|stands?|holds?|delivers?|listens?|celebrates?|carry|carries|"
    r"are seen|is seen|is pictured)\b"
    r".{0,160}\b(?:19|20)\d\d\b.{0,60}$",
    re.IGNORECASE,
)
# A day of some year or a time of day, not just a day of the season.
_FULL_DATE = re.compile(r"(?:19|20)\d\d|\d[:.]\d\d|\d/\d|\bago\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_DATE_WORDS = re.compile(
    r"\b(?:published|updated|posted|first|last|modified|by|on|at|am|pm|gmt|utc|ist|"
    r"[ecmp][sd]?t|mon\w*|tue\w*|wed\w*|"
    r"thu\w*|fri\w*|sat\w*|sun\w*|min|read|ago)\b",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(
    r"^\W*(?:(?:photo|image|picture|foto|bild|illustration|video|credit)s?(?: (?:by|credit|"
    r"copyright|courtesy of))?\s?[:/©]"
    r"|image copyright\b|.{0,40}(?:getty images|shutterstock|istock)\W*$)",
    re.IGNORECASE,
)
