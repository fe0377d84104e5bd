"""The machine's Chromium, for the browser tests and the pictures of the docs."""

import os
import shutil

from playwright.sync_api import ViewportSize

# No GPU, no sandbox (root in a container), and nothing that calls home.
WORDS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "No Chromium found: apt-get install chromium fonts-noto-cjk (or your system's package), "
    "or name it in WANGGE_CHROMIUM."
)
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def executable() -> str | None:
    """WANGGE_CHROMIUM, or the first of the usual names that is installed."""
    named = os.environ.get("WANGGE_CHROMIUM")
    usual = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return named or next(filter(None, usual), None)
