import pytest

from rostra.sitegen.pasted.names import speakers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ann Lee", [("Ann Lee", "")]),
        ("Prof. Dr. Ann Lee, University of Ulm", [("Ann Lee", "University of Ulm")]),
        ("Ann Lee (ETH Zurich), Bob Ray (TU Wien)",
         [("Ann Lee", "ETH Zurich"), ("Bob Ray", "TU Wien")]),
        ("Ann Lee, Bob Ray and Cy Fox", [("Ann Lee", ""), ("Bob Ray", ""), ("Cy Fox", "")]),
        ("Ann Lee – Institute of Science and Technology",
         [("Ann Lee", "Institute of Science and Technology")]),
        ("Ann Lee\nUniversity of Ulm", [("Ann Lee", "University of Ulm")]),
        ("- Ann Lee\n- Bob Ray", [("Ann Lee", ""), ("Bob Ray", "")]),
        ("WANG, Wei", [("Wei Wang", "")]),
        ("Ann Lee, PhD", [("Ann Lee", "")]),
        ("张三（清华大学）", [("张三", "清华大学")]),
        ("浙江大学 张三 教授", [("张三", "浙江大学")]),
        ("清华大学张三教授", [("张三", "清华大学")]),
        ("王芳、赵强", [("王芳", ""), ("赵强", "")]),
        ("Oscar Lind 教授，隆德大学", [("Oscar Lind", "隆德大学")]),
    ],
)  # fmt: skip
def test_speakers_are_written_in_many_ways(text, found) -> None:
    assert [(one.name, one.affiliation) for one in speakers(text)] == found


def test_a_homepage_is_kept_and_a_mail_address_is_not() -> None:
    (one,) = speakers("[Ann Lee](https://ann.example/) <ann@uni.example>")
    assert (one.name, one.homepage) == ("Ann Lee", "https://ann.example/")
    assert "@" not in f"{one}"


def test_the_affiliation_may_have_a_label_of_its_own() -> None:
    assert [one.affiliation for one in speakers("Ann Lee", "University of Ulm")] == [
        "University of Ulm"
    ]


@pytest.mark.parametrize("text", ["", "???", "<script>", "{{ x }}", "12345"])
def test_what_is_no_name_is_nobody(text) -> None:
    assert speakers(text) == ()
