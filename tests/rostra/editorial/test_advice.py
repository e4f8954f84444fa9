"""What is told beside the answer, on standard error; test_cli has it told by the commands."""

from pathlib import Path

from rostra.editorial.advice import missing_way, warn_of_address
from rostra.sitegen.programme import load

TALK = "title: x\nstart: 2024-05-05 10:00\njoin: !secret room\n"


def test_an_address_that_all_can_open_needs_no_word(capsys) -> None:
    warn_of_address("https://lab.example/", Path("here"))
    assert capsys.readouterr().err == ""
    warn_of_address("http://127.0.0.1:8000/", Path("here"))
    assert "here/seminars/site.yaml" in capsys.readouterr().err


def test_a_way_in_that_nobody_knows_is_asked_for(seminars) -> None:
    folder = seminars({"weekly/trust.yaml": TALK})
    told = missing_way(load(folder).talks[0], folder)
    assert told is not None
    assert "$ROSTRA_SECRET_ROOM" in told
    cancelled = seminars({"weekly/trust.yaml": TALK + "status: cancelled\n"})
    assert missing_way(load(cancelled).talks[0], cancelled) is None
    known = seminars({"weekly/trust.yaml": TALK, "secrets.yaml": "room: https://a.example\n"})
    assert missing_way(load(known).talks[0], known) is None
