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
        ("Dr. Alice O'Neil (UC Berkeley) and Prof. Bob van der Berg (TU Delft)",
         [("Alice O'Neil", "UC Berkeley"), ("Bob van der Berg", "TU Delft")]),
        ("Maria de la Cruz (UNAM) & Ludwig von der Tann (LMU)",
         [("Maria de la Cruz", "UNAM"), ("Ludwig von der Tann", "LMU")]),
        ("Ann Lee (MIT), Bob Ray (TU Wien), and Cy Fox (ETH)",
         [("Ann Lee", "MIT"), ("Bob Ray", "TU Wien"), ("Cy Fox", "ETH")]),
        ("Ann Lee (MIT); Bob Ray (CMU)", [("Ann Lee", "MIT"), ("Bob Ray", "CMU")]),
        ("Plato (Athens), Sappho (Lesbos) & Zeno (Elea)",
         [("Plato", "Athens"), ("Sappho", "Lesbos"), ("Zeno", "Elea")]),
        ("Ann Lee [MIT] and Bob Ray [CMU]", [("Ann Lee", "MIT"), ("Bob Ray", "CMU")]),
        ("Ann Lee（MIT）和 Bob Ray（CMU）", [("Ann Lee", "MIT"), ("Bob Ray", "CMU")]),
        ("张三（清华大学）、李雷（北京大学）和王芳（浙江大学）",
         [("张三", "清华大学"), ("李雷", "北京大学"), ("王芳", "浙江大学")]),
        ("张三 教授（清华大学） 以及 李雷（北京大学）",
         [("张三", "清华大学"), ("李雷", "北京大学")]),
        ("Ann Lee (Universities of Ulm and Bonn) and Bob Ray (CMU)",
         [("Ann Lee", "Universities of Ulm and Bonn"), ("Bob Ray", "CMU")]),
        ("Ann Lee (MIT) and University of Ulm (Germany)", [("Ann Lee", "MIT")]),
        ("Ann Lee (MIT) and others (see below)", [("Ann Lee", "MIT")]),
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


@pytest.mark.parametrize("text", ["", "???", "TBA", "待定", "<script>", "{{ x }}", "12345"])
def test_what_is_no_name_is_nobody(text) -> None:
    assert speakers(text) == ()
