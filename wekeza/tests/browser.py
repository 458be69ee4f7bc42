"""
A real browser. A test fails on any console error, page error, breach of the content policy or
request that leaves this machine; without Chromium browser tests are skipped.
"""

import os
import shutil
from collections.abc import Callable

import pytest

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# How the pages of a desk are looked at: both sizes and both schemes, in two pairs; all four where
# pictures are kept (SHOTS or PICTURES=folder).
LOOKS = [(PHONE, "light"), (DESK, "dark")]
if os.environ.get("SHOTS") or os.environ.get("PICTURES"):
    LOOKS += [(PHONE, "dark"), (DESK, "light")]
TABLET = {"width": 820, "height": 1180}
HOME = ("http://localhost:", "http://127.0.0.1:", "blob:")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
]
# The console names a failed load of a page we asked for on purpose; the page itself is the test.
EXPECTED = "Failed to load resource: the server responded with a status of"


def chromium() -> str | None:
    """This will find the browser: CHROMIUM, or one on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for each test process."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install chromium, or set CHROMIUM=/its/path")
    playwright = pytest.importorskip("playwright.sync_api", reason="requirements-dev.txt")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=QUIET + sandbox)
        yield started
        started.close()


@pytest.fixture
def new_page(browser) -> Callable:
    """
    Makes pages: new_page(size=PHONE, javascript=True, scheme="light", locale="en-KE", **context).

    Each has its own cookies. Requests that leave the machine are refused, and fail the test.
    """
    made = []

    def make(**wishes):
        made.append(guarded(browser, **wishes))
        return made[-1][0].new_page()

    yield make
    for context, _ in made:
        context.close()
    found = [problem for _, problems in made for problem in problems]
    assert not found, "\n".join(found)


@pytest.fixture
def page(new_page):
    """One page of a phone, 360 px wide."""
    return new_page()


def guarded(browser, *, size=PHONE, javascript=True, scheme="light", locale="en-KE", **more):
    """This will make a browser context and the list in which its problems are noted."""
    problems = []
    context = browser.new_context(
        viewport=size,
        java_script_enabled=javascript,
        color_scheme=scheme,
        locale=locale,
        timezone_id="Africa/Nairobi",
        **more,
    )
    context.set_default_timeout(10_000)
    context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
    context.on("console", lambda message: _note(message, problems))
    context.route("**/*", lambda route: _stay_home(route, problems))
    return context, problems


def _note(message, problems: list[str]) -> None:
    if message.type == "error" and EXPECTED not in message.text:
        problems.append(f"console: {message.text}")


def _stay_home(route, problems: list[str]) -> None:
    if route.request.url.startswith(HOME):
        route.continue_()
    else:
        problems.append(f"left the machine: {route.request.url}")
        route.abort()
