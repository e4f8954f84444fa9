from rostra.sitegen.linters.ics_components import SHAPES, check, component
from rostra.sitegen.linters.ics_lines import content_lines
from rostra.sitegen.linters.ics_rules import Report
from tests.rostra.sitegen.linters._calendars import GOOD


def test_the_tree_is_that_of_the_file() -> None:
    report = Report("a.ics")
    root = component(content_lines(GOOD, report), report)
    check(root, report)
    assert report.findings == []
    (calendar,) = root.parts
    assert [part.name for part in calendar.parts] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    (participant,) = root.walk("PARTICIPANT")
    uid = participant.one("UID")
    assert uid is not None
    assert (uid.value, participant.one("SUMMARY"), len(participant.properties)) == ("a", None, 2)


def test_no_property_is_both_needed_and_left_open() -> None:
    for shape in SHAPES.values():
        names = [*shape.must.split(), *shape.may.split(), *shape.often.split()]
        assert len(names) == len(shape.names)
