from __future__ import annotations

import codecs
import encodings
import gzip
import pkgutil
import re
import unicodedata
from contextlib import suppress
from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import UnusableText
from summarizer.sources.decode import declared_charset, decode
from tests.support.growth import assert_linear

ENGLISH = "The bridge – shut again – stays closed until Friday, said the mayor. " * 3
FRENCH = "La maire a dit : « L’été sera long », et le pont reste fermé à tous. "
GERMAN = "Die Brücke bleibt geschlossen, sagte die Bürgermeisterin. Größe: 5 m. "
RUSSIAN = "Мост закрыт на несколько недель после столкновения судна, сообщила мэр. "
JAPANESE = "市長は火曜日に橋が閉鎖されると発表した。東京からの船は来ない。"
CHINESE = "今天下雨。我们没有出去。他说明天再来，市政府表示桥梁将关闭数周。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "cp1252"),
        ("Café", "cp1252"),
        (GERMAN, "latin-1"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "shift_jis"),
        (CHINESE, "gb18030"),
        ("The bridge is shut. " * 5, "utf-16-le"),
        ("The bridge is shut. " * 5, "utf-16-be"),
        ("plain", "ascii"),
    ],
)
def test_encodings_without_a_mark_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), source="a.txt").text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_left_out(mark: bytes, encoding: str) -> None:
    data = mark + JAPANESE.encode(encoding)
    assert decode(data, source="a.txt", declared="cp1251") == (JAPANESE, encoding, ())


@pytest.mark.parametrize(
    ("text", "declared", "encoding"),
    [
        ("Łódź, żółw i ćma. ", "iso-8859-2", "iso-8859-2"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        ("橋が閉鎖", "iso-2022-jp", "iso-2022-jp"),
        ("It’s shut – “now”. ", "iso-8859-1", "cp1252"),
        ("它关了。€", "gb2312", "gb18030"),
        (FRENCH, "cp1251", "utf-8"),
        (FRENCH, "no-such-encoding", "utf-8"),
        (FRENCH, "rot13", "cp1252"),
        (FRENCH, "hex", "utf-8"),
    ],
)
def test_what_is_declared_counts_unless_it_is_valid_utf8(
    text: str, declared: str, encoding: str
) -> None:
    assert decode(text.encode(encoding), source="a.txt", declared=declared).text == text


@pytest.mark.parametrize(
    ("html", "charset"),
    [
        (b'<html><head><meta charset="koi8-r">', "koi8-r"),
        (b"<META http-equiv=Content-Type content='text/html; charset=Shift_JIS'>", "Shift_JIS"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?><html>', "iso-8859-2"),
        (b"<html><body>charset=nothing", None),
        (b"", None),
    ],
)
def test_the_encoding_a_page_declares(html: bytes, charset: str | None) -> None:
    assert declared_charset(html) == charset


def test_newlines_and_composed_letters_stay_as_they_are() -> None:
    text = (
        "One\r\ntwo\rthree\n"
        + unicodedata.normalize("NFD", "é")
        + unicodedata.normalize("NFC", "é")
    )
    assert decode(text.encode(), source="a.txt").text == text


def test_a_damaged_file_is_read_with_a_warning() -> None:
    data = (RUSSIAN * 3).encode()
    decoded = decode(data[:50] + b"\xff" + data[51:], source="a.txt")
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith("Мост")
    assert "damaged" in decoded.warnings[0]


@pytest.mark.parametrize("data", [b"", b"  \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_is_an_error(data: bytes) -> None:
    with pytest.raises(UnusableText, match=r"a\.txt is empty\.") as error:
        decode(data, source="a.txt")
    assert error.value.hint


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"PK\x03\x04\x14\0", "a zip archive"),
        (gzip.compress(b"text", mtime=0), "a gzip archive"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"some text\0\0\0and more\0", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"\0" * 5000, "binary"),
    ],
)
def test_what_is_no_text_is_an_error_with_a_hint(data: bytes, kind: str) -> None:
    with pytest.raises(UnusableText, match=f"a.txt is {kind}") as error:
        decode(data, source="a.txt")
    assert error.value.hint


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff"):
        data = text.encode()
        try:
            assert decode(data, source="a.txt").text == text
        except UnusableText:
            assert data[:5] in {b"%PDF-", b"{\\rtf"} or data[:4] in {b"GIF8", b"RIFF", b"BZh9"}


@pytest.mark.parametrize("unit", ["word ", "é", "天"])
def test_a_line_of_megabytes_costs_in_proportion(unit: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        data = unit.encode(encoding)
        assert_linear(lambda size, data=data: decode(data * size, source="a.txt"), 200_000)  # type: ignore[misc]


POLISH = "Minister powiedział, że most będzie zamknięty przez sześć tygodni, a łódź się zatopiła. "
CZECH = "Ministr dopravy řekl, že most zůstane uzavřen šest týdnů a že loď narazila do pilíře. "
TURKISH = (
    "Ulaştırma bakanı köprünün altı hafta kapalı kalacağını söyledi. Gemi yoğun siste çarptı. "
)


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1252", "punycode"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
    ],
)
def test_encodings_that_a_page_declares_wrongly(
    text: str, encoding: str, declared: str | None
) -> None:
    assert decode(text.encode(encoding), source="a.html", declared=declared).text == text


def test_stray_nul_is_read_as_browsers_do() -> None:
    text = decode((GERMAN * 3).encode()[:90] + b"\0 und so weiter. ", source="a.txt").text
    assert "\0" not in text
    assert "\ufffd und so weiter." in text


NAMES = sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)} | set(aliases))
"""All that Python has a codec for, and more: bytes to bytes, text to text, escapes."""

ODD_NAMES = ["", "../x", "\x1b[31m", "utf_8\0", "é", "locale", "utf8mb4", "%s", "x" * 5_000]


@pytest.mark.parametrize("text", [ENGLISH, FRENCH])
def test_whatever_a_page_declares_one_odd_byte_costs_no_more_than_itself(text: str) -> None:
    data = text.encode().replace(b" ", b" \xff", 1)
    for declared in [*NAMES, *ODD_NAMES]:
        decoded = decode(data, source="a.html", declared=declared)
        # An encoding of one byte a letter reads others than ASCII as it declares.
        kept = set(re.findall(r"(?<!\w)[a-z]{4,}(?!\w)", text))
        assert kept <= set(re.findall("[a-z]+", decoded.text)), declared
        assert len(decoded.warnings) <= 2


@pytest.mark.parametrize("encoding", ["utf-16le", "utf-16be"])
def test_an_encoding_without_ascii_is_read_where_a_page_is_in_it(encoding: str) -> None:
    for text in (ENGLISH, RUSSIAN * 3, "桥梁今天关闭，市长说。" * 9):
        with suppress(UnicodeEncodeError):
            decoded = decode(text.encode(encoding), source="a.html", declared=encoding)
            assert decoded.text == text


@pytest.mark.parametrize("declared", ["punycode", "idna", "undefined", "utf-16", "mbcs"])
def test_odd_name_of_an_encoding_is_one_warning(declared: str) -> None:
    decoded = decode(FRENCH.encode() + b"\xff", source="a.html", declared=declared)
    assert decoded.text.startswith(FRENCH)
    assert sum(declared in warning for warning in decoded.warnings) == 1
