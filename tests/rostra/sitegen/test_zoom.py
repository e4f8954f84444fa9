"""Which pictures open large."""

import pytest

from rostra.sitegen.zoom import zoomable

LINKED = '<a class="zoom" href="a.png"><img src="a.png"></a>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p><img src="a.png"/></p>', f"<p>{LINKED}</p>"),
        ('<img src="a.png"/><img src="a.png"/>', LINKED + LINKED),
        ('<a href="b"><em>x</em><img src="a.png"/></a>', None),
        ('<img alt="nothing">', None),
        ("<p>no picture &lt;img</p>", None),
        ('<a href="b">x</a><img src="a.png"/>', f'<a href="b">x</a>{LINKED}'),
    ],
)
def test_a_picture_that_leads_nowhere_leads_to_itself(html: str, expected: str | None) -> None:
    assert zoomable(html) == (expected or html)
