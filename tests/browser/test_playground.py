"""The playground: an attack that wins on the standard model and loses on the robust one."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from rostra.live import pictures as held
from rostra.live import pixels
from rostra.live.settings import Source

GALLERY = "/gallery/attack_playground/"
GO = {"en": "Attack", "zh": "开始攻击"}


def demo(page: Page) -> FrameLocator:
    expect(page.locator(".rostra-demo.is-live")).to_be_visible(timeout=20_000)
    frame = page.frame_locator(".rostra-demo iframe")
    expect(frame.locator(".rostra-stage .side .bar").first).to_be_visible()
    return frame


def attack(frame: FrameLocator, language: str = "en") -> None:
    frame.get_by_role("button", name=GO[language], exact=True).click()
    finished(frame)


def finished(frame: FrameLocator, phase: str = "done") -> None:
    expect(frame.locator(".rostra-stage")).to_have_attribute("data-phase", phase, timeout=30_000)


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("zh", "dark", 1280), ("zh", "light", 390), ("en", "dark", 390)],
)
def test_the_standard_model_falls_and_the_robust_one_holds(
    live: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(live, width=width, scheme=scheme)
    page = visitor.go({"en": "", "zh": "/zh"}[language] + GALLERY)
    frame = demo(page)
    attack(frame, language)
    standard, robust = (frame.locator(f".side.is-{name}") for name in ("standard", "robust"))
    expect(standard).to_have_attribute("data-phase", "fooled")
    expect(robust).to_have_attribute("data-phase", "holds")
    expect(standard.locator(".verdict")).to_contain_text({"en": "fooled", "zh": "被骗"}[language])
    expect(standard.locator("li").first).to_have_class("is-adversarial")
    expect(robust.locator("li").first).to_have_class("is-clean")
    expect(frame.locator(".rostra-curves polyline")).to_have_count(2)
    page.wait_for_timeout(300)
    assert not visitor.overflows()
    page.screenshot(path=pictures / f"playground-{language}-{scheme}-{width}.png", full_page=True)


def test_it_streams_while_it_runs_and_can_be_stopped(live: str, visit: Callable) -> None:
    page = visit(live).go(f"{GALLERY}?steps=100&attack=square&eps=1")
    frame = demo(page)
    before = frame.locator(".cost").inner_text()
    frame.get_by_role("button", name="Attack", exact=True).click()
    expect(frame.locator(".rostra-stage")).to_have_attribute("data-phase", "running")
    expect(frame.locator(".rostra-curves polyline").first).to_be_visible()
    assert frame.locator(".cost").inner_text() != before
    frame.get_by_role("button", name="Stop").click()
    finished(frame, "stopped")
    expect(frame.locator(".side.is-robust .verdict")).to_contain_text("stopped at step")
    page.wait_for_timeout(2000)  # what the server had sent before it heard of the stop
    reached = frame.locator(".side.is-robust .verdict").inner_text()
    assert "at step 100" not in reached
    page.wait_for_timeout(1000)
    assert frame.locator(".side.is-robust .verdict").inner_text() == reached
    attack(demo(visit(live).go(f"{GALLERY}?steps=3")))  # the stopped job's place is free


def test_what_is_downloaded_is_what_was_measured(
    live: str, visit: Callable, tmp_path: Path
) -> None:
    page = visit(live).go(f"{GALLERY}?picture=2&eps=6&steps=10")
    frame = demo(page)
    attack(frame)
    with page.expect_download() as started:
        frame.get_by_role("link", name=re.compile("^PNG")).click()
    started.value.save_as(tmp_path / "adversarial.png")
    adversarial = pixels.from_png((tmp_path / "adversarial.png").read_bytes())
    clean, _ = held.fetch(Source("signs", index=2))
    measured = pixels.distances(clean.pixels, adversarial)
    assert 0 < measured["linf"] <= 6 / 255
    shown = frame.locator(".cost").inner_text().split()
    assert f"{measured['linf']:.4f}" == shown[shown.index("L∞") + 1]
    assert f"{measured['l2']:.2f}" == f"{float(shown[shown.index('L2') + 1]):.2f}"


def test_a_link_brings_the_setting_back_in_another_visit(live: str, visit: Callable) -> None:
    first = visit(live).go(f"{GALLERY}?set=digits&picture=3&eps=20&steps=7&goal=8")
    frame = demo(first)
    attack(frame)
    frame.get_by_role("button", name="Link").click()
    link = frame.get_by_role("textbox", name="Link to these settings").input_value()
    assert first.url == link
    assert "set=digits&picture=3" in link
    second = visit(live).page
    second.goto(link)
    again = demo(second)
    expect(again.get_by_role("radio", name="3", exact=True)).to_be_checked()
    expect(again.get_by_role("spinbutton", name=re.compile("^eps"))).to_have_value("20")
    attack(again)
    verdicts = [one.locator(".verdict").all_inner_texts() for one in (frame, again)]
    assert verdicts[0] == verdicts[1]


def test_repeat_in_python_can_be_read_and_copied(live: str, visit: Callable) -> None:
    page = visit(live).go(f"{GALLERY}?steps=3")
    frame = demo(page)
    attack(frame)
    height = page.locator(".rostra-demo iframe").bounding_box()["height"]
    door = frame.get_by_role("button", name="Repeat in Python")
    door.click()
    expect(door).to_have_attribute("aria-expanded", "true")
    compile(frame.locator(".panel code").inner_text(), "repeat.py", "exec")
    page.wait_for_timeout(300)
    assert page.locator(".rostra-demo iframe").bounding_box()["height"] > height


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
    page = visit(live).go({"en": "", "zh": "/zh"}[language] + GALLERY)
    frame = demo(page)
    frame.get_by_role("button", name={"en": "Upload", "zh": "上传"}[language]).click()
    file = frame.locator("input[type=file]")
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    file.set_input_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": drawing})
    said = frame.locator(".notes")
    expect(said).to_contain_text({"en": "An SVG is a drawing", "zh": "SVG 是矢量图"}[language])
    finished(frame, "error")
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(photo, "JPEG")
    file.set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()})
    expect(said).to_contain_text("300 × 200")
    finished(frame, "ready")


def test_all_of_it_by_keyboard(live: str, visit: Callable) -> None:
    page = visit(live).go(f"{GALLERY}?steps=3")
    frame = demo(page)
    first = frame.get_by_role("radio", name="stop", exact=True)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(frame.get_by_role("radio", name="yield", exact=True)).to_be_checked()
    expect(frame.locator(".pictures canvas").first).to_have_attribute(
        "aria-label", "original, yield"
    )
    go = frame.get_by_role("button", name="Attack", exact=True)
    go.focus()
    page.keyboard.press("Enter")
    finished(frame)
    expect(frame.get_by_role("status").first).to_contain_text("Robust:")


def test_canvases_hold_the_pixels_that_were_computed(live: str, visit: Callable) -> None:
    page = visit(live).go(f"{GALLERY}?picture=4&eps=8&steps=5")
    frame = demo(page)
    attack(frame)
    page.wait_for_timeout(200)
    drawn = frame.locator(".pictures canvas").evaluate_all("all => all.map((c) => c.toDataURL())")
    original, shown, adversarial = (picture(uri) for uri in drawn)
    clean, _ = held.fetch(Source("signs", index=4))
    assert torch.equal(original, clean.pixels)
    assert torch.equal(shown, (128 + 12 * (adversarial.int() - original.int())).to(torch.uint8))


def picture(uri: str) -> torch.Tensor:
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as image:
        flat = torch.frombuffer(bytearray(image.convert("RGB").tobytes()), dtype=torch.uint8)
        return flat.reshape(image.height, image.width, 3).permute(2, 0, 1).contiguous()


# ---- where nobody answers --------------------------------------------------------------------


def test_who_comes_early_sees_the_recording_and_then_the_live_demo(
    early: tuple[str, Path], visit: Callable
) -> None:
    origin, stamp = early
    page = visit(origin).go(GALLERY)
    expect(page.locator(".rostra-demo .starting")).to_contain_text("The live demo is starting")
    expect(page.locator(".rostra-player .side.is-standard")).to_be_visible()
    stamp.touch()
    attack(demo(page))
    expect(page.locator(".rostra-player")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("zh", "dark", 390)]
)
def test_without_a_server_the_page_plays_a_recording(
    still: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(still, width=width, scheme=scheme)
    page = visitor.go({"en": "", "zh": "/zh"}[language] + GALLERY)
    player = page.locator(".rostra-player")
    expect(player.locator(".recorded")).to_contain_text("torch 2.13")
    expect(player.locator(".side.is-standard")).to_have_attribute("data-phase", "fooled")
    expect(player.locator(".side.is-robust")).to_have_attribute("data-phase", "holds")
    page.screenshot(path=pictures / f"recorded-{language}-{scheme}-{width}.png", full_page=True)
    eps, steps = player.locator("input[type=range]").all()
    steps.focus()
    page.keyboard.press("Home")
    expect(player.locator(".side.is-standard")).to_have_attribute("data-phase", "running")
    eps.focus()
    page.keyboard.press("End")
    expect(eps).to_have_attribute("aria-valuetext", "16/255")
    assert not visitor.overflows()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (GALLERY, "The recorded run could not be loaded"),
        (f"/zh{GALLERY}", "录制未能载入"),
        ("/", "The recorded run could not be loaded"),
    ],
)
def test_a_recording_that_does_not_come_is_said(
    still: str, visit: Callable, path: str, said: str
) -> None:
    visitor = visit(still)
    visitor.page.route("**/recordings/*.json", lambda route: route.fulfill(status=404))
    page = visitor.go(path)
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert not [fault for fault in visitor.faults if fault.startswith("script")]
    visitor.faults.clear()  # the browser itself notes the file that did not come


def test_a_demo_that_does_not_answer_is_said_and_the_recording_played(
    live: str, visit: Callable
) -> None:
    visitor = visit(live)
    visitor.page.route("**/demos/status.json", lambda route: route.abort())
    page = visitor.go(GALLERY)
    expect(page.locator(".rostra-demo .starting")).to_contain_text("does not answer")
    expect(page.locator(".rostra-player .side.is-standard")).to_be_visible()
    assert not [fault for fault in visitor.faults if fault.startswith("script")]
    visitor.faults.clear()


def test_without_a_clipboard_it_is_copied_from_the_selection(live: str, visit: Callable) -> None:
    visitor = visit(live)
    visitor.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = (what) => { window.taken = [what, String(getSelection())];"
        " return true; }"
    )
    frame = demo(visitor.go(f"{GALLERY}?steps=3"))
    attack(frame)
    frame.get_by_role("button", name="Repeat in Python").click()
    button = frame.locator(".panel:not([hidden]) .copy")
    button.click()
    expect(button).to_have_text("Copied")
    code = frame.locator(".panel code")
    what, text = code.evaluate("() => window.taken")
    assert what == "copy"
    assert text.strip() == code.inner_text().strip()
