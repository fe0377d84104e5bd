"""The phone app as a mid-range phone opens it: `python3 dev.py bench field --address URL [--user U] [--password P]`.

URL is a served product with demo data (`dev.py demo`). Chromium is slowed to 3G (1.6 Mbit/s, 150 ms) and a quarter of
the processor. Prints one JSON line: kB gzipped of the first screen, milliseconds until the first opening can be used,
until the second without any network, and from the PIN to today's work. Limits: 150 kB, 2000 ms, and at once.
"""

import argparse
import gzip
import json
import os
import re
import sys
import time
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

from tools.browser import PHONE, WORDS, executable
from wangge.faces.web import build

SLOW = {"offline": False, "downloadThroughput": 200_000, "uploadThroughput": 95_000, "latency": 150}
PIN = "280417"


def main(words: list[str]) -> int:
    """0 when the limits are kept."""
    parser = argparse.ArgumentParser(prog="dev.py bench field", description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="grid")
    parser.add_argument("--password", required=True)
    args = parser.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    figures = {"first_screen_kb": round(bundle_bytes() / 1000, 1), **opened(args)}
    print(json.dumps(figures))
    return int(figures["first_screen_kb"] > 150 or figures["first_ms"] > 2000)


def bundle_bytes() -> int:
    """Scripts, styles and icons of the first screen, gzipped; the map is not among them."""
    files = build.files_of("field")
    names = [files.script, *files.styles, *files.preload, build.icons().file]
    return sum(len(gzip.compress((build.BUILD / name).read_bytes())) for name in names)


def opened(args: argparse.Namespace) -> dict[str, int]:
    """Milliseconds of each opening."""
    with TemporaryDirectory() as disk, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            disk, executable_path=executable(), args=list(WORDS), viewport=PHONE, locale="zh-CN"
        )
        page = slowed(context)
        door = page.get_by_role("link", name="登录")
        first = took(page, f"{args.address}/field/", door)
        door.click()
        page.get_by_label("账号").first.fill(args.user)
        page.get_by_label("密码").first.fill(args.password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_label(re.compile("设一个")).fill(PIN)
        page.get_by_label("再输一次").fill(PIN)
        page.get_by_role("button", name="开始使用").click()
        page.get_by_role("heading", name="等我办").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        context.set_offline(True)
        page = slowed(context, network=False)
        lock = page.get_by_label("数字密码")
        again = took(page, f"{args.address}/field/", lock)
        today = page.get_by_role("heading", name="等我办")
        began = time.perf_counter()
        lock.fill(PIN)
        today.wait_for()
        unlocked = since(began)
        context.close()
    return {"first_ms": first, "again_offline_ms": again, "pin_to_today_ms": unlocked}


def slowed(context: BrowserContext, *, network: bool = True) -> Page:
    """A page on a phone of the middle range."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if network:
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
    return page


def took(page: Page, address: str, there: Locator) -> int:
    """Milliseconds until something of a page is there."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    there.wait_for()
    return since(began)


def since(began: float) -> int:
    """Milliseconds."""
    return round((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
