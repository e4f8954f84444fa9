from rostra.refusal import fail


def test_a_refusal_is_said_on_standard_error(capsys) -> None:
    assert fail("no such talk").exit_code == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "no such talk\n")
