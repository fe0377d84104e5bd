"""A person at a browser: opens pages, reads, clicks and types what they see. Texts are the interface's own."""

import io
import re
from collections.abc import Callable
from itertools import cycle

from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.e2e.serving import PASSWORD

# The browser and htmx report each 4xx answer as an error of their own; our pages answer so on purpose.
_REFUSED = re.compile(r"status of 4\d\d|Status Error Code 4\d\d")


def picture(colour: str = "steelblue") -> dict:
    """A photo file as a person chooses it."""
    held = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(held, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


class Person:
    """One browser context with one page; `problems` collects what a page must never do."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.context = context
        self.problems: list[str] = []
        # No two photos alike: a photo that was there before proves nothing.
        self._colours = cycle(("steelblue", "seagreen", "indianred", "goldenrod"))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _REFUSED.search(message.text):
            self.problems.append(f"console: {message.text} at {self.page.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} at {response.url}")

    # ---- anywhere

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_no(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0)

    def press(self, name: str) -> None:
        """A link or a button of that very name."""
        either = self.page.get_by_role("link", name=name, exact=True)
        either.or_(self.page.get_by_role("button", name=name, exact=True)).first.click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_label(label).first.fill(text)

    def choose(self, question: str, answer: str, within: Locator | None = None) -> None:
        """One answer of a list of choices."""
        group = (within or self.page).get_by_role("group", name=question)
        group.get_by_role("radio", name=answer, exact=True).check()

    def add_photo(self, label: str, photo: dict, within: Locator | None = None) -> None:
        box = (within or self.page).locator("[data-photos]").filter(has_text=label)
        held = box.locator(".photo-edit li")
        before = held.count()
        box.locator("input[type=file]").first.set_input_files([photo])
        expect(held).to_have_count(before + 1)

    # ---- residents

    def tap_map(self, right: float = 0.45, down: float = 0.45) -> None:
        """A tap at a part of the map's width and height; the answer names the grid."""
        canvas = self.page.locator(".map canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        canvas.tap(position={"x": box["width"] * right, "y": box["height"] * down})
        expect(self.page.locator("[data-map-answer]")).to_contain_text("已选")

    def receipt(self) -> str:
        return self.page.locator(".code-big").inner_text().strip()

    def number(self) -> str:
        """The case's number as the status page shows it."""
        return self.page.locator("dt:text-is('案件编号') + dd").first.inner_text().strip()

    def finds(self, stands: str, responsible: str = "") -> None:
        """On a fresh look at the status page: where it stands and who has it."""
        where = self.page.locator("#stands")
        # A page that is still on its way cannot be asked for anew.
        expect(where).to_be_visible()
        self.page.reload()
        expect(where).to_contain_text(stands)
        if responsible:
            expect(self.page.locator("dt:text-is('现在谁负责') + dd")).to_contain_text(responsible)

    # ---- staff

    def sign_in(self, username: str) -> "Person":
        self.go("/desk/")
        self.fill("账号", username)
        self.fill("密码", PASSWORD)
        self.press("登录")
        expect(self.page.get_by_role("heading", name="工作人员登录")).to_have_count(0)
        return self

    def open_work(self, words: str) -> None:
        """From the list "我的工作", the case whose line shows the words."""
        self.go("/desk/")
        row = self.page.locator("tr").filter(has_text=words)
        row.locator("a.row-link").first.click()
        expect(self.page.get_by_role("heading", name="办理过程")).to_be_visible()

    def begin(self, move: str) -> Locator:
        """Opens the dialog of a move on the case's page."""
        self.page.locator("#actions").get_by_role("link", name=move, exact=True).click()
        dialog = self.page.locator("dialog#move-dialog")
        expect(dialog).to_be_visible()
        return dialog

    def send(self, dialog: Locator, move: str) -> None:
        dialog.get_by_role("button", name=move, exact=True).click()
        self.sees(f"已办：{move}")

    def move(
        self,
        move: str,
        *,
        note: tuple[str, str] | None = None,
        choices: dict[str, str] | None = None,
        photo: str = "",
        unit: tuple[str, str] | None = None,
        fields: dict[str, str] | None = None,
    ) -> None:
        """A whole move: open, fill in, send. `note` and `unit` are (label, value)."""
        dialog = self.begin(move)
        for question, answer in (choices or {}).items():
            self.choose(question, answer, dialog)
        for label, text in (*(fields or {}).items(), *([note] if note else [])):
            self.fill(label, text, dialog)
        if unit:
            dialog.get_by_label(unit[0]).select_option(label=unit[1])
        if photo:
            self.add_photo(photo, picture(next(self._colours)), dialog)
        self.send(dialog, move)

    def classify(self, dialog: Locator, code: str, condition: str) -> None:
        """Finds a matter by its code and chooses the condition."""
        dialog.get_by_role("searchbox", name="搜索事项").press_sequentially(code, delay=15)
        dialog.locator(".picker-row").filter(has_text=code).locator("[name=matter]").check()
        dialog.locator(".picker-row").filter(has_text=condition).locator("[name=condition]").check()

    def is_responsible(self, unit: str, state: str) -> None:
        """On the case's page: who has it, and the state."""
        expect(self.page.locator(".owner strong")).to_have_text(unit)
        expect(self.page.locator(".case-marks .state")).to_contain_text(state)


Enter = Callable[..., Person]
