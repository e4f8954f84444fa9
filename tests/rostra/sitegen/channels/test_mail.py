from pathlib import Path

import pytest

from rostra.sitegen.channels import announce, channels, public
from rostra.sitegen.channels.mail import WIDTH
from rostra.sitegen.programme import load

GOLDEN = Path(__file__).parents[1] / "golden" / "seminars"
ROOM = "https://zoom.us/j/1?pwd=2"


@pytest.fixture(scope="module")
def lab():
    return load(GOLDEN)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ref", ["weekly/trust", "weekly/cancelled", "guests/far-away"])
@pytest.mark.parametrize("channel", ["mail", "wechat"])
def test_announcements_are_as_reviewed(lab, golden, channel, ref, language) -> None:
    text = announce(lab.find(ref), lab, channel, language)
    golden(f"announce/{ref}.{channel}.{language}.txt", text)


def test_a_mail_has_a_subject_and_both_clocks(lab) -> None:
    lines = announce(lab.find("weekly/trust"), lab, "mail", "en").splitlines()
    assert lines[0] == "Subject: [Weekly] On trust; and, perhaps, doubt (2024-10-27)"
    assert lines[1] == ""
    assert "When: Sunday 27 October 2024, 02:30 Berlin time" in lines
    assert "      (Sunday 27 October 2024, 01:30 UTC)" in lines
    assert "Calendar: https://lab.example/seminar/talks/weekly/trust.ics" in lines
    assert "Page: https://lab.example/seminar/talks/weekly/trust/" in lines


def test_a_mail_is_wrapped_where_words_are(lab) -> None:
    text = announce(lab.find("weekly/trust"), lab, "mail", "en")
    assert max(len(line) for line in text.splitlines()) <= WIDTH


@pytest.mark.parametrize("channel", ["mail", "wechat"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_way_in_is_there_only_where_its_secret_is(lab, monkeypatch, channel, language) -> None:
    talk = lab.find("weekly/trust")
    without = announce(talk, lab, channel, language)
    assert "zoom" not in without
    assert "WEEKLY_ROOM" not in without
    assert {"en": "How to join", "zh": "入会方式"}[language] in without
    monkeypatch.setenv("ROSTRA_SECRET_WEEKLY_ROOM", ROOM)
    with_it = announce(talk, lab, channel, language)
    assert ROOM in with_it
    assert {"en": "How to join", "zh": "入会方式"}[language] not in with_it


@pytest.mark.parametrize("channel", ["mail", "wechat"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_nobody_is_called_to_a_talk_that_does_not_take_place(
    seminars, monkeypatch, channel, language, status
) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", ROOM)
    links = "{registration: https://r.example, stream: https://s.example}"
    talk = f"title: x\nstart: 2024-05-05 10:00\njoin: !secret ROOM\nlinks: {links}\n"
    for said, called in (("", True), (f"status: {status}\n", False)):
        programme = load(seminars({"weekly/trust.yaml": talk + said}))
        text = announce(programme.talks[0], programme, channel, language)
        assert (ROOM in text) is called
        assert ("https://r.example" in text) is called
        assert called or "https://s.example" not in text
        assert {"en": "How to join", "zh": "入会方式"}[language] not in text


@pytest.mark.parametrize("channel", ["mail", "wechat"])
def test_without_the_secret_the_text_says_where_to_register(seminars, channel) -> None:
    talk = "title: x\nstart: 2024-05-05 10:00\njoin: !secret ROOM\nlinks:\n  registration: https://r.example\n"
    programme = load(seminars({"weekly/trust.yaml": talk}))
    assert "https://r.example" in announce(programme.talks[0], programme, channel, "en")


def test_an_unknown_channel_or_language_is_answered(lab) -> None:
    assert channels() == ["mail", "wechat"]
    talk = lab.find("weekly/trust")
    with pytest.raises(LookupError, match="no channel; there are mail, wechat"):
        announce(talk, lab, "wecht", "en")
    with pytest.raises(LookupError, match="'fr' is no language"):
        announce(talk, lab, "mail", "fr")


@pytest.mark.parametrize(
    ("host", "open_to_all"),
    [
        ("lab.example", True),
        ("8.8.8.8:8000", True),
        ("localhost", False),
        ("localhost.", False),
        ("demo.localhost:8000", False),
        ("[::1]:8000", False),
        ("192.168.1.7", False),
        ("10.0.0.1", False),
        ("0.0.0.0:8000", False),
        ("printer.local", False),
        ("intranet", False),
    ],
)
def test_an_address_of_this_machine_or_its_network_is_not_public(host, open_to_all) -> None:
    assert public(f"http://{host}/") is open_to_all
