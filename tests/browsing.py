"""One headless Chromium for all tests that need a browser: Debian's, found by name, never downloaded."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "The browser stories need Chromium: apt-get install chromium"


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
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()
    patch.undo()
