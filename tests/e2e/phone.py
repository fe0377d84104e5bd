"""A grid worker's phone: a browser with a disk of its own that survives being closed."""

import io
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.e2e.serving import PASSWORD
from tools.browser import PHONE, WORDS, executable

PIN = "280417"
# A tone instead of a voice, and the person allows the page to hear it.
_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def shot(number: int) -> dict[str, Any]:
    """A photo by which a record is known again: its red is the number."""
    held = io.BytesIO()
    Image.new("RGB", (900, 700), (number * 10, 90, 160)).save(held, "JPEG", quality=92)
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


class Phone:
    """One phone in front of `site`; `problems` collects script errors, which no screen may have."""

    def __init__(self, playwright: Playwright, disk: Path, site: str) -> None:
        self.playwright, self.disk, self.site = playwright, disk, site
        self.problems: list[str] = []
        self.context: BrowserContext
        self.page: Page
        self.switch_on()

    def switch_on(self, *, offline: bool = False) -> None:
        """Opens the browser on the same disk as before."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.disk,
            executable_path=executable(),
            args=[*WORDS, *_MICROPHONE],
            viewport=PHONE,
            has_touch=True,
            locale="zh-CN",
            # Not the server's: days and hours are the district's, whatever the phone is set to.
            timezone_id="America/Los_Angeles",
        )
        self.context.set_offline(offline)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(f"{self.site}/field/")

    def switch_off(self) -> None:
        self.context.close()

    def sign_in(self, username: str) -> None:
        """From the first opening to today's work, with a PIN."""
        self.page.get_by_role("link", name="登录").click()
        self.page.get_by_label("账号").first.fill(username)
        self.page.get_by_label("密码").first.fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.choose_pin()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def choose_pin(self, *, screen: str = "等我办") -> None:
        """Opens on the screen of the address, by default today's work."""
        self.page.get_by_label("设一个 6 位数字密码").fill(PIN)
        self.page.get_by_label("再输一次").fill(PIN)
        self.press("开始使用")
        # Deriving the key takes long by intent, longer on a busy machine.
        expect(self.heading(screen)).to_be_visible(timeout=20_000)

    def unlock(self) -> None:
        self.page.get_by_label("数字密码").fill(PIN)
        expect(self.page.get_by_role("heading", name="今天", exact=True)).to_be_visible(timeout=20_000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name)

    def go(self, screen: str) -> None:
        self.page.evaluate("screen => { location.hash = screen }", f"#/{screen}")

    def report(self, words: str, photo: dict[str, Any]) -> None:
        """Photo, matter, place; the words make it findable."""
        self.go("report")
        self.page.get_by_label("现场照片", exact=True).set_input_files([photo])
        expect(self.page.locator(".f-photos img")).to_have_count(1)
        self.page.locator(".f-matter .f-tile").first.click()
        self.page.locator(".f-place .f-tile").first.click()
        self.page.get_by_label("说几句（选填）").fill(words)
        self.press("提交")
        expect(self.page.get_by_role("heading", name="今天", exact=True)).to_be_visible()

    def sync_until_empty(self, left: int = 0) -> None:
        """The person presses until nothing is on its way; the app would do so by itself, only later."""
        self.go("unsent")
        on_their_way = self.page.locator("main .f-card").filter(has_text=re.compile("等待发送|服务器已收到"))
        for _press in range(80):
            if on_their_way.count() == 0:
                break
            self.press("现在同步")
            self.page.wait_for_timeout(500)
        cards = self.page.locator("main .f-card")
        expect(cards, "; ".join(cards.all_inner_texts())).to_have_count(left)

    def unsent(self) -> Locator:
        """The number that stands at the top of every screen."""
        return self.page.locator(".f-status .tag").last
