"""The little that feeds in XML need: leaves, and a document that is read line by line."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

LANGUAGE = "xml:lang"


def leaf(parent: Element, name: str, text: str = "", **attributes: str) -> None:
    """Add an element without children."""
    SubElement(parent, name, attributes).text = text or None


def piece(element: Element, level: int) -> str:
    """Write an element that stands so deep in its document, a line an element."""
    indent(element, level=level)
    return "  " * level + tostring(element, encoding="unicode").rstrip() + "\n"


def document(root: Element, pieces: Iterable[str], within: str) -> str:
    """Write a document, a line an element; at the end of `within` stand finished pieces."""
    indent(root)
    text = tostring(root, encoding="unicode")
    at = text.rindex("\n", 0, text.rindex(f"</{within}>")) + 1
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return "".join([head, text[:at], *pieces, text[at:], "\n"])
