"""
./bank bench web [--json]: what customer pages weigh, and how soon they are there on a cheap phone.

Chromium at 360 px, 400 kbit/s, 400 ms to and fro, a processor four times slower, nothing cached:
at most 60 KB and 8 requests at the first load, 20 KB at the second, the largest text after 2.5 s,
and a shift of the layout of at most 0.02 (ux.md, "Speed and weight"). The pages are those that a
demo customer comes to from home, one of each kind; the bank is that of the data folder.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from wekeza.bench import visits
from wekeza.runtime import servers

PHONE = {"width": 360, "height": 740}
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER = 4
MOST = {"kb": 60, "requests": 8, "again_kb": 20, "lcp_ms": 2500, "cls": 0.02}
BEGIN = [
    "/",
    "/borrow/",
    "/borrow/calculator/",
    "/insure/",
    "/move/",
    "/save/",
    "/view/",
    "/settings/",
]
SETTLED_MS = 1500  # After the load: late pieces and shifts still count.
WATCH = """
window.__seen = {lcp: 0, what: '', cls: 0};
new PerformanceObserver((list) => { for (const one of list.getEntries()) {
    window.__seen.lcp = one.startTime;
    window.__seen.what = one.url ? 'image' : (one.element ? one.element.tagName : ''); }
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) {
    if (!one.hadRecentInput) { window.__seen.cls += one.value; } }
}).observe({type: 'layout-shift', buffered: true});
"""


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank bench web", description=__doc__)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--who", default="juma", help="the first part of a customer's address")
    asked.add_argument("--only", help="pages whose address has this in it")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    with servers.running():
        import django

        django.setup()
        try:
            addresses, session = pages_of(options.who)
        finally:
            from django.db import connections

            connections.close_all()
        found = measure([one for one in addresses if (options.only or "") in one], session)
    over = {path: too for path, page in found.items() if (too := over_budget(page))}
    if options.json:
        print(json.dumps({"pages": found, "over_budget": over}, indent=1))
    else:
        tell(found, over)
    return 1 if over else 0


def tell(found: dict[str, dict], over: dict[str, list[str]]) -> None:
    """This will print a row for each page, what is over its budget marked."""
    print(f"{'page':52}{'KB':>6}{'asks':>6}{'again':>7}{'LCP ms':>8}{'CLS':>7}  largest")
    for path, page in found.items():
        marks = " ".join(over.get(path, []))
        print(
            f"{path[:51]:52}{page['kb']:6.1f}{page['requests']:6}{page['again_kb']:7.1f}"
            f"{page['lcp_ms']:8.0f}{page['cls']:7.3f}  {page['largest']} {marks}"
        )
    print(f"{len(found)} pages, {len(over)} over their budget")


def over_budget(page: dict) -> list[str]:
    """This will name what of a page is more than it may be."""
    return [f"{name}>{most}" for name, most in MOST.items() if page[name] > most]


def pages_of(who: str) -> tuple[list[str], str]:
    """This will walk from the tabs and give one page of each kind, and the walker's session."""
    from django.conf import settings
    from django.test import Client
    from django.urls import Resolver404, resolve

    from accounts.customers.models import Customer

    customer = Customer.objects.select_related("user").get(user__email__startswith=f"{who}@")
    client = Client(headers={"host": "localhost"})
    client.force_login(customer.user)
    waiting, found, seen = list(BEGIN), [], set()
    while waiting:
        path = waiting.pop(0)
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if name in seen or "logout" in name or path.startswith("/static/"):
            continue
        seen.add(name)
        answer = client.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found.append(path)
            page = answer.content.decode()
            waiting += [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', page)]
    client.get("/")
    return found, client.cookies[settings.SESSION_COOKIE_NAME].value


def measure(addresses: list[str], session: str) -> dict[str, dict]:
    """This will open each page twice in a browser of its own, slowly, and give what it took."""
    with visits.web_server(keeps_pieces=True) as port, _chromium() as browser:
        return {
            path: _look(browser, f"http://localhost:{port}", path, session) for path in addresses
        }


def _look(browser, bank: str, path: str, session: str) -> dict:
    from django.conf import settings

    context = browser.new_context(viewport=PHONE, locale="en-KE", service_workers="block")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": bank}])
    context.add_init_script(WATCH)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    weights: list[float] = []
    line.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    try:
        page.goto(bank + path, wait_until="load", timeout=60_000)
        page.wait_for_timeout(SETTLED_MS)
        seen, first = page.evaluate("window.__seen"), list(weights)
        weights.clear()
        page.goto(bank + path, wait_until="load", timeout=60_000)
        page.wait_for_timeout(SETTLED_MS)
        again = list(weights)
    finally:
        context.close()
    return {
        "kb": sum(first) / 1024,
        "requests": len([one for one in first if one]),
        "again_kb": sum(again) / 1024,
        "lcp_ms": seen["lcp"],
        "cls": round(seen["cls"], 4),
        "largest": seen["what"],
    }


@contextmanager
def _chromium() -> Iterator:
    from playwright.sync_api import sync_playwright

    from wekeza.tests.browser import QUIET, chromium

    path = chromium()
    if path is None:
        sys.exit("No Chromium: install chromium, or set CHROMIUM=/its/path.")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=QUIET + sandbox)
        yield browser
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
