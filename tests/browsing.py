"""One headless Chromium for all tests that need a browser: Debian's, found by name, never downloaded."""

from __future__ import annotations

import base64
import io
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BLINK_SECONDS = 0.06
MISSING = "The browser stories need Chromium: apt-get install chromium-headless-shell"


@pytest.fixture(scope="session")
def chromium():
    """The browser. Without one the stories are skipped with the reason; in CI they fail."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail(MISSING) if os.environ.get("CI") == "true" else pytest.skip(MISSING)
    patch = pytest.MonkeyPatch()
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would take every query for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Nothing is shown, so it is drawn without a graphics card and without a process that would stand for one.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--in-process-gpu"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()
    patch.undo()


def pytest_addoption(parser):
    parser.addoption("--film", metavar="FOLDER", help="keep each filmed browser story there as an animated picture")


@pytest.fixture
def film(request):
    """`film(window)` from its first page on, if `--film` names a folder: each change of the screen is a frame, shown
    as long as it stood. The browser's own screencast needs no program beside it."""
    folder, frames = request.config.getoption("--film"), []

    def start(window):
        if not folder:
            return
        session = window.context.new_cdp_session(window)

        def keep(frame):
            frames.append((frame["metadata"]["timestamp"], frame["data"]))
            session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

        session.on("Page.screencastFrame", keep)
        session.send("Page.startScreencast", {"format": "jpeg", "quality": 80, "maxWidth": 492, "maxHeight": 708})

    yield start
    if frames:
        shown = [(at, Image.open(io.BytesIO(base64.b64decode(data)))) for at, data in frames]
        # A picture taken of the whole page makes the window as long as the page for a moment; nobody sees that.
        shown = [(at, picture) for at, picture in shown if picture.size == shown[0][1].size]
        seen = [first for first, after in pairwise(shown) if after[0] - first[0] >= BLINK_SECONDS] + shown[-1:]
        lasts = [round((after - before) * 1000) for (before, _), (after, _) in pairwise(seen)]
        path = Path(folder) / f"{request.node.name}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        first, *others = (picture for _, picture in seen)
        first.save(path, save_all=True, append_images=others, duration=[*lasts, 3000], quality=30, method=4)
