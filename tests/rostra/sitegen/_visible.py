"""What a reader sees of a page as it was built: all but what is hidden."""

from html.parser import HTMLParser

VOID = frozenset({"br", "img", "input", "hr", "meta", "link", "source", "wbr"})


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self.hidden: list[str] = []

    def keep(self, text: str) -> None:
        if not self.hidden:
            self.kept.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden or ("hidden", None) in attrs:
            self.hidden += [tag] * (tag not in VOID)
        else:
            self.kept.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.keep(f"</{tag}>")
        if self.hidden:
            assert self.hidden.pop() == tag

    def handle_data(self, data: str) -> None:
        self.keep(data)

    def handle_entityref(self, name: str) -> None:
        self.keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.keep(f"&#{name};")


def visible(html: str) -> str:
    """The page without what is hidden.

    Examples:
        >>> visible('<p>a<b hidden>b<i>c</i></b>d</p>')
        '<p>ad</p>'
    """
    seen = _Seen()
    seen.feed(html)
    seen.close()
    return "".join(seen.kept)
