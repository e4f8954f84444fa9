from time import process_time

import pytest

from rostra.sitegen import privacy
from rostra.sitegen.faults import EntryError
from rostra.sitegen.privacy import JOIN, MAIL, PASSWORD, private, secret

PRIVATE = {
    "ann.lee+talks@uni.example": MAIL,
    "https://uni.example/j/99?pwd=abc123": PASSWORD,
    "https://uni.example/join?id=4&token=xyz": PASSWORD,
    "https://ann:hunter2@uni.example/": PASSWORD,
    "Password: 4711": PASSWORD,
    "passcode = tulip": PASSWORD,
    "会议密码：123456": PASSWORD,
    "https://us02web.zoom.us/j/123456789": JOIN,
    "https://meeting.tencent.com/dm/AbCdEf": JOIN,
    "https://teams.microsoft.com/l/meetup-join/19": JOIN,
    "https://meet.google.com/abc-defg-hij": JOIN,
}
PUBLIC = [
    "https://meeting.tencent.com/dw/mD5ht1WOQQbQ",
    "https://space.bilibili.com/341626036",
    "https://drive.google.com/file/d/1L6idiKFWLioqKesi7zZ2qu5ewB9doEY6/view",
    "https://medium.com/@somebody/post",
    "mAP@0.5 and recall@10",
    "Passwords: a history",
    "How a password: chosen by people, falls to a guessing model",
    "对密码的攻击",
    "https://zoom.us/webinar/register/WN_abc",
    "compute tokens = subwords",
]


@pytest.mark.parametrize(("text", "kind"), PRIVATE.items())
def test_private_values_are_found_inside_other_text(text: str, kind: str) -> None:
    found = list(private(f"Come: {text} and listen"))
    assert kind in [what for what, _, _ in found]
    assert all(f"Come: {text} and listen"[start:].startswith(bit) for _, start, bit in found)


@pytest.mark.parametrize("text", PRIVATE)
@pytest.mark.parametrize("letters", ["", "s\u017f", "k\u212a", "i\u0130", "i\u0131"])
def test_other_capitals_hide_nothing_that_a_shape_finds(text, letters) -> None:
    for written in (text, text.upper(), text.title(), text.swapcase()):
        other = written.replace(letters[:1], letters[1:]) if letters else written
        known = {what for what, _, shape in privacy._SHAPES if shape.search(other)}
        assert {what for what, _, _ in private(other)} == known


@pytest.mark.parametrize("text", PUBLIC)
def test_public_text_is_left_alone(text: str) -> None:
    assert list(private(text)) == []


def test_a_secret_comes_from_the_environment_or_the_ignored_file(tmp_path, monkeypatch) -> None:
    assert secret("weekly-join", tmp_path) is None
    (tmp_path / "secrets.yaml").write_text("weekly-join: https://a.example/j/1\nother: 012\n")
    assert secret("weekly-join", tmp_path) == "https://a.example/j/1"
    assert secret("absent", tmp_path) is None
    monkeypatch.setenv("ROSTRA_SECRET_WEEKLY_JOIN", "https://b.example/j/2")
    assert secret("weekly-join", tmp_path) == "https://b.example/j/2"


def test_a_broken_file_of_secrets_says_so(tmp_path) -> None:
    (tmp_path / "secrets.yaml").write_text("a: [")
    with pytest.raises(EntryError):
        secret("a", tmp_path)


def test_a_fault_of_the_file_of_secrets_does_not_repeat_them(tmp_path) -> None:
    (tmp_path / "secrets.yaml").write_text("a: [tulip-4711\n")
    with pytest.raises(EntryError) as raised:
        secret("a", tmp_path)
    assert "tulip" not in str(raised.value)


def test_a_file_of_secrets_may_lie_elsewhere(tmp_path) -> None:
    (tmp_path / "kept").write_text("a: tulip-4711\n")
    (tmp_path / "secrets.yaml").symlink_to(tmp_path / "kept")
    assert secret("a", tmp_path) == "tulip-4711"


BOMBS = (
    *("a", "a@a.", "a.", "-", "password:", "password ", "密码" + " " * 50, "密码：", "密码1a"),
    *("https://webex.com/", "https://a.", "https://" + "a." * 50, "://a:", "?pwd=", "1"),
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_text_takes_long(bomb: str) -> None:
    text = bomb * (200_000 // len(bomb))
    begun = process_time()
    assert sum(1 for _ in private(text)) >= 0
    assert process_time() - begun < 8
