"""Components (RFC 5545, 3.4 and 3.6): what stands in what, and how often."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rostra.sitegen.linters.ics_lines import Property
from rostra.sitegen.linters.ics_rules import Report


@dataclass
class Component:
    """A component with its properties and what stands inside."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of a name."""
        return [one for one in self.properties if one.name == name]

    def one(self, name: str) -> Property | None:
        """The first property of a name."""
        return next(iter(self.all(name)), None)

    def walk(self, *names: str) -> Iterator["Component"]:
        """This component and all inside it that have one of the names; no name: all."""
        if not names or self.name in names:
            yield self
        for part in self.parts:
            yield from part.walk(*names)


@dataclass(frozen=True)
class Shape:
    """What a component must have once, may have once, may have often, and may stand in."""

    within: str
    must: str
    may: str = ""
    often: str = ""

    @cached_property
    def names(self) -> frozenset[str]:
        """All properties that the standards give it."""
        return self.single | {*self.often.split()}

    @cached_property
    def single(self) -> frozenset[str]:
        """Those that stand in it once at most."""
        return frozenset([*self.must.split(), *self.may.split()])


_RICH = "STYLED-DESCRIPTION STRUCTURED-DATA LINK CONCEPT REFID"
_OBSERVANCE = Shape("VTIMEZONE", "DTSTART TZOFFSETFROM TZOFFSETTO", "RRULE", "COMMENT RDATE TZNAME")
SHAPES: Mapping[str, Shape] = {
    "VCALENDAR": Shape(
        "",
        "PRODID VERSION",
        "CALSCALE METHOD UID LAST-MODIFIED URL REFRESH-INTERVAL SOURCE COLOR",
        f"NAME DESCRIPTION CATEGORIES IMAGE {_RICH}",
    ),
    "VEVENT": Shape(
        "VCALENDAR",
        "UID DTSTAMP DTSTART",
        "CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE STATUS "
        "SUMMARY TRANSP URL RECURRENCE-ID RRULE DTEND DURATION COLOR",
        "ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE REQUEST-STATUS RELATED-TO RESOURCES "
        f"RDATE CONFERENCE IMAGE {_RICH}",
    ),
    "VTIMEZONE": Shape("VCALENDAR", "TZID", "LAST-MODIFIED TZURL"),
    "STANDARD": _OBSERVANCE,
    "DAYLIGHT": _OBSERVANCE,
    "PARTICIPANT": Shape(
        "VEVENT",
        "UID PARTICIPANT-TYPE",
        "CALENDAR-ADDRESS CREATED DESCRIPTION DTSTAMP GEO LAST-MODIFIED PRIORITY SEQUENCE STATUS "
        "SUMMARY URL",
        f"ATTACH CATEGORIES COMMENT CONTACT LOCATION REQUEST-STATUS RELATED-TO RESOURCES {_RICH}",
    ),
}
KNOWN = {name for shape in SHAPES.values() for name in shape.names}


def component(lines: Iterable[Property], report: Report) -> Component:
    """Build the tree of a file: a component without a name that holds its calendars."""
    root = Component("", 1)
    open_ones = [root]
    for line in lines:
        if line.name == "BEGIN":
            found = Component(line.value.upper(), line.line)
            open_ones[-1].parts.append(found)
            open_ones.append(found)
        elif line.name == "END":
            _close(open_ones, line, report)
        elif open_ones[-1] is root:
            report.add(line.line, "nesting", f"{line.name} stands outside of a calendar")
        else:
            open_ones[-1].properties.append(line)
    for left in open_ones[1:]:
        report.add(left.line, "nesting", f"{left.name} has no end")
    return root


def _close(open_ones: list[Component], line: Property, report: Report) -> None:
    name = line.value.upper()
    if open_ones[-1].name != name or len(open_ones) == 1:
        report.add(line.line, "nesting", f"END:{name} closes {open_ones[-1].name or 'nothing'}")
    if len(open_ones) > 1:
        open_ones.pop()


def check(root: Component, report: Report) -> None:
    """Find components in wrong places, and properties that are missing, doubled or misplaced."""
    if not root.parts:
        report.add(1, "empty", "there is no calendar")
    _nesting(root, report)
    for found in root.walk(*SHAPES):
        _properties(found, SHAPES[found.name], report)
    for calendar in root.walk("VCALENDAR"):
        _calendar(calendar, report)


def _nesting(outer: Component, report: Report) -> None:
    for inner in outer.parts:
        shape = SHAPES.get(inner.name)
        if (shape and shape.within != outer.name) or (not outer.name and shape is None):
            report.add(inner.line, "nesting", f"{inner.name} stands in {outer.name or 'nothing'}")
        _nesting(inner, report)


def _properties(found: Component, shape: Shape, report: Report) -> None:
    names = [one.name for one in found.properties]
    for name in shape.must.split():
        if name not in names:
            report.add(found.line, "missing", f"{found.name} has no {name}")
    for position, one in enumerate(found.properties):
        if one.name in shape.single and one.name in names[:position]:
            report.add(one.line, "once", f"{one.name} stands twice in {found.name}")
        if one.name in KNOWN and one.name not in shape.names:
            report.add(one.line, "misplaced", f"{found.name} has no property {one.name}")


def _calendar(calendar: Component, report: Report) -> None:
    if not calendar.parts:
        report.add(calendar.line, "empty", "the calendar has no component")
    for method in calendar.all("METHOD"):
        report.add(method.line, "method", "METHOD makes a message of what is published")
    for version in calendar.all("VERSION"):
        if version.value != "2.0":
            report.add(version.line, "version", f"the version is {version.value}, not 2.0")
