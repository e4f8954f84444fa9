from datetime import timedelta

import pytest

from rostra.sitegen.preview.changes import Row, effect
from rostra.sitegen.programme import load
from rostra.sitegen.release import compare, release
from tests.rostra.sitegen.conftest import NOW, PEOPLE, SITE, TALK

LATER = NOW + timedelta(hours=1)
REF = "weekly/trust"


def changed(seminars, talk, *, known=True, before=TALK, language="en"):
    folder = seminars({"weekly/trust.yaml": before})
    first = load(folder, NOW)
    release(compare(first, NOW))
    (folder / "weekly/trust.yaml").write_text(talk, encoding="utf-8")
    comparison = compare(load(folder, LATER), LATER)
    return effect(comparison, REF, language, first.find(REF) if known else None)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("05-05 10", "05-12 11", ("moved",)),
        ("speakers", "duration: 2 h\nspeakers", ("resized",)),
        ("speakers", "zone: Europe/Paris\nspeakers", ("rezoned",)),
        ("speakers", "place: Room 7\nspeakers", ("relocated",)),
        ("speakers", "status: cancelled\nspeakers", ("cancelled",)),
        ("speakers", "status: postponed\nspeakers", ("postponed",)),
        ("speakers", "status: tentative\nspeakers", ("tentative",)),
        ("speakers", "do_not_record: true\nspeakers", ("nothing",)),
    ],
)
def test_what_the_ledger_knows_has_one_kind(seminars, known, old, new, kinds) -> None:
    found = changed(seminars, TALK.replace(old, new), known=known)
    words = {"relocated"} & set(kinds) and known  # the place is a word as well
    assert found.kinds == ((*kinds, "reworded") if words else kinds)
    assert found.sequence == ((0, 0) if kinds == ("nothing",) else (0, 1))


def test_a_title_is_known_only_beside_the_earlier_entry(seminars) -> None:
    other = TALK.replace("On trust", "On doubt")
    assert changed(seminars, other).kinds == ("renamed",)
    assert (
        Row("title", "On trust (Wei Wang)", "On doubt (Wei Wang)") in changed(seminars, other).rows
    )
    unknown = changed(seminars, other, known=False)
    assert (unknown.kinds, unknown.guess, unknown.rows) == (("reworded",), True, ())


def test_of_a_long_field_only_what_differs_is_shown(seminars) -> None:
    before = TALK + "abstract: |\n  One.\n\n  Two.\n"
    found = changed(seminars, before.replace("Two", "Three"), before=before)
    assert found.kinds == ("reworded",)
    assert [(row.before, row.after) for row in found.rows] == [("Two.", "Three.")]


def test_fields_are_told_old_to_new_in_both_languages(seminars) -> None:
    new = TALK.replace("10:00", "11:30") + "status: moved\nmoved_from: 2024-05-05 10:00\n"
    rows = {row.field: row for row in changed(seminars, new).rows}
    assert rows["start"] == Row(
        "start", "Sunday 5 May 2024, 10:00 Berlin time", "Sunday 5 May 2024, 11:30 Berlin time"
    )
    assert rows["end"] == Row("end", "11:00", "12:30")
    rows = {row.field: row for row in changed(seminars, new, language="zh").rows}
    assert rows["start"].after == "2024 年 5 月 5 日 星期日 11:30（柏林时间）"


def test_what_was_cancelled_takes_place_again(seminars) -> None:
    found = changed(seminars, TALK, before=TALK + "status: cancelled\n")
    assert found.kinds == ("revived",)


def test_what_is_new_and_what_is_a_draft_again(seminars) -> None:
    programme = load(seminars(), NOW)
    found = effect(compare(programme, NOW), REF, "en")
    assert (found.kinds, found.sequence) == (("new",), (None, 0))
    assert changed(seminars, TALK + "status: draft\n").kinds == ("withdrawn",)


def test_another_address_of_the_site_is_told_as_addresses(seminars) -> None:
    folder = seminars()
    release(compare(load(folder, NOW), NOW))
    seminars({"site.yaml": SITE.replace("lab.example", "new.example")})
    found = effect(compare(load(folder, LATER), LATER), REF, "en")
    row = Row("address", f"https://lab.example/talks/{REF}/", f"https://new.example/talks/{REF}/")
    assert (found.kinds, found.rows, found.guess) == (("resited",), (row,), False)


def test_another_speaker_is_a_new_word_and_no_new_title(seminars) -> None:
    assert "ann:" in PEOPLE
    assert changed(seminars, TALK.replace("wang", "ann")).kinds == ("reworded",)
