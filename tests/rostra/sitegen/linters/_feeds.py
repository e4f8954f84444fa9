"""A sound feed of each kind, and what a linter says once a piece of it is replaced."""

from collections.abc import Iterable

from rostra.sitegen.linters.feeds import lint

ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>urn:uuid:a555a349-6eb1-5113-94bb-244c79a0ec74</id>
  <title>The lab</title>
  <subtitle>Why</subtitle>
  <updated>2024-06-01T00:00:00Z</updated>
  <author><name>The lab</name><uri>https://lab.example/</uri><email>a@lab.example</email></author>
  <link rel="self" type="application/atom+xml" href="https://lab.example/feed.xml"/>
  <link rel="alternate" type="text/html" hreflang="en" href="https://lab.example/"/>
  <entry>
    <id>urn:uuid:95bcec57-54a6-5fe1-8216-48ecab874ca3</id>
    <title>On trust</title>
    <updated>2024-05-01T10:00:00.5+02:00</updated>
    <category term="trust"/>
    <link rel="alternate" type="text/html" hreflang="en" href="https://lab.example/talks/a/"/>
    <summary>Soon</summary>
    <content type="html">&lt;p&gt;&lt;a href="https://a.example/"&gt;A&lt;/a&gt;&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>urn:uuid:7fa411fa-01ed-5806-9175-fc1c7d5aad35</id>
    <title type="html">a &amp;lt; b</title>
    <updated>2024-05-02T00:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">B</div></content>
  </entry>
</feed>
"""
RSS = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel>
    <title>The lab</title>
    <link>https://lab.example/</link>
    <description>Why</description>
    <language>zh-Hans</language>
    <lastBuildDate>Sat, 01 Jun 2024 00:00:00 GMT</lastBuildDate>
    <atom:link rel="self" type="application/rss+xml" href="https://lab.example/rss.xml"/>
    <podcast:guid>09053eb4-fd0c-58f4-901d-6dda153b5c19</podcast:guid>
    <podcast:medium>video</podcast:medium>
    <podcast:locked>no</podcast:locked>
    <item>
      <title>On trust</title>
      <link>https://lab.example/talks/a/</link>
      <guid isPermaLink="false">urn:uuid:1</guid>
      <pubDate>1 May 2024 10:00 +0200</pubDate>
      <description>&lt;p&gt;A&lt;/p&gt;</description>
      <dc:creator>Ann</dc:creator>
      <podcast:person role="Guest" group="cast" href="https://ann.example/">Ann</podcast:person>
      <enclosure url="https://m.example/a.mp4" length="0" type="video/mp4"/>
      <podcast:transcript url="https://lab.example/a.vtt" type="text/vtt" language="en"
        rel="captions"/>
    </item>
    <item>
      <title>On doubt</title>
      <guid>https://lab.example/talks/b/</guid>
      <author>bob@lab.example (Bob)</author>
    </item>
  </channel>
</rss>
"""
JSON = """\
{
 "version": "https://jsonfeed.org/version/1.1",
 "title": "The lab",
 "home_page_url": "https://lab.example/",
 "feed_url": "https://lab.example/feed.json",
 "authors": [{"name": "The lab", "url": "https://lab.example/"}],
 "language": "en",
 "_ours": {"anything": 1},
 "items": [
  {
   "id": "urn:uuid:1",
   "url": "https://lab.example/talks/a/",
   "title": "On trust",
   "content_html": "<p>A</p>",
   "date_modified": "2024-05-01T10:00:00Z",
   "tags": ["trust"],
   "attachments": [{"url": "https://m.example/a.mp4", "mime_type": "video/mp4"}]
  },
  {
   "id": "urn:uuid:2",
   "content_text": "B"
  }
 ]
}
"""


def rules_of(text: str, changes: Iterable[tuple[str, str]]) -> set[str]:
    """The rules that are broken once pieces of a sound feed are replaced, once each."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {one.rule for one in lint(text.encode(), "feed")}
