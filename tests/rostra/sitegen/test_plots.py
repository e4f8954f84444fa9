"""Pictures and tables of measurements: every figure is the table's, and said in words as well."""

import xml.etree.ElementTree as ET

from rostra.sitegen.plots import Bar, bars, plot, table

ROWS = [
    {"model": "a", "library": "robustlib", "kept": 3, "asked": 4, "s": 1.0},
    {"model": "b", "library": "robustlib", "kept": 1, "asked": 4, "s": 2.0},
    {"model": "a", "library": "<peer>", "kept": 1, "asked": 3, "s": "-"},
]


def test_groups_are_shares_or_means_in_the_order_of_the_table() -> None:
    assert bars(ROWS, ["kept"], ["library"], of="asked") == [
        Bar("robustlib", 50.0),
        Bar("<peer>", 100 / 3),
    ]
    assert bars(ROWS, ["s"], ["library"]) == [Bar("robustlib", 1.5)]
    assert [one.name for one in bars(ROWS, ["s"], ["model", "library"])] == [
        "a, robustlib",
        "b, robustlib",
    ]


def test_what_was_not_measured_lowers_no_share() -> None:
    """Of a row that lacks one of the two neither is counted; a group without any is left out."""
    unknown = [{"library": "robustlib", "kept": "–", "asked": 4}]
    unasked = [{"library": "robustlib", "kept": 2, "asked": "–"}]
    assert bars(ROWS + unknown + unasked, ["kept"], ["library"], of="asked")[0].value == 50
    assert bars(unknown + unasked, ["kept"], ["library"], of="asked") == []


def test_several_columns_are_named() -> None:
    found = bars(ROWS[:1], ["kept", "s"], ["model"])
    assert found == [Bar("a: kept", 3.0), Bar("a: s", 1.0)]


def drawn(*lines: Bar) -> ET.Element:
    svg = ET.fromstring(plot(lines, "Time & more", "One line each.", "k")).find("svg")
    assert svg is not None
    return svg


def test_a_line_is_as_long_as_its_value_and_says_it() -> None:
    svg = drawn(Bar("robustlib", 1.5), Bar("<peer>", 3.0), Bar("none", 0.0))
    groups = svg.findall("g")
    ends = [float(group.findall("line")[0].attrib["x2"].rstrip("%")) for group in groups]
    assert ends[0] * 2 == ends[1] < 100
    assert ends[2] == 0
    assert [[text.text for text in group.findall("text")] for group in groups] == [
        ["robustlib", "1.5"],
        ["<peer>", "3.0"],
        ["none", "0.0"],
    ]
    assert [group.attrib["class"] for group in groups] == ["ours", "theirs", "theirs"]


def test_a_picture_has_a_name_and_a_description_that_it_points_to() -> None:
    svg = drawn(Bar("a", 0.0))
    named = {one.attrib["id"]: one.text for one in (*svg.findall("title"), *svg.findall("desc"))}
    assert svg.attrib["aria-labelledby"].split() == list(named)
    assert list(named.values()) == ["Time & more", "One line each."]
    assert svg.attrib["role"] == "img"


def test_a_table_has_every_cell_and_its_notes_are_markdown() -> None:
    said = table(ROWS, ["By `make <it>`."], "All")
    tree = ET.fromstring(said)
    assert tree.findtext("summary") == "All"
    assert [one.text for one in tree.iter("th")] == list(ROWS[0])
    cells = [one.text for one in tree.iter("td")]
    assert cells[:5] == ["a", "robustlib", "3", "4", "1.0"]
    assert [one.attrib["data-label"] for one in tree.iter("td")][:5] == list(ROWS[0])
    assert cells[-5:] == ["a", "<peer>", "1", "3", "-"]
    assert "By <code>make &lt;it&gt;</code>." in said
    assert "\n\n" not in said
