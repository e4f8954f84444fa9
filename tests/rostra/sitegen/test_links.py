"""Links from the site's root are made relative."""

import pytest

from rostra.sitegen.links import relative, relative_links


@pytest.mark.parametrize(
    ("target", "here", "expected"),
    [
        ("talks/", "", "talks/"),
        ("talks/", "talks/", "./"),
        ("", "", "./"),
        ("", "zh/talks/a/", "../../../"),
        ("feed.xml", "zh/", "../feed.xml"),
        ("a/?q=/b#c", "x/", "../a/?q=/b#c"),
        ("a.ics", "404.html", "a.ics"),
        ("talks/b/", "talks/a/", "../b/"),
        ("talks", "talks/a/", "../../talks"),
        ("talks?a=/b", "talks/a/", "../../talks?a=/b"),
        ("talks/#past", "people/", "../talks/#past"),
    ],
)
def test_addresses_from_the_root_become_relative(target: str, here: str, expected: str) -> None:
    assert relative(target, here) == expected
    html = f'<a href="/{target}">'
    assert relative_links(html, here) == f'<a href="{expected}">'
