"""What visitors bring to the playground: drawings, files, and settings that cannot be run."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser._playground import GALLERY, PREFIX, attack, demo


def test_a_digit_can_be_drawn(live: str, visit: Callable, pictures: Path) -> None:
    page = visit(live, width=390).go(GALLERY)
    frame = demo(page)
    frame.get_by_role("button", name="Draw", exact=True).click()
    board = frame.get_by_role("img", name="Draw a digit from 0 to 9 here")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 0.15 * box["height"])
    page.mouse.down()
    page.mouse.move(x - 8, y + 0.85 * box["height"], steps=8)
    page.mouse.up()
    expect(frame.locator(".notes")).to_contain_text("centred and scaled to 28 × 28")
    expect(frame.locator(".side.is-standard li .label").first).to_have_text("1")
    expect(frame.get_by_role("spinbutton", name=re.compile("^eps"))).to_have_value("38")
    attack(frame)
    page.screenshot(path=pictures / "drawn-390.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bad_file_is_said_and_the_picture_stays(
    live: str, visit: Callable, language: str, tmp_path: Path
) -> None:
    page = visit(live).go(PREFIX[language] + GALLERY)
    frame = demo(page)
    frame.get_by_role("button", name={"en": "Upload", "zh": "上传"}[language]).click()
    file = frame.locator("input[type=file]")
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    said = frame.get_by_role("alert").first
    shown = frame.locator(".rostra-picker input[type=radio]").first
    words = re.compile({"en": "An SVG is a drawing", "zh": "SVG 是矢量图"}[language])
    for _ in range(2):  # told each time, and of the later file where the earlier one is on its way
        file.set_input_files({"name": "x", "mimeType": "image/x", "buffer": b"GIF89a"})
        file.set_input_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": drawing})
        expect(said).to_have_text(words)
        expect(frame.locator(".rostra-stage")).to_have_attribute("data-phase", "ready")
        expect(shown).to_be_checked()
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(photo, "JPEG")
    file.set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()})
    expect(frame.locator(".notes")).to_contain_text("300 × 200")
    expect(said).to_have_text("")
    expect(shown).not_to_be_checked()


def test_a_large_photo_is_made_small_before_it_is_sent(live: str, visit: Callable) -> None:
    page = visit(live).go(GALLERY)
    frame = demo(page)
    frame.get_by_role("button", name="Upload").click()
    photo = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6  # a phone held upright
    Image.new("RGB", (3000, 2000), "teal").save(photo, "JPEG", exif=turned)
    with page.expect_request(lambda request: len(request.post_data or "") > 500) as sent:
        frame.locator("input[type=file]").set_input_files(
            {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
        )
    with Image.open(io.BytesIO(file_in(sent.value.post_data_json))) as small:
        assert (small.format, small.size) == ("PNG", (341, 512))
    expect(frame.locator(".told")).to_contain_text("2000 × 3000")
    expect(frame.locator(".notes")).to_contain_text("341 × 512")
    expect(frame.locator(".notes")).not_to_contain_text("Transparent")


def file_in(request: dict) -> bytes:
    """The picture that the page has sent."""
    return base64.b64decode(request["data"][0]["data"].partition(",")[2])


def test_a_refused_run_leaves_the_last_one_on_the_stage(live: str, visit: Callable) -> None:
    frame = demo(visit(live, width=390).go(f"{GALLERY}?steps=3"))
    attack(frame)
    verdicts = frame.locator(".side .verdict").all_inner_texts()
    goal = frame.get_by_role("combobox", name="Goal")
    goal.click()
    options = frame.get_by_role("option")
    expect(options).to_have_count(17)
    assert frame.get_by_role("listbox").locator("..").bounding_box()["height"] <= 300
    frame.get_by_role("option", name="stop", exact=True).click()
    frame.get_by_role("button", name="Attack", exact=True).click()
    said = frame.get_by_role("alert").last
    expect(said).to_contain_text("The goal is the class that the picture shows already")
    expect(frame.locator(".rostra-stage")).to_have_attribute("data-phase", "done")
    assert frame.locator(".side .verdict").all_inner_texts() == verdicts
