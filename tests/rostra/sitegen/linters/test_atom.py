"""Atom: a sound feed has no findings; a broken one for each rule has that one."""

import pytest

from rostra.sitegen.linters.atom import RULES
from rostra.sitegen.linters.feeds import lint
from tests.rostra.sitegen.linters._feeds import ATOM, rules_of

AUTHOR = ATOM[ATOM.index("<author>") : ATOM.index("</author>") + len("</author>")]
SELF = '<link rel="self" type="application/atom+xml" href="https://lab.example/feed.xml"/>'
HOME = '<link rel="alternate" type="text/html" hreflang="en" href="https://lab.example/"/>'
HERE = '<link rel="alternate" type="text/html" hreflang="en" href="https://lab.example/talks/a/"/>'
CONTENT = ATOM[ATOM.index('<content type="html">') : ATOM.index("</content>") + len("</content>")]
FIRST = "<id>urn:uuid:95bcec57-54a6-5fe1-8216-48ecab874ca3</id>"
XHTML = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">B</div></content>'

BROKEN = [
    ("atom-once", FIRST, ""),
    ("atom-once", "<title>The lab</title>", "<title>The lab</title><title>x</title>"),
    ("atom-once", "<summary>Soon</summary>", "<summary>Soon</summary><summary>x</summary>"),
    ("atom-once", "<updated>2024-06-01T00:00:00Z</updated>", ""),
    ("atom-author", AUTHOR, ""),
    ("atom-person", "<name>The lab</name>", ""),
    ("atom-person", "<name>The lab</name>", "<name> </name>"),
    ("atom-person", "<uri>https://lab.example/</uri>", "<uri>lab</uri>"),
    ("atom-person", "a@lab.example", "nobody"),
    ("atom-id", FIRST, "<id>talks/a</id>"),
    ("atom-id-twice", "7fa411fa-01ed-5806-9175-fc1c7d5aad35", FIRST[13:-5]),
    ("atom-date", "2024-06-01T00:00:00Z", "2024-06-01"),
    ("atom-date", "2024-06-01T00:00:00Z", "2024-06-31T00:00:00Z"),
    ("atom-date", "2024-06-01T00:00:00Z", "2024-06-01T00:00:00"),
    ("atom-title", "On trust", " "),
    ("atom-text", '<title type="html">', '<title type="text/html">'),
    ("atom-text", "<summary>Soon</summary>", "<summary><b/></summary>"),
    ("atom-html", "&lt;p&gt;", "&lt;script&gt;x&lt;/script&gt;"),
    ("atom-html", "&lt;p&gt;", '&lt;p onclick="x"&gt;'),
    ("atom-html", "https://a.example/", "javascript:x"),
    ("atom-html", "https://a.example/", "../a/"),
    ("atom-link", "https://lab.example/talks/a/", "talks/a/"),
    ("atom-link", 'type="application/atom+xml"', 'type="atom"'),
    ("atom-self", SELF, ""),
    ("atom-alternate", HOME, HOME + HOME),
    ("atom-alternate", HERE, HERE + HERE),
    ("atom-content", XHTML, ""),
    ("atom-content", XHTML, '<content type="image/png" src="https://a.example/a.png"/>'),
    ("atom-content", XHTML, '<content type="picture">x</content>'),
    ("atom-category", 'term="trust"', 'label="trust"'),
    ("atom-language", 'xml:lang="en"', 'xml:lang="en_GB"'),
    ("atom-language", 'hreflang="en"', 'hreflang="English"'),
    ("atom-unknown", "<subtitle>Why</subtitle>", "<subtitle>Why</subtitle><pubDate/>"),
    ("atom-unknown", "<summary>Soon</summary>", "<subtitle>Soon</subtitle>"),
]


def test_a_sound_feed_has_no_findings() -> None:
    assert lint(ATOM.encode(), "feed.xml") == []


def test_every_rule_has_a_broken_file() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_a_broken_feed_is_found(rule: str, old: str, new: str) -> None:
    assert rules_of(ATOM, [(old, new)]) == {rule}


def test_a_finding_says_the_line_and_the_section() -> None:
    text = ATOM.replace("2024-05-02T00:00:00Z", "yesterday")
    (found,) = lint(text.encode(), "feed.xml")
    said = "feed.xml:22: 'yesterday' is no instant [atom-date: RFC 4287, 3.3]"
    assert str(found) == said


def test_authors_of_all_entries_are_enough() -> None:
    person = "<author><name>A</name></author></entry>"
    text = ATOM.replace(AUTHOR, "").replace("</entry>", person)
    assert lint(text.encode(), "feed.xml") == []
