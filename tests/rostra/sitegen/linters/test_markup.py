"""XML with its lines, and the values that feeds share."""

import pytest

from rostra.sitegen.linters.markup import (
    MarkupError,
    is_address,
    is_rfc822,
    is_rfc3339,
    is_web,
    parse,
    unsafe,
)


def test_elements_know_their_namespace_and_line() -> None:
    root = parse(b'<a xmlns="u:x">\n<b c="1">t&amp;<d xmlns=""/>u</b></a>')
    (inner,) = root.all("u:x b")
    assert (root.name, inner.line, inner.text) == ("u:x a", 2, "t&u")
    assert inner.attributes == {"c": "1"}
    assert [child.name for child in inner.children] == [" d"]
    assert root.words("u:x b") == "t&u"
    assert root.words("u:x e") == ""


@pytest.mark.parametrize("text", [b"<a>", b"", b"<!DOCTYPE a><a/>", b"<a>&nbsp;</a>", b"<a/><b/>"])
def test_what_feeds_do_not_need_is_refused(text: bytes) -> None:
    with pytest.raises(MarkupError):
        parse(text)


@pytest.mark.parametrize("text", ["urn:uuid:1", "https://a.example/?b=c#d", "tag:a,2024:b"])
def test_absolute_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "a/b", "//a.example", "https://a b/", "http:", "https://[a"])
def test_no_addresses(text: str) -> None:
    assert not is_address(text)
    assert not is_web(text)


def test_a_browser_opens_the_web_only() -> None:
    assert is_web("http://a.example/")
    assert not is_web("ftp://a.example/")
    assert not is_web("javascript:x")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2024-02-29T23:59:59Z", True),
        ("2024-06-01T00:00:00.25+05:30", True),
        ("2023-02-29T00:00:00Z", False),
        ("2024-06-01 00:00:00Z", False),
        ("2024-06-01T00:00:00", False),
        ("2024-06-01T00:00Z", False),
        ("20240601T000000Z", False),
    ],
)
def test_instants_of_rfc_3339(text: str, right: bool) -> None:
    assert is_rfc3339(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Sat, 01 Jun 2024 00:00:00 GMT", True),
        ("1 Jun 2024 10:00 +0200", True),
        ("Sun, 01 Jun 2024 00:00:00 GMT", False),
        ("Sat, 01 Jun 24 00:00:00 GMT", False),
        ("Sat, 01 Jun 2024", False),
        ("Sat, 31 Jun 2024 00:00:00 GMT", False),
    ],
)
def test_instants_of_rfc_822(text: str, right: bool) -> None:
    assert is_rfc822(text) is right


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>p{}</style>",
        "<p onclick=x>",
        '<p style="color:red">',
        '<a href="java&#115;cript:x">a</a>',
        '<a href="#cite">a</a>',
        '<img src="a.png">',
        "<meta http-equiv=refresh>",
    ],
)
def test_unsafe_html_is_found(html: str) -> None:
    assert len(unsafe(html)) == 1


def test_safe_html_is_left_alone() -> None:
    assert (
        unsafe('<p lang="zh">a <a href="mailto:a@b.example">b</a> <code>&lt;script&gt;</code>')
        == []
    )
