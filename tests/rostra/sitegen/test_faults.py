from rostra.sitegen.faults import EntryError, Fault, nearest


def test_a_fault_prints_like_a_compilers() -> None:
    fault = Fault(
        "seminars/a/b.yaml",
        12,
        7,
        "choice",
        "'sunday' is not known here",
        expected="one of confirmed, tentative",
        got="'sunday'",
        suggestion="did you mean 'confirmed'?",
        source="  key: sunday",
    )
    assert str(fault).splitlines() == [
        "seminars/a/b.yaml:12:7: 'sunday' is not known here [choice]",
        "   12 |   key: sunday",
        "      |       ^",
        "      = expected one of confirmed, tentative",
        "      = got 'sunday'",
        "      = did you mean 'confirmed'?",
    ]


def test_the_caret_stands_under_the_fault_after_han_and_tabs() -> None:
    fault = Fault("a", 1, 5, "x", "m", source="\t标题:x")
    caret = str(fault).splitlines()[2]
    assert caret == "      | \t     ^"


def test_an_error_carries_all_faults_in_file_order() -> None:
    late, early = Fault("b", 1, 1, "x", "late"), Fault("a", 9, 1, "x", "early")
    error = EntryError([late, early])
    assert error.faults == (early, late)
    assert str(error).index("early") < str(error).index("late")
    assert isinstance(error, ValueError)


def test_suggestions_keep_the_case_of_what_is_known() -> None:
    assert nearest("asia/hongkong", ["Asia/Hong_Kong", "Asia/Tokyo"]) == (
        "did you mean 'Asia/Hong_Kong'?"
    )
