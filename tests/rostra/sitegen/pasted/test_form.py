"""The form and its reader know the same fields."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from rostra.sitegen import checks, folder
from rostra.sitegen.importing import write
from rostra.sitegen.pasted.entry import drafted, topic_names
from rostra.sitegen.pasted.form import LABELS, LONGEST, FormError, read
from rostra.sitegen.programme import load
from tests.rostra.sitegen.pasted._reading import NOW

ROOT = Path(__file__).parents[4]
FORM = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/propose-a-talk.yml").read_text("utf-8"))
FIELDS = [one for one in FORM["body"] if one["type"] != "markdown"]
KINDS = {"markdown": {"value"}, "input": {"label"}, "textarea": {"label"},
         "dropdown": {"label", "options"}, "checkboxes": {"label", "options"}}  # fmt: skip
MAY = {"label", "description", "placeholder", "options", "default", "value"}
ANSWERS = {
    "series": "weekly",
    "title": "On doubt",
    "title_zh": "论怀疑",
    "speakers": "Cy Fox (MIT) https://cy.example\n李雷（清华大学）",
    "date": "3 December 2026",
    "time": "15:00-16:30",
    "zone": "Beijing time",
    "place": "Room 204",
    "format": "Hybrid · 线上线下",
    "language": "Chinese · 中文",
    "registration": "https://r.example/1",
    "paper": "https://arxiv.org/abs/1.2",
    "topics": "trust, nonsense",
    "recording": "- [X] Nobody may record it. 请勿录像。",
    "abstract": "Why?\n\n### Date · 日期\n\n1 January 2030",
    "abstract_zh": "为何？",
    "bio": "Cy doubts.",
}


def body(answers=ANSWERS):
    """The body of an issue, as GitHub writes it."""
    return "\r\n\r\n".join(
        f"### {one['attributes']['label']}\r\n\r\n{answers.get(one['id']) or '_No response_'}"
        for one in FIELDS
    )


def proposed(seminars, answers=ANSWERS):
    contents = folder.read(seminars, NOW)
    talk = read(body(answers)).talk(ZoneInfo("Europe/Berlin"), NOW.date(), topic_names(contents))
    made = drafted(contents, "weekly", "", talk, now=NOW, form=True)
    write(seminars, made.files)
    return made


def test_the_form_is_one_that_github_takes() -> None:
    assert {"name", "description", "body"} <= set(FORM) <= {"name", "description", "title",
                                                            "labels", "body"}  # fmt: skip
    for one in FORM["body"]:
        assert set(one) <= {"type", "id", "attributes", "validations"}
        assert KINDS[one["type"]] <= set(one["attributes"]) <= MAY
    ids = [one["id"] for one in FIELDS]
    assert len(set(ids)) == len(ids)
    assert all(one.replace("_", "").isalnum() for one in ids)
    series = yaml.safe_load((ROOT / "seminars/series.yaml").read_text("utf-8"))
    assert FIELDS[0]["attributes"]["options"] == list(series)


def test_each_field_has_its_name_in_the_reader_and_in_both_languages() -> None:
    told = {one["attributes"]["label"]: one["id"] for one in FIELDS}
    assert {label.split(" · ")[0].lower(): key for label, key in told.items()} == LABELS
    assert list(LABELS) == [label.split(" · ")[0].lower() for label in told]
    assert all(any("\u4e00" <= one <= "\u9fff" for one in label) for label in told)
    assert set(ANSWERS) == set(told.values())


def test_each_answer_is_understood(seminars) -> None:
    entries = seminars(
        {"weekly/trust.yaml": "title: T\nstart: 2024-05-05 10:00\ntopics: [trust]\n"}
    )
    made = proposed(entries)
    talk = load(entries, NOW).find("on-doubt")
    assert (talk.title.en, talk.title.zh) == ("On doubt", "论怀疑")
    assert [one.name for one in talk.speakers] == ["Cy Fox", "李雷"]
    assert [one.affiliation for one in talk.speakers] == ["MIT", "清华大学"]
    assert talk.speakers[0].homepage == "https://cy.example"
    assert f"{talk.start:%Y-%m-%d %H:%M} {talk.zone.key}" == "2026-12-03 15:00 Asia/Shanghai"
    assert talk.length.total_seconds() == 90 * 60
    assert (talk.place, talk.format, talk.language) == ("Room 204", "hybrid", "zh")
    assert talk.links.registration == "https://r.example/1"
    assert talk.links.paper == "https://arxiv.org/abs/1.2"
    assert (talk.topics, talk.do_not_record, talk.bio) == (("trust",), True, "Cy doubts.")
    assert talk.abstract.zh == "为何？"
    assert "1 January 2030" in talk.abstract.en  # a heading within an answer is no answer
    assert "# check" not in made.files[made.path]
    assert [one for one in checks.check(entries, NOW) if one.severity == "error"] == []


def test_what_has_no_answer_is_left(seminars) -> None:
    entries = seminars()
    proposed(
        entries, {key: ANSWERS[key] for key in ("series", "title", "speakers", "date", "time")}
    )
    talk = load(entries, NOW).find("on-doubt")
    assert (talk.place, talk.format, talk.abstract, talk.do_not_record) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "none of its"), ("hello\n### World\nx", "none"), ("x" * (LONGEST + 1), "at most")],
)
def test_what_is_no_form_is_refused(text, told) -> None:
    with pytest.raises(FormError, match=told):
        read(text)
