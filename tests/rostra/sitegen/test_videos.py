"""Recordings by their addresses: who is contacted, by which player, and from which second."""

import pytest

from rostra.sitegen.captions import Cue
from rostra.sitegen.videos import paragraphs, video

ID, BV, SHORT = "aqz-KE-bpKQ", "BV1xx411c7mD", "kkGMgK9ZtnKfYAgnEtQxbv"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
PLAYERS = {
    f"https://www.youtube.com/watch?v={ID}&list=x": f"www.youtube-nocookie.com/embed/{ID}?",
    f"https://youtu.be/{ID}?t=3": f"www.youtube-nocookie.com/embed/{ID}?",
    f"https://www.youtube.com/live/{ID}": f"www.youtube-nocookie.com/embed/{ID}?",
    f"https://www.bilibili.com/video/{BV}/?p=1": f"player.bilibili.com/player.html?bvid={BV}&",
    f"https://tube.example/w/{SHORT}": f"tube.example/videos/embed/{SHORT}?autoplay=1&p2p=0",
    f"https://tube.example/videos/watch/{UUID}": f"tube.example/videos/embed/{UUID}?",
}


@pytest.mark.parametrize(("address", "player"), PLAYERS.items())
def test_a_services_player_is_known_by_the_address(address: str, player: str) -> None:
    found = video(address)
    assert found is not None
    assert found.player.startswith(f"https://{player}")
    assert found.kind == "frame"
    assert found.player.startswith(f"https://{found.host}/")
    assert "{second}" in found.player


@pytest.mark.parametrize("end", ["mp4", "webm", "MP4?x=1"])
def test_a_file_is_played_by_the_browser(end: str) -> None:
    found = video(f"https://files.example/talk.{end}")
    assert found is not None
    assert (found.kind, found.host) == ("file", "files.example")
    assert found.at(61.9) == f"https://files.example/talk.{end}#t=61"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "https://space.bilibili.com/341626036",
        "https://www.youtube.com/@channel",
        "https://evil.example/watch?v=aqz-KE-bpKQ",
        "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
        "https://evilbilibili.com/video/BV1xx411c7mD",
        "https://www.youtube.com/watch?v=%22%3E%3Cscript",
        f"http://tube.example/w/{SHORT}",
        "https://a.example/w/short",
    ],
)
def test_what_is_not_known_is_only_a_link(address: str | None) -> None:
    assert video(address) is None


def test_a_long_speech_is_parted_every_half_minute() -> None:
    cues = [Cue(10.0 * i, 10.0 * i + 9, str(i)) for i in range(7)]
    assert [(one.clock, one.text) for one in paragraphs(cues)] == [
        ("0:00", "0 1 2"),
        ("0:30", "3 4 5"),
        ("1:00", "6"),
    ]
    assert next(paragraphs([Cue(3723, 3724, "late")])).clock == "1:02:03"
