"""Debian's Chromium through Playwright: pages that are watched, and axe to read them."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, sync_playwright

from tests.rig.guard import is_loopback

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "build" / "npm" / "tests" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium-headless-shell", "chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but this machine's own leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def chromium() -> str:
    """The path of Chromium: `YIBIAO_CHROMIUM`, or the one on this machine, rather without a window."""
    found = os.environ.get("YIBIAO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise FileNotFoundError("Chromium is not installed: run `.ci/setup test`.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium per worker, with a fresh profile; each test has contexts of its own."""
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), headless=True, args=OPTIONS)
        yield chrome
        chrome.close()


class PageWatch:
    """What went wrong in a test's pages without a test asking: policy, scripts, other machines."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """A problem that matches is what this test wants to see."""
        self._allowed.append(re.compile(pattern))

    def follow(self, page: Page) -> None:
        """Watch a page from its first request on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(f"content security policy: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and not is_loopback(address.hostname):
            self.problems.append(f"request to another machine: {request.url}")

    def unexpected(self) -> list[str]:
        """The problems that the test did not allow."""
        return [p for p in self.problems if not any(a.search(p) for a in self._allowed)]


@pytest.fixture
def page_watch() -> Iterator[PageWatch]:
    """The watch over this test's pages: it fails the test for what it did not `allow(pattern)`."""
    watch = PageWatch()
    yield watch
    unexpected = watch.unexpected()
    assert not unexpected, "in the browser:\n" + "\n".join(unexpected)


@pytest.fixture
def new_page(browser: Browser, page_watch: PageWatch) -> Iterator[Callable[..., Page]]:
    """`new_page(width=, height=, language=, theme=, javascript=, **options)`: a page, signed in nowhere.

    `options` go to Playwright's `new_context` (`base_url`, `accept_downloads` …).
    """
    contexts = []

    def make(
        *,
        width: int = 1280,
        height: int = 900,
        language: str = "en",
        theme: str = "light",
        javascript: bool = True,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme=theme,
            java_script_enabled=javascript,
            timezone_id="Asia/Shanghai",
            # A page that still scrolls is tapped beside what is meant.
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        context.on("page", page_watch.follow)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, 1280 wide, English, light."""
    return new_page()


def turn(target: Locator) -> None:
    """Press what leads to another page (each button does, where no script runs), and wait for it."""
    with target.page.expect_navigation():
        target.click()


def settled(page: Page) -> None:
    """Wait until htmx has put all its answers in and listens to what came with them."""
    busy = ".htmx-request, .htmx-swapping, .htmx-settling"
    page.wait_for_selector(busy, state="detached")


@cache
def _axe_source() -> str:
    if not AXE.exists():
        raise FileNotFoundError("axe is not installed: run `.ci/setup test`.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`axe(page, context=None, **options)`: what axe finds, one line for each element concerned.

    `context` is a selector, or what axe.run takes; `options` go to axe.run. The page's own content
    security policy stays in force.
    """

    def run(page: Page, context: Any = None, **options: Any) -> list[str]:
        page.evaluate(_axe_source())
        found = page.evaluate(
            "([context, options]) => axe.run(context ?? document, options)",
            [context, {"resultTypes": ["violations"], **options}],
        )
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: "
            f"{' '.join(map(str, node['target']))}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
