"""Bytes to text, once, with nothing changed but the encoding.

Newlines stay as they are and nothing is normalised, so an offset into the text is an
offset into the file as any other program decodes it; only a byte order mark is left out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import webencodings  # type: ignore[import-untyped]  # has no types

from summarizer.errors import UnusableText
from summarizer.sources.lines import guess_language
from summarizer.text.data import load

# Bytes looked at to guess what they are; whole pages of news are smaller.
SAMPLE = 65_536
# Share of control characters from which bytes are no text: random bytes have 0.11.
CONTROL_SHARE = 0.05
# Share of accented letters and typographic marks that Western prose stays under.
WESTERN_SHARE = 0.15
# Share of NUL bytes up to which they are slips in a text: pages of real sites have some.
NUL_SHARE = 0.01
# Share of broken UTF-8 sequences up to which a file is damaged UTF-8, not another encoding.
DAMAGE_SHARE = 0.02
# Share of bytes beyond ASCII up to which a text is in an encoding that keeps ASCII.
ODD_SHARE = 0.1
# Share of what is beyond ASCII that fits from which bytes are in an encoding: in a wrong one every
# other letter does not; and how much higher another encoding must score than the declared one.
SURELY, CLEARLY = 0.75, 0.15

# UTF-32 before UTF-16, whose mark it begins with.
_MARKED = ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_MARKS = tuple(("\ufeff".encode(encoding), encoding) for encoding in _MARKED)
_UTF16 = frozenset({"utf-16-le", "utf-16-be"})
# In seven bits, so that its bytes are valid UTF-8 and mean something else.
_SEVEN_BIT = "iso2022_jp"

_DATA = load("encodings", __package__)
_MAGIC = [(row["bytes"].encode("latin-1"), row["kind"], row["hint"]) for row in _DATA["magic"]]
_LEGACY: dict[str, str] = _DATA["legacy"]
_WESTERN, _MARKS_OF_PROSE, _TURKISH = (
    frozenset(_DATA["letters"][name]) for name in ("western", "marks", "turkish")
)

_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_CHARSET = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})"""
    rb"""|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Decoded(NamedTuple):
    """A text, the encoding it was in, and what a reader should know about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, source: str, declared: str | None = None) -> Decoded:
    """Return the text of ``data``, bytes that errors call ``source``.

    A byte order mark decides, then UTF-8, then the encoding that the page or its server declares
    (see ``declared_charset``), then a guess.

    Raises:
        UnusableText: They are empty, blank, or no text at all.
    """
    for magic, kind, hint in _MAGIC:
        if data.startswith(magic):
            raise UnusableText(f"{source} is {kind}, not text.", hint)
    mark, encoding = next((each for each in _MARKS if data.startswith(each[0])), (b"", ""))
    if mark:
        decoded = _replace_damage(data[len(mark) :], encoding)
    else:
        decoded = _decode_unmarked(data, source, declared)
    if not decoded.text.strip():
        raise UnusableText(f"{source} is empty.", "Give a file with the text of an article.")
    sample = decoded.text[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > CONTROL_SHARE * len(sample):
        raise _not_text(source)
    return decoded


def declared_charset(html: bytes) -> str | None:
    """Return the encoding that an HTML or XML page declares in its first bytes."""
    match = _CHARSET.search(html[:SAMPLE])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _not_text(source: str) -> UnusableText:
    return UnusableText(f"{source} is binary, not text.", "Give a .txt, .md or .html file.")


def _decode_unmarked(data: bytes, source: str, declared: str | None) -> Decoded:
    sample, codec = data[:SAMPLE], _browser_codec(declared)
    if sample.count(0) > max(1, NUL_SHARE * len(sample)):
        encoding = _utf16_order(sample) or (codec if codec in _UTF16 else None)
        if encoding is None:
            raise _not_text(source)
        return _replace_damage(data, encoding)
    is_ascii = len(sample.translate(None, _PRINTABLE)) <= ODD_SHARE * len(sample) + 1
    if codec in _UTF16 and (is_ascii or _is_damaged_utf8(sample)):
        codec = None  # as browsers do: a page whose tags can be read is not in UTF-16
    text, encoding, warnings = _decode_in_turn(data, codec)
    if declared and codec is None:
        odd = f"{source} declares an encoding that it cannot be in, {declared[:20]!a}, "
        warnings = (f"{odd}which was not used", *warnings)
    return Decoded(text.replace("\0", "\ufffd"), encoding, warnings)


def _decode_in_turn(data: bytes, codec: str | None) -> Decoded:
    """Return what UTF-8 reads, else the declared ``codec`` or a better one, else a guess."""
    for encoding in (_SEVEN_BIT, "utf-8") if codec == _SEVEN_BIT else ("utf-8",):
        text = _decode_strictly(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    sample = data[:SAMPLE]
    if codec not in (None, "utf-8"):
        better = _legacy_encoding(sample, codec) if codec in _LEGACY else None
        return _replace_damage(data, better or codec)
    if _is_damaged_utf8(sample):
        return _replace_damage(data, "utf-8")
    return _replace_damage(data, _legacy_encoding(sample) or _guess_encoding(sample))


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _replace_damage(data: bytes, encoding: str) -> Decoded:
    text = _decode_strictly(data, encoding)
    if text is not None:
        return Decoded(text, encoding)
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    warning = f"{lost} characters are damaged (read as {encoding}); they show as \ufffd"
    return Decoded(text, encoding, (warning,))


def _browser_codec(declared: str | None) -> str | None:
    """Return Python's codec for the encoding that browsers read under a name (WHATWG)."""
    encoding = webencodings.lookup(declared or "")
    if encoding is None or encoding.name in ("replacement", "x-user-defined"):
        return None
    return "gb18030" if encoding.name == "gbk" else str(encoding.codec_info.name)


def _utf16_order(sample: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: in Latin text every other byte is 0."""
    half = len(sample) // 2
    for zeros, others, encoding in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
        if sample[zeros::2].count(0) > 0.5 * half > 10 * sample[others::2].count(0):
            return encoding
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return broken <= max(1, DAMAGE_SHARE * whole) and whole > broken


def _guess_encoding(sample: bytes) -> str:
    text = sample.decode("cp1252", "replace")
    high = [character for character in text if character > "\x7f"]
    if len(high) <= WESTERN_SHARE * len(text) + 1 and _WESTERN.issuperset(high):
        return "cp1252"  # the library's guess goes wrong where Western prose is short
    from charset_normalizer import from_bytes

    wide = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]
    match = from_bytes(sample, cp_exclusion=wide).best()
    return match.encoding if match else "cp1252"


def _legacy_encoding(sample: bytes, declared: str | None = None) -> str | None:
    """Return the encoding of one byte a letter that ``sample`` is in, None where none is sure.

    The language is told by its small words, which a wrong encoding breaks or leaves to another
    language; then most of what is beyond ASCII is small letters (capitals, where Cyrillic is in
    another encoding) and marks of prose.
    """
    scores = {}
    for encoding, languages in _LEGACY.items():
        text = _decode_strictly(sample, encoding) or ""
        high = [each for each in text if each > "\x7f" and each not in _MARKS_OF_PROSE]
        language = guess_language(text)
        if language is None and encoding == "cp1254" and _TURKISH.issuperset(high):
            language = "tr"
        if language in languages.split():
            scores[encoding] = sum(map(str.islower, high)) / max(1, len(high))
    best = max(scores, key=lambda name: scores[name], default="")
    if not best or scores[best] < SURELY:
        return None
    near = declared is not None and scores.get(declared, 0.0) >= scores[best] - CLEARLY
    return declared if near else best
