"""What programs find from a page: data that no policy refuses, and links that lead somewhere."""

from collections.abc import Callable

import httpx
import pytest

DATA = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
LINKS = "[...document.querySelectorAll('link[rel~=alternate][type]')].map(a => [a.type, a.href])"


@pytest.mark.parametrize("prefix", ["", "zh/"])
def test_the_data_of_a_talk_is_read_under_the_strict_policy(
    still: str, visit: Callable, prefix: str
) -> None:
    address = f"{still}/{prefix}talks/ai-prisec/badbatch/"
    policy = httpx.get(address).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    page = visit(still).go(f"/{prefix}talks/ai-prisec/badbatch/")  # whose faults must be none
    event = page.evaluate(DATA)["@graph"][0]
    assert "BadBatch" in event["name"]
    assert event["startDate"] == "2022-03-06T10:00:00+08:00"
    assert page.title().startswith(event["name"])


@pytest.mark.parametrize("path", ["/", "/zh/talks/", "/talks/ai-prisec/badbatch/", "/reference/"])
def test_whatever_a_page_offers_to_follow_is_there(still: str, visit: Callable, path: str) -> None:
    found = visit(still).go(path).evaluate(LINKS)
    kinds = {kind for kind, _ in found}
    wanted = {"application/atom+xml", "application/feed+json", "application/rss+xml"}
    assert wanted | {"text/calendar"} <= kinds
    for kind, address in found:
        answer = httpx.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].split(";")[0].split("/")[0] in (
            "application",
            "text",
        ), kind
