"""Lists of feeds, as feed readers export them."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]  # has no types

from summarizer.errors import UnusableText

HINT = "Give an OPML file, as a feed reader exports it, or the address of a feed."


def feeds_of_opml(data: bytes, name: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that an OPML file lists, each once.

    Args:
        data: The file.
        name: What errors call it.

    Raises:
        UnusableText: It is no OPML, or has entities: no feed reader writes any, and they could
            make a small file huge.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = None if b"<!ENTITY" in data else etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnusableText(f"{name} is no OPML: {error}.", HINT) from None
    if root is None or root.tag.lower() != "opml":
        raise UnusableText(f"{name} is no OPML.", HINT)
    outlines = (outline.attrib for outline in root.iter("outline"))
    urls = (each.get("xmlUrl") or each.get("xmlurl") or "" for each in outlines)
    return tuple(dict.fromkeys(url.strip() for url in urls if url.strip()))
