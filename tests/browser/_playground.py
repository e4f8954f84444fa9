"""What a visitor does at the playground: wait for it, attack, see the end."""

from playwright.sync_api import FrameLocator, Page, expect

PREFIX = {"en": "", "zh": "/zh"}
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
