"""The playground: its handlers as plain functions, and the whole of it through the server."""

import asyncio
import base64
import io
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from demos.attack_playground import SETTINGS, START, _attacks, attacked, build, looked, restored
from robustlib.attacks import attacks
from robustlib.errors import ModelError
from rostra.live import pictures, pixels, player
from rostra.live.inputs import PIXEL_LIMIT
from rostra.live.server import create_app
from rostra.live.settings import MOST_STEPS, SCALES, SETS, THREATS, VICTIMS
from rostra.live.words import MESSAGES
from tests.rostra.live.test_inputs import BAD

VALUES = tuple(START.values())


def half_a_png() -> str:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(file, "PNG")
    half = file.getvalue()[: file.tell() // 2]
    return "data:image/png;base64," + base64.b64encode(half).decode()


def replaced(name: str, value: Any) -> tuple[Any, ...]:
    return tuple({**START, name: value}.values())


def test_what_it_says_it_can_be_set_to_is_what_it_can_be_set_to() -> None:
    assert set(SETTINGS) == {*START, "set"}
    assert (SETTINGS["set"], SETTINGS["victim"], SETTINGS["threat"]) == (SETS, VICTIMS, THREATS)
    assert [*SETTINGS["attack"]] == sorted(SETTINGS["attack"])
    assert {*SETTINGS["attack"]} <= {*attacks}
    assert SETTINGS["eps"] == (0, max(scale.most for scale in SCALES.values()))
    assert SETTINGS["steps"] == (1, MOST_STEPS)
    held = [pictures.held(name) for name in SETS]
    assert SETTINGS["goal"] == ("any", 0, max(len(one.classes) for one in held) - 1)
    assert SETTINGS["picture"] == (0, max(len(one.images) for one in held) - 1)


def test_the_default_run_fools_the_standard_model_and_not_the_robust_one() -> None:
    *_, view = attacked(VALUES, "en", "cpu")
    assert view["models"]["standard"]["phase"] == "fooled"
    assert view["models"]["robust"]["phase"] == "holds"
    assert view["models"]["standard"]["cost"]["linf"] <= 8 / 255


@pytest.mark.parametrize(
    ("name", "value"),
    [("eps", math.nan), ("eps", "8"), ("steps", 10**9), ("attack", "rm"), ("picture", {"set": 3})],
)
def test_a_wrong_value_is_said_and_nothing_runs(name: str, value: Any) -> None:
    for language, sign in (("en", "must be"), ("zh", "应为")):
        views = list(attacked(replaced(name, value), language, "cpu"))
        assert [view["phase"] for view in views] == ["error"]
        assert sign in views[0]["notes"][0]
        assert views[0]["about"] == "run"


def test_a_bad_upload_is_said_in_both_languages() -> None:
    sent = {"set": "signs", "kind": "file", "data": half_a_png()}
    for language, words in (("en", "damaged"), ("zh", "损坏")):
        view, again = looked(sent, language, "cpu"), looked(sent, language, "cpu")
        assert (view["phase"], view["about"]) == ("error", "picture")
        assert words in view["notes"][0]
        assert view != again  # or Gradio would not tell the page a second time


def test_our_own_failure_is_logged_and_not_explained_to_visitors(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ModelError("a secret of the server")

    monkeypatch.setattr(player, "model", broken)
    *_, view = attacked(VALUES, "en", "cpu")
    assert view["phase"] == looked(START["picture"], "en", "cpu")["phase"] == "error"
    assert view["notes"] == [MESSAGES["failed"][0]]
    assert "a secret of the server" in caplog.text


def test_a_link_sets_the_controls_and_the_stage() -> None:
    asked = {"set": "digits", "picture": "4", "threat": "l2", "eps": "1.5", "goal": "7"}
    picture, victim, attack, threat, eps, steps, goal, name, view = restored(asked, "zh", "cpu")
    assert victim == "each"
    assert picture == {"set": "digits", "kind": "test", "index": 4}
    assert (attack, threat, steps, name) == ("pgd", "l2", 40, "digits")
    assert (eps.value, eps.maximum) == (1.5, 6)
    assert goal.value == 7
    assert view["label"] == 4


def test_a_broken_link_says_so_and_starts_afresh() -> None:
    picture, *_, view = restored({"picture": "99", "lang": "zh"}, "en", "cpu")
    assert picture == START["picture"]
    assert "picture must be a number from 0 to 15" in view["notes"][0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_setting_of_every_control_can_be_run(language: str) -> None:
    async def built() -> gr.Blocks:  # inside a loop, as the server builds it
        return build(language, "cpu")

    demo = asyncio.run(built())
    blocks = [block for block in demo.blocks.values() if hasattr(block, "choices")]
    offered = [[value for _, value in block.choices] for block in blocks]
    attacks = next(values for values in offered if "pgd" in values)
    assert {"fgsm", "pgd", "deepfool", "square", "noise"} <= set(attacks)
    for attack in attacks:
        values = {**START, "attack": attack, "steps": 2}.values()
        *_, view = attacked(tuple(values), language, "cpu")
        assert view["phase"] == "done", attack


@pytest.mark.parametrize(
    ("language", "count"), [("en", "10 queries/step"), ("zh", "每步 10 次查询")]
)
def test_what_a_step_buys_is_told_beside_the_attack(language: str, count: str) -> None:
    told = {name: text for text, name in _attacks(language)}
    assert [name for name, text in told.items() if count in text] == ["noise", "square"]
    assert told["fgsm"].endswith({"en": ", one step", "zh": "，单步"}[language])
    assert told["pgd"] == {"en": "PGD, white-box", "zh": "PGD，白盒"}[language]


# ---- through the server ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = tmp_path_factory.mktemp("site")
    with TestClient(create_app(site, Path("demos"), device="cpu")) as client:
        while client.get("/demos/status.json").json()["state"] in (
            "loading",
            "installing",
            "absent",
        ):
            time.sleep(0.2)
        yield client


def call(client: TestClient, index: int, data: list[Any]) -> Iterator[dict[str, Any]]:
    """Join the queue as Gradio's page does, and read what comes."""
    base = "/demos/attack_playground/gradio_api/queue"
    session = f"test{index}"
    sent = {"data": data, "fn_index": index, "session_hash": session}
    assert client.post(f"{base}/join", json=sent).status_code == 200
    with client.stream("GET", f"{base}/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                message = json.loads(line[5:])
                yield message
                if message["msg"] == "process_completed":
                    return


def handler(client: TestClient, inputs: int) -> int:
    """The event with so many inputs."""
    config = client.get("/demos/attack_playground/config").json()
    found = [d["id"] for d in config["dependencies"] if len(d["inputs"]) == inputs]
    return int(found[0])


def test_it_streams_through_the_queue_and_unchanged_parts_are_not_sent_again(
    client: TestClient,
) -> None:
    index = handler(client, len(VALUES))
    messages = list(call(client, index, [*VALUES[:5], 40, "any"]))
    assert messages[-1]["success"] is True
    moving = [message for message in messages if message["msg"] == "process_generating"]
    assert len(moving) >= 2
    original = moving[0]["output"]["data"][0]["original"]
    assert original.startswith(pixels.URI)
    assert not any(original in json.dumps(message) for message in moving[1:])


def uploaded(client: TestClient, content: bytes, name: str) -> dict[str, Any]:
    """What the stage shows of a file for one of the sets, chosen while signs are shown."""
    data = f"data:image/x;base64,{base64.b64encode(content).decode()}"
    sent = {"set": name, "kind": "file", "data": data}
    *_, last = call(client, handler(client, 3), [sent, "linf", None])
    assert last["success"] is True
    eps, goal, _, view = last["output"]["data"]
    assert eps == goal == {"__type__": "update"}  # no slider moves to a set that is not shown
    told: dict[str, Any] = view
    return told


def attacks_still_run(client: TestClient) -> bool:
    *_, last = call(client, handler(client, len(VALUES)), [*VALUES[:5], 1, "any"])
    return last["success"] is True


@pytest.mark.parametrize("name", BAD)
def test_a_bad_upload_is_told_why_and_leaves_the_server_well(client: TestClient, name: str) -> None:
    content, key = BAD[name]
    view = uploaded(client, content(), "digits")
    assert view["phase"] == "error"
    assert view["notes"][0] == MESSAGES[key][0].format(limit=PIXEL_LIMIT // 10**6, frames=3)
    assert attacks_still_run(client)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP", "BMP"])
def test_an_upload_travels_as_data_and_leaves_the_server_well(
    client: TestClient, kind: str
) -> None:
    file = io.BytesIO()
    Image.new("CMYK" if kind == "JPEG" else "RGB", (40, 40), "red").save(file, kind)
    view = uploaded(client, file.getvalue(), "signs")
    assert view["phase"] == "ready"
    assert (MESSAGES["cmyk"][0] in view["notes"]) == (kind == "JPEG")
    assert attacks_still_run(client)


def test_nothing_else_can_be_called_by_name(client: TestClient) -> None:
    info = client.get("/demos/attack_playground/gradio_api/info").json()
    assert info["named_endpoints"] == {}
