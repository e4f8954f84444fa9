"""Elements and documents: what is written is read back as it was meant."""

from xml.etree import ElementTree

from rostra.sitegen.feeds._xml import document, leaf
from tests.rostra.sitegen.feeds._programme import HOSTILE


def test_no_text_leaves_its_element() -> None:
    root = ElementTree.Element("feed")
    leaf(root, "title", HOSTILE, label=HOSTILE)
    leaf(root, "link", href="a&b")
    text = document(root)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed>\n')
    read = ElementTree.fromstring(text.encode())
    assert read.findtext("title") == HOSTILE
    assert read.find("title").attrib == {"label": HOSTILE}
    assert read.find("link").text is None
