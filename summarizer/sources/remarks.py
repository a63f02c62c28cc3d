"""Lines in which a page speaks to its reader, of itself or of its author, told by their words.

Where ``furniture`` holds signs that a model weighs, a line that is a remark is no part of an
article whatever stands around it. What people say in quotation marks is not looked at.
"""
# ruff: noqa: E501, RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re

from summarizer.sources.phrases import anywhere, at_start

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
