"""What a series says for all of its talks; see test_talk for what each may say otherwise."""

from rostra.sitegen.programme import load


def test_talks_at_once_are_a_clash_only_where_the_series_does_not_expect_them(seminars) -> None:
    series = "weekly:\n  name: W\n  parallel: true\n"
    assert load(seminars({"series.yaml": series})).series[0].parallel
    assert not load(seminars()).series[0].parallel


def test_a_series_speaks_the_language_and_the_zone_that_it_says(seminars) -> None:
    series = "weekly:\n  name: W\n  zone: Asia/Tokyo\n  language: ja\n  format: online\n"
    found = load(seminars({"series.yaml": series})).series[0]
    assert (str(found.zone), found.language, found.format) == ("Asia/Tokyo", "ja", "online")
    assert str(load(seminars()).series[0].zone) == "Europe/Berlin"  # that of the site
