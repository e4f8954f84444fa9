from rostra.sitegen.linters._base import Finding


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    places = [("b.ics", 1), ("a.ics", 10), ("a.ics", 9)]
    found = [Finding(file, line, "crlf", "no CR", "RFC 5545, 3.1") for file, line in places]
    assert [(one.file, one.line) for one in sorted(found)] == sorted(places)
