"""The playground: an attack that wins on the standard model and loses on the robust one."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from rostra.live import pictures as held
from rostra.live import pixels
from rostra.live.settings import Source
from tests.browser._playground import GALLERY, PREFIX, attack, demo, finished


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("zh", "dark", 1280), ("zh", "light", 390), ("en", "dark", 390)],
)
def test_the_standard_model_falls_and_the_robust_one_holds(
    live: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(live, width=width, scheme=scheme)
    page = visitor.go(PREFIX[language] + GALLERY)
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
    caption = frame.locator("figcaption.is-adversarial")
    expect(caption).to_have_text({"en": "adversarial", "zh": "对抗样本"}[language])
    frame.locator(".choice input").last.check()  # what fooled nobody is not called so
    expect(caption).to_have_text({"en": "perturbed", "zh": "加扰后"}[language])


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


def test_a_door_that_leads_nowhere_closes_what_it_had_opened(live: str, visit: Callable) -> None:
    frame = demo(visit(live).go(f"{GALLERY}?steps=5"))
    attack(frame)
    door = frame.get_by_role("button", name="Repeat in Python")
    door.click()
    expect(frame.locator(".panel pre")).to_be_visible()
    frame.get_by_role("radio", name="yield", exact=True).check()
    expect(door).to_be_hidden()
    expect(frame.locator(".panel pre")).to_be_hidden()
    attack(frame)
    expect(door).to_have_attribute("aria-expanded", "false")
    expect(frame.locator(".panel pre")).to_be_hidden()


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


def test_the_link_is_of_what_the_controls_hold_now(live: str, visit: Callable) -> None:
    page = visit(live).go(f"{GALLERY}?steps=7")
    frame = demo(page)
    frame.get_by_role("button", name="Link").click()
    link = frame.get_by_role("textbox", name="Link to these settings")
    eps = frame.get_by_role("spinbutton", name=re.compile("^eps"))
    eps.fill("23")
    eps.press("Tab")
    frame.get_by_role("radio", name="yield", exact=True).check()
    expect(frame.locator(".pictures canvas").first).to_have_attribute(
        "aria-label", "original, yield"
    )
    expect(link).to_have_value(re.compile("picture=1&victim=each&attack=pgd&threat=linf&eps=23&"))
    expect(link).to_have_value(re.compile("steps=7"))
    assert page.url == link.input_value()
    page.get_by_role("link", name="中文").click()
    translated = demo(page)
    expect(translated.get_by_role("spinbutton", name=re.compile("^eps"))).to_have_value("23")


def test_a_run_that_is_out_of_sight_is_brought_into_view(live: str, visit: Callable) -> None:
    frame = demo(visit(live, width=390).go(f"{GALLERY}?steps=3"))
    go = frame.get_by_role("button", name="Attack", exact=True)
    go.scroll_into_view_if_needed()
    expect(frame.locator(".pictures")).not_to_be_in_viewport()
    go.click()
    expect(frame.locator(".pictures")).to_be_in_viewport()
    finished(frame)


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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_model_is_attacked_and_the_other_reads_its_picture(
    live: str, visit: Callable, language: str
) -> None:
    victim = {"en": ("Model under attack", "Standard"), "zh": ("攻击哪个模型", "标准")}[language]
    resists = {"en": "not misled by the other's picture", "zh": "没有被对方的图误导"}[language]
    first = visit(live).go(f"{PREFIX[language]}{GALLERY}?eps=8&steps=10")
    frame = demo(first)
    victims = frame.locator("fieldset").filter(has_text=victim[0])
    chosen = victims.get_by_label(victim[1])
    expect(chosen).not_to_be_checked()
    chosen.check()
    attack(frame, language)
    standard, robust = (frame.locator(f".side.is-{name}") for name in ("standard", "robust"))
    expect(standard).to_have_attribute("data-phase", "fooled")
    expect(robust.locator(".verdict")).to_contain_text(resists)
    expect(frame.locator(".rostra-curves polyline")).to_have_count(1)
    pictures = frame.locator(".choice")
    expect(pictures.get_by_role("radio").first).to_be_checked()
    victims.get_by_label({"en": "Robust", "zh": "鲁棒"}[language]).check()
    attack(frame, language)
    expect(pictures.get_by_role("radio").last).to_be_checked()  # what is shown follows
    expect(robust).to_have_attribute("data-phase", "holds")
    chosen.check()
    attack(frame, language)
    expect(pictures.get_by_role("radio").first).to_be_checked()
    expect(standard).to_have_attribute("data-phase", "fooled")
    frame.get_by_role("button", name={"en": "Link", "zh": "链接"}[language]).click()
    assert "victim=standard" in first.url
    again = demo(visit(live).go(first.url.removeprefix(live)))
    expect(
        again.locator("fieldset").filter(has_text=victim[0]).get_by_label(victim[1])
    ).to_be_checked()
    attack(again, language)
    verdicts = [one.locator(".verdict").all_inner_texts() for one in (frame, again)]
    assert verdicts[0] == verdicts[1]
