"""The little that feeds in XML need: leaves, and a document that is read line by line."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

LANGUAGE = "xml:lang"


def leaf(parent: Element, name: str, text: str = "", **attributes: str) -> None:
    """Add an element without children."""
    SubElement(parent, name, attributes).text = text or None


def document(root: Element) -> str:
    """Write a document, a line an element."""
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"
