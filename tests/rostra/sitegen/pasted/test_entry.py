import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen import folder as folders
from rostra.sitegen.faults import EntryError
from rostra.sitegen.pasted.announcement import Pasted, read
from rostra.sitegen.pasted.entry import drafted, prepared, slug_for
from tests.rostra.sitegen.pasted._reading import NOW, errors, written

MAIL = "Title: On doubt\nSpeaker: Cy Fox (MIT)\nTime: 3 December 2026, 15:00\n"


def test_every_guess_is_marked_and_the_rest_is_the_template(seminars) -> None:
    made = written(seminars(), MAIL)
    text = made.files["weekly/on-doubt.yaml"]
    assert 'title: "On doubt"  # check\n' in text
    assert "start: 2026-12-03 15:00  # check: by the clock of Europe/Berlin\n" in text
    assert "speakers: [cy-fox]  # check\n" in text
    assert "# abstract:\n#   en: |\n" in text
    assert 'cy-fox:\n  name: "Cy Fox"\n  affiliation: "MIT"  # check\n' in made.files["people.yaml"]


def test_known_people_are_named_and_not_added(seminars) -> None:
    made = written(seminars(), "Title: On doubt\nSpeaker: Lee, Ann and 王伟")
    assert "people.yaml" not in written(seminars(), "Title: A\nSpeaker: 王伟").files
    assert "wang" in made.files[made.path]


def test_what_the_check_would_refuse_becomes_a_comment(seminars) -> None:
    folder = seminars()
    made = written(folder, MAIL.replace("3 December 2026, 15:00", "28 March 2027, 02:30"))
    assert "# check: 2027-03-28 02:30 does not exist in Europe/Berlin" in made.files[made.path]
    assert "  # check: suggested" in made.files[made.path]
    assert [note.split(":")[0] for note in made.notes] == ["start"]
    assert errors(folder) == []


def test_the_way_in_is_told_and_not_written(seminars) -> None:
    made = written(seminars(), MAIL + "Zoom: https://zoom.us/j/123?pwd=abc\nPasscode: 42\n")
    assert made.secret == ("join-weekly-on-doubt", "https://zoom.us/j/123?pwd=abc; 42")
    assert "join: !secret join-weekly-on-doubt\n" in made.files[made.path]
    assert "zoom.us" not in json.dumps(made.files)


@pytest.mark.parametrize(
    "place",
    [
        "理科楼 A-301 / 腾讯会议 123-456-789（密码：2468）",
        "理科楼 A-301 / Zoom Meeting ID: 123-456-789, Passcode: 2468",
        "理科楼 A-301，飞书 123-456-789 密码：2468",
    ],
)
def test_the_number_of_a_meeting_is_private_as_its_address_is(seminars, place) -> None:
    folder = seminars()
    made = written(folder, f"题目：论信任\n讲者：王伟\n地点：{place}\n")
    text = made.files[made.path]
    assert 'place: "理科楼 A-301"  # check\nformat: hybrid  # check\n' in text
    assert f"join: !secret {made.secret[0]}\n" in text
    assert "123-456-789" in made.secret[1]
    assert "2468" in made.secret[1]
    assert not any(number in json.dumps(made.files) for number in ("123-456-789", "2468"))
    assert errors(folder) == []


def test_a_slug_is_latin_and_free(seminars) -> None:
    contents = folders.read(seminars(), NOW)
    home = ZoneInfo("UTC")
    assert (
        slug_for(read("题目：论信任\n讲者：Cy Fox", home, NOW.date()), contents, "weekly")
        == "cy-fox"
    )
    assert slug_for(read("题目：论信任", home, NOW.date()), contents, "weekly") == "talk"
    assert slug_for(read("Title: Trust", home, NOW.date()), contents, "weekly") == "trust-2"


def test_a_text_keeps_its_formulas_and_loses_what_is_private() -> None:
    assert prepared("$x^2$ by ann@uni.example") == "$x^2$ by […]"
    assert prepared("it costs $x_{$") == r"it costs \$x_{\$"
    assert prepared("[here](../x)") == "here"


def test_what_is_there_is_never_overwritten(seminars) -> None:
    contents = folders.read(seminars(), NOW)
    with pytest.raises(FileExistsError):
        drafted(contents, "weekly", "trust", Pasted(), now=NOW)
    with pytest.raises(LookupError, match="did you mean 'weekly'"):
        drafted(contents, "wekly", "x", Pasted(), now=NOW)
    with pytest.raises(EntryError, match="slug"):
        drafted(contents, "weekly", "../../x", Pasted(), now=datetime.now(UTC))
