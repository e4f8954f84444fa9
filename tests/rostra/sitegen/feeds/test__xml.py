"""Elements and documents: what is written is read back as it was meant."""

from xml.etree import ElementTree

from rostra.sitegen.feeds._xml import document, leaf, piece
from tests.rostra.sitegen.feeds._programme import HOSTILE


def test_no_text_leaves_its_element() -> None:
    root = ElementTree.Element("feed")
    leaf(root, "title", HOSTILE, label=HOSTILE)
    leaf(root, "link", href="a&b")
    text = document(root, (), "feed")
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed>\n')
    read = ElementTree.fromstring(text.encode())
    assert read.findtext("title") == HOSTILE
    assert read.find("title").attrib == {"label": HOSTILE}
    assert read.find("link").text is None


def test_a_piece_stands_in_a_document_as_if_it_had_been_written_with_it() -> None:
    def feed(*entries: ElementTree.Element) -> ElementTree.Element:
        root = ElementTree.Element("feed")
        leaf(root, "title", "&")
        root.extend(entries)
        return root

    def entry(name: str) -> ElementTree.Element:
        found = ElementTree.Element("entry")
        leaf(found, "title", name)
        leaf(ElementTree.SubElement(found, "author"), "name", HOSTILE)
        return found

    pieces = [piece(entry(name), 1) for name in ("</feed>", "b")]
    whole = document(feed(entry("</feed>"), entry("b")), (), "feed")
    assert document(feed(), pieces, "feed") == whole
